"""What `train --advise` predicts against the steady speed of what then happens, on 1 and 2 slots, for three networks.

Predictions and trainings take turns, three of each, so that whatever else the machine does meets both; the figure is
the one's median over the other's.
"""

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import figures

# A name, its configuration, and epochs of which the later half goes at a steady speed.
NETWORKS = [("bank", "bank.conf", 60), ("mlp", "mnist-mlp.conf", 20), ("lenet", "mnist.conf", 2)]
SLOTS = (1, 2)
REPETITIONS = 3


def steady(manifest):
    """Examples a second of the later half of the epochs, when the compiler is done; without validation."""
    facts = manifest["facts"]
    seconds = facts["secondsEachEpoch"]
    examples = manifest["rows"]["trained"]
    validation = sum(seconds) / len(seconds) - examples / facts["speed"]["examplesPerSecond"]
    return examples / (statistics.median(seconds[len(seconds) // 2 :]) - validation)


def predicted(arguments, slots):
    said = subprocess.run(
        [figures.SLUICE, "train", *arguments, "--advise"],
        cwd=figures.ROOT, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout
    print(said, file=sys.stderr)
    return int(re.search(rf"^advice: +{slots}  +([\d,]+)", said, re.M)[1].replace(",", ""))


def measured(arguments, runs):
    figures.sluice("train", *arguments, "--force")
    _, manifest = figures.current(figures.the_run(runs), "model")
    return steady(manifest)


def text(rates):
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"


def main():
    unknown = set(sys.argv[1:]) - {name for name, *_ in NETWORKS}
    if unknown:
        sys.exit(f"there is no network {', '.join(sorted(unknown))}; there are {', '.join(n for n, *_ in NETWORKS)}")
    results = {}
    table = [("network", "slots", "predicted", "measured", "predicted / measured")]
    for name, conf, epochs in NETWORKS:
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory(prefix="sluice-bench-") as work:
            common = [
                str(figures.ROOT / "conf" / conf),
                *["--set", f"pipeline.runs-dir={work}", "--set", f"train.epochs={epochs}"],
                *["--set", "train.early-stopping.patience=0", "--set", "train.checkpoint.every=0"],
            ]
            figures.sluice("prepare", *common)
            rates = {slots: ([], []) for slots in SLOTS}
            for _ in range(REPETITIONS):
                for slots, (predictions, measurements) in rates.items():
                    arguments = [*common, "--set", f"spark.spark.master=local[{slots}]"]
                    predictions.append(predicted(arguments, slots))
                    measurements.append(measured(arguments, Path(work)))
            for slots, (predictions, measurements) in rates.items():
                quotient = statistics.median(predictions) / statistics.median(measurements)
                results[f"{name}.slots{slots}.predicted_over_measured"] = quotient
                table.append((name, str(slots), text(predictions), text(measurements), f"{quotient:.2f}"))
    for row in table:
        print("| " + " | ".join(row) + " |")
    figures.write("advice", results)


main()
