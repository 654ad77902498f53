"""The repository as a whole: what importing costs, and that what is generated is up to
date."""
import json
import re
import runpy
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import nbdev.quarto
import pytest
from nbdev.config import get_config
from run_notebook import read_cells

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "nbs").glob("*.ipynb"))


def test_importing_loads_nothing_heavy():
    code = ("import sys, mlp_from_scratch.all; print(*{'matplotlib', 'pooch', "
            "'requests', 'yaml', 'tabulate', 'nbdev', 'IPython'} & sys.modules.keys())")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")


def test_it_imports_where_python_has_no_processes():
    "As in a browser, where pooch can't be imported."
    code = (
        "import sys; sys.modules.update({'pooch': None, 'joblib': None}); "
        "from mlp_from_scratch.all import *; "
        "print(center_digit(draw_strokes([[(30, 20), (80, 90)]])).shape, "
        "load_dataset())")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0 and done.stdout.startswith(
        "(28, 28) Dataset mnist"), done.stderr


def test_readme_is_what_the_index_says():
    text, pictures = runpy.run_path(str(ROOT / "docs" / "readme.py"))["readme"]()
    assert (ROOT / "README.md").read_text(
        encoding="utf-8") == text, "run: python docs/readme.py"
    for path, content in pictures.items():
        assert (ROOT / "nbs" / path).read_bytes() == content, path
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_the_start_page_has_the_map_of_all_notebooks(monkeypatch):
    monkeypatch.chdir(ROOT)
    made = runpy.run_path(str(ROOT / "docs" / "reading_map.py"))
    text = made["reading_map"](made["read_notebooks"]())
    for path in NOTEBOOKS:
        if path.stem not in ("index", "00_start"):
            assert f"[{path.stem}]({path.name})" in text, path.stem
    assert text in [source
                    for _, source in read_cells(ROOT / "nbs" / "00_start.ipynb")], \
        "run: python docs/reading_map.py"


def test_the_public_address_comes_from_settings():
    config = get_config()
    values = {key: config[key] for key in ("title", "description", "branch", "git_url",
                                           "doc_host", "doc_baseurl")}
    assert (ROOT / "nbs" / "nbdev.yml").read_text() == nbdev.quarto._nbdev_yml.format(
        doc_path=config.doc_path.name, **values)
    hand_written = [ROOT / "setup.py", *ROOT.glob("nbs/*.ipynb"),
                    *ROOT.glob("docs/*.py"), *ROOT.glob("tests/*.py"),
                    ROOT / "nbs" / "_quarto.yml"]
    for path in hand_written:
        assert f"{config.user}/" not in path.read_text(encoding="utf-8"), path


def test_the_sidebar_lists_every_notebook():
    listed = re.findall(r"- (\w+\.ipynb)", (ROOT / "nbs" / "sidebar.yml").read_text())
    assert sorted(listed) == [path.name for path in NOTEBOOKS]


def test_the_stored_times_are_those_the_notebook_asks_for():
    [path] = [path for path in NOTEBOOKS
              if "benchmarks/results/speed.json" in path.read_text(encoding="utf-8")]
    text = "\n".join(source for kind, source in read_cells(path) if kind == "code")
    asked = {re.sub(r"\{.+?\}", "*", name)
             for name in re.findall(r'\b(?:measured|timed|compare)\(f?"([^"]+)"', text)}
    stored = json.loads(
        (ROOT / "benchmarks" / "results" / "speed.json").read_text(encoding="utf-8"))
    matches = [(name, pattern) for name in stored for pattern in asked
               if fnmatch(name, pattern)]
    run = f"run: python docs/execute.py --measure {path.stem}"
    assert {name for name, _ in matches} == set(stored), run
    assert {pattern for _, pattern in matches} == asked, run


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_no_line_of_code_is_wider_than_the_page(folder):
    "As in the notebooks: see test_notebooks.py."
    wide = [f"{path.name}:{number}" for path in sorted((ROOT / folder).glob("*.py"))
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if len(line) > 88]
    assert not wide
