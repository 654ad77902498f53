"""The contestants of `compare.py`, and the process that each of them runs in.

Each contestant trains the same network from the same initial weights, on the same
batches in the same order, with plain SGD and L2 regularization of the weights (not of
the biases). Each is written as someone who knows that library well would write it, as
fast as we could make it. What is timed is one epoch, the reshuffling included; the data
are in the library's own arrays before.

As a process, `python peers.py NAME SAMPLES DATA` reads jobs from standard input, one
JSON object a line, and answers each with one line on standard output. Between jobs it
waits for input and computes nothing."""
import json
import os
import sys
import time
from importlib.metadata import version

import numpy as np

from mlp_from_scratch.all import (SGD, SoftmaxRegression, TwoLayerNet, evaluate, fit,
                                  load_dataset, scale_pixels)

LEARNING_RATE, L2 = 0.1, 1e-3
# not the package's 1e-3: the network leaves its start at once, so that an error shows
# in one epoch
INIT_STD = 0.1
DECAY = 1 - LEARNING_RATE * L2  # what L2 leaves of a weight in each step


def make_data(n_samples, n_inputs=784, n_classes=10, seed=0):
    """Synthetic images: about as many dark pixels as in MNIST, learnable, with every
    tenth label wrong. `X` (N, D) float32, `y` (N,)."""
    rng = np.random.default_rng(seed)
    masks = np.where(rng.random((n_classes, n_inputs)) < 0.2, 255, 0).astype(np.uint8)
    y = rng.integers(0, n_classes, n_samples)
    X = np.empty((n_samples, n_inputs), np.float32)
    # in parts, since a million images fill 3 GB
    for i in range(0, n_samples, 10_000):
        part = slice(i, i + 10_000)
        pixels = rng.integers(0, 256, X[part].shape, np.uint8) & masks[y[part]]
        np.divide(pixels, 255, out=X[part], dtype=np.float32)
    wrong = rng.random(n_samples) < 0.1
    y[wrong] = rng.integers(0, n_classes, wrong.sum())
    return X, y


def get_data(n_samples, name):
    """The first `n_samples` samples of the synthetic data, or of the whole training
    file of a data set that `load_dataset` knows."""
    if name == "synthetic": return make_data(n_samples)
    data = load_dataset(name)
    X, y = (np.concatenate(parts)[:n_samples] for parts in zip(data.train, data.valid))
    return X, y


def new_model(name, n_inputs, n_hidden, n_classes):
    "One of our models with the initial weights that all contestants start from."
    if name == "softmax":
        return SoftmaxRegression(n_inputs, n_classes, relu_logits=False,
                                 init_std=INIT_STD)
    return TwoLayerNet(n_inputs, n_hidden, n_classes, init_std=INIT_STD)


def shuffled(n_samples, seed):
    "The order of the samples, which is the one that `fit(seed=seed)` takes."
    return np.random.default_rng(seed).permutation(n_samples)


class Ours:
    """The package itself.

    Beside what the others do, `fit` checks the data and keeps the mean loss and
    accuracy of the epoch."""
    label, package = "mlp_from_scratch", "mlp_from_scratch"

    def __init__(self, X, y):
        """Take the training data, (N, D) float32 and (N,) int64.

        Pixels go back to the bytes they come as, which `fit` takes as they are."""
        pixels = np.empty(X.shape, np.uint8)
        for i in range(0, len(X), 10_000):
            np.rint(255 * X[i:i + 10_000], out=pixels[i:i + 10_000], casting="unsafe")
        self.X, self.y, self.images = pixels, y, X[:10_000].copy()
        # not pixels after all
        if not np.array_equal(scale_pixels(pixels[:10_000]), self.images): self.X = X

    def start(self, model):
        """Take over the weights of `model`, one of our models.

        Not timed, here and in all contestants."""
        self.model = model

    def epoch(self, batch_size, seed):
        "Train one epoch. Timed."
        fit(self.model, (self.X, self.y), optimizer=SGD(LEARNING_RATE, L2), epochs=1,
            batch_size=batch_size, seed=seed, progress=False)

    def params(self):
        "The weights as arrays, in our shapes and under our names."
        return self.model.params

    def predict(self, n):
        "The classes of the first `n` samples, given as floats like everybody's. Timed."
        return self.model.predict(self.images[:n])


