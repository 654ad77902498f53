"""Writes README.md, and the pictures in it, from nbs/index.ipynb:
`python docs/readme.py`. Needs nbdev, but no Quarto."""
import re

import nbformat
from nbconvert import MarkdownExporter
from nbdev.config import get_config

HIDDEN = re.compile(r"^#\| *(hide|export|default_exp)\b", re.MULTILINE)
ALT_TEXT = re.compile(r'^#\| *fig-alt: *"(.*)"$', re.MULTILINE)
DIRECTIVE = re.compile(r"^#\|.*\n", re.MULTILINE)
RELATIVE_LINK = re.compile(r"\]\((?!https?:|#|\.\./)")
BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


def readme():
    "The text of README.md, and its pictures: a dict from path below `nbs/` to content."
    settings = get_config()
    notebook = nbformat.read(settings.nbs_path / settings.readme_nb, as_version=4)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.cells = [cell for cell in notebook.cells
                      if cell.cell_type != "code" or not HIDDEN.search(cell.source)]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    alt_texts = [alt for cell in code for alt in ALT_TEXT.findall(cell.source)]
    for cell in code: cell.source = DIRECTIVE.sub("", cell.source)

    text, resources = MarkdownExporter().from_notebook_node(
        notebook, resources={"unique_key": "readme", "output_files_dir": "images"})
    for alt in alt_texts: text = text.replace("![png]", f"![{alt}]", 1)
    # links start from the root here, not from nbs/
    text = RELATIVE_LINK.sub("](nbs/", text).replace("](../", "](")
    text = BLANK_LINES.sub("\n\n", text).strip()
    note = f"Written by docs/readme.py from nbs/{settings.readme_nb}: edit that one."
    return f"<!-- {note} -->\n\n{text}\n", resources["outputs"]


def write_readme():
    "Write README.md and its pictures."
    root = get_config().config_path
    text, pictures = readme()
    (root / "README.md").write_text(text, encoding="utf-8")
    for path, content in pictures.items():
        (root / "nbs" / path).parent.mkdir(exist_ok=True)
        (root / "nbs" / path).write_bytes(content)


if __name__ == "__main__": write_readme()
