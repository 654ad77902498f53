"""The gradients against an independent judge: automatic differentiation by `autograd`,
at the models' real sizes; the functions against SciPy."""
import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from scipy import special

from mlp_from_scratch.all import *


def oracle_loss(params, X, y, relu_logits):
    """The mean cross-entropy, in the words of `autograd` and with none of the package's
    code."""
    if "W" in params:
        R = anp.dot(X, params["W"])
        if relu_logits: R = anp.maximum(R, 0.0)
    else:
        A = 1 / (1 + anp.exp(-(anp.dot(X, params["W1"]) + params["b1"])))
        R = anp.dot(A, params["W2"]) + params["b2"]
    log_normalizer = anp.log(anp.sum(anp.exp(R), axis=1))
    return anp.mean(log_normalizer - R[anp.arange(len(y)), y])


@pytest.fixture(scope="module")
def batch():
    X, y = load_dataset("mnist").test
    return X[:64].astype(np.float64), y[:64]


MODELS = {
    "softmax regression, ReLU": SoftmaxRegression,
    "softmax regression": lambda **kw: SoftmaxRegression(relu_logits=False, **kw),
    "two layers": TwoLayerNet,
    "two layers, odd sizes": lambda **kw: TwoLayerNet(784, 37, 11, **kw),
}


@pytest.mark.parametrize("init_std", [1e-3, 0.1])
@pytest.mark.parametrize("name", MODELS)
def test_gradients_equal_automatic_differentiation(name, init_std, batch):
    model = MODELS[name](init_std=init_std, dtype=np.float64)
    for param in model.params.values():                     # biases that are not zero
        if param.ndim == 1: param += np.random.default_rng(1).normal(size=param.shape)
    loss, grads = model.loss_and_grads(*batch)
    relu_logits = model.settings.get("relu_logits", False)
    expected = grad(oracle_loss)(model.params, *batch, relu_logits)
    assert loss == pytest.approx(oracle_loss(model.params, *batch, relu_logits),
                                 rel=1e-12)
    assert grads.keys() == expected.keys()
    for key in grads: assert relative_error(grads[key], expected[key]) < 1e-12, key


def test_one_step_descends_the_regularized_objective(batch):
    model = TwoLayerNet(init_std=0.1, dtype=np.float64)
    model.params["b1"] += 0.5
    before = {key: value.copy() for key, value in model.params.items()}

    def objective(params):
        penalty = sum(anp.sum(params[key]**2) for key in ("W1", "W2"))
        return oracle_loss(params, *batch, False) + 0.5 * 0.01 * penalty

    expected = grad(objective)(before)
    SGD(learning_rate=0.3, l2=0.01).step(model.params, model.loss_and_grads(*batch)[1])
    for key in before:
        assert relative_error(before[key] - 0.3 * expected[key],
                              model.params[key]) < 1e-12, key


@pytest.mark.parametrize("n_classes", [2, 10])
def test_softmax_and_loss_equal_scipy(n_classes):
    R = np.random.default_rng(0).normal(scale=50, size=(200, n_classes))
    y = np.random.default_rng(1).integers(0, n_classes, 200)
    assert np.allclose(softmax(R), special.softmax(R, axis=1), rtol=1e-12, atol=0)
    assert np.allclose(log_softmax(R), special.log_softmax(R, axis=1), rtol=1e-12,
                       atol=1e-14)
    assert softmax_cross_entropy(R, y)[0] == pytest.approx(
        -special.log_softmax(R, axis=1)[np.arange(200), y].mean(), rel=1e-12)
    assert np.allclose(sigmoid(R), special.expit(R), rtol=0, atol=1e-15)
