// Two trainings with sliders: a bowl, and digits of 7 x 7 pixels.
"use strict";

(() => {
const here = document.currentScript.src;
const range = (from, to, by) => Array.from(
  {length: Math.round((to - from) / by) + 1}, (_, i) => +(from + i * by).toFixed(6));

// ---------- Training ----------

// A step of the package's SGD: L2 is part of the gradient, momentum adds up velocity.
function step(w, v, g, {rate, momentum, l2}) {
  for (let i = 0; i < w.length; i++) {
    v[i] = momentum * v[i] + g[i] + l2 * w[i];
    w[i] -= rate * v[i];
  }
}

const MU = [1, 50], START = [-9, 1.5], STEPS = 60;

// Descent in the bowl, with the objective at each point of the path.
function bowl(settings) {
  const {rate, momentum, l2} = settings, w = [...START], v = [0, 0], path = [[...w]];
  for (let k = 0; k < STEPS; k++) {
    step(w, v, w.map((each, i) => MU[i] * each), settings);
    path.push([...w]);
  }
  const losses = path.map(w => w.reduce((sum, each, i) =>
    sum + (MU[i] + l2) * each ** 2 / 2, 0));
  const limit = 2 * (1 + momentum) / (MU[1] + l2);
  return {path, losses, limit, factor: factor(settings)};
}

// What a step multiplies the distance by, late in the run: the largest root of
// z^2 - (1 + momentum - rate mu) z + momentum, over both directions.
function factor({rate, momentum, l2}) {
  return Math.max(...MU.map(mu => {
    const middle = 1 + momentum - rate * (mu + l2), inside = middle ** 2 - 4 * momentum;
    return inside < 0 ? Math.sqrt(momentum)
                      : (Math.abs(middle) + Math.sqrt(inside)) / 2;
  }));
}

const D = 49, C = 10, EPOCHS = 20, GUESS = Math.log(C);
let parts;                                          // of the digits, once they are here

function unpack(text) {
  const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));
  const N = bytes.length / (D + 1), X = new Float64Array(N * D), y = [];
  for (let n = 0; n < N; n++) {
    y.push(bytes[n * (D + 1)]);
    for (let d = 0; d < D; d++) X[n * D + d] = bytes[n * (D + 1) + 1 + d] / 255;
  }
  return {X, y, all: range(0, N - 1, 1)};
}

// Mean loss and accuracy of softmax regression on some rows; the gradient goes to `G`.
function evaluate(W, {X, y}, rows, G) {
  const z = new Float64Array(C);
  let loss = 0, right = 0;
  G?.fill(0);
  for (const n of rows) {
    z.fill(0);
    for (let d = 0; d < D; d++) {
      const x = X[n * D + d];
      if (x) for (let c = 0; c < C; c++) z[c] += x * W[d * C + c];
    }
    const top = Math.max(...z), score = z[y[n]];
    right += z.indexOf(top) === y[n];
    let sum = 0;
    for (let c = 0; c < C; c++) sum += z[c] = Math.exp(z[c] - top);
    loss += Math.log(sum) + top - score;
    if (!G) continue;
    for (let c = 0; c < C; c++) z[c] = (z[c] / sum - (c === y[n])) / rows.length;
    for (let d = 0; d < D; d++) {
      const x = X[n * D + d];
      if (x) for (let c = 0; c < C; c++) G[d * C + c] += x * z[c];
    }
  }
  return {loss: loss / rows.length, accuracy: right / rows.length};
}

