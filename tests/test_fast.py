"The fast step against the plain one, the derivation: for any sizes and settings."
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_from_scratch.all import *

MODELS = {"softmax, ReLU": SoftmaxRegression,
          "softmax": lambda **kw: SoftmaxRegression(relu_logits=False, **kw),
          "two layers": TwoLayerNet}
TOLERANCE = {np.float64: dict(rtol=1e-9, atol=1e-12),
             np.float32: dict(rtol=2e-3, atol=2e-5)}

networks = st.fixed_dictionaries({
    "kind": st.sampled_from(list(MODELS)), "n_inputs": st.integers(1, 40),
    "n_hidden": st.integers(1, 20), "n_classes": st.integers(1, 12),
    "init_std": st.sampled_from([0.01, 0.3]), "dtype": st.sampled_from(list(TOLERANCE)),
    "has_zeros": st.booleans()})
optimizers = st.fixed_dictionaries({
    "learning_rate": st.sampled_from([0.0, 0.05, 0.2]),
    "l2": st.sampled_from([0, 0.05]),
    "momentum": st.sampled_from([0.0, 0.5, 0.9]),
    "schedule": st.sampled_from([None, step_schedule, cosine_schedule])})


def make_model(kind, n_hidden, has_zeros=False, **options):
    "With biases that are not zero, or with a class whose logits are exactly 0."
    if kind == "two layers": options["n_hidden"] = n_hidden
    model, rng = MODELS[kind](**options), np.random.default_rng(1)
    for param in model.params.values():
        if param.ndim == 1: param += rng.normal(size=param.shape)
    if has_zeros: list(model.params.values())[-1][..., 0] = 0
    if has_zeros and "W2" in model.params: model.params["W2"][:, 0] = 0
    return model


def make_batches(n_inputs, n_classes, dtype, is_bytes, sizes, seed):
    "Pairs of these sizes; every third pixel is 0, and so is the whole first sample."
    rng = np.random.default_rng(seed)
    for n in sizes:
        X = rng.integers(0, 256, (n, n_inputs), dtype=np.uint8)
        X[rng.random(X.shape) < 1 / 3] = X[0] = 0
        yield X if is_bytes else (X / 255).astype(dtype), rng.integers(0, n_classes, n)


def equal(params, expected):
    return all(relative_error(params[name], w) < 1e-11 for name, w in expected.items())


@settings(max_examples=300, derandomize=True, deadline=None)
@given(networks, optimizers, st.booleans(), st.integers(1, 200), st.integers(0, 9))
def test_the_fast_step_is_the_plain_one(network, options, is_bytes, batch_size, seed):
    "Also the velocity; after full batches and a last, smaller one."
    models = [make_model(**network) for _ in range(2)]
    plain_sgd, fast_sgd = (SGD(**options) for _ in range(2))
    plain = plain_step(models[0], plain_sgd)
    fast = training_step(models[1], fast_sgd, batch_size)
    assert not fast.__qualname__.startswith("plain_step.")
    names = "n_inputs", "n_classes", "dtype"
    sizes = [batch_size, batch_size, 1 + seed * batch_size // 10]
    close = TOLERANCE[network["dtype"]]
    pairs = make_batches(*(network[name] for name in names), is_bytes, sizes, seed)
    for i, (X, y) in enumerate(pairs):
        before = X.copy(), y.copy()
        for optimizer in (plain_sgd, fast_sgd): optimizer.set_progress(i / len(sizes))
        loss, n_right = plain(X, y)
        fast_loss, fast_right = fast(X, y)
        np.testing.assert_allclose(fast_loss, loss, **close)
        assert fast_right == n_right
        assert np.array_equal(X, before[0]) and np.array_equal(y, before[1])
        for name, w in models[0].params.items():
            assert models[1].params[name].dtype == w.dtype == network["dtype"]
            np.testing.assert_allclose(models[1].params[name], w, err_msg=name, **close)
    assert plain_sgd.velocity.keys() == fast_sgd.velocity.keys()
    for name, v in plain_sgd.velocity.items():
        np.testing.assert_allclose(fast_sgd.velocity[name], v, err_msg=name, **close)


@pytest.mark.parametrize("kind", MODELS)
def test_large_logits_do_not_overflow(kind):
    options = dict(n_inputs=20, n_hidden=5, n_classes=3, init_std=300, dtype=np.float64)
    models = [make_model(kind, **options) for _ in range(2)]
    [(X, y)] = make_batches(20, 3, np.float64, False, [50], seed=0)
    assert models[0].logits(X).max() > 800         # exp overflows at 710
    plain = plain_step(models[0], SGD())(X, y)
    assert training_step(models[1], SGD(), 50)(X, y) == pytest.approx(plain, rel=1e-11)
    assert equal(models[1].params, models[0].params)


def test_parameters_are_told_apart_by_name():
    "Also where every shape fits anywhere."
    models = [TwoLayerNet(4, 4, 4, init_std=1.0, dtype=np.float64) for _ in range(2)]
    shuffled = dict(reversed(models[1].params.items()))
    models[1].params = shuffled
    [(X, y)] = make_batches(4, 4, np.float64, False, [30], seed=0)
    losses = [training_step(model, SGD(), 30)(X, y) for model in models]
    assert losses[0] == losses[1]
    for name, w in models[0].params.items(): assert np.array_equal(shuffled[name], w)


@pytest.mark.parametrize("make_step", [
    plain_step, lambda model, optimizer: training_step(model, optimizer, 8)],
    ids=["plain", "fast"])
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_loss_that_is_not_finite_changes_nothing(kind, make_step, momentum):
    model = make_model(kind, 5, n_inputs=6, n_classes=3)
    for param in model.params.values(): param[...] = np.where(param > 0, 3e38, -3e38)
    before = {name: w.copy() for name, w in model.params.items()}
    step = make_step(model, SGD(momentum=momentum))
    with np.errstate(all="ignore"):
        loss, _ = step(np.ones((8, 6), np.float32), np.arange(8) % 3)
    assert not np.isfinite(loss)
    for name, w in model.params.items(): assert np.array_equal(w, before[name]), name


# --- the plain route, for what has no fast form

def data():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (300, 20), dtype=np.uint8), rng.integers(0, 4, 300)


