"""What nbdev writes, turned into what Sphinx reads: notebooks with MyST Markdown, and the pages about the API and the benchmarks.

`docs/build.py` calls `write_pages`. Nothing is executed here: the outputs in the notebooks stay as they are stored."""
import ast
import csv
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

DIRECTIVE = re.compile(r"^#\| *([\w-]+) *:? *(.*)\n?", re.MULTILINE)
SHOW_DOC = re.compile(r"^show_doc\(([\w.]+)", re.MULTILINE)
FENCE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~) *$)", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NOTEBOOK_LINK = re.compile(r"\]\(([\w-]+)\.ipynb(#[\w.-]+)?\)")
NOTEBOOK_NAME = re.compile(r"(?<!\[)`(\d\d_\w+)`(?!\])")
TARGET = re.compile(r"^\(([\w.-]+)\)=", re.MULTILINE)
RETURNS = re.compile(r"^[^#\n]*\) *(?:->[^:#]*)?: *# *-> *(.*)$", re.MULTILINE)
IMPORTED = re.compile(r"^from mlp_from_scratch\.(\w+) import", re.MULTILINE)
CALLOUT = re.compile(r"^(:{3,}) *\{\.callout-(note|tip|warning|caution|important)[^}]*\}\n(?:#+ *(.+)\n)?", re.MULTILINE)
EQUATION = re.compile(r"\$\$ *\{#(eq-[\w-]+)\}")
REFERENCE = re.compile(r"(?<![\w`])@(eq|fig)-([\w-]*\w)")
GITHUB = "https://github.com/{user}/{repo}/blob/{branch}/"
COLAB = "https://colab.research.google.com/github/{user}/{repo}/blob/{branch}/nbs/{name}.ipynb"
LITE = "lite/notebooks/index.html?path=nbs/{name}.ipynb"


class Site:
    "What one page must know about the others: the pages by notebook, and what has a link target."
    def __init__(self, settings):
        self.settings = settings
        self.github = GITHUB.format(user=settings.user, repo=settings.repo, branch=settings.branch)
        self.doclink = re.compile(re.escape(f"]({settings.doc_host}{settings.doc_baseurl}/") + r"([\w-]+)\.html(?:#([\w.-]+))?\)")
        self.pages = {}                                                     # notebook's name -> page's name
        self.titles = {}                                                    # page's name -> its title
        self.targets = set()                                                # "module-name", lower case, in the notebooks

    def link(self, page, anchor):
        "Where a link of nbdev's leads: the entry of a function or class, else its class, else the page."
        for name in (anchor, anchor and anchor.split(".")[0]):
            if f"{page}-{name}" in self.targets: return f"](#{page}-{name})"
        return f"]({page}.ipynb)"


# Markdown

def adapt_markdown(text, page, site):
    "Links between notebooks, from nbdev and to the repository lead to the right place, and what only Quarto knows is MyST; code fences stay."
    parts = FENCE.split(COMMENT.sub("", text))
    return "".join(part if i % 2 else _adapt_quarto(_adapt_links(part, site), page) for i, part in enumerate(parts)).strip()


def _adapt_links(text, site):
    text = site.doclink.sub(lambda found: site.link(found[1], (found[2] or "").lower()), text)
    text = NOTEBOOK_NAME.sub(lambda found: f"[{found[0]}]({found[1]}.ipynb)" if found[1] in site.pages else found[0], text)
    text = NOTEBOOK_LINK.sub(lambda found: f"]({site.pages.get(found[1], found[1])}.ipynb{found[2] or ''})", text)
    return text.replace("](../", f"]({site.github}")


def _adapt_quarto(text, page):
    "Callouts, labels of equations, and references to equations and figures; a label holds within its page."
    def callout(found): return f"{found[1]}{{admonition}} {found[3] or found[2].title()}\n:class: {found[2]}\n\n"
    def reference(found): return f"{{eq}}`{page}-eq-{found[2]}`" if found[1] == "eq" else f"[the figure](#{page}-fig-{found[2]})"
    return REFERENCE.sub(reference, EQUATION.sub(rf"$$ ({page}-\1)", CALLOUT.sub(callout, text)))


def reading_minutes(cells):
    "Minutes to read the cells, at 200 words of prose or 30 lines of code a minute."
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    lines = sum(cell.source.count("\n") + 1 for cell in cells if cell.cell_type == "code")
    return max(1, round(words / 200 + lines / 30))


def title_cell(front, intro, facts):
    "The first cell of a page: title, one sentence, what to know before reading, and what the reader will learn."
    return f"# {front['title']}\n\n{{.lead}}\n{front['description']}\n\n{facts}\n\n{intro}".strip()


def needed_pages(notebook, page, site):
    "The other pages whose modules a notebook imports, in order."
    modules = {name for cell in notebook.cells if cell.cell_type == "code" for name in IMPORTED.findall(cell.source)}
    return [name for name in site.titles if name in modules - {page}]


def page_facts(name, page, notebook, minutes, site):
    "Reading time, the ways to open the notebook, and what it needs."
    settings = {key: getattr(site.settings, key) for key in ("user", "repo", "branch")}
    buttons = {"Run in your browser": LITE.format(name=name), "Open in Colab": COLAB.format(name=name, **settings),
               "View source": f"{site.github}nbs/{name}.ipynb"}
    links = "\n".join(f'<a class="button" href="{address}">{text}</a>' for text, address in buttons.items())
    if page == "index": links = START + links
    needed = ", ".join(f'<a href="{other}.html">{site.titles[other]}</a>' for other in needed_pages(notebook, page, site))
    return FACTS.format(minutes=minutes, links=links, needed=needed or "no other page", **settings)


FACTS = """<div class="facts">
<span>{minutes} min read</span>
{links}
<details>
<summary>What it needs</summary>
<p>Builds on: {needed}.</p>
<p>In your browser: nothing. Python and the data are fetched at the first visit.</p>
<p>In Colab: a first cell with <code>%pip install "mlp_from_scratch[dev] @ git+https://github.com/{user}/{repo}"</code>.</p>
<p>On your machine: Python 3.11 or newer, and in a clone <code>pip install -e ".[dev]"</code>.</p>
</details>
</div>"""


START = """<a class="button first" href="foundations.html">Start reading</a>
<a class="button" href="draw-a-digit.html">Draw a digit</a>
<a class="button" href="results.html">See what comes out</a>
"""


def split_title(text):
    "What the first cell says below its title and its one sentence; nbdev leaves that out."
    return re.sub(r"\A# .*\n+(> .*\n?)*", "", text).strip()


# Entries of the API

def default_text(value):
    "A default value as a reader would write it."
    if value is inspect.Parameter.empty: return ""
    if type(value).__name__ == "_HAS_DEFAULT_FACTORY_CLASS": return "=..."
    return f"={getattr(value, '__name__', None) or repr(value)}"


def signature(function):
    "The parameters in brackets, with defaults and without annotations."
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    return "(" + ", ".join(marks.get(p.kind, "") + p.name + default_text(p.default) for p in parameters) + ")"


def fields(function):
    "One line a parameter and one for what comes back, from the comments in the signature."
    notes = docments(function, full=True, returns=False)
    found = [f":param {name}: {note['docment']}" for name, note in notes.items() if note["docment"] and name != "self"]
    source = inspect.getsource(getattr(function, "__wrapped__", function))
    returned = None if inspect.isclass(function) else RETURNS.search(source)
    return "\n".join(" ".join(line.split()) for line in found + ([f":returns: {returned[1]}"] if returned else []))


def directive(kind, head, options, body, depth):
    "A MyST directive; an outer one needs a longer fence than what it holds."
    fence = "`" * (3 + depth)
    lines = [f"{fence}{{{kind}}} {head}", *(f":{key}: {value}".rstrip() for key, value in options.items()), "", body, fence]
    return "\n".join(lines)


def members(cls):
    "The public methods and properties that a class itself defines and documents."
    own = {name: getattr(cls, name) for name in vars(cls) if not name.startswith("_")}
    return {name: value for name, value in own.items() if value.__doc__ and (inspect.isroutine(value) or isinstance(value, property))}


def member_entry(name, value, options):
    "A method or property inside the entry of its class."
    if isinstance(value, property): return directive("py:property", name, options, inspect.getdoc(value), 1)
    if inspect.ismethod(value): options = {**options, "classmethod": ""}
    return directive("py:method", name + signature(value), options, f"{inspect.getdoc(value)}\n\n{fields(value)}", 1)


def entry(thing, options=(), note=""):
    "A function or class: signature, what it does, each parameter, what comes back; for a class its methods, too."
    is_class, options = inspect.isclass(thing), dict(options)
    body = "\n\n".join([inspect.getdoc(thing) or "", fields(thing), note])
    if is_class: body += "\n\n" + "\n\n".join(member_entry(name, value, options) for name, value in members(thing).items())
    return directive("py:class" if is_class else "py:function", thing.__name__ + signature(thing), options, body, 2)


def public_names(source):
    "The functions and classes that a piece of code defines, without those that start with an underscore."
    definitions = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in ast.parse(source).body if isinstance(node, definitions) and not node.name.startswith("_")]


# Notebooks

def directives(source):
    "The `#|` lines of a cell as a dict, and the code without them."
    return {key: yaml.safe_load(value) if value else True for key, value in DIRECTIVE.findall(source)}, DIRECTIVE.sub("", source)


def markdown_cell(source): return nbformat.v4.new_markdown_cell(source)


def code_cell(cell, page):
    "A code cell with its directives in the form that MyST-NB knows: tags, and a figure with caption, alt text and target."
    options, source = directives(cell.source)
    tags = ["remove-input"] if options.get("echo") is False else []
    if "code-fold" in options: tags.append("exported" if options["code-fold"] == "show" else "hide-input")
    if "fig-alt" not in options and any("image/png" in output.get("data", {}) for output in cell.outputs):
        raise ValueError(f"The page {page} has a figure without alternative text. Add a line `#| fig-alt: \"...\"` to its cell:\n{source}")
    myst = {}
    if "fig-cap" in options: myst["figure"] = {"caption": options["fig-cap"], "name": f"{page}-{options['label']}"}
    if "fig-alt" in options: myst["image"] = {"alt": options["fig-alt"]}
    return nbformat.v4.new_code_cell(source.strip(), outputs=cell.outputs, metadata={"tags": tags, "mystnb": myst})


def notebook_entry(name, module, site):
    "An entry in the notebook where it is derived, with a target for links."
    thing = getattr(importlib.import_module(f"{site.settings.lib_name}.{module}"), name)
    return markdown_cell(f"({module}-{name.lower()})=\n{entry(thing, {'no-index': ''})}")


def adapt_cell(cell, page, exported, site):
    "The cells that take the place of one cell of nbdev's."
    if cell.cell_type == "raw": return []
    if cell.cell_type == "markdown":
        text = adapt_markdown(cell.source, page, site)
        return [markdown_cell(text)] if text else []
    shown = SHOW_DOC.search(cell.source)
    if shown: return [] if shown[1] in exported else [notebook_entry(shown[1], page, site)]
    return [notebook_entry(name, page, site) for name in exported_names(cell)] + [code_cell(cell, page)]


def exported_names(cell):
    "The public functions and classes of a cell that nbdev exports."
    options, source = directives(cell.source) if cell.cell_type == "code" else ({}, "")
    return public_names(source) if "code-fold" in options else []


def page_names(notebook):
    "The functions and classes that have an entry in a notebook: those of exported cells, and those shown by `show_doc`."
    exported = [name for cell in notebook.cells for name in exported_names(cell)]
    return exported + [name for cell in notebook.cells if cell.cell_type == "code" for name in SHOW_DOC.findall(cell.source)]


def adapt_notebook(notebook, original, name, site):
    "A notebook of nbdev's as a page: title, reading time, entries of the API, figures, links."
    front, page = front_matter(notebook), site.pages[name]
    exported = {name for cell in notebook.cells for name in exported_names(cell)}
    cells = [new for cell in notebook.cells for new in adapt_cell(cell, page, exported, site)]
    intro = adapt_markdown(NbdevLookup().linkify(split_title(original.cells[0].source)), page, site)
    minutes = reading_minutes([markdown_cell(intro), *notebook.cells])
    cells.insert(0, markdown_cell(title_cell(front, intro, page_facts(name, page, original, minutes, site))))
    language = {"name": "python", "pygments_lexer": "ipython3"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": language})


def targets(notebook):
    "The link targets that a page defines, in its text and by its figures."
    texts = [target for cell in notebook.cells if cell.cell_type == "markdown" for target in TARGET.findall(FENCE.sub("", cell.source))]
    figures = [cell.metadata.get("mystnb", {}).get("figure") for cell in notebook.cells]
    return texts + [figure["name"] for figure in figures if figure]


def check_targets(pages):
    "Raise `ValueError` if a link target is defined twice: Sphinx says nothing where no heading follows it."
    seen = {}
    for page, notebook in pages.items():
        for target in targets(notebook):
            if target in seen: raise ValueError(f"The link target `{target}` is defined in the page {seen[target]} and in the page {page}. Rename one.")
            seen[target] = page


def front_matter(notebook):
    "Title, description and name of the page, which nbdev writes into the first cell."
    return yaml.safe_load(notebook.cells[0].source.strip().strip("-"))


# Pages that are not notebooks

def toctree(sections):
    "The order of the pages, for the sidebar and for previous and next."
    return "\n\n".join(directive("toctree", "", {"hidden": "", "caption": caption}, "\n".join(pages), 0) for caption, pages in sections)


def sidebar_sections(sidebar, site):
    "Captions and pages from nbdev's sidebar.yml, then the reference."
    sections = [item for item in sidebar["website"]["sidebar"]["contents"] if isinstance(item, dict)]
    pages = [(item["section"], [site.pages.get(Path(file).stem, file) for file in item["contents"]]) for item in sections]
    return [("See", ["draw-a-digit", "results"]), *pages, ("Reference", ["api", "benchmarks", "changelog"])]


def api_page(modules, site):
    "Every public function and class, module by module, each with a link to where it is derived."
    parts = ["# API", "{.lead}\nEvery public function and class. `from mlp_from_scratch.all import *` brings them all."]
    for name, title in modules.items():
        module = importlib.import_module(f"{site.settings.lib_name}.{name}")
        parts.append(f"## {name}\n\n`{module.__name__}`, derived in [{title}]({name}.ipynb): {inspect.getdoc(module)}")
        things = [getattr(module, thing) for thing in module.__all__]
        parts += [entry(thing, {"module": module.__name__}, derived(thing, name, site))
                  for thing in things if inspect.isclass(thing) or inspect.isfunction(thing)]
    return "\n\n".join(parts) + "\n"


def derived(thing, page, site):
    "A link from the API to the place in the notebook, if the thing has an entry there."
    target = f"{page}-{thing.__name__.lower()}"
    return f"[Where it is derived](#{target})" if target in site.targets else ""


def benchmark_table(rows, labels):
    "Milliseconds of one task, a line per model and batch size, a column per contestant; the fastest in bold."
    contestants = list(dict.fromkeys(row["contestant"] for row in rows))
    times = {}
    for row in rows: times.setdefault((row["model"], row["batch_size"]), {})[row["contestant"]] = 1e3 * float(row["min_s"])
    lines = ["| model | batch size | " + " | ".join(labels[name] for name in contestants) + " |", "|---|--:|" + "--:|" * len(contestants)]
    for (model, size), found in times.items():
        cells = [format_time(found.get(name), min(found.values())) for name in contestants]
        model = model.replace("-", "\u2011")                                # a hyphen at which no line breaks
        lines.append(f"| {model} | {int(size):,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def format_time(milliseconds, best):
    "Three digits; the best in bold, a missing one empty."
    if milliseconds is None: return ""
    text = f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"
    return f"**{text}**" if milliseconds == best else text


def benchmarks_page(folder):
    "The charts of `benchmarks/results`, and their numbers as tables."
    rows = read_csv(folder / "results" / "compare.csv")
    labels = {name: contestant.label for name, contestant in runpy.run_path(str(folder / "peers.py"))["CONTESTANTS"].items()}
    tables = {task: benchmark_table([row for row in rows if row["task"] == task], labels) for task in ("train", "predict")}
    return BENCHMARKS.format(**tables, **rows[0])


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file: return list(csv.DictReader(file))


BENCHMARKS = """# Benchmarks

{{.lead}}
This package beside PyTorch, JAX and scikit-learn: the same data, initial weights and order of samples, and after each epoch the same loss to 1e-4.

Measured on {processor} with {cores} cores, Python {python}, NumPy {numpy}, {blas}, {threads} threads. Each time is the least of {rounds} rounds.
Your own machine: `pip install -e ".[bench]" && python benchmarks/compare.py`. [Speed](speed.ipynb) explains what makes a step fast.

```{{figure}} benchmarks/compare.png
:alt: Two panels, one per model. The time of one epoch over the batch size, a line per library; all fall as batches grow.

Time of one epoch over the batch size, 60,000 samples.
```

```{{figure}} benchmarks/scale.png
:alt: Three panels. Time over the number of hidden units, time per sample over the number of samples, memory over the number of samples; a line per library.

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
The experiment report, as `mlp_report` writes it: every run the course asks for, its plots, and what they mean.

<div class="facts">
<a class="button" href="report/report.pdf">Open the PDF</a>
<a class="button" href="report/report.html">Open the HTML page</a>
<a class="button" href="report/results.csv">The numbers as CSV</a>
</div>

<iframe class="report" src="report/report.html" title="The experiment report" loading="lazy"></iframe>

[Report](report.ipynb) shows how it is made.
"""


def draw_page():
    "The page to draw digits on: the same body as `mlp_draw` writes, with its files in the folder draw/."
    body = (DRAW_PAGE / "draw.body.html").read_text(encoding="utf-8").replace('data-weights="', 'data-weights="draw/')
    return f"{DRAW}\n{directive('raw', 'html', {}, body, 0)}\n"


DRAW = """# Draw a digit

{.lead}
And watch the numbers on their way through both networks: from your ink to ten probabilities. [Drawn digits](draw.ipynb) derives each step.

<link rel="stylesheet" href="draw/draw.css"><script src="draw/draw.js" defer></script>
"""


def write_pages(root, processed, target):
    "Write all that Sphinx reads below `target`: the processed notebooks of `root`, and the pages beside them. Returns what they know."
    site = Site(get_config(path=root))
    sidebar = yaml.safe_load((root / "nbs" / "sidebar.yml").read_text(encoding="utf-8"))
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(processed.glob("*.ipynb"))}
    site.pages = {name: Path(front_matter(notebook)["output-file"]).stem for name, notebook in notebooks.items()}
    site.titles = {site.pages[name]: front_matter(notebook)["title"] for name, notebook in notebooks.items()}
    site.targets = {f"{site.pages[name]}-{thing.lower()}" for name, notebook in notebooks.items() for thing in page_names(notebook)}
    sections = sidebar_sections(sidebar, site)

    originals = {name: nbformat.read(root / "nbs" / f"{name}.ipynb", as_version=4) for name in notebooks}
    pages = {site.pages[name]: adapt_notebook(notebook, originals[name], name, site) for name, notebook in notebooks.items()}
    pages["index"].cells.append(markdown_cell(toctree(sections)))
    check_targets(pages)

    target.mkdir(parents=True)
    for page, notebook in pages.items(): nbformat.write(notebook, target / f"{page}.ipynb")
    derived_in = {site.pages[name]: site.titles[site.pages[name]] for name, notebook in notebooks.items() if page_names(notebook)}
    (target / "api.md").write_text(api_page(derived_in, site), encoding="utf-8")
    shutil.copytree(root / "benchmarks" / "results", target / "benchmarks")
    (target / "benchmarks.md").write_text(benchmarks_page(root / "benchmarks"), encoding="utf-8")
    shutil.copy(root / "CHANGELOG.md", target / "changelog.md")
    for name, text in (("results", RESULTS), ("draw-a-digit", draw_page())): (target / f"{name}.md").write_text(text, encoding="utf-8")
    return site
