"""Networks among other tools: missing libraries, files that are no network, and what
scikit-learn does with an estimator."""
import subprocess
import sys

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import log_loss
from sklearn.model_selection import cross_val_predict

from mlp_from_scratch.all import SGD, SoftmaxRegression, TwoLayerNet, fit
from mlp_from_scratch.estimators import (SoftmaxRegressionClassifier,
                                         TwoLayerNetClassifier)
from mlp_from_scratch.exchange import from_onnx, to_onnx

ESTIMATORS = SoftmaxRegressionClassifier, TwoLayerNetClassifier


@pytest.fixture(scope="module")
def blobs():
    "200 samples around three centers, with names as labels."
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 200)
    X = rng.standard_normal((200, 4)) + 3 * np.eye(3, 4)[y]
    return X, np.array(["low", "middle", "high"])[y]


@pytest.mark.parametrize("module, extra", [("sklearn", "sklearn"), ("onnx", "onnx"),
                                           ("torch", "torch")])
def test_without_the_library_the_error_says_what_to_install(module, extra, tmp_path):
    call = {"sklearn": "import mlp_from_scratch.estimators",
            "onnx": "exchange.to_onnx(all.TwoLayerNet(), 'x.onnx')",
            "torch": "exchange.to_torch(all.TwoLayerNet())"}[module]
    program = (f"import sys; sys.modules['{module}'] = None\n"
               f"from mlp_from_scratch import all, exchange\n{call}")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and not list(tmp_path.iterdir())
    assert f'pip install "mlp_from_scratch[{extra}]"' in done.stderr.splitlines()[-1]


def test_the_package_itself_imports_none_of_them():
    program = ("import sys, mlp_from_scratch.all\n"
               "print({'sklearn', 'onnx', 'onnxruntime', 'torch', 'pandas'} "
               "& sys.modules.keys())")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True,
                          text=True, timeout=120)
    assert done.stdout.strip() == "set()", done.stderr


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_weights_as_fit(blobs, estimator, dtype):
    X, names = blobs
    classes, y = np.unique(names, return_inverse=True)
    made = estimator(epochs=4, random_state=3, dtype=dtype).fit(X, names)
    kind = {SoftmaxRegressionClassifier: SoftmaxRegression,
            TwoLayerNetClassifier: TwoLayerNet}[estimator]
    model = kind(4, n_classes=3, init_std=made.init_std, seed=3, dtype=dtype)
    fit(model, (X.astype(dtype), y), optimizer=SGD(0.1, 1e-3, made.momentum), epochs=4,
        seed=3, progress=False)
    assert list(made.classes_) == list(classes) == ["high", "low", "middle"]
    for name, param in model.params.items():
        assert np.array_equal(param, made.model_.params[name]), name


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_bytes_are_pixels_and_other_integers_are_not(estimator):
    rng = np.random.default_rng(1)
    X, y = rng.integers(0, 256, (60, 9)).astype(np.uint8), rng.integers(0, 2, 60)
    options = dict(epochs=2, random_state=0)
    by_bytes = estimator(**options).fit(X, y).predict_proba(X)
    by_floats = estimator(**options).fit(X / 255, y).predict_proba(X / 255)
    assert by_bytes == pytest.approx(by_floats, abs=1e-5)
    small = rng.integers(-3, 4, (60, 9))
    as_integers = estimator(**options).fit(small, y).predict_proba(small)
    as_floats = estimator(**options).fit(small / 1.0, y).predict_proba(small / 1.0)
    assert np.array_equal(as_integers, as_floats)
    with pytest.raises(ValueError, match="were not divided by 255"):
        estimator(**options).fit(X.astype(np.int64), y)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_probabilities_come_in_the_order_of_the_classes(blobs, estimator):
    X, names = blobs
    made = estimator(random_state=0)
    S = cross_val_predict(made, X, names, method="predict_proba", n_jobs=2)
    assert log_loss(names, S) < 0.6
    assert (np.unique(names)[S.argmax(axis=1)] == names).mean() > 0.9
    assert clone(made).get_params() == made.get_params()


