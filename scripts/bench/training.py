"""Training by Sluice, by Deeplearning4j alone, by its own master, by spark.ml and by PyTorch. [--quick] [PART...]

Parts: mlp, lenet, resnet, textcnn, lstm, transformer, transformer7m (examples a second of every way to train them), all
of which are run where none is named; mlp-curve, lenet-curve (Sluice at several averaging frequencies); sparkml (time to
the same validation loss). Where parts are named, the figures of others stay as they are in target/bench/training.json.
--quick takes fewer examples and one turn of each way, and writes to training-quick.json, so that its figures never stand
among full ones.

What is counted: examples that were trained, over the seconds of a whole epoch, in a process that has trained for a
while before. In the seconds are minibatches, steps, broadcasts, aggregations and the scheduling of Spark's jobs; not in
them are starting, compiling, reading the files and dealing the examples out, once before the first epoch.
Deeplearning4j's own master reads its files, one a minibatch, in each epoch: that is its way. Its ways run under
JavaCPP's own limit of memory, as in a program without Sluice, and train fewer examples. All ways are started first and
then take turns, an epoch each, so that whatever else the machine does meets all of them.

Sluice, Deeplearning4j's master and PyTorch's local SGD average every 50 minibatches and at an epoch's end. All read the
same examples: MNIST's digits, or drawn ones, pictures as large as CIFAR's and series of tokens, on whose values the
speed does not depend.
"""

import argparse
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import figures
from bench_java import BENCH, FEATURES, MNIST, drawn, java, prepare
from torch_environment import COMPILING, torch_python, without_compiler
from turns import Asked

WORKERS = 2
EVERY = 50
FREQUENCIES = [1, 5, 10, 50]


@dataclass(frozen=True)
class Network:
    """What is trained: examples of a kind, so many in an epoch, also with --quick and by Deeplearning4j alone."""

    kind: str
    batch: int
    examples: int
    quick: int
    # None where Deeplearning4j lacks the network.
    deeplearning4j: int | None = None
    # Whether Deeplearning4j's own master and bare threads of it are measured, too.
    masters: bool = False
    # Of a turn, so that it takes some seconds.
    epochs: int = 1

    def files(self):
        """The directories of the idx files and of the feature table."""
        if self.kind == "DIGITS":
            return MNIST, FEATURES
        directory = drawn(self.kind, self.examples)
        return directory, directory


# So many that two workers have full minibatches only.
NETWORKS = {
    "mlp": Network("DIGITS", 128, 59_904, 25_600, 12_800, masters=True, epochs=2),
    "lenet": Network("DIGITS", 64, 6_400, 2_560, 2_560, masters=True),
    "resnet": Network("PICTURES", 64, 640, 256, 256),
    "textcnn": Network("TOKENS", 64, 6_400, 640, 1_280),
    "lstm": Network("TOKENS", 64, 6_400, 640, 512),
    "transformer": Network("SENTENCES", 32, 3_200, 320),
    "transformer7m": Network("SENTENCES", 32, 640, 128),
}

TORCH_WAYS = {
    "threads": "PyTorch, 1 process, 2 threads",
    "ddp": "PyTorch, DistributedDataParallel, 2 processes",
    "localsgd": "PyTorch, local SGD, 2 processes",
}


class Way(Asked):
    """A process that trains an epoch whenever it is asked to; the rate of each of its turns, in examples a second."""

    def __init__(self, command, threads=1):
        super().__init__(command, threads)
        self.rates = []

    def turn(self, epochs):
        answers = [map(float, self.ask("", "epoch").split()) for _ in range(epochs)]
        examples, seconds = map(sum, zip(*answers))
        self.rates.append(examples / seconds)


def take_turns(ways, repetitions, epochs):
    """Some epochs of each way in turn, as often as there are repetitions."""
    try:
        for _ in range(repetitions):
            for way in ways.values():
                way.turn(epochs)
    finally:
        for way in ways.values():
            way.end()


def table(title, ways, base, missing=None):
    """The ways, the fastest first, each beside the one that is the base."""
    of = next(name for name, way in ways.items() if way is base)
    print(f"\n{title}\n\n| way | examples/s, median | range | of {of} |\n|---|---|---|---|")
    for name, way in sorted(ways.items(), key=lambda entry: -median(entry[1].rates)):
        rates = way.rates
        print(f"| {name} | {median(rates):,.0f} | {min(rates):,.0f} to {max(rates):,.0f} | {ratio(way, base):.2f} |")
    for name, why in (missing or {}).items():
        print(f"| {name} | not measured: {why} | | |")


def ratio(way, other):
    return median(way.rates) / median(other.rates)


def started(commands):
    """The ways by their names, started two at a time; and why some are missing, which only those of PyTorch may."""
    ways, missing = {}, {}
    with ThreadPoolExecutor(WORKERS) as pool:
        starts = {name: pool.submit(Way, *command) for name, command in commands.items()}
    for name, start in starts.items():
        try:
            ways[name] = start.result()
        except RuntimeError as e:
            if not name.startswith("PyTorch"):
                raise
            missing[name] = e
    return ways, missing


def torch_commands(name, examples, directory):
    """PyTorch's ways by (way, mode), what they are called and their commands; and why some are missing, by name."""
    python, why = torch_python()
    commands, missing = {}, {}
    for mode in "eager", "compiled":
        lacks = why or (without_compiler() if mode == "compiled" else "")
        for way, title in TORCH_WAYS.items():
            full = title if mode == "eager" else f"{title}, torch.compile"
            if lacks:
                missing[full] = lacks
            else:
                arguments = map(str, (way, mode, name, EVERY, directory, examples))
                command = [python, BENCH / "torch_training.py", *arguments]
                commands[way, mode] = full, (command, WORKERS if way == "threads" else 1)
    return commands, missing


