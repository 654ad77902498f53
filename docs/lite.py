"""The notebooks as they run in a reader's browser, with JupyterLite. `docs/build.py`
calls `build_lite`.

The copies leave out the cells that only serve nbdev, and what `lite.yaml` names is
changed in them, because one core of a browser is slow. The site serves them, the
package and all it needs; Pyodide itself, Python for browsers, comes from its CDN."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml

from adapter import NOT_LIVE
from copies import clean_cells

PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/pyodide.js"
EXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
KERNEL = EXTENSIONS / "@jupyterlite" / "pyodide-kernel-extension"
# What the package and its checks need and Pyodide's own files don't bring, and comm,
# without which the kernel doesn't answer.
WHEELS = ("shtab", "tqdm", "pyyaml", "tabulate", "joblib", "cloudpickle",
          "threadpoolctl", "markdown-it-py", "mdit-py-plugins", "mdurl", "comm==0.2.2",
          "pytest", "pluggy", "iniconfig")
INSTALL = """import piplite

# naming an index lets this site's wheels go before Pyodide's
await piplite.install(["mlp_from_scratch", "pytest"], index_urls="pypi")"""
NOTE = """**Shift+Enter** runs a cell and goes on to the next. The first one installs \
the package: run it before the others.

*This copy of [{title}]({address}) runs in your browser, on one core and without a \
compiled matrix product. Where a cell does less than on that page, it says so. Your \
changes stay in this browser.*"""


def change(cell, changes, name):
    "Apply what `lite.yaml` says of a cell, and begin the cell with the reason."
    for old, new in changes.get("replace", {}).items():
        if old not in cell.source:
            raise ValueError(f"docs/lite.yaml: {old!r} does not stand in the cell "
                             f"{cell.id} of {name}")
        cell.source = cell.source.replace(old, new)
    if "leave_out" in changes: cell.source = ""
    reason = changes.get("leave_out") or changes["note"]
    cell.source = f"# In the browser: {reason}\n{cell.source}".strip()


def lite_notebook(notebook, name, title, address, changes):
    """The copy of a notebook for the browser: no outputs, no directives, and the
    package is installed first."""
    first, *cells = clean_cells(notebook)
    if unknown := changes.keys() - {cell.id for cell in cells}:
        unknown = ", ".join(sorted(unknown))
        raise ValueError(f"docs/lite.yaml: {name} has no cell {unknown}")
    for cell in cells:
        if cell.cell_type == "code": cell.update(outputs=[], execution_count=None)
        if cell.id in changes: change(cell, changes[cell.id], name)
    note = nbformat.v4.new_markdown_cell(NOTE.format(title=title, address=address))
    install = nbformat.v4.new_code_cell(INSTALL)
    for cell in (install, *cells): cell.metadata["trusted"] = True
    kernel = dict(name="python", display_name="Python (Pyodide)", language="python")
    return nbformat.v4.new_notebook(cells=[first, note, install, *cells],
                                    metadata={"kernelspec": kernel})


def read_changes(path, names):
    "What `lite.yaml` says: notebook -> id of a cell -> its changes."
    changes = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := changes.keys() - set(names):
        unknown = ", ".join(sorted(unknown))
        raise ValueError(f"docs/lite.yaml: there is no notebook {unknown}")
    return changes


def build_wheels(root, folder):
    "Put the wheels of the package and all it needs, in pure Python, into `folder`."
    # or the wheel would carry files of earlier builds
    shutil.rmtree(root / "build" / "lib", ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-binary", "pyyaml"]
    # PyYAML can do without its C library
    run([*pip, "--wheel-dir", str(folder), str(root), *WHEELS], root,
        PYYAML_FORCE_LIBYAML="0")
    return sorted(map(str, folder.glob("*.whl")))


def write_settings(folder, contents, wheels, output):
    "JupyterLite's two settings files: for the build, and for the site."
    build = {"contents": [str(contents)], "output_dir": str(output),
             "apps": ["notebooks"], "no_sourcemaps": True,
             "no_unused_shared_packages": True,
             "ignore_sys_prefix": ["federated_extensions"],
             "federated_extensions": [str(KERNEL)]}
    config = {"LiteBuildConfig": build, "PipliteAddon": {"piplite_urls": wheels}}
    kernel = {"pyodideUrl": PYODIDE_URL, "disablePyPIFallback": True}
    site = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
        "appName": "mlp_from_scratch",
        "exposeAppInBrowser": True,                         # for the tests
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}}
    files = {"jupyter_lite_config.json": config, "jupyter-lite.json": site}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def write_contents(root, report, folder, site):
    """The files that the reader finds: a copy of each notebook that has a page on
    `site`, and what the notebooks read, where they look for it."""
    (folder / "nbs").mkdir(parents=True)
    changes = read_changes(root / "docs" / "lite.yaml", site.pages)
    for name, page in site.pages.items():
        if name in NOT_LIVE: continue
        notebook = nbformat.read(root / "nbs" / f"{name}.ipynb", as_version=4)
        address = f"{site.settings.doc_host}{site.settings.doc_baseurl}/{page}.html"
        copy = lite_notebook(notebook, name, site.titles[page], address,
                             changes.get(name, {}))
        path = folder / "nbs" / f"{name}.ipynb"
        # nbformat would strip that a cell is trusted
        path.write_text(json.dumps(copy), encoding="utf-8")
    shutil.copytree(root / "nbs" / "images", folder / "nbs" / "images")
    shutil.copytree(root / "benchmarks" / "results", folder / "benchmarks" / "results")
    # main shows these, and would train for long without them
    shutil.copytree(report / "runs", folder / "runs" / "report" / "runs")


def build_lite(root, report, work, output, site):
    "Build JupyterLite into the folder `output`; `mlp report` wrote `report`."
    # Not by Sphinx's extension jupyterlite-sphinx: it makes every page load a font from
    # elsewhere, and builds apps that nobody needs here.
    write_contents(root, report, work / "contents", site)
    write_settings(work, work / "contents", build_wheels(root, work / "wheels"), output)
    run([sys.executable, "-m", "jupyterlite_core", "build"], work)
    # JupyterLab asks for a picture beside its own page first, then beside the notebook
    shutil.copytree(root / "nbs" / "images", output / "notebooks" / "images")
    add_script(output, root / "docs" / "static" / "lite.js")


def add_script(output, script):
    "Make the page of the notebooks read `script` before the application starts."
    shutil.copy(script, output)
    page = output / "notebooks" / "index.html"
    text, mark = page.read_text(encoding="utf-8"), "<script>\n      (async"
    if text.count(mark) != 1: raise ValueError(f"{page} has no place for {script.name}")
    added = f'<script src="../{script.name}" data-python="{PYODIDE_URL}"></script>'
    page.write_text(text.replace(mark, f"{added}\n    {mark}"), encoding="utf-8")


def run(command, folder, **environment):
    "Run a program quietly. Raises `ValueError` with all that it said if it fails."
    done = subprocess.run(command, cwd=folder, env=os.environ | environment,
                          capture_output=True, text=True)
    if done.returncode:
        raise ValueError(f"{' '.join(command[:5])} failed:\n{done.stdout}{done.stderr}")