// Numbers in [0, 1), the same each time (mulberry32).
function randomNumbers(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

function shuffle(rows, random) {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
}

// All epochs from W = 0; each sees every image once. A run ends early at infinity.
function digits(settings) {
  const {train, valid} = parts, {batch} = settings, random = randomNumbers(0);
  const [W, v, G] = [0, 0, 0].map(() => new Float64Array(D * C));
  const steps = train.y.length / batch, often = Math.ceil(steps / 2);
  const curve = [], orders = [];
  const note = epoch => curve.push({epoch, train: evaluate(W, train, train.all),
                                    valid: evaluate(W, valid, valid.all)});
  note(0);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = [...train.all];
    shuffle(order, random);
    orders.push(order);
    for (let k = 1; k <= steps; k++) {
      evaluate(W, train, order.slice((k - 1) * batch, k * batch), G);
      step(W, v, G, settings);
      if (k % often === 0) note(epoch + k / steps);
      if (!Number.isFinite(curve.at(-1).train.loss)) return {W, curve, orders};
    }
  }
  return {W, curve, orders};
}

// ---------- Drawing ----------

function element(node, attributes, children) {
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
}
const html = (tag, attributes = {}, ...children) =>
  element(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  element(document.createElementNS("http://www.w3.org/2000/svg", tag),
          attributes, children);

const raised = n => [...`${n}`].map(c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");

// Three digits, with a power of ten where zeros would be counted.
function number(x) {
  if (!Number.isFinite(x)) return "∞";
  const [head, power] = x.toExponential(1).split("e");
  if (x !== 0 && (power < -4 || power > 5)) return `${head}·10${raised(+power)}`;
  return (+x.toPrecision(3)).toLocaleString("en-US", {maximumFractionDigits: 8});
}
const percent = x => `${(100 * x).toFixed(1)}%`;

// Far outside the picture all is the same.
const near = pixel => Math.max(-9999, Math.min(9999, pixel)).toFixed(1);

// Axes are {from, to, ticks, name, log, text}. The frame cuts what is drawn.
function plot(width, height, label, x, y) {
  const left = 42, right = 10, top = 8, bottom = 40;
  const w = width - left - right, h = height - top - bottom;
  const share = ({from, to, log}, value) => log
    ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  const X = value => near(w * share(x, value));
  const Y = value => near(h - h * share(y, value));
  const text = axis => axis.text ?? String;
  const inside = svg("svg", {x: left, y: top, width: w, height: h});
  const node = svg("svg", {width, height, role: "img", "aria-label": label},
    svg("rect", {class: "tr-frame", x: left, y: top, width: w, height: h}),
    ...x.ticks.map(tick => svg("text", {class: "tr-x", x: left + +X(tick),
                                        y: top + h + 16}, text(x)(tick))),
    ...y.ticks.flatMap(tick => [
      svg("path", {class: "tr-grid", d: `M${left} ${top + +Y(tick)}h${w}`}),
      svg("text", {class: "tr-y", x: left - 6, y: top + +Y(tick) + 4}, text(y)(tick))]),
    svg("text", {class: "tr-x", x: left + w / 2, y: height - 5}, x.name), inside);
  const draw = (tag, attributes) => inside.append(svg(tag, attributes));
  const line = (points, kind) => draw("path", {class: `tr-line ${kind}`, d: "M" + points
    .filter(point => point.every(Number.isFinite))
    .map(([x, y]) => `${X(x)} ${Y(y)}`).join("L")});
  const dot = (px, py, kind) =>
    draw("circle", {class: kind, cx: X(px), cy: Y(py), r: 5});
  const note = (words, px, py) => inside.append(svg("text", {
    class: "tr-y", x: X(px) - 6, y: Y(py) - 5}, words));
  return {node, line, dot, note};
}

const state = ({limit}, {rate}) => Math.abs(rate / limit - 1) < 1e-9 ? "edge"
  : rate < limit ? "good" : "bad";

// The path from above, on lines of equal objective; both directions to the same scale.
function drawMap(width, {path, ...result}, settings, kept) {
  const scale = width / 13.4, height = Math.max(150, 4.2 * scale);
  const x = w => (10.2 + w) * scale, y = w => height / 2 - w * scale;
  const pixels = path => path.map(w => [near(x(w[0])), near(y(w[1]))]);
  const line = (path, kind) =>
    svg("path", {class: `tr-line tr-${kind}`, d: `M${pixels(path).join("L")}`});
  const kind = state(result, settings);
  const levels = [140, 100, 70, 45, 28, 16, 8, 3, 0.5];
  return svg("svg", {width, height, role: "img", class: "tr-map",
                     "aria-label": "Path of the weights on lines of equal objective"},
    ...levels.map(level => svg("ellipse", {class: "tr-level", cx: x(0), cy: y(0),
      rx: scale * Math.sqrt(2 * level / (MU[0] + settings.l2)),
      ry: scale * Math.sqrt(2 * level / (MU[1] + settings.l2))})),
    ...kept ? [line(kept.result.path, "kept")] : [], line(path, kind),
    ...pixels(path).map(([cx, cy]) =>
      svg("circle", {class: `tr-dot tr-${kind}`, cx, cy, r: 2.6})),
    svg("circle", {class: "tr-start", cx: x(START[0]), cy: y(START[1]), r: 5.5}),
    svg("path", {class: "tr-minimum", d: `M${x(0) - 6} ${y(0)}h12m-6 -6v12`}),
    svg("text", {x: x(START[0]) + 10, y: y(START[1]) - 6}, "start"),
    svg("text", {x: x(0) + 10, y: y(0) - 6}, "minimum"));
}

function drawObjective(width, {losses, ...result}, settings, kept) {
  const {node, line} = plot(width, 220, "The objective over the steps",
    {from: 0, to: STEPS, ticks: range(0, STEPS, 20), name: "step"},
    {from: 1e-4, to: 1e6, log: true, ticks: [1e-4, 1e-2, 1, 1e2, 1e4, 1e6],
     text: value => value === 1 ? "1" : `10${raised(Math.round(Math.log10(value)))}`});
  const points = losses => losses.map((loss, k) => [k, loss]);
  if (kept) line(points(kept.result.losses), "tr-kept");
  line(points(losses), `tr-${state(result, settings)}`);
  return node;
}

function drawFactor(width, {limit, ...result}, settings, kept) {
  const {node, line, dot} = plot(width, 220, "The factor a step over the learning rate",
    {from: 0, to: 0.09, ticks: range(0, 0.08, 0.02), name: "learning rate η"},
    {from: 0.4, to: 1.6, ticks: range(0.4, 1.6, 0.2), text: value => value.toFixed(1)});
  const curve = (from, to, settings) => range(0, 200, 1)
    .map(i => from + (to - from) * i / 200)
    .map(rate => [rate, factor({...settings, rate})]);
  line([[0, 1], [0.09, 1]], "tr-one");
  if (kept) line(curve(0, 0.09, kept.settings), "tr-kept");
  line(curve(0, limit, settings), "tr-good");
  line(curve(limit, 0.09, settings), "tr-bad");
  line([[limit, 0.4], [limit, 1.6]], "tr-bound");
  dot(settings.rate, result.factor, `tr-here tr-${state({limit}, settings)}`);
  return node;
}

function drawCurves(what, label, y) {
  return (width, {curve}, settings, kept) => {
    const {node, line, note} = plot(width, 240, label, {from: 0, to: EPOCHS,
      ticks: range(0, EPOCHS, 5), name: "epoch"}, y);
    const points = (part, run = curve) => run.map(at => [at.epoch, at[part][what]]);
    if (what === "loss") {
      line([[0, GUESS], [EPOCHS, GUESS]], "tr-one");
      note("guessing", EPOCHS, GUESS);
    }
    if (kept) {
      line(points("train", kept.result.curve), "tr-kept");
      line(points("valid", kept.result.curve), "tr-kept tr-valid");
    }
    line(points("train"), "tr-train");
    line(points("valid"), "tr-valid");
    return node;
  };
}

// The ten columns of W as images: full color is the largest weight of all.
function drawWeights(width, {W}) {
  const largest = W.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-300);
  const pixel = (w, d) => svg("rect", {
    class: w > 0 ? "tr-plus" : "tr-minus", x: d % 7, y: Math.floor(d / 7),
    width: 1, height: 1, "fill-opacity": (Math.abs(w) / largest || 0).toFixed(3)});
  const image = c => svg("svg", {viewBox: "0 0 7 7", "aria-hidden": true},
    ...range(0, D - 1, 1).map(d => pixel(W[d * C + c], d)));
  return html("div", {class: "tr-weights"},
    ...range(0, C - 1, 1).map(c => html("div", {}, image(c), `${c}`)));
}

// ---------- The two problems ----------

const MOMENTUM = {key: "momentum", name: "Momentum", letter: "β", value: 0,
                  values: range(0, 0.95, 0.05)};

const PROBLEMS = {
  bowl: {
    name: "Descent in a bowl",
    sliders: [{key: "rate", name: "Learning rate", letter: "η", value: 0.038,
               values: range(0.001, 0.09, 0.001)},
              MOMENTUM,
              {key: "l2", name: "L2", letter: "λ", value: 0, values: range(0, 20, 1)}],
    run: bowl,
    panels: [{wide: true, title: "Sixty steps, seen from above", draw: drawMap},
             {title: "Objective over the steps", draw: drawObjective},
             {title: "Factor a step, by learning rate", draw: drawFactor}],
    tell({path, limit, factor}, settings) {
      const {momentum, l2} = settings, kind = state({limit}, settings);
      const [word, where] = {
        good: ["Converges.", "below"], bad: ["Diverges.", "beyond"],
        edge: ["On the edge.", "exactly at"]}[kind];
      const bound = `2${momentum ? ` · (1 + ${momentum})` : ""} / `
        + `${l2 ? `(50 + ${l2})` : 50} = ${number(limit)}`;
      const [before, after] = [START, path.at(-1)].map(w => number(Math.hypot(...w)));
      return [kind, word, `The rate is ${where} the limit ${bound}. Late in the run a `
        + `step multiplies the distance by ${factor.toFixed(3)}; ${STEPS} steps took `
        + `it from ${before} to ${after}.`];
    }},
  digits: {
    name: "Softmax regression on digits",
    sliders: [{key: "rate", name: "Learning rate", letter: "η", value: 1,
               values: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]},
              {key: "batch", name: "Batch size", letter: "B", value: 16,
               values: [1, 2, 4, 8, 16, 32, 64, 128, 256]},
              MOMENTUM,
              {key: "l2", name: "L2", letter: "λ", value: 0,
               values: [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]}],
    run: digits,
    panels: [{title: "Cross-entropy", key: true, draw: drawCurves("loss",
                "Loss on training and validation images over the epochs",
                {from: 0.05, to: 20, log: true, ticks: [0.1, 0.3, 1, 3, 10]})},
             {title: "Accuracy", key: true, draw: drawCurves("accuracy",
                "Accuracy on training and validation images over the epochs",
                {from: 0, to: 1, ticks: range(0, 1, 0.2),
                 text: value => `${Math.round(100 * value)}%`})},
             {wide: true, draw: drawWeights,
              title: "Weights: orange pixels speak for a digit, blue ones against it"}],
    tell({curve}, {batch}) {
      const {epoch, train, valid} = curve.at(-1);
      const steps = Math.round(parts.train.y.length / batch * epoch);
      const best = curve.reduce((a, b) => b.valid.loss < a.valid.loss ? b : a);
      const told = `After ${steps.toLocaleString("en-US")} steps the loss is `
        + `${number(train.loss)} in training and ${number(valid.loss)} in validation, `
        + `the accuracy ${percent(train.accuracy)} and ${percent(valid.accuracy)}.`;
      if (!Number.isFinite(train.loss)) return ["bad", "Diverges.", told];
      if (train.loss > GUESS) return ["bad", "Worse than guessing.", told];
      if (train.loss >= best.train.loss || valid.loss < best.valid.loss + 0.01)
        return ["good", "Learns.", told];
      return ["bad", "Overfits.", `${told} The lowest validation loss was `
        + `${number(best.valid.loss)}, after ${best.epoch} epochs.`];
    }},
};

