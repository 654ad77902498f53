"""Builds the documentation site with nothing but pip: notebooks -> nbdev -> MyST -> Sphinx -> `_site/`."""
import argparse
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "build" / "docs"
NEEDED = ("nbdev", "sphinx", "myst_nb", "furo", "sphinx_copybutton", "mathjax")


def check_requirements():
    "Stop with what to do if a package is missing."
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing: sys.exit(f'docs/build.py needs {", ".join(missing)}. In {ROOT}, run: pip install -e ".[docs]"')


def process_notebooks():
    "Let nbdev process `nbs/` into `_proc/`, and return that folder."
    from nbdev.serve import proc_nbs
    return Path(proc_nbs(force=True))


def copy_mathjax(target):
    "MathJax and its fonts, so that formulas need no network."
    source = Path(importlib.util.find_spec("mathjax").origin).parent / "static" / "mathjax" / "es5"
    for part in ("output/chtml/fonts/woff-v2", "input/tex/extensions"): shutil.copytree(source / part, target / part)
    shutil.copy(source / "tex-chtml.js", target)


def run_sphinx(output, jobs):
    "Build the pages; every warning counts as an error."
    from sphinx.cmd.build import main as sphinx_build
    return sphinx_build(["-b", "html", "-W", "--keep-going", "-q", "-j", jobs, "-c", str(ROOT / "docs"), "-d", str(ROOT / "build" / "doctrees"),
                         str(SOURCES), str(output)])


def build(output, jobs="auto"):
    "Build the site into the folder `output`, and return Sphinx's exit code."
    from adapter import write_pages
    for folder in (SOURCES, ROOT / "build" / "doctrees", output): shutil.rmtree(folder, ignore_errors=True)
    write_pages(ROOT, process_notebooks(), SOURCES)
    copy_mathjax(SOURCES / "_mathjax" / "mathjax")
    return run_sphinx(output, jobs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, epilog="Outputs in the pages are those stored in the notebooks; nothing is executed.")
    parser.add_argument("--output", type=Path, default=ROOT / "_site", help="folder of the site; it is emptied first (default: _site)")
    parser.add_argument("--jobs", default="auto", help="processes that Sphinx may use (default: one per core)")
    options = parser.parse_args()

    check_requirements()
    os.chdir(ROOT)                                                          # nbdev looks for settings.ini from here
    start, output = time.perf_counter(), options.output.resolve()
    if output.exists() and any(output.iterdir()) and not (output / ".buildinfo").exists():
        sys.exit(f"{output} holds files that are no site. Choose another folder for --output, or empty it.")
    if code := build(output, options.jobs):
        sys.exit(f"The site has faults: see the warnings above. Each names a page; its source is the notebook of that name in {ROOT / 'nbs'}.")
    print(f"Built in {time.perf_counter() - start:.0f} s. Open {output / 'index.html'}")


if __name__ == "__main__":
    main()
