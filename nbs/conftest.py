"""Shows pytest the notebooks: one test item for each, run in a process of its own as `nbdev_test` runs it."""
import subprocess
import sys

import pytest


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb": return NotebookFile.from_parent(parent, path=file_path)


class NotebookFile(pytest.File):
    def collect(self): yield NotebookItem.from_parent(self, name=self.path.stem)


class NotebookFailed(Exception): pass


class NotebookItem(pytest.Item):
    def runtest(self):
        command = [sys.executable, "-m", "nbdev.test", "--path", str(self.path)]
        done = subprocess.run(command, cwd=self.config.rootpath, capture_output=True, text=True)
        if done.returncode != 0: raise NotebookFailed(done.stdout + done.stderr)

    def repr_failure(self, excinfo):
        return str(excinfo.value) if isinstance(excinfo.value, NotebookFailed) else super().repr_failure(excinfo)

    def reportinfo(self): return self.path, None, self.name