class PlainNumPy:
    """The textbook's loop in NumPy, without any of our code.

    It is always there, so that there is always something to compare with."""
    label, package = "NumPy, plain loop", "numpy"

    def __init__(self, X, y): self.X, self.y = X, y

    def start(self, model):
        self.weights = {name: w.copy() for name, w in model.params.items()}

    def logits(self, X):
        w = self.weights
        if "W" in w: return X, X @ w["W"]
        A = 1 / (1 + np.exp(-(X @ w["W1"] + w["b1"])))
        return A, A @ w["W2"] + w["b2"]

    def epoch(self, batch_size, seed):
        order, w = shuffled(len(self.y), seed), self.weights
        for i in range(0, len(order), batch_size):
            X, y = self.X[order[i:i + batch_size]], self.y[order[i:i + batch_size]]
            A, R = self.logits(X)
            S = np.exp(R - R.max(axis=1, keepdims=True))
            S /= S.sum(axis=1, keepdims=True)
            S[np.arange(len(y)), y] -= 1
            S /= len(y)
            if "W" in w: grads = {"W": X.T @ S}
            else:
                dZ = S @ w["W2"].T * A * (1 - A)
                grads = {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": A.T @ S,
                         "b2": S.sum(axis=0)}
            for name, g in grads.items():
                w[name] -= LEARNING_RATE * (g if name[0] == "b" else g + L2 * w[name])

    def params(self): return self.weights

    def predict(self, n): return self.logits(self.X[:n])[1].argmax(axis=1)


class Torch:
    "What the PyTorch contestants share."
    package = "torch"

    def __init__(self, X, y):
        import torch
        self.torch, self.X, self.y = torch, torch.from_numpy(X), torch.from_numpy(y)

    def start(self, model):
        nn, weights = self.torch.nn, {name: self.torch.tensor(w)
                                      for name, w in model.params.items()}
        def layer(W, b=None):
            linear = nn.Linear(*W.shape, bias=b is not None)
            # PyTorch keeps it as (outputs, inputs)
            linear.weight.data = W.T.contiguous()
            if b is not None: linear.bias.data = b
            return linear
        if "W" in weights: self.net = layer(weights["W"])
        else:
            self.net = nn.Sequential(layer(weights["W1"], weights["b1"]), nn.Sigmoid(),
                                     layer(weights["W2"], weights["b2"]))

    def optimizer(self, **options):
        weights, biases = ([p for p in self.net.parameters() if p.ndim == n]
                           for n in (2, 1))
        groups = [{"params": weights, "weight_decay": L2}]
        if biases: groups.append({"params": biases})
        return self.torch.optim.SGD(groups, lr=LEARNING_RATE, **options)

    def order(self, seed): return self.torch.from_numpy(shuffled(len(self.y), seed))

    def params(self):
        values = [p.detach().numpy().T for p in self.net.parameters()]
        return dict(zip(["W"] if len(values) == 1 else ["W1", "b1", "W2", "b2"],
                        values))


class TorchLoop(Torch):
    """The loop of the tutorials: Dataset, DataLoader, Module, loss, optimizer.

    Worker processes made this small work slower."""
    label = "PyTorch, DataLoader"

    def epoch(self, batch_size, seed):
        # `shuffle=True` goes through a list like this one as well; giving it makes the
        # order the same for all
        order = self.order(seed).tolist()
        data = self.torch.utils.data
        loader = data.DataLoader(data.TensorDataset(self.X, self.y),
                                 batch_size=batch_size, sampler=order)
        loss_function, optimizer = self.torch.nn.CrossEntropyLoss(), self.optimizer()
        for X, y in loader:
            optimizer.zero_grad()
            loss_function(self.net(X), y).backward()
            optimizer.step()


