"""The built site in a real browser.

It may reach the site and, where the files lie at hand, Pyodide; all else is refused."""
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# stands in for the CDN, which the tests can't reach
PYODIDE = ROOT.parent / "shared" / "pyodide-0.27.7"
CDN = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript",
         ".wasm": "application/wasm", ".json": "application/json"}
NOTEBOOKS = sorted(path.stem for path in (ROOT / "nbs").glob("[0-9]*.ipynb"))
# All take a quarter of an hour; the marker `live` has the others.
OFTEN = "00_start", "21_softmax", "31_softmax_regression", "43_fast"


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
# The blocks of code that scroll although their lines have at most 88 characters.
SCROLLS = """() => {
  document.querySelectorAll("details").forEach(each => each.open = true);
  const scrolls = e => e.scrollWidth > e.clientWidth;
  const short = e => e.textContent.split("\\n").every(line => line.length <= 88);
  const blocks = [...document.querySelectorAll(".highlight pre")];
  return blocks.filter(e => scrolls(e) && short(e)).map(e => e.textContent);
}"""
# Marks the blocks of code whose words all have the look of others before them on the
# page.
MARK_ALIKE = """() => {
  const met = new Set(), look = e => e ? look(e.parentElement) + ">" + e.className : "";
  for (const block of document.querySelectorAll("pre")) {
    const looks = [block, ...block.querySelectorAll("span")].map(look);
    block.toggleAttribute("data-alike", looks.every(each => met.has(each)));
    looks.forEach(each => met.add(each));
  }
}"""
# the rules that depend on light or dark
COLORS = ["color-contrast", "link-in-text-block"]


def serious(axe, page, **run):
    "What axe finds that is serious or critical."
    found = axe.run(page, **run).response["violations"]
    return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found
            if v["impact"] in ("serious", "critical")]


# the tests that share `visits` go to the same process
one_visit = pytest.mark.xdist_group("visits")


@pytest.fixture(scope="session")
def visits(site, served, browser):
    "What each page is like: one visit to each, light and dark, wide and narrow."
    from axe_playwright_python.sync_playwright import Axe
    axe, found = Axe(), {}
    for path in sorted(site.glob("*.html")):
        with new_page(browser, served) as page:
            page.goto(f"{served}/{path.name}")
            page.evaluate("() => window.MathJax?.startup?.promise?.then(() => null)")
            visit = {"size": page.size(), "math": page.evaluate(TYPESET)}
            visit["structure"] = serious(axe, page, options={"resultTypes": [
                "violations"], "rules": {rule: {"enabled": False} for rule in COLORS}})
            # the contrast of all code would take most of the time
            page.evaluate(MARK_ALIKE)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                visit[scheme] = serious(
                    axe, page, context={"exclude": [["[data-alike]"]]},
                    options={"resultTypes": ["violations"], "runOnly": COLORS})
            page.set_viewport_size({"width": 1280, "height": 800})
            visit["scrolls"] = page.evaluate(SCROLLS)
            page.set_viewport_size({"width": 375, "height": 800})
            found[path.name] = visit | {"widths": page.evaluate(WIDTHS),
                                        "faults": page.faults}
    return found


def faulty(visits, what):
    "The pages whose visit has something to complain of, with the complaint."
    return {name: visit[what] for name, visit in visits.items() if visit[what]}


@one_visit
def test_every_page_loads_without_an_error(visits):
    assert faulty(visits, "faults") == {}


@one_visit
def test_all_mathematics_is_typeset(visits):
    assert {name: visit["math"] for name, visit in visits.items()
            if visit["math"]["typeset"] < visit["math"]["all"]} == {}
    assert {name: visit["math"]["errors"] for name, visit in visits.items()
            if visit["math"]["errors"]} == {}
    assert visits["softmax.html"]["math"]["all"] > 0


@one_visit
@pytest.mark.parametrize("what", ["structure", "light", "dark"])
def test_axe_finds_nothing_serious(visits, what): assert faulty(visits, what) == {}


@one_visit
def test_nothing_is_wider_than_a_phone(visits):
    assert {name: visit["widths"] for name, visit in visits.items()
            if visit["widths"]["page"] > visit["widths"]["window"]} == {}


@one_visit
def test_lines_of_88_characters_fit(visits): assert faulty(visits, "scrolls") == {}


@one_visit
def test_the_home_page_is_light(visits): assert visits["index.html"]["size"] < 1e6


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


def test_each_page_of_a_notebook_opens_it_in_three_ways(browser, served, site):
    with new_page(browser, served) as page:
        page.goto(f"{served}/softmax.html")
        links = {link.inner_text(): link.get_attribute("href")
                 for link in page.locator(".facts a.button").all()}
    assert list(links) == ["Run in your browser", "Open in Colab", "View source"]
    assert all(address.endswith("nbs/21_softmax.ipynb") for address in links.values())
    assert (site / links["Run in your browser"].partition("?")[0]).is_file()


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
