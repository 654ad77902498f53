"""Side-by-side timings of one epoch, ours against PyTorch, JAX and scikit-learn: same
work, same weights, same order of the samples.

    pip install -e ".[bench]" && python benchmarks/compare.py

Each contestant (see peers.py) runs in a process of its own. The rounds are interleaved,
A B C A B C, so that a change of the machine's speed meets all of them; while one
computes, the others wait. A first round warms up and is not counted. After every epoch
the loss on all samples must be that of ours, to 1e-4. The last, smaller batch is
trained on by all.

Prints tables, and writes compare.csv and scale.csv with everything about them, and
charts beside these. Exit code: 0 done, 1 a result is wrong or below the floor of
--check, 2 wrong argument, 130 interrupted."""
import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tabulate import tabulate
from tqdm import tqdm

from mlp_from_scratch.all import atomic_write, load_dataset
from peers import CONTESTANTS, n_cores

HERE = Path(__file__).resolve().parent
MODELS = ("softmax", "two-layer")
PEERS = tuple(name for name in CONTESTANTS if name != "ours")
# the others take minutes for a million samples
SCALE = ("ours", "torch-manual", "jax")
SCALE_BATCH = 256
N_PREDICT = 10_000
# of the loss; of the share of classes, since a tie may fall either way
TOLERANCE = {"train": 1e-4, "predict": 1e-3}
# seconds after each job: OpenBLAS's threads spin for 0.1 before they sleep
PAUSE = 0.12


class Cell(NamedTuple):
    "What is timed: one epoch, or one prediction of `batch_size` samples."
    task: str
    model: str
    n_hidden: int
    batch_size: int

    def __str__(self):
        hidden = f" {self.n_hidden}" if self.model == "two-layer" else ""
        return f"{self.model}{hidden}, " + (f"predict {self.batch_size}"
                                            if self.task == "predict"
                                            else f"batch {self.batch_size}")

    @classmethod
    def of(cls, row): return cls(*(row[name] for name in cls._fields))

    def flop(self, n_samples, n_inputs, n_classes):
        """Floating-point operations in the matrix products: two per weight and sample
        forward, two for its gradient, two for `dA`."""
        n = self.batch_size if self.task == "predict" else n_samples
        if self.model == "softmax": layers, inner = n_inputs * n_classes, 0
        else:
            inner = self.n_hidden * n_classes
            layers = n_inputs * self.n_hidden + inner
        return 2 * n * (layers if self.task == "predict" else 2 * layers + inner)


class Contestant:
    """The process of one contestant.

    It is started at once and ready when `hello` has read its first answer."""

    def __init__(self, name, n_samples, data):
        self.name, self.unrest = name, 0
        self.process = subprocess.Popen([sys.executable, HERE / "peers.py", name,
                                         str(n_samples), data],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True,
                                        # Ctrl-C is for this process, which then ends
                                        # the others
                                        start_new_session=True)

    def __enter__(self): return self

    def __exit__(self, *_): self.end()

    def end(self):
        self.process.kill()
        self.process.communicate()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise ChildProcessError(
                f"{self.name} stopped with exit code {self.process.wait()}; what it "
                "said stands above")
        return json.loads(line)

    def hello(self):
        self.version, self.threads, self.shape = self.answer().values()

    def ask(self, task, **job):
        with suppress(BrokenPipeError):
            print(json.dumps({"task": task, **job}), file=self.process.stdin,
                  flush=True)
        # says so if the process is gone
        answer = self.answer()
        # CPU time while it waited, as a share of that time; in the pause its threads
        # may spin
        cpu, wall = answer.pop("idle_cpu"), answer.pop("idle_wall")
        self.unrest = max(self.unrest, (cpu - PAUSE * n_cores()) / wall)
        time.sleep(PAUSE)
        return answer


def is_installed(package):
    "Whether pip knows the package. Quicker than to import it."
    try: return bool(version(package))
    except PackageNotFoundError: return False


