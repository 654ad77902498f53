"""The documentation site: what the adapter makes of small cells, and the whole site."""
import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from nbdev.config import get_config

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "docs"))                         # where they find each other
adapter, folding, lite, pictures = (
    SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / f"{name}.py")))
    for name in ("adapter", "folding", "lite", "pictures"))


@pytest.fixture
def known():
    "What a small site knows of its pages."
    return adapter.Site(get_config(path=ROOT), {
        "20_activations": notebook("#| default_exp activations",
                                   "#| export\ndef relu(Z): ..."),
        "41_momentum": notebook("#| default_exp schedules",
                                "#| export\nclass Cosine: ..."),
        "main": notebook("x = 1")}, {"41_momentum": "4 Training: 2 of 9"})


def code(source, **data):
    outputs = [nbformat.v4.new_output("display_data", data)] if data else []
    return nbformat.v4.new_code_cell(source, outputs=outputs)


def notebook(*sources):
    title = nbformat.v4.new_markdown_cell("# A\n\n> B.\n\nC")
    return nbformat.v4.new_notebook(cells=[title, *map(code, sources)])


@pytest.mark.parametrize("given, expected", [
    ("see `20_activations`", "see [20 A](activations.ipynb)"),
    ("see [20_activations](20_activations.ipynb)", "see [20 A](activations.ipynb)"),
    ("see `main`", "see [A](main.ipynb)"),
    ("see [it](20_activations.ipynb)", "see [it](activations.ipynb)"),
    ("see [it](../LICENSE)",
     f"see [it]({get_config(path=ROOT).git_url}/blob/main/LICENSE)"),
    ("`99_unknown` stays", "`99_unknown` stays"),
    ("<!-- gone -->", ""),
    ("a\n\n~~~python\n`20_activations`\n~~~", "a\n\n~~~python\n`20_activations`\n~~~"),
    ("$$a = b. \\tag{1}$$", "$$a = b. \\tag{1}$$"),
    ("![it](images/a.svg)", "![it](images/a.svg)"),
])
def test_prose(known, given, expected):
    assert adapter.adapt_markdown(given, known) == expected


@pytest.mark.parametrize("address, expected", [
    ("activations.html#relu", "#activations-relu"),
    ("momentum.html#cosine.best", "#momentum-cosine"),      # of a method: its class
    ("momentum.html#_private", "momentum.ipynb"),
])
def test_links_of_nbdev_stay_inside_the_site(known, address, expected):
    settings = known.settings
    given = f"[`f`]({settings.doc_host}{settings.doc_baseurl}/{address})"
    assert adapter.adapt_markdown(given, known) == f"[`f`]({expected})"


def test_a_notebook_without_title_and_sentence_is_refused():
    wrong = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A\n\nB")])
    with pytest.raises(ValueError, match="40_sgd.ipynb must begin with a title"):
        adapter.head("40_sgd", wrong)


def test_a_figure_has_caption_alternative_text_and_target():
    plot = '#| label: fig-a\n#| fig-cap: "One: two."\n#| fig-alt: "A line."\nplot()'
    cell = adapter.code_cell(code(plot, **{"image/png": ""}), "sgd")
    assert cell.source == "plot()"
    assert cell.metadata["mystnb"] == {
        "figure": {"caption": "One: two.", "name": "sgd-fig-a"},
        "image": {"alt": "A line."}}


def test_a_figure_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="sgd has a figure without alternative text"):
        adapter.code_cell(code("plot()", **{"image/png": ""}), "sgd")


FOLD = "#| code-fold: true\n#| code-summary: Plot: a line\n"


@pytest.mark.parametrize("lines, tags", [
    (FOLD, ["hide-input"]), ("#| export\n", ["exported"]),
    ("#| export\n" + FOLD, ["exported", "hide-input"]), ("#| exercise: a-stub\n", [])])
def test_directives_become_tags(lines, tags):
    cell = adapter.code_cell(code(f"{lines}def f(): ..."), "sgd")
    assert cell.metadata["tags"] == tags and cell.source == "def f(): ..."
    assert ("hide-input" in tags) == (cell.metadata["mystnb"].get("code_prompt_show")
                                      == "Plot: a line")


def test_an_entry_stands_before_the_cell_that_defines_it(known):
    exported = code("#| export\ndef sigmoid(Z): ...\ndef _hidden(Z): ...")
    entry, source = adapter.adapt_cell(exported, "activations", known)
    assert entry.source.startswith("(activations-sigmoid)=\n")
    assert "```{py:function} sigmoid(Z)" in entry.source
    assert ":no-index:" in entry.source
    assert ":param Z: pre-activations" in entry.source and ":returns: " in entry.source
    assert "_hidden" not in entry.source and "_hidden" in source.source


def test_cells_that_serve_nbdev_are_left_out(known):
    for line in ("#| hide", "#| default_exp activations"):
        assert adapter.adapt_cell(code(line), "activations", known) == []


@pytest.mark.parametrize("path", sorted((ROOT / "nbs").glob("[!_.]*.ipynb")),
                         ids=lambda path: path.stem)
