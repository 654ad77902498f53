"""JupyterLab folds the cells that `#| code-fold: true` folds on the site:
`python docs/folding.py` says so in the metadata of all notebooks."""
import re

import nbformat
from nbdev.config import get_config

from mlp_from_scratch.files import atomic_write

FOLDED = re.compile(r"^#\| *code-fold: *true *$", re.MULTILINE)


def fold(notebook):
    "Fold those cells, and no others; returns the notebook."
    for cell in notebook.cells:
        cell.metadata.pop("jupyter", None)
        if cell.cell_type == "code" and FOLDED.search(cell.source):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def fold_all():
    "Fold the cells of all notebooks."
    for path in sorted(get_config().nbs_path.glob("[!_.]*.ipynb")):
        before = path.read_text(encoding="utf-8")
        after = nbformat.writes(fold(nbformat.reads(before, as_version=4))) + "\n"
        if after == before: continue
        with atomic_write(path) as part: part.write_text(after, encoding="utf-8")


if __name__ == "__main__": fold_all()
