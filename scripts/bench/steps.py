"""Examples a processor-second of one thread in steps of training: the compiled network beside Deeplearning4j's own."""

import argparse
import subprocess
from statistics import median

import figures
from mnist_java import compile_java, java

NETWORKS = ("mlp", "lenet", "resnet")
SECONDS = 2
TURNS = 7


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh steps")
    parser.add_argument("networks", nargs="*", help=f"of {' '.join(NETWORKS)} (all)")
    options = parser.parse_args()
    compile_java()
    found = {}
    print("| network | compiled | Deeplearning4j | compiled / Deeplearning4j |\n|---|---|---|---|")
    for network in options.networks or NETWORKS:
        lines = subprocess.run(
            java("Steps", network, SECONDS, TURNS), check=True, capture_output=True, text=True
        ).stdout.splitlines()
        turns = [line.split()[1:] for line in lines if line.startswith("turn ")]
        compiled = median(float(turn[0]) for turn in turns)
        own = median(float(turn[1]) for turn in turns)
        found |= {f"{network}_compiled": compiled, f"{network}_deeplearning4j": own}
        print(f"| {network} | {compiled:,.0f} | {own:,.0f} | {compiled / own:.2f} |")
    figures.write("steps", found)


main()