def test_jupyterlab_folds_what_the_site_folds(path):
    given, folded = (nbformat.read(path, as_version=4) for _ in range(2))
    assert given == folding.fold(folded), "run python docs/folding.py"


def test_fold_and_unfold():
    given = notebook(f"{FOLD}x = 1", "x = 2")
    given.cells[2].metadata["jupyter"] = {"source_hidden": True}
    _, first, second = folding.fold(given).cells
    assert first.metadata == {"jupyter": {"source_hidden": True}}
    assert not second.metadata


def test_a_class_lists_its_parameters_and_methods():
    from mlp_from_scratch.all import SGD
    text = adapter.entry(SGD)
    assert "{py:class} SGD(learning_rate=0.1, l2=0.001, momentum=0.0, schedule=" in text
    assert ":param l2: " in text and "{py:method} step(" in text


def test_a_target_defined_twice_is_refused():
    cell = nbformat.v4.new_markdown_cell("(training-fit)=\ntext")
    plot = '#| label: fig-a\n#| fig-cap: "A."\n#| fig-alt: "A."\nplot()'
    figure = adapter.code_cell(code(plot, **{"image/png": ""}), "sgd")
    page = nbformat.v4.new_notebook(cells=[cell, figure])
    assert adapter.targets(page) == ["training-fit", "sgd-fig-a"]
    adapter.check_targets({"sgd": page})
    words = "`training-fit` is defined in the page sgd and in the page plots"
    with pytest.raises(ValueError, match=words):
        adapter.check_targets({"sgd": page, "plots": page})


def test_title_cell():
    text = adapter.title_cell("A", "B.", "facts", "You can")
    assert text == "# A\n\n{.lead}\nB.\n\nfacts\n\nYou can"


def test_the_facts_of_a_page(known):
    own = notebook("from mlp_from_scratch.activations import relu",
                   "import x\nfrom mlp_from_scratch.schedules import (Cosine,\n  f)")
    text = adapter.page_facts("41_momentum", "momentum", own, known)
    assert "4 Training: 2 of 9" in text and "1 min read" in text
    assert 'Builds on: <a href="activations.html">20 A</a>.' in text
    for address in ("lite/notebooks/index.html?path=nbs/41_momentum.ipynb",
                    "colab.research.google.com/github/",
                    known.github + "nbs/41_momentum.ipynb"):
        assert address in text


def test_the_fastest_is_bold():
    rows = [dict(contestant=name, model="m", batch_size="32", min_s=seconds)
            for name, seconds in (("ours", "0.5"), ("jax", "0.25"))]
    assert adapter.benchmark_table(rows, {"ours": "us", "jax": "JAX"}).splitlines() == [
        "| model | batch size | us | JAX |", "|---|--:|--:|--:|",
        "| m | 32 | 500 | **250** |"]


@pytest.fixture
def small():
    "A notebook with the kinds of cells that there are."
    sources = ["#| default_exp sgd", f"#| export\n{FOLD}import numpy as np",
               "#| label: fig-a\nfit(epochs=5)\nfit(epochs=5)",
               "#| exercise: a-stub\nx = 1"]
    cells = [nbformat.v4.new_markdown_cell("# A"),
             *(code(source, **{"text/plain": "old"}) for source in sources),
             nbformat.v4.new_markdown_cell("text<!-- gone -->")]
    for i, cell in enumerate(cells): cell.id = f"cell-{i}"
    return nbformat.v4.new_notebook(cells=cells)


def test_the_copy_for_the_browser(small):
    address = "https://example.org/a.html"
    changes = {"cell-3": {"note": "two epochs.", "replace": {"epochs=5": "epochs=2"}},
               "cell-4": {"leave_out": "no need."}}
    copy = lite.lite_notebook(small, "a", "A", address, changes)
    title, note, install, *rest = copy.cells
    assert title.source == "# A" and f"[A]({address})" in note.source
    assert "piplite.install" in install.source
    assert [cell.source for cell in rest] == [
        "# Plot: a line\nimport numpy as np",
        "# In the browser: two epochs.\nfit(epochs=2)\nfit(epochs=2)",
        "# In the browser: no need.", "text"]
    assert rest[0].metadata["jupyter"] == {"source_hidden": True}
    assert not any(cell.get("outputs") for cell in rest)


@pytest.mark.parametrize("changes, words", [
    ({"cell-9": {"note": "x", "replace": {}}}, "lite.yaml: a has no cell cell-9"),
    ({"cell-3": {"note": "x", "replace": {"epochs=9": ""}}},
     "lite.yaml: 'epochs=9' does not stand in the cell cell-3 of a"),
])
def test_a_change_that_no_longer_fits_is_refused(small, changes, words):
    with pytest.raises(ValueError, match=words):
        lite.lite_notebook(small, "a", "A", "", changes)


