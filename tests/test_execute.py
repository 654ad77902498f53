"""`docs/execute.py` as a process, in a small copy of the repository."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent


SCRIPTS = ("execute", "folding", "readme")


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def folder(tmp_path):
    "Two notebooks, and what the command needs beside them."
    for name in ("settings.ini", *(f"docs/{script}.py" for script in SCRIPTS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    # the start page's map has its own test; there is no start page here
    (tmp_path / "docs" / "reading_map.py").write_text("def write_map(): pass\n")
    (tmp_path / "nbs").mkdir()
    write_notebook(
        tmp_path / "nbs" / "00_numbers.ipynb",
        "import os\nprint(os.environ.get('OMP_NUM_THREADS'), flush=True)\nprint(1 + 1)",
        "object()")
    write_notebook(tmp_path / "nbs" / "index.ipynb", "'the readme'")
    return tmp_path


def command(folder, *args):
    return [sys.executable, folder / "docs" / "execute.py", *args]


def execute(folder, *args):
    return subprocess.run(command(folder, *args), capture_output=True, text=True,
                          timeout=60, env=os.environ | {"OMP_NUM_THREADS": "1"})


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.*")
            if path.suffix in (".ipynb", ".md")}


def test_outputs_are_stored_and_a_second_run_changes_nothing(folder):
    done = execute(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Changed: 00_numbers.ipynb, index.ipynb.\n"
    numbers, shown = json.loads((folder / "nbs" / "00_numbers.ipynb").read_text())[
        "cells"]
    # no thread setting from outside; one stream
    assert [output["text"] for output in numbers["outputs"]] == [["None\n", "2\n"]]
    # cleaned: no address
    assert shown["outputs"][0]["data"]["text/plain"] == ["<object>"]
    assert numbers["execution_count"] is None
    assert "the readme" in (folder / "README.md").read_text()

    before = files(folder)
    done = execute(folder)
    assert (done.returncode, done.stdout) == (0, "Changed: no notebook.\n")
    assert files(folder) == before


def test_a_failing_cell_is_named_and_its_notebook_stays_as_it_was(folder):
    write_notebook(folder / "nbs" / "01_wrong.ipynb", "print('first')", "1 / 0")
    before = files(folder)
    done = execute(folder, "01_wrong")
    assert done.returncode == 1 and files(folder) == before
    for part in ("01_wrong.ipynb, cell 2 of 2", "1 / 0", "ZeroDivisionError",
                 "left as it was"):
        assert part in done.stderr


def test_an_interrupt_leaves_the_notebook_as_it_was(folder):
    write_notebook(folder / "nbs" / "01_long.ipynb", "import time\n"
                   "from pathlib import Path\nPath('started').touch()\ntime.sleep(60)")
    before = files(folder)
    process = subprocess.Popen(command(folder, "nbs/01_long.ipynb"),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    deadline = time.monotonic() + 30
    while not (folder / "nbs" / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Interrupted" in err and "Traceback" not in err, err
    assert files(folder) == before


def test_help_and_an_unknown_name(folder):
    done = execute(folder, "--help")
    assert done.returncode == 0 and "--measure" in done.stdout
    assert "left as it was" in done.stdout
    done = execute(folder, "99_nothing")
    assert done.returncode == 2
    assert "no notebook 99_nothing; there are 00_numbers, index" in done.stderr