def start(stack, names, n_samples, data):
    "The processes of these contestants, ready, to be ended with `stack`."
    contestants = [stack.enter_context(Contestant(name, n_samples, data))
                   for name in names]
    for contestant in contestants: contestant.hello()
    return contestants


def measure(contestants, cell, rounds, bar):
    "All rounds of one cell: contestant -> list of answers, the warm-up first."
    answers = {contestant: [] for contestant in contestants}
    for seed in range(rounds + 1):
        for contestant in contestants:
            bar.set_description(f"{cell}, {contestant.name}")
            answers[contestant].append(contestant.ask(**cell._asdict(), seed=seed))
            bar.update()
    return answers


def make_rows(cell, answers):
    """A row of the CSV file for each contestant.

    `answers` is what `measure` gave, ours first."""
    ours, *_ = answers.values()
    best = min(answer["seconds"] for answer in ours[1:])
    for contestant, own in answers.items():
        seconds = [answer["seconds"] for answer in own[1:]]
        # NaN if any is
        difference = float(np.max([abs(a["value"] - b["value"])
                                   for a, b in zip(own, ours)]))
        n, n_inputs, _ = contestant.shape
        n_timed = n if cell.task == "train" else cell.batch_size
        yield {**cell._asdict(), "n_samples": n, "contestant": contestant.name,
               "version": contestant.version, "threads": contestant.threads,
               "rounds": len(seconds), "min_s": min(seconds),
               "median_s": statistics.median(seconds),
               "times_ours": min(seconds) / best,
               "us_per_sample": 1e6 * min(seconds) / n_timed,
               "gflops": cell.flop(*contestant.shape) / min(seconds) / 1e9,
               "peak_mb": max(answer["peak_mb"] or 0 for answer in own) or None,
               "data_mb": 4 * n * n_inputs / 2**20, "value": own[-1]["value"],
               "difference": difference,
               "agrees": difference <= TOLERANCE[cell.task]}       # NaN is not


def environment():
    "What the numbers depend on, as columns of the CSV files."
    try:
        processor = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                         if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    variables = " ".join(f"{k}={v}" for k, v in sorted(os.environ.items())
                         if k.startswith(("OPENBLAS_", "GOTO_", "OMP_", "MKL_",
                                          "XLA_")))
    return {"processor": processor, "cores": n_cores(),
            "python": platform.python_version(), "numpy": version("numpy"),
            "blas": f"{blas['name']} {blas['version']}", "variables": variables}


def write_csv(path, rows, about):
    "Write the rows, each with the columns of `about`, all of them or nothing."
    with atomic_write(path) as part, open(part, "w", newline="",
                                          encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *about])
        writer.writeheader()
        writer.writerows({**row, **about} for row in rows)


def table(rows, entry, key=Cell.of, title="", last=lambda cell_rows: []):
    """Text: a line per cell, a column per contestant with `entry(row)` in it, and then
    the columns that `last` gives."""
    names, cells = list(dict.fromkeys(row["contestant"] for row in rows)), {}
    for row in rows: cells.setdefault(key(row), {})[row["contestant"]] = row
    body = [[str(cell),
             *(entry(found[name]) if name in found else "" for name in names),
             *last(found)] for cell, found in cells.items()]
    headers = [title, *names, *["best peer"] * (len(body[0]) - len(names) - 1)]
    return tabulate(body, headers, disable_numparse=True,
                    colalign=["left", *["right"] * (len(body[0]) - 1)])


def best_ratio(cell_rows):
    """How many times as long as ours the fastest peer took, or None without peers.

    `cell_rows`: contestant -> row."""
    return min((row["times_ours"] for name, row in cell_rows.items() if name != "ours"),
               default=None)


