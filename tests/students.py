"""Submissions in five styles, as students write them, and how to change them."""
import re
from textwrap import dedent, indent

REG, TWO, OPT = "softmax_regression", "two_layer_net", "base_optimizer"
GIVEN = {"base": '''import numpy as np


class _baseNetwork:
    def __init__(self, input_size=28 * 28, num_classes=10):
        self.input_size = input_size
        self.num_classes = num_classes
        self.weights = dict()
        self.gradients = dict()

    def _weight_init(self):
        pass

    def forward(self, X, y, mode="train"):
        pass

''', REG: '''import numpy as np

IMPORT


class SoftmaxRegression(PARENT):
    def __init__(self, input_size=28 * 28, num_classes=10):
        super().__init__(input_size, num_classes)
        self._weight_init()

    def _weight_init(self):
        np.random.seed(1024)
        self.weights["W1"] = 0.001 * np.random.randn(self.input_size, self.num_classes)
        self.gradients["W1"] = np.zeros((self.input_size, self.num_classes))

''', TWO: '''import numpy as np

IMPORT


class TwoLayerNet(PARENT):
    def __init__(self, input_size=28 * 28, num_classes=10, hidden_size=128):
        super().__init__(input_size, num_classes)
        self.hidden_size = hidden_size
        self._weight_init()

    def _weight_init(self):
        np.random.seed(1024)
        D, H, C = self.input_size, self.hidden_size, self.num_classes
        self.weights["b1"] = np.zeros(H)
        self.weights["b2"] = np.zeros(C)
        self.weights["W1"] = 0.001 * np.random.randn(D, H)
        self.weights["W2"] = 0.001 * np.random.randn(H, C)
        for key in self.weights:
            self.gradients[key] = np.zeros_like(self.weights[key])

''', OPT: '''class _BaseOptimizer:
    def __init__(self, learning_rate=1e-4, reg=1e-3):
        self.learning_rate = learning_rate
        self.reg = reg

    def update(self, model):
        pass

''', "sgd": '''from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, learning_rate=1e-4, reg=1e-3):
        super().__init__(learning_rate, reg)

''', "utils": '''import csv
import random

import numpy as np


def load_csv(path):
    with open(path, newline="") as file:
        rows = np.array([row for row in csv.reader(file) if row[0].isdigit()], float)
    return rows[:, 1:] / 255, rows[:, 0].astype(int)


def load_mnist_test():
    return load_csv("data/mnist_test.csv")


def plot_curves(train_loss_history, train_acc_history, valid_loss_history,
                valid_acc_history):
    import matplotlib.pyplot as plt
    plt.plot(train_loss_history, label="train")
    plt.plot(valid_loss_history, label="valid")
    plt.legend()
    plt.show()


'''}


def style(line, parent, **bodies):
    "The six files: what is given, and the text of what the student adds to each."
    return {role: (text + bodies[role].lstrip("\n")).replace("IMPORT", line)
            .replace("PARENT", parent) for role, text in GIVEN.items()}


def change(start, role, *pairs):
    "A style, or other sources, with each old text of a role replaced by its new one."
    texts = dict(STYLES[start] if isinstance(start, str) else start)
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert texts[role].count(old) == 1, (start, role, old)
        texts[role] = texts[role].replace(old, new)
    return texts


def rewrite(start, role, name, body):
    "A style, or other sources, with another body of a function."
    texts = dict(STYLES[start] if isinstance(start, str) else start)
    found = re.findall(rf"(?m)^( *)(def {name}\((?:[^)]*)\):\n)((?:\1 +.*\n|\n)+)",
                       texts[role])
    assert len(found) == 1, (role, name)
    (margin, head, old), = found
    new = indent(dedent(body).strip("\n"), margin + "    ") + "\n"
    return change(texts, role, head + old,
                  head + new + "\n" * (len(old) - len(old.rstrip("\n")) - 1))