def throughput(name, options):
    """Every way to train a network, and how much faster Sluice is than each."""
    network = NETWORKS[name]
    examples = network.quick if options.quick else network.examples
    directory, features = network.files()

    def every(count):
        # Sluice would train several epochs in a round that is longer than one, and Deeplearning4j's master none.
        return min(EVERY, count // WORKERS // network.batch)

    def sluice(cores):
        arguments = [name, every(examples), directory, examples, options.warm_up, features / "train"]
        return (java("Throughput", "ours", *arguments, cores=cores),)

    def deeplearning4j(way):
        count = min(examples, network.deeplearning4j)
        return (java("Throughput", way, name, every(count), directory, count, options.warm_up),)

    commands = {"Sluice, local[2]": sluice(2), "Sluice, local[1]": sluice(1)}
    if network.deeplearning4j:
        commands["Deeplearning4j, 1 thread"] = deeplearning4j("plain")
    if network.masters:
        commands["Deeplearning4j, 2 bare threads"] = deeplearning4j("threads")
        commands["Deeplearning4j's master, local[2]"] = deeplearning4j("stock")
    torch, missing = torch_commands(name, examples, directory)
    ways, failed = started(commands | dict(torch.values()))
    take_turns(ways, options.repetitions, 1 if options.quick else network.epochs)
    title = f"{name}, {examples:,} examples an epoch, averaging every {every(examples)} minibatches"
    table(title, ways, ways["Sluice, local[2]"], missing | failed)
    return throughput_figures(name, ways, {key: full for key, (full, _) in torch.items() if full in ways})


def throughput_figures(name, ways, torch):
    """The figures of the ways; torch names those of PyTorch by (way, mode)."""
    ours, one = ways["Sluice, local[2]"], ways["Sluice, local[1]"]
    plain = ways.get("Deeplearning4j, 1 thread")
    found = {
        f"{name}.local2_examples_per_second": median(ours.rates),
        f"{name}.local1_examples_per_second": median(one.rates),
    }
    if plain:
        found |= {
            f"{name}.plain_examples_per_second": median(plain.rates),
            f"{name}.local1_over_plain": ratio(one, plain),
            f"{name}.local2_over_plain": ratio(ours, plain),
        }
    if "Deeplearning4j's master, local[2]" in ways:
        found[f"{name}.threads2_over_plain"] = ratio(ways["Deeplearning4j, 2 bare threads"], plain)
        found[f"{name}.local2_over_stock"] = ratio(ours, ways["Deeplearning4j's master, local[2]"])
    for (way, mode), full in torch.items():
        suffix = "" if mode == "eager" else f"_{mode}"
        found[f"{name}.local2_over_torch_{way}{suffix}"] = ratio(ours, ways[full])
    if torch:
        best = max((ways[full] for full in torch.values()), key=lambda way: median(way.rates))
        found[f"{name}.torch_best_examples_per_second"] = median(best.rates)
        found[f"{name}.local2_over_torch_best"] = ratio(ours, best)
    return found


def curve(name, options):
    """Sluice at several averaging frequencies."""
    network = NETWORKS[name]
    examples = network.quick if options.quick else network.examples
    arguments = [MNIST, examples, options.warm_up, FEATURES / "train"]
    commands = {f"every {every}": ("ours", name, every, *arguments) for every in FREQUENCIES}
    commands["Deeplearning4j, 1 thread"] = ("plain", name, 1, MNIST, network.deeplearning4j, options.warm_up)
    ways, _ = started({title: (java("Throughput", *command),) for title, command in commands.items()})
    take_turns(ways, options.repetitions, 1)
    plain = ways["Deeplearning4j, 1 thread"]
    table(f"{name}, {examples:,} examples an epoch, Sluice, local[2], by minibatches between averagings", ways, plain)
    return {f"{name}.local2_over_plain.every{every}": ratio(ways[f"every {every}"], plain) for every in FREQUENCIES}


def time_to_loss(options):
    """Sluice against spark.ml, until both have the same validation loss."""
    network = NETWORKS["mlp"]
    arguments = [FEATURES, network.quick if options.quick else network.examples, options.iterations, options.trainings]
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


THROUGHPUT = {name: lambda options, name=name: throughput(name, options) for name in NETWORKS}
PARTS = THROUGHPUT | {
    "mlp-curve": lambda options: curve("mlp", options),
    "lenet-curve": lambda options: curve("lenet", options),
    "sparkml": time_to_loss,
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh training")
    parser.add_argument("--quick", action="store_true", help="fewer examples and repetitions")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} ({', '.join(THROUGHPUT)})")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options.repetitions = 1 if options.quick else 5
    # Seconds for which the compiler is at work on a training.
    options.warm_up = 2 if options.quick else 20
    options.iterations = 50
    options.trainings = 1 if options.quick else 5
    os.environ |= COMPILING

    prepare()
    name = "training-quick" if options.quick else "training"
    file = figures.RESULTS / f"{name}.json"
    found = json.loads(file.read_text())["figures"] if options.parts and file.exists() else {}
    for part in options.parts or THROUGHPUT:
        found |= PARTS[part](options)
        # Hours may lie between parts: what one of them has found stays when the next is broken off.
        figures.write(name, found)
    print()
    for key, figure in found.items():
        print(f"{key:<48} {figure:,.2f}")


main()
