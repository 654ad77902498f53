"""The benchmark as a process on very little work, with whichever peers are installed,
and what its comparison rests on."""
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from processes import interrupt_when

FOLDER = Path(__file__).parent.parent / "benchmarks"
# no options after the last two: leave these parts out
TINY = ["--samples", 300, "--rounds", 1, "--hidden", "--sizes"]


def command(*args): return [sys.executable, FOLDER / "compare.py", *map(str, args)]


def compare(*args):
    return subprocess.run(command(*args), capture_output=True, text=True, timeout=120)


@pytest.fixture
def modules(monkeypatch):
    "The benchmark's own modules."
    monkeypatch.syspath_prepend(FOLDER)
    import compare
    import peers
    return compare, peers


def test_tables_files_and_a_floor_that_is_met(modules, tmp_path):
    done = compare("--samples", 300, "--rounds", 1, "--batch_sizes", 64, "--hidden", 8,
                   "--sizes", 200, "--check", 1e-9, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    _, peers = modules
    left_out = re.findall(r"^(\S+) is left out: \S+ is not installed$", done.stdout,
                          re.MULTILINE)
    names = [name for name in peers.CONTESTANTS if name not in left_out]
    assert names[:2] == ["ours", "numpy"] and "WRONG" not in done.stdout
    for line in ("softmax, batch 64", "two-layer 128, batch 64",
                 "two-layer 128, predict 300", "two-layer 8, batch 256", "200 samples"):
        assert re.search(rf"^{line} +\d", done.stdout, re.MULTILINE), line
    assert re.search(r"^two-layer 128, batch 64: \d+ GFLOP/s, \d+% of", done.stdout,
                     re.MULTILINE)

    files = {f"{name}.{ending}" for name in ("compare", "scale")
             for ending in ("csv", "png", "svg")}
    assert {path.name for path in (tmp_path / "out").iterdir()} == files
    rows = list(
        csv.DictReader((tmp_path / "out" / "compare.csv").read_text().splitlines()))
    for model in ("softmax", "two-layer"):
        assert [row["contestant"] for row in rows
                if (row["task"], row["model"]) == ("train", model)] == names
    for row in rows:
        assert row["agrees"] == "True"
        assert float(row["median_s"]) >= float(row["min_s"]) > 0
        assert row["processor"] and row["numpy"] == np.__version__
        assert int(row["cores"]) >= 1 and int(row["threads"]) >= 1
        has_settings = any(name.startswith("OPENBLAS_") for name in os.environ)
        assert has_settings or "OPENBLAS" not in row["variables"]
    scale = list(
        csv.DictReader((tmp_path / "out" / "scale.csv").read_text().splitlines()))
    sizes = {(row["n_hidden"], row["n_samples"]) for row in scale}
    assert sizes == {("8", "300"), ("128", "200")}
    for path in (tmp_path / "out").glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")
    for path in (tmp_path / "out").glob("*.[cs]*"):
        assert str(FOLDER.parent) not in path.read_text()


def test_a_floor_that_is_missed_is_named(tmp_path):
    done = compare("--models", "softmax", "--batch_sizes", 100, "--peers", "numpy",
                   "--check", 1e9, *TINY, "--output", tmp_path)
    assert done.returncode == 1
    complaint = (r"^compare.py: softmax, batch 100: the best peer takes \S+ times "
                 r"as long as ours, below the floor of 1e\+09$")
    assert re.search(complaint, done.stderr, re.MULTILINE)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"compare.csv", "compare.png", "compare.svg"}


@pytest.mark.parametrize("args, expected", [
    (["--peers", "tensorflow"], "'tensorflow'"),
    (["--models", "transformer"], "'transformer'"), (["--batch_sizes", 0], "'0'"),
    (["--data", "nowhere"], "nowhere")])
def test_a_mistake_gets_one_sentence_and_exit_code_2(args, expected):
    done = compare(*args)
    messages = [line for line in done.stderr.splitlines()
                if line.startswith("compare.py: error:")]
    assert done.returncode == 2 and len(messages) == 1 and expected in messages[
        0] and "Traceback" not in done.stderr, done.stderr


def test_help_explains_every_option_with_its_default():
    done = subprocess.run(command("--help"), capture_output=True, text=True,
                          env=os.environ | {"COLUMNS": "300"})
    options = re.findall(r"^  --(\w+)((?:.|\n(?!  --))*)", done.stdout, re.MULTILINE)
    assert done.returncode == 0 and len(options) == 10 and all(
        "(default: " in text for _, text in options), options


def test_an_interrupt_prints_what_is_finished(tmp_path):
    work = command(*TINY[:2], "--rounds", 1, "--batch_sizes", *range(100, 300),
                   "--peers", "numpy", "--output", tmp_path / "out")
    done = interrupt_when("softmax, batch 101", work, tmp_path)
    assert done.returncode == 130 and "interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"^softmax, batch 100 +\d", done.stdout, re.MULTILINE)
    assert not (tmp_path / "out").exists()


def trained(peers, name, model, seed=0, batch_size=16, n=1000):
    "The loss and the weights after one epoch."
    worker = peers.Worker(name, n, "synthetic")
    return worker.train(model, 16, batch_size,
                        seed)["value"], worker.contestant.params()


@pytest.mark.parametrize("model", ["softmax", "two-layer"])
def test_fit_takes_the_order_that_all_contestants_take(modules, model):
    _, peers = modules
    loss, params = trained(peers, "ours", model)
    # batches by `default_rng(seed).permutation`, the last one smaller
    expected_loss, expected = trained(peers, "numpy", model)
    assert abs(loss - expected_loss) < 1e-6
    for name, w in params.items():
        np.testing.assert_allclose(w, expected[name], atol=1e-6, rtol=1e-4)
    _, other = trained(peers, "numpy", model, seed=1)
    assert any(np.abs(w - other[name]).max() > 1e-4 for name, w in params.items())


@pytest.mark.parametrize("model", ["softmax", "two-layer"])
def test_wrong_work_shows_in_the_loss(modules, model, monkeypatch):
    compare, peers = modules
    loss, _ = trained(peers, "ours", model)
    wrong = {"other order": trained(peers, "numpy", model, seed=1)[0],
             "other batches": trained(peers, "numpy", model, batch_size=17)[0]}
    monkeypatch.setattr(peers, "L2", 0)
    wrong["no regularization"], _ = trained(peers, "numpy", model)
    for what, value in wrong.items():
        assert abs(value - loss) > compare.TOLERANCE["train"], what


def test_a_wrong_result_is_reported(modules):
    compare, _ = modules
    class Contestant:
        version, threads, shape = "1", 1, (100, 784, 10)
        def __init__(self, name): self.name = name
    cell = compare.Cell("train", "softmax", 128, 32)
    for value, n_wrong in ((0.50009, 0), (0.50011, 1), (float("nan"), 1)):
        answers = {Contestant(name): [{"seconds": 1, "value": v, "peak_mb": None}
                                      for v in values]
                   for name, values in (("ours", [0.5, 0.5]), ("peer", [0.5, value]))}
        rows = list(compare.make_rows(cell, answers))
        found = list(compare.complaints(rows, None))
        assert len(found) == n_wrong
        assert all("peer differs from ours" in sentence for sentence in found)
    assert list(compare.complaints(rows[:1] + [rows[1] | {"agrees": True}], 1.0)) == []
    assert len(list(compare.complaints(
        rows[:1] + [rows[1] | {"agrees": True, "times_ours": 0.99}], 1.0))) == 1
