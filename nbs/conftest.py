"""Shows pytest the notebooks: one test for each.

A copy runs in a process of its own and in a folder of its own that holds nothing else,
as a single notebook that a reader has downloaded does. Its exercises run, too."""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb":
        return NotebookFile.from_parent(parent, path=file_path)


class NotebookFile(pytest.File):
    def collect(self): yield NotebookItem.from_parent(self, name=self.path.stem)


class NotebookFailed(Exception): pass


class NotebookItem(pytest.Item):
    def runtest(self):
        root = self.config.rootpath
        with tempfile.TemporaryDirectory() as place:
            folder, runs = Path(place, "nbs"), root / "runs" / "report" / "runs"
            folder.mkdir()
            shutil.copy(self.path, folder)
            # what they hold saves it from training for minutes
            if self.name == "main" and runs.exists():
                shutil.copytree(runs, Path(place, "runs", "report", "runs"))
            command = [sys.executable, root / "tests" / "run_notebook.py",
                       self.path.name]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                                  timeout=900)
        if done.returncode != 0: raise NotebookFailed(done.stdout + done.stderr)

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, NotebookFailed): return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self): return self.path, None, self.name
