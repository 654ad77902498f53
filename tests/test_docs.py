"""The documentation site: what the adapter makes of small cells, and, where the `docs` extra is installed, the whole site."""
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
sys.path.append(str(ROOT / "docs"))                                         # where lite.py finds the adapter
adapter, lite, pictures = (
    SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / f"{name}.py")))
    for name in ("adapter", "lite", "pictures"))


@pytest.fixture
def known():
    "What a small site knows of its pages."
    found = adapter.Site(get_config(path=ROOT))
    found.pages = {"02_activations": "activations", "main": "main"}
    found.targets = {"activations-relu", "training-history"}
    return found


def code(source, **data):
    outputs = [nbformat.v4.new_output("display_data", data)] if data else []
    return nbformat.v4.new_code_cell(source, outputs=outputs)


@pytest.mark.parametrize("given, expected", [
    ("see `02_activations`", "see [`02_activations`](activations.ipynb)"),
    ("see [it](02_activations.ipynb)", "see [it](activations.ipynb)"),
    ("see [it](../LICENSE)", f"see [it]({get_config(path=ROOT).git_url}/blob/main/LICENSE)"),
    ("`99_unknown` stays", "`99_unknown` stays"),
    ("<!-- gone -->", ""),
    ("a\n\n~~~python\n`02_activations`\n~~~", "a\n\n~~~python\n`02_activations`\n~~~"),
    ("$$a = b. \\tag{1}$$", "$$a = b. \\tag{1}$$"),
    ("::: {.callout-note}\n## Mind\ntext\n:::", ":::{admonition} Mind\n:class: note\n\ntext\n:::"),
    ("::: {.callout-tip}\ntext\n:::", ":::{admonition} Tip\n:class: tip\n\ntext\n:::"),
    ("$$a = b$$ {#eq-a}\n\nBy @eq-a and @fig-a, not `@eq-a`.", "$$a = b$$ (sgd-eq-a)\n\nBy {eq}`sgd-eq-a` and [the figure](#sgd-fig-a), not `@eq-a`."),
    ("an address@fig-leaf.org", "an address@fig-leaf.org"),
])
def test_prose(known, given, expected): assert adapter.adapt_markdown(given, "sgd", known) == expected


@pytest.mark.parametrize("address, expected", [
    ("activations.html#relu", "#activations-relu"),
    ("training.html#history.best_epoch", "#training-history"),              # a method leads to its class
    ("training.html#_private", "training.ipynb"),
])
def test_links_of_nbdev_stay_inside_the_site(known, address, expected):
    settings = known.settings
    given = f"[`f`]({settings.doc_host}{settings.doc_baseurl}/{address})"
    assert adapter.adapt_markdown(given, "sgd", known) == f"[`f`]({expected})"


def test_a_figure_has_caption_alternative_text_and_target():
    cell = adapter.code_cell(code('#| label: fig-a\n#| fig-cap: "One: two."\n#| fig-alt: "A line."\nplot()', **{"image/png": ""}), "sgd")
    assert cell.source == "plot()"
    assert cell.metadata["mystnb"] == {"figure": {"caption": "One: two.", "name": "sgd-fig-a"}, "image": {"alt": "A line."}}


def test_a_figure_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="sgd has a figure without alternative text"): adapter.code_cell(code("plot()", **{"image/png": ""}), "sgd")


@pytest.mark.parametrize("directive, tags", [("echo: false", ["remove-input"]), ("code-fold: show", ["exported"]), ("code-fold: true", ["hide-input"])])
def test_directives_become_tags(directive, tags):
    cell = adapter.code_cell(code(f"#| {directive}\nx = 1"), "sgd")
    assert cell.metadata["tags"] == tags and cell.source == "x = 1"


def test_an_entry_stands_before_the_cell_that_defines_it(known):
    exported = code("#| code-fold: show\ndef sigmoid(Z): ...\ndef _hidden(Z): ...")
    entry, source = adapter.adapt_cell(exported, "activations", {"sigmoid"}, known)
    assert entry.source.startswith("(activations-sigmoid)=\n") and "_hidden" not in entry.source
    assert "```{py:function} sigmoid(Z)" in entry.source and ":no-index:" in entry.source
    assert ":param Z: pre-activations" in entry.source and ":returns: array like `Z`" in entry.source
    assert adapter.adapt_cell(code("#| echo: false\nshow_doc(sigmoid)"), "activations", {"sigmoid"}, known) == []
    assert len(adapter.adapt_cell(code("#| echo: false\nshow_doc(sigmoid)"), "activations", set(), known)) == 1


def test_a_class_lists_its_parameters_and_methods():
    from mlp_from_scratch.all import SGD
    text = adapter.entry(SGD)
    assert "{py:class} SGD(learning_rate=0.1, l2=0.001, momentum=0.0, schedule=constant_schedule)" in text
    assert ":param l2: " in text and "{py:method} step(" in text


