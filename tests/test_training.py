"""The fast training loop against a textbook one that shares no code with it, for every
kind of input it accepts."""
import linecache
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from mlp_from_scratch.all import *

SIZES = dict(n_inputs=20, n_classes=4, init_std=0.5)


def textbook_fit(params, X, y, relu_logits, learning_rate, l2, momentum, schedule,
                 epochs, batch_size, seed):
    """Plain mini-batch gradient descent in float64, one formula a line; gives the mean
    loss of each epoch."""
    rng, losses = np.random.default_rng(seed), []
    velocity = {name: np.zeros_like(w) for name, w in params.items()}
    for epoch in range(epochs):
        order, total = rng.permutation(len(X)), 0.0
        for start in range(0, len(X), batch_size):
            rows = order[start:start + batch_size]
            x, one_hot = X[rows], np.eye(SIZES["n_classes"])[y[rows]]
            if "W" in params: Z = x @ params["W"]
            else:
                A = 1 / (1 + np.exp(-(x @ params["W1"] + params["b1"])))
                Z = A @ params["W2"] + params["b2"]
            R = np.maximum(Z, 0) if relu_logits else Z
            S = np.exp(R) / np.exp(R).sum(axis=1, keepdims=True)
            total -= (one_hot * np.log(S)).sum()
            dZ = (S - one_hot) / len(rows) * ((Z > 0) if relu_logits else 1)
            if "W" in params: grads = {"W": x.T @ dZ}
            else:
                dZ1 = dZ @ params["W2"].T * A * (1 - A)
                grads = {"W1": x.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ,
                         "b2": dZ.sum(axis=0)}
            for name, w in params.items():
                g = grads[name] + (l2 * w if w.ndim == 2 else 0)
                velocity[name] = momentum * velocity[name] + g
                rate = learning_rate * schedule(epoch / epochs)
                params[name] = w - rate * velocity[name]
        losses.append(total / len(X))
    return losses


MODELS = {"softmax, ReLU": lambda **kw: SoftmaxRegression(**SIZES, **kw),
          "softmax": lambda **kw: SoftmaxRegression(relu_logits=False, **SIZES, **kw),
          "two layers": lambda **kw: TwoLayerNet(n_hidden=7, **SIZES, **kw)}


def data(n=300):
    rng = np.random.default_rng(0)
    pixels, y = rng.integers(0, 256, (n, 20), dtype=np.uint8), rng.integers(0, 4, n)
    return pixels, y


@pytest.mark.parametrize("momentum, schedule", [
    (0.0, constant_schedule), (0.9, cosine_schedule), (0.5, step_schedule)])
@pytest.mark.parametrize("batch_size", [1, 7, 64, 300, 1000])
@pytest.mark.parametrize("name", MODELS)
def test_fit_equals_the_textbook(name, batch_size, momentum, schedule):
    pixels, y = data()
    X = pixels / 255
    model = MODELS[name](dtype=np.float64)
    params = {key: value.copy() for key, value in model.params.items()}
    settings = dict(learning_rate=0.05, l2=0.01, momentum=momentum, schedule=schedule)
    losses = textbook_fit(params, X, y, "ReLU" in name, **settings, epochs=3,
                          batch_size=batch_size, seed=5)
    history = fit(model, (X, y), optimizer=SGD(**settings), epochs=3,
                  batch_size=batch_size, seed=5, progress=False)
    assert np.allclose(history.train_loss, losses, rtol=1e-12)
    for key in params:
        assert relative_error(model.params[key], params[key]) < 1e-12, key


FORMS = {"C order": np.ascontiguousarray, "Fortran order": np.asfortranarray,
         "every second column": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
         "reversed": lambda X: np.ascontiguousarray(X[::-1])[::-1],
         "read-only": lambda X: np.frombuffer(X.tobytes(), X.dtype).reshape(X.shape)}


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MODELS)
def test_any_memory_order_and_dtype_gives_the_same_bits(name, form, kind):
    pixels, y = data()
    expected, model = MODELS[name](), MODELS[name]()
    fit(expected, (pixels if kind == np.uint8 else scale_pixels(pixels), y), epochs=2,
        progress=False)
    given = FORMS[form](pixels if kind == np.uint8
                        else scale_pixels(pixels).astype(kind))
    before = given.copy()
    fit(model, (given, y), epochs=2, progress=False)
    for key, value in expected.params.items():
        assert np.array_equal(model.params[key], value), key
    assert np.array_equal(given, before)