def test_a_change_of_an_unknown_notebook_is_refused(tmp_path):
    path = tmp_path / "lite.yaml"
    path.write_text("99_gone: {}\n40_sgd: {}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="there is no notebook 99_gone"):
        lite.read_changes(path, ["40_sgd"])


def test_every_change_for_the_browser_fits_its_cell():
    paths = {path.stem: path for path in (ROOT / "nbs").glob("[!_.]*.ipynb")}
    changes = lite.read_changes(ROOT / "docs" / "lite.yaml", paths)
    for name, changes_of_one in changes.items():
        original = nbformat.read(paths[name], as_version=4)
        lite.lite_notebook(original, name, "", "", changes_of_one)


def test_the_pictures_of_the_networks_are_those_of_the_script(tmp_path):
    pictures.write_pictures(tmp_path)
    images = ROOT / "nbs" / "images"
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in images.glob("*.svg")}
    for content in drawn.values():
        title, desc = list(ElementTree.fromstring(content))[:2]
        assert title.text and desc.text


class Page(HTMLParser):
    "The ids, the links and what the browser loads by itself, of one page."
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads, self.without_alt = set(), [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if attributes.get("rel") == "canonical": return     # a name, nothing is loaded
        address = attributes.get("href") or attributes.get("src")
        if address: (self.links if tag == "a" else self.loads).append(address)
        self.without_alt += tag == "img" and not attributes.get("alt")


@pytest.fixture(scope="module")
def pages(site):
    # the links of 404.html begin at the site's address: a browser visits that page
    return {path.name: Page(path.read_text(encoding="utf-8"))
            for path in site.glob("*.html") if path.name != "404.html"}


def test_every_internal_link_of_the_site_leads_somewhere(site, pages):
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"\w+:", link): continue
            file, _, anchor = link.partition("#")
            target = file.partition("?")[0] or name
            assert (site / target).exists(), f"{name}: {link}"
            if anchor and target in pages:
                assert unquote(anchor) in pages[target].ids, f"{name}: {link}"


def test_the_site_loads_nothing_from_elsewhere(site, pages):
    outside = re.compile(r"(https?:)?//")
    assert not [(name, address) for name, page in pages.items()
                for address in page.loads if outside.match(address)]
    fetches = re.compile(r"(url\(|@import)\s*[\"']?(https?:)?//")
    for style in site.rglob("*.css"):
        assert not fetches.search(style.read_text(encoding="utf-8")), style


def test_a_comment_that_names_a_notebook_leads_there(pages):
    assert pages["start.html"].links.count("sgd.html") > 2  # map, sidebar, and the code


def test_next_leads_from_home_through_every_notebook_in_order(site):
    sidebar = (ROOT / "nbs" / "sidebar.yml").read_text(encoding="utf-8")
    names = re.findall(r"- (\w+)\.ipynb", sidebar)
    page, visited = "index", []
    while page:
        visited.append(page)
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        found = re.search(r'class="next-page" href="(\w+)\.html"', text)
        page = found and found[1]
    assert visited == [adapter.page_name(name) for name in names]
    for name in "draw-a-digit", "results", "install", "api":
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        assert "next-page" not in text and "prev-page" not in text, name


@pytest.mark.parametrize("page, name", [("start", "00 Start"),
                                        ("two_layer_net", "33 A two-layer network")])
def test_a_page_has_one_name_everywhere(site, page, name):
    own, home = ((site / f"{each}.html").read_text(encoding="utf-8")
                 for each in (page, "index"))
    assert f"<h1>{name}<a" in own
    links = re.findall(rf'<a [^>]*href="{page}\.html"[^>]*>([^<]+)</a>', home)
    assert set(links) - {"Start"} == {name}                 # in the sidebar, and below


def test_a_search_engine_and_a_preview_find_what_they_need(site):
    address = "https://mlp-from-scratch.github.io/mlp_from_scratch/"
    listed = re.findall(r"<loc>([^<]+)</loc>", (site / "sitemap.xml").read_text())
    notebooks = {f"{address}{page}.html" for page in pages_of_notebooks()}
    assert notebooks <= set(listed) and not any("404" in each for each in listed)
    assert f"Sitemap: {address}sitemap.xml" in (site / "robots.txt").read_text()
    assert (site / "preview.png").read_bytes()[:4] == b"\x89PNG"
    seen = set()
    for page in pages_of_notebooks():
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        description = re.search(r'<meta name="description" content="([^"]+)"', text)[1]
        assert 30 < len(description) < 300 and "\\" not in description, page
        assert f'<meta property="og:image" content="{address}preview.png"' in text
        seen.add(description)
    assert len(seen) == len(pages_of_notebooks())           # each says what it is about


def pages_of_notebooks():
    paths = (ROOT / "nbs").glob("[!_.]*.ipynb")
    return [adapter.page_name(path.stem) for path in paths]


def test_every_picture_of_the_site_has_alternative_text(pages):
    assert not [name for name, page in pages.items() if page.without_alt]


def test_help_explains():
    done = subprocess.run([sys.executable, "docs/build.py", "--help"], cwd=ROOT,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "--output" in done.stdout
