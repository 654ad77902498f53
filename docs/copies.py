"""Copies of the notebooks to run elsewhere: what only serves nbdev is left out, and the
package is installed first."""
import re

import nbformat

from adapter import COMMENT, NOTEBOOK_LINK, directives
from folding import fold

FOR_NBDEV = re.compile(r"^#\| *default_exp", re.MULTILINE)
INSTALL = """# In Colab, and wherever the package is missing
import importlib.util

if importlib.util.find_spec("mlp_from_scratch") is None:
    %pip install -q "mlp_from_scratch[dev] @ git+https://github.com/{user}/{repo}\""""


def clean_cells(notebook):
    "The cells without directives and comments, nor those that only serve nbdev."
    cells = [cell for cell in fold(notebook).cells if not FOR_NBDEV.search(cell.source)]
    for cell in cells:
        if cell.cell_type == "markdown": cell.source = COMMENT.sub("", cell.source)
        else:
            options, source = directives(cell.source)
            if summary := options.get("code-summary"): source = f"# {summary}\n{source}"
            cell.source = source
    return cells


def download(notebook, site):
    """The copy for Colab and for the reader's own disk: it keeps its outputs, and links
    lead to the pages of the site."""
    settings = site.settings
    names = {key: getattr(settings, key) for key in ("user", "repo", "branch")}
    pages = f"{settings.doc_host}{settings.doc_baseurl}"
    images = "https://raw.githubusercontent.com/{user}/{repo}/{branch}/nbs/images/"
    def page(found):
        text, name, anchor = found.groups()
        return f"[{text}]({pages}/{site.pages[name]}.html{anchor or ''})"
    first, *cells = clean_cells(notebook)
    for cell in (first, *cells):
        if cell.cell_type != "markdown": continue
        source = NOTEBOOK_LINK.sub(page, cell.source)
        cell.source = (source.replace("](images/", f"]({images.format(**names)}")
                       .replace("](../", f"]({site.github}"))
    install = nbformat.v4.new_code_cell(INSTALL.format(**names), id="install")
    return nbformat.v4.new_notebook(cells=[first, install, *cells],
                                    metadata=notebook.metadata)


def write_downloads(root, folder, site):
    "Put the copy of each notebook that has a page on `site` into `folder`."
    folder.mkdir(parents=True)
    for name in site.pages:
        notebook = nbformat.read(root / "nbs" / f"{name}.ipynb", as_version=4)
        nbformat.write(download(notebook, site), folder / f"{name}.ipynb")