@pytest.mark.parametrize("batch_size", [7, 64, 150, 300])
@pytest.mark.parametrize("name", MODELS)
def test_bytes_train_as_scaled_floats_do(name, batch_size):
    """Bytes are scaled after the product, floats before it: the same weights but for
    rounding."""
    pixels, y = data()
    models = [MODELS[name](dtype=np.float64) for _ in range(2)]
    losses = [fit(model, (X, y), optimizer=SGD(0.05), epochs=3, batch_size=batch_size,
                  progress=False).train_loss
              for model, X in zip(models, (pixels, pixels / 255))]
    assert np.allclose(*losses, rtol=1e-12)
    for key, value in models[1].params.items():
        assert relative_error(models[0].params[key], value) < 1e-12, key


@pytest.mark.parametrize("name", MODELS)
def test_logits_of_many_samples_are_those_of_few(name):
    pixels, _ = data(1300)
    model = MODELS[name](dtype=np.float64)
    for X in (pixels, pixels / 255, np.asfortranarray(pixels / 255)):
        assert np.allclose(model.logits(X),
                           np.concatenate([model.logits(x[None]) for x in X]),
                           rtol=1e-12, atol=1e-13)
    X = pixels / 255
    X[1299, 3] = np.nan
    with pytest.raises(ValueError, match="NaN"): model.logits(X)
    with pytest.raises(ValueError, match=r"\(1300, 19\)"): model.logits(pixels[:, 1:])


@pytest.mark.parametrize("name", MODELS)
def test_float32_follows_float64_through_an_epoch(name):
    pixels, y = data(2000)
    single, double = MODELS[name](dtype=np.float32), MODELS[name](dtype=np.float64)
    histories = [fit(model, (pixels, y), epochs=1, batch_size=32, progress=False)
                 for model in (single, double)]
    assert np.isclose(histories[0].train_loss, histories[1].train_loss, rtol=1e-5)
    for key in double.params:
        assert relative_error(single.params[key].astype(np.float64),
                              double.params[key]) < 1e-4, key


@pytest.mark.parametrize("name", MODELS)
def test_gradients_are_not_overwritten_by_the_next_call(name):
    pixels, y = data()
    model = MODELS[name]()
    _, first = model.loss_and_grads(pixels[:64], y[:64])
    kept = {key: value.copy() for key, value in first.items()}
    model.loss_and_grads(pixels[64:128], y[64:128])
    fit(model, (pixels, y), epochs=1, progress=False)
    for key in kept: assert np.array_equal(first[key], kept[key])


@contextmanager
def interrupted_at(n_lines):
    """Raise `KeyboardInterrupt` before the `n_lines`th line that training reaches.

    Only the call that restores the weights is spared: none could do it after that."""
    left, training = n_lines, False
    functions = {"fit", "_train_epoch", "evaluate", "add", "_copy"}

    def trace(frame, event, arg):
        nonlocal left, training
        name, path = frame.f_code.co_name, frame.f_code.co_filename
        if name not in functions or not path.endswith("training.py"): return None
        training = training or name == "_train_epoch"
        if event == "line" and training and (
                "put_back" not in linecache.getline(path, frame.f_lineno)):
            left -= 1
            if left == 0: raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try: yield
    finally: sys.settrace(before)


@pytest.mark.parametrize("validated", [True, False])
def test_an_interrupt_at_any_line_leaves_whole_epochs(validated):
    "Ctrl-C raises between two lines: here before each line of the loop, in turn."
    pixels, y = data(60)
    train, valid = (pixels[:40], y[:40]), (pixels[40:], y[40:]) if validated else None
    model = MODELS["two layers"]()
    logits = {0: model.logits(pixels)}              # after each epoch, undisturbed
    fit(model, train, valid, epochs=3, progress=False,
        on_epoch=lambda epoch, *_: logits.update({epoch: model.logits(pixels)}))
    n_lines, seen = 0, set()
    while True:
        n_lines, model, history = n_lines + 1, MODELS["two layers"](), History()
        try:
            with interrupted_at(n_lines):
                fit(model, train, valid, epochs=3, progress=False, history=history)
        except KeyboardInterrupt: pass
        else: break
        for name, values in vars(history).items():
            if name == "threads": continue
            assert len(values) == (len(history) if validated or "train" in name else 0)
        np.testing.assert_array_equal(model.logits(pixels),
                                      logits[history.best_epoch if len(history) else 0])
        seen.add(len(history))
    assert seen == {0, 1, 2, 3} and n_lines > 50
