"""Training by Sluice, by Deeplearning4j alone, by its own master, by spark.ml and by PyTorch. [--quick] [PART...]

Parts, all unless named: mlp, lenet (examples a second of every way to train them), mlp-curve, lenet-curve (Sluice
at several averaging frequencies), sparkml (time to the same validation loss). Figures of parts that are not run stay
as they are in target/bench/training.json. --quick takes fewer examples and repetitions and writes to
training-quick.json, so that its figures never stand among full ones.

What is counted: examples that were trained, over the seconds of a whole epoch, in a process that has trained two
epochs before and, where it is Java, for 40 s. In the seconds are minibatches, steps, broadcasts, aggregations and the
scheduling of Spark's jobs; not in them are starting, reading the files and dealing the examples out, once before the
first epoch. Deeplearning4j's own master reads its files, one a minibatch, in each epoch: that is its way. Its ways run
under JavaCPP's own limit of memory, as in a program without Sluice. All ways are started first and then take turns, an
epoch each, so that whatever else the machine does meets all of them.
"""

import argparse
import json
import os
import subprocess
from statistics import median

import figures
from mnist_java import BENCH, FEATURES, MNIST, java, prepare
from torch_environment import torch_python
from turns import Asked

EVERY = {"mlp": 50, "lenet": 10}
FREQUENCIES = [1, 5, 10, 50]
# LeNet computes about ten times as long for a picture; its epoch is made of the first ones.
EXAMPLES = {"mlp": 60_000, "lenet": 10_240}
QUICK_EXAMPLES = {"mlp": 25_600, "lenet": 2_560}

TORCH_WAYS = {
    "torch 1 process, 2 threads": "threads",
    "torch ddp, 2 processes": "ddp",
    "torch local SGD, 2 processes": "localsgd",
}


class Way(Asked):
    """A process that trains an epoch whenever it is asked to; the rates that it reached, in examples a second."""

    def __init__(self, command, threads=1):
        super().__init__(command, threads)
        self.rates = []

    def epoch(self):
        examples, seconds = map(float, self.ask("", "epoch").split())
        self.rates.append(examples / seconds)


def take_turns(ways, repetitions):
    """An epoch of each way in turn, as often as there are repetitions."""
    try:
        for _ in range(repetitions):
            for way in ways.values():
                way.epoch()
    finally:
        for way in ways.values():
            way.end()


def table(title, ways, plain, missing=None):
    print(f"\n{title}\n\n| way | examples/s, median | range | of plain |\n|---|---|---|---|")
    for name, way in ways.items():
        rates = way.rates
        print(f"| {name} | {median(rates):,.0f} | {min(rates):,.0f} to {max(rates):,.0f} | {ratio(way, plain):.2f} |")
    for name, why in (missing or {}).items():
        print(f"| {name} | not measured: {why} | | |")


def ratio(way, other):
    return median(way.rates) / median(other.rates)


def throughput(network, options):
    """Every way to train a network, and how much faster Sluice is than each."""
    every, examples = EVERY[network], options.examples[network]
    arguments = [network, every, MNIST, examples]
    ways = {
        "Deeplearning4j, 1 thread": Way(java("Throughput", "plain", *arguments)),
        "Deeplearning4j, 2 bare threads": Way(java("Throughput", "threads", *arguments)),
        "Deeplearning4j's master, local[2]": Way(java("Throughput", "stock", *arguments)),
        "Sluice, local[1]": Way(java("Throughput", "ours", *arguments, FEATURES / "train", cores=1)),
        "Sluice, local[2]": Way(java("Throughput", "ours", *arguments, FEATURES / "train")),
    }
    python, why = torch_python()
    missing = {} if python else dict.fromkeys(TORCH_WAYS, why)
    for name, way in TORCH_WAYS.items() if python else ():
        command = [python, BENCH / "torch_training.py", way, *map(str, arguments)]
        try:
            ways[name] = Way(command, threads=2 if way == "threads" else 1)
        except RuntimeError as e:
            missing[name] = e
    take_turns(ways, options.repetitions)
    plain, threads, stock, one, ours, *_ = ways.values()
    title = f"{network}, {examples:,} examples an epoch, averaging every {every} minibatches"
    table(title, ways, plain, missing)
    found = {
        f"{network}.plain_examples_per_second": median(plain.rates),
        f"{network}.local2_examples_per_second": median(ours.rates),
        f"{network}.local1_over_plain": ratio(one, plain),
        f"{network}.local2_over_plain": ratio(ours, plain),
        f"{network}.threads2_over_plain": ratio(threads, plain),
        f"{network}.local2_over_stock": ratio(ours, stock),
    }
    for name, way in TORCH_WAYS.items():
        if name in ways:
            found[f"{network}.local2_over_torch_{way}"] = ratio(ours, ways[name])
    return found


