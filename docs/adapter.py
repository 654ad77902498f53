"""The notebooks, turned into what Sphinx reads: notebooks with MyST Markdown, and the
pages about the API and the benchmarks.

`docs/build.py` calls `write_pages`. Nothing is executed here: the outputs in the
notebooks stay as they are stored."""
import ast
import csv
import dataclasses
import importlib
import inspect
import re
import runpy
import shutil
from pathlib import Path

import nbformat
import yaml
from fastcore.docments import docments
from nbdev.config import get_config
from nbdev.doclinks import NbdevLookup

from mlp_from_scratch.draw import DRAW_PAGE
from reading_map import HEAD, START, read_notebooks, reading_minutes

HERE = Path(__file__).parent
DIRECTIVE = re.compile(r"^#\| *([\w-]+) *:? *(.*)\n?", re.MULTILINE)
FENCE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~) *$)", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NOTEBOOK_LINK = re.compile(r"\[([^\]]*)\]\(([\w-]+)\.ipynb(#[\w.-]+)?\)")
NOTEBOOK_NAME = re.compile(r"(?<!\[)`(\d\d_\w+|main)`(?!\])")
TARGET = re.compile(r"^\(([\w.-]+)\)=", re.MULTILINE)
RETURNS = re.compile(r"^[^#\n]*\) *(?:->[^:#]*)?: *# *-> *(.*)$", re.MULTILINE)
IMPORTED = re.compile(r"^from mlp_from_scratch\.(\w+) import", re.MULTILINE)
GITHUB = "https://github.com/{user}/{repo}/blob/{branch}/"
# the branch to which .github/workflows/pages.yml pushes the copies
COLAB = "https://colab.research.google.com/github/{user}/{repo}/blob/colab/{name}.ipynb"
LITE = "lite/notebooks/index.html?path=nbs/{name}.ipynb"
MEGABYTES = 50                              # of a first visit, see tests/test_live.py
# what these need is no part of a live notebook: name -> what it is
NOT_LIVE = {"70_estimators": "scikit-learn", "71_exchange": "ONNX",
            "73_your_data": "pandas", "74_larger": "Dask",
            "75_frameworks": "scikit-learn"}


class Site:
    "What one page must know about the others."

    def __init__(self, settings, notebooks, places=()):
        self.settings = settings
        self.places = dict(places)                          # name -> where you are
        self.github = GITHUB.format(user=settings.user, repo=settings.repo,
                                    branch=settings.branch)
        self.doclink = re.compile(
            re.escape(f"]({settings.doc_host}{settings.doc_baseurl}/")
            + r"([\w-]+)\.html(?:#([\w.-]+))?\)")
        self.pages = {name: page_name(name) for name in notebooks}
        self.titles, self.modules = {}, {}                  # of the pages
        self.targets = set()                                # "page-name", lower case
        for name, notebook in notebooks.items():
            page, names = page_name(name), exported_names(notebook.cells)
            self.titles[page] = numbered(name, head(name, notebook)[0])
            if names: self.modules[page] = module_name(notebook)
            self.targets |= {f"{page}-{thing.lower()}" for thing in names}

    def link(self, page, anchor):
        "Where a link of nbdev's leads: the entry of a name or class, else the page."
        for name in (anchor, anchor and anchor.split(".")[0]):
            if f"{page}-{name}" in self.targets: return f"](#{page}-{name})"
        return f"]({page}.ipynb)"


def page_name(name):
    "A page is called as its notebook, without the number."
    return re.sub(r"^\d+_", "", name)


def head(name, notebook):
    "Title and description, from the first cell."
    found = HEAD.search(notebook.cells[0].source)
    if not found:
        raise ValueError(f"{name}.ipynb must begin with a title and a sentence: "
                         "`# Title`, an empty line, `> What it is about.`")
    return found["title"], found["idea"]


def places(parts):
    "Of each notebook the part, and how many come before it."
    names = [(part, name) for part, notebooks in parts.items() for name in notebooks]
    return {name: f"{part}: {i} of {len(names)}"
            for i, (part, name) in enumerate(names, 1)}


def numbered(name, title):
    "The title with the notebook's number in front, if it has one."
    number = re.match(r"\d+", name)
    return f"{number[0]} {title}" if number else title


def module_name(notebook):
    "The module that the notebook exports."
    options = [directives(cell.source)[0] for cell in code_cells(notebook.cells)]
    return next(found["default_exp"] for found in options if "default_exp" in found)


# Markdown

def adapt_markdown(text, site):
    "Names and links lead to the right place; code fences and comments don't."
    parts = FENCE.split(COMMENT.sub("", text))
    parts[::2] = [adapt_links(part, site) for part in parts[::2]]
    return "".join(parts).strip()


def adapt_links(text, site):
    "Links to functions, notebooks and files of the repository."
    def named(found):
        name = found[1]
        return f"[{name}]({name}.ipynb)" if name in site.pages else found[0]
    def page(found):
        text, name, anchor = found.groups()
        page = site.pages.get(name, name)
        if text == name: text = site.titles[page]
        return f"[{text}]({page}.ipynb{anchor or ''})"
    text = site.doclink.sub(lambda found: site.link(found[1], (found[2] or "").lower()),
                            NbdevLookup().link_line(text))
    text = NOTEBOOK_LINK.sub(page, NOTEBOOK_NAME.sub(named, text))
    return text.replace("](../", f"]({site.github}")


def title_cell(title, description, facts, intro):
    "The first cell of a page: title, one sentence, facts, what the reader will learn."
    return f"# {title}\n\n{{.lead}}\n{description}\n\n{facts}\n\n{intro}".strip()


def needed_pages(notebook, page, site):
    "The other pages whose modules a notebook imports, in order."
    sources = [cell.source for cell in code_cells(notebook.cells)]
    needed = {name for source in sources for name in IMPORTED.findall(source)}
    return [other for other, module in site.modules.items()
            if module in needed and other != page]


def page_facts(name, page, notebook, site):
    "Reading time, the ways to open the notebook, and what it needs."
    settings = {key: getattr(site.settings, key) for key in ("user", "repo", "branch")}
    buttons = {"Open in Colab": f'href="{COLAB.format(name=name, **settings)}"',
               "Download .ipynb": f'href="notebooks/{name}.ipynb" download'}
    if name in NOT_LIVE:
        here = f"Run here: not this page, because {NOT_LIVE[name]} is missing there."
    else:
        here, run = HERE_RUNS.format(megabytes=MEGABYTES), LITE.format(name=name)
        buttons = {f"Run here ({MEGABYTES} MB)": f'href="{run}"'} | buttons
    links = "\n".join(f'<a class="button" {attributes}>{text}</a>'
                      for text, attributes in buttons.items())
    needed = ", ".join(f'<a href="{other}.html">{site.titles[other]}</a>'
                       for other in needed_pages(notebook, page, site))
    return FACTS.format(place=site.places[name], links=links, name=name,
                        here=here, source=f"{site.github}nbs/{name}.ipynb",
                        minutes=reading_minutes(notebook.cells),
                        needed=needed or "no other page")


HERE_RUNS = """Run here: nothing. At the first visit your browser fetches Python, the \
package and the data, some {megabytes} MB; then it computes on your machine."""
FACTS = """<div class="facts">
<span>{place}</span>
<span>{minutes} min read</span>
{links}
<details>
<summary>What it needs</summary>
<p>Builds on: {needed}.</p>
<p>{here}</p>
<p>In Colab, or downloaded: the first cell installs the package.</p>
<p>In a clone: Python 3.11 or newer, and <code>pip install -e ".[dev]"</code>. The \
notebook is <a href="{source}">nbs/{name}.ipynb</a>.</p>
</details>
</div>"""


# Entries of the API

def default_text(value):
    "A default value as a reader would write it."
    if value is inspect.Parameter.empty: return ""
    if type(value).__name__ == "_HAS_DEFAULT_FACTORY_CLASS": return "=..."
    return f"={getattr(value, '__name__', None) or repr(value)}"


def signature(function):
    "The parameters in brackets, with defaults and without annotations."
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    parameters = [p for p in inspect.signature(function).parameters.values()
                  if p.name != "self"]
    shown = [marks.get(p.kind, "") + p.name + default_text(p.default)
             for p in parameters]
    kinds = [p.kind for p in parameters]
    if inspect.Parameter.KEYWORD_ONLY in kinds and "*" not in map(marks.get, kinds):
        shown.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    return f"({', '.join(shown)})"


def fields(function):
    "A line a parameter and one for what comes back, as the signature's comments say."
    notes = {name: note["docment"] for name, note in
             docments(function, full=True, returns=False).items()}
    if dataclasses.is_dataclass(function):
        notes |= {each.name: each.metadata["help"]
                  for each in dataclasses.fields(function) if "help" in each.metadata}
    found = [f":param {name}: {note}" for name, note in notes.items()
             if note and name != "self"]
    source = inspect.getsource(getattr(function, "__wrapped__", function))
    returned = None if inspect.isclass(function) else RETURNS.search(source)
    if returned: found.append(f":returns: {returned[1]}")
    return "\n".join(" ".join(line.split()) for line in found)


def directive(kind, head, options, body, depth):
    "A MyST directive; an outer one needs a longer fence than what it holds."
    fence = "`" * (3 + depth)
    lines = [f":{key}: {value}".rstrip() for key, value in options.items()]
    return "\n".join([f"{fence}{{{kind}}} {head}", *lines, "", body, fence])


def members(cls):
    """The public methods and properties that a class itself defines and documents; not
    what scikit-learn adds to a class."""
    own = {name: getattr(cls, name) for name in vars(cls) if not name.startswith("_")}
    return {name: value for name, value in own.items() if value.__doc__
            and (isinstance(value, property) or inspect.isroutine(value)
                 and value.__module__ == cls.__module__)}


def member_entry(name, value, options):
    "A method or property inside the entry of its class."
    if isinstance(value, property):
        return directive("py:property", name, options, inspect.getdoc(value), 1)
    if inspect.ismethod(value): options = {**options, "classmethod": ""}
    body = f"{inspect.getdoc(value)}\n\n{fields(value)}"
    return directive("py:method", name + signature(value), options, body, 1)


def entry(thing, options=(), note=""):
    "Signature, what it does, each parameter, what comes back; the methods of a class."
    is_class, options = inspect.isclass(thing), dict(options)
    if is_class and issubclass(thing, Exception):       # built-in: it has no signature
        return directive("py:exception", thing.__name__, options,
                         inspect.getdoc(thing), 2)
    parts = [inspect.getdoc(thing) or "", fields(thing), note]
    if is_class:
        parts += [member_entry(*member, options) for member in members(thing).items()]
    return directive("py:class" if is_class else "py:function",
                     thing.__name__ + signature(thing), options, "\n\n".join(parts), 2)


def public_names(source):
    "The functions and classes that code defines, without those that start with `_`."
    definitions = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in ast.parse(source).body
            if isinstance(node, definitions) and not node.name.startswith("_")]


# Notebooks

def directives(source):
    "The `#|` lines of a cell as a dict, and the code without them."
    found = {key: yaml.safe_load(value) if value.startswith('"') else value
             for key, value in DIRECTIVE.findall(source)}
    return found, DIRECTIVE.sub("", source)


def code_cells(cells): return [cell for cell in cells if cell.cell_type == "code"]


def markdown_cell(source): return nbformat.v4.new_markdown_cell(source)


def exported_names(cells):
    "The public functions and classes that cells export."
    return [name for cell in code_cells(cells)
            if "export" in directives(cell.source)[0]
            for name in public_names(cell.source)]


def code_cell(cell, page):
    """A code cell with its directives in the form that MyST-NB knows: tags, the line
    that stands for folded code, a figure with caption, alternative text and target."""
    options, source = directives(cell.source)
    has_picture = any("image/png" in output.get("data", {}) for output in cell.outputs)
    if has_picture and "fig-alt" not in options:
        raise ValueError(f"The page {page} has a figure without alternative text. Add "
                         f"a line `#| fig-alt: \"...\"` to its cell:\n{source}")
    tags, myst = [], {}
    if "export" in options and public_names(source): tags.append("exported")
    if options.get("code-fold") == "true":
        tags.append("hide-input")
        myst["code_prompt_show"] = options.get("code-summary", "Code")
    if "fig-cap" in options:
        myst["figure"] = {"caption": options["fig-cap"],
                          "name": f"{page}-{options['label']}"}
    if "fig-alt" in options: myst["image"] = {"alt": options["fig-alt"]}
    return nbformat.v4.new_code_cell(source.strip(), outputs=cell.outputs,
                                     metadata={"tags": tags, "mystnb": myst})


def notebook_entry(name, page, site):
    "An entry in the notebook where it is derived, with a target for links."
    module = importlib.import_module(f"{site.settings.lib_name}.{site.modules[page]}")
    text = entry(getattr(module, name), {"no-index": ""})
    return markdown_cell(f"({page}-{name.lower()})=\n{text}")


def adapt_cell(cell, page, site):
    "The cells that take the place of one cell."
    if cell.cell_type == "markdown":
        text = adapt_markdown(cell.source, site)
        return [markdown_cell(text)] if text else []
    hidden = {"hide", "default_exp"} | ({"export"} if page == "index" else set())
    if hidden & directives(cell.source)[0].keys(): return []
    entries = [notebook_entry(name, page, site) for name in exported_names([cell])]
    return [*entries, code_cell(cell, page)]


def adapt_notebook(notebook, name, site):
    "A notebook as a page: title, reading time, entries of the API, figures, links."
    page, (first, *others) = site.pages[name], notebook.cells
    intro = adapt_markdown(HEAD.sub("", first.source), site)
    facts = page_facts(name, page, notebook, site)
    description = head(name, notebook)[1]
    cells = [markdown_cell(title_cell(site.titles[page], description, facts, intro))]
    for cell in others: cells += adapt_cell(cell, page, site)
    return new_page(cells)


def new_page(cells):
    language = {"name": "python", "pygments_lexer": "ipython3"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": language})


# The home page, and the page on installing: both are in index.ipynb

def adapt_home(notebook, site):
    """The home page: the pad to draw on, a formula and its code, what this is, and what
    to read. Then the page on installing, commands and building, as Markdown."""
    title, *cells = notebook.cells
    named = {cell.id: cell for cell in cells}
    start = next(i for i, cell in enumerate(cells)
                 if cell.source.startswith(INSTALL_FROM))
    lifted = {"home-formula", "home-code", "home-install"}
    first = HOME.format(
        title=site.titles["index"], description=head("index", notebook)[1],
        start=site.pages[START], draw=draw_pad(), formula=named["home-formula"].source,
        code=named["home-code"].source)
    home = [markdown_cell(first)]
    for cell in cells[:start]:
        if cell.id not in lifted: home += adapt_cell(cell, "index", site)
    texts = [named["home-install"], *cells[start:]]
    return new_page(home), INSTALL + "\n\n".join(
        adapt_markdown(cell.source, site) for cell in texts) + "\n"


INSTALL_FROM = "## The commands"

HOME = """# {title}

{{.lead}}
{description}

<div class="facts">
<a class="button first" href="{start}.html">Start</a>
<a class="button" href="#read-it">All notebooks</a>
<a class="button" href="install.html">Install</a>
</div>

<div class="home">

{draw}

<div class="pair">

{formula}

```python
{code}
```

</div>
</div>"""

INSTALL = """# Install and commands

{.lead}
How to install the package, what each command does, and how it is built.

"""


def targets(notebook):
    "The link targets that a page defines, in its text and by its figures."
    texts = [target for cell in notebook.cells if cell.cell_type == "markdown"
             for target in TARGET.findall(FENCE.sub("", cell.source))]
    figures = [cell.metadata.get("mystnb", {}).get("figure") for cell in notebook.cells]
    return texts + [figure["name"] for figure in figures if figure]


def check_targets(pages):
    "Raise `ValueError` if a target is defined twice; Sphinx may say nothing."
    seen = {}
    for page, notebook in pages.items():
        for target in targets(notebook):
            if target in seen:
                raise ValueError(f"The link target `{target}` is defined in the page "
                                 f"{seen[target]} and in the page {page}. Rename one.")
            seen[target] = page


# Pages that are not notebooks

def toctree(sections):
    "The order of the pages, for the sidebar and for previous and next."
    return "\n\n".join(
        directive("toctree", "", {"hidden": "", "caption": caption},
                  "\n".join(pages), 0)
        for caption, pages in sections)


def api_page(site, parts):
    """A table of all public functions and classes by part; then each, by module, with
    an example and links to its source and to where it is derived."""
    modules = {page: importlib.import_module(f"{site.settings.lib_name}.{name}")
               for page, name in site.modules.items()}
    things = {page: public_things(module) for page, module in modules.items()}
    known = {thing.__name__: thing for each in things.values() for thing in each}
    examples = read_examples()
    texts = [API]
    for part, notebooks in parts.items():
        rows = [f"| {reference(thing)} | {first_sentence(thing)} |"
                for name in notebooks for thing in things.get(site.pages[name], ())]
        if rows: texts.append("\n".join([f"## {part}", "", "| name | what it does |",
                                         "|---|---|", *rows]))
    for page, module in modules.items():
        texts.append(f"## {site.modules[page]}\n\n`{module.__name__}`, derived in "
                     f"[{site.titles[page]}]({page}.ipynb): {inspect.getdoc(module)}")
        texts += [entry(thing, {"module": module.__name__},
                        notes(thing, page, site, examples))
                  for thing in things[page]]
    return link_names("\n\n".join(texts), known) + "\n"


API = """# Reference

{.lead}
Every public function and class. `from mlp_from_scratch.all import *` brings those \
that one works with; the {ref}`index <genindex>` has all names from A to Z."""


def public_things(module):
    "The functions and classes that a module exports."
    things = [getattr(module, name) for name in module.__all__]
    return [x for x in things if inspect.isclass(x) or inspect.isfunction(x)]


def reference(thing):
    "A link to the entry of a function or class."
    return f"{{py:obj}}`{thing.__name__} <{thing.__module__}.{thing.__name__}>`"


def first_sentence(thing):
    text = " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
    return re.split(r"(?<=[.:;])\s", text)[0].rstrip(".:;").replace("|", "\\|") + "."


def link_names(text, known):
    "Names of functions and classes in backticks lead to their entries."
    def link(found):
        return reference(known[found[1]]) if found[1] in known else found[0]
    return NAME.sub(link, text)


NAME = re.compile(r"(?<![\[`}\w])`(\w+)`(?![\]`])")


def notes(thing, page, site, examples):
    "Below an entry: an example, where it is derived, and its source."
    target, links = f"{page}-{thing.__name__.lower()}", []
    if target in site.targets: links.append(f"[derived here](#{target})")
    lines, first = inspect.getsourcelines(thing)
    links.append(f"[source]({site.github}{site.settings.lib_path.name}/"
                 f"{site.modules[page]}.py#L{first}-L{first + len(lines) - 1})")
    example = examples.get(thing.__name__)
    shown = f"```pycon\n{example}\n```\n\n" if example else ""
    return f"{shown}{', '.join(links).capitalize()}"


def read_examples():
    "Name -> its example, as in a Python session; `tests/test_examples.py` runs them."
    text = (HERE / "examples.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^# (\w+)\n", text, flags=re.MULTILINE)
    return {name: example.strip() for name, example in zip(blocks[1::2], blocks[2::2])}


def benchmark_table(rows, labels):
    """Milliseconds of one task, a line per model and batch size, a column per
    contestant; the fastest in bold."""
    contestants, times = list(dict.fromkeys(row["contestant"] for row in rows)), {}
    for row in rows:
        found = times.setdefault((row["model"], row["batch_size"]), {})
        found[row["contestant"]] = 1e3 * float(row["min_s"])
    names = " | ".join(labels[name] for name in contestants)
    lines = [f"| model | batch size | {names} |",
             "|---|--:|" + "--:|" * len(contestants)]
    for (model, size), found in times.items():
        best = min(found.values())
        cells = " | ".join(format_time(found.get(name), best) for name in contestants)
        model = model.replace("-", "\u2011")                # without a line break
        lines.append(f"| {model} | {int(size):,} | {cells} |")
    return "\n".join(lines)


def format_time(milliseconds, best):
    "Three digits; the best in bold, a missing one empty."
    if milliseconds is None: return ""
    text = f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"
    return f"**{text}**" if milliseconds == best else text


def benchmarks_page(folder):
    "The charts of `benchmarks/results`, and their numbers as tables."
    rows = read_csv(folder / "results" / "compare.csv")
    contestants = runpy.run_path(str(folder / "peers.py"))["CONTESTANTS"]
    labels = {name: contestant.label for name, contestant in contestants.items()}
    def table(task):
        return benchmark_table([row for row in rows if row["task"] == task], labels)
    tables = {task: table(task) for task in ("train", "predict")}
    return BENCHMARKS.format(**tables, **rows[0])


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


BENCHMARKS = """# Benchmarks

{{.lead}}
This package beside PyTorch, JAX and scikit-learn: the same data, initial weights and \
order of samples, and after each epoch the same loss to 1e-4.

Measured on {processor} with {cores} cores, Python {python}, NumPy {numpy}, {blas}, \
{threads} threads. Each time is the least of {rounds} rounds.
Your own machine: `pip install -e ".[bench]" && python benchmarks/compare.py`. \
[Fast](fast.ipynb) explains what makes a step fast.

```{{figure}} benchmarks/compare.png
:alt: Two panels, one per model. The time of one epoch over the batch size, a line per \
library; all fall as batches grow.

Time of one epoch over the batch size, 60,000 samples.
```

```{{figure}} benchmarks/scale.png
:alt: Three panels. Time over the number of hidden units, time per sample over the \
number of samples, memory over the number of samples; a line per library.

How time and memory grow with the hidden units and with the samples.
```

## Training

Milliseconds an epoch.

{train}

## Prediction

Milliseconds for one batch.

{predict}
"""


RESULTS = """# What comes out

{.lead}
The experiment report, as `mlp report` writes it: every run the course asks for, its \
plots, and what they mean.

<div class="facts">
<a class="button" href="report/report.pdf">Open the PDF</a>
<a class="button" href="report/report.html">Open the HTML page</a>
<a class="button" href="report/results.csv">The numbers as CSV</a>
</div>

<iframe class="report" src="report/report.html" title="The experiment report" \
loading="lazy"></iframe>

[Report](report.ipynb) shows how it is made.
"""


def draw_pad():
    "What `mlp draw` writes to draw digits on, with its files in draw/."
    body = (DRAW_PAGE / "draw.body.html").read_text(encoding="utf-8")
    body = body.replace('data-weights="', 'data-weights="draw/')
    return directive("raw", "html", {}, DRAW_FILES + body, 0)


DRAW_FILES = """<link rel="stylesheet" href="draw/draw.css">
<script src="draw/draw.js" defer></script>
"""

DRAW = """# Draw a digit

{.lead}
And watch the numbers on their way through both networks: from your ink to ten \
probabilities. [Drawn digits](draw.ipynb) derives each step.

"""


def write_pages(root, target):
    """Write all that Sphinx reads below `target`: the notebooks of `root`, and the
    pages beside them. Returns what they know."""
    parts = read_notebooks()
    notebooks = {"index": nbformat.read(root / "nbs" / "index.ipynb", as_version=4)}
    for part in parts.values(): notebooks |= part
    site = Site(get_config(path=root), notebooks, places(parts))
    pages = {site.pages[name]: adapt_notebook(notebook, name, site)
             for part in parts.values() for name, notebook in part.items()}
    pages["index"], install = adapt_home(notebooks["index"], site)
    sections = [(part, [site.pages[name] for name in names])
                for part, names in parts.items()]
    pages["index"].cells.append(markdown_cell(toctree(
        [("See", ["draw-a-digit", "results"]), *sections,
         ("Reference", ["install", "api", "benchmarks", "changelog",
                        f"Repository <{site.settings.git_url}>"])])))
    check_targets(pages)

    target.mkdir(parents=True)
    for page, notebook in pages.items():
        nbformat.write(notebook, target / f"{page}.ipynb")
    shutil.copytree(root / "nbs" / "images", target / "images")
    shutil.copytree(root / "benchmarks" / "results", target / "benchmarks")
    shutil.copy(root / "CHANGELOG.md", target / "changelog.md")
    texts = {"api": api_page(site, parts), "install": install, "results": RESULTS,
             "benchmarks": benchmarks_page(root / "benchmarks"),
             "draw-a-digit": DRAW + draw_pad()}
    for name, text in texts.items():
        (target / f"{name}.md").write_text(text, encoding="utf-8")
    return site
