"""Writes the map of all notebooks, with reading times, into 00_start:
`python docs/reading_map.py`."""
import re

import nbformat
import yaml
from nbdev.config import get_config

from mlp_from_scratch.files import atomic_write

START, MAP = "00_start", "map"                              # notebook, id of a cell
EVENING = ("14_data 20_activations 21_softmax 22_cross_entropy 31_softmax_regression "
           "33_two_layer_net 40_sgd 44_training main").split()
HEAD = re.compile(r"\A# (?P<title>.+)\n+> (?P<idea>.+)")


def reading_minutes(cells):
    "Minutes to read the cells, at 200 words of prose or 30 lines of code a minute."
    words = sum(len(cell.source.split())
                for cell in cells if cell.cell_type == "markdown")
    lines = sum(cell.source.count("\n") + 1
                for cell in cells if cell.cell_type == "code")
    return max(1, round(words / 200 + lines / 30))


def read_notebooks():
    "Part -> name -> notebook, in the order of the sidebar."
    folder = get_config().nbs_path
    sidebar = yaml.safe_load((folder / "sidebar.yml").read_text(encoding="utf-8"))
    sections = [item for item in sidebar["website"]["sidebar"]["contents"]
                if isinstance(item, dict)]
    def read(file): return nbformat.read(folder / file, as_version=4)
    return {item["section"]: {file.removesuffix(".ipynb"): read(file)
                              for file in item["contents"]} for item in sections}


def reading_map(parts):
    "The map as Markdown: a table of all notebooks by part, then two routes."
    lines, minutes = ["| notebook | the one idea | minutes |", "|---|---|---:|"], {}
    for part, notebooks in parts.items():
        lines.append(f"| **{part}** | | |")
        for name, notebook in notebooks.items():
            if name == START: continue                      # the reader is there
            minutes[name] = reading_minutes(notebook.cells)
            idea = HEAD.search(notebook.cells[0].source)["idea"]
            lines.append(f"| [{name}]({name}.ipynb) | {idea} | {minutes[name]} |")
    evening = ", ".join(f"`{name}`" for name in EVENING)
    hours = {"evening": sum(minutes[name] for name in EVENING) / 60,
             "all": sum(minutes.values()) / 60}
    return "\n".join([*lines, "",
        "The times count 200 words of prose or 30 lines of code a minute. Two routes:",
        "",
        f"- **The course in an evening**, {hours['evening']:.1f} hours: {evening}. "
        "Look things up in `01_gradients` as you need them.",
        f"- **Everything**, {hours['all']:.0f} hours: in the order of the numbers."])


def write_map():
    "Write the map into its cell."
    path = get_config().nbs_path / f"{START}.ipynb"
    text, parts = path.read_text(encoding="utf-8"), read_notebooks()
    notebook = nbformat.reads(text, as_version=4)
    cell, = [cell for cell in notebook.cells if cell.id == MAP]
    if cell.source == reading_map(parts): return
    cell.source = reading_map(parts)
    with atomic_write(path) as part:
        part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__": write_map()