def test_a_failed_fit_leaves_nothing_that_looks_trained(blobs):
    X, names = blobs
    made = TwoLayerNetClassifier(epochs=2, random_state=0).fit(X, names)
    from sklearn.exceptions import NotFittedError
    with pytest.raises(ValueError, match="at least two classes"):
        made.fit(X, ["one"] * len(X))
    with pytest.raises(NotFittedError): made.predict(X)
    for wrong in dict(epochs=0), dict(batch_size=0), dict(learning_rate=-1):
        fresh = TwoLayerNetClassifier(**wrong)
        with pytest.raises(ValueError): fresh.fit(X, names)
        with pytest.raises(NotFittedError): fresh.predict(X)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        made.set_params(learning_rate=1e30).fit(X, names)
    with pytest.raises(NotFittedError): made.predict(X)


def test_a_refused_part_leaves_no_network():
    made, X = TwoLayerNetClassifier(n_hidden=2), np.eye(12)
    # "10" stands before "2", but 10 after 2
    with pytest.raises(ValueError, match="got '0'"):
        made.partial_fit(X, np.arange(12).astype(str), classes=range(12))
    assert not hasattr(made, "model_")
    made.partial_fit(X, np.arange(12.0), classes=range(12))
    assert list(made.classes_) == list(range(12))


MODELS = [SoftmaxRegression(6, 3, init_std=1), SoftmaxRegression(6, 3, False, 1),
          TwoLayerNet(6, 4, 3, 1), TwoLayerNet(6, 4, 3, 1, dtype=np.float64)]


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("pixels", [False, True])
def test_onnx_there_and_back(model, pixels, tmp_path):
    import onnxruntime
    path = tmp_path / "network.onnx"
    to_onnx(model, path, pixels=pixels)
    again = from_onnx(path)
    assert again.settings == model.settings and type(again) is type(model)
    for name, param in model.params.items():
        assert np.array_equal(again.params[name], param)
        assert again.params[name].flags.writeable
    proto = onnx.load(path)
    assert [each.version for each in proto.opset_import] == [17]
    session = onnxruntime.InferenceSession(path)
    X = np.random.default_rng(0).integers(0, 256, (5, 6)).astype(np.uint8)
    for n in 1, 5:
        inputs = X[:n] if pixels else (X[:n] / 255).astype(model.dtype)
        R, S = session.run(["R", "S"], {"X": inputs})
        assert np.abs(R - model.logits(X[:n])).max() < 1e-5
        assert np.abs(S - model.predict_proba(X[:n])).max() < 1e-6


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("onnx") / "network.onnx"
    to_onnx(MODELS[2], path)
    return path.read_bytes()


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_says_the_same(stored, tmp_path_factory, data):
    """Whatever bytes change: no crash, and what is read is a network of finite weights
    with the graph that belongs to it."""
    content = bytearray(stored)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.onnx"
    path.write_bytes(content[:data.draw(st.integers(1, len(content)))])
    try: model = from_onnx(path)
    except ValueError as error: assert "was not written by to_onnx" in str(error)
    else:
        assert isinstance(model, (SoftmaxRegression, TwoLayerNet))
        assert all(np.isfinite(param).all() for param in model.params.values())


def test_weights_in_another_file_are_refused(stored, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(1000))
    proto = onnx.load_from_string(stored)
    tensor = proto.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=str(secret))
    (tmp_path / "network.onnx").write_bytes(proto.SerializeToString())
    with pytest.raises(ValueError, match="its weights are in other files"):
        from_onnx(tmp_path / "network.onnx")


def test_torch_there_and_back():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from mlp_from_scratch.exchange import from_torch, to_torch
    X = np.random.default_rng(0).standard_normal((9, 6))
    for model in MODELS:
        module = to_torch(model)
        logits = module(torch.tensor(X.astype(model.dtype))).detach().numpy()
        assert np.abs(logits - model.logits(X)).max() < 1e-5
        again = from_torch(module)
        assert again.settings == model.settings
        with torch.no_grad():                               # a copy, not a view
            for param in module.parameters(): param.zero_()
        for name, param in model.params.items():
            assert np.array_equal(again.params[name], param)
            assert param.any() or param.ndim == 1           # biases begin as zeros
