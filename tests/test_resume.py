"""A training that is killed, terminated or not listened to, as a process."""
import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from digits import write_digits
from processes import argv

from mlp_from_scratch import training
from mlp_from_scratch.archive import read_archive, write_archive
from mlp_from_scratch.classifier import Classifier
from mlp_from_scratch.commands import mlp_train
from mlp_from_scratch.sgd import SGD
from mlp_from_scratch.training import CheckpointError, fit
from mlp_from_scratch.two_layer_net import TwoLayerNet

COMMAND = Path(sys.executable).with_name("mlp_train")
RESULTS = ("model.npz", "history.csv", "config.yaml")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    "A folder with a data set, and `whole`: a training of it that nothing disturbed."
    place = tmp_path_factory.mktemp("resume")
    write_digits(place / "digits", 2000, 50)
    done = subprocess.run(command(place / "whole"), cwd=place, capture_output=True)
    assert done.returncode == 0, done.stderr
    return place


def command(output, **options):
    return [str(COMMAND), *argv(**dict(
        dataset="digits", model="TwoLayerNet", n_hidden=20, init_std=0.1, batch_size=4,
        epochs=60, momentum=0.9, schedule="cosine", output=output) | options)]


def same_results(first, second):
    for name in RESULTS:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def stopped(args, cwd, how, moment):
    "Start, wait until an epoch is kept and then `moment` seconds, and send a signal."
    kept = Path(args[-1].partition("=")[2]) / "checkpoint.npz"
    def version(): return kept.stat().st_mtime_ns if kept.exists() else None
    before = version()
    process = subprocess.Popen([*args, "--quiet"], cwd=cwd, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    while process.poll() is None and version() == before: time.sleep(0.005)
    time.sleep(moment)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def test_killed_at_random_moments_it_ends_as_if_nothing_had_happened(place, tmp_path):
    rng, output, n_kills = random.Random(0), tmp_path / "killed", 0
    args = command(output)
    while True:
        code, said = stopped(args, place, signal.SIGKILL, rng.uniform(0, 0.15))
        if code == 0: break
        assert code == -signal.SIGKILL, said
        if not (output / "checkpoint.npz").exists(): break   # it was done already
        n_kills += 1
        args = [str(COMMAND), f"--resume={output}"]
    assert n_kills >= 2
    same_results(output, place / "whole")
    assert not (output / "checkpoint.npz").exists()
    assert not [*output.glob(".*")]                         # no half of a file


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_keeps_what_is_finished_and_says_how_to_go_on(place, tmp_path, how):
    output = tmp_path / "stopped"
    code, out = stopped(command(output, epochs=3000), place, how, 0.1)
    assert code == 130 and "mlp_train: interrupted" in out, out
    assert isinstance(Classifier.load(output / "model.npz"), TwoLayerNet)
    assert (output / "loss.png").exists()


def test_two_networks_go_on(place, tmp_path, capsys):
    "The second one had not even begun."
    output, whole = tmp_path / "both", tmp_path / "whole"
    options = dict(dataset=place / "digits", batch_size=4, epochs=30, quiet=True)
    args = [str(COMMAND), *argv(**options, output=output)]
    process = subprocess.Popen(args, cwd=place)
    while not (output / "SoftmaxRegression" / "checkpoint.npz").exists():
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert mlp_train(argv(**options, output=output)) == 2       # a rerun
    assert f"mlp train --resume {output}" in capsys.readouterr().err
    assert mlp_train(argv(resume=output, quiet=True)) == 0
    assert mlp_train(argv(**options, output=whole)) == 0
    for name in ("SoftmaxRegression", "TwoLayerNet"):
        same_results(output / name, whole / name)
    assert mlp_train(argv(resume=output)) == 2
    assert "nothing unfinished" in capsys.readouterr().err


def test_what_can_not_be_continued_is_one_sentence(place, tmp_path, capsys,
                                                   monkeypatch):
    monkeypatch.chdir(place)
    output = tmp_path / "killed"
    stopped(command(output), place, signal.SIGKILL, 0)
    content = (output / "checkpoint.npz").read_bytes()
    (output / "checkpoint.npz").write_bytes(content[:-100])
    for change, words in ((dict(resume=output), "checkpoint.npz is damaged"),
                          (dict(resume=output, seed=3), "leave --seed out"),
                          (dict(resume=place / "digits"), "no training to go on"),
                          (dict(resume=tmp_path / "none"), "no training to go on")):
        before = sorted(path.name for path in tmp_path.rglob("*"))
        assert mlp_train(argv(**change)) == 2
        err = capsys.readouterr().err
        assert words in err and err.count("\n") == 1, err
        assert sorted(path.name for path in tmp_path.rglob("*")) == before
    (output / "checkpoint.npz").write_bytes(content)
    text = (output / "config.yaml").read_text()
    (output / "config.yaml").write_text(text.replace("momentum: 0.9", "momentum: 0.8"))
    assert mlp_train(argv(resume=output, quiet=True)) == 2
    assert "its optimizer differ" in capsys.readouterr().err


def begun(path, **options):
    "Three epochs of a small training with a checkpoint; gives its history."
    rng = np.random.default_rng(0)
    X, y = rng.random((60, 4), np.float32), np.arange(60) % 3
    return fit(TwoLayerNet(4, 5, 3), (X, y), (X, y), SGD(momentum=0.9), epochs=3,
               progress=False, checkpoint=path, **options)


def test_no_checkpoint_of_other_code_is_continued(tmp_path, monkeypatch):
    path = tmp_path / "c.npz"
    begun(path)
    content = path.read_bytes()
    other = training.code_digests("training") | {"sgd": "0"}
    with monkeypatch.context() as changed:
        changed.setattr(training, "code_digests", lambda *names: other)
        with pytest.raises(CheckpointError, match="its code differ"): begun(path)
    with monkeypatch.context() as changed:
        changed.setattr(np, "__version__", "1.0")
        with pytest.raises(CheckpointError, match="its NumPy differ"): begun(path)
    assert path.read_bytes() == content and len(begun(path)) == 3


LIES = {
    "ragged history": lambda about, arrays: arrays.update(
        {"history train_loss": np.zeros(2)}),
    "no history": lambda about, arrays: [
        arrays.pop(name) for name in [*arrays] if name.startswith("history")],
    "a text": lambda about, arrays: arrays.update(
        {"history train_loss": np.array(["a", "b", "c"])}),
    "one number": lambda about, arrays: arrays.update(
        {"history train_loss": np.array(1)}),
    "another list": lambda about, arrays: arrays.update({"history x": np.zeros(3)}),
    "a huge state": lambda about, arrays: about["rng"]["state"].update(state=10**99),
    "another generator": lambda about, arrays: about["rng"].update(
        bit_generator="MT19937"),
    "no threads": lambda about, arrays: about.pop("threads"),
    "nothing": lambda about, arrays: about.clear(),
    "a weight less": lambda about, arrays: arrays.pop("best W1"),
    "another shape": lambda about, arrays: arrays.update({"velocity b1": np.zeros(9)})}


@pytest.mark.parametrize("lie", LIES)
def test_a_checkpoint_that_lies_is_refused(tmp_path, lie):
    path = tmp_path / "c.npz"
    begun(path)
    about, arrays = read_archive(path)
    LIES[lie](about, arrays)
    write_archive(path, about, arrays)
    with pytest.raises(CheckpointError, match="c.npz can't be continued"): begun(path)


def test_every_byte_of_a_checkpoint_may_be_wrong(tmp_path):
    "It is continued as if nothing were wrong, or refused."
    path = tmp_path / "c.npz"
    whole = begun(path)
    content = path.read_bytes()
    for i in random.Random(0).sample(range(len(content)), 300):
        path.write_bytes(content[:i] + bytes([content[i] ^ (1 << i % 8)])
                         + content[i + 1:])
        try: assert begun(path) == whole
        except CheckpointError as error: assert "c.npz can't be continued" in str(error)


SHELL = "{command} {redirect}; echo code ${{PIPESTATUS[0]}}"


@pytest.mark.parametrize("redirect", ["2>&1 | head -c 1", "| head -c 1", "2>&-", ">&-",
                                      "2>&- >&-", "2>/dev/full", ">/dev/full"])
def test_training_outlives_its_listeners(place, tmp_path, redirect):
    if "/dev/full" in redirect and not Path("/dev/full").exists(): pytest.skip("Linux")
    output = tmp_path / "out"
    line = SHELL.format(command=" ".join(command(output, epochs=3)), redirect=redirect)
    done = subprocess.run(["bash", "-c", line], cwd=place, capture_output=True,
                          text=True)
    assert "code 0" in done.stdout, done
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr
    assert (output / "origin.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(place, tmp_path, capsys):
    (tmp_path / "locked").mkdir(mode=0o500)
    assert mlp_train(argv(dataset=place / "digits", epochs=1,
                          output=tmp_path / "locked" / "out")) == 2
    assert capsys.readouterr().err.count("\n") == 1


BOUNDED = """if True:
    import resource, sys
    import numpy as np
    from mlp_from_scratch.training import fit
    from mlp_from_scratch.two_layer_net import TwoLayerNet
    X = np.memmap(sys.argv[1], np.uint8, "r", shape=(500_000, 784))
    y = np.arange(len(X)) % 10
    fit(TwoLayerNet(), (X[:64], y[:64]), epochs=1, progress=False)     # all is loaded
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    limit = 150_000_000 + int(open("/proc/self/statm").read().split()[5]) * 4096
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    history = fit(TwoLayerNet(n_hidden=2), (X, y), (X[:5000], y[:5000]), epochs=1,
                  batch_size=512, progress=False)
    print(len(history))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_training_data_larger_than_the_memory(tmp_path):
    "392 MB in a file, which does not fit into the 150 MB that may be asked for."
    with open(tmp_path / "pixels", "wb") as file: file.truncate(500_000 * 784)
    done = subprocess.run([sys.executable, "-c", BOUNDED, tmp_path / "pixels"],
                          capture_output=True, text=True)
    assert done.stdout == "1\n", done.stderr


def test_memory_does_not_grow_with_the_epochs():
    X, y = np.zeros((64, 100), np.uint8), np.arange(64) % 10
    peaks = []
    for epochs in (20, 200):
        tracemalloc.start()
        fit(TwoLayerNet(100), (X, y), (X, y), epochs=epochs, progress=False,
            batch_size=10**9)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 180 * 4 * 100              # four numbers an epoch
