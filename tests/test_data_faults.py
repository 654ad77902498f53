"""Damaged, truncated and hostile files, and writes that fail halfway: what the inline
tests cannot do."""
import gzip
import os
import re
import signal
import struct
import subprocess
import sys
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlp_from_scratch.archive import read_npz, write_archive
from mlp_from_scratch.classifier import Classifier
from mlp_from_scratch.config import SETTINGS, Config, read_config
from mlp_from_scratch.csv_images import load_csv
from mlp_from_scratch.data import load_dataset
from mlp_from_scratch.files import IDX_DTYPES, atomic_write, load_idx
from mlp_from_scratch.runs import Result
from mlp_from_scratch.training import History
from mlp_from_scratch.two_layer_net import TwoLayerNet

REFUSALS = (ValueError, TypeError, OSError)
fuzz = settings(max_examples=150, derandomize=True, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])


def idx_bytes(array, code=0x08):
    "An IDX file's content."
    return bytes([0, 0, code, array.ndim]) + struct.pack(
        f">{array.ndim}I", *array.shape) + array.astype(IDX_DTYPES[code]).tobytes()


IDX = idx_bytes(np.arange(24).reshape(4, 3, 2))
def first_is_label(path): return load_csv(path, label=0)


CSV = b"label,pixel0,pixel1\n" + b"".join(b"%d,%d,%d\n" % (i % 10, 20 * i, 255 - i)
                                          for i in range(8))


