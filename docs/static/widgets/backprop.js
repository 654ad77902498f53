// A two-layer network of 2, 3 and 2 units, forward and backward, one step at a time.
"use strict";

(() => {

// ---------- The network: arrays of rows, as in the notebook with N = 1 ----------

const map = (M, f) => M.map((row, i) => row.map((each, j) => f(each, i, j)));
const transposed = M => M[0].map((_, j) => M.map(row => row[j]));
const product = (M, V) => M.map(row => V[0].map((_, j) =>
  row.reduce((sum, each, k) => sum + each * V[k][j], 0)));
const sigmoid = z => 0.5 + 0.5 * Math.tanh(z / 2);

function softmax(row) {
  const top = Math.max(...row), E = row.map(each => Math.exp(each - top));
  const sum = E.reduce((a, b) => a + b);
  return E.map(each => each / sum);
}

// All arrays of a forward and a backward pass, by their names.
function pass({X, y, W1, b1, W2, b2}) {
  const Z = map(product(X, W1), (each, i, j) => each + b1[0][j]);
  const A = map(Z, sigmoid);
  const R = map(product(A, W2), (each, i, j) => each + b2[0][j]);
  const S = R.map(softmax), L = [[-Math.log(S[0][y])]];
  const dR = map(S, (each, i, j) => each - (j === y));
  const dW2 = product(transposed(A), dR), dA = product(dR, transposed(W2));
  const dZ = map(dA, (each, i, j) => each * A[i][j] * (1 - A[i][j]));
  const dW1 = product(transposed(X), dZ);
  return {X, W1, b1, W2, b2, Z, A, R, S, L, dR, dW2, db2: dR, dA, dZ, dW1, db1: dZ};
}

// The parameters after a step of SGD.
function descend(network, rate) {
  const all = pass(network), next = {...network};
  for (const name of ["W1", "b1", "W2", "b2"]) {
    next[name] = map(network[name], (w, i, j) => w - rate * all[`d${name}`][i][j]);
  }
  return next;
}

const START = {X: [[0.9, 0.2]], y: 1, W1: [[0.5, -1.2, 0.8], [1, 0.4, -0.6]],
               b1: [[0.1, -0.2, 0.3]], W2: [[1.1, -0.7], [-0.4, 0.9], [0.6, 0.2]],
               b2: [[0.1, -0.1]]};
const RATE = 1;

// What each step makes, of what, and how: in symbols, its shape, and in the package.
const STEPS = [
  ["X", "", "X", "(N, D)", "X"],
  ["Z", "X W1 b1", "Z = X W₁ + b₁", "(N, H)", "Z = X @ W1 + b1"],
  ["A", "Z", "A = σ(Z)", "(N, H)", "A = sigmoid(Z)"],
  ["R", "A W2 b2", "R = A W₂ + b₂", "(N, C)", "R = A @ W2 + b2"],
  ["S", "R", "S = softmax(R)", "(N, C)", "S = softmax(R)"],
  ["L", "S", "L = −log S at y", "scalar", "L = cross_entropy(S, y)"],
  ["dR", "S", "dR = (S − onehot(y)) / N", "(N, C)", "dR = (S - onehot(y)) / N"],
  ["dW2", "A dR", "dW₂ = Aᵀ dR", "(H, C)", "dW2 = A.T @ dR"],
  ["db2", "dR", "db₂ = Σₙ dRₙ", "(C,)", "db2 = dR.sum(axis=0)"],
  ["dA", "dR W2", "dA = dR W₂ᵀ", "(N, H)", "dA = dR @ W2.T"],
  ["dZ", "dA Z", "dZ = dA ⊙ σ′(Z)", "(N, H)", "dZ = dA * sigmoid_grad(Z)"],
  ["dW1", "X dZ", "dW₁ = Xᵀ dZ", "(D, H)", "dW1 = X.T @ dZ"],
  ["db1", "dZ", "db₁ = Σₙ dZₙ", "(H,)", "db1 = dZ.sum(axis=0)"],
].map(([name, uses, formula, shape, code]) =>
  ({name, uses: uses.split(" "), formula, shape, code}));
const ORDER = Object.fromEntries(STEPS.map(({name}, i) => [name, i]));

// ---------- The drawing ----------

const NS = "http://www.w3.org/2000/svg";
const INPUTS = [100, 260], HIDDEN = [60, 180, 300], OUTPUTS = [100, 260];
const ROWS = {input: 34, hidden: 176, output: 330, loss: 425};
const number = value => (Math.abs(value) < 0.005 ? "0.00" : value.toFixed(2))
  .replace("-", "−");

function add(parent, tag, attributes = {}, text = "") {
  const made = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

// A number of the drawing: entry (i, j) of the array `name`.
function entry(parent, name, i, j, x, y, anchor = "end") {
  const kind = name.startsWith("d") ? "bp-number bp-gradient" : "bp-number";
  return add(parent, "text", {"class": kind, "text-anchor": anchor, x, y,
                              "data-name": name, "data-i": i, "data-j": j});
}

function edges(svg, name, from, to, [top, bottom], share) {
  const lines = add(svg, "g"), labels = add(svg, "g");
  from.forEach((x, i) => to.forEach((end, j) => {
    add(lines, "line", {"class": "bp-edge", x1: x, y1: top, x2: end, y2: bottom,
                        "data-name": name, "data-i": i, "data-j": j});
    const place = x + share * (end - x), y = top + share * (bottom - top);
    add(labels, "rect", {"class": "bp-behind", x: place - 18, y: y - 15,
                         width: 36, height: 30});
    entry(labels, name, i, j, place, y - 2, "middle");
    entry(labels, `d${name}`, i, j, place, y + 11, "middle");
  }));
}

// A box with a row for each array: its name, its value, its gradient.
function box(svg, names, j, x, y) {
  const group = add(svg, "g"), height = 17 * names.length + 8;
  add(group, "rect", {"class": "bp-box", x: x - 57, y: y - height / 2, width: 114,
                      height, rx: 5});
  names.forEach((name, k) => {
    const line = y - height / 2 + 17 * (k + 1);
    add(group, "text", {"class": "bp-name", x: x - 50, y: line}, name[0]);
    entry(group, name, 0, j, x + 5, line);
    if (name !== "S") entry(group, `d${name}`, 0, j, x + 51, line);
  });
}

function draw(svg) {
  const {input, hidden, output, loss} = ROWS;
  edges(svg, "W1", INPUTS, HIDDEN, [input + 18, hidden - 30], 0.32);
  edges(svg, "W2", HIDDEN, OUTPUTS, [hidden + 30, output - 30], 0.68);
  for (const x of OUTPUTS) add(svg, "line", {"class": "bp-edge", x1: x, y1: output + 30,
                                             x2: 180, y2: loss - 13});
  INPUTS.forEach((x, j) => {
    add(svg, "circle", {"class": "bp-box", cx: x, cy: input, r: 21});
    entry(svg, "X", 0, j, x, input + 4, "middle");
  });
  HIDDEN.forEach((x, j) => box(svg, ["b1", "Z", "A"], j, x, hidden));
  OUTPUTS.forEach((x, j) => {
    box(svg, ["b2", "R", "S"], j, x, output);
    add(svg, "text", {"class": "bp-label", "text-anchor": "end", x: x + 51,
                      y: output + 22, "data-class": j});
  });
  add(svg, "rect", {"class": "bp-box", x: 123, y: loss - 13, width: 114, height: 25,
                    rx: 5});
  add(svg, "text", {"class": "bp-name", x: 130, y: loss + 4}, "L");
  entry(svg, "L", 0, 0, 229, loss + 4);
}

// ---------- The widget ----------

// What can be changed: [name, i, j, how it is called].
const CHANGES = ["X", "W1", "b1", "W2", "b2"].flatMap(name =>
  START[name].flatMap((row, i) => row.map((_, j) =>
    [name, i, j, START[name].length > 1 ? `${name}[${i}, ${j}]` : `${name}[${j}]`])));

const PAGE = `
<p class="bp-lead">Step through it, or point at anything. Gradients are orange, negative
weights dashed.</p>
<div class="bp-picture"><svg viewBox="0 0 360 444" role="img"
  aria-label="The network; the list beside it has its numbers"></svg></div>
<div class="bp-side">
  <div class="bp-buttons">
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="next" class="bp-first">Step</button>
    <button type="button" data-do="all">All</button>
    <button type="button" data-do="descend">Step of SGD, rate ${RATE}</button>
    <button type="button" data-do="reset">Reset</button>
  </div>
  <ol class="bp-steps">${STEPS.map(({formula, shape, code}, i) => `
    <li><button type="button" data-step="${i}">
      <span class="bp-formula">${formula}</span>
      <span class="bp-shape">${shape}</span>
      <code>${code}</code>
    </button></li>`).join("")}
  </ol>
  <p class="bp-said" aria-live="polite"></p>
  <div class="bp-change">
    <label>Change <select data-change>${CHANGES.map(([, , , name], k) =>
      `<option value="${k}">${name}</option>`).join("")}</select></label>
    <input type="range" min="-3" max="3" step="0.05" aria-label="its value">
    <output></output>
    <label>Label y
      <select data-label><option>0</option><option>1</option></select></label>
  </div>
</div>`;

function start(root) {
  root.innerHTML = PAGE;
  const find = selector => root.querySelector(selector);
  const all = selector => [...root.querySelectorAll(selector)];
  const svg = find("svg"), slider = find("input"), chosen = find("[data-change]");
  let network = structuredClone(START), at = 0, losses = [];
  draw(svg);

  // A parameter is there from the start; what a step makes, from then on.
  const shown = name => (ORDER[name] ?? 0) <= at;
  const value = (arrays, {dataset: {name, i, j}}) => arrays[name]?.[i]?.[j];
  const light = (names, kind) => {
    for (const each of svg.querySelectorAll("[data-name]")) {
      each.classList.toggle(kind, names.includes(each.dataset.name));
    }
  };

  function show(step) {
    const {name, uses} = STEPS[step];
    light(shown(name) ? [name] : [], "bp-made");
    light(uses.filter(shown), "bp-used");
    for (const each of all("[data-step]")) {
      each.classList.toggle("bp-lit", +each.dataset.step === step);
    }
  }

  function render() {
    const arrays = pass(network), {name, formula} = STEPS[at];
    for (const each of svg.querySelectorAll(".bp-number")) {
      each.textContent = shown(each.dataset.name) ? number(value(arrays, each)) : "";
    }
    for (const each of svg.querySelectorAll(".bp-edge[data-name]")) {
      const w = value(arrays, each);
      each.style.strokeWidth = 0.6 + 1.4 * Math.abs(w);
      each.style.strokeDasharray = w < 0 ? "5 4" : "none";
    }
    for (const each of svg.querySelectorAll(".bp-label")) {
      each.textContent = +each.dataset.class === network.y ? "label" : "";
    }
    all("[data-step]").forEach((each, i) => {
      each.classList.toggle("bp-done", i <= at);
      if (i === at) each.setAttribute("aria-current", "step");
      else each.removeAttribute("aria-current");
    });
    const numbers = arrays[name].map(row => row.map(number).join(", ")).join("; ");
    const fallen = losses.length ? ` The loss: ${[...losses, arrays.L[0][0]].slice(-4)
      .map(each => each.toFixed(3)).join(", then ")}.` : "";
    find(".bp-said").textContent = `${formula}: ${numbers}.${fallen}`;
    find("[data-do=back]").disabled = at === 0;
    find("[data-do=next]").disabled = at === STEPS.length - 1;
    const [array, i, j] = CHANGES[chosen.value];
    slider.value = network[array][i][j];
    find("output").textContent = number(network[array][i][j]);
    find("[data-label]").value = network.y;
    show(at);
  }

  const actions = {
    back: () => { at -= 1; },
    next: () => { at += 1; },
    all: () => { at = STEPS.length - 1; },
    descend: () => {
      losses.push(pass(network).L[0][0]);
      network = descend(network, RATE);
      at = STEPS.length - 1;
    },
    reset: () => { network = structuredClone(START); at = 0; losses = []; },
  };
  for (const button of all("[data-do]")) {
    button.addEventListener("click", () => { actions[button.dataset.do](); render(); });
  }
  for (const button of all("[data-step]")) {
    const step = +button.dataset.step;
    button.addEventListener("click", () => { at = step; render(); });
    for (const type of ["pointerenter", "focus"]) {
      button.addEventListener(type, () => show(step));
    }
    for (const type of ["pointerleave", "blur"]) {
      button.addEventListener(type, () => show(at));
    }
  }
  // From a number or an edge to the step that makes or uses it; a click chooses it.
  for (const each of svg.querySelectorAll("[data-name]")) {
    const {name, i, j} = each.dataset;
    const step = ORDER[name] ?? STEPS.findIndex(({uses}) => uses.includes(name));
    each.addEventListener("pointerenter", () => show(step));
    each.addEventListener("pointerleave", () => show(at));
    each.addEventListener("click", () => {
      const found = CHANGES.findIndex(([array, row, column]) =>
        array === name.replace(/^d/, "") && row === +i && column === +j);
      if (found >= 0) chosen.value = found; else at = step;
      render();
    });
  }
  chosen.addEventListener("change", render);
  slider.addEventListener("input", () => {
    const [array, i, j] = CHANGES[chosen.value];
    network[array][i][j] = +slider.value;
    losses = [];
    render();
  });
  find("[data-label]").addEventListener("change", event => {
    network.y = +event.target.value;
    losses = [];
    render();
  });
  render();
}

window.backprop = {pass, descend, START};
document.querySelectorAll('.widget[data-widget="backprop"]').forEach(start);

})();