def report(rows, hidden, samples, peak_gflops):
    "Print every table that there are rows for."
    def times(row):
        return f"{1e3 * row['min_s']:.3g} ({1e3 * row['median_s']:.3g})" + (
            "" if row["agrees"] else " WRONG")
    def ratio(row): return f"{row['times_ours']:.2f}"
    def best(found): return [f"{value:.2f}" if (value := best_ratio(found)) else "none"]
    if rows:
        print(f"\nMilliseconds, minimum (median) of {rows[0]['rounds']} rounds; an "
              f"epoch has {rows[0]['n_samples']:,} samples\n{table(rows, times)}")
        print(
            f"\nTimes as long as ours, by the minima\n{table(rows, ratio, last=best)}")
    if hidden:
        print(f"\nHidden units: milliseconds, minimum (median)\n{table(hidden, times)}")
    for row in rows + hidden:
        if row["contestant"] == "ours" and row["model"] == "two-layer" and row[
            "task"] == "train":
            print(f"{Cell.of(row)}: {row['gflops']:.0f} GFLOP/s, "
                  f"{row['gflops'] / peak_gflops:.0%} of the {peak_gflops:.0f} "
                  "that NumPy reaches in a large matrix product")
    if samples:
        key = lambda row: f"{row['n_samples']:,} samples"
        print("\nSamples: microseconds per sample, minimum; peak memory in MB\n" +
              table(samples,
                    lambda row: f"{row['us_per_sample']:.3g}; {row['peak_mb'] or 0:.0f}"
                    + ("" if row["agrees"] else " WRONG"), key))
        ours = {row["n_samples"]: row["us_per_sample"] for row in samples
                if row["contestant"] == "ours" and row["n_samples"] >= 60_000}
        if len(ours) > 1:
            print(f"From {min(ours):,} to {max(ours):,} samples, ours costs "
                  f"{ours[max(ours)] / ours[min(ours)]:.2f} times as much per sample")


def complaints(rows, floor):
    """A sentence for every cell with a wrong result, and for every one in `rows` whose
    best peer falls below the floor."""
    cells = {}
    for row in rows:
        cells.setdefault(Cell.of(row), {})[row["contestant"]] = row
        if not row["agrees"]:
            yield (f"{Cell.of(row)}: {row['contestant']} differs from ours "
                   f"by {row['difference']:.2g}")
    for cell, found in cells.items():
        if floor is not None and best_ratio(found) < floor:
            yield (f"{cell}: the best peer takes {best_ratio(found):.3g} times "
                   f"as long as ours, below the floor of {floor:g}")


def positive(text):
    "A positive integer for argparse."
    if (value := int(text)) < 1: raise ValueError
    return value