def parse_idx(content):
    """The array in an IDX file, read in the plainest way, or None if the content is not
    exactly one IDX file."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[
        2] not in IDX_DTYPES or not 1 <= content[3] <= 64:
        return None
    start = 4 + 4 * content[3]
    if len(content) < start: return None
    shape = struct.unpack(f">{content[3]}I", content[4:start])
    dtype, count = np.dtype(IDX_DTYPES[content[2]]), 1
    for size in shape: count *= size
    if count == 0 or len(content) - start != count * dtype.itemsize: return None
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def parse_csv(content):
    """The rows of a CSV file without a header, read in the plainest way, or None if it
    is not a table of labels and pixels."""
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        rows = [[int(field.strip().strip('"').strip()) for field in line.split(",")]
                for line in re.split("\r\n?|\n", content.decode(
                    "utf-16" if utf16 else "utf-8-sig")) if line.strip()]
    except ValueError: return None
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2: return None
    return rows if all(min(row) >= 0 and max(row[1:]) <= 255 and row[0] <= 32767
                       for row in rows) else None


def attempt(load, path, content, named=None):
    """What `load` returns for a file with this content, or None if it is refused by an
    error that names the file, or what else is `named`."""
    path.write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try: result = load(path)
        except REFUSALS as error:
            assert (named or path.name) in str(error) and len(str(error)) < 600
            result = None
    assert not [str(warning.message) for warning in caught]
    return result


def mutated(content):
    """Strategy: `content` with one span replaced by other bytes, so that bytes are
    changed, inserted or cut out."""
    span = st.tuples(st.integers(0, len(content)), st.integers(0, 6),
                     st.binary(max_size=6))
    return span.map(lambda s: content[:s[0]] + s[2] + content[s[0] + s[1]:])


# --- fuzzing

@fuzz
@given(content=st.one_of(st.binary(max_size=60), mutated(IDX), st.binary(
    max_size=40).map(lambda tail: b"\0\0\x08\x01\0\0\0\x10" + tail)))
def test_idx_of_any_bytes(tmp_path, content):
    expected = parse_idx(content)
    result = attempt(load_idx, tmp_path / "file", content)
    if content[:2] != b"\x1f\x8b":
        assert (result is None) == (expected is None)
        if result is not None: np.testing.assert_array_equal(result, expected)


@fuzz
@given(content=st.one_of(mutated(gzip.compress(IDX, mtime=0)), st.binary(
    max_size=60).map(lambda tail: b"\x1f\x8b\x08" + tail)))
def test_gzipped_idx_of_any_bytes(tmp_path, content):
    result = attempt(load_idx, tmp_path / "file", content)
    if result is not None:
        np.testing.assert_array_equal(result, parse_idx(gzip.decompress(content)))


number = st.one_of(st.integers(-2, 300).map(str), st.sampled_from(
    ["", " 7 ", "+3", "007", "1.0", "1e2", "nan", "inf", "0x10", "1_0", "70000",
     "9" * 5000, '"3"', "٣", "#", "\0", "\ufeff5", "\x85"]))
table = st.lists(st.lists(number, min_size=1, max_size=4).map(",".join),
                 max_size=5).map(lambda rows: "\n".join(rows).encode())


@fuzz
@given(content=st.one_of(st.binary(max_size=60), mutated(CSV), table))
def test_csv_of_any_bytes(tmp_path, content):
    result = attempt(first_is_label, tmp_path / "file", content)
    if result is not None and content[:2] != b"\x1f\x8b":
        X, y = result
        assert X.dtype == np.uint8 and y.dtype == np.int64 and X.ndim == 2
        assert y.shape == (len(X),) and X.size > 0
        rows = np.column_stack([y, X]).tolist()
        # the latter without a header
        assert rows == parse_csv(content) or rows == parse_csv(
            content.lstrip().split(b"\n", 1)[1])


@fuzz
@given(rows=st.lists(st.lists(st.integers(0, 255), min_size=3, max_size=3), min_size=1,
                     max_size=6), header=st.booleans(),
       bom=st.booleans(), zipped=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
def test_every_right_csv_is_read(tmp_path, rows, header, bom, zipped, end):
    text = end.join(["label,pixel0,pixel1"] * header
                    + [",".join(map(str, row)) for row in rows]) + end
    content = b"\xef\xbb\xbf" * bom + text.encode()
    X, y = attempt(first_is_label, tmp_path / "file",
                   gzip.compress(content) if zipped else content)
    assert np.column_stack([y, X]).tolist() == rows


def saved(model, folder):
    model.save(folder / "model.npz")
    return (folder / "model.npz").read_bytes()


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    "A small network and the bytes of its file."
    net = TwoLayerNet(4, 3, 2)
    return net, saved(net, tmp_path_factory.mktemp("model"))


@settings(fuzz, max_examples=400)
@given(data=st.data())
def test_a_model_of_any_bytes(tmp_path, net, data):
    "It is the same model, or refused."
    net, content = net
    found = attempt(Classifier.load, tmp_path / "file", data.draw(mutated(content)))
    if found is not None:
        assert found.settings == net.settings
        for name, w in net.params.items(): assert np.array_equal(found.params[name], w)


def test_every_byte_of_a_model_may_be_wrong(tmp_path, net):
    net, content = net
    for i in range(len(content)):
        wrong = content[:i] + bytes([content[i] ^ (1 << i % 8)]) + content[i + 1:]
        found = attempt(Classifier.load, tmp_path / "file", wrong)
        if found is not None:
            assert np.array_equal(found.params["W1"], net.params["W1"]), i


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    "A small run in a folder, and its files' bytes."
    folder = tmp_path_factory.mktemp("stored") / "run"
    net, history = TwoLayerNet(4, 3, 2), History(train_loss=[0.7], train_accuracy=[0.5])
    scores = dict.fromkeys(("train", "valid", "test"), (0.7, 0.5))
    Result(Config("TwoLayerNet"), net, history, scores, 1.0).save(folder)
    return folder, {path.name: path.read_bytes() for path in folder.iterdir()}


@settings(fuzz, max_examples=300)
@given(data=st.data())
def test_a_stored_run_of_any_bytes(stored, data):
    "It is a run, or refused."
    folder, files = stored
    name = data.draw(st.sampled_from(sorted(files)))
    found = attempt(lambda path: Result.load(path.parent), folder / name,
                    data.draw(mutated(files[name])), named=str(folder))
    (folder / name).write_bytes(files[name])
    assert found is None or set(found.scores) == {"train", "valid", "test"}


@fuzz
@given(content=st.one_of(st.binary(max_size=80), mutated(b"PK\x03\x04" + bytes(26)),
                         st.binary(max_size=40).map(lambda tail: b"PK\x05\x06" + tail)))
def test_an_archive_of_any_bytes(tmp_path, content):
    result = attempt(read_npz, tmp_path / "file", content)
    assert result in (None, {})                             # an empty zip file holds {}


LIES = {
    "inputs and hidden units": dict(n_inputs=10**6, n_hidden=10**6),
    "classes": dict(n_classes=10**6), "negative": dict(n_inputs=-1),
    "a text": dict(n_inputs="4"), "nothing": dict(n_inputs=None),
    "another setting": dict(__class__="x"), "huge": dict(n_hidden=10**400),
    "another model": dict(model="Pickle")}


@pytest.mark.parametrize("lie", LIES)
def test_a_model_that_promises_too_much_gets_no_memory(tmp_path, net, lie):
    net, path = net[0], tmp_path / "model.npz"
    about = {"model": "TwoLayerNet", **net.settings} | LIES[lie]
    write_archive(path, about, net.params)
    assert peak_memory(lambda: Classifier.load(path)) < 1_000_000
    assert attempt(Classifier.load, path, path.read_bytes()) is None


YAML = b"Train:\n  learning_rate: 0.1\n  epochs: 3\nModel:\n  type: TwoLayerNet\n"


@fuzz
@given(content=st.one_of(st.binary(max_size=60), mutated(YAML), st.text(
    "{}[]:-,&*!|>#'\"%@` \n\t01ax", max_size=60).map(str.encode)))
def test_a_configuration_of_any_bytes(tmp_path, content):
    found = attempt(read_config, tmp_path / "file", content)
    assert found is None or found.keys() <= SETTINGS.keys()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_truncation_at_every_byte(tmp_path, pack):
    for load, content in ((load_idx, IDX), (load_csv, CSV[:-1])):
        packed = pack(content)
        assert attempt(load, tmp_path / "file", packed) is not None
        for length in range(len(packed)):
            result = attempt(load, tmp_path / "file", packed[:length])
            if load is load_idx or pack is gzip.compress: assert result is None, length
            # a plain CSV file has no end mark: cut at the end of a line or within its
            # last number, it is a shorter table


def test_csv_lines_are_named(tmp_path):
    path = tmp_path / "digits.csv"
    # line 1 is the header
    for number in range(2, 9):
        lines = CSV.decode().splitlines()
        lines[number - 1] = lines[number - 1] + "x"
        # a blank line before the header counts
        path.write_text("\n".join(["", *lines]))
        with pytest.raises(ValueError,
                           match=rf"digits\.csv: line {number + 1}, field 3: .*x'$"):
            load_csv(path)


# --- memory

def peak_memory(f):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError): f()
        return tracemalloc.get_traced_memory()[1]
    finally: tracemalloc.stop()


@pytest.mark.parametrize("shape", [(2**32 - 1,), (60_000, 28, 28), (2**32 - 1,) * 3,
                                   (2**32 - 1,) * 64, (1,) * 63 + (2**31,)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_hostile_header_gets_no_memory(tmp_path, shape, pack):
    path = tmp_path / "file"
    path.write_bytes(pack(bytes([0, 0, 0x0E, len(shape)])
                          + struct.pack(f">{len(shape)}I", *shape) + b"\0" * 100))
    assert peak_memory(lambda: load_idx(path)) < 1_000_000


def test_a_gzip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 10])
                                   + bytes(50_000_000)))
    assert peak_memory(lambda: load_idx(path)) < 1_000_000


def test_a_promise_that_gzip_could_keep_costs_little_more(tmp_path):
    "Once what it promises, or twice: Python 3.13 reads by way of another buffer."
    path, noise = tmp_path / "file", np.random.default_rng(0).bytes(10_000)
    path.write_bytes(gzip.compress(bytes([0, 0, 8, 1]) + struct.pack(">I", 10_000_000)
                                   + noise))
    assert peak_memory(lambda: load_idx(path)) < 21_000_000


def test_special_files_are_refused_without_reading():
    for path in ("/dev/zero", "/dev", "nowhere/at/all", "nul\0byte"):
        for load in (load_idx, load_csv):
            with pytest.raises(FileNotFoundError): load(path)
        with pytest.raises(ValueError): load_dataset(path)


# --- writing

def files(folder): return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"),
                                   KeyboardInterrupt(), SystemExit(1), MemoryError()])
def test_a_failed_write_changes_nothing(tmp_path, error):
    target = tmp_path / "target.txt"
    target.write_text("old")
    with pytest.raises(type(error)):
        with atomic_write(target) as part:
            part.write_text("half of the new")
            raise error
    assert target.read_text() == "old" and files(tmp_path) == ["target.txt"]


def test_control_c_during_a_write(tmp_path):
    target = tmp_path / "target.txt"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        with atomic_write(target) as part, open(part, "w") as file:
            file.write("half of the new")
            signal.raise_signal(signal.SIGINT)
    assert target.read_text() == "old" and files(tmp_path) == ["target.txt"]


def run(code, folder):
    return subprocess.run([sys.executable, "-c", code, str(folder)],
                          capture_output=True, text=True, timeout=60)


def test_a_full_disk(tmp_path):
    "A limit on the size of files makes the operating system itself refuse the write."
    pytest.importorskip("resource")
    (tmp_path / "target.npz").write_text("old")
    done = run("""if True:
        import resource, sys, pathlib, numpy as np
        from mlp_from_scratch.files import atomic_write
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            with atomic_write(pathlib.Path(sys.argv[1]) / "target.npz") as part:
                np.savez(part, a=np.zeros(100_000))
        except OSError as error: print(type(error).__name__)
        """, tmp_path)
    assert done.stdout == "OSError\n", done.stderr
    assert (tmp_path / "target.npz").read_text() == "old"
    assert files(tmp_path) == ["target.npz"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_killed_while_writing(tmp_path):
    (tmp_path / "target.txt").write_text("old")
    done = run("""if True:
        import os, signal, sys, pathlib
        from mlp_from_scratch.files import atomic_write
        with atomic_write(pathlib.Path(sys.argv[1]) / "target.txt") as part:
            part.write_text("half of the new")
            os.kill(os.getpid(), signal.SIGKILL)
        """, tmp_path)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "target.txt").read_text() == "old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX")
def test_only_files_are_replaced(tmp_path):
    # stands for every device: /dev/null must survive
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ValueError, match="`path` must be a file"):
            with atomic_write(path) as part: part.write_text("x")
    assert files(tmp_path) == ["pipe"]
    with pytest.raises(TypeError, match="`path` must be a string or a path, got 3"):
        with atomic_write(3): pass


def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with atomic_write(tmp_path / "link.txt") as part: part.write_text("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_new_file_has_the_usual_permissions(tmp_path):
    with atomic_write(tmp_path / "ours") as part: part.write_text("x")
    (tmp_path / "theirs").write_text("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode
