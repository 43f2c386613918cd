"""Trains embeddings of a million categories with the least memory that scripts/sluice gives by default, from CSV to predictions.

Makes rows of a category and a number, each category at least once among the train rows; the label goes by both. One
configuration of ten lines is run from ingest to predict. Says how long each stage took, how good the network is, and
the most memory that the process had. The promise is broken if a stage fails, if the network has not learned what
categories mean, or if the process had more than the heap, the memory for arrays and a gibibyte together.
"""

import csv
import json
import math
import os
import random
import subprocess

import trial_kit
from trial_kit import ROOT, SLUICE, Broken

SEED = 42
# What scripts/sluice gives by default on the smallest machines, heap and arrays.
MEMORY = {"SLUICE_DRIVER_MEMORY": "2g", "SLUICE_NATIVE_MEMORY": "1g"}
# That, and what a process may take beyond: MiB.
MOST = 2048 + 1024 + 1024
PIPELINE = """
pipeline {{ name = million, seed = {seed}, runs-dir = "{work}/runs" }}
ingest {{
  path = "{work}/rows.csv", format = csv, options {{ header = true }}
  schema = "item STRING, x DOUBLE, part STRING, y STRING"
}}
split {{ by = column, column = part }}
normalise {{
  label = {{ column = y, type = class, positive = "yes" }}
  features = [{{ columns = [x], steps = [standardise] }}, {{ columns = [item], steps = [index] }}]
}}
predict {{ source {{ path = "{work}/new.csv", format = csv, options {{ header = true }} }} }}
"""


def write_rows(work, categories, more):
    """All categories once as train rows, then more rows, of few categories many; some rows without a label to score."""
    draw = random.Random(SEED)
    effects = [draw.gauss(0, 1.5) for _ in range(categories)]

    def some():
        return int(categories * draw.random() ** 6)

    def row(item, part):
        x = draw.gauss(0, 1)
        label = "yes" if draw.random() < 1 / (1 + math.exp(-effects[item] - x)) else "no"
        return f"item-{item:07d}", f"{x:.4f}", part, label

    with (work / "rows.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("item", "x", "part", "y"))
        for item in range(categories):
            rows.writerow(row(item, "train"))
        for _ in range(more):
            part = draw.choices(("train", "validation", "test"), (8, 1, 1))[0]
            rows.writerow(row(some(), part))
    with (work / "new.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("item", "x", "part"))
        for _ in range(1000):
            rows.writerow((*row(some(), "new")[:2], "new"))


def run(work, options):
    """Runs the pipeline; the most MiB of memory that the process had."""
    with (work / "said").open("wb") as said:
        process = subprocess.Popen(
            [SLUICE, "run", str(work / "million.conf"), *trial_kit.settings(*options)], cwd=ROOT, stdout=said,
            stderr=said, env={**os.environ, **MEMORY, "SPARK_LOCAL_DIRS": f"{work}/spark"},
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
    print((work / "said").read_text())
    if status != 0:
        raise Broken(f"sluice run ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_maxrss / 1024


def main():
    command = trial_kit.parser(__doc__)
    command.add_argument(
        "categories", nargs="?", type=trial_kit.positive, default=1_000_000, metavar="N", help="how many (1000000)"
    )
    command.add_argument("--rows", type=trial_kit.positive, default=1_500_000, help="beyond one of each (1500000)")
    command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, as of sluice run")
    asked = command.parse_args()

    def trial(work):
        write_rows(work, asked.categories, asked.rows)
        (work / "million.conf").write_text(PIPELINE.format(seed=SEED, work=work))
        memory = run(work, asked.set)
        metrics = json.loads((trial_kit.current(work / "runs" / "million", "metrics") / "metrics.json").read_text())
        value = metrics["test"]["rocAuc"]
        print(f"at most {memory:,.0f} MiB of memory; area under the ROC curve {value:.3f}")
        if memory > MOST:
            raise Broken(f"the process must have at most {MOST:,} MiB")
        # By the number alone it is 0.68.
        if value < 0.72:
            raise Broken("the network must learn what categories mean, to an area of 0.72")

    trial_kit.run(trial)


main()
