"""Test accuracy on handwritten digits by averaging frequency, outer optimiser and logical workers. [--quick]

The network and what trains it are those of conf/mnist-mlp.conf: 784-256-256-10, relu, dropout 0.2, Adam at 0.001. A
logical worker's minibatch stays at 128 whatever their number, as a configuration has it whose workers are changed and
nothing else: more workers therefore take fewer steps each, and an averaging after every minibatch stands for one step
on a minibatch of 128 x workers. Learning rates are not fitted to that, and the outer optimisers have their defaults.
The test pictures are counted once, with the parameters after the last epoch; there is no validation part.

A finished cell is written down at once, and one that is there is not trained again, unless the jar, the benchmark or
the configuration has changed since: the run can be broken off and started again. --quick trains few cells for one
epoch on few examples, and writes to averaging-quick.json.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
from itertools import product
from statistics import mean

import figures
from bench_java import BENCH, FEATURES, MNIST, java, prepare

CONF = figures.ROOT / "conf" / "mnist-mlp.conf"
JAR = figures.ROOT / "jobs" / "target" / "sluice.jar"

WORKERS = [1, 2, 4, 8]
FREQUENCIES = ["1", "10", "50", "adaptive"]
OUTERS = ["average", "slow-momentum", "nesterov"]
SEED, MORE_SEEDS = 42, [43, 44]
FIGURES = ["accuracy", "averagings"]

# A cell is (workers, frequency, outer optimiser).
CELLS = list(product(WORKERS, FREQUENCIES, OUTERS))

# What is claimed is claimed with several seeds: how often is enough, and, where averagings are rarest and an outer
# optimiser has most to do, whether one helps. Four workers: enough to come apart, and still an ordinary number.
SEEDED = [(4, frequency, "average") for frequency in FREQUENCIES]
SEEDED += [(4, "50", "slow-momentum"), (4, "50", "nesterov")]

QUICK_CELLS = [(2, "1", "average"), (2, "adaptive", "average"), (2, "10", "nesterov")]


class Finished:
    """The trainings that are done, in a file that is for one state of what is measured."""

    def __init__(self, name, epochs, examples):
        self.file = figures.RESULTS / f"{name}-cells.json"
        self.of = state(epochs, examples)
        written = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.cells = written["cells"] if written.get("of") == self.of else {}

    def add(self, training, result):
        self.cells[training] = result
        unfinished = self.file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"of": self.of, "cells": self.cells}, indent=1) + "\n")
        unfinished.replace(self.file)


def state(epochs, examples):
    """A digest of all that the figures depend on."""
    digest = hashlib.sha256(f"{epochs} {examples}".encode())
    for file in [JAR, CONF, CONF.with_name("mnist.conf"), *sorted((BENCH / "java").rglob("*.java"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def training(cell, seed):
    return "/".join(map(str, [*cell, seed]))


def train(trainings, finished, epochs, examples):
    """Those that are missing, in one process."""
    missing = [name for name in trainings if name not in finished.cells]
    if not missing:
        return
    process = subprocess.Popen(
        java("Averaging", MNIST, FEATURES, CONF, epochs, examples, *missing),
        env=os.environ | {"OMP_NUM_THREADS": "1", "SPARK_LOCAL_IP": "127.0.0.1"},
        cwd=figures.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        word, *rest = line.split() or [""]
        if word == "cell":
            name, (accuracy, averagings, seconds) = rest[0], map(float, rest[1:])
            finished.add(name, {"accuracy": accuracy, "averagings": int(averagings), "seconds": seconds})
            count = sum(name in finished.cells for name in trainings)
            print(
                f"{count} of {len(trainings)}: {name:<28} {accuracy:.4f}, {averagings:.0f} averagings, {seconds:.0f} s",
                file=sys.stderr,
            )
    if process.wait():
        sys.exit(f"the trainings ended with {process.returncode}")


def percent(accuracy):
    return "not finite" if math.isnan(accuracy) else f"{100 * accuracy:.2f} %"


def every(frequency):
    return frequency if frequency == "adaptive" else f"every {frequency}"


def key(cell):
    workers, frequency, outer = cell
    return f"workers{workers}.{every(frequency).replace(' ', '')}.{outer}"


def show_table(cells, results):
    workers = sorted({cell[0] for cell in cells})
    print("\n| averaging | outer | " + " | ".join(f"{n} worker{'s' * (n > 1)}" for n in workers) + " |")
    print("|---|---|" + "---|" * len(workers))
    for frequency, outer in product(FREQUENCIES, OUTERS):
        found = [results.get((n, frequency, outer)) for n in workers]
        if any(found):
            texts = [f"{percent(r['accuracy'])} ({r['averagings']:,})" if r else "" for r in found]
            print(f"| {every(frequency)} | {outer} | " + " | ".join(texts) + " |")


def show_seeds(seeded):
    print("\n| workers | averaging | outer | mean of seeds | range | averagings |\n|---|---|---|---|---|---|")
    for (workers, frequency, outer), results in seeded.items():
        accuracies = [result["accuracy"] for result in results]
        spread = f"{percent(min(accuracies))} to {percent(max(accuracies))}"
        averagings = mean(result["averagings"] for result in results)
        print(
            f"| {workers} | {every(frequency)} | {outer} | {percent(mean(accuracies))} | {spread} | {averagings:,.0f} |"
        )


def adaptive_beside_every_minibatch(seeded):
    """By how much less accurate the adaptive frequency is, in points, and its share of the averagings."""
    found = {}
    # One worker has nobody to come apart from.
    for workers in WORKERS[1:]:
        cells = [(workers, frequency, "average") for frequency in ("1", "adaptive")]
        if all(cell in seeded for cell in cells):
            often, adaptive = ({what: mean(r[what] for r in seeded[cell]) for what in FIGURES} for cell in cells)
            found[f"workers{workers}.adaptive_points_lost"] = 100 * (often["accuracy"] - adaptive["accuracy"])
            found[f"workers{workers}.adaptive_averagings_share"] = adaptive["averagings"] / often["averagings"]
    return found


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh averaging")
    parser.add_argument("--quick", action="store_true", help="few cells, one epoch, few examples")
    quick = parser.parse_args().quick
    name = "averaging-quick" if quick else "averaging"
    epochs, examples = (1, 12_800) if quick else (5, 60_000)
    cells, seeded, more_seeds = (QUICK_CELLS, QUICK_CELLS, []) if quick else (CELLS, SEEDED, MORE_SEEDS)

    prepare()
    finished = Finished(name, epochs, examples)
    # Those that matter come first.
    trainings = [training(cell, seed) for seed in [SEED, *more_seeds] for cell in seeded]
    trainings += [training(cell, SEED) for cell in cells if cell not in seeded]
    train(trainings, finished, epochs, examples)

    results = {cell: finished.cells[training(cell, SEED)] for cell in cells}
    by_seed = {cell: [finished.cells[training(cell, seed)] for seed in [SEED, *more_seeds]] for cell in seeded}
    print(f"\nTest accuracy after {epochs} epochs of {examples:,} examples, seed {SEED}; in brackets the averagings")
    show_table(cells, results)
    if more_seeds:
        show_seeds(by_seed)
    found = {}
    for cell, result in results.items():
        found |= {f"{key(cell)}.{what}": result[what] for what in FIGURES}
    for cell, several in by_seed.items():
        accuracies = [result["accuracy"] for result in several]
        for what, of in {"mean": mean, "least": min, "most": max}.items():
            found[f"{key(cell)}.accuracy_{what}"] = of(accuracies)
    # Where there are several seeds, of their means.
    beside = adaptive_beside_every_minibatch({cell: [result] for cell, result in results.items()} | by_seed)
    print()
    for figure, value in beside.items():
        print(f"{figure:<40} {value:.3f}")
    # JSON knows no NaN: what was not finite is null.
    found |= beside
    figures.write(name, {figure: value if math.isfinite(value) else None for figure, value in found.items()})


main()
