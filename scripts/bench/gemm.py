"""Products of square matrices of floats in one thread: what Sluice multiplies with against the fastest of others.

Sizes 64, 128, ..., 2048. All libraries are started first and then take turns, size by size, so that whatever else the
machine does meets all of them; of a library's turns at a size the fastest counts, since other work only slows. The others
are OpenBLAS as SciPy brings it, oneDNN and MKL as PyTorch brings them; the OpenBLAS that is shipped beside oneDNN is shown
and does not count.
"""

import argparse
import sys
from statistics import geometric_mean

import figures
from bench_java import BENCH, compile_java, java
from torch_environment import torch_python
from turns import Asked

SIZES = range(64, 2048 + 1, 64)
SECONDS = 0.1
OTHERS = ("openblas", "onednn", "mkl")


class Library(Asked):
    """A process that multiplies matrices of the size that it is asked for; the fastest rates by size, in GFLOP/s."""

    def __init__(self, command):
        super().__init__(command)
        self.name = self.ready
        self.rates = {}

    def turn(self, size):
        self.rates[size] = max(float(self.ask(size, "rate")), self.rates.get(size, 0))


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh gemm")
    parser.add_argument("--turns", type=int, default=5, help="turns of each library at each size (5)")
    options = parser.parse_args()
    compile_java()
    python, why = torch_python()
    if not python:
        sys.exit(f"there is nothing to compare with: {why}")
    shipped = java("Products", SECONDS)
    libraries = {
        "ours": Library(shipped),
        "shipped_openblas": Library([shipped[0], "-Dsluice.products=openblas", *shipped[1:]]),
        **{other: Library([python, BENCH / "products.py", other, str(SECONDS)]) for other in OTHERS},
    }
    for _ in range(options.turns):
        for size in SIZES:
            for library in libraries.values():
                library.turn(size)
    for library in libraries.values():
        library.end()

    ours = libraries["ours"]
    print("GFLOP/s in one thread\n")
    print(f"| size | {' | '.join(library.name for library in libraries.values())} | ours / fastest other |")
    print(f"|---|{'---|' * len(libraries)}---|")
    ratios = {}
    for size in SIZES:
        rates = [library.rates[size] for library in libraries.values()]
        ratios[size] = ours.rates[size] / max(libraries[other].rates[size] for other in OTHERS)
        print(f"| {size} | {' | '.join(f'{rate:.1f}' for rate in rates)} | {ratios[size]:.2f} |")
    worst = min(ratios, key=ratios.get)
    mean = geometric_mean(ratios.values())
    print(f"\n{ours.name} against the fastest other: {mean:.2f}, geometric mean; worst {ratios[worst]:.2f}, size {worst}")
    found = {"gemm.over_best_kernel": mean, "gemm.over_best_kernel_worst": ratios[worst]}
    for name, library in libraries.items():
        found |= {f"gemm.{name}.gflops.{size}": rate for size, rate in library.rates.items()}
    figures.write("gemm", found)


main()