STYLES = {"loops": style(
    "from ._base_network import _baseNetwork", "_baseNetwork", base='''
    def sigmoid(self, X):
        return 1 / (1 + np.exp(-X))

    def sigmoid_dev(self, x):
        return self.sigmoid(x) * (1 - self.sigmoid(x))

    def ReLU(self, X):
        return np.where(X > 0, X, 0)

    def ReLU_dev(self, X):
        return np.where(X > 0, 1, 0)

    def softmax(self, scores):
        result = []
        for row in scores:
            e = np.exp(row - np.max(row))
            result.append(e / np.sum(e))
        return np.array(result)

    def cross_entropy_loss(self, x_pred, y):
        loss = 0
        for i in range(len(y)):
            loss += -np.log(x_pred[i][y[i]])
        return loss / len(y)

    def compute_accuracy(self, x_pred, y):
        correct = 0
        for i in range(len(y)):
            if np.argmax(x_pred[i]) == y[i]:
                correct += 1
        return correct / len(y)
''', softmax_regression='''
    def forward(self, X, y, mode="train"):
        N = X.shape[0]
        z = X.dot(self.weights["W1"])
        a = self.ReLU(z)
        probs = self.softmax(a)
        loss = self.cross_entropy_loss(probs, y)
        accuracy = self.compute_accuracy(probs, y)
        if mode == "train":
            delta = probs.copy()
            for i in range(N):
                delta[i][y[i]] -= 1
            delta = delta / N
            delta = delta * self.ReLU_dev(z)
            dW = np.zeros(self.weights["W1"].shape)
            for i in range(N):
                dW += np.outer(X[i], delta[i])
            self.gradients["W1"] = dW
        return loss, accuracy
''', two_layer_net='''
    def forward(self, X, y, mode="train"):
        N = X.shape[0]
        z1 = X.dot(self.weights["W1"]) + self.weights["b1"]
        a1 = self.sigmoid(z1)
        z2 = a1.dot(self.weights["W2"]) + self.weights["b2"]
        probs = self.softmax(z2)
        loss = self.cross_entropy_loss(probs, y)
        accuracy = self.compute_accuracy(probs, y)
        if mode == "train":
            delta2 = probs.copy()
            for i in range(N):
                delta2[i][y[i]] -= 1
            delta2 = delta2 / N
            delta1 = delta2.dot(self.weights["W2"].T) * self.sigmoid_dev(z1)
            dW1 = np.zeros(self.weights["W1"].shape)
            dW2 = np.zeros(self.weights["W2"].shape)
            db1 = np.zeros(self.weights["b1"].shape)
            db2 = np.zeros(self.weights["b2"].shape)
            for i in range(N):
                dW1 += np.outer(X[i], delta1[i])
                dW2 += np.outer(a1[i], delta2[i])
                db1 += delta1[i]
                db2 += delta2[i]
            self.gradients["W1"] = dW1
            self.gradients["W2"] = dW2
            self.gradients["b1"] = db1
            self.gradients["b2"] = db2
        return loss, accuracy
''', base_optimizer='''
    def apply_regularization(self, model):
        for key in model.weights:
            if key[0] != "b":
                extra = self.reg * model.weights[key]
                model.gradients[key] = model.gradients[key] + extra
''', sgd='''
    def update(self, model):
        self.apply_regularization(model)
        for key in model.weights:
            gradient = model.gradients[key]
            model.weights[key] = model.weights[key] - self.learning_rate * gradient
''', utils='''
def load_mnist_trainval():
    data, label = load_csv("data/mnist_train.csv")
    n_train = int(len(data) * 0.8)
    train_data, train_label = data[:n_train], label[:n_train]
    val_data, val_label = data[n_train:], label[n_train:]
    return train_data, train_label, val_data, val_label


def generate_batched_data(data, label, batch_size=32, shuffle=False, seed=None):
    order = list(range(len(data)))
    if shuffle:
        random.seed(seed)
        random.shuffle(order)
    batched_data, batched_label = [], []
    batch_x, batch_y = [], []
    for i in order:
        batch_x.append(data[i])
        batch_y.append(label[i])
        if len(batch_x) == batch_size:
            batched_data.append(np.array(batch_x))
            batched_label.append(np.array(batch_y))
            batch_x, batch_y = [], []
    if len(batch_x) > 0:
        batched_data.append(np.array(batch_x))
        batched_label.append(np.array(batch_y))
    return batched_data, batched_label


def train(epoch, batched_train_data, batched_train_label, model, optimizer, debug=True):
    total_loss = 0
    total_correct = 0
    count = 0
    for i in range(len(batched_train_data)):
        x = batched_train_data[i]
        t = batched_train_label[i]
        loss, acc = model.forward(x, t, mode="train")
        optimizer.update(model)
        total_loss += loss * len(t)
        total_correct += acc * len(t)
        count += len(t)
    epoch_loss = total_loss / count
    epoch_acc = total_correct / count
    if debug:
        print("epoch", epoch, epoch_loss, epoch_acc)
    return epoch_loss, epoch_acc


def evaluate(batched_test_data, batched_test_label, model, debug=True):
    total_loss = 0
    total_correct = 0
    count = 0
    for i in range(len(batched_test_data)):
        x = batched_test_data[i]
        t = batched_test_label[i]
        loss, acc = model.forward(x, t, mode="valid")
        total_loss += loss * len(t)
        total_correct += acc * len(t)
        count += len(t)
    test_loss = total_loss / count
    test_acc = total_correct / count
    if debug:
        print("test", test_loss, test_acc)
    return test_loss, test_acc
'''), "one_hot": style(
    "from models._base_network import _baseNetwork", "_baseNetwork", base='''
    def sigmoid(self, X):
        X = np.clip(X, -500, 500)
        return 1.0 / (1.0 + np.exp(-X))

    def sigmoid_dev(self, x):
        sig = self.sigmoid(x)
        return sig * (1.0 - sig)

    def ReLU(self, X):
        return X * (X > 0)

    def ReLU_dev(self, X):
        return 1.0 * (X > 0)

    def softmax(self, scores):
        exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        prob = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        return prob

    def cross_entropy_loss(self, x_pred, y):
        one_hot = np.zeros_like(x_pred)
        one_hot[np.arange(y.shape[0]), y] = 1
        log_prob = np.log(np.clip(x_pred, 1e-12, 1.0))
        return -np.sum(one_hot * log_prob) / y.shape[0]

    def compute_accuracy(self, x_pred, y):
        y_hat = np.argmax(x_pred, axis=1)
        return np.sum(y_hat == y) / y.shape[0]
''', softmax_regression='''
    def forward(self, X, y, mode="train"):
        self.Z = np.dot(X, self.weights["W1"])
        self.A = self.ReLU(self.Z)
        self.prob = self.softmax(self.A)
        loss = self.cross_entropy_loss(self.prob, y)
        accuracy = self.compute_accuracy(self.prob, y)
        if mode == "train":
            self._backward(X, y)
        return loss, accuracy

    def _backward(self, X, y):
        N = X.shape[0]
        one_hot = np.eye(self.num_classes)[y]
        dA = (self.prob - one_hot) / N
        dZ = dA * self.ReLU_dev(self.Z)
        self.gradients["W1"] = np.dot(X.T, dZ)
''', two_layer_net='''
    def forward(self, X, y, mode="train"):
        self.Z1 = np.dot(X, self.weights["W1"]) + self.weights["b1"]
        self.A1 = self.sigmoid(self.Z1)
        self.Z2 = np.dot(self.A1, self.weights["W2"]) + self.weights["b2"]
        self.prob = self.softmax(self.Z2)
        loss = self.cross_entropy_loss(self.prob, y)
        accuracy = self.compute_accuracy(self.prob, y)
        if mode == "train":
            self._backward(X, y)
        return loss, accuracy

    def _backward(self, X, y):
        N = X.shape[0]
        one_hot = np.eye(self.num_classes)[y]
        dZ2 = (self.prob - one_hot) / N
        dA1 = np.dot(dZ2, self.weights["W2"].T)
        dZ1 = dA1 * self.sigmoid_dev(self.Z1)
        self.gradients["W2"] = np.dot(self.A1.T, dZ2)
        self.gradients["b2"] = np.sum(dZ2, axis=0)
        self.gradients["W1"] = np.dot(X.T, dZ1)
        self.gradients["b1"] = np.sum(dZ1, axis=0)
''', base_optimizer='''
    def apply_regularization(self, model):
        for name in model.gradients:
            if name.startswith("b"):
                continue
            model.gradients[name] += self.reg * model.weights[name]
''', sgd='''
    def update(self, model):
        self.apply_regularization(model)
        for name in model.weights:
            model.weights[name] -= self.learning_rate * model.gradients[name]
''', utils='''
def load_mnist_trainval():
    data, label = load_csv("data/mnist_train.csv")
    cut = len(data) * 8 // 10
    return data[:cut], label[:cut], data[cut:], label[cut:]


def generate_batched_data(data, label, batch_size=32, shuffle=False, seed=None):
    data, label = np.array(data), np.array(label)
    if shuffle:
        np.random.seed(seed)
        idx = np.random.permutation(len(data))
        data, label = data[idx], label[idx]
    num_batches = int(np.ceil(len(data) / batch_size))
    batched_data, batched_label = [], []
    for b in range(num_batches):
        batched_data.append(data[b * batch_size:(b + 1) * batch_size])
        batched_label.append(label[b * batch_size:(b + 1) * batch_size])
    return batched_data, batched_label


def train(epoch, batched_train_data, batched_train_label, model, optimizer, debug=True):
    losses, accs, sizes = [], [], []
    for data, label in zip(batched_train_data, batched_train_label):
        loss, acc = model.forward(data, label)
        optimizer.update(model)
        losses.append(loss)
        accs.append(acc)
        sizes.append(len(label))
    train_loss = np.average(losses, weights=sizes)
    train_acc = np.average(accs, weights=sizes)
    if debug:
        print(f"Epoch {epoch}: {train_loss:.4f} {train_acc:.4f}")
    return train_loss, train_acc


def evaluate(batched_test_data, batched_test_label, model, debug=True):
    losses, accs, sizes = [], [], []
    for data, label in zip(batched_test_data, batched_test_label):
        loss, acc = model.forward(data, label, mode="valid")
        losses.append(loss)
        accs.append(acc)
        sizes.append(len(label))
    test_loss = np.average(losses, weights=sizes)
    test_acc = np.average(accs, weights=sizes)
    if debug:
        print(f"Test: {test_loss:.4f} {test_acc:.4f}")
    return test_loss, test_acc
'''), "inline": style(
    "from models import _base_network", "_base_network._baseNetwork", base='''
    def sigmoid(self, X):
        return 1 / (1 + np.exp(-X))

    def sigmoid_dev(self, x):
        return (1 / (1 + np.exp(-x))) * (1 - 1 / (1 + np.exp(-x)))

    def ReLU(self, X):
        return np.maximum(0, X)

    def ReLU_dev(self, X):
        return np.array(X > 0, dtype=np.float64)

    def softmax(self, scores):
        exps = np.exp(scores - np.amax(scores, axis=1, keepdims=True))
        return exps / np.sum(exps, axis=1, keepdims=True)

    def cross_entropy_loss(self, x_pred, y):
        return np.sum(-np.log(x_pred[range(len(y)), y])) / len(y)

    def compute_accuracy(self, x_pred, y):
        return np.sum(np.argmax(x_pred, axis=1) == y) / len(y)
''', softmax_regression='''
    def forward(self, X, y, mode="train"):
        batch = len(X)
        logits = np.matmul(X, self.weights["W1"])
        active = np.maximum(logits, 0)
        exps = np.exp(active - np.amax(active, axis=1, keepdims=True))
        probs = exps / np.sum(exps, axis=1, keepdims=True)
        loss = np.sum(-np.log(probs[range(batch), y])) / batch
        accuracy = np.sum(np.argmax(probs, axis=1) == y) / batch
        if mode == "valid":
            return loss, accuracy
        error = probs
        error[range(batch), y] -= 1
        error[logits <= 0] = 0
        self.gradients = {"W1": np.matmul(X.T, error) / batch}
        return loss, accuracy
''', two_layer_net='''
    def forward(self, X, y, mode="train"):
        W1, b1 = self.weights["W1"], self.weights["b1"]
        W2, b2 = self.weights["W2"], self.weights["b2"]
        batch = len(X)
        before = np.matmul(X, W1) + b1
        hidden = 1 / (1 + np.exp(-before))
        logits = np.matmul(hidden, W2) + b2
        exps = np.exp(logits - np.amax(logits, axis=1, keepdims=True))
        probs = exps / np.sum(exps, axis=1, keepdims=True)
        loss = np.sum(-np.log(probs[range(batch), y])) / batch
        accuracy = np.sum(np.argmax(probs, axis=1) == y) / batch
        if mode == "valid":
            return loss, accuracy
        error = probs
        error[range(batch), y] -= 1
        back = np.matmul(error, W2.T)
        back = back * hidden * (1 - hidden)
        self.gradients = {"W1": np.matmul(X.T, back) / batch,
                          "b1": np.sum(back, axis=0) / batch,
                          "W2": np.matmul(hidden.T, error) / batch,
                          "b2": np.sum(error, axis=0) / batch}
        return loss, accuracy
''', base_optimizer='''
    def apply_regularization(self, model):
        for k, w in model.weights.items():
            lam = 0 if "b" in k else self.reg
            model.gradients[k] = model.gradients[k] + lam * w
''', sgd='''
    def update(self, model):
        self.apply_regularization(model)
        for k, w in model.weights.items():
            dw = model.gradients[k]
            model.weights[k] = w - self.learning_rate * dw
''', utils='''
def load_mnist_trainval():
    X, y = load_csv("data/mnist_train.csv")
    split = round(0.8 * len(X))
    return X[:split], y[:split], X[split:], y[split:]


def generate_batched_data(data, label, batch_size=32, shuffle=False, seed=None):
    X, y = np.array(data), np.array(label)
    index = np.arange(len(X))
    if shuffle:
        rng = np.random.RandomState(seed)
        rng.shuffle(index)
    X, y = X[index], y[index]
    images, labels = [], []
    start = 0
    while start < len(X):
        end = min(start + batch_size, len(X))
        images.append(X[start:end])
        labels.append(y[start:end])
        start = end
    return images, labels


def train(epoch, batched_train_data, batched_train_label, model, optimizer, debug=True):
    n = sum(len(y) for y in batched_train_label)
    mean_loss = mean_acc = 0.0
    for X, y in zip(batched_train_data, batched_train_label):
        loss, acc = model.forward(X, y, "train")
        optimizer.update(model)
        mean_loss += loss * len(y) / n
        mean_acc += acc * len(y) / n
    if debug:
        print(epoch, mean_loss, mean_acc)
    return mean_loss, mean_acc


def evaluate(batched_test_data, batched_test_label, model, debug=True):
    n = sum(len(y) for y in batched_test_label)
    mean_loss = mean_acc = 0.0
    for X, y in zip(batched_test_data, batched_test_label):
        loss, acc = model.forward(X, y, "valid")
        mean_loss += loss * len(y) / n
        mean_acc += acc * len(y) / n
    if debug:
        print(mean_loss, mean_acc)
    return mean_loss, mean_acc
'''), "lists": style(
    "from ._base_network import _baseNetwork", "_baseNetwork", base='''
    def sigmoid(self, X):
        out = 1. / (1. + np.exp(-X))
        return out

    def sigmoid_dev(self, x):
        ds = self.sigmoid(x) * (1. - self.sigmoid(x))
        return ds

    def ReLU(self, X):
        out = np.array(X, dtype=float)
        out[out < 0] = 0
        return out

    def ReLU_dev(self, X):
        out = np.zeros(np.shape(X))
        out[X > 0] = 1
        return out

    def softmax(self, scores):
        shifted = scores - np.max(scores, axis=1).reshape(-1, 1)
        exps = np.exp(shifted)
        prob = exps / exps.sum(axis=1)[:, None]
        return prob

    def cross_entropy_loss(self, x_pred, y):
        losses = [-np.log(p[int(t)]) for p, t in zip(x_pred, y)]
        return float(np.mean(losses))

    def compute_accuracy(self, x_pred, y):
        hits = [int(np.argmax(p) == t) for p, t in zip(x_pred, y)]
        return float(np.mean(hits))
''', softmax_regression='''
    def forward(self, X, y, mode="train"):
        X, y = np.array(X, dtype=float), np.array(y, dtype=int)
        logits = np.dot(X, self.weights["W1"])
        out = self.ReLU(logits)
        prob = self.softmax(out)
        loss = self.cross_entropy_loss(prob, y)
        accuracy = self.compute_accuracy(prob, y)
        if mode != "train":
            return loss, accuracy
        grad = prob.copy()
        grad[np.arange(len(y)), y] -= 1.
        grad /= len(y)
        grad *= self.ReLU_dev(logits)
        self.gradients["W1"] = np.dot(X.T, grad)
        return loss, accuracy
''', two_layer_net='''
    def forward(self, X, y, mode="train"):
        X, y = np.array(X, dtype=float), np.array(y, dtype=int)
        hidden_in = np.dot(X, self.weights["W1"]) + self.weights["b1"]
        hidden = self.sigmoid(hidden_in)
        logits = np.dot(hidden, self.weights["W2"]) + self.weights["b2"]
        prob = self.softmax(logits)
        loss = self.cross_entropy_loss(prob, y)
        accuracy = self.compute_accuracy(prob, y)
        if mode != "train":
            return loss, accuracy
        grad = prob.copy()
        grad[np.arange(len(y)), y] -= 1.
        grad /= len(y)
        dW2 = np.dot(hidden.T, grad)
        db2 = np.sum(grad, axis=0)
        dhidden = np.dot(grad, self.weights["W2"].T)
        dhidden *= self.sigmoid_dev(hidden_in)
        dW1 = np.dot(X.T, dhidden)
        db1 = np.sum(dhidden, axis=0)
        self.gradients["W1"] = dW1
        self.gradients["b1"] = db1.reshape(self.weights["b1"].shape)
        self.gradients["W2"] = dW2
        self.gradients["b2"] = db2.reshape(self.weights["b2"].shape)
        return loss, accuracy
''', base_optimizer='''
    def apply_regularization(self, model):
        for key in model.weights.keys():
            if "W" in key:
                model.gradients[key] += self.reg * model.weights[key]
''', sgd='''
    def update(self, model):
        self.apply_regularization(model)
        for key, grad in model.gradients.items():
            model.weights[key] -= self.learning_rate * grad
''', utils='''
def load_mnist_trainval():
    data, label = load_csv("data/mnist_train.csv")
    num_train = int(0.8 * len(label))
    train_data = data[:num_train]
    train_label = label[:num_train]
    val_data = data[num_train:]
    val_label = label[num_train:]
    return train_data, train_label, val_data, val_label


def generate_batched_data(data, label, batch_size=32, shuffle=False, seed=None):
    pairs = list(zip(data, label))
    if shuffle:
        random.Random(seed).shuffle(pairs)
    batched_data, batched_label = [], []
    for i in range(0, len(pairs), batch_size):
        batch = pairs[i:i + batch_size]
        batched_data.append(np.array([p[0] for p in batch]))
        batched_label.append(np.array([p[1] for p in batch]))
    return batched_data, batched_label


def train(epoch, batched_train_data, batched_train_label, model, optimizer, debug=True):
    epoch_loss, hits, count = 0., 0., 0
    pairs = zip(batched_train_data, batched_train_label)
    for idx, (inputs, target) in enumerate(pairs):
        loss, accuracy = model.forward(inputs, target, mode="train")
        optimizer.update(model)
        epoch_loss += loss * inputs.shape[0]
        hits += accuracy * inputs.shape[0]
        count += inputs.shape[0]
        if idx % 10 == 0 and debug:
            print(f"Epoch [{epoch}][{idx}] loss {loss:.4f} accuracy {accuracy:.4f}")
    return epoch_loss / count, hits / count


def evaluate(batched_test_data, batched_test_label, model, debug=True):
    epoch_loss, hits, count = 0., 0., 0
    pairs = zip(batched_test_data, batched_test_label)
    for idx, (inputs, target) in enumerate(pairs):
        loss, accuracy = model.forward(inputs, target, mode="valid")
        epoch_loss += loss * inputs.shape[0]
        hits += accuracy * inputs.shape[0]
        count += inputs.shape[0]
        if idx % 10 == 0 and debug:
            print(f"Evaluate [{idx}] loss {loss:.4f} accuracy {accuracy:.4f}")
    return epoch_loss / count, hits / count
'''), "compact": style(
    "from models._base_network import _baseNetwork", "_baseNetwork", base='''
    def sigmoid(self, X):
        return np.exp(-np.logaddexp(0, -X))

    def sigmoid_dev(self, x):
        return self.sigmoid(x) * self.sigmoid(-x)

    def ReLU(self, X):
        return (X + np.abs(X)) / 2

    def ReLU_dev(self, X):
        return np.heaviside(X, 0.0)

    def softmax(self, scores):
        total = np.logaddexp.reduce(scores, axis=1, keepdims=True)
        return np.exp(scores - total)

    def cross_entropy_loss(self, x_pred, y):
        p = np.take_along_axis(x_pred, y[:, None], axis=1)
        return np.mean(-np.log(p))

    def compute_accuracy(self, x_pred, y):
        return np.count_nonzero(x_pred.argmax(-1) == y) / y.size
''', softmax_regression='''
    def forward(self, X, y, mode="train"):
        Z = X @ self.weights["W1"]
        P = self.softmax(self.ReLU(Z))
        loss, accuracy = self.cross_entropy_loss(P, y), self.compute_accuracy(P, y)
        if mode == "train":
            T = np.arange(P.shape[1]) == y[:, None]
            G = np.where(Z > 0, P - T, 0) / y.size
            self.gradients.update(W1=np.einsum("nd,nc->dc", X, G))
        return loss, accuracy
''', two_layer_net='''
    def forward(self, X, y, mode="train"):
        W1, b1, W2, b2 = (self.weights[k] for k in ("W1", "b1", "W2", "b2"))
        Z = X @ W1 + b1
        H = self.sigmoid(Z)
        R = H @ W2 + b2
        P = self.softmax(R)
        loss, accuracy = self.cross_entropy_loss(P, y), self.compute_accuracy(P, y)
        if mode == "train":
            T = np.arange(P.shape[1]) == y[:, None]
            G = (P - T) / y.size
            E = (G @ W2.T) * H * (1 - H)
            self.gradients.update(W2=H.T @ G, b2=np.einsum("nc->c", G),
                                  W1=X.T @ E, b1=np.einsum("nh->h", E))
        return loss, accuracy
''', base_optimizer='''
    def apply_regularization(self, model):
        g, w = model.gradients, model.weights
        names = [k for k in w if not k.startswith("b")]
        g.update({k: g[k] + self.reg * w[k] for k in names})
''', sgd='''
    def update(self, model):
        self.apply_regularization(model)
        lr, g = self.learning_rate, model.gradients
        model.weights = {k: w - lr * g[k] for k, w in model.weights.items()}
''', utils='''
def load_mnist_trainval():
    data, label = load_csv("data/mnist_train.csv")
    at = [int(0.8 * len(label))]
    (a, b), (c, d) = np.split(data, at), np.split(label, at)
    return a, c, b, d


def generate_batched_data(data, label, batch_size=32, shuffle=False, seed=None):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(label)) if shuffle else np.arange(len(label))
    at = range(batch_size, len(label), batch_size)
    return np.split(np.array(data)[order], at), np.split(np.array(label)[order], at)


def train(epoch, batched_train_data, batched_train_label, model, optimizer, debug=True):
    scores = []
    for X, y in zip(batched_train_data, batched_train_label):
        scores.append([len(y) * score for score in model.forward(X, y)])
        optimizer.update(model)
    loss, accuracy = np.sum(scores, axis=0) / sum(map(len, batched_train_label))
    return loss, accuracy


def evaluate(batched_test_data, batched_test_label, model, debug=True):
    scores = []
    for X, y in zip(batched_test_data, batched_test_label):
        scores.append([len(y) * score for score in model.forward(X, y, mode="valid")])
    loss, accuracy = np.sum(scores, axis=0) / sum(map(len, batched_test_label))
    return loss, accuracy
''')}
# Biases as rows, (1, H) and (1, C), are common.
STYLES["lists"] = change("lists", TWO, "np.zeros(H)", "np.zeros((1, H))",
                         "np.zeros(C)", "np.zeros((1, C))")
