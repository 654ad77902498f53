"""The built documentation site and a browser, for the tests that need them."""
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILD_NEEDS = ("myst_nb", "furo", "sphinx_copybutton", "mathjax", "jupyterlite_core", "jupyterlite_pyodide_kernel")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    "The folder of the built site: the one that MLP_FROM_SCRATCH_SITE names, or one that is built now."
    if folder := os.environ.get("MLP_FROM_SCRATCH_SITE"): return Path(folder).resolve()
    if not all(map(find_spec, BUILD_NEEDS)): pytest.skip('needs pip install -e ".[docs]"')
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run([sys.executable, "docs/build.py", "--output", folder], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args): pass


@pytest.fixture(scope="session")
def served(site):
    "The address of the site on this machine."
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    "A headless Chromium."
    if find_spec("playwright") is None: pytest.skip('needs pip install -e ".[dev]"')
    if BROWSER is None: pytest.skip("needs Chromium, as in `apt install chromium`")
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS.split())
        yield running
        running.close()
