"""Wrong submissions as students write them, with the names of the slips they make.

Of these names the checker must tell at least one."""
from students import OPT, REG, TWO, change, rewrite

WRONG = {
    # Activations
    "the sigmoid of +x": ({"sigmoid_sign"}, change(
        "lists", "base", "1. / (1. + np.exp(-X))", "1. / (1. + np.power(np.e, X))")),
    "the sigmoid as e / (e + 1)": ({"sigmoid_overflow"}, rewrite(
        "lists", "base", "sigmoid", """
        e = np.exp(X)
        return e / (e + 1.)
        """)),
    "the sigmoid as a power, over one more": ({"sigmoid_overflow"}, change(
        "loops", "base", "1 / (1 + np.exp(-X))", "np.e ** X / (np.e ** X + 1)")),
    "the sigmoid computed in X": ({"sigmoid_overwrites"}, rewrite(
        "one_hot", "base", "sigmoid", """
        np.negative(X, out=X)
        np.exp(X, out=X)
        X += 1
        np.divide(1, X, out=X)
        return X
        """)),
    "sigmoid_dev as x - x * x": ({"sigmoid_dev_of_activation"}, change(
        "inline", "base", "(1 / (1 + np.exp(-x))) * (1 - 1 / (1 + np.exp(-x)))",
        "x - x * x")),
    "sigmoid_dev as a quotient without the square": (
        {"sigmoid_dev_no_square"}, rewrite(
            "loops", "base", "sigmoid_dev", "return np.exp(-x) / (1 + np.exp(-x))")),
    "sigmoid_dev as a product without the square": ({"sigmoid_dev_no_square"}, rewrite(
        "one_hot", "base", "sigmoid_dev", "return self.sigmoid(x) * np.exp(-x)")),
    "sigmoid_dev without the square, stable": ({"sigmoid_dev_no_square"}, rewrite(
        "compact", "base", "sigmoid_dev", "return self.sigmoid(-x)")),
    "sigmoid_dev by the quotient rule": ({"sigmoid_dev_overflow"}, rewrite(
        "loops", "base", "sigmoid_dev", """
        denominator = 1 + np.exp(-x)
        return np.exp(-x) / np.power(denominator, 2)
        """)),
    "sigmoid_dev with exponent -2": ({"sigmoid_dev_overflow"}, rewrite(
        "inline", "base", "sigmoid_dev", """
        e = np.exp(-x)
        return e * (1 + e) ** -2.0
        """)),
    "sigmoid_dev calls sigmoid": ({"sigmoid_dev_is_sigmoid"}, rewrite(
        "lists", "base", "sigmoid_dev", "return self.sigmoid(x)")),
    "sigmoid_dev falls": ({"sigmoid_dev_sign"}, rewrite(
        "one_hot", "base", "sigmoid_dev", """
        sig = self.sigmoid(x)
        return sig ** 2 - sig
        """)),
    "sigmoid_dev with plus": ({"sigmoid_dev_plus"}, change(
        "loops", "base", "(1 - self.sigmoid(x))", "(1 + self.sigmoid(x))")),
    "sigmoid_dev of a sigmoid of a sigmoid": (
        {"sigmoid_dev_sigmoid_twice"}, change(
            "one_hot", "base", "sig = self.sigmoid(x)",
            "sig = self.sigmoid(self.sigmoid(x))")),
    "ReLU of another name for X": ({"relu_overwrites"}, change(
        "lists", "base", "out = np.array(X, dtype=float)", "out = X")),
    "ReLU times its mask, in place": ({"relu_overwrites"}, rewrite(
        "one_hot", "base", "ReLU", """
        X *= X > 0
        return X
        """)),
    "ReLU with out=X": ({"relu_overwrites"}, change(
        "inline", "base", "np.maximum(0, X)", "np.maximum(0, X, out=X)")),
    "ReLU turns signs": ({"relu_absolute"}, change(
        "loops", "base", "np.where(X > 0, X, 0)", "np.where(X > 0, X, -X)")),
    "ReLU keeps the negative": ({"relu_minimum"}, change(
        "loops", "base", "np.where(X > 0, X, 0)", "np.where(X > 0, 0, X)")),
    "ReLU leaks": ({"relu_leaky"}, change(
        "loops", "base", "np.where(X > 0, X, 0)", "np.where(X > 0, X, 0.01 * X)")),
    "ReLU leaks a tenth": ({"relu_leaky"}, change(
        "lists", "base", "out[out < 0] = 0", "out[out < 0] *= 0.1")),
    "ReLU_dev of another name for X": ({"relu_dev_overwrites"}, rewrite(
        "lists", "base", "ReLU_dev", """
        out = X
        out[out <= 0] = 0.
        out[out > 0] = 1.
        return out
        """)),
    "ReLU_dev writes a mask into X": ({"relu_dev_overwrites"}, rewrite(
        "inline", "base", "ReLU_dev", """
        mask = X > 0
        X[mask], X[~mask] = 1, 0
        return X
        """)),
    "ReLU_dev calls ReLU": ({"relu_dev_is_relu"}, rewrite(
        "one_hot", "base", "ReLU_dev", "return self.ReLU(X)")),
    "ReLU_dev is -1 below": ({"relu_dev_sign"}, change(
        "loops", "base", "np.where(X > 0, 1, 0)", "np.where(X > 0, 1, -1)")),
    "ReLU_dev is 1": ({"relu_dev_ones"}, change(
        "lists", "base", "np.zeros(np.shape(X))", "np.ones(np.shape(X))")),

    # Softmax
    "softmax by rows without the maximum": ({"softmax_no_maximum"}, change(
        "loops", "base", "np.exp(row - np.max(row))", "np.exp(row)")),
    "softmax with a column of sums, no maximum": ({"softmax_no_maximum"}, rewrite(
        "lists", "base", "softmax", """
        exps = np.exp(scores)
        sums = exps.sum(axis=1).reshape(len(scores), 1)
        return exps / sums
        """)),
    "softmax of transposed, no maximum": ({"softmax_no_maximum"}, rewrite(
        "one_hot", "base", "softmax", """
        return (np.exp(scores).T / np.sum(np.exp(scores), axis=1)).T
        """)),
    "softmax by a power of e": ({"softmax_no_maximum"}, rewrite(
        "compact", "base", "softmax", """
        power = np.e ** scores
        return np.divide(power, power.sum(1)[:, np.newaxis])
        """)),
    "softmax with np.max of all": ({"softmax_global_maximum"}, change(
        "one_hot", "base", "np.max(scores, axis=1, keepdims=True)", "np.max(scores)")),
    "softmax by rows with one maximum": ({"softmax_global_maximum"}, change(
        "loops", "base", "result = []", "biggest = max(max(row) for row in scores)"
        "\n        result = []", "row - np.max(row)", "row - biggest")),
    "softmax with the maximum of all, flat": ({"softmax_global_maximum"}, change(
        "inline", "base", "np.amax(scores, axis=1, keepdims=True)",
        "np.amax(scores.ravel())")),
    "softmax shifts in place": ({"softmax_overwrites"}, change(
        "lists", "base", "shifted = scores - np.max(scores, axis=1).reshape(-1, 1)",
        "shifted = scores\n        shifted -= np.max(scores, axis=1).reshape(-1, 1)")),
    "softmax fills the rows": ({"softmax_overwrites"}, rewrite(
        "loops", "base", "softmax", """
        for i in range(len(scores)):
            e = np.exp(scores[i] - np.max(scores[i]))
            scores[i] = e / np.sum(e)
        return scores
        """)),
    "softmax less the minimum": ({"softmax_minimum"}, change(
        "loops", "base", "np.max(row)", "np.min(row)")),
    "softmax with axis 0": ({"softmax_over_batch"}, rewrite(
        "one_hot", "base", "softmax", """
        exp_scores = np.exp(scores - np.max(scores, axis=0))
        return exp_scores / np.sum(exp_scores, axis=0)
        """)),
    "softmax of columns": ({"softmax_over_batch"}, change(
        "loops", "base", "for row in scores:", "for row in scores.T:",
        "return np.array(result)", "return np.array(result).T")),
    "softmax of one vector": ({"softmax_over_all"}, rewrite(
        "inline", "base", "softmax", """
        e_x = np.exp(scores - np.max(scores))
        return e_x / e_x.sum()
        """)),
    "softmax by flat sums": ({"softmax_no_keepdims"}, change(
        "lists", "base", "exps.sum(axis=1)[:, None]", "exps.sum(axis=1)")),
    "softmax of exponentials alone": ({"softmax_not_normalized"}, change(
        "loops", "base", "result.append(e / np.sum(e))", "result.append(e)")),

    # Loss and accuracy
    "the loss not divided": ({"loss_sum"}, change(
        "loops", "base", "return loss / len(y)", "return loss")),
    "the loss of one-hot labels summed": ({"loss_sum"}, change(
        "one_hot", "base", "-np.sum(one_hot * log_prob) / y.shape[0]",
        "-np.sum(one_hot * log_prob)")),
    "the loss without minus": ({"loss_sign"}, change(
        "compact", "base", "np.mean(-np.log(p))", "np.mean(np.log(p))")),
    "the loss averaged over columns": ({"loss_divided_by_classes"}, change(
        "one_hot", "base", "-np.sum(one_hot * log_prob) / y.shape[0]",
        "-np.mean(np.sum(one_hot * log_prob, axis=0))")),
    "the loss as a mean of the matrix": ({"loss_over_all_entries"}, change(
        "one_hot", "base", "-np.sum(one_hot * log_prob) / y.shape[0]",
        "np.mean(-one_hot * log_prob)")),
    "the loss of each label in each row": ({"loss_all_pairs"}, change(
        "inline", "base", "np.sum(-np.log(x_pred[range(len(y)), y])) / len(y)",
        "np.mean(-np.log(x_pred[:, y]))")),
    "the loss of all labels, by loops": ({"loss_all_pairs"}, change(
        "loops", "base", "loss += -np.log(x_pred[i][y[i]])",
        "for label in y:\n                loss += -np.log(x_pred[i][label])")),
    "the loss for yes and no": ({"loss_both_terms"}, change(
        "one_hot", "base", "np.sum(one_hot * log_prob)",
        "np.sum(one_hot * log_prob\n"
        "                       + (1 - one_hot) * np.log(1 - x_pred + 1e-12))")),
    "the loss with base 10": ({"loss_log10"}, change(
        "lists", "base", "-np.log(p[int(t)])", "-np.log(p[int(t)]) / np.log(10)")),
    "the loss with labels from 1": ({"loss_labels_shifted"}, change(
        "loops", "base", "x_pred[i][y[i]]", "x_pred[i][y[i] - 1]")),
    "the loss as what is missing to 1": ({"loss_no_logarithm"}, change(
        "lists", "base", "-np.log(p[int(t)])", "1 - p[int(t)]")),
    "the loss as a mean of -p": ({"loss_no_logarithm"}, change(
        "compact", "base", "-np.log(p)", "-p")),
    "the loss with max(y) + 1 columns": ({"loss_one_hot_width"}, change(
        "one_hot", "base", "np.zeros_like(x_pred)",
        "np.zeros((y.shape[0], np.max(y) + 1))")),
    "the loss with a column per label seen": ({"loss_one_hot_width"}, change(
        "one_hot", "base", "one_hot = np.zeros_like(x_pred)",
        "one_hot = np.zeros((len(y), len(set(y.tolist()))))")),
    "hits for accuracy": ({"accuracy_count"}, change(
        "loops", "base", "return correct / len(y)", "return correct")),
    "accuracy in percent": ({"accuracy_percent"}, change(
        "one_hot", "base", "np.sum(y_hat == y) / y.shape[0]",
        "np.sum(y_hat == y) / y.shape[0] * 100.0")),
    "accuracy by columns": ({"accuracy_over_batch"}, rewrite(
        "loops", "base", "compute_accuracy", """
        best = np.argmax(x_pred, axis=0)
        return np.sum(best == y) / len(y)
        """)),
    "accuracy counts errors": ({"accuracy_errors"}, change(
        "loops", "base", "np.argmax(x_pred[i]) == y[i]",
        "np.argmax(x_pred[i]) != y[i]")),
    "accuracy adds probabilities": ({"accuracy_probability"}, change(
        "lists", "base", "int(np.argmax(p) == t)", "p[int(t)]")),
    "accuracy over the classes": ({"accuracy_divided_by_classes"}, change(
        "one_hot", "base", "np.sum(y_hat == y) / y.shape[0]",
        "np.sum(y_hat == y) / len(x_pred[0])")),

    # Softmax regression
    "regression: probabilities less the loss": ({"regression_scalar_loss"}, change(
        "one_hot", REG, "(self.prob - one_hot) / N",
        "(self.prob - self.cross_entropy_loss(self.prob, y)) / N")),
    "regression: loss from each entry": ({"regression_scalar_loss"}, change(
        "inline", REG, "error[range(batch), y] -= 1", "error = error - loss")),
    "regression: + one-hot": ({"regression_plus"}, change(
        "one_hot", REG, "self.prob - one_hot", "self.prob + one_hot")),
    "regression: += 1 by loops": ({"regression_plus"}, change(
        "loops", REG, "delta[i][y[i]] -= 1", "delta[i][y[i]] += 1")),
    "regression: no labels": ({"regression_no_label"}, change(
        "compact", REG, "P - T", "P")),
    "regression: labels less probabilities": ({"regression_sign"}, change(
        "one_hot", REG, "self.prob - one_hot", "one_hot - self.prob")),
    "regression: a minus at the end": ({"regression_sign"}, change(
        "compact", REG, '"nd,nc->dc", X, G', '"nd,nc->dc", X, -G')),
    "regression: labels from 1": ({"regression_labels_shifted"}, change(
        "loops", REG, "delta[i][y[i]] -= 1", "delta[i][y[i] - 1] -= 1")),
    "regression: one-hot of y - 1": ({"regression_labels_shifted"}, change(
        "one_hot", REG, "np.eye(self.num_classes)[y]",
        "np.eye(self.num_classes)[y - 1]")),
    "regression: max(y) + 1 columns": ({"regression_one_hot_width"}, change(
        "one_hot", REG, "one_hot = np.eye(self.num_classes)[y]",
        "one_hot = np.zeros((N, y.max() + 1))\n"
        "        one_hot[np.arange(N), y] = 1")),
    "regression: a column per label seen": ({"regression_one_hot_width"}, change(
        "compact", REG, "np.arange(P.shape[1]) == y[:, None]",
        "np.unique(y) == y[:, None]")),
    "regression: times p (1 - p)": ({"regression_softmax_derived_twice"}, change(
        "one_hot", REG, "(self.prob - one_hot) / N",
        "(self.prob - one_hot) * self.prob * (1 - self.prob) / N")),
    "regression: no / N by loops": ({"regression_not_divided"}, change(
        "loops", REG, "            delta = delta / N\n", "")),
    "regression: no / batch": ({"regression_not_divided"}, change(
        "inline", REG, "np.matmul(X.T, error) / batch", "np.matmul(X.T, error)")),
    "regression: / N again at the end": ({"regression_divided_twice"}, change(
        "one_hot", REG, "np.dot(X.T, dZ)", "np.dot(X.T, dZ) / N")),
    "regression: / C": ({"regression_divided_by_classes"}, change(
        "one_hot", REG, "/ N", "/ self.num_classes")),
    "regression: / C at the end": ({"regression_divided_by_classes"}, change(
        "inline", REG, "np.matmul(X.T, error) / batch",
        "np.matmul(X.T, error) / len(error[0])")),
    "regression: sums in both": ({"regression_sum_for_mean"}, change(
        "inline", REG, "np.sum(-np.log(probs[range(batch), y])) / batch",
        "np.sum(-np.log(probs[range(batch), y]))", "np.matmul(X.T, error) / batch",
        "np.matmul(X.T, error)")),
    "sums everywhere, by loops": (
        {"loss_sum", "regression_sum_for_mean", "two_layer_sum_for_mean"},
        change(change(change(
            "loops", "base", "return loss / len(y)", "return loss"),
            REG, "            delta = delta / N\n", ""),
            TWO, "            delta2 = delta2 / N\n", "")),
    "regression: softmax again": ({"regression_softmax_twice"}, change(
        "loops", REG, "probs = self.softmax(a)",
        "probs = self.softmax(a)\n        probs = self.softmax(probs)")),
    "regression: the loss of the scores": ({"regression_no_softmax_loss"}, change(
        "lists", REG, "self.cross_entropy_loss(prob, y)",
        "self.cross_entropy_loss(out, y)")),
    "regression: dW starts from the last": ({"regression_gradients_add"}, change(
        "loops", REG, 'dW = np.zeros(self.weights["W1"].shape)',
        'dW = self.gradients["W1"]')),
    "regression: gradients +=": ({"regression_gradients_add"}, change(
        "lists", REG, 'self.gradients["W1"] = np.dot(X.T, grad)',
        'self.gradients["W1"] += np.dot(X.T, grad)')),
    "regression: the first gradient stays": ({"regression_old_gradient"}, change(
        "lists", REG, '        self.gradients["W1"] = np.dot',
        '        if np.sum(np.abs(self.gradients["W1"])) == 0:\n'
        '            self.gradients["W1"] = np.dot')),
    "regression: multiply for dot": ({"regression_elementwise"}, change(
        "lists", REG, "np.dot(X.T, grad)", "np.multiply(X.T, grad)")),
    "regression: the gradient first": ({"regression_product_order"}, change(
        "one_hot", REG, "np.dot(X.T, dZ)", "np.dot(dZ, X.T)")),
    "regression: matmul the gradient first": ({"regression_product_order"}, change(
        "inline", REG, "np.matmul(X.T, error)", "np.matmul(error, X.T)")),
    "regression: transposed outer products": ({"regression_transposed"}, change(
        "compact", REG, "nd,nc->dc", "nd,nc->cd")),
    "regression: range(N) over inputs": ({"regression_loop_over_samples"}, change(
        "loops", REG, "dW += np.outer(X[i], delta[i])",
        "dW[i] = np.sum(X[:, i:i + 1] * delta, axis=0)")),
    "regression: the loss / N again": ({"regression_loss_divided_again"}, change(
        "loops", REG, '        if mode == "train":',
        '        loss /= N\n        if mode == "train":')),
    "regression: no ReLU": ({"regression_no_relu"}, change(
        "lists", REG, "prob = self.softmax(out)", "prob = self.softmax(logits)",
        "        grad *= self.ReLU_dev(logits)\n", "")),
    "regression: ReLU unused": ({"regression_no_relu"}, change(
        "loops", REG, "self.softmax(a)", "self.softmax(z)")),
    "regression: no ReLU_dev": ({"regression_no_relu_dev"}, change(
        "loops", REG, "            delta = delta * self.ReLU_dev(z)\n", "")),
    "regression: no mask": ({"regression_no_relu_dev"}, change(
        "inline", REG, "        error[logits <= 0] = 0\n", "")),
    "regression: ReLU_dev of the inputs": ({"regression_relu_dev_of_X"}, change(
        "loops", REG, "self.ReLU_dev(z)", "self.ReLU_dev(X)")),
    "regression: mask of X": ({"regression_relu_dev_of_X"}, change(
        "inline", REG, "error[logits <= 0] = 0", "error = error * (X > 0)")),
    "regression: mask of the gradient": (
        {"regression_relu_dev_of_dR", "regression_relu_of_dR"}, change(
            "inline", REG, "error[logits <= 0] = 0", "error[error <= 0] = 0")),
    "regression: ReLU of the gradient": (
        {"regression_relu_dev_of_dR", "regression_relu_of_dR"}, change(
            "one_hot", REG, "dA * self.ReLU_dev(self.Z)", "self.ReLU(dA)")),
    "regression: a sigmoid": ({"regression_sigmoid_for_relu"}, change(
        "loops", REG, "self.ReLU(z)", "self.sigmoid(z)", "self.ReLU_dev(z)",
        "self.sigmoid(z) * (1 - self.sigmoid(z))")),

    # The two-layer network
    "two layers: probabilities less the loss": ({"two_layer_scalar_loss"}, change(
        "lists", TWO, "grad[np.arange(len(y)), y] -= 1.", "grad -= loss")),
    "two layers: + one-hot": ({"two_layer_plus"}, change(
        "compact", TWO, "P - T", "P + T")),
    "two layers: no labels": ({"two_layer_no_label"}, change(
        "inline", TWO, "        error[range(batch), y] -= 1\n", "")),
    "two layers: labels less probabilities": ({"two_layer_sign"}, change(
        "compact", TWO, "G = (P - T) / y.size", "G = (T - P) / y.size")),
    "two layers: labels from 1": ({"two_layer_labels_shifted"}, change(
        "inline", TWO, "error[range(batch), y] -= 1",
        "error[range(batch), y - 1] -= 1")),
    "two layers: max(y) + 1 columns": ({"two_layer_one_hot_width"}, change(
        "one_hot", TWO, "np.eye(self.num_classes)[y]", "np.eye(np.amax(y) + 1)[y]")),
    "two layers: a column per label seen": ({"two_layer_one_hot_width"}, change(
        "compact", TWO, "np.arange(P.shape[1]) == y[:, None]",
        "np.array(sorted(set(y))) == y[:, None]")),
    "two layers: times p (1 - p)": ({"two_layer_softmax_derived_twice"}, change(
        "compact", TWO, "(P - T) / y.size", "(P - T) * (P - P ** 2) / y.size")),
    "two layers: no / N": ({"two_layer_not_divided"}, change(
        "lists", TWO, "        grad /= len(y)\n", "")),
    "two layers: no / batch, four times": ({"two_layer_not_divided"}, change(
        "inline", TWO, "np.matmul(X.T, back) / batch", "np.matmul(X.T, back)",
        "np.sum(back, axis=0) / batch", "np.sum(back, axis=0)",
        "np.matmul(hidden.T, error) / batch", "np.matmul(hidden.T, error)",
        "np.sum(error, axis=0) / batch", "np.sum(error, axis=0)")),
    "two layers: / N again at the end": ({"two_layer_divided_twice"}, change(
        "one_hot", TWO, "np.dot(self.A1.T, dZ2)", "np.dot(self.A1.T, dZ2) / N",
        "np.sum(dZ2, axis=0)", "np.sum(dZ2, axis=0) / N",
        "np.dot(X.T, dZ1)", "np.dot(X.T, dZ1) / N",
        "np.sum(dZ1, axis=0)", "np.sum(dZ1, axis=0) / N")),
    "two layers: / C": ({"two_layer_divided_by_classes"}, change(
        "loops", TWO, "delta2 / N", "delta2 / probs.shape[1]")),
    "two layers: sums in both": ({"two_layer_sum_for_mean"}, change(
        "lists", TWO, "loss = self.cross_entropy_loss(prob, y)",
        "loss = len(y) * self.cross_entropy_loss(prob, y)",
        "        grad /= len(y)\n", "")),
    "two layers: softmax again": ({"two_layer_softmax_twice"}, change(
        "compact", TWO, "self.softmax(R)", "self.softmax(self.softmax(R))")),
    "two layers: the loss of the scores": ({"two_layer_no_softmax_loss"}, change(
        "loops", TWO, "self.cross_entropy_loss(probs, y)",
        "self.cross_entropy_loss(z2, y)")),
    "two layers: gradients +=": ({"two_layer_gradients_add"}, change(
        "loops", TWO, '"W1"] = dW1', '"W1"] += dW1', '"W2"] = dW2', '"W2"] += dW2',
        '"b1"] = db1', '"b1"] += db1', '"b2"] = db2', '"b2"] += db2')),
    "two layers: = old + new": ({"two_layer_gradients_add"}, change(
        "inline", TWO, "self.gradients = {", "new = {", " / batch}\n",
        " / batch}\n        for k in new:\n"
        "            self.gradients[k] = self.gradients[k] + new[k]\n")),
    "two layers: the first gradient stays": ({"two_layer_old_gradient"}, change(
        "lists", TWO, '        self.gradients["W1"] = dW1',
        '        if not np.any(self.gradients["W1"]):\n'
        '            self.gradients["W1"] = dW1')),
    "two layers: multiply for dot": ({"two_layer_elementwise"}, change(
        "one_hot", TWO, "np.dot(X.T, dZ1)", "np.multiply(X.T, dZ1)")),
    "two layers: the gradient first": ({"two_layer_product_order"}, change(
        "compact", TWO, "X.T @ E", "E @ X.T")),
    "two layers: transposed outer products": ({"two_layer_transposed"}, change(
        "inline", TWO, "np.matmul(X.T, back)", "np.matmul(back.T, X)")),
    "two layers: range(N) over inputs": ({"two_layer_loop_over_samples"}, change(
        "loops", TWO, "dW1 += np.outer(X[i], delta1[i])",
        "dW1[i] = X[:, i].dot(delta1)")),
    "two layers: the loss / N again": ({"two_layer_loss_divided_again"}, change(
        "one_hot", TWO, "loss = self.cross_entropy_loss(self.prob, y)",
        "loss = self.cross_entropy_loss(self.prob, y) / X.shape[0]")),
    "two layers: dot(X, W + b)": ({"two_layer_bias_inside"}, change(
        "one_hot", TWO, 'np.dot(X, self.weights["W1"]) + self.weights["b1"]',
        'np.dot(X, self.weights["W1"] + self.weights["b1"])',
        'np.dot(self.A1, self.weights["W2"]) + self.weights["b2"]',
        'np.dot(self.A1, self.weights["W2"] + self.weights["b2"])')),
    "two layers: b1 into W1 first": ({"two_layer_bias_inside"}, change(
        "inline", TWO, "np.matmul(X, W1) + b1", "np.matmul(X, np.add(W1, b1))")),
    "two layers: (W2 + b2)": ({"two_layer_bias_inside"}, change(
        "compact", TWO, "H @ W2 + b2", "H @ (W2 + b2)")),
    "two layers: no biases forward": ({"two_layer_no_bias"}, change(
        "lists", TWO, 'np.dot(X, self.weights["W1"]) + self.weights["b1"]',
        'np.dot(X, self.weights["W1"])',
        'np.dot(hidden, self.weights["W2"]) + self.weights["b2"]',
        'np.dot(hidden, self.weights["W2"])')),
    "two layers: no b2": ({"two_layer_no_bias"}, change(
        "compact", TWO, "H @ W2 + b2", "H @ W2")),
    "two layers: sigmoid of both": ({"two_layer_second_sigmoid"}, change(
        "loops", TWO, "probs = self.softmax(z2)",
        "a2 = self.sigmoid(z2)\n        probs = self.softmax(a2)",
        "delta2 = delta2 / N", "delta2 = delta2 / N * a2 * (1 - a2)")),
    "two layers: the scores squeezed": ({"two_layer_second_sigmoid"}, change(
        "inline", TWO, "logits = np.matmul(hidden, W2) + b2",
        "logits = 1 / (1 + np.exp(-(np.matmul(hidden, W2) + b2)))")),
    "two layers: ReLU inside": ({"two_layer_relu_for_sigmoid"}, change(
        "inline", TWO, "1 / (1 + np.exp(-before))", "np.maximum(before, 0)",
        "back * hidden * (1 - hidden)", "back * (hidden > 0)")),
    "two layers: linear": ({"two_layer_no_activation"}, change(
        "loops", TWO, "a1 = self.sigmoid(z1)", "a1 = z1",
        ' * self.sigmoid_dev(z1)', "")),
    "two layers: ReLU on the scores": ({"two_layer_relu_on_scores"}, change(
        "inline", TWO, "logits = np.matmul(hidden, W2) + b2",
        "logits = np.maximum(0, np.matmul(hidden, W2) + b2)",
        "back = np.matmul(error, W2.T)",
        "error = error * (logits > 0)\n        back = np.matmul(error, W2.T)")),
    "two layers: no sigmoid_dev": ({"two_layer_no_sigmoid_dev"}, change(
        "lists", TWO, "        dhidden *= self.sigmoid_dev(hidden_in)\n", "")),
    "two layers: no a (1 - a)": ({"two_layer_no_sigmoid_dev"}, change(
        "inline", TWO, "        back = back * hidden * (1 - hidden)\n", "")),
    "two layers: sigmoid_dev of the hidden values": (
        {"two_layer_sigmoid_dev_of_activation"}, change(
            "loops", TWO, "self.sigmoid_dev(z1)", "self.sigmoid_dev(a1)")),
    "two layers: a (1 - a) of one more sigmoid": (
        {"two_layer_sigmoid_dev_of_activation"}, change(
            "inline", TWO, "back * hidden * (1 - hidden)",
            "back * np.exp(-hidden) / (1 + np.exp(-hidden)) ** 2")),
    "two layers: sigmoid_dev of the gradient": (
        {"two_layer_sigmoid_of_gradient"}, change(
            "one_hot", TWO, "dA1 * self.sigmoid_dev(self.Z1)",
            "self.sigmoid_dev(dA1)")),
    "two layers: W2 from the sums": ({"two_layer_W2_from_Z1"}, change(
        "inline", TWO, "np.matmul(hidden.T, error)", "np.matmul(before.T, error)")),
    "two layers: W2 as it is": ({"two_layer_W2_not_transposed"}, change(
        "inline", TWO, "np.matmul(error, W2.T)", "np.matmul(error, W2)")),
    "two layers: no W2 on the way back": ({"two_layer_W2_left_out"}, change(
        "compact", TWO, "(G @ W2.T) * H * (1 - H)", "G * H * (1 - H)")),
    "two layers: / batch for the first layer": (
        {"two_layer_divided_on_one_path"}, change(
            "inline", TWO, "np.matmul(hidden.T, error) / batch",
            "np.matmul(hidden.T, error)", "np.sum(error, axis=0) / batch",
            "np.sum(error, axis=0)")),
    "two layers: / batch for the weights": (
        {"two_layer_divided_on_one_path"}, change(
            "inline", TWO, "np.sum(back, axis=0) / batch", "np.sum(back, axis=0)",
            "np.sum(error, axis=0) / batch", "np.sum(error, axis=0)")),
    "two layers: / N after the way back": ({"two_layer_divided_on_one_path"}, change(
        "lists", TWO, "        grad /= len(y)\n", "", "dW2 = np.dot(hidden.T, grad)",
        "dW2 = np.dot(hidden.T, grad) / len(y)", "db2 = np.sum(grad, axis=0)",
        "db2 = np.sum(grad, axis=0) / len(y)")),
    "two layers: biases of one": ({"two_layer_bias_ones"}, change(
        "lists", TWO, "np.sum(grad, axis=0)", 'np.ones(self.weights["b2"].shape)',
        "np.sum(dhidden, axis=0)", 'np.ones(self.weights["b1"].shape)')),
    "two layers: b2 of one": ({"two_layer_bias_ones"}, change(
        "compact", TWO, 'b2=np.einsum("nc->c", G)', "b2=np.full(len(b2), 1.0)")),
    "two layers: means for biases": ({"two_layer_bias_mean"}, change(
        "one_hot", TWO, "np.sum(dZ2, axis=0)", "np.mean(dZ2, axis=0)",
        "np.sum(dZ1, axis=0)", "np.mean(dZ1, axis=0)")),
    "two layers: axis 1": ({"two_layer_bias_axis"}, change(
        "one_hot", TWO, "np.sum(dZ2, axis=0)", "np.sum(dZ2, axis=1)",
        "np.sum(dZ1, axis=0)", "np.sum(dZ1, axis=1)")),
    "two layers: no axis": ({"two_layer_bias_total"}, change(
        "inline", TWO, "np.sum(back, axis=0)", "np.sum(back)",
        "np.sum(error, axis=0)", "np.sum(error)")),
    "two layers: biases by sample": ({"two_layer_bias_not_summed"}, change(
        "one_hot", TWO, "np.sum(dZ2, axis=0)", "dZ2", "np.sum(dZ1, axis=0)", "dZ1")),
    "two layers: no bias gradients": ({"two_layer_bias_no_gradient"}, change(
        "loops", TWO, '            self.gradients["b1"] = db1\n', "",
        '            self.gradients["b2"] = db2\n', "")),

    # The optimizer
    "all weights regularized": ({"reg_biases"}, change(
        "one_hot", OPT, '            if name.startswith("b"):\n'
        "                continue\n", "")),
    "biases by a capital letter": ({"reg_biases"}, change(
        "loops", OPT, 'key[0] != "b"', 'not key.startswith("B")')),
    "all weights regularized at once": ({"reg_biases"}, change(
        "compact", OPT, '[k for k in w if not k.startswith("b")]', "list(w)")),
    "W1 regularized": ({"reg_first_weight_only"}, rewrite(
        "lists", OPT, "apply_regularization",
        'model.gradients["W1"] += self.reg * model.weights["W1"]')),
    "only names with W1": ({"reg_first_weight_only"}, change(
        "compact", OPT, '[k for k in w if not k.startswith("b")]',
        '[k for k in w if "W1" in k]')),
    "b regularized": ({"reg_biases_only"}, change(
        "inline", OPT, '0 if "b" in k else self.reg', 'self.reg if "b" in k else 0')),
    "reg W alone": ({"reg_replaces"}, change(
        "lists", OPT, "model.gradients[key] +=", "model.gradients[key] =")),
    "gradients *= reg": ({"reg_multiplies"}, change(
        "one_hot", OPT, "+= self.reg * model.weights[name]", "*= self.reg")),
    "reg times each gradient": ({"reg_multiplies"}, change(
        "compact", OPT, "g[k] + self.reg * w[k]", "self.reg * g[k]")),
    "reg times the gradient": ({"reg_of_gradient"}, change(
        "lists", OPT, "self.reg * model.weights[key]",
        "self.reg * model.gradients[key]")),
    "gradients times 1 + reg": ({"reg_of_gradient"}, change(
        "one_hot", OPT, "+= self.reg * model.weights[name]", "*= 1 + self.reg")),
    "weights *= reg": ({"reg_scales_weights"}, rewrite(
        "lists", OPT, "apply_regularization", """
        for key in model.weights.keys():
            if "W" in key:
                model.weights[key] *= self.reg
        """)),
    "weights *= 1 - reg": ({"reg_scales_weights"}, rewrite(
        "one_hot", OPT, "apply_regularization", """
        for name in model.weights:
            if name[0] == "W":
                model.weights[name] *= 1 - self.reg
        """)),
    "gradients less reg W": ({"reg_minus"}, change(
        "one_hot", OPT, "+= self.reg", "-= self.reg")),
    "twice reg W": ({"reg_doubled"}, change(
        "loops", OPT, "self.reg * model.weights[key]",
        "self.reg * (model.weights[key] + model.weights[key])")),
    "half of reg W": ({"reg_halved"}, change(
        "lists", OPT, "self.reg * model.weights[key]",
        "self.reg * 0.5 * model.weights[key]")),
    "the penalty added": ({"reg_penalty"}, change(
        "compact", OPT, "self.reg * w[k] for", "0.5 * self.reg * (w[k] ** 2).sum() for"
    )),
    "the sum of squares added": ({"reg_penalty"}, change(
        "lists", OPT, "self.reg * model.weights[key]",
        "self.reg * sum(sum(model.weights[key] ** 2))")),
    "reg by sign": ({"reg_l1"}, change(
        "loops", OPT, "self.reg * model.weights[key]",
        "self.reg * ((model.weights[key] > 0) * 1.0 - (model.weights[key] < 0))")),
    "reg times squares": ({"reg_squares"}, change(
        "lists", OPT, "self.reg * model.weights[key]",
        "0.5 * self.reg * model.weights[key] ** 2")),
    "W added without reg": ({"reg_no_factor"}, change(
        "inline", OPT, '0 if "b" in k else self.reg', '0 if "b" in k else 1')),
    "no regularization": ({"sgd_no_regularization"}, change(
        "inline", "sgd", "        self.apply_regularization(model)\n", "")),
    "regularized for each weight": ({"sgd_regularizes_twice"}, change(
        "loops", "sgd", "        for key", "        self.apply_regularization(model)\n"
        "        for key")),
    "regularized at the end": ({"sgd_no_regularization"}, rewrite(
        "lists", "sgd", "update", """
        for key, grad in model.gradients.items():
            model.weights[key] -= self.learning_rate * grad
        self.apply_regularization(model)
        """)),
    "uphill": ({"sgd_plus"}, change(
        "lists", "sgd", "model.weights[key] -=", "model.weights[key] +=")),
    "no learning rate": ({"sgd_no_learning_rate"}, change(
        "compact", "sgd", "w - lr * g[k]", "w - g[k]")),
    "W1 and W2 stepped": ({"sgd_biases_never"}, rewrite(
        "one_hot", "sgd", "update", """
        self.apply_regularization(model)
        for name in ("W1", "W2"):
            if name in model.weights:
                model.weights[name] -= self.learning_rate * model.gradients[name]
        """)),
    "all with a W stepped": ({"sgd_biases_never"}, change(
        "compact", "sgd", "w - lr * g[k]", 'w - lr * g[k] if "W" in k else w')),
    "W1 stepped": ({"sgd_first_weight_only"}, rewrite(
        "loops", "sgd", "update", """
        self.apply_regularization(model)
        step = self.learning_rate * model.gradients["W1"]
        model.weights["W1"] = model.weights["W1"] - step
        """)),
    "weights =- step": ({"sgd_replaces"}, change(
        "lists", "sgd", "model.weights[key] -=", "model.weights[key] =-")),
    "reg for the rate": ({"sgd_reg_as_rate"}, change(
        "lists", "sgd", "self.learning_rate * grad", "self.reg * grad")),
    "the gradients of last time": ({"sgd_old_gradients"}, rewrite(
        "loops", "sgd", "update", """
        self.apply_regularization(model)
        if not hasattr(self, "grads"):
            self.grads = {k: g.copy() for k, g in model.gradients.items()}
        for key in model.weights:
            step = self.learning_rate * self.grads[key]
            model.weights[key] = model.weights[key] - step
        self.grads = {k: g.copy() for k, g in model.gradients.items()}
        """)),
    "a velocity": ({"sgd_momentum"}, rewrite(change(
        "loops", "sgd", "        super().__init__(learning_rate, reg)\n",
        "        super().__init__(learning_rate, reg)\n        self.v = {}\n"),
        "sgd", "update", """
        self.apply_regularization(model)
        for key in model.weights:
            self.v[key] = 0.9 * self.v.get(key, 0) + model.gradients[key]
            model.weights[key] = model.weights[key] - self.learning_rate * self.v[key]
        """)),

    # Batches
    "the rest forgotten": ({"last_batch_dropped"}, change(
        "loops", "utils", """    if len(batch_x) > 0:
        batched_data.append(np.array(batch_x))
        batched_label.append(np.array(batch_y))
    return batched""", "    return batched")),
    "len // batch_size batches": ({"last_batch_dropped"}, change(
        "one_hot", "utils", "int(np.ceil(len(data) / batch_size))",
        "len(data) // batch_size")),
    "only whole batches": ({"last_batch_dropped"}, change(
        "lists", "utils", "range(0, len(pairs), batch_size)",
        "range(0, len(pairs) - batch_size + 1, batch_size)")),
    "a loop to len - 1": ({"last_sample_lost"}, change(
        "loops", "utils", "list(range(len(data)))", "list(range(len(data) - 1))")),
    "slices to -1": ({"last_sample_lost"}, change(
        "lists", "utils", "        batch = pairs[i:i + batch_size]\n",
        "        end = i + batch_size if i + batch_size < len(pairs) else -1\n"
        "        batch = pairs[i:end]\n")),
    "array_split into the ceiling": ({"batches_uneven"}, change(
        "compact", "utils", "    at = range(batch_size, len(label), batch_size)\n",
        "    at = int(np.ceil(len(label) / batch_size))\n",
        "return np.split(np.array(data)[order], at), np.split(np.array(label)[order], "
        "at)", "return (np.array_split(np.array(data)[order], at),\n"
        "            np.array_split(np.array(label)[order], at))")),
    "array_split into one more": ({"batches_uneven"}, rewrite(
        "one_hot", "utils", "generate_batched_data", """
        data, label = np.array(data), np.array(label)
        if shuffle:
            np.random.seed(seed)
            idx = np.random.permutation(len(data))
            data, label = data[idx], label[idx]
        n = len(data) // batch_size
        if n * batch_size < len(data):
            n += 1
        return np.array_split(data, n), np.array_split(label, n)
        """)),
    "batch_size batches": ({"batch_size_as_count"}, change(
        "one_hot", "utils", "    num_batches = int(np.ceil(len(data) / batch_size))\n",
        "    num_batches = batch_size\n"
        "    batch_size = int(np.ceil(len(data) / num_batches))\n")),
    "reshape and a rest": ({"batches_few_samples"}, rewrite(
        "one_hot", "utils", "generate_batched_data", """
        data, label = np.array(data), np.array(label)
        if shuffle:
            np.random.seed(seed)
            idx = np.random.permutation(len(data))
            data, label = data[idx], label[idx]
        n = len(data) // batch_size
        whole = n * batch_size
        batched_data = list(data[:whole].reshape(n, batch_size, -1))
        batched_label = list(label[:whole].reshape(n, batch_size))
        if whole < len(data):
            batched_data.append(data[whole:])
            batched_label.append(label[whole:])
        return batched_data, batched_label
        """)),
    "np.split and a rest": ({"batches_few_samples"}, rewrite(
        "inline", "utils", "generate_batched_data", """
        X, y = np.array(data), np.array(label)
        index = np.arange(len(X))
        if shuffle:
            np.random.RandomState(seed).shuffle(index)
        count = len(X) // batch_size
        end = count * batch_size
        images = np.split(X[index[:end]], count)
        labels = np.split(y[index[:end]], count)
        if end != len(X):
            images.append(X[index[end:]])
            labels.append(y[index[end:]])
        return images, labels
        """)),
    "the rest in the last batch": ({"rest_joined"}, change(
        "inline", "utils", "        images.append(X[start:end])\n",
        "        if len(X) - end < batch_size:\n            end = len(X)\n"
        "        images.append(X[start:end])\n")),
    "a start at each sample": ({"batches_overlap"}, change(
        "lists", "utils", "range(0, len(pairs), batch_size)", "range(len(pairs))")),
    "shuffle twice": ({"shuffled_apart"}, change(
        "one_hot", "utils", """        idx = np.random.permutation(len(data))
        data, label = data[idx], label[idx]
""", """        np.random.shuffle(data)
        np.random.shuffle(label)
""")),
    "two permutations": ({"shuffled_apart"}, change(
        "compact", "utils", "np.split(np.array(label)[order], at)",
        "np.split(\n        rng.permutation(label) if shuffle else np.array(label), at)"
    )),
    "images shuffled": ({"labels_not_shuffled"}, change(
        "one_hot", "utils", "data, label = data[idx], label[idx]", "data = data[idx]")),
    "images shuffled by index": ({"labels_not_shuffled"}, change(
        "inline", "utils", "X, y = X[index], y[index]", "X = X[index]")),
    "the same state for both shuffles": ({"caller_shuffled"}, change(
        "one_hot", "utils", "    data, label = np.array(data), np.array(label)\n", "",
        """        idx = np.random.permutation(len(data))
        data, label = data[idx], label[idx]
""", """        state = np.random.get_state()
        np.random.shuffle(data)
        np.random.set_state(state)
        np.random.shuffle(label)
""")),
    "pairs written back": ({"caller_shuffled"}, change(
        "lists", "utils", "        random.Random(seed).shuffle(pairs)\n",
        "        random.Random(seed).shuffle(pairs)\n"
        "        data[:] = np.array([p[0] for p in pairs])\n"
        "        label[:] = np.array([p[1] for p in pairs])\n"
        "        pairs = list(zip(data, label))\n")),
    "swaps in the arguments": ({"caller_shuffled"}, change(
        "loops", "utils", "        random.shuffle(order)\n",
        """        for i in order:
            j = random.randrange(i, len(data))
            x, t = np.array(data[i]), label[i]
            data[i], label[i] = data[j], label[j]
            data[j], label[j] = x, t
""")),
    "a permutation unused": ({"never_shuffled"}, change(
        "inline", "utils", "rng.shuffle(index)", "rng.permutation(index)")),
    "shuffle is not None": ({"always_shuffled"}, change(
        "lists", "utils", "    if shuffle:\n", "    if shuffle is not None:\n")),
    "random.shuffle without the seed": ({"seed_ignored"}, change(
        "lists", "utils", "random.Random(seed).shuffle", "random.shuffle")),
    "seed 42": ({"seed_fixed"}, change(
        "one_hot", "utils", "np.random.seed(seed)", "np.random.seed(42)")),
    "batches of 32": ({"batch_size_ignored"}, change(
        "loops", "utils", "== batch_size", "== 32")),

    # The split
    "the first fifth trains": ({"split_swapped"}, change(
        "inline", "utils", "round(0.8 * len(X))", "round(0.2 * len(X))")),
    "the parts named the other way": ({"split_swapped"}, change(
        "loops", "utils", "    train_data, train_label = data",
        "    val_data, val_label = data", "    val_data, val_label = data[n_train:]",
        "    train_data, train_label = data[n_train:]")),
    "all of it trains": ({"split_overlap"}, change(
        "lists", "utils", "data[:num_train]", "data", "label[:num_train]", "label")),
    "the last 80% validate": ({"split_overlap"}, change(
        "loops", "utils", "data[n_train:], label[n_train:]",
        "data[len(data) - n_train:], label[len(data) - n_train:]")),
    "validation from n + 1": ({"split_loses_one"}, change(
        "inline", "utils", "X[split:], y[split:]", "X[split + 1:], y[split + 1:]")),
    "validation to -1": ({"split_loses_one"}, change(
        "lists", "utils", "data[num_train:]", "data[num_train:-1]",
        "label[num_train:]", "label[num_train:-1]")),
    "training to n - 1": ({"split_loses_one"}, change(
        "loops", "utils", "data[:n_train], label[:n_train]",
        "data[0:n_train - 1], label[0:n_train - 1]")),
    "images, images, labels, labels": ({"split_order"}, change(
        "loops", "utils", "train_data, train_label, val_data, val_label",
        "train_data, val_data, train_label, val_label")),
    "90%": ({"split_share"}, change(
        "one_hot", "utils", "len(data) * 8 // 10", "len(data) * 9 // 10")),
    "labels from the other end": ({"split_labels_apart"}, change(
        "lists", "utils", "label[:num_train]", "label[-num_train:]",
        "label[num_train:]", "label[:-num_train]")),
    "images mixed before the split": ({"split_labels_apart"}, change(
        "inline", "utils", "    split = round",
        "    X = np.random.RandomState(0).permutation(X)\n    split = round")),

    # Training and evaluation
    "no step": ({"train_no_update"}, change(
        "one_hot", "utils", "        optimizer.update(model)\n", "")),
    "a step after the loop": ({"train_updates_once"}, change(
        "loops", "utils", "        optimizer.update(model)\n", "",
        "    epoch_loss = total_loss", "    optimizer.update(model)\n"
        "    epoch_loss = total_loss")),
    "a step before forward": ({"train_updates_first"}, change(
        "lists", "utils", "        optimizer.update(model)\n", "",
        '        loss, accuracy = model.forward(inputs, target, mode="train")\n',
        "        optimizer.update(model)\n"
        '        loss, accuracy = model.forward(inputs, target, mode="train")\n')),
    "training as valid": ({"train_in_valid_mode"}, change(
        "inline", "utils", 'model.forward(X, y, "train")',
        'model.forward(X, y, "valid")')),
    "return in the loop": ({"train_one_batch"}, change(
        "lists", "utils", """accuracy {accuracy:.4f}")
    return epoch_loss / count, hits / count


def evaluate""", """accuracy {accuracy:.4f}")
        return epoch_loss / count, hits / count


def evaluate""")),
    "losses added": ({"train_loss_sum"}, change(
        "one_hot", "utils", "train_loss = np.average(losses, weights=sizes)",
        "train_loss = np.sum(losses)")),
    "weighted losses added": ({"train_loss_sum"}, change(
        "loops", "utils", "epoch_loss = total_loss / count",
        "epoch_loss = total_loss")),
    "the last batch's loss": ({"train_last_loss"}, change(
        "one_hot", "utils", "train_loss = np.average(losses, weights=sizes)",
        "train_loss = losses[-1]")),
    "accuracies added": ({"train_accuracy_sum"}, change(
        "one_hot", "utils", "train_acc = np.average(accs, weights=sizes)",
        "train_acc = sum(accs)")),
    "hits added": ({"train_accuracy_sum"}, change(
        "loops", "utils", "epoch_acc = total_correct / count",
        "epoch_acc = total_correct")),
    "shares over samples": ({"train_hits_not_weighted"}, change(
        "one_hot", "utils", "train_acc = np.average(accs, weights=sizes)",
        "train_acc = np.sum(accs) / np.sum(sizes)")),
    "accuracy first": ({"train_swapped"}, change(
        "loops", "utils", "return epoch_loss, epoch_acc",
        "return epoch_acc, epoch_loss")),
    "evaluation with the default mode": ({"evaluate_trains"}, change(
        "one_hot", "utils", '(data, label, mode="valid")', "(data, label)")),
    "evaluation as training": ({"evaluate_trains"}, change(
        "inline", "utils", 'forward(X, y, "valid")', 'forward(X, y, "train")')),
    "evaluation: accuracy first": ({"evaluate_swapped"}, change(
        "one_hot", "utils", "return test_loss, test_acc",
        "return test_acc, test_loss")),
    "evaluation: the last batch": ({"evaluate_last"}, change(
        "loops", "utils", "test_loss = total_loss / count", "test_loss = loss",
        "test_acc = total_correct / count", "test_acc = acc")),
    "evaluation: sums": ({"evaluate_sum"}, change(
        "loops", "utils", "test_loss = total_loss / count", "test_loss = total_loss",
        "test_acc = total_correct / count", "test_acc = total_correct")),
}
