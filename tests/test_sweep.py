"""Many runs at once: in processes, on a Dask cluster, with failures, interrupts and a
full disk, and started again after each."""
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from digits import write_digits
from threadpoolctl import threadpool_info

from mlp_from_scratch.all import *


class Watched(Config):
    """A configuration that leaves a line in `runs.log`, beside its data, whenever it is
    run: the process, and its BLAS threads."""
    def make_optimizer(self):
        threads = max((pool["num_threads"] for pool in threadpool_info()
                       if pool["user_api"] == "blas"), default=1)
        with open(Path(self.dataset).with_name("runs.log"), "a") as log:
            log.write(f"{os.getpid()} {threads} {self.seed}\n")
        return super().make_optimizer()


@pytest.fixture
def dataset(tmp_path):
    """A folder with 600 training and 100 test images of 6 by 6 pixels in 3 classes that
    overlap a little."""
    return write_digits(tmp_path / "digits", n_train=600, n_test=100, noise=200,
                        mark=30)


@pytest.fixture
def base(dataset):
    return Watched(dataset=str(dataset), n_hidden=5, init_std=0.1, epochs=2)


def log(base):
    "(process, threads, seed) of every run so far."
    path = Path(base.dataset).with_name("runs.log")
    return [tuple(map(int, line.split()))
            for line in path.read_text().splitlines()] if path.exists() else []


def numbers(results):
    "Everything in the results that must not depend on how they were made."
    return [(vars(each.config), each.history, each.scores,
             {name: w.tobytes() for name, w in each.model.params.items()})
            for each in results]


def quiet(*args, **kwargs): return sweep(*args, progress=False, **kwargs)


FILES = {"config.yaml", "model.npz", "history.csv", "scores.json", "origin.json"}
GRID = dict(learning_rate=[1.0, 0.1], seed=[0, 1])


# --- the same numbers everywhere

def test_in_this_process_or_in_others(base, tmp_path):
    one, two, alone = quiet(base, tmp_path / "1", jobs=1, **GRID), quiet(
        base, tmp_path / "2", jobs=2, **GRID), quiet(base, jobs=2, **GRID)
    assert numbers(one) == numbers(two) == numbers(alone)
    assert [(r.config.learning_rate, r.config.seed)
            for r in one] == [(1.0, 0), (1.0, 1), (0.1, 0), (0.1, 1)]
    assert len({str(r.history) for r in one}) == 4          # each of them different
    processes = [pid for pid, *_ in log(base)]
    assert set(processes[:4]) == {os.getpid()} and os.getpid() not in processes[4:]
    assert len(set(processes[4:8])) == 2


def test_on_a_dask_cluster(base, tmp_path):
    from dask.distributed import LocalCluster
    with LocalCluster(n_workers=2, processes=True, threads_per_worker=1,
                      dashboard_address=None) as cluster:
        where = dict(dask=cluster.scheduler_address)
        there = quiet(base, tmp_path / "there", **where, **GRID)
        # failures come back, too
        assert isinstance(quiet(base, **where, l2=[1e30])[0], Failure)
        # found again
        assert quiet(base, tmp_path / "there", **where,
                     **GRID)[0].seconds == there[0].seconds
        workers = {worker.pid for worker in map(lambda nanny: nanny.process,
                                                cluster.workers.values())}
    assert {pid for pid, *_ in log(base)} == workers and len(workers) == 2
    assert {threads for _, threads, _ in log(base)} == {1}
    assert numbers(there) == numbers(quiet(base, jobs=1, **GRID))


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_blas_thread_a_run(base, jobs):
    before = threadpool_info()
    quiet(base, jobs=jobs, **GRID)
    assert {threads for _, threads, _ in log(base)} == {1}
    # and outside of the runs as before
    assert threadpool_info() == before


def test_equal_configurations_run_once(base, tmp_path):
    results = run_all([base, replace(base, learning_rate=1),
                       replace(base, learning_rate=1.0), base], tmp_path, jobs=2,
                      progress=False)
    assert len(results) == 4 and len(log(base)) == 2
    assert results[0] is results[3] and results[1] is results[2]


def test_numbers_of_numpy_are_numbers(base, tmp_path):
    results = quiet(base, tmp_path / "out", jobs=1, learning_rate=np.array([0.1, 1]),
                    seed=np.arange(2))
    assert numbers(quiet(base, tmp_path / "out", jobs=1, learning_rate=[0.1, 1],
                         seed=range(2))) == numbers(results)
    assert len(log(base)) == 4


