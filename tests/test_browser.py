"""The built site in a real browser.

It may reach the site and, where the files lie at hand, Pyodide; all else is refused."""
import time
from contextlib import contextmanager

import pytest
from page_speed import PHONE, measure
from web import ROOT, SITE, serve

# stands in for the CDN, which the tests can't reach
PYODIDE = ROOT.parent / "shared" / "pyodide-0.27.7"
CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript",
         ".wasm": "application/wasm", ".json": "application/json"}
# without a site, one test says so
PAGES = sorted({path.name for path in SITE.glob("*.html")}
               - {"404.html"}) or ["index.html"]
NOTEBOOKS = sorted(path.stem for path in (SITE / "lite").glob("files/nbs/[0-9]*.ipynb"))
# All take a quarter of an hour; the marker `live` has the others.
OFTEN = "21_softmax", "31_softmax_regression"


@contextmanager
def new_page(browser, served, **options):
    """A page of its own in which `faults` collects console errors, refused and failed
    requests; `size` counts the bytes that came."""
    context = browser.new_context(**options)
    page, faults, responses = context.new_page(), [], []
    context.route("**/*", lambda route: answer(route, served, faults))
    page.on("console", lambda message: message.type == "error"
            and faults.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("response", lambda response: response.status >= 400
            and faults.append(f"{response.status}: {response.url}"))
    page.on("requestfinished", lambda request: responses.append(request))
    page.faults = faults
    page.size = lambda: sum(request.sizes()["responseBodySize"]
                            for request in responses)
    try: yield page
    finally: context.close()


def answer(route, served, faults):
    """Let requests to the site pass, answer those to the CDN from disk, and refuse the
    others."""
    address = route.request.url
    file = PYODIDE / address.removeprefix(CDN)
    if address.startswith((served, "blob:", "data:")): route.continue_()
    elif address.startswith(CDN) and file.is_file():
        headers = {"content-type": TYPES.get(file.suffix, "application/octet-stream"),
                   "access-control-allow-origin": "*"}
        route.fulfill(body=file.read_bytes(), headers=headers)
    else:
        faults.append(f"refused: {address}")
        route.abort()


# The pages

TYPESET = """() => {
  const formulas = [...document.querySelectorAll(".math")];
  const typeset = formulas.filter(f => f.querySelector("mjx-container"));
  return {all: formulas.length, typeset: typeset.length,
          errors: [...document.querySelectorAll("mjx-merror")].map(e => e.textContent)};
}"""
WIDTHS = """() => ({page: document.documentElement.scrollWidth,
                    window: window.innerWidth})"""
# What is wider than its box: all that scrolls, and formulas.
SCROLLS = """() => {
  document.querySelectorAll("details").forEach(each => each.open = true);
  const kinds = "pre, .table-wrapper, figure, div.math, .cell_output";
  const blocks = [...document.querySelectorAll("article :is(" + kinds + ")")];
  return blocks.filter(e => e.scrollWidth > e.clientWidth + 1)
               .map(e => e.className + " " + e.textContent.trim().slice(0, 200));
}"""
FORMULAS = """() => [...document.querySelectorAll("div.math, span.math, pre")].filter(
  e => e.getBoundingClientRect().right > innerWidth || e.scrollWidth > e.clientWidth + 1
       && e.clientWidth > 0).map(e => e.textContent.slice(0, 200))"""
# Hides the elements that look like one before them on the page.
HIDE_ALIKE = """() => {
  const own = e => e.localName.startsWith("mjx") ? "formula" : [
    e.tagName, e.getAttribute("class"), e.getAttribute("style"), e.rowIndex % 2];
  const met = new Set(), look = e => e ? look(e.parentElement) + ">" + own(e) : "";
  const leaves = [...document.querySelectorAll("body :not(:has(*))")];
  window.alike = leaves.map(e => [e, met.size, met.add(look(e)).size])
                       .filter(([, before, after]) => before === after)
                       .map(([e]) => e);
  window.alike.forEach(e => e.classList.add("test-hidden"));
}"""
SHOW_ALIKE = "() => window.alike.forEach(e => e.classList.remove('test-hidden'))"
# the rules that depend on light or dark
COLORS = ["color-contrast", "link-in-text-block"]


def serious(axe, page, **run):
    "What axe finds that is serious or critical."
    found = axe.run(page, **run).response["violations"]
    return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found
            if v["impact"] in ("serious", "critical")]


