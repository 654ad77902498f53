"""Draws the two networks, their units and their computation, as SVG into nbs/images:
`python docs/pictures.py`."""
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "nbs" / "images"
# Blue leads forward, orange backward; both differ in lightness, too. The picture brings
# its own light ground, so that it is the same on a dark page.
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
width="{width}" height="{height}" role="img" aria-labelledby="title desc">
<title id="title">{title}</title>
<desc id="desc">{desc}</desc>
<style>
text {{ font: 14px system-ui, Helvetica, Arial, sans-serif; text-anchor: middle; \
fill: #1f2933 }}
.math {{ font: italic 19px Georgia, "Times New Roman", serif }}
tspan.math {{ font-size: 17px }}
.start {{ text-anchor: start }}
.small {{ font-size: 13px; fill: #3e4c59 }}
.forward {{ stroke: #0072b2; fill: #e3f0f9 }}
.backward {{ stroke: #b84b00; fill: #fdeee2 }}
.bias {{ stroke: #52606d; fill: #eef1f4 }}
.line {{ fill: none; stroke-width: 2 }}
.thin {{ fill: none; stroke-width: 1; opacity: .45 }}
</style>
<defs>
<marker id="on" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" \
orient="auto"><path d="M0 0 8 4 0 8z" fill="#0072b2"/></marker>
<marker id="back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" \
orient="auto"><path d="M0 0 8 4 0 8z" fill="#b84b00"/></marker>
</defs>
<rect width="{width}" height="{height}" rx="8" fill="#fff"/>
{body}
</svg>
"""


def svg(title, desc, width, height, parts):
    "The text of a picture."
    return SVG.format(title=title, desc=desc, width=width, height=height,
                      body="\n".join(parts))


def text(x, y, words, kind=""):
    "Words whose middle is at the height `y`; those in braces look like mathematics."
    words = words.replace("{", '<tspan class="math">').replace("}", "</tspan>")
    return f'<text x="{x:g}" y="{y + 5:g}" class="{kind}">{words}</text>'


def arrow(kind, *points):
    "A line through the points; its head says which way it leads."
    path = "M" + " ".join(f"{x:g} {y:g}" for x, y in points)
    end = {"forward": "on", "backward": "back"}[kind]
    return f'<path d="{path}" class="{kind} line" marker-end="url(#{end})"/>'


def box(kind, x, y, name, shape, width=66):
    "An array in a box around (x, y): its name, and its shape below."
    return (f'<rect x="{x - width / 2:g}" y="{y - 28}" width="{width}" height="56" '
            f'rx="6" stroke-width="1.5" class="{kind}"/>'
            + text(x, y - 9, name, "math") + text(x, y + 15, shape, "small"))


# The computation: the arrays from left to right, their gradients below them

def computation(title, desc, arrays, steps, gradients, updates, gap):
    """A column for each of `arrays` (name, shape), and `steps` (operation, shapes)
    between them. Below, from right to left, `gradients`: column -> (name, the step to
    it). At the bottom `updates`: column of a gradient -> [(formula, shape)]."""
    x = [56 + i * gap for i in range(len(arrays))]
    up, down, low = 60, 190, 290
    parts = [box("forward", at, up, *array) for at, array in zip(x, arrays)]
    for left, right, (operation, shapes) in zip(x, x[1:], steps):
        parts += [arrow("forward", (left + 34, up), (right - 35, up)),
                  text((left + right) / 2, up - 17, operation),
                  text((left + right) / 2, up + 17, shapes, "small")]
    columns = sorted(gradients, reverse=True)
    for i, (column, (name, step)) in enumerate(gradients.items()):
        parts.append(box("backward", x[column], down, name, arrays[column][1]))
        end = x[column] + 35, down
        if i == 0:                                          # from the loss
            parts += [arrow("backward", (x[-1], up + 29), (x[-1], down), end),
                      text((x[column] + 35 + x[-1]) / 2, down - 17, step)]
        else:
            start = x[columns[i - 1]]
            parts += [arrow("backward", (start - 34, down), end),
                      text((start + x[column]) / 2, down - 17, step)]
    for column, lines in updates.items():
        parts.append(arrow("backward", (x[column], down + 29), (x[column], low - 11)))
        height, width = 26 * len(lines) + 14, 210
        left = max(16, x[column] - width / 2)
        parts.append(f'<rect x="{left:g}" y="{low - 10}" width="{width}" '
                     f'height="{height}" rx="6" stroke-width="1.5" class="backward"/>')
        for i, (formula, shape) in enumerate(lines):
            y = low + 10 + 26 * i
            parts += [text(left + 14, y, formula, "math start"),
                      text(left + width - 35, y, shape, "small")]
    rows = max(map(len, updates.values()))
    return svg(title, desc, x[-1] + 56, low + 26 * rows + 20, parts)


LOSS = [("softmax", ""), ("CE with {y}", "(N,)")]
SHARE = "({S} − onehot({y})) / N"


def softmax_regression_computation():
    return computation(
        "The computation of softmax regression",
        "Forward: X times W gives Z, ReLU gives R, softmax gives S, cross-entropy "
        "with the labels y gives L. Backward: dR is S minus one-hot over N, dZ is dR "
        "times the derivative of ReLU, dW is X transposed times dZ.",
        [("X", "(N, D)"), ("Z", "(N, C)"), ("R", "(N, C)"), ("S", "(N, C)"),
         ("L", "number")],
        [("· {W}", "(D, C)"), ("ReLU", ""), *LOSS],
        {2: ("dR", SHARE), 1: ("dZ", "⊙ ReLU′({Z})")},
        {1: [("dW = Xᵀ dZ", "(D, C)")]}, gap=160)


def two_layer_net_computation():
    return computation(
        "The computation of the two-layer network",
        "Forward: X, W1 and b1 give Z, sigmoid gives A, W2 and b2 give R, softmax "
        "gives S, cross-entropy with the labels y gives L. Backward: dR is S minus "
        "one-hot over N; dW2 is A transposed times dR, db2 the sum of dR; dA is dR "
        "times W2 transposed; dZ is dA times the derivative of sigmoid; dW1 is X "
        "transposed times dZ, db1 the sum of dZ.",
        [("X", "(N, D)"), ("Z", "(N, H)"), ("A", "(N, H)"), ("R", "(N, C)"),
         ("S", "(N, C)"), ("L", "number")],
        [("· {W₁ + b₁}", "(D, H), (H,)"), ("sigmoid", ""),
         ("· {W₂ + b₂}", "(H, C), (C,)"), *LOSS],
        {3: ("dR", SHARE), 2: ("dA", "· {W₂ᵀ}"),
         1: ("dZ", "⊙ σ′({Z})")},
        {3: [("dW₂ = Aᵀ dR", "(H, C)"), ("db₂ = Σₙ dRₙ", "(C,)")],
         1: [("dW₁ = Xᵀ dZ", "(D, H)"), ("db₁ = Σₙ dZₙ", "(H,)")]},
        gap=160)


# The units, of which each layer shows a few

def layer(x, ys, names):
    "The units of a layer, with dots before the last one."
    parts = [f'<circle cx="{x}" cy="{y:g}" r="15" stroke-width="1.5" class="forward"/>'
             for y in ys]
    gap = (ys[-2] + ys[-1]) / 2
    dots = [f'<circle cx="{x}" cy="{gap + d:g}" r="2" fill="#3e4c59"/>'
            for d in (-9, 0, 9)]
    return parts + dots + [text(x, y, name) for y, name in zip(ys, names)]


def edges(kind, left, ys, right, others):
    "A line from each unit of a layer to each of the next, in one path."
    lines = " ".join(f"M{left + 15} {a:g}L{right - 15} {b:g}"
                     for a in ys for b in others)
    return f'<path d="{lines}" class="{kind} thin"/>'


def units(title, desc, layers, weights):
    """`layers`: (number of units shown, names in them, two lines below); `weights`:
    (name, shape, and the same of the bias or None) between them."""
    gap, middle, space = 250, 180, 52
    x = [110 + i * gap for i in range(len(layers))]
    ys = [[middle + space * (i - n / 2) for i in [*range(n - 1), n]]
          for n, _, _ in layers]
    parts = []
    for i, (name, shape, bias) in enumerate(weights):
        parts.append(edges("forward", x[i], ys[i], x[i + 1], ys[i + 1]))
        if bias:                                            # a unit that is always 1
            at, top = x[i + 1] - 80, 14
            parts += [edges("bias", at, [top + 10], x[i + 1], ys[i + 1]),
                      f'<rect x="{at - 14}" y="{top - 4}" width="28" height="28" '
                      'rx="4" stroke-width="1.5" class="bias"/>',
                      text(at, top + 10, "1"),
                      text(at + 50, top + 10, f"{{{bias[0]}}} {bias[1]}", "small")]
        where = (x[i] + x[i + 1]) / 2
        parts += [f'<rect x="{where - 32}" y="{middle - 24}" width="64" height="50" '
                  'rx="6" fill="#fff" opacity=".92"/>',
                  text(where, middle - 9, name, "math"),
                  text(where, middle + 14, shape, "small")]
    for at, row, (_, names, lines) in zip(x, ys, layers):
        parts += layer(at, row, names)
        parts += [text(at, 360 + 22 * i, line, "" if i == 0 else "small")
                  for i, line in enumerate(lines)]
    return svg(title, desc, x[-1] + 110, 400, parts)


PIXELS = (5, [], ["784 pixels", "a row of X, (N, D)"])
CLASSES = (4, ["0", "1", "2", "9"])


def softmax_regression_units():
    return units(
        "The units of softmax regression",
        "784 inputs on the left, each connected to each of the 10 classes on the "
        "right by one weight of W. There is no bias.",
        [PIXELS, (*CLASSES, ["10 classes", "ReLU: R; softmax: S, (N, C)"])],
        [("W", "(D, C)", None)])


def two_layer_net_units():
    return units(
        "The units of the two-layer network",
        "784 inputs, 128 hidden units with sigmoid, 10 outputs. W1 and b1 lead into "
        "the hidden units, W2 and b2 into the outputs.",
        [PIXELS, (4, ["σ"] * 4, ["128 hidden units", "sigmoid: A, (N, H)"]),
         (*CLASSES, ["10 classes", "softmax: R, S, (N, C)"])],
        [("W₁", "(D, H)", ("b₁", "(H,)")), ("W₂", "(H, C)", ("b₂", "(C,)"))])


def pictures():
    "File name -> text."
    drawn = (softmax_regression_units, softmax_regression_computation,
             two_layer_net_units, two_layer_net_computation)
    return {f"{draw.__name__}.svg": draw() for draw in drawn}


def write_pictures(folder=IMAGES):
    for name, content in pictures().items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__": write_pictures()