def test_a_target_defined_twice_is_refused():
    cell = nbformat.v4.new_markdown_cell("(training-fit)=\ntext")
    figure = adapter.code_cell(code('#| label: fig-a\n#| fig-cap: "A."\n#| fig-alt: "A."\nplot()', **{"image/png": ""}), "sgd")
    page = nbformat.v4.new_notebook(cells=[cell, figure])
    assert adapter.targets(page) == ["training-fit", "sgd-fig-a"]
    adapter.check_targets({"sgd": page})
    with pytest.raises(ValueError, match="`training-fit` is defined in the page sgd and in the page plots"):
        adapter.check_targets({"sgd": page, "plots": page})


def test_title_cell():
    text = adapter.title_cell({"title": "A", "description": "B."}, "You can", "facts")
    assert text == "# A\n\n{.lead}\nB.\n\nfacts\n\nYou can"
    assert adapter.split_title("# A\n\n> B.\n\nAfter this") == "After this"


def test_the_facts_of_a_page(known):
    known.titles = {"activations": "Activations", "sgd": "SGD", "training": "Training"}
    cells = [code("from mlp_from_scratch.training import fit"), code("import x\nfrom mlp_from_scratch.activations import (relu,\n  sigmoid)")]
    text = adapter.page_facts("08_training", "training", nbformat.v4.new_notebook(cells=cells), 3, known)
    assert "3 min read" in text and 'Builds on: <a href="activations.html">Activations</a>.' in text
    for address in ("lite/notebooks/index.html?path=nbs/08_training.ipynb", "colab.research.google.com/github/", known.github + "nbs/08_training.ipynb"):
        assert address in text


def test_the_fastest_is_bold():
    rows = [dict(contestant=name, model="m", batch_size="32", min_s=seconds) for name, seconds in (("ours", "0.5"), ("jax", "0.25"))]
    assert adapter.benchmark_table(rows, {"ours": "us", "jax": "JAX"}).splitlines() == [
        "| model | batch size | us | JAX |", "|---|--:|--:|--:|", "| m | 32 | 500 | **250** |"]


@pytest.fixture
def small():
    "A notebook with the kinds of cells that there are."
    sources = ["#| default_exp sgd", "#| hide\nfrom nbdev.showdoc import *", "#| export\nimport numpy as np", "show_doc(relu)",
               "#| label: fig-a\nfit(epochs=5)\nfit(epochs=5)", "#| hide\nfrom nbdev import nbdev_export; nbdev_export()"]
    cells = [nbformat.v4.new_markdown_cell("# A"), *(code(source, **{"text/plain": "old"}) for source in sources), nbformat.v4.new_markdown_cell("text<!-- gone -->")]
    for i, cell in enumerate(cells): cell.id = f"cell-{i}"
    return nbformat.v4.new_notebook(cells=cells)


def test_the_copy_for_the_browser(small):
    changes = {"cell-5": {"note": "two epochs.", "replace": {"epochs=5": "epochs=2"}}, "cell-3": {"leave_out": "no need."}}
    title, note, install, *rest = lite.lite_notebook(small, "a", "A", "https://example.org/a.html", changes).cells
    assert title.source == "# A" and "[A](https://example.org/a.html)" in note.source and "piplite.install" in install.source
    assert [cell.source for cell in rest] == ["# In the browser: no need.", "# In the browser: two epochs.\nfit(epochs=2)\nfit(epochs=2)", "text"]
    assert not any(cell.get("outputs") for cell in rest)


@pytest.mark.parametrize("changes, words", [
    ({"cell-9": {"note": "x", "replace": {}}}, "lite.yaml: a has no cell cell-9"),
    ({"cell-5": {"note": "x", "replace": {"epochs=9": ""}}}, "lite.yaml: 'epochs=9' does not stand in the cell cell-5 of a"),
])
def test_a_change_that_no_longer_fits_is_refused(small, changes, words):
    with pytest.raises(ValueError, match=words): lite.lite_notebook(small, "a", "A", "", changes)


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
        address = attributes.get("href") or attributes.get("src")
        if address: (self.links if tag == "a" else self.loads).append(address)
        self.without_alt += tag == "img" and not attributes.get("alt")


@pytest.fixture(scope="module")
def pages(site): return {path.name: Page(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}


def test_every_internal_link_of_the_site_leads_somewhere(site, pages):
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"\w+:", link): continue
            file, _, anchor = link.partition("#")
            target = file.partition("?")[0] or name
            assert (site / target).exists(), f"{name}: {link}"
            assert not anchor or target not in pages or unquote(anchor) in pages[target].ids, f"{name}: {link}"


def test_the_site_loads_nothing_from_elsewhere(site, pages):
    outside = re.compile(r"(https?:)?//")
    assert not [(name, address) for name, page in pages.items() for address in page.loads if outside.match(address)]
    for style in site.rglob("*.css"): assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", style.read_text(encoding="utf-8")), style


def test_every_picture_of_the_site_has_alternative_text(pages):
    assert not [name for name, page in pages.items() if page.without_alt]


def test_help_explains():
    done = subprocess.run([sys.executable, "docs/build.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "--output" in done.stdout