class TorchTuned(Torch):
    """Autograd without the DataLoader: each batch is gathered into one buffer, and the
    optimizer is the fused one."""
    label = "PyTorch, tuned"

    def batches(self, batch_size, seed):
        """Pairs of a batch's samples, in a buffer that the next batch overwrites, and
        their row numbers."""
        buffer = self.torch.empty(batch_size, self.X.shape[1])
        for rows in self.order(seed).split(batch_size):
            yield self.torch.index_select(self.X, 0, rows, out=buffer[:len(rows)]), rows

    def epoch(self, batch_size, seed):
        cross_entropy = self.torch.nn.functional.cross_entropy
        optimizer = self.optimizer(fused=True)
        for X, rows in self.batches(batch_size, seed):
            cross_entropy(self.net(X), self.y.index_select(0, rows)).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def predict(self, n):
        with self.torch.inference_mode(): return self.net(self.X[:n]).argmax(1).numpy()


class TorchManual(TorchTuned):
    """No autograd: the backward pass in PyTorch's operations, with the step and L2
    inside the matrix product (`addmm_`).

    The weights of the output layer are kept as (classes, inputs): their gradient is
    much faster so."""
    label = "PyTorch, by hand"
    # it would be the same as TorchTuned's
    predict = None

    def start(self, model):
        self.onehot = self.torch.eye(model.settings["n_classes"])[self.y]
        self.weights = {name: self.torch.tensor(w.T if name in ("W", "W2")
                                                else w).contiguous()
                        for name, w in model.params.items()}

    def params(self):
        return {name: w.numpy().T if name in ("W", "W2") else w.numpy()
                for name, w in self.weights.items()}

    def epoch(self, batch_size, seed):
        torch, w = self.torch, self.weights
        step = self.step_softmax if "W" in w else self.step_two_layer
        with torch.inference_mode():
            for X, rows in self.batches(batch_size, seed):
                step(X, self.onehot.index_select(0, rows), LEARNING_RATE / len(rows),
                     **w)

    def step_softmax(self, X, Y, rate, W):
        S = self.torch.softmax(X @ W.T, 1).sub_(Y)
        W.addmm_(S.T, X, beta=DECAY, alpha=-rate)

    def step_two_layer(self, X, Y, rate, W1, b1, W2, b2):
        A = self.torch.addmm(b1, X, W1).sigmoid_()
        S = self.torch.softmax(self.torch.addmm(b2, A, W2.T), 1).sub_(Y)
        dZ = self.torch.ops.aten.sigmoid_backward(S @ W2, A)
        W2.addmm_(S.T, A, beta=DECAY, alpha=-rate)
        b2.sub_(S.sum(0), alpha=rate)
        W1.addmm_(X.T, dZ, beta=DECAY, alpha=-rate)
        b1.sub_(dZ.sum(0), alpha=rate)


