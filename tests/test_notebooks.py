"""What every notebook must have, and the modules that come from them."""
import ast
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastcore.docments import docments

import mlp_from_scratch.all as package
from run_notebook import read_cells

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "nbs").glob("*.ipynb"))
NUMBERED = [path for path in NOTEBOOKS if path.name[:2].isdigit()]
WIDTH = 88
FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1", re.DOTALL | re.MULTILINE)
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_numbered = pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)


def code_cells(path):
    return [source for kind, source in read_cells(path) if kind == "code"]


def prose(path):
    return "\n\n".join(source for kind, source in read_cells(path)
                       if kind == "markdown")


# --- how it looks

@each
def test_no_line_of_code_is_wider_than_the_page(path):
    blocks = code_cells(path) + [match[2] for match in FENCE.finditer(prose(path))]
    lines = [line for block in blocks for line in block.splitlines()]
    wide = [line for line in lines if len(line) > WIDTH and not line.startswith("#|")]
    assert not wide, f"{len(wide)} lines:\n" + "\n".join(wide)


@each
def test_headings_do_not_jump(path):
    text = FENCE.sub("", prose(path))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


@each_numbered
def test_the_shape_of_a_notebook(path):
    """The start page, which is all map and no derivation, has only what every notebook
    has."""
    assert re.match(r"# .+\n\n> .+\.\n\nAfter this notebook you can",
                    read_cells(path)[0][1])
    text = FENCE.sub("", prose(path))
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    end = ["What real libraries do differently", "Wrong arguments", "Summary",
           "Exercises"]
    if "Wrong arguments" not in sections: end.remove("Wrong arguments")
    if path.stem.startswith("00"): end = end[-1:]
    assert sections[-len(end):] == end
    exercises = text.split("## Exercises")[1]
    asked = len(re.findall(r"^\*\*\d+\.\*\* ", exercises, re.MULTILINE))
    assert exercises.count("<summary>Solution</summary>") == asked >= 1
    assert exercises.count("</details>") == asked


# --- its cells

def is_import(node): return isinstance(node, (ast.Import, ast.ImportFrom))


@each
def test_imports_stand_in_cells_of_their_own(path):
    for source in code_cells(path):
        if "#| code-fold: true" in source: continue         # more checks, with pytest
        kinds = {is_import(node) for node in ast.parse(source).body}
        assert len(kinds) < 2, source


@each
def test_no_cell_serves_nbdev(path):
    for source in code_cells(path):
        assert not re.search(r"nbdev_export\(|nbdev\.showdoc|#\| *eval: *false",
                             source), source


@each
def test_ids_and_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    for cell in cells:
        assert "".join(cell["source"]).strip(), f"{cell['id']} is empty"
        if cell["cell_type"] != "code": continue
        code, outputs = "".join(cell["source"]), cell["outputs"]
        assert not any(output["output_type"] == "error" for output in outputs), code
        if any("image/png" in output.get("data", {}) for output in outputs):
            for directive in ("label", "fig-cap", "fig-alt"):
                assert f"#| {directive}: " in code, code
        # in the letters of a picture, any word can stand by chance
        shown = re.sub(r'"image/png": "[^"]*"', "", json.dumps(outputs))
        private = r"/(tmp|home|root|work|Users)/|0x[0-9a-f]{8}|Warning"
        assert not re.search(private, shown), shown[:500]


# --- where it runs

@pytest.mark.parametrize("folder", [ROOT, ROOT / "nbs"], ids=["root", "nbs"])
def test_it_runs_from_the_repository_too(folder):
    """Each one has run alone in an empty folder: see nbs/conftest.py.

    The rest is alike for all."""
    [path] = [path for path in NUMBERED if path.stem.endswith("_activations")]
    command = [sys.executable, ROOT / "tests" / "run_notebook.py", path]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          timeout=300)
    assert done.returncode == 0, done.stderr


# --- its module

def module_of(path):
    "The module that a notebook exports, or None."
    match = re.search(r"^#\| default_exp (\w+)$", "\n".join(code_cells(path)),
                      re.MULTILINE)
    return match and match[1]


def imported(source):
    "The package's modules that this code imports, at the top or inside of functions."
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{package.__package__}.{node.module or ''}" if node.level
                     else node.module]
        else: continue
        for name in names:
            if name.startswith(f"{package.__package__}."): yield name.split(".")[1]


def exports(path, name):
    "Whether the notebook's module imports another one."
    return any("#| export" in source and name in imported(source)
               for source in code_cells(path))


MODULES = {module_of(path): path.stem for path in NUMBERED if module_of(path)}


def test_every_module_comes_from_a_notebook():
    files = {path.stem for path in (ROOT / "mlp_from_scratch").glob("[!_]*.py")}
    assert files - {"all"} == MODULES.keys()


@each_numbered
def test_it_needs_no_later_notebook(path):
    """Neither its cells nor its module; but exercises may use the checker. The start
    page shows what is to come."""
    if path.stem.startswith("00"): pytest.skip("the start page uses the package")
    for name in imported("\n\n".join(code_cells(path))):
        assert name in MODULES, f"{path.stem} imports {name}"
        if name == "check" and not exports(path, name): continue    # for its exercises
        assert MODULES[
            name] <= path.stem, f"{path.stem} imports {name}, which is {MODULES[name]}"


PUBLIC = {name: getattr(package, name) for name in package.__all__}
DOCUMENTED = [name for name, value in PUBLIC.items() if callable(value)]


def methods(value):
    """(name, function) of the public methods that a class defines, unless it has them
    from a base."""
    if not inspect.isclass(value): return
    for name, function in vars(value).items():
        function = getattr(function, "__func__", function)          # of a class method
        inherited = any(name in vars(base) for base in value.__mro__[1:])
        if inspect.isfunction(function) and not name.startswith("_") and not inherited:
            yield name, function


@pytest.mark.parametrize("name", DOCUMENTED)
def test_what_is_public_is_documented(name):
    value = PUBLIC[name]
    parts = [(name, value), *((f"{name}.{method}", f) for method, f in methods(value))]
    for title, function in parts:
        assert inspect.getdoc(function), title
        if inspect.isclass(function) and issubclass(function, Exception): continue
        for parameter, notes in docments(function, full=True, returns=False).items():
            if parameter in ("self", "cls"): continue
            # a command's options explain themselves
            if name.startswith("mlp_"): continue
            # docments sees no comment
            if notes.kind is inspect.Parameter.VAR_KEYWORD: continue
            # a setting explains itself
            if parameter in package.SETTINGS and name == "Config": continue
            assert notes.docment, f"{title}({parameter})"
