"""Runs a notebook as a reader does: all cells in order, then again with its exercises
solved.

    python tests/run_notebook.py NOTEBOOK

It runs in the folder where this is started. An exercise is a stub cell, a check cell
and a folded solution; its check must fail on the stub, in words, and pass on the
solution. Exit code 1, with the cell and its traceback, if anything is not so."""
import json
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

STUB, CHECK = (re.compile(rf"#\| exercise: (\w+)-{kind}$", re.MULTILINE)
               for kind in ("stub", "check"))
SOLUTION = re.compile(r"<summary>Solution</summary>.*?^(~~~|```)python\n(.*?)^\1$",
                      re.DOTALL | re.MULTILINE)


class Failed(Exception): pass


@dataclass
class Exercise:
    stub: int                   # the numbers of the two cells
    check: int
    solution: str               # the code in place of the stub


def read_cells(path):
    "(type, source) of every cell."
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def find_exercises(cells):
    """Name -> exercise.

    Raises `Failed` if one is not whole: stub, then check, then solution."""
    exercises, name, stub, check = {}, None, None, None

    def whole():
        if name:
            raise Failed(f"exercise {name} has no {'solution' if check else 'check'}")

    for i, (kind, source) in enumerate(cells):
        if kind == "code" and (match := STUB.match(source)):
            whole()
            name, stub, check = match[1], i, None
            if name in exercises: raise Failed(f"there are two exercises {name}")
        elif kind == "code" and (match := CHECK.match(source)):
            if match[1] != name:
                raise Failed(f"exercise {match[1]} has no stub before its check")
            if f"attempt(check_{name})" not in source:
                raise Failed(
                    f"the check of exercise {name} does not say attempt(check_{name})")
            check = i
        elif kind == "markdown" and check and (match := SOLUTION.search(source)):
            exercises[name] = Exercise(stub, check, match[2])
            name = check = None
        elif kind == "code" and "#| exercise:" in source:
            raise Failed(f"cell {i + 1} says `exercise:` in another way:\n{source}")
    whole()
    return exercises


class Run:
    "A notebook that runs in this process."
    def __init__(self, cells):
        from execnb.shell import CaptureShell
        self.cells, self.shell = cells, CaptureShell(mpl_format="png")

    def run(self, source):
        "Run `source` like a cell; gives the exception or None."
        self.shell.run(source)
        return self.shell.exc

    def cell(self, i, source=None):
        "Run cell `i`, with `source` in its place if given."
        source = source or self.cells[i][1]
        if error := self.run(source):
            text = "".join(traceback.format_exception(error))
            raise Failed(f"cell {i + 1} of {len(self.cells)}:\n\n{source}\n\n{text}")

    def all(self):
        exercises = find_exercises(self.cells)
        code = [i for i, (kind, _) in enumerate(self.cells) if kind == "code"]
        checks = {exercise.check: name for name, exercise in exercises.items()}
        for i in code:
            self.cell(i)
            if i in checks: self.fails(checks[i])

        solutions = {exercise.stub: exercise.solution
                     for exercise in exercises.values()}
        for i in code:
            if i < min(solutions, default=len(self.cells)): continue
            self.cell(i, solutions.get(i))
            if i in checks: self.passes(checks[i])

    def fails(self, name):
        error = self.run(f"check_{name}()")
        if error is None: raise Failed(f"exercise {name}: its check passes on the stub")
        said = f"{type(error).__name__}: {error}"
        if not isinstance(error, (AssertionError, NotImplementedError)):
            raise Failed(f"exercise {name}: its check must fail in words on the stub, "
                         f"got {said}")
        if len(str(error).split()) < 3:
            raise Failed(
                f"exercise {name}: its check must help by a sentence, got {said}")

    def passes(self, name):
        if error := self.run(f"check_{name}()"):
            text = "".join(traceback.format_exception(error))
            raise Failed(f"exercise {name}: its check fails on the solution\n\n{text}")


def main():
    path = Path(sys.argv[1]).resolve()
    sys.path[0] = ""            # as in a kernel: the folder where it runs
    try: Run(read_cells(path)).all()
    except Failed as error: sys.exit(f"{path.name}: {error}")


if __name__ == "__main__": main()