class Jax:
    """The whole epoch as one compiled function: `lax.scan` over the batches, the
    weights donated. Compiling is not timed.

    The weights are kept as (outputs, inputs): XLA's matrix products are up to twice as
    fast so on a CPU."""
    label, package = "JAX", "jax"

    def __init__(self, X, y):
        os.environ["JAX_PLATFORMS"] = "cpu"
        import jax
        import jax.numpy as jnp
        self.jax, self.X, self.y = jax, jnp.asarray(X), jnp.asarray(y.astype(np.int32))

        def logits(w, X):
            return X @ w["W"].T if "W" in w else jax.nn.sigmoid(
                X @ w["W1"].T + w["b1"]) @ w["W2"].T + w["b2"]

        def loss(w, X, y):
            return -jnp.take_along_axis(jax.nn.log_softmax(logits(w, X)), y[:, None],
                                        1).mean()

        def epoch(w, X, y, order, batch_size):
            def step(w, rows):
                # gathering each batch here is faster than reordering all of X first
                grads = jax.grad(loss)(w, X[rows], y[rows])
                return {k: v - LEARNING_RATE * (grads[k] if k[0] == "b" else grads[k]
                                                + L2 * v) for k, v in w.items()}, None
            n_full = len(order) // batch_size * batch_size
            w, _ = jax.lax.scan(step, w, order[:n_full].reshape(-1, batch_size))
            return step(w, order[n_full:])[0] if n_full < len(order) else w

        self._epoch = jax.jit(epoch, static_argnames="batch_size", donate_argnames="w")
        self._predict = jax.jit(lambda w, X: logits(w, X).argmax(1))

    def start(self, model):
        self.weights = {name: self.jax.numpy.array(w.T)
                        for name, w in model.params.items()}

    def epoch(self, batch_size, seed):
        order = shuffled(len(self.y), seed).astype(np.int32)
        self.weights = self.jax.block_until_ready(
            self._epoch(self.weights, self.X, self.y, order, batch_size=batch_size))

    def params(self): return {name: np.asarray(w).T for name, w in self.weights.items()}

    def predict(self, n): return np.asarray(self._predict(self.weights, self.X[:n]))


class Sklearn:
    """MLPClassifier, by `partial_fit` on data in the right order: one copy of it all is
    faster than its own shuffling of each batch.

    Its `alpha` is divided by the size of the batch; so the last, smaller batch has a
    call and an `alpha` of its own."""
    label, package = "scikit-learn", "scikit-learn"

    def __init__(self, X, y):
        import sklearn.neural_network
        self.X, self.y = X, y

        class Network(sklearn.neural_network.MLPClassifier):
            has_biases = True

            # softmax regression has no bias, MLPClassifier always has: hold it at 0
            def _backprop(self, *args):
                loss, coefs, biases = super()._backprop(*args)
                if not self.has_biases: biases = [np.zeros_like(b) for b in biases]
                return loss, coefs, biases

        self.Network = Network

    def start(self, model):
        weights = list(model.params.values())
        sizes = () if len(weights) == 1 else (len(weights[1]),)
        self.net = self.Network(
            hidden_layer_sizes=sizes, activation="logistic", solver="sgd",
            learning_rate_init=LEARNING_RATE, momentum=0, nesterovs_momentum=False,
            shuffle=False, n_iter_no_change=np.inf, batch_size=1)
        # makes the arrays
        self.net.partial_fit(self.X[:1], self.y[:1],
                             classes=np.arange(weights[-1].shape[-1]))
        self.net.has_biases = len(weights) > 1
        for own, w in zip(self.net.coefs_ + self.net.intercepts_,
                          weights[0::2] + weights[1::2]):
            own[...] = w
        if not self.net.has_biases: self.net.intercepts_[0][...] = 0

    def epoch(self, batch_size, seed):
        order = shuffled(len(self.y), seed)
        X, y = self.X[order], self.y[order]
        n_full = len(y) // batch_size * batch_size
        for part, size in ((slice(n_full), batch_size),
                           (slice(n_full, None), len(y) - n_full)):
            if len(y[part]):
                self.net.set_params(batch_size=size,
                                    alpha=L2 * size).partial_fit(X[part], y[part])

    def params(self):
        coefs, biases = self.net.coefs_, self.net.intercepts_
        if not self.net.has_biases: return {"W": coefs[0]}
        return {"W1": coefs[0], "b1": biases[0], "W2": coefs[1], "b2": biases[1]}

    def predict(self, n): return self.net.predict(self.X[:n])


CONTESTANTS = {"ours": Ours, "numpy": PlainNumPy, "torch-loop": TorchLoop,
               "torch-tuned": TorchTuned, "torch-manual": TorchManual,
               "jax": Jax, "sklearn": Sklearn}


