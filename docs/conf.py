"""Sphinx's settings for the site that `docs/build.py` builds."""
from configparser import ConfigParser
from pathlib import Path

from docutils import nodes

here = Path(__file__).parent
config = ConfigParser()
config.read(here.parent / "settings.ini", encoding="utf-8")
settings = config["DEFAULT"]
sources = here.parent / "build" / "site" / "sources"

project = html_title = settings["title"]
author, copyright, version = settings["author"], settings["copyright"], settings["version"]
language = "en"
highlight_language = "text"                                 # of fences that name none; cells are Python
smartquotes_action = "D"                                    # dashes only: quotes around values are code
extensions = ["myst_nb", "sphinx.ext.mathjax", "sphinx_copybutton"]
exclude_patterns = ["_mathjax"]
toc_object_entries_show_parents = "hide"
add_module_names = False

nb_execution_mode = "off"                                   # the outputs are those stored in the notebooks
nb_render_markdown_format = "myst"
nb_ipywidgets_js = {}                                       # nothing here needs them, and they would come from a CDN
myst_enable_extensions = ["dollarmath", "fieldlist", "attrs_block", "colon_fence"]
myst_dmath_double_inline = True

html_theme = "furo"
html_theme_options = {f"{scheme}_css_variables": {"color-brand-primary": line, "color-brand-content": link, "color-brand-visited": link, "color-api-name": link,
                                                  "color-code-background": code}
                      for scheme, line, link, code in [("light", "#0072B2", "#0067a3", "#f6f8fa"), ("dark", "#56B4E9", "#56B4E9", "#1c2027")]}
html_static_path = [str(here / "static"), str(sources / "_mathjax")]
html_extra_path = [str(here.parent / "build" / "site" / "extra")]
html_favicon = str(here / "static" / "icon.svg")
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
pygments_style, pygments_dark_style = "github-light-high-contrast", "github-dark-high-contrast"     # these come with Furo

mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}        # the menu would load parts that the site doesn't carry


def keep_display_math(app, doctree):
    r"Formulas go to MathJax as written: Sphinx would put those with `\\` into a `split`, which allows no `\tag`."
    for block in doctree.findall(nodes.math_block):
        if block.get("label"): continue                     # numbered by Sphinx
        block["no-wrap"] = True
        block.children = [nodes.Text(rf"\[{block.astext()}\]")]


def add_heading_levels(app, page, template, context, doctree):
    "The captions in the sidebar are headings; screen readers need to know of which level."
    if tree := context.get("furo_navigation_tree"): context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app):
    app.connect("doctree-read", keep_display_math)
    app.connect("html-page-context", add_heading_levels, priority=900)     # after Furo has made the sidebar
