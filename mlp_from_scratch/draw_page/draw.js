// Draw a digit: ink -> X (1, 784) -> both networks, stage by stage. The same mathematics as in the notebooks, one sample at a time.
//
// For scripts and tests there is one global, window.drawDigit:
//   ready            promise that is kept when the weights are there, and broken with an Error that says why they are not
//   strokes(list)    replace the drawing; a stroke is a list of points [x, y], in units of 1/112 of the paper's side
//   input()          the 784 numbers of X, a Float32Array, or null where there is no ink
//   stages(model)    {Z, R, S} of "SoftmaxRegression" or {Z, A, R, S} of "TwoLayerNet", each a Float64Array, or null
//   push(k, model)   {loss, dR, dZ} if the label were k, or null; dZ are the gradients at the scores of the first weights
"use strict";

(() => {

// ---------- Ink: from strokes to a grid of numbers from 0 to 1, by arithmetic alone, so that every browser gets the same ----------

const PAPER_SIDE = 112;                 // cells along each side of the paper; a cell is one unit
const PEN_RADIUS = 5.5;                 // of the pen's round tip, in units

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Add the segment from point a to point b. A cell is inked as far as its center lies within the pen's reach, with a soft edge of one unit.
function addSegment(ink, [ax, ay], [bx, by]) {
  const dx = bx - ax, dy = by - ay, length2 = dx * dx + dy * dy, reach = PEN_RADIUS + 0.5;
  const first = (u, v) => Math.max(0, Math.floor(Math.min(u, v) - reach));
  const last = (u, v) => Math.min(PAPER_SIDE - 1, Math.ceil(Math.max(u, v) + reach));
  for (let row = first(ay, by); row <= last(ay, by); row++) {
    for (let column = first(ax, bx); column <= last(ax, bx); column++) {
      const x = column + 0.5, y = row + 0.5;
      const t = length2 === 0 ? 0 : clamp(((x - ax) * dx + (y - ay) * dy) / length2, 0, 1);     // the nearest point is a + t (b - a)
      const ex = x - (ax + t * dx), ey = y - (ay + t * dy);
      const cover = clamp(reach - Math.sqrt(ex * ex + ey * ey), 0, 1);
      ink[row * PAPER_SIDE + column] = Math.max(ink[row * PAPER_SIDE + column], cover);
    }
  }
}

// ---------- Centering, as MNIST has it: `center_digit` of the notebook ----------

const SIDE = 28, BOX = 20, MIDDLE = 14;

// A (n_out, n_in): each row averages the part of n_in cells that one of n_out equal pieces covers.
function areaAverages(nIn, nOut) {
  return Array.from({length: nOut}, (_, i) => Float64Array.from({length: nIn}, (_, j) => {
    const from = Math.max(i * (nIn / nOut), j), to = Math.min((i + 1) * (nIn / nOut), j + 1);
    return Math.max(0, to - from) * (nOut / nIn);
  }));
}

// Where n pixels with these sums must begin, so that their center of mass is at the middle.
function begin(sums) {
  const mass = sums.reduce((total, m) => total + m, 0);
  const center = sums.reduce((total, m, i) => total + i * m, 0) / mass;
  return clamp(Math.floor(MIDDLE - center + 0.5 + 1e-9), 0, SIDE - sums.length);
}

// ink (PAPER_SIDE x PAPER_SIDE) -> Float32Array of 28 x 28 pixels, or null where there is no ink.
function centerDigit(ink) {
  const cells = Array.from({length: PAPER_SIDE}, (_, i) => i);
  const rows = cells.filter(i => cells.some(j => ink[i * PAPER_SIDE + j] > 0));
  const columns = cells.filter(j => rows.some(i => ink[i * PAPER_SIDE + j] > 0));
  if (rows.length === 0) return null;
  const top = rows[0], height = rows.at(-1) - top + 1, left = columns[0], width = columns.at(-1) - left + 1;

  const scaled = n => Math.max(1, Math.floor(n * BOX / Math.max(height, width) + 0.5));
  const down = areaAverages(height, scaled(height)), across = areaAverages(width, scaled(width));
  const narrow = across.map(a => Float64Array.from({length: height}, (_, i) =>
    a.reduce((total, share, j) => total + share * ink[(top + i) * PAPER_SIDE + left + j], 0)));
  const small = down.map(a => narrow.map(column => a.reduce((total, share, i) => total + share * column[i], 0)));   // scaled(height) rows

  const y = begin(small.map(row => row.reduce((total, m) => total + m, 0)));
  const x = begin(narrow.map((_, j) => small.reduce((total, row) => total + row[j], 0)));
  const image = new Float32Array(SIDE * SIDE);
  small.forEach((row, i) => image.set(row, (y + i) * SIDE + x));
  return image;
}

// ---------- The forward pass ----------

// x (D) times W (D, C), gives (C): z_k is the sum of x_p W_pk over all p.
function product(x, W) {
  const C = W.shape[1], z = new Float64Array(C);
  for (let p = 0; p < x.length; p++) {
    if (x[p] === 0) continue;           // most pixels are blank
    for (let k = 0; k < C; k++) z[k] += x[p] * W.values[p * C + k];
  }
  return z;
}

const plus = (z, b) => z.map((value, k) => value + b.values[k]);
const relu = z => z.map(value => Math.max(0, value));
const sigmoid = z => z.map(value => 0.5 + 0.5 * Math.tanh(value / 2));       // cannot overflow

function softmax(r) {
  const largest = Math.max(...r);       // subtracted, so that no exponential overflows
  const e = r.map(value => Math.exp(value - largest));
  const sum = e.reduce((total, value) => total + value, 0);
  return e.map(value => value / sum);
}

const FORWARD = {
  SoftmaxRegression(x, {W}, settings) {
    const Z = product(x, W);
    const R = settings.relu_logits ? relu(Z) : Z;
    return {Z, R, S: softmax(R)};
  },
  TwoLayerNet(x, {W1, b1, W2, b2}) {
    const Z = plus(product(x, W1), b1);
    const A = sigmoid(Z);
    const R = plus(product(A, W2), b2);
    return {Z, A, R, S: softmax(R)};
  },
};

// ---------- The backward pass, as far as the scores of the first weights: their gradient is then x times dZ ----------

const BACKWARD = {
  SoftmaxRegression(label, {Z, S}, params, settings) {
    const dR = S.map((s, k) => s - (k === label));
    return {dR, dZ: settings.relu_logits ? dR.map((d, k) => Z[k] > 0 ? d : 0) : dR};
  },
  TwoLayerNet(label, {A, S}, {W2}) {
    const dR = S.map((s, k) => s - (k === label));
    const dA = A.map((_, j) => dR.reduce((total, d, k) => total + d * W2.values[j * dR.length + k], 0));
    return {dR, dZ: dA.map((d, j) => d * A[j] * (1 - A[j]))};
  },
};

// -log S at the label, from the logits, so that a tiny S does no harm.
function lossOf(label, {R}) {
  const largest = Math.max(...R);
  return largest + Math.log(R.reduce((total, r) => total + Math.exp(r - largest), 0)) - R[label];
}

// The column of W (D, C) that points most nearly in the direction of x: its number and the cosine of the angle.
function nearestColumn(x, W) {
  const C = W.shape[1], squares = new Float64Array(C);
  W.values.forEach((w, i) => { squares[i % C] += w * w; });
  const length = Math.sqrt(x.reduce((total, value) => total + value * value, 0));
  const cosines = product(x, W).map((dot, k) => dot / (length * Math.sqrt(squares[k]) || 1));
  const k = cosines.indexOf(Math.max(...cosines));
  return {k, cosine: cosines[k]};
}

// ---------- The weights: "MLP1", the header's length, the header in JSON, then all arrays as little-endian float32 ----------

async function loadWeights(address) {
  if (location.protocol === "file:") {                      // here fetch is forbidden, but a script may be loaded: it holds the same bytes as text
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address.replace(/\.bin$/, ".js");
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${script.src.split("/").at(-1)} is missing. It belongs in the folder of this page.`));
      document.head.append(script);
    });
    return parseWeights(Uint8Array.from(atob(window.drawDigitWeights), c => c.charCodeAt(0)).buffer);
  }
  const response = await fetch(address).catch(() => { throw new Error(`${address} could not be fetched. Is the server still running?`); });
  if (!response.ok) throw new Error(`${address} could not be fetched: the server says ${response.status} ${response.statusText}.`);
  return parseWeights(await response.arrayBuffer());
}

// The arrays of each network in the order of the file, with their shapes.
const SHAPES = {
  SoftmaxRegression: () => ({W: [SIDE * SIDE, 10]}),
  TwoLayerNet: ({n_hidden: M}) => ({W1: [SIDE * SIDE, M], b1: [M], W2: [M, 10], b2: [10]}),
};

// -> {model name: {settings, dead, test_accuracy, params: {name: {shape, values}}}}
function parseWeights(buffer) {
  const wrong = what => new Error(`The file of weights ${what}.`);
  const text = (from, to) => new TextDecoder().decode(buffer.slice(from, to));
  if (buffer.byteLength < 8 || text(0, 4) !== "MLP1") throw wrong("is not one: it does not begin with MLP1");
  const end = buffer.byteLength, models = {};
  let offset = 8 + new DataView(buffer).getUint32(4, true), header;
  if (offset > end) throw wrong("is cut short, in its header");
  try { header = JSON.parse(text(8, offset)).models; } catch { header = null; }
  if (offset % 4 !== 0 || !Array.isArray(header)) throw wrong("has a header that can't be read");
  for (const {model, settings, params, ...facts} of header) {
    if (!Object.hasOwn(SHAPES, model) || JSON.stringify(params) !== JSON.stringify(SHAPES[model](settings ?? {}))) {
      throw wrong(`holds a network that this page can't show: ${model} with ${JSON.stringify(params)}`);
    }
    models[model] = {...facts, settings, params: {}};
    for (const [name, shape] of Object.entries(params)) {
      const size = shape.reduce((a, b) => a * b, 1);
      if (!(offset + 4 * size <= end)) throw wrong(`is cut short: it has ${end} bytes, and ${name} of ${model} ends at ${offset + 4 * size}`);
      models[model].params[name] = {shape, values: new Float32Array(buffer, offset, size)};
      offset += 4 * size;
    }
  }
  if (offset !== end) throw wrong("is longer than its header says");
  for (const name of Object.keys(FORWARD)) if (!(name in models)) throw wrong(`holds no ${name}`);
  return models;
}

// ---------- Pictures and numbers ----------

const ZERO_TO_ONE = [[0, 0, 0], [255, 255, 255]];
const DIVERGING = [[0, 31, 77], [10, 92, 168], [145, 145, 145], [240, 168, 48], [255, 243, 176]];     // as `plot_weights`: blue, gray, orange

// The color at `share` of the way along a list of colors.
function colorAt(colors, share) {
  const place = clamp(share, 0, 1) * (colors.length - 1), i = Math.min(Math.floor(place), colors.length - 2);
  return colors[i].map((from, c) => from + (place - i) * (colors[i + 1][c] - from));
}

// One pixel a value, `width` in a row; the style sheet enlarges them.
function paint(canvas, values, width, colors, low, high) {
  canvas.width = width;
  canvas.height = Math.ceil(values.length / width);
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => image.data.set([...colorAt(colors, (value - low) / (high - low)), 255], 4 * i));
  context.putImageData(image, 0, 0);
}

