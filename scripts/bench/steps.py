"""Examples a processor-second of one thread in steps of training: the compiled network beside Deeplearning4j's own and
PyTorch's, which are not compiled.

Deeplearning4j has no transformers, but by Sluice's layers, whose own steps are there to be right and not timed.
"""

import argparse
import os
import subprocess
from statistics import median

import figures
from bench_java import BENCH, compile_java, java
from torch_environment import torch_python

NETWORKS = ("mlp", "lenet", "resnet", "textcnn", "lstm", "transformer", "transformer7m")
SECONDS = 2
TURNS = 7


def turns(command, environment=None):
    """The figures of each turn that a process answers with."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return [list(map(float, line.split()[1:])) for line in printed.splitlines() if line.startswith("turn ")]


def measure(network, torch):
    """Examples a second of each way that there is."""
    ways = zip(("compiled", "deeplearning4j"), zip(*turns(java("Steps", network, SECONDS, TURNS))))
    rates = {way: median(found) for way, found in ways}
    if torch:
        command = [torch, BENCH / "torch_steps.py", network, str(SECONDS), str(TURNS)]
        rates["torch"] = median(turn[0] for turn in turns(command, os.environ | {"OMP_NUM_THREADS": "1"}))
    return rates


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh steps")
    parser.add_argument("networks", nargs="*", help=f"of {' '.join(NETWORKS)} (all)")
    options = parser.parse_args()
    compile_java()
    networks = options.networks or NETWORKS
    torch, why = torch_python()
    if why:
        print(f"PyTorch is not measured: {why}\n")
    found = {}
    print("| network | compiled | Deeplearning4j | PyTorch | compiled / Deeplearning4j | compiled / PyTorch |")
    print("|---|---|---|---|---|---|")
    for network in networks:
        rates = measure(network, torch)
        found |= {f"{network}_{way}": rate for way, rate in rates.items()}
        others = [rates.get(way) for way in ("deeplearning4j", "torch")]
        cells = [f"{rate:,.0f}" if rate else "" for rate in (rates["compiled"], *others)]
        cells += [f"{rates['compiled'] / rate:.2f}" if rate else "" for rate in others]
        print(f"| {network} | {' | '.join(cells)} |")
    figures.write("steps", found)


main()
