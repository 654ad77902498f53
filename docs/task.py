"""Copies the assignment's notebook into the package, without outputs:
`python docs/task.py`."""
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TARGET = (ROOT / folder / "task.ipynb"
                  for folder in ("nbs", "mlp_from_scratch/task"))


def packed():
    "The text of the copy."
    notebook = json.loads(SOURCE.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "code": cell |= {"execution_count": None, "outputs": []}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__": TARGET.write_text(packed(), encoding="utf-8")