def curve(network, options):
    """Sluice at several averaging frequencies."""
    examples = options.examples[network]
    plain = Way(java("Throughput", "plain", network, 1, MNIST, examples))
    ways = {"Deeplearning4j, 1 thread": plain}
    for every in FREQUENCIES:
        arguments = ["ours", network, every, MNIST, examples, FEATURES / "train"]
        ways[f"Sluice, local[2], every {every}"] = Way(java("Throughput", *arguments))
    take_turns(ways, options.repetitions)
    table(f"{network}, {examples:,} examples an epoch, by minibatches between two averagings", ways, plain)
    curve = zip(FREQUENCIES, list(ways.values())[1:])
    return {f"{network}.local2_over_plain.every{every}": ratio(way, plain) for every, way in curve}


def time_to_loss(options):
    """Sluice against spark.ml, until both have the same validation loss."""
    arguments = [FEATURES, options.examples["mlp"], options.iterations, options.trainings]
    printed = subprocess.run(
        java("TimeToLoss", *arguments),
        env=os.environ | {"OMP_NUM_THREADS": "1", "SPARK_LOCAL_IP": "127.0.0.1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    results = {"sparkml": [], "ours": []}
    for line in printed.splitlines():
        who, *numbers = line.split() or [""]
        if who in results:
            results[who].append([float(number) for number in numbers])
    print(f"\nmlp with sigmoid, local[2], time to the validation loss of spark.ml's {options.iterations} iterations\n")
    print("| who | seconds, median | range | validation loss |\n|---|---|---|---|")
    for who, pairs in results.items():
        seconds, losses = zip(*pairs)
        print(f"| {who} | {median(seconds):.1f} | {min(seconds):.1f} to {max(seconds):.1f} | {median(losses):.4f} |")
    seconds = {who: median(pair[0] for pair in pairs) for who, pairs in results.items()}
    return {"mlp.time_over_sparkml": seconds["ours"] / seconds["sparkml"]}


PARTS = {
    "mlp": lambda options: throughput("mlp", options),
    "lenet": lambda options: throughput("lenet", options),
    "mlp-curve": lambda options: curve("mlp", options),
    "lenet-curve": lambda options: curve("lenet", options),
    "sparkml": time_to_loss,
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh training")
    parser.add_argument("--quick", action="store_true", help="fewer examples and repetitions")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options.examples = QUICK_EXAMPLES if options.quick else EXAMPLES
    options.repetitions = 3 if options.quick else 5
    options.iterations = 50
    options.trainings = 1 if options.quick else 5

    prepare()
    name = "training-quick" if options.quick else "training"
    file = figures.RESULTS / f"{name}.json"
    found = json.loads(file.read_text())["figures"] if options.parts and file.exists() else {}
    for part in options.parts or PARTS:
        found |= PARTS[part](options)
        # Hours may lie between parts: what one of them has found stays when the next is broken off.
        figures.write(name, found)
    print()
    for key, figure in found.items():
        print(f"{key:<36} {figure:,.2f}")


main()
