"""What benchmarks of training share: every way to train a network, each in a process that has trained for a while before.

What is counted: examples that were trained, over the seconds of a whole epoch. In the seconds are minibatches, steps,
broadcasts, aggregations and the scheduling of Spark's jobs; not in them are starting, compiling, reading the files and
dealing the examples out, once before the first epoch. All ways are started first and then take turns, an epoch each, so
that whatever else the machine does meets all of them. Sluice and PyTorch's local SGD average every 50 minibatches and at
an epoch's end.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from bench_java import BENCH, FEATURES, MNIST, drawn, java
from torch_environment import torch_python, without_compiler
from turns import Asked

WORKERS = 2
EVERY = 50


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


def throughput(name, network, options):
    """Every way to train a network, and how much faster Sluice is than each."""
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
