"""The archives that `python -m build` makes, installed as a user does."""
import os
import subprocess
import sys
from pathlib import Path

import pytest
from digits import write_digits

pytestmark = pytest.mark.packaging
ROOT = Path(__file__).parent.parent


def run(*command, cwd):
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True,
                          env=alone)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    "The source archive, and the wheel that is made of it."
    folder = tmp_path_factory.mktemp("dist")
    source = folder / "source"
    run("git", "clone", "-q", ROOT, source, cwd=folder)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "made",
        cwd=source)
    return {path.suffix: path for path in (folder / "made").iterdir()}


@pytest.mark.parametrize("kind", [".gz", ".whl"])
def test_every_command_runs_where_only_the_archive_is(archives, tmp_path, kind):
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    programs = tmp_path / "env" / "bin"
    run(programs / "pip", "install", "-q", archives[kind], cwd=tmp_path)
    write_digits(tmp_path / "digits")
    small = ("--dataset", "digits", "--quiet")
    run(programs / "mlp", "train", *small, "--epochs", 1, "--output", "a", cwd=tmp_path)
    run(programs / "mlp_report", *small, "--quick", "--output", "b", cwd=tmp_path)
    run(programs / "python", "-m", "mlp_from_scratch", "report", *small, "--quick",
        "--form", "slides", "--output", "b", cwd=tmp_path)
    assert (tmp_path / "b" / "slides.pdf").exists()
    run(programs / "mlp", "train", "--epochs", 1, "--quiet", "--output", "c",
        cwd=tmp_path)                                       # MNIST is in the archive
    run(programs / "mlp_draw", "--output", "d", "--quiet", "--two-layer",
        "c/TwoLayerNet/model.npz", "--softmax", "c/SoftmaxRegression/model.npz",
        cwd=tmp_path)
    run(programs / "mlp_assignment", "--output", "e", cwd=tmp_path)
    for name, verdict in ("student", "0 of 16 right"), ("solution", "16 of 16 right"):
        said = run(programs / "mlp_check", tmp_path / "e" / name, cwd=tmp_path)
        assert said.endswith(f"\n{verdict}\n")
    assert "tune" in run(programs / "mlp_study", "--help", cwd=tmp_path)
