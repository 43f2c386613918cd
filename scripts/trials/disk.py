"""Trains on examples that take four times the heap, from disk, and beside it the same with all of them in memory.

The pictures of MNIST and noisy copies of each, with twelve copies 717,000 examples of 784 numbers, are trained by
conf/mnist-mlp.conf: with a small heap and the examples on disk, then with a heap of 8 GiB and the examples in memory.
Says how fast each was. The promise is broken if the parameters are not the same to the bit; a trial whose examples do
not take four times the small heap counts as broken too.
"""

import argparse
import json
import math
import re
import shutil

import trial_kit
from trial_kit import Broken

FLOAT_BYTES = 4
TIMES = 4


def heap_size(text):
    if not re.fullmatch(r"[1-9][0-9]*[mgMG]", text):
        raise argparse.ArgumentTypeError(f"must be a size such as 512m or 2g, got {text}")
    return text


def examples_each_second(model):
    return json.loads((model / "_manifest.json").read_text())["facts"]["speed"]


def compare(heap, disk, memory):
    heap_bytes = int(heap[:-1]) * {"m": 2**20, "g": 2**30}[heap[-1].lower()]
    examples = json.loads((disk / "_manifest.json").read_text())["rows"]["trained"]
    groups = json.loads((disk / "network.json").read_text())["inputs"]
    # Of noisy copies all pictures are numbers.
    width = sum(math.prod(axis["size"] for axis in group["axes"]) for group in groups)
    size = examples * width * FLOAT_BYTES
    print(f"{examples:,} examples of {width} numbers: {size / 2**20:,.0f} MiB, {size / heap_bytes:.2f} times the heap")
    speeds = {"disk": examples_each_second(disk), "memory": examples_each_second(memory)}
    for name, speed in speeds.items():
        shares = ", ".join(f"{100 * speed[part]:.0f} % {part}" for part in ("compute", "data", "transport"))
        print(f"{name + ':':<8}{speed['examplesPerSecond']:>9,.0f} examples/s on {speed['slots']} slots: {shares}")
    ratio = speeds["disk"]["examplesPerSecond"] / speeds["memory"]["examplesPerSecond"]
    # Both compute the same; what else the machine does meanwhile changes how fast, but less what share of the time.
    steady = speeds["disk"]["compute"] / speeds["memory"]["compute"]
    if size < TIMES * heap_bytes:
        raise Broken(f"the examples must take {TIMES} times the heap")
    if (disk / "parameters.bin").read_bytes() != (memory / "parameters.bin").read_bytes():
        raise Broken("the parameters are not the same")
    print(f"from disk at {ratio:.2f} of the speed in memory, {steady:.2f} had steps been equally fast")
    print("the same parameters")


def main():
    command = trial_kit.parser(__doc__)
    command.add_argument("epochs", nargs="?", type=trial_kit.positive, default=1, metavar="EPOCHS", help="to train (1)")
    command.add_argument("--copies", type=trial_kit.positive, default=12, help="noisy ones of each picture (12)")
    command.add_argument("--heap", type=heap_size, default="512m", help="the small one (512m)")
    asked = command.parse_args()

    def trial(work):
        # Parquet is read a row group and 4,096 rows at a time, by each task: too much of rows this wide for a heap this
        # small.
        options = ["conf/mnist-mlp.conf", *trial_kit.settings(
            f"pipeline.runs-dir={work}/runs", f"train.epochs={asked.epochs}",
            f"augment.steps=[{{type=jitter,copies={asked.copies}}}]",
            "spark.spark.hadoop.parquet.block.size=16777216", "spark.spark.sql.parquet.columnarReaderBatchSize=256",
        )]  # fmt: skip

        def sluice(heap, *arguments):
            trial_kit.sluice(
                *arguments, environment={"SLUICE_DRIVER_MEMORY": heap, "SPARK_LOCAL_DIRS": f"{work}/spark"}
            )

        def trained(name, heap, level):
            sluice(heap, "train", *options, "--force", *trial_kit.settings(f"train.storage-level={level}"))
            return shutil.copytree(trial_kit.current(work / "runs" / "mnist-mlp", "model"), work / name)

        sluice("4g", "prepare", *options)
        compare(asked.heap, trained("disk", asked.heap, "disk"), trained("memory", "8g", "memory"))

    trial_kit.run(trial)


main()