# --- failures

@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_is_reported_and_the_others_finish(base, dataset, tmp_path, jobs):
    configs = [replace(base, learning_rate=1e38), base,
               replace(base, dataset=str(tmp_path / "nowhere")), replace(base, seed=1)]
    diverged, first, missing, second = run_all(configs, tmp_path / "out", jobs=jobs,
                                               progress=False)
    assert isinstance(diverged, Failure) and "training diverged" in diverged.error
    assert diverged.config == configs[0]
    assert isinstance(missing, Failure) and "nowhere" in missing.error
    assert isinstance(first, Result) and isinstance(second, Result)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        run_name(base), run_name(configs[3])}

    (tmp_path / "nowhere").symlink_to(dataset)
    # a failure is tried again: its cause may be gone
    again = run_all(configs, tmp_path / "out", jobs=jobs, progress=False)
    assert isinstance(again[0], Failure) and isinstance(again[2], Result)
    # the same data at another place
    assert again[2].history == first.history


def test_tables_of_runs_and_failures(base):
    results = quiet(base, jobs=1, learning_rate=[0.1, 1e38], seed=[0, 1])
    rows = result_rows(results)
    assert [(row["learning_rate"], row["seed"]) for row in rows] == [
        (0.1, 0), (0.1, 1), (1e38, 0), (1e38, 1)]
    assert not {"l2", "epochs"} & rows[0].keys()            # only what differs
    for row, result in zip(rows[:2], results):
        for part, scores in result.scores.items():
            assert (row[f"{part} loss"], row[f"{part} accuracy"]) == scores
        assert row["best epoch"] == result.history.best_epoch
        assert row["error"] is None
    assert rows[2]["test accuracy"] is None and "training diverged" in rows[2]["error"]

    for form in ("text", "markdown"):
        table = results_table(results, form)
        assert "training diverged" in table and "nan" not in table.lower()
        assert "None" not in table
        for result in results[:2]:
            assert f"{100 * result.scores['test'][1]:.2f}" in table
    lines = table.splitlines()
    assert len(lines) == 6 and len({line.count("|") for line in lines}) == 1
    assert "error" not in results_table(results[:2], "markdown")


# --- started again

def test_nothing_finished_is_run_twice(base, tmp_path):
    out = tmp_path / "out"
    first = quiet(base, out, jobs=2, seed=[0, 1])
    kept = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    more = quiet(base, out, jobs=2, seed=[0, 1, 2])
    assert sorted(seed for *_, seed in log(base)) == [0, 1, 2]
    assert numbers(more[:2]) == numbers(first) and more[0].seconds == first[0].seconds
    assert {path: path.stat().st_mtime_ns for path in kept
            if path != out} == {path: t for path, t in kept.items() if path != out}