def arguments():
    "The command line."
    parser = argparse.ArgumentParser(
        description="Time one epoch of training: ours against other libraries, "
                    "on the same work.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    def option(name, help, **kwargs): parser.add_argument(name, help=help, **kwargs)
    option("--models", f"networks to train: {', '.join(MODELS)}", nargs="+",
           choices=MODELS, default=list(MODELS), metavar="MODEL")
    option("--batch_sizes", "samples a step", nargs="+", type=positive,
           default=[32, 64, 256, 1024], metavar="N")
    option("--peers", f"whom to compare with: {', '.join(PEERS)}", nargs="+",
           choices=PEERS, default=list(PEERS), metavar="PEER")
    option("--rounds", "timed rounds, after one to warm up", type=positive, default=5,
           metavar="N")
    option("--samples", "samples an epoch", type=positive, default=60_000, metavar="N")
    option("--data", "synthetic, or a name or path as load_dataset takes it",
           default="synthetic")
    option("--hidden",
           "hidden units at which to measure how cost grows; give none to leave it out",
           nargs="*", type=positive,
           default=[32, 128, 512, 2048], metavar="N")
    option("--sizes", "numbers of synthetic samples at which to measure it; "
           "give none to leave it out", nargs="*", type=positive,
           default=[1000, 10_000, 60_000, 250_000, 1_000_000], metavar="N")
    option("--output", "folder for tables and charts", type=Path,
           default=Path(os.path.relpath(HERE / "results")), metavar="DIR")
    option(
        "--check",
        "exit with 1 if the best peer takes less than FLOOR times as long as ours in "
        "any cell (--hidden and --sizes don't count)",
           type=float, metavar="FLOOR")
    args = parser.parse_args()
    if args.output.exists() and not args.output.is_dir():
        parser.error(f"--output must be a folder, but {args.output} is a file")
    if args.data != "synthetic":
        try: load_dataset(args.data)
        except (ValueError, OSError) as error: parser.error(str(error))
    installed = [peer for peer in args.peers if is_installed(CONTESTANTS[peer].package)]
    for peer in args.peers:
        if peer not in installed:
            print(f"{peer} is left out: {CONTESTANTS[peer].package} is not installed")
    if args.check is not None and not installed:
        parser.error("--check needs a peer to compare with, and none is installed")
    args.names = ["ours", *dict.fromkeys(installed)]
    return args


def warn(sentence): print(f"warning: {sentence}", file=sys.stderr)


def main():
    "Measure, print, write; the exit code."
    args, about = arguments(), environment()
    print("; ".join(f"{name}: {value or 'none set'}" for name, value in about.items()))
    if about["variables"]:
        warn(f"these variables change what is measured: {about['variables']}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    if load > 0.5:
        warn(f"the machine is busy (load {load:.1f}); threads that share cores slow "
             "down very unevenly")

    rows, hidden, samples, peaks = [], [], [], []
    scale = [name for name in SCALE if name in args.names]
    try:
        with ExitStack() as stack:
            contestants = start(stack, args.names, args.samples, args.data)
            everyone, predictors = args.names, [name for name in args.names if getattr(
                CONTESTANTS[name], "predict", None)]
            plan = [(Cell("train", model, 128, size), everyone, rows)
                    for model in args.models for size in args.batch_sizes]
            plan += [(Cell("predict", model, 128,
                           min(N_PREDICT, contestants[0].shape[0])), predictors, rows)
                     for model in args.models]
            plan += [(Cell("train", "two-layer", n_hidden, SCALE_BATCH), scale, hidden)
                     for n_hidden in args.hidden]
            n_jobs = sum(len(names)
                         for _, names, _ in plan) + len(scale) * len(args.sizes)
            bar = stack.enter_context(tqdm(total=n_jobs * (args.rounds + 1),
                                           unit=" runs"))
            for cell, names, results in plan:
                if cell.model == "two-layer":
                    peaks.append(contestants[0].ask("roofline")["gflops"])
                chosen = [each for each in contestants if each.name in names]
                answers = measure(chosen, cell, args.rounds, bar)
                results.extend(make_rows(cell, answers))
            for each in contestants:
                if each.unrest > 0.02:
                    warn(f"{each.name} used {each.unrest:.0%} of a core while it "
                         "should have waited")
                each.end()
            cell = Cell("train", "two-layer", 128, SCALE_BATCH)
            # one process at a time: a million samples fill 3 GB in each
            for n_samples in args.sizes:
                answers = {}
                for name in scale:
                    with ExitStack() as alone:
                        answers |= measure(start(alone, [name], n_samples, "synthetic"),
                                           cell, args.rounds, bar)
                samples.extend(make_rows(cell, answers))
    except (KeyboardInterrupt, ChildProcessError) as error:
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
        print(f"compare.py: {str(error) or 'interrupted'}, so nothing is written; "
              "what is finished:", file=sys.stderr)
    else: code = 0

    peak_gflops = max(peaks, default=None)
    report(rows, hidden, samples, peak_gflops)
    if code: return code
    from charts import draw_comparison, draw_scale
    about["peak_gflops"] = peak_gflops
    write_csv(args.output / "compare.csv", rows, about)
    draw_comparison([row for row in rows if row["task"] == "train"],
                    args.output / "compare")
    if hidden or samples:
        write_csv(args.output / "scale.csv", hidden + samples, about)
        draw_scale(hidden, samples, peak_gflops, args.output / "scale")
    wrong = [*complaints(rows, args.check), *complaints(hidden, None),
             *complaints(samples, None)]
    for sentence in wrong: print(f"compare.py: {sentence}", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__": sys.exit(main())
