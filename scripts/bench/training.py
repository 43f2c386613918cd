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

import os
import subprocess
from statistics import median

import figures
from bench_java import FEATURES, MNIST, java, prepare
from parts import run_parts
from throughput import Network, ratio, started, table, take_turns, throughput

FREQUENCIES = [1, 5, 10, 50]

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


THROUGHPUT = {
    name: lambda options, name=name, network=network: throughput(name, network, options)
    for name, network in NETWORKS.items()
}
PARTS = THROUGHPUT | {
    "mlp-curve": lambda options: curve("mlp", options),
    "lenet-curve": lambda options: curve("lenet", options),
    "sparkml": time_to_loss,
}


def prepared(options):
    options.iterations = 50
    options.trainings = 1 if options.quick else 5
    prepare()


run_parts("training", PARTS, list(THROUGHPUT), prepared)