def test_every_setting_has_its_own_folder(base):
    other = dict(dataset="elsewhere", label="y", n_hidden=6, init_std=0.2,
                 init_abs=True, learning_rate=0.3, l2=0.25, momentum=0.5,
                 schedule="cosine", epochs=3, batch_size=63, seed=1)
    names = {run_name(replace(base, **{name: value})) for name, value in other.items()}
    softmax = replace(base, model="SoftmaxRegression", n_hidden=None)
    names |= {run_name(each) for each in (base, softmax,
                                          replace(softmax, relu_logits=False))}
    assert len(names) == len(other) + 3 == len(vars(base)) + 1
    assert run_name(replace(base, learning_rate=1)) == run_name(
        replace(base, learning_rate=1.0))


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(
        path.read_bytes()[:-len(path.read_bytes()) // 3]),
    "other bytes": lambda path: path.write_bytes(bytes(range(256)) * 9),
}


@pytest.mark.parametrize("name",
                         ["config.yaml", "model.npz", "history.csv", "scores.json",
                          "origin.json"])
def test_a_damaged_run_is_run_again(base, tmp_path, name):
    [whole] = quiet(base, tmp_path / "out", jobs=1)
    for count, (kind, damage) in enumerate(DAMAGE.items(), 2):
        damage(tmp_path / "out" / run_name(base) / name)
        [again] = quiet(base, tmp_path / "out", jobs=1)
        assert numbers([again]) == numbers([whole]) and len(log(base)) == count, kind
        [found] = quiet(base, tmp_path / "out", jobs=1)
        assert numbers([found]) == numbers([whole]) and len(log(base)) == count, kind


def test_a_run_that_is_not_the_one_asked_for(base, tmp_path):
    [one] = quiet(base, tmp_path / "out", jobs=1)
    folder = tmp_path / "out" / run_name(base)
    # another configuration in its place
    replace(one, config=replace(base, l2=0.5)).save(folder)
    assert numbers(quiet(base, tmp_path / "out", jobs=1)) == numbers([one])
    lines = (folder / "history.csv").read_text().splitlines()
    # an epoch short, and well-formed otherwise
    (folder / "history.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert numbers(quiet(base, tmp_path / "out", jobs=1)) == numbers([one])


# --- with other data or other code

def test_rewritten_data_are_not_the_old_data(base, dataset, tmp_path, capfd):
    out = tmp_path / "out"
    [old] = sweep(base, out, jobs=2)
    assert "made again" not in capfd.readouterr().err
    shutil.rmtree(dataset)
    write_digits(dataset, n_train=600, n_test=100, noise=200, mark=90)
    [new] = sweep(base, out, jobs=2)                # in the same worker processes
    assert "1 stored run to be made again: the data have" in capfd.readouterr().err
    assert new.scores != old.scores
    assert numbers([new]) == numbers(quiet(base, jobs=1))
    [kept] = sweep(base, out, jobs=2)
    assert numbers([kept]) == numbers([new])
    assert "made again" not in capfd.readouterr().err


def test_more_classes_are_other_data(base, dataset, tmp_path):
    quiet(base, tmp_path / "out", jobs=1)
    for part in ("train", "t10k"):
        path = dataset / f"{part}-labels-idx1-ubyte"
        content = bytearray(path.read_bytes())
        content[8::5] = bytes([3]) * len(content[8::5])
        path.write_bytes(content)
    [result] = quiet(base, tmp_path / "out", jobs=1)
    assert result.model.settings["n_classes"] == 4


def test_other_code_makes_other_results(base, tmp_path, monkeypatch, capfd):
    import mlp_from_scratch.runs as runs
    quiet(base, tmp_path / "out", jobs=1)
    digests = code_digests("runs")
    assert {"sgd", "fast", "softmax", "data", "runs"} < digests.keys()
    other = digests | {"sgd": "0", "new": "1"}
    monkeypatch.setattr(runs, "code_digests", lambda *names: other)
    sweep(base, tmp_path / "out", jobs=1)
    assert len(log(base)) == 2
    assert "again: new.py, sgd.py: the code has changed" in capfd.readouterr().err
    monkeypatch.setattr(np, "__version__", "1.0")
    sweep(base, tmp_path / "out", jobs=1)
    assert "it was made with NumPy 2" in capfd.readouterr().err


# --- interrupted

SWEEP = """
import sys
from mlp_from_scratch.all import *
base = Config(dataset=sys.argv[1], n_hidden=32, init_std=0.1, epochs=300)
print("ready", flush=True)
def work(_):
    return sweep(base, sys.argv[2], jobs=2, progress="--progress" in sys.argv,
                 seed=range(10))
sys.exit(run_command("sweep", lambda: None, work))
"""


def start_sweep(dataset, out, *args, **kwargs):
    "A process in a group of its own that makes ten runs, two at a time."
    return subprocess.Popen([sys.executable, "-c", SWEEP, str(dataset), str(out),
                             *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True,
                            cwd=dataset.parent, start_new_session=True, **kwargs)


def group(pid):
    "The living processes of a group."
    living = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try: state, _, number = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError: continue                            # it has just ended
        if int(number) == pid and state != "Z": living.append(stat.parent.name)
    return living


def nothing_left(process):
    "Has every process of the group ended, at the latest a few seconds after the first?"
    for _ in range(50):
        if not group(process.pid): return True
        time.sleep(0.1)


def finished(out):
    "Folder -> time of the last change, for every run that is complete."
    return {path.parent: path.stat().st_mtime_ns
            for path in sorted(out.glob("*/scores.json"))}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(),
                    reason="looks into /proc for processes left behind")
def test_interrupts_at_random_moments(dataset, tmp_path):
    out, rng, kept, n_interrupted = tmp_path / "out", random.Random(0), {}, 0
    for attempt in range(12):
        process = start_sweep(dataset, out, *["--progress"][:attempt % 2])
        assert process.stdout.readline() == "ready\n"
        # the first one at the very start, the others some time after one more run has
        # finished
        deadline = time.monotonic() + 60
        while attempt and len(finished(out)) == len(
            kept) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        # a program interrupts the process, Ctrl-C on a terminal the whole group
        if process.poll() is None:
            (os.kill if attempt % 3 else os.killpg)(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        lines = [line for line in stderr.replace("\r", "\n").splitlines()
                 if line.strip() and "runs" not in line]
        # Where the interrupt falls between removing a semaphore and saying so, joblib's
        # tracker calls it leaked and then finds nothing to remove. A real leak has no
        # second line.
        if any("resource_tracker: /loky" in line and "FileNotFoundError" in line
               for line in lines):
            lines = [line for line in lines if "resource_tracker" not in line
                     and "warnings.warn(" not in line]
        assert (process.returncode, lines) == (130, ["sweep: interrupted"]) or len(
            finished(out)) == 10, stderr
        assert nothing_left(process)
        assert kept.items() <= finished(out).items()        # not made again
        n_interrupted += process.returncode == 130
        if n_interrupted == 5: break
        # the signal came too late: leave something to do
        if len(finished(out)) == 10:
            for folder in list(finished(out))[:7]: shutil.rmtree(folder)
        kept = finished(out)
    assert n_interrupted == 5

    process = start_sweep(dataset, out)
    assert process.communicate(timeout=60)[1] == "" and process.returncode == 0
    assert kept.items() <= finished(out).items()
    whole = quiet(Config(dataset=str(dataset), n_hidden=32, init_std=0.1, epochs=300),
                  tmp_path / "whole", jobs=2, seed=range(10))
    assert numbers(Result.load(out / run_name(each.config))
                   for each in whole) == numbers(whole)
    assert len(list(out.iterdir())) == 10
    assert {path.name for path in out.glob("*/*")} == FILES


# --- a place to write to

def test_an_output_folder_that_cannot_be_made_is_found_before_any_run(base, tmp_path):
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "below",
                *[Path("/proc/nowhere")][:Path("/proc").exists()]):
        with pytest.raises(OSError, match=out.name): quiet(base, out, jobs=2)
    assert log(base) == []


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0,
                    reason="root may write everywhere")
def test_an_output_folder_without_permission(base, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(PermissionError, match="out"):
        quiet(base, tmp_path / "out", jobs=2)
    assert log(base) == []


def test_a_full_disk_is_one_sentence_and_leaves_no_half_run(dataset, tmp_path):
    # no file may grow beyond 2 kB, which is less than the weights need
    def small_files_only():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    process = start_sweep(dataset, tmp_path / "out", preexec_fn=small_files_only)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1, stderr
    assert len(stderr.splitlines()) == 1 and stderr.startswith("sweep: failed: ")
    assert "Traceback" not in stderr
    assert not finished(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").glob("*/*")} <= FILES
    assert nothing_left(process)

    process = start_sweep(dataset, tmp_path / "out")        # the disk has room again
    assert process.communicate(timeout=60)[1] == "" and process.returncode == 0
    assert len(finished(tmp_path / "out")) == 10


class Deeper(TwoLayerNet):
    "A reader's own network; another process must find it, too."
    def __init__(self, n_inputs, n_classes, init_std=0.1, seed=0, dtype=np.float32):
        super().__init__(n_inputs, 7, n_classes, init_std, seed, dtype)
        self.settings = dict(n_inputs=n_inputs, n_classes=n_classes)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_network_of_ones_own(base, tmp_path, monkeypatch, jobs):
    from mlp_from_scratch import config
    monkeypatch.setitem(config.MODELS, "Deeper", Deeper)
    configs = [replace(base, model="Deeper", n_hidden=None, seed=seed)
               for seed in range(2)]
    for result in run_all(configs, tmp_path / "out", jobs=jobs, progress=False):
        assert isinstance(result, Result), result
        assert type(result.model) is Deeper and result.model.params["b1"].shape == (7,)


def test_a_sweep_over_no_list_is_refused(base):
    for values, words in ((dict(learning_rate=0.1), "must be a list of values"),
                          (dict(schedule="cosine"), "must be a list of values"),
                          (dict(lerning_rate=[1]), "is not a setting")):
        with pytest.raises(TypeError, match=words): sweep(base, **values)
