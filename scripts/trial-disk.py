"""What scripts/trial-disk.sh compares: HEAP DISK MEMORY, the model that was trained from disk and that from memory."""

import json
import math
import sys
from pathlib import Path

FLOAT_BYTES = 4
TIMES = 4


def examples_each_second(model):
    return json.loads((model / "_manifest.json").read_text())["facts"]["speed"]


def main():
    heap, disk, memory = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    heap_bytes = int(heap[:-1]) * {"m": 2**20, "g": 2**30}[heap[-1].lower()]
    examples = json.loads((disk / "_manifest.json").read_text())["rows"]["trained"]
    groups = json.loads((disk / "network.json").read_text())["inputs"]
    width = sum(math.prod(group["shape"]) for group in groups)
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
        sys.exit(f"the examples must take {TIMES} times the heap")
    if (disk / "parameters.bin").read_bytes() != (memory / "parameters.bin").read_bytes():
        sys.exit("the parameters are not the same")
    print(f"from disk at {ratio:.2f} of the speed in memory, {steady:.2f} had steps been equally fast")
    print("the same parameters")


main()
