"""The repository as a whole: what importing costs, what the notebooks must have, and that what is generated is up to date."""
import inspect
import json
import re
import runpy
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import nbdev.quarto
import pytest
from fastcore.docments import docments
from nbdev.config import get_config

import mlp_from_scratch.all as package

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "nbs").glob("*.ipynb"))
NUMBERED = [path for path in NOTEBOOKS if path.name[:2].isdigit()]


def cells(path): return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell): return "".join(cell["source"])


def test_importing_loads_nothing_heavy():
    code = "import sys, mlp_from_scratch.all; print(*{'matplotlib', 'pooch', 'requests', 'yaml', 'tabulate', 'nbdev', 'IPython'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")


def test_it_imports_where_python_has_no_processes():
    "As in a browser, where fastcore.script can't be imported, and neither can pooch."
    code = ("import sys; sys.modules.update({'fastcore.script': None, 'pooch': None, 'joblib': None}); "
            "from mlp_from_scratch.all import *; print(center_digit(draw_strokes([[(30, 20), (80, 90)]])).shape, load_dataset())")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.startswith("(28, 28) Dataset mnist"), done.stderr


def test_a_module_imports_only_lower_numbered_ones():
    order = [path.stem[3:] for path in NUMBERED if "#| default_exp" in path.read_text(encoding="utf-8")]
    for name in order:
        imported = re.findall(r"^from \.(\w+) import", (ROOT / "mlp_from_scratch" / f"{name}.py").read_text(), re.MULTILINE)
        assert all(order.index(other) < order.index(name) for other in imported), name


def test_readme_is_what_the_index_says():
    text, pictures = runpy.run_path(str(ROOT / "docs" / "readme.py"))["readme"]()
    assert (ROOT / "README.md").read_text(encoding="utf-8") == text, "run: python docs/readme.py"
    for path, content in pictures.items(): assert (ROOT / "nbs" / path).read_bytes() == content, path
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text): assert (ROOT / target).exists(), target


def test_the_public_address_comes_from_settings():
    config = get_config()
    values = {key: config[key] for key in ("title", "description", "branch", "git_url", "doc_host", "doc_baseurl")}
    assert (ROOT / "nbs" / "nbdev.yml").read_text() == nbdev.quarto._nbdev_yml.format(doc_path=config.doc_path.name, **values)
    hand_written = [ROOT / "setup.py", *ROOT.glob("nbs/*.ipynb"), *ROOT.glob("docs/*.py"), *ROOT.glob("tests/*.py"), ROOT / "nbs" / "_quarto.yml"]
    for path in hand_written: assert f"{config.user}/" not in path.read_text(encoding="utf-8"), path


def test_the_sidebar_lists_every_notebook():
    listed = re.findall(r"- (\w+\.ipynb)", (ROOT / "nbs" / "sidebar.yml").read_text())
    assert sorted(listed) == [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_the_shape_of_a_notebook(path):
    all_cells = cells(path)
    text = "\n".join(source(cell) for cell in all_cells if cell["cell_type"] == "markdown")
    assert re.match(r"# .+\n\n> .+\.\n\nAfter this notebook you can", source(all_cells[0]))
    headings = re.findall(r"^(#+) (.+)$", re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    assert [title for level, title in headings if level == "##"][-3:] == ["What real libraries do differently", "Summary", "Exercises"]
    levels = [len(level) for level, _ in headings]
    assert levels.count(1) == 1 and all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    exercises = text.split("## Exercises")[1]
    assert exercises.count("<summary>Solution</summary>") == exercises.count("</details>") == len(re.findall(r"^\*\*\d+\.\*\* ", exercises, re.MULTILINE)) >= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_cells_of_a_notebook(path):
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids)
    for cell in cells(path):
        if cell["cell_type"] != "code": continue
        code, outputs = source(cell), cell["outputs"]
        assert "eval: false" not in code and not any(output["output_type"] == "error" for output in outputs), code
        if any("image/png" in output.get("data", {}) for output in outputs):
            for directive in ("label", "fig-cap", "fig-alt"): assert f"#| {directive}: " in code, code
        shown = json.dumps(outputs)
        assert not re.search(r"/(tmp|home|root|work|Users)/|0x[0-9a-f]{8}|Warning", shown), shown[:500]


def test_the_stored_times_are_those_the_notebook_asks_for():
    text = "\n".join(source(cell) for cell in cells(ROOT / "nbs" / "12_speed.ipynb") if cell["cell_type"] == "code")
    asked = {re.sub(r"\{.+?\}", "*", name) for name in re.findall(r'\b(?:measured|timed|compare)\(f?"([^"]+)"', text)}
    stored = json.loads((ROOT / "benchmarks" / "results" / "speed.json").read_text(encoding="utf-8"))
    matches = [(name, pattern) for name in stored for pattern in asked if fnmatch(name, pattern)]
    assert {name for name, _ in matches} == set(stored) and {pattern for _, pattern in matches} == asked, "run: python docs/execute.py --measure 12_speed"


PUBLIC = {name: getattr(package, name) for name in package.__all__}


@pytest.mark.parametrize("name", [name for name, value in PUBLIC.items() if callable(value)])
def test_every_public_function_is_documented(name):
    value = PUBLIC[name]
    assert inspect.getdoc(value), name
    for parameter, notes in docments(value, full=True, returns=False).items():
        if parameter == "self" or name.startswith("mlp_"): continue  # the options of a command document themselves
        if notes.kind is inspect.Parameter.VAR_KEYWORD: continue     # docments don't see their comments
        assert notes.docment, f"{name}({parameter})"