// ---------- The widget ----------

// Where a value lies among those of a slider, from 0 to 1.
function place(values, value) {
  const next = values.findIndex(each => each >= value);
  if (next < 1) return next < 0 ? 1 : 0;
  const before = values[next - 1];
  return (next - 1 + (value - before) / (values[next] - before)) / (values.length - 1);
}

function addSlider(id, {key, name, letter, values, value}, settings, changed) {
  const input = html("input", {type: "range", id, min: 0, max: values.length - 1,
                               step: 1, value: values.indexOf(value)});
  const shown = html("span", {class: "tr-value", "aria-hidden": true});
  const limit = html("span", {class: "tr-limit", "aria-hidden": true});
  const node = html("div", {class: "tr-slider"}, html("label", {for: id}, `${name} `,
    html("i", {}, letter)), shown, input, limit);
  input.addEventListener("input", read);
  function read() {
    settings[key] = values[input.value];
    shown.textContent = settings[key];
    input.setAttribute("aria-valuetext", settings[key]);
    node.style.setProperty("--share", place(values, settings[key]));
    changed();
  }
  read();
  return {node, bound(value) {
    node.classList.add("tr-bounded");
    node.style.setProperty("--share", place(values, value));
    limit.textContent = `limit ${number(value)}`;
  }};
}

