"""Sphinx's settings for the site that `docs/build.py` builds."""
import re
from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from nbdev.config import get_config

here = Path(__file__).parent
settings = get_config(path=here.parent)

project = html_title = settings.title
author, copyright = settings.author, settings.copyright
version = settings.version
language = "en"
highlight_language = "text"                                 # of fences that name none
smartquotes_action = "D"                                    # dashes only
extensions = ["myst_nb", "sphinx_copybutton", "notfound.extension", "sphinx_sitemap",
              "sphinxext.opengraph"]
toc_object_entries_show_parents = "hide"
add_module_names = False

nb_execution_mode = "off"                                   # outputs are as stored
nb_render_markdown_format = "myst"
nb_ipywidgets_js = {}                                       # they would come from a CDN
myst_enable_extensions = ["dollarmath", "fieldlist", "attrs_block", "colon_fence"]
myst_dmath_double_inline = True

html_theme = "furo"
html_theme_options = {
    f"{scheme}_css_variables": {
        "color-brand-primary": line, "color-brand-content": link,
        "color-brand-visited": link, "color-api-name": link,
        "color-code-background": code}
    for scheme, line, link, code in [("light", "#0072B2", "#0067a3", "#f6f8fa"),
                                     ("dark", "#56B4E9", "#56B4E9", "#1c2027")]}
html_static_path = [str(here / "static")]
html_extra_path = [str(here.parent / "build" / "site" / "extra")]
html_favicon = str(here / "static" / "icon.svg")
html_css_files = ["math.css", "site.css"]
html_math_renderer = "as_written"                          # typeset.py does the rest
html_js_files = [("site.js", {"defer": "defer"})]
html_baseurl = f"{settings.doc_host}{settings.doc_baseurl}/"
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "search.html", "genindex.html"]
notfound_urls_prefix = f"{settings.doc_baseurl}/"
notfound_context = {"title": "Not found", "body": """<h1>Not found</h1>
<p>There is no page of this name. The sidebar lists all that there are.</p>
"""}
ogp_site_url = html_baseurl
ogp_image = f"{html_baseurl}preview.png"
ogp_image_alt = "Learning curves of a two-layer network, and digits that it misread"
ogp_social_cards = {"enable": False}
html_copy_source = False
html_show_sourcelink = False
pygments_style = "github-light-high-contrast"               # both come with Furo
pygments_dark_style = "github-dark-high-contrast"


def hide_formulas(app, doctree):
    "The search does not index TeX, but titles keep their formulas."
    for kind in nodes.math, nodes.math_block:
        for formula in doctree.findall(kind):
            formula["tex"] = formula.astext()
            if not isinstance(formula.parent, nodes.title): formula.children = []


def write_formula(translator, node):
    kind = "div" if isinstance(node, nodes.math_block) else "span"
    translator.body.append(f'<{kind} class="math">{escape(node["tex"])}</{kind}>')
    raise nodes.SkipNode


def add_heading_levels(app, page, template, context, doctree):
    "The captions in the sidebar are headings; screen readers need to know their level."
    if tree := context.get("furo_navigation_tree"):
        context["furo_navigation_tree"] = tree.replace(
            'role="heading"', 'role="heading" aria-level="2"')


def link_comments(app, page, template, context, doctree):
    "A comment in code that names a notebook leads there."
    def link(found):
        name = found[2]
        if name not in app.env.found_docs: return found[0]
        return f'<a href="{name}.html">{found[1]}{name}</a>'
    def links(found): return NOTEBOOK.sub(link, found[0])
    if body := context.get("body"): context["body"] = COMMENT.sub(links, body)


def keep_chain(app, page, template, context, doctree):
    "Previous and next lead through the notebooks in order; other pages stand beside."
    listed = ["index", *app.env.toctree_includes["index"]]
    chain = [name for name in listed if app.env.doc2path(name).suffix == ".ipynb"]
    def neighbor(offset):
        place = chain.index(page) + offset if page in chain else -1
        if not 0 <= place < len(chain): return None
        title = app.env.titles[chain[place]].astext()
        return {"link": f"{chain[place]}.html", "title": title}
    context |= {"prev": neighbor(-1), "next": neighbor(1)}


def add_contents(app, page, template, context, doctree):
    """Where a window has no room for them in the margin, the contents of a page stand
    folded below its title."""
    if page == "index" or context.get("furo_hide_toc", True): return
    found = FACTS.search(context["body"])
    if not found: return
    place = found.end()
    contents = (f'<details class="on-this-page"><summary>On this page</summary>'
                f'{context["toc"]}</details>')
    context["body"] = context["body"][:place] + contents + context["body"][place:]


FACTS = re.compile(r'<p class="lead">.*?</p>\s*(<div class="facts">.*?</div>)?',
                   re.DOTALL)


def add_widgets(app, page, template, context, doctree):
    "Each widget of a page brings its own script and style."
    for name in sorted(set(WIDGET.findall(context.get("body", "")))):
        app.add_js_file(f"widgets/{name}.js", defer="defer")
        app.add_css_file(f"widgets/{name}.css")


WIDGET = re.compile(r'data-widget="(\w+)"')
COMMENT = re.compile(r'<span class="c1">[^<]*</span>')
NOTEBOOK = re.compile(r"\b(\d\d_)(\w+)")


def begin_fold(translator, node):
    "Folded code stands behind the line that says what it is."
    summary = escape(node["prompt_show"])
    translator.body.append(f'<details class="fold"><summary>{summary}</summary>\n')


def end_fold(translator, node): translator.body.append("</details>\n")


def setup(app):
    app.add_html_math_renderer("as_written", (write_formula, None),
                               (write_formula, None))
    app.connect("doctree-read", hide_formulas)
    app.connect("html-page-context", link_comments)
    app.connect("html-page-context", add_widgets)
    app.connect("html-page-context", keep_chain)
    # after Furo has made the sidebar
    app.connect("html-page-context", add_contents, priority=900)
    app.connect("html-page-context", add_heading_levels, priority=900)
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(begin_fold, end_fold))