def visit(axe, page, address):
    "What there is to complain of a page, light and dark, wide and narrow."
    page.goto(address)
    math = page.evaluate(TYPESET)
    found = {"formulas not typeset": math["all"] - math["typeset"],
             "errors in formulas": math["errors"]}
    rules = {rule: {"enabled": False} for rule in COLORS}
    found["structure"] = serious(
        axe, page, options={"resultTypes": ["violations"], "rules": rules})
    # the contrast of all text would take most of the time
    page.add_style_tag(content=".test-hidden { display: none !important; }")
    page.evaluate(HIDE_ALIKE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = serious(
            axe, page, options={"resultTypes": ["violations"], "runOnly": COLORS})
    page.evaluate(SHOW_ALIKE)
    page.set_viewport_size({"width": 1280, "height": 800})
    found["wider than its box"] = page.evaluate(SCROLLS)
    page.set_viewport_size({"width": 375, "height": 800})
    widths = page.evaluate(WIDTHS)
    found["formulas or code cut on a phone"] = page.evaluate(FORMULAS)
    found["wider than a phone"] = widths["page"] > widths["window"]
    return found | {"faults": page.faults}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound(browser, served, name):
    from axe_playwright_python.sync_playwright import Axe
    with new_page(browser, served) as page:
        found = visit(Axe(), page, f"{served}/{name}")
    assert {what: complaint for what, complaint in found.items() if complaint} == {}


def test_the_home_page_is_light(browser, served):
    with new_page(browser, served) as page:
        page.goto(f"{served}/index.html", wait_until="networkidle")
        assert page.size() < 1e6


@pytest.mark.parametrize("name, width", [("index", 1280), ("index", 390),
                                         ("draw-a-digit", 390)])
def test_pad_and_answer_are_on_the_first_screen(browser, served, name, width):
    with new_page(browser, served, viewport={"width": width, "height": 844}) as page:
        page.goto(f"{served}/{name}.html")
        page.wait_for_selector(".dd-digit:has-text('3')")
        bottom = "selector => document.querySelector(selector)" \
                 ".getBoundingClientRect().bottom"
        assert page.evaluate(bottom, ".dd-answer") < 844
        if width == 1280: assert page.evaluate(bottom, ".pair") < 900


def test_the_contents_of_a_page_are_reached_by_keyboard(browser, served):
    with new_page(browser, served, viewport={"width": 1280, "height": 800}) as page:
        page.goto(f"{served}/two_layer_net.html")
        summary = page.locator(".on-this-page > summary")
        focused = "() => document.activeElement.matches('.on-this-page *')"
        while not page.evaluate(focused): page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert summary.is_visible() and "#" in page.url


@pytest.mark.parametrize("name", ["index", "gradients", "two_layer_net", "main",
                                  "draw-a-digit", "results"])
def test_a_page_does_not_jump_while_it_loads(browser, served, name):
    with new_page(browser, served, **PHONE) as page:
        assert measure(page, f"{served}/{name}.html")["shift"] < 0.1


def test_pages_are_light(site):
    sizes = {path.name: path.stat().st_size for path in site.glob("*.html")}
    assert not {name: size for name, size in sizes.items() if size > 1e6}


def test_formulas_are_found(browser, served):
    "Where none were found, none could be faulty."
    with new_page(browser, served) as page:
        page.goto(f"{served}/softmax.html")
        assert page.evaluate(TYPESET)["all"] > 0


@pytest.mark.parametrize("words, page", [
    ("softmax_cross_entropy", "cross_entropy.html"), ("convex", "convexity.html")])
def test_search_finds_a_function_and_a_concept(browser, served, words, page):
    with new_page(browser, served) as results:
        results.goto(f"{served}/index.html")
        results.fill("input[name=q]", words)
        results.press("input[name=q]", "Enter")
        results.wait_for_selector(f"#search-results a[href*='{page}']")
        assert results.faults == []


def test_dark_mode_switches(browser, served):
    with new_page(browser, served, color_scheme="light") as page:
        page.goto(f"{served}/index.html")
        background = "() => getComputedStyle(document.body).backgroundColor"
        before, switch = page.evaluate(background), page.locator(
            ".theme-toggle:visible")
        while page.evaluate("() => document.body.dataset.theme") != "dark":
            switch.click()
        assert page.evaluate(background) != before


def test_an_address_that_leads_nowhere(browser, site, tmp_path):
    "The page for it, wherever it is shown: the site lies below /mlp_from_scratch/."
    (tmp_path / "mlp_from_scratch").symlink_to(site)
    with serve(tmp_path) as address, new_page(browser, address) as page:
        page.route("**/deep/nowhere.html", lambda route: route.fulfill(
            status=200, content_type="text/html", path=site / "404.html"))
        page.goto(f"{address}/mlp_from_scratch/deep/nowhere.html")
        assert page.faults == [] and page.inner_text("h1") == "Not found"
        page.click("text=21 Softmax")
        assert page.url == f"{address}/mlp_from_scratch/softmax.html"


def test_search_finds_and_quotes_words(browser, served):
    with new_page(browser, served) as page:
        page.goto(f"{served}/search.html?q=backpropagation")
        page.wait_for_function("() => document.querySelectorAll('#search-results li')"
                               ".length > 1")
        page.wait_for_timeout(1500)                      # until it has quotations
        found = page.locator("#search-results li").all_inner_texts()
        for title in "31 Softmax regression", "33 A two-layer network":
            assert any(title in each for each in found), title
        assert not any("\\" in each or "$" in each for each in found)


# The notebooks in JupyterLite

STATE = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const ready = panel?.sessionContext?.session?.kernel;
  const cells = ready ? panel.content.widgets.filter(c => c.model.type === "code") : [];
  const outputs = cells.flatMap(cell => cell.model.outputs.toJSON());
  const prompt = cell => cell.inputArea?.promptNode?.textContent;
  return {prompts: cells.map(cell => cell.model.executionCount),
          waiting: cells.some(cell => prompt(cell)?.includes("*")),
          errors: outputs.filter(output => output.output_type === "error")
                         .map(output => output.traceback.join("\\n"))};
}"""
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
# seconds without any progress
PATIENCE = 600


def run_to_the_end(page, address):
    """Run a notebook until all its cells are done, one fails, or nothing moves.

    Returns the errors, how many cells are done, and how many there are."""
    page.goto(address)
    done, last = 0, time.monotonic()
    while time.monotonic() - last < PATIENCE:
        page.wait_for_timeout(500)
        state = page.evaluate(STATE)
        errors, prompts = state["errors"], state["prompts"]
        # The kernel says that it is idle before it is: what is asked of it then is
        # lost, and must be asked again.
        if prompts and not any(prompts) and not state["waiting"]:
            page.evaluate(RUN_ALL)
        now_done = sum(prompt is not None for prompt in prompts)
        if now_done > done: done, last = now_done, time.monotonic()
        if errors or 0 < len(prompts) == done: break
    return errors, done, len(prompts)


@pytest.mark.parametrize("name", [
    name if name in OFTEN else pytest.param(name, marks=pytest.mark.live)
    for name in NOTEBOOKS])
def test_the_notebook_runs_to_its_last_cell(browser, served, name):
    if not PYODIDE.is_dir(): pytest.skip("needs the files of Pyodide 0.27.7 in "
                                         f"{PYODIDE}")
    # in a small window the kernel shares its core with less drawing
    with new_page(browser, served, viewport={"width": 300, "height": 200},
                  reduced_motion="reduce") as page:
        errors, done, cells = run_to_the_end(
            page, f"{served}/lite/notebooks/index.html?path=nbs/{name}.ipynb")
        assert errors == []
        assert done == cells
        assert page.faults == []
