"""Right submissions in different conventions: none may be called wrong."""
from students import OPT, REG, STYLES, TWO, change, rewrite

RIGHT = {f"style {name}": texts for name, texts in STYLES.items()} | {
    "the slope of ReLU at 0 is 1": rewrite(
        "loops", "base", "ReLU_dev", "return (X >= 0) * 1.0"),
    "the slope of ReLU at 0 is a half": rewrite(
        "compact", "base", "ReLU_dev", "return np.heaviside(X, 0.5)"),
    "ReLU by a mask, on a copy": rewrite("one_hot", "base", "ReLU", """
        result = X.copy()
        mask = result < 0
        result[mask] = 0.0
        return result
        """),
    "the sigmoid by two branches": rewrite("lists", "base", "sigmoid", """
        result = np.empty_like(X, dtype=float)
        up = X >= 0
        result[up] = 1 / (1 + np.exp(-X[up]))
        result[~up] = np.exp(X[~up]) / (1 + np.exp(X[~up]))
        return result
        """),
    "the sigmoid by tanh": rewrite(
        "loops", "base", "sigmoid", "return 0.5 * (1 + np.tanh(X / 2))"),
    "sigmoid_dev takes the activation": change(
        rewrite("one_hot", "base", "sigmoid_dev", "return x * (1 - x)"),
        TWO, "self.sigmoid_dev(self.Z1)", "self.sigmoid_dev(self.A1)"),
    "softmax on the transposed scores": rewrite("one_hot", "base", "softmax", """
        s = scores.T - scores.max(1)
        e = np.exp(s)
        return (e / e.sum(0)).T
        """),
    "the loss of a one-hot product": rewrite("inline", "base", "cross_entropy_loss", """
        target = np.identity(x_pred.shape[1])[y]
        return -np.log((target * x_pred).sum(axis=1)).mean()
        """),
    "bias gradients of shape (1, H)": change(change(
        "one_hot", TWO, "np.sum(dZ2, axis=0)", "np.sum(dZ2, axis=0, keepdims=True)",
        "np.sum(dZ1, axis=0)", "np.sum(dZ1, axis=0, keepdims=True)"),
        "sgd", "model.weights[name] -= self.learning_rate * model.gradients[name]",
        "step = self.learning_rate * model.gradients[name]\n"
        "            model.weights[name] -= step.reshape(model.weights[name].shape)"),
    "bias gradients by a row of ones": change(
        "one_hot", TWO, "np.sum(dZ2, axis=0)", "np.ones(N) @ dZ2",
        "np.sum(dZ1, axis=0)", "np.ones(N) @ dZ1"),
    "ten classes in the code": change(
        "one_hot", REG, "np.eye(self.num_classes)[y]", "np.eye(10)[y]"),
    "gradients in mode valid as well": change(
        "one_hot", TWO, 'if mode == "train":\n            self._backward(X, y)',
        "self._backward(X, y)"),
    "the gradients in a new dict each time": change(
        "compact", TWO, "self.gradients.update(W2=", "self.gradients = dict(W2="),
    "divided by N at the end": change(
        "one_hot", REG, "(self.prob - one_hot) / N", "self.prob - one_hot",
        "np.dot(X.T, dZ)", "np.dot(X.T, dZ) / N"),
    "through the Jacobian of softmax, sample by sample": change(
        "loops", REG, """            delta = probs.copy()
            for i in range(N):
                delta[i][y[i]] -= 1
            delta = delta / N
""", """            delta = np.zeros(probs.shape)
            for i in range(N):
                p = probs[i]
                jacobian = np.diag(p) - np.outer(p, p)
                dp = np.zeros(len(p))
                dp[y[i]] = -1 / p[y[i]]
                delta[i] = jacobian.dot(dp) / N
"""),
    "single precision": change(
        "lists", TWO, "np.array(X, dtype=float)", "np.array(X, dtype=np.float32)"),
    "matrices are what is regularized": rewrite(
        "loops", OPT, "apply_regularization", """
        for key, W in model.weights.items():
            if key in ("W1", "W2"):
                model.gradients[key] = W * self.reg + model.gradients[key]
        """),
    "the step regularizes itself": change(
        "one_hot", "sgd", "        self.apply_regularization(model)\n", "",
        "model.weights[name] -= self.learning_rate * model.gradients[name]",
        "gradient = model.gradients[name]\n"
        "            if name[0] == 'W':\n"
        "                gradient = gradient + self.reg * model.weights[name]\n"
        "            model.weights[name] -= self.learning_rate * gradient"),
    "80% by ceil": change("one_hot", "utils", "len(data) * 8 // 10",
                          "int(np.ceil(0.8 * len(data)))"),
    "the split by a shuffled index": change(
        "one_hot", "utils", "    cut = len(data) * 8 // 10\n",
        "    cut = len(data) * 8 // 10\n"
        "    order = np.random.RandomState(1).permutation(len(data))\n"
        "    data, label = data[order], label[order]\n"),
    "batches in tuples": change(
        "one_hot", "utils", "    return batched_data, batched_label",
        "    return tuple(batched_data), tuple(batched_label)"),
    "batches as lists of samples": change(
        "lists", "utils", "np.array([p[0] for p in batch])", "[p[0] for p in batch]",
        "np.array([p[1] for p in batch])", "[p[1] for p in batch]"),
    "labels drawn by the same seed": change(
        "one_hot", "utils", """        idx = np.random.permutation(len(data))
        data, label = data[idx], label[idx]
""", """        np.random.shuffle(data)
        np.random.seed(seed)
        np.random.shuffle(label)
"""),
    "the mean of the batches": change(
        "one_hot", "utils", "train_loss = np.average(losses, weights=sizes)",
        "train_loss = sum(losses) / len(losses)",
        "train_acc = np.average(accs, weights=sizes)", "train_acc = np.mean(accs)"),
    "it prints whatever is asked for": change(
        "loops", "utils", '    if debug:\n        print("epoch"', '    print("epoch"'),
}
