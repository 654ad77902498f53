"""The command `mlp_train` as a user meets it: as a process, with its files, its
messages and its exit codes."""
import csv
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from digits import write_digits, write_idx
from processes import ignore_interrupts, interrupt_when

from mlp_from_scratch.all import *

COMMAND = Path(sys.executable).with_name("mlp_train")
FILES = {"config.yaml", "model.npz", "scores.json", "history.csv", "origin.json",
         "loss.png", "accuracy.png"}


@pytest.fixture
def dataset(tmp_path):
    """A folder with 300 training and 50 test images of 6 by 6 pixels in 3 classes that
    are easy to tell apart."""
    return write_digits(tmp_path / "digits")


def mlp_train_process(*args, cwd, **kwargs):
    return subprocess.run([COMMAND, *map(str, args)], cwd=cwd, capture_output=True,
                          text=True, timeout=120, **kwargs)


def one_sentence(done, code):
    """The process failed with `code`, one line on stderr beside the usage, and no
    traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    message = [line for line in done.stderr.splitlines()
               if line.startswith("mlp_train: ")]
    assert len(message) == 1, done.stderr
    return message[0]


def test_both_networks_by_default(dataset, tmp_path):
    done = mlp_train_process("--dataset", dataset, "--epochs", 2, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folders = sorted((tmp_path / "runs").iterdir())
    names = [folder.name.split("-")[-1] for folder in folders]
    assert names == ["SoftmaxRegression", "TwoLayerNet"]
    for folder in folders:
        assert {path.name for path in folder.iterdir()} == FILES
        # its line in the table
        assert re.search(rf"^{folder.name.split('-')[-1]} +\d", done.stdout,
                         re.MULTILINE)
        assert str(folder.relative_to(tmp_path)) in done.stdout
    assert "epoch 2/2" in done.stderr                       # the progress bar


def test_two_networks_in_a_folder_of_ones_choice(dataset, tmp_path):
    done = mlp_train_process("--dataset", dataset, "--epochs", 1, "--output",
                             "some/where", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.parent.name: path.name for path in (tmp_path / "some" / "where").glob(
        "*/model.npz")} == dict.fromkeys(MODELS, "model.npz")


def test_the_files_say_what_was_done(dataset, tmp_path):
    out = tmp_path / "out"
    done = mlp_train_process("--model", "TwoLayerNet", "--dataset", dataset, "--epochs",
                             3, "--n_hidden", 7, "--l2", "1e-4", "--momentum", 0.5,
                             "--schedule", "cosine", "--seed", 3, "--output", out,
                             cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    config = Config(**read_config(out / "config.yaml"))
    assert config == Config("TwoLayerNet", str(dataset), n_hidden=7, l2=1e-4,
                            momentum=0.5, schedule="cosine", seed=3, epochs=3)

    rows = list(csv.DictReader((out / "history.csv").read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    # the configuration in the folder repeats the run, bit by bit
    again = run(config, progress=False)
    assert [float(row["valid_loss"]) for row in rows] == again.history.valid_loss
    saved = Classifier.load(out / "model.npz")
    for name, param in again.model.params.items():
        assert np.array_equal(saved.params[name], param)
    for name in ("loss.png", "accuracy.png"):
        assert (out / name).read_bytes().startswith(b"\x89PNG")


def test_the_course_configuration_and_options_over_it(dataset, tmp_path):
    (tmp_path / "config.yaml").write_text(
        "Train:\n  batch_size: 32\n  learning_rate: 1e-1\n  reg: 0.01\n  epochs: 9\n  "
        "momentum: 0.9\n  debug: True\nModel:\n  type: SoftmaxRegression # or not\n")
    done = mlp_train_process("--config", "config.yaml", "--dataset", dataset,
                             "--epochs", 1, "--relu_logits", "no", "--output", "out",
                             cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = yaml.safe_load((tmp_path / "out" / "config.yaml").read_text())
    assert written["Train"] | {"batch_size": 32, "learning_rate": 0.1, "reg": 0.01,
                               "epochs": 1, "momentum": 0.9} == written["Train"]
    assert written["Model"]["type"] == "SoftmaxRegression"
    assert written["Model"]["relu_logits"] is False
    assert written["Data"]["name"] == str(dataset)


def test_help_explains_every_option_with_its_default():
    done = subprocess.run([COMMAND, "--help"], capture_output=True, text=True,
                          env=os.environ | {"COLUMNS": "300"})
    assert done.returncode == 0
    for name, field in SETTINGS.items():
        option = name.replace("_", "-")
        assert re.search(rf"^ +--{option} ", done.stdout, re.MULTILINE)
        if name != "model":
            default = field.metadata["default"]
            default = {True: "yes", False: "no", 1e-3: "0.001"}.get(default, default)
            assert f"{field.metadata['help']} (default: {default}" in (
                " ".join(done.stdout.split()))
    for name in ("config", "output", "quiet"): assert f"--{name}" in done.stdout


def test_quiet_prints_nothing(dataset, tmp_path):
    done = mlp_train_process("--dataset", dataset, "--epochs", 1, "--quiet",
                             cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


WRONG = {
    "unknown option": (["--lr", 1], "unrecognized arguments"),
    "not a number": (["--learning_rate", "much"], "must be a number, got 'much'"),
    "negative": (["--learning_rate", -1], "`learning_rate` must be at least 0"),
    "nan": (["--l2", "nan"], "`l2` must be finite"),
    "batch size 0": (["--batch_size", 0], "`batch_size` must be at least 1"),
    "momentum 1": (["--momentum", 1], "`momentum` must be at least 0 and below 1"),
    "no epochs": (["--epochs", 0], "`epochs` must be at least 1"),
    "unknown model": (["--model", "Transformer"], "--model"),
    "unknown schedule": (["--schedule", "cyclic"], "--schedule"),
    "neither yes nor no": (["--relu_logits", "perhaps"],
                           "must be yes or no, got 'perhaps'"),
    "missing data": (["--dataset", "nowhere"], "nowhere"),
    "missing config": (["--config", "nowhere.yaml"], "nowhere.yaml"),
    "unknown name in config": (["--config", "unknown.yaml"],
                               "unknown key 'lerning_rate'"),
    "config is not YAML": (["--config", "broken.yaml"], "is not a YAML file"),
    "config with a text for a number": (["--config", "text.yaml"],
                                        "`l2` must be a number, got 'strong'"),
    "config with a fraction of an epoch": (["--config", "fraction.yaml"],
                                           "`epochs` must be a whole number"),
    "a setting of the other model": (
        ["--model", "SoftmaxRegression", "--n-hidden", 64],
        "`n_hidden` is a setting of TwoLayerNet, and SoftmaxRegression has none"),
    "a setting of the other model in a file": (
        ["--config", "other.yaml"], "`n_hidden` is a setting of TwoLayerNet"),
    "an alias bomb": (["--config", "bomb.yaml"], "line 1: aliases, anchors"),
    "a tag": (["--config", "tag.yaml"], "line 2: aliases, anchors"),
    "400 digits": (["--config", "long.yaml"], "`epochs` must be below"),
    "folder in use": (["--output", "in_use"], "is not an empty folder"),
    "output is a file": (["--output", "unknown.yaml"], "is not an empty folder"),
    "label out of range": (["--dataset", "labels"], "label"),
    "image and label counts differ": (["--dataset", "counts"], "images"),
    "truncated images": (["--dataset", "truncated"], "cut short"),
    "wrong magic number": (["--dataset", "magic"], "IDX"),
    "no images": (["--dataset", "empty"], "empty"),
    "bad pixel": (["--dataset", "pixel.csv"], "255"),
    "missing value": (["--dataset", "nan.csv"], "nan.csv"),
}


@pytest.fixture
def faulty(dataset, tmp_path):
    "A folder with every wrong file that `WRONG` names."
    (tmp_path / "unknown.yaml").write_text("Train:\n  lerning_rate: 0.1\n")
    (tmp_path / "broken.yaml").write_text("Train: [1,\n")
    (tmp_path / "text.yaml").write_text("Train:\n  reg: strong\n")
    (tmp_path / "fraction.yaml").write_text("Train:\n  epochs: 2.5\n")
    (tmp_path / "other.yaml").write_text(
        "Model:\n  type: SoftmaxRegression\n  hidden_size: 64\n")
    lines = ["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]"
                              for i in range(1, 12))]
    (tmp_path / "bomb.yaml").write_text("\n".join(lines))
    (tmp_path / "tag.yaml").write_text("Train:\n  seed: !!int ''\n")
    (tmp_path / "long.yaml").write_text(f"Train:\n  epochs: {'9' * 400}\n")
    (tmp_path / "in_use").mkdir()
    (tmp_path / "in_use" / "notes.txt").write_text("keep me")
    (tmp_path / "pixel.csv").write_text("label,a,b,c,d\n1,0,0,0,256\n" * 9)
    (tmp_path / "nan.csv").write_text("label,a,b,c,d\n1,0,0,0,nan\n" * 9)
    for name in ("labels", "counts", "truncated", "magic", "empty"):
        (tmp_path / name).mkdir()
        for path in dataset.iterdir():
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    write_idx(tmp_path / "labels" / "t10k-labels-idx1-ubyte", np.full(50, 9))
    write_idx(tmp_path / "counts" / "train-labels-idx1-ubyte", np.zeros(299))
    images = tmp_path / "truncated" / "train-images-idx3-ubyte"
    images.write_bytes(images.read_bytes()[:-1])
    (tmp_path / "magic" / "train-images-idx3-ubyte").write_bytes(b"GIF89a" + bytes(100))
    write_idx(tmp_path / "empty" / "train-images-idx3-ubyte", np.zeros((0, 6, 6)))
    write_idx(tmp_path / "empty" / "train-labels-idx1-ubyte", np.zeros(0))
    return tmp_path


def test_a_mistake_gets_one_sentence_and_exit_code_2(faulty):
    before = sorted(faulty.rglob("*"))
    for case, (args, expected) in WRONG.items():
        args = args if "--dataset" in args else ["--dataset", faulty / "digits", *args]
        message = one_sentence(mlp_train_process(*args, cwd=faulty), 2)
        assert expected in message, f"{case}: {message}"
    # nothing half-written
    assert [path for path in sorted(faulty.rglob("*")) if path.name != "runs"] == before
    assert not list(faulty.glob("runs/*"))


def test_divergence_is_reported_and_leaves_nothing(dataset, tmp_path):
    done = mlp_train_process("--dataset", dataset, "--model", "TwoLayerNet",
                             "--learning_rate", 1e38, "--output", "out", "--quiet",
                             cwd=tmp_path)
    assert "training diverged" in one_sentence(done, 1)
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_reported_and_leaves_no_partial_file(dataset, tmp_path):
    # no file may grow beyond 2 kB, which is less than the weights need
    def small_files_only():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    done = mlp_train_process("--dataset", dataset, "--model", "TwoLayerNet", "--epochs",
                             1, "--output", "out", "--quiet", cwd=tmp_path,
                             preexec_fn=small_files_only,
                             env=os.environ | {"MPLCONFIGDIR": str(tmp_path / "mpl")})
    one_sentence(done, 1)
    assert not (tmp_path / "out").exists()


def training(*args):
    return [COMMAND, "--dataset", "digits", "--model", "TwoLayerNet", "--output", "out",
            *args]


def test_an_interrupt_keeps_the_finished_epochs(dataset, tmp_path):
    done = interrupt_when("epoch 5/", training("--epochs", 100000), tmp_path)
    assert done.returncode == 130 and "mlp_train: interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert "to go on: mlp train --resume out" in done.stdout
    found = {path.name for path in (tmp_path / "out").iterdir()}
    assert found == FILES | {"checkpoint.npz"}
    assert len((tmp_path / "out" / "history.csv").read_text().splitlines()) > 4
    Classifier.load(tmp_path / "out" / "model.npz")


def test_in_the_background_of_a_script_it_trains_on(dataset, tmp_path):
    "There the shell has told it to ignore the terminal's Ctrl-C."
    done = interrupt_when("epoch 5/", training("--epochs", 600), tmp_path,
                          preexec_fn=ignore_interrupts)
    assert done.returncode == 0 and "interrupted" not in done.stderr
    assert len((tmp_path / "out" / "history.csv").read_text().splitlines()) == 601


def test_the_tests_can_interrupt_in_the_background_of_a_script():
    "One that needs the signal, as `pytest &` runs it."
    test = f"{__file__}::{test_an_interrupt_keeps_the_finished_epochs.__name__}"
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "0", "-p",
                           "no:cacheprovider", test], capture_output=True,
                          text=True, timeout=120, preexec_fn=ignore_interrupts)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_images_without_labels_are_predicted_and_not_scored(tmp_path):
    "As in a competition: `test.csv` has no labels."
    rng = np.random.default_rng(0)
    y = np.arange(300) % 3
    X = rng.integers(0, 60, (300, 9))
    for k in range(3): X[y == k, 3 * k:3 * k + 3] += 180
    names = [f"pixel{i}" for i in range(9)]
    (tmp_path / "kaggle").mkdir()
    for name, table, columns in (
            ("train", np.column_stack([y + 5, X])[:240], ["label", *names]),
            ("test", X[240:], names)):
        np.savetxt(tmp_path / "kaggle" / f"{name}.csv", table, "%d", delimiter=",",
                   header=",".join(columns), comments="")
    done = mlp_train_process("--dataset", "kaggle", "--model", "TwoLayerNet",
                             "--init-std", 0.1, "--batch-size", 4, "--output", "out",
                             cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(
        (tmp_path / "out" / "predictions.csv").read_text().splitlines()))
    assert [int(row["ImageId"]) for row in rows] == list(range(1, 61))
    right = [int(row["Label"]) == label for row, label in zip(rows, y[240:] + 5)]
    assert sum(right) >= 58


@pytest.mark.parametrize("label", ["kind", "9"])
def test_the_label_column_is_what_the_user_says(tmp_path, label):
    rng = np.random.default_rng(0)
    table = np.column_stack([rng.integers(0, 2, (200, 9)), np.arange(200) % 2])
    header = ",".join([f"p{i}" for i in range(9)] + ["kind"])
    np.savetxt(tmp_path / "a.csv", table, "%d", delimiter=",", comments="",
               header=header if label == "kind" else "")
    text = (tmp_path / "a.csv").read_text().lstrip("\n")
    (tmp_path / "a.csv").write_text(text)
    options = ("--dataset", "a.csv", "--epochs", 1, "--model", "SoftmaxRegression",
               "--quiet", "--output", "out")
    one_sentence(mlp_train_process(*options, cwd=tmp_path), 2)          # it asks
    done = mlp_train_process(*options, "--label", label, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    content = yaml.safe_load((tmp_path / "out" / "config.yaml").read_text())
    assert content["Data"]["label"] == label