function addPanel({wide, title, key, draw}) {
  const drawing = html("div");
  const node = html("div", {class: wide ? "tr-panel tr-wide" : "tr-panel"},
    html("p", {class: "tr-title"}, title, ...!key ? [] : [
      html("span", {class: "tr-key tr-train"}, "training"),
      html("span", {class: "tr-key tr-valid"}, "validation")]), drawing);
  return {node, show: (...all) =>
    drawing.replaceChildren(draw(drawing.clientWidth, ...all))};
}

function start(box) {
  const kind = box.dataset.problem, problem = PROBLEMS[kind], settings = {};
  let asked = 0, result, kept;
  const sliders = problem.sliders.map(each =>
    addSlider(`training-${kind}-${each.key}`, each, settings, ask));
  const panels = problem.panels.map(addPanel);
  const outcome = html("p", {class: "tr-outcome", role: "status"});
  const keep = html("button", {type: "button", "aria-pressed": false}, "Keep in gray");
  keep.addEventListener("click", () => {
    kept = kept ? undefined : {result, settings: {...settings}};
    keep.setAttribute("aria-pressed", Boolean(kept));
    show();
  });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", problem.name);
  const controls = html("div", {class: "tr-sliders"},
                        ...sliders.map(each => each.node));
  box.replaceChildren(controls, html("div", {class: "tr-said"}, outcome, keep),
                      ...panels.map(each => each.node));
  // at most one training a frame
  function ask() { asked ||= requestAnimationFrame(update); }
  function update() {
    asked = 0;
    result = problem.run(settings);
    const [kind, word, sentence] = problem.tell(result, settings);
    const verdict = html("strong", {class: `tr-${kind}`}, word);
    outcome.replaceChildren(verdict, ` ${sentence}`);
    if (result.limit) sliders[0].bound(result.limit);
    show();
  }
  function show() { panels.forEach(panel => panel.show(result, settings, kept)); }
  new ResizeObserver(() => result && show()).observe(box);
}

window.training = {bowl, digits};
for (const box of document.querySelectorAll('[data-widget="training"]')) {
  if (box.dataset.problem !== "digits") { start(box); continue; }
  const script = html("script", {src: new URL("training-digits.js", here)});
  script.addEventListener("load", () => {
    parts = {train: unpack(trainingDigits.train), valid: unpack(trainingDigits.valid)};
    start(box);
  });
  document.head.append(script);
}
})();
