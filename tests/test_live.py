"""The notebooks as they run elsewhere: in the browser, in Colab, from a download."""
import json
import re

import nbformat
import pytest
from test_browser import CDN, PYODIDE, new_page
from web import ROOT

LITE = "lite/notebooks/index.html?path=nbs/21_softmax.ipynb"
OPENED = "() => window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 5"
ACTIVE = """() => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel
  .getSource()"""
IS_DARK = "() => document.body.dataset.jpThemeLight === 'false'"


def open_notebook(page, address):
    page.goto(address)
    page.wait_for_function(OPENED, timeout=60_000)


def without_python(page, served):
    "From here on, nothing but the site can be reached."
    page.context.unroute("**/*")
    page.context.route("**/*", lambda route: route.continue_() if
                       route.request.url.startswith((served, "blob:", "data:"))
                       else route.abort())


def test_each_page_opens_its_notebook_in_three_ways(browser, served, site):
    with new_page(browser, served) as page:
        page.goto(f"{served}/softmax.html")
        links = {link.inner_text(): link.get_attribute("href")
                 for link in page.locator(".facts a.button").all()}
        size = int(re.search(r"some (\d+) MB", page.text_content(".facts"))[1])
        with page.expect_download() as download:
            page.click("text=Download .ipynb")
    assert list(links) == ["Run here (50 MB)", "Open in Colab", "Download .ipynb"]
    assert (site / links["Run here (50 MB)"].partition("?")[0]).is_file()
    assert links["Open in Colab"].endswith("/blob/colab/21_softmax.ipynb")
    assert download.value.suggested_filename == "21_softmax.ipynb"
    assert 10 < size < 100


def test_the_size_of_a_first_visit_is_told(browser, served, site):
    if not PYODIDE.is_dir(): pytest.skip(f"needs the files of Pyodide in {PYODIDE}")
    sizes = {}
    with new_page(browser, served) as page:
        page.context.on("request", lambda request: sizes.setdefault(request.url, 0))
        page.goto(f"{served}/softmax.html")
        told = int(re.search(r"some (\d+) MB", page.text_content(".facts"))[1])
        open_notebook(page, f"{served}/{LITE}")
        run = "() => { jupyterapp.commands.execute('notebook:run-cell') }"
        first = """i => {
          const notebook = jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = i;
          return notebook.widgets[i].model.executionCount;
        }"""
        for _ in range(200):                                # until the install has run
            if page.evaluate(first, 2): break
            page.evaluate(run)
            page.wait_for_timeout(1000)
        else: pytest.fail("the package was not installed")
        assert page.faults == []
    for url in sizes:
        here = url.partition("?")[0]
        file = (PYODIDE / here.removeprefix(CDN) if here.startswith(CDN)
                else site / here.removeprefix(f"{served}/"))
        if file.is_file(): sizes[url] = file.stat().st_size
    assert told == pytest.approx(sum(sizes.values()) / 1e6, rel=0.25)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_notebook_is_as_dark_as_the_site_and_trusted(browser, served, scheme):
    with new_page(browser, served, color_scheme=scheme) as page:
        without_python(page, served)
        open_notebook(page, f"{served}/{LITE}")
        page.wait_for_function("() => 'jpThemeLight' in document.body.dataset")
        page.wait_for_timeout(1500)
        assert page.evaluate(IS_DARK) == (scheme == "dark")
        trust = page.locator(".jp-NotebookTrustedStatus")
        assert trust.inner_text() == "Trusted"
        # the reader's choice on the site counts more than the system's
        other = {"light": "dark", "dark": "light"}[scheme]
        page.evaluate("theme => { localStorage.theme = theme }", other)
        open_notebook(page, f"{served}/{LITE}")
        page.wait_for_function(IS_DARK if other == "dark" else f"() => !({IS_DARK})()")


def test_it_opens_at_the_section_and_where_one_left(browser, served):
    with new_page(browser, served) as page:
        without_python(page, served)
        page.goto(f"{served}/softmax.html")
        link = page.locator("a.run-section").nth(1)
        assert link.get_attribute("aria-label") == "Run here: Where it overflows"
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(OPENED, timeout=60_000)
        page.wait_for_function(f"() => ({ACTIVE})().startsWith('## Where it over')")
        assert "Run All Above" in page.inner_text('p[role="status"]')
        page.evaluate("""() => {
          jupyterapp.shell.currentWidget.content.activeCellIndex = 12; }""")
        left = page.evaluate(ACTIVE)
        open_notebook(page, f"{served}/{LITE}")
        page.wait_for_function("left => jupyterapp.shell.currentWidget.content"
                               ".activeCell.model.sharedModel.getSource() === left",
                               arg=left)


def test_every_section_is_found_in_the_notebook(browser, served):
    "The links beside the headings, and the way in which the script finds them."
    script = (ROOT / "docs" / "static" / "lite.js").read_text()
    slug = re.search(r"const slug = (text => .*?);", script, re.DOTALL)[1]
    with new_page(browser, served) as page:
        for name in "21_softmax", "33_two_layer_net", "44_training", "64_draw":
            page.goto(f"{served}/{name.partition('_')[2]}.html")
            links = page.locator("a.run-section").evaluate_all(
                "links => links.map(link => link.getAttribute('href'))")
            notebook = nbformat.read(ROOT / "nbs" / f"{name}.ipynb", as_version=4)
            headings = [line for cell in notebook.cells if cell.cell_type == "markdown"
                        for line in cell.source.split("\n") if line.startswith("#")]
            found = set(page.evaluate(f"lines => lines.map({slug})", headings))
            assert len(links) > 4 and {link.split("#")[1] for link in links} <= found


def test_without_network_a_sentence_says_so(browser, served):
    with new_page(browser, served) as page:
        without_python(page, served)
        page.goto(f"{served}/{LITE}")
        page.wait_for_selector('p[role="alert"]')
        said = page.inner_text('p[role="alert"]')
        assert "cdn.jsdelivr.net, which can't be reached" in said


def test_the_first_words_say_how_to_run_a_cell(site):
    notebook = json.loads((site / "lite/files/nbs/21_softmax.ipynb").read_text())
    assert "Shift+Enter" in "".join(notebook["cells"][1]["source"])


def test_a_downloaded_copy_installs_what_it_needs(site):
    names = sorted(path.name for path in (site / "notebooks").glob("*.ipynb"))
    for name in names:
        notebook = nbformat.read(site / "notebooks" / name, as_version=4)
        nbformat.validate(notebook)
        install = notebook.cells[1]
        assert 'find_spec("mlp_from_scratch") is None' in install.source, name
        assert "mlp_from_scratch[dev] @ git+https://github.com/" in install.source, name
        for cell in notebook.cells:                         # nothing leads nowhere
            assert not re.search(r"\]\((?!https?:|#|data:)", cell.source) or (
                cell.cell_type == "code"), (name, cell.source)
            assert not cell.source.startswith("#|"), name
