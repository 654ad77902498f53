"""The built documentation site and a browser, for the tests that need them."""
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from web import BROWSER, FLAGS, serve

ROOT = Path(__file__).parent.parent
BUILD_NEEDS = ("myst_nb", "furo", "sphinx_copybutton", "mathjax", "jupyterlite_core", "jupyterlite_pyodide_kernel")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    "The folder of the built site: the one that MLP_FROM_SCRATCH_SITE names, or one that is built now."
    if folder := os.environ.get("MLP_FROM_SCRATCH_SITE"): return Path(folder).resolve()
    if not all(map(find_spec, BUILD_NEEDS)): pytest.skip('needs pip install -e ".[docs]"')
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run([sys.executable, "docs/build.py", "--output", folder], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def served(site):
    "The address of the site on this machine."
    with serve(site) as address: yield address


@pytest.fixture(scope="session")
def browser():
    "A headless Chromium."
    if find_spec("playwright") is None: pytest.skip('needs pip install -e ".[dev]"')
    if BROWSER is None: pytest.skip("needs Chromium, as in `apt install chromium`")
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield running
        running.close()
