"""Executes the notebooks, each in a new kernel, and stores their outputs: what the
pages show is what a run gave. A second run changes nothing.

A notebook is replaced when it has run to its end, and left as it was if a cell fails.
The map in 00_start and README.md are written after the last one.
Exit code: 0 done, 1 a cell failed, 2 wrong argument, 130 interrupted."""
import argparse
import json
import os
import sys
from pathlib import Path

import nbformat
from execnb.nbio import nb2str
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbdev.clean import clean_nb
from nbdev.config import get_config
from tqdm import tqdm

from mlp_from_scratch.files import atomic_write
from folding import fold
from reading_map import write_map
from readme import write_readme

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("OPENBLAS_", "GOTO_", "OMP_", "MKL_")            # how BLAS computes
MEASURE = "MLP_FROM_SCRATCH_MEASURE"                        # times are measured anew


class Failed(Exception): pass


def run_cells(path):
    "The notebook with the outputs of a run. Raises `Failed` with cell and traceback."
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": path.parent}},
        coalesce_streams=True,
        extra_arguments=["--log-level=CRITICAL"])           # it warns of its transport
    with client.setup_kernel():
        for i, cell in enumerate(notebook.cells):
            try: client.execute_cell(cell, i)
            except (CellExecutionError, DeadKernelError) as error:
                raise Failed(f"{path.name}, cell {i + 1} of {len(notebook.cells)}: "
                             f"{strip_ansi(str(error)).strip()}") from None
    return notebook


def cleaned(notebook):
    "The text of a notebook as `nbdev_clean` writes it."
    settings, notebook = get_config(), json.loads(nbformat.writes(fold(notebook)))
    clean_nb(notebook, settings.clear_all, settings.allowed_metadata_keys.split(),
             settings.allowed_cell_metadata_keys.split(), settings.clean_ids)
    return nb2str(notebook)


def execute(path):
    "Execute a notebook and store its outputs. Returns whether that changed the file."
    before, after = path.read_text(encoding="utf-8"), cleaned(run_cells(path))
    if after == before: return False
    with atomic_write(path) as part: part.write_text(after, encoding="utf-8")
    return True


def find_notebooks(names):
    "The notebooks of these names, or all of them; in order."
    paths = sorted((ROOT / "nbs").glob("[!_.]*.ipynb"))
    notebooks = {path.stem: path for path in paths}
    wanted = {Path(name).stem for name in names} or set(notebooks)
    if unknown := wanted - set(notebooks):
        raise ValueError(f'no notebook {", ".join(sorted(unknown))}; '
                         f'there are {", ".join(notebooks)}')
    return [path for name, path in notebooks.items() if name in wanted]


def set_environment(measure):
    "Outputs must not depend on the variables of whoever runs this."
    for name in list(os.environ):
        if name.startswith(THREADS) or name in (MEASURE, "MPLBACKEND"):
            del os.environ[name]
    if measure: os.environ[MEASURE] = "1"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*",
                        help="notebooks to execute, such as 43_fast (default: all)")
    parser.add_argument("--measure", action="store_true",
                        help="measure the times in 43_fast anew, and store them in "
                             "benchmarks/results; let nothing else run meanwhile")
    options = parser.parse_args()
    try: notebooks = find_notebooks(options.names)
    except ValueError as error: parser.error(str(error))

    os.chdir(ROOT)                                          # where settings.ini is
    set_environment(options.measure)
    changed = []
    try:
        for path in (bar := tqdm(notebooks, unit="notebook")):
            bar.set_postfix_str(path.stem)
            if execute(path): changed.append(path.name)
        write_map()
        write_readme()
    except Failed as error: sys.exit(f"{error}\nThis notebook is left as it was.")
    except KeyboardInterrupt:
        print("\nInterrupted. The notebook that was running is left as it was.",
              file=sys.stderr)
        sys.exit(130)
    finally: print(f'Changed: {", ".join(changed) or "no notebook"}.')


if __name__ == "__main__":
    main()
