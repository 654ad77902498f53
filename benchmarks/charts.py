"""The two charts of `compare.py`, drawn from the rows of its CSV files."""
import matplotlib

# no window, on a machine without a screen too
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from mlp_from_scratch.all import atomic_write
from peers import CONTESTANTS

TITLES = {"softmax": "softmax regression", "two-layer": "two-layer network"}
MARKERS = "oDsv^<>"


def save(figure, path):
    "Write the figure as PNG and as SVG."
    for ending in (".png", ".svg"):
        # the same picture gives the same file
        metadata = {"Date": None} if ending == ".svg" else {}
        with atomic_write(path.with_suffix(ending)) as part:
            figure.savefig(part, metadata=metadata)
    plt.close(figure)


def spread(heights, gap):
    """Move heights apart until they are `gap` from each other, and as little as that
    takes."""
    order, moved = np.argsort(heights), np.array(heights, float)
    for _ in range(100):
        for low, high in zip(order, order[1:]):
            overlap = gap - (moved[high] - moved[low])
            if overlap > 1e-9:
                moved[low], moved[high] = moved[low] - overlap / 2, moved[
                    high] + overlap / 2
    return moved


def lines(ax, rows, x, y, orientation=None, yscale="log", ylim=(None, None)):
    """One line per contestant of `row[y]` over `row[x]`, with its marker and name
    beside its last point.

    `orientation` is a dashed line beside these, a triple of a name, x and y values."""
    curves = [(CONTESTANTS[name].label, f"C{i}", MARKERS[i], *zip(
        *sorted((row[x], row[y]) for row in rows if row["contestant"] == name)))
              for i, name in enumerate(CONTESTANTS)
              if any(row["contestant"] == name for row in rows)]
    if orientation: curves.append((orientation[0], "0.45", "", *orientation[1:]))
    styles = [dict(color=color, marker=marker, linestyle="-" if marker else "--",
                   linewidth=2.8 if color == "C0" else 1.4,
                   markersize=7 if color == "C0" else 5)
              for _, color, marker, *_ in curves]
    # ours last, on top
    for (*_, xs, ys), style in reversed([*zip(curves, styles)]):
        ax.plot(xs, ys, **style)
    ax.set(xscale="log", yscale=yscale, ylim=ylim)
    ax.minorticks_off()
    ticks = sorted({row[x] for row in rows})
    ax.set_xticks(ticks, [format_count(tick) for tick in ticks])
    ax.grid(axis="x", visible=False)

    to_axes = ax.transData + ax.transAxes.inverted()
    ends = [to_axes.transform((xs[-1], ys[-1]))[1] for *_, xs, ys in curves]
    line_height = 13 / (72 * ax.figure.get_figheight() * ax.get_position().height)
    for (label, color, *_), style, height in zip(curves, styles,
                                                 spread(ends, line_height)):
        xs = [1.05] if style["marker"] else [1.03, 1.07]
        ax.plot(xs, [height] * len(xs), transform=ax.transAxes, clip_on=False, **style)
        ax.annotate(label, (1.09, height), xycoords="axes fraction", va="center",
                    fontsize=9, weight="bold" if color == "C0" else "normal")


def format_count(n):
    if n % 1_000_000 == 0: return f"{n // 1_000_000}M"
    return f"{n // 1000}k" if n % 1000 == 0 else f"{n}"


def format_seconds(seconds, _=None):
    return f"{seconds:g} s" if seconds >= 1 else f"{1e3 * seconds:g} ms"


def format_memory(megabytes, _=None):
    return f"{megabytes / 1000:g} GB" if megabytes >= 1000 else f"{megabytes:g} MB"


def value_axis(ax, format_value, quantity):
    "Label the vertical axis at 1, 2 and 5 of each power of ten."
    ax.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(format_value)
    ax.set_ylabel(quantity)


@plt.style.context("mlp_from_scratch.figures")
def draw_comparison(rows, path):
    "Time per epoch over batch size, a panel per model."
    models = list(dict.fromkeys(row["model"] for row in rows))
    times = [row["min_s"] for row in rows]
    figure, axes = plt.subplots(1, len(models), figsize=(5.6 * len(models), 4.6),
                                sharey=True, squeeze=False)
    for ax, model in zip(axes[0], models):
        lines(ax, [row for row in rows if row["model"] == model], "batch_size", "min_s",
              ylim=(0.85 * min(times), 1.15 * max(times)))
        value_axis(ax, format_seconds,
                   f"time of one epoch, {rows[0]['n_samples']:,} samples"
                   if ax is axes[0, 0] else "")
        ax.set(title=TITLES[model], xlabel="batch size")
    save(figure, path)


@plt.style.context("mlp_from_scratch.figures")
def draw_scale(hidden, samples, peak_gflops, path):
    """How the cost of the two-layer network grows with its hidden units, and with the
    samples: time and memory."""
    n_panels = bool(hidden) + 2 * bool(samples)
    figure, axes = plt.subplots(1, n_panels, figsize=(5.2 * n_panels, 4.2),
                                squeeze=False)
    panels = iter(axes[0])
    ours = [row for row in hidden if row["contestant"] == "ours"]
    if hidden:
        limit = [row["gflops"] * row["min_s"] / peak_gflops for row in ours]
        lines(ax := next(panels), hidden, "n_hidden", "min_s",
              ("large matrix product", [row["n_hidden"] for row in ours], limit))
        value_axis(ax, format_seconds,
                   f"time of one epoch, {ours[0]['n_samples']:,} samples")
        ax.set(title="more hidden units", xlabel="hidden units")
    ours = [row for row in samples if row["contestant"] == "ours"]
    if samples:
        lines(ax := next(panels), samples, "n_samples", "us_per_sample",
              yscale="linear", ylim=(0, None))
        ax.set(title="more samples", xlabel="samples", ylabel="time per sample (µs)")
        data = ("the data alone", [row["n_samples"] for row in ours],
                [row["data_mb"] for row in ours])
        lines(ax := next(panels), [row for row in samples if row["peak_mb"]],
              "n_samples", "peak_mb", data)
        value_axis(ax, format_memory, "peak memory of the process")
        ax.set(title="memory", xlabel="samples")
    save(figure, path)