const number = value => value.toFixed(Math.abs(value) < 99.995 ? 2 : 0).replace(/^-(0\.00)$/, "$1").replace("-", "−");
const percent = value => value > 0.9995 && value < 1 ? ">99.9%" : `${(100 * value).toFixed(1)}%`;
const listed = items => [items.slice(0, -1).join(", "), items.at(-1)].filter(String).join(" and ");

// ---------- The page ----------

function start(root) {
  const find = selector => root.querySelector(selector), all = selector => [...root.querySelectorAll(selector)];
  const paper = find(".dd-paper"), stagesOf = name => find(`.dd-stages[data-model="${name}"]`);
  const radios = all('input[name="dd-model"]'), chosen = () => radios.find(radio => radio.checked).value;
  let strokes = [], ink = new Float64Array(PAPER_SIDE * PAPER_SIDE), isExample = false;       // the drawing
  let models = null, frame = 0, playing = 0, label = 5;
  const tables = new Map(all("table").map(table => [table, makeRows(table)]));
  const labels = makeLabels(find(".dd-labels")), tiles = makeTiles(find(".dd-tiles"));

  function setInk(list) {
    strokes = [];
    ink.fill(0);
    for (const stroke of list) stroke.forEach((point, i) => i === 0 ? beginStroke(point) : extendStroke(point));
  }
  function beginStroke(point) { strokes.push([point]); addSegment(ink, point, point); }
  function extendStroke(point) {
    const stroke = strokes.at(-1);
    addSegment(ink, stroke.at(-1), point);
    stroke.push(point);
  }
  function renderSoon() { frame ||= requestAnimationFrame(() => { frame = 0; render(); }); }

  // What is on the paper, what the chosen network makes of it, and nothing from before.
  function render() {
    drawPaper();
    const x = centerDigit(ink), name = chosen();
    find(".dd-hint").hidden = strokes.length > 0;
    find(".dd-centered").classList.toggle("dd-blank", x === null);
    paint(find(".dd-pixels"), x ?? new Float32Array(SIDE * SIDE), SIDE, ZERO_TO_ONE, 0, 1);
    for (const each of Object.keys(FORWARD)) stagesOf(each).hidden = each !== name;
    if (models) renderStages(name, x);
  }

  function renderStages(name, x) {
    const {params, settings, dead} = models[name], section = stagesOf(name), table = section.querySelector("table");
    const stages = x && FORWARD[name](x, params, settings);
    renderTable(table, tables.get(table), stages, settings.relu_logits ? dead : null);
    renderAnswer(stages);
    const W = params.W ?? params.W1, near = x && nearestColumn(x, W);
    renderWeights(section, W, near, stages?.A);
    if (name === "TwoLayerNet") renderHidden(section, stages?.A ?? new Float64Array(settings.n_hidden).fill(0.5), near);
    find(".dd-push").hidden = !stages;
    if (stages) renderPush(name, x, stages);
  }

  // What the chosen label would do to the first weights, in the columns that it changes most.
  function renderPush(name, x, stages) {
    const {params, settings} = models[name], table = find(".dd-push table"), section = find(".dd-pushed");
    const {dR, dZ} = BACKWARD[name](label, stages, params, settings);
    labels[label].checked = true;
    find(".dd-label-digit").textContent = label;
    find(".dd-loss").textContent = lossOf(label, stages).toFixed(3);
    renderTable(table, tables.get(table), {dR}, null, {largest: 1, best: label});
    for (const each of section.querySelectorAll("[data-model]")) each.hidden = each.dataset.model !== name;

    const order = Array.from(dZ.keys());
    if (dZ.length > tiles.length) order.sort((i, j) => Math.abs(dZ[j]) - Math.abs(dZ[i]));
    const limit = Math.max(...dZ.map(Math.abs)) || 1;
    tiles.forEach(({canvas, caption}, i) => {
      const j = order[i];
      paint(canvas, x.map(value => -value * dZ[j]), SIDE, DIVERGING, -limit, limit);
      caption.textContent = dZ[j] === 0 ? `${j}: no push` : j;
    });
    find(".dd-low").textContent = `−${limit.toPrecision(2)}`;
    find(".dd-high").textContent = `+${limit.toPrecision(2)}`;
    find(".dd-tiles").setAttribute("aria-label", `${name === "TwoLayerNet" ? "Units" : "Classes"} ${listed(order.slice(0, tiles.length))}: the push on their weights as images`);
  }

  function renderAnswer(stages) {
    const best = stages ? stages.S.indexOf(Math.max(...stages.S)) : null;
    const tie = stages && stages.S.every(value => value === stages.S[0]);
    find(".dd-digit").textContent = best ?? "?";
    find(".dd-sure").textContent = !stages ? "draw something" : tie ? "only because it comes first: all logits are equal" : `with probability ${percent(stages.S[best])}`;
  }

  // The values of one stage share a scale; Z and R share theirs, to be compared.
  function renderTable(table, rows, stages, dead, {
    largest = stages ? Math.max(...[...(stages.Z ?? stages.R)].map(Math.abs), 1e-9) : 1,
    best = stages ? stages.S.indexOf(Math.max(...stages.S)) : -1,
  } = {}) {
    rows.forEach(({row, cells}, k) => {
      row.classList.toggle("dd-best", k === best);
      for (const [column, {cell, bar, label, value}] of Object.entries(cells)) {
        const v = stages?.[column][k] ?? 0, isDead = Boolean(stages && dead && column === "R" && v === 0);
        const signed = ["Z", "dR"].includes(column) || (column === "R" && !dead), share = column === "S" ? v : Math.abs(v) / largest;
        cell.classList.toggle("dd-signed", signed);
        cell.classList.toggle("dd-dead", isDead);
        label.textContent = isDead ? (dead.includes(k) ? "always dead" : "dead") : "";
        bar.style.width = `${(signed ? 50 : 100) * share}%`;
        bar.style.left = signed ? `${v < 0 ? 50 - 50 * share : 50}%` : "0";
        value.textContent = !stages ? "–" : column === "S" ? percent(v) : isDead ? "0" : number(v);
      }
    });
  }

  function element(name, className, parent) {
    const made = parent.appendChild(document.createElement(name));
    made.className = className;
    return made;
  }

  function makeLabels(parent) {
    return Array.from({length: 10}, (_, k) => {
      const around = element("label", "", parent), radio = element("input", "", around);
      Object.assign(radio, {type: "radio", name: "dd-label", value: k});
      around.append(k);
      radio.addEventListener("change", () => {
        label = k;
        render();
        find(".dd-status").textContent = `If the label were ${k}, the loss would be ${find(".dd-loss").textContent}.`;
      });
      return radio;
    });
  }

  function makeTiles(parent) {
    parent.setAttribute("role", "img");
    return Array.from({length: 10}, () => {
      const tile = element("span", "dd-tile", parent);
      return {canvas: element("canvas", "", tile), caption: element("small", "", tile)};
    });
  }

  function makeRows(table) {
    return Array.from({length: 10}, (_, k) => {
      const row = element("tr", "", table.tBodies[0]), head = element("th", "", row), cells = {};
      head.scope = "row";
      head.textContent = k;
      for (const column of table.dataset.columns.split(" ")) {
        const cell = element("td", "", row), inside = element("span", "dd-cell", cell);
        const bar = element("i", "", element("span", "dd-bar", inside));
        cells[column] = {cell, bar, label: element("span", "dd-label", inside), value: element("span", "dd-number", inside)};
      }
      return {row, cells};
    });
  }

  // The cells of all units, with a ring around the one whose weights are shown.
  function renderHidden(section, A, near) {
    const width = 16, ring = section.querySelector(".dd-ring"), canvas = section.querySelector(".dd-units canvas");
    paint(canvas, A, width, DIVERGING, 0, 1);
    ring.hidden = !near;
    section.querySelector(".dd-n-on").textContent = near ? ` On this drawing ${A.filter(h => h > 0.5).length} are above one half.` : "";
    if (!near) return;
    Object.assign(ring.style, {left: `${100 * (near.k % width) / width}%`, top: `${100 * Math.floor(near.k / width) / canvas.height}%`,
                               width: `${100 / width}%`, height: `${100 / canvas.height}%`});
  }

  function renderWeights(section, W, near, A) {
    const column = near ? Float32Array.from({length: W.shape[0]}, (_, p) => W.values[p * W.shape[1] + near.k]) : new Float32Array(W.shape[0]);
    const limit = Math.max(...column.map(Math.abs)) || 1;
    paint(section.querySelector(".dd-weights"), column, SIDE, DIVERGING, -limit, limit);
    const name = A ? `the one of unit ${near?.k} (ringed, counted from 0)` : `the one of class ${near?.k}`;
    section.querySelector(".dd-name").textContent = near ? name : "one";
    section.querySelector(".dd-cosine").textContent = near ? ` The cosine of the angle between them is ${number(near.cosine)}.` : "";
  }

  function drawPaper() {
    const side = Math.round(paper.clientWidth * devicePixelRatio);
    if (paper.width !== side || paper.height !== side) paper.width = paper.height = side;
    const context = paper.getContext("2d");
    context.setTransform(side / PAPER_SIDE, 0, 0, side / PAPER_SIDE, 0, 0);
    context.fillStyle = "black";
    context.fillRect(0, 0, PAPER_SIDE, PAPER_SIDE);
    Object.assign(context, {strokeStyle: "white", lineWidth: 2 * PEN_RADIUS, lineCap: "round", lineJoin: "round"});
    for (const [first, ...others] of strokes) {
      context.beginPath();
      context.moveTo(...first);
      for (const point of others.length ? others : [first]) context.lineTo(...point);
      context.stroke();
    }
  }

  // In words, once a drawing is finished: for those who listen to the page.
  function announce() {
    find(".dd-status").textContent = !strokes.length ? "The paper is empty." : models ? `${find(".dd-digit").textContent}, ${find(".dd-sure").textContent}` : "";
  }

  function replaceInk(list, example = false) {
    cancelAnimationFrame(playing);
    isExample = example;
    setInk(list);
    render();
    announce();
  }

  // Draw an example point by point, as a hand would.
  function play(list) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return replaceInk(list, true);
    replaceInk([], true);
    const points = list.flatMap(stroke => stroke.map((point, i) => [point, i === 0]));
    const step = () => {
      const [point, isFirst] = points.shift();
      if (isFirst) beginStroke(point); else extendStroke(point);
      render();
      if (points.length) playing = requestAnimationFrame(step); else announce();
    };
    playing = requestAnimationFrame(step);
  }

  // Mouse, finger and pen are all pointers. Between two frames a pen reports many points, and they all count.
  const place = event => {
    const box = paper.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * PAPER_SIDE, (event.clientY - box.top) / box.height * PAPER_SIDE];
  };
  let pointer = null;
  paper.addEventListener("pointerdown", event => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    if (isExample) replaceInk([]);
    pointer = event.pointerId;
    paper.setPointerCapture(pointer);
    beginStroke(place(event));
    renderSoon();
  });
  paper.addEventListener("pointermove", event => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) extendStroke(place(each));
    renderSoon();
  });
  for (const type of ["pointerup", "pointercancel"]) paper.addEventListener(type, event => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    render();
    announce();
  });

  find(".dd-clear").addEventListener("click", () => replaceInk([]));
  const examples = all("button[data-strokes]");
  for (const button of examples) button.addEventListener("click", () => play(JSON.parse(button.dataset.strokes)));
  for (const radio of radios) radio.addEventListener("change", () => { render(); announce(); });
  new ResizeObserver(drawPaper).observe(paper);

  // What the page says about the networks comes from the file.
  function describe() {
    for (const [name, {test_accuracy}] of Object.entries(models)) {
      find(`[data-accuracy="${name}"]`).textContent = `right on ${percent(test_accuracy)} of MNIST's test images`;
    }
    const {settings, dead} = models.SoftmaxRegression;
    for (const each of all("[data-relu]")) each.hidden = (each.dataset.relu === "true") !== settings.relu_logits;
    const classes = dead.length === 1 ? `Class ${dead[0]} is` : `Classes ${listed(dead)} are`;
    const note = find(".dd-dead-classes");
    note.hidden = !settings.relu_logits || dead.length === 0;
    note.textContent = `${classes} always dead: no training image gives a positive score there, so no gradient ever brings it back.`;
    for (const each of all(".dd-n-hidden")) each.textContent = models.TwoLayerNet.settings.n_hidden;
  }

  replaceInk(JSON.parse(examples[3].dataset.strokes), true);
  const ready = loadWeights(root.dataset.weights).then(loaded => { models = loaded; describe(); render(); });
  ready.catch(error => {
    find(".dd-error").textContent = `The networks can't be shown. ${error.message}`;
    find(".dd-error").hidden = false;
  });
  window.drawDigit = {
    ready,
    strokes(list) { replaceInk(list); },
    input() { return centerDigit(ink); },
    stages(name = chosen()) {
      const x = centerDigit(ink);
      return x && models && FORWARD[name](x, models[name].params, models[name].settings);
    },
    push(k, name = chosen()) {
      const stages = this.stages(name), {params, settings} = models?.[name] ?? {};
      return stages && {loss: lossOf(k, stages), ...BACKWARD[name](k, stages, params, settings)};
    },
  };
}

const root = document.getElementById("draw-digit");
if (root) start(root);

})();