def n_cores():
    "How many cores this process may use."
    return len(os.sched_getaffinity(0)) if hasattr(
        os, "sched_getaffinity") else os.cpu_count()


def n_threads():
    """How many threads the linear algebra of this process uses; the number of cores if
    that can't be told."""
    try: from threadpoolctl import threadpool_info
    except ImportError: return n_cores()
    return max((pool["num_threads"] for pool in threadpool_info()), default=n_cores())


def peak_memory(reset=False):
    """The most memory this process has had since the last reset, in MB.

    Needs Linux; elsewhere None."""
    try:
        if reset:
            with open("/proc/self/clear_refs", "w") as file: file.write("5")
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file
                        if line.startswith("VmHWM"))
    except (OSError, StopIteration): return None


def roofline(size=2048, repeats=3):
    """GFLOP/s of NumPy's product of two large float32 matrices: about the most that
    this machine can do."""
    A = np.random.default_rng(0).random((size, size), np.float32)
    seconds = min(timed(lambda: A @ A) for _ in range(repeats))
    return {"gflops": 2 * size**3 / seconds / 1e9}


def timed(function):
    "How many seconds a call takes."
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


class Worker:
    "One contestant with its data, and the jobs it can do."

    def __init__(self, name, n_samples, data):
        X, y = get_data(n_samples, data)
        self.shape = *X.shape, int(y.max()) + 1             # samples, inputs, classes
        self.contestant = CONTESTANTS[name](X, y)
        # The contestant's own data seen as arrays, which is no second copy
        self.X, self.y = np.asarray(self.contestant.X), np.asarray(self.contestant.y)

    def start(self, model, n_hidden):
        "Give the contestant its initial weights."
        _, n_inputs, n_classes = self.shape
        model = new_model(model, n_inputs, n_hidden, n_classes)
        self.contestant.start(model)
        return model

    def train(self, model, n_hidden, batch_size, seed):
        """One epoch from the initial weights: its time, and the loss on all samples
        with the weights it ends with."""
        model = self.start(model, n_hidden)
        peak_memory(reset=True)
        seconds = timed(lambda: self.contestant.epoch(batch_size, seed))
        peak = peak_memory()
        model.params = {name: np.ascontiguousarray(w)
                        for name, w in self.contestant.params().items()}
        return {"seconds": seconds, "value": evaluate(model, self.X, self.y)[0],
                "peak_mb": peak}

    def predict(self, model, n_hidden, batch_size, seed):
        """The best time of ten predictions, since one takes only milliseconds, and the
        share of classes that are those of our model."""
        model, n = self.start(model, n_hidden), batch_size
        # also compiles what must be compiled
        classes = self.contestant.predict(n)
        seconds = min(timed(lambda: self.contestant.predict(n)) for _ in range(10))
        return {"seconds": seconds,
                "value": float(np.mean(classes == model.predict(self.X[:n]))),
                "peak_mb": None}


def main(name, n_samples, data):
    "Answer jobs until standard input ends."
    answers = os.fdopen(os.dup(1), "w")
    # what a library prints must not get between the answers
    os.dup2(2, 1)
    worker = Worker(name, int(n_samples), data)
    jobs = {"train": worker.train, "predict": worker.predict, "roofline": roofline}
    answer = {"version": version(worker.contestant.package), "threads": n_threads(),
              "shape": worker.shape}
    while True:
        print(json.dumps(answer), file=answers, flush=True)
        cpu, wall = time.process_time(), time.perf_counter()
        line = sys.stdin.readline()
        if not line: return
        idle = {"idle_cpu": time.process_time() - cpu,
                "idle_wall": time.perf_counter() - wall}
        job = json.loads(line)
        answer = jobs[job.pop("task")](**job) | idle


if __name__ == "__main__": main(*sys.argv[1:])
