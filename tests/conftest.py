"""The built documentation site and a browser, for the tests that need them."""
from importlib.util import find_spec

import pytest
from web import BROWSER, FLAGS, ROOT, SITE, serve


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    "What uses the site or the browser is marked `site`."
    for item in items:
        if {"site", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("site")


@pytest.fixture(scope="session")
def site():
    "The folder of the built site."
    home = SITE / "index.html"
    if not home.exists(): pytest.fail(f"no site in {SITE}: run python docs/build.py")
    built = home.stat().st_mtime
    newer = [path.name for path in (ROOT / "nbs").glob("*.ipynb")
             if path.stat().st_mtime > built]
    if newer: pytest.fail(f"{', '.join(newer)} changed since: run python docs/build.py")
    return SITE


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
