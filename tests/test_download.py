"""Fashion-MNIST from the network: a server on this machine, tiny files in place of the
real ones."""
import gzip
import hashlib
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from mlp_from_scratch import data

pytest.importorskip("pooch")
pytestmark = pytest.mark.filterwarnings("error::ResourceWarning")


class Handler(SimpleHTTPRequestHandler):
    "Serves a folder and keeps a list of what was asked for."
    def log_message(self, *args): pass

    def do_GET(self):
        self.server.requests.append(self.path)
        super().do_GET()


class HalfHandler(Handler):
    "Announces the whole file, sends half of it, and hangs up."
    def copyfile(self, source, target):
        content = source.read()
        target.write(content[:len(content) // 2])


def serve(folder, handler=Handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    server.requests = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A folder with a tiny Fashion-MNIST; the hashes in the package are replaced by its
    own, and the cache is a new folder."""
    rng = np.random.default_rng(0)
    arrays = rng.integers(0, 256, (50, 28, 28)), np.arange(50) % 10, rng.integers(
        0, 256, (20, 28, 28)), np.arange(20) % 10
    folder, md5, sha256 = tmp_path / "published", {}, {}
    folder.mkdir()
    for name, array in zip(data.IDX_NAMES, arrays):
        content = bytes([0, 0, 8, array.ndim]) + struct.pack(
            f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
        packed = gzip.compress(content)
        (folder / f"{name}.gz").write_bytes(packed)
        md5[f"{name}.gz"], sha256[name] = hashlib.md5(
            packed).hexdigest(), hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(data, "FASHION_MD5", md5)
    monkeypatch.setattr(data, "FASHION_SHA256", sha256)
    monkeypatch.setattr(data, "DEBIAN_FASHION", tmp_path / "no such folder")
    monkeypatch.setenv("MLP_FROM_SCRATCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return folder


@pytest.fixture
def connect(published, monkeypatch):
    "Starts a server for the published files and points the package at it."
    started = []
    def start(handler=Handler):
        server = serve(published, handler)
        started.append(server)
        monkeypatch.setattr(data, "FASHION_URL",
                            f"http://127.0.0.1:{server.server_port}/")
        return server
    yield start
    for server in started: stop(server)


def stop(server):
    server.shutdown()
    server.server_close()


def cached(tmp_path):
    "Every file below the cache folder, temporary ones included."
    return sorted(path.name for path in (tmp_path / "cache").rglob("*")
                  if path.is_file())


def test_download_then_cache(tmp_path, connect, capsys):
    server = connect()
    first = data.load_dataset("fashion-mnist")
    # the progress bar
    assert "%" in capsys.readouterr().err
    assert sorted(server.requests) == sorted(f"/{name}" for name in data.FASHION_MD5)
    assert [len(y) for _, y in (first.train, first.valid, first.test)] == [40, 10, 20]
    assert first.classes == data.FASHION_CLASSES and first.image_shape == (28, 28)

    stop(server)
    second = data.load_dataset("fashion-mnist")
    assert len(server.requests) == 4 and np.array_equal(first.train[0], second.train[0])
    assert cached(tmp_path) == sorted(data.FASHION_MD5)


def test_only_what_is_missing_is_downloaded(tmp_path, connect):
    server = connect()
    data.load_dataset("fashion-mnist")
    (tmp_path / "cache" / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    data.load_dataset("fashion-mnist")
    assert len(server.requests) == 5
    assert server.requests[-1] == "/t10k-labels-idx1-ubyte.gz"


def test_a_wrong_hash_is_refused_and_leaves_nothing(tmp_path, published, connect):
    connect()
    file = published / "train-images-idx3-ubyte.gz"
    right = file.read_bytes()
    file.write_bytes(gzip.compress(gzip.decompress(right)[:-1] + b"!"))
    with pytest.raises(ValueError, match="train-images-idx3-ubyte.gz"):
        data.load_dataset("fashion-mnist")
    assert cached(tmp_path) == []

    file.write_bytes(right)
    # nothing stands in the way of another try
    assert len(data.load_dataset("fashion-mnist").test[1]) == 20


def test_a_forged_file_with_the_published_md5_is_refused(tmp_path, published, connect,
                                                         monkeypatch):
    connect()
    forged = gzip.compress(gzip.decompress(
        (published / "train-labels-idx1-ubyte.gz").read_bytes())[:-1] + b"\0")
    (published / "train-labels-idx1-ubyte.gz").write_bytes(forged)
    monkeypatch.setitem(data.FASHION_MD5, "train-labels-idx1-ubyte.gz",
                        hashlib.md5(forged).hexdigest())
    with pytest.raises(ValueError, match="is not the published file"):
        data.load_dataset("fashion-mnist")
    # nor from the cache
    with pytest.raises(ValueError, match="is not the published file"):
        data.load_dataset("fashion-mnist")


def test_a_broken_connection_leaves_nothing(tmp_path, connect):
    connect(HalfHandler)
    with pytest.raises((ConnectionError, ValueError)):
        data.load_dataset("fashion-mnist")
    assert cached(tmp_path) == []


def test_a_missing_file_on_the_server(tmp_path, published, connect):
    connect()
    (published / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(ConnectionError, match="HTTPError"):
        data.load_dataset("fashion-mnist")
    assert cached(tmp_path) == []


def test_offline_says_what_to_do(tmp_path, connect):
    # a port where nobody listens any more
    stop(connect())
    with pytest.raises(ConnectionError) as caught: data.load_dataset("fashion-mnist")
    for words in ("Fashion-MNIST", data.FASHION_URL,
                  str(tmp_path / "cache" / "fashion-mnist"), "dataset-fashion-mnist"):
        assert words in str(caught.value)
    assert cached(tmp_path) == []


def test_files_put_there_by_hand(tmp_path, published, connect, monkeypatch):
    """Debian's folder is used without a network, with any compression or none, and only
    with the right content."""
    stop(connect())
    monkeypatch.setattr(data, "DEBIAN_FASHION", published)
    for name in data.IDX_NAMES[:2]:
        packed = published / f"{name}.gz"
        (published / name).write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    for name in data.IDX_NAMES[2:]:
        packed = published / f"{name}.gz"
        packed.write_bytes(gzip.compress(gzip.decompress(packed.read_bytes()), 1))
    assert len(data.load_dataset("fashion-mnist").test[1]) == 20

    (published / data.IDX_NAMES[1]).write_bytes(b"\0\0\x08\x01\0\0\0\x32" + bytes(50))
    with pytest.raises(ValueError, match="is not the published file"):
        data.load_dataset("fashion-mnist")


def test_the_usual_cache_folder(monkeypatch, tmp_path):
    import pooch
    monkeypatch.delenv("MLP_FROM_SCRATCH_CACHE", raising=False)
    assert data._fashion_folders()[0] == pooch.os_cache(
        "mlp_from_scratch") / "fashion-mnist"
    monkeypatch.setenv("MLP_FROM_SCRATCH_CACHE", str(tmp_path))
    assert data._fashion_folders()[0] == tmp_path / "fashion-mnist"


def test_the_registry_names_the_four_files():
    assert [f"{name}.gz" for name in data.IDX_NAMES] == list(data.FASHION_MD5)
    assert list(data.IDX_NAMES) == list(data.FASHION_SHA256) == list(data.MNIST_SHA256)