def trained(model, optimizer, is_bytes=True):
    "The weights after three epochs of four batches and a half."
    pixels, y = data()
    X = pixels if is_bytes else pixels / 255
    fit(model, (X, y), optimizer=optimizer, epochs=3, batch_size=64, progress=False)
    return model.params


SIZES = dict(n_inputs=20, n_classes=4, init_std=0.5, dtype=np.float64)


def doubled(network, X, y):
    loss, grads = network.backward(X, y)
    return loss, {name: 2 * g for name, g in grads.items()}


class DoubledSoftmax(SoftmaxRegression):
    "A reader's own: twice the gradient."
    def backward(self, X, y): return doubled(super(), X, y)


class DoubledNet(TwoLayerNet):
    def backward(self, X, y): return doubled(super(), X, y)


class Same(TwoLayerNet):
    "One that changes nothing."


class Descent:
    "A reader's own optimizer, with nothing but `step`."
    def step(self, params, grads):
        for name, g in grads.items(): params[name] -= 0.05 * g


class HalfSGD(SGD):
    "Half as far as it says."
    def step(self, params, grads):
        super().step(params, {name: g / 2 for name, g in grads.items()})


def slow(): return SGD(0.025, l2=0)
def usual(): return SGD(0.05, l2=0)
def moving(): return SGD(0.05, l2=0.01, momentum=0.9, schedule=cosine_schedule)


OWN = {"backward of softmax": (DoubledSoftmax, slow, SoftmaxRegression, usual),
       "backward of two layers": (DoubledNet, slow, TwoLayerNet, usual),
       "a subclass that changes nothing": (Same, moving, TwoLayerNet, moving),
       "optimizer": (TwoLayerNet, Descent, TwoLayerNet, usual),
       "optimizer, softmax": (SoftmaxRegression, Descent, SoftmaxRegression, usual),
       "subclass of SGD": (TwoLayerNet, lambda: HalfSGD(0.1, l2=0), TwoLayerNet, usual)}


@pytest.mark.parametrize("is_bytes", [True, False], ids=["bytes", "floats"])
@pytest.mark.parametrize("case", OWN)
def test_a_readers_own_trains_by_the_plain_route(case, is_bytes):
    own_class, own_optimizer, like, as_with = OWN[case]
    step = training_step(own_class(**SIZES), own_optimizer(), 64)
    assert step.__qualname__.startswith("plain_step.")
    params = trained(own_class(**SIZES), own_optimizer(), is_bytes)
    assert equal(params, trained(like(**SIZES), as_with(), is_bytes))


def test_a_method_put_into_an_object_is_used():
    model, plain = TwoLayerNet(**SIZES), TwoLayerNet(**SIZES)
    plain.params = model.params
    model.backward = lambda X, y: doubled(plain, X, y)
    assert equal(trained(model, slow()), trained(TwoLayerNet(**SIZES), usual()))
    optimizer = usual()
    optimizer.step = lambda params, grads: None
    assert equal(trained(TwoLayerNet(**SIZES), optimizer), TwoLayerNet(**SIZES).params)
