"""Do the inline tests notice a fault? Changes one thing at a time in the exported cells
of a notebook, runs the notebook, and lists what nobody noticed.

    python tests/mutants.py 20_activations 40_sgd [--sample 50] [--jobs 2]

A survivor is a missing test, or a change that changes nothing. Not part of the suite: a
notebook has dozens of mutants, and each is a run of the notebook."""
import argparse
import ast
import copy
import os
import random
import re
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}

NBS = Path(__file__).resolve().parent.parent / "nbs"
SWAPS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
         ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
         ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
         ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
         ast.Mod: ast.Add, ast.And: ast.Or, ast.Or: ast.And}
NAMES = {"min": "max", "max": "min", "argmax": "argmin", "argmin": "argmax",
         "maximum": "minimum", "minimum": "maximum", "all": "any", "any": "all",
         "floor": "ceil", "sum": "mean", "mean": "sum", "exp": "log", "zeros": "ones"}


def changes_of(node):
    "Pairs of what to say and a function that changes a node of the same kind in place."
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            if new := SWAPS.get(type(operator)):
                yield (f"{type(operator).__name__} -> {new.__name__}",
                       lambda other, i=i, new=new: other.ops.__setitem__(i, new()))
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        if new := SWAPS.get(type(node.op)):
            yield (f"{type(node.op).__name__} -> {new.__name__}",
                   lambda other: setattr(other, "op", new()))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield (f"without {type(node.op).__name__}",
               lambda other: setattr(other, "op", ast.UAdd() if isinstance(
                   other.op, ast.USub) else None))
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        new = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} -> {new}", lambda other: setattr(other, "value", new)
    for field in ("id", "attr"):
        if (name := getattr(node, field, None)) in NAMES:
            yield (f"{name} -> {NAMES[name]}",
                   lambda other, field=field, name=name: setattr(other, field,
                                                                 NAMES[name]))
    if isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield (f"without {keyword.arg}=",
                       lambda other, i=i: other.keywords.pop(i))
    for field in ("body", "orelse", "finalbody"):
        for i, each in enumerate(getattr(node, field, ()) if isinstance(
                node, ast.stmt) else ()):
            text = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
            kinds = ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.If
            if isinstance(each, kinds) and not text:
                yield (f"without `{ast.unparse(each).splitlines()[0][:60]}`",
                       lambda other, field=field, i=i: getattr(
                           other, field).__setitem__(i, ast.Pass()))


class _Identity(ast.NodeTransformer):
    "A `not` without its operator is its operand."
    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return node.operand if node.op is None else node


def mutants_of(source):
    "Pairs of a description and the source with one change; texts are left alone."
    tree = ast.parse(source)
    texts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in ast.walk(node)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in texts: continue
        for what, change in changes_of(node):
            other = copy.deepcopy(tree)
            change(next(each for i, each in enumerate(ast.walk(other)) if i == number))
            line = getattr(node, "lineno", 0)
            yield (f"{what}: {source.splitlines()[line - 1].strip()[:70]}",
                   ast.unparse(ast.fix_missing_locations(_Identity().visit(other))))


def cells_of(name):
    from run_notebook import read_cells
    return read_cells(NBS / f"{name}.ipynb")


def survives(cells, seconds):
    "Run the cells in a process of their own; True if nothing complains in time."
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 1
        try:
            from run_notebook import Run
            sys.stdout = sys.stderr = open(os.devnull, "w")
            os.dup2(sys.stdout.fileno(), 1), os.dup2(sys.stdout.fileno(), 2)
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                Run(cells).all()
            code = 0
        finally: os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done: return status == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("notebooks", nargs="+", help="names in nbs, without .ipynb")
    parser.add_argument("--sample", type=int, help="how many mutants of a notebook, "
                                                   "drawn at random (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(),
                        help="how many at a time (default: one per core)")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    sys.path.insert(0, str(NBS.parent))
    import matplotlib.pyplot, numpy, pytest, scipy.special      # once, before the forks
    import mlp_from_scratch.all
    from execnb.shell import CaptureShell
    for name in options.notebooks:
        cells, found = cells_of(name), []
        for i, (kind, source) in enumerate(cells):
            if kind == "code" and re.match(r"#\| export\b", source):
                for what, changed in mutants_of(source):
                    found.append((what, [*cells[:i], (kind, changed), *cells[i + 1:]]))
        random.Random(0).shuffle(found)
        found = found[:options.sample]
        start = time.monotonic()
        if not survives(cells, 600): sys.exit(f"{name} fails as it is")
        limit = 10 + 4 * (time.monotonic() - start)
        with ThreadPoolExecutor(options.jobs) as pool:
            alive = list(pool.map(lambda mutant: survives(mutant[1], limit), found))
        lived = [what for (what, _), lives in zip(found, alive) if lives]
        print(f"{name}: {len(found) - len(lived)} of {len(found)} killed", flush=True)
        for what in lived: print("   ", what, flush=True)


if __name__ == "__main__": main()
