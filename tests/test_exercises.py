"""The exercises: what a whole one is, what each of its three states must do, and where
they are.

`run_notebook.py` runs them together with their notebook, so that nothing is computed
twice."""
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from run_notebook import Failed, find_exercises, read_cells

ROOT = Path(__file__).parent.parent
NUMBERED = sorted((ROOT / "nbs").glob("[0-9]*.ipynb"))

SETUP = '''
def attempt(check):
    try: check()
    except (AssertionError, NotImplementedError) as error: print(error)
    else: print("right")
'''
STUB = ('#| exercise: double-stub\n'
        'def double(x): raise NotImplementedError("write double(x), twice x")')
CHECK = ('#| exercise: double-check\ndef check_double():\n'
         '    assert double(offset) == 6, "double(x) must be twice x"\n'
         'attempt(check_double)')
SOLUTION = ("<details><summary>Solution</summary>\n\n"
            "~~~python\ndef double(x): return 2 * x\n~~~\n\n</details>")
WHOLE = dict(setup=SETUP, before="offset = 3", task="**1.** Double.", stub=STUB,
             check=CHECK,
             solution=SOLUTION, after="assert callable(double)")


def cells_of(**changes):
    """The cells of a notebook with one exercise, changed; a cell that is None is left
    out."""
    cells = {name: source for name, source in (WHOLE | changes).items()
             if source is not None}
    return [("markdown" if name in ("task", "solution") else "code", source)
            for name, source in cells.items()]


def run(folder, cells):
    "The process that runs a notebook with these cells."
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[new[kind](source)
                                               for kind, source in cells])
    nbformat.write(notebook, folder / "tiny.ipynb")
    command = [sys.executable, ROOT / "tests" / "run_notebook.py", "tiny.ipynb"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          timeout=120)


def test_a_whole_exercise_runs(tmp_path):
    [(name, exercise)] = find_exercises(cells_of()).items()
    assert (name, exercise.stub, exercise.check) == ("double", 3, 4)
    assert exercise.solution == "def double(x): return 2 * x\n"
    done = run(tmp_path, cells_of())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_all_states_are_reached_in_order(tmp_path):
    """Each cell leaves a mark.

    The cells from the stub on run once with the stub, once solved."""
    mark = "open('marks', 'a').write('{}')\n"
    code = {"before": "b", "stub": "s", "check": "c", "after": "a"}
    changes = {name: f"{WHOLE[name]}\n{mark.format(letter)}"
               for name, letter in code.items()}
    changes["solution"] = SOLUTION.replace("\n~~~\n", "\n" + mark.format("S") + "~~~\n")
    assert run(tmp_path, cells_of(**changes)).returncode == 0
    assert (tmp_path / "marks").read_text() == "bsca" + "Sca"


FAULTS = {
    "a cell that fails": (
        dict(before="offset = 3\n1 / 0"),
        "cell 2 of 7:\n\noffset = 3\n1 / 0\n\nTraceback"),
    "a stub that passes": (
        dict(stub=STUB.split("\n")[0] + "\ndef double(x): return x + x"),
        "exercise double: its check passes on the stub"),
    "a stub that gives None": (
        dict(stub=STUB.split("\n")[0] + "\ndef double(x): pass",
             check=CHECK.replace("double(offset) ==", "double(offset) + 0 ==")
                        .replace("attempt(", "try: attempt(")
             + "\nexcept TypeError: pass"),
        "must fail in words on the stub, got TypeError"),
    "a check without words": (
        dict(stub=STUB.split("\n")[0] + "\ndef double(x): pass",
             check=CHECK.replace(', "double(x) must be twice x"', "")),
        "must help by a sentence, got AssertionError"),
    "a wrong solution": (
        dict(solution=SOLUTION.replace("2 * x", "3 * x")),
        "AssertionError: double(x) must be twice x"),
    "a solution that needs more": (
        dict(solution=SOLUTION.replace("2 * x", "twice * x")),
        "name 'twice' is not defined"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_run_is_named(tmp_path, fault):
    changes, expected = FAULTS[fault]
    done = run(tmp_path, cells_of(**changes))
    assert done.returncode == 1 and done.stderr.startswith("tiny.ipynb: "), done.stderr
    assert expected in done.stderr


PARTS = {
    "no check": (dict(check=None), "double has no check"),
    "no solution": (dict(solution="no code"), "double has no solution"),
    "no stub": (dict(stub=None), "double has no stub before its check"),
    "two of one name": (dict(after=STUB), "there are two exercises double"),
    "other words": (dict(after="#| exercise: double-solution\nx = 1"),
                    "in another way"),
    "a check that is not tried": (
        dict(check=CHECK.replace("attempt(check_double)", "check_double()")),
        r"does not say attempt\(check_double\)"),
}


@pytest.mark.parametrize("part", PARTS)
def test_an_exercise_that_is_not_whole_is_named(part):
    changes, expected = PARTS[part]
    with pytest.raises(Failed, match=expected): find_exercises(cells_of(**changes))


# --- those of the notebooks

CODE = ("softmax_regression", "two_layer_net", "cross_entropy", "sgd")


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_the_exercises_of_a_notebook_are_whole(path):
    found = find_exercises(read_cells(path))
    if path.stem[3:] in CODE:
        assert len(found) >= 3, "three exercises that are code to fill in"


def test_the_notebooks_that_must_have_exercises_are_there():
    assert set(CODE) <= {path.stem[3:] for path in NUMBERED}
