"""Benchmarks of several parts: [--quick] [PART...], whose figures are kept after each part."""

import argparse
import json
import os

import figures
from torch_environment import COMPILING


def run_parts(name, parts, usual, prepare):
    """Measures the parts that the command line names, or the usual ones.

    parts are functions by name that take the options and give figures by name. The options have quick, and by it
    repetitions and warm_up, the seconds for which the compiler is at work on a training. prepare(options) comes first.
    """
    parser = argparse.ArgumentParser(prog=f"scripts/bench.sh {name}")
    parser.add_argument("--quick", action="store_true", help="fewer examples and repetitions")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)} ({', '.join(usual)})")
    options = parser.parse_args()
    unknown = set(options.parts) - set(parts)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    options.repetitions = 1 if options.quick else 5
    options.warm_up = 2 if options.quick else 20
    os.environ |= COMPILING
    prepare(options)

    name = f"{name}-quick" if options.quick else name
    file = figures.RESULTS / f"{name}.json"
    found = json.loads(file.read_text())["figures"] if options.parts and file.exists() else {}
    for part in options.parts or usual:
        found |= parts[part](options)
        # Hours may lie between parts: what one of them has found stays when the next is broken off.
        figures.write(name, found)
    print()
    for key, figure in found.items():
        print(f"{key:<48} {figure:,.2f}")
