"""What `train --advise` predicts against the steady speed of what then happens, on 1 and 2 slots, for three networks."""

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import figures

# A name, its configuration, and epochs of which the later half goes at a steady speed.
NETWORKS = [("bank", "bank.conf", 60), ("mlp", "mnist-mlp.conf", 20), ("lenet", "mnist.conf", 4)]
SLOTS = (1, 2)


def steady(manifest):
    """Examples a second of the later half of the epochs, when the compiler is done; without validation."""
    facts = manifest["facts"]
    seconds = facts["secondsEachEpoch"]
    examples = manifest["rows"]["trained"]
    validation = sum(seconds) / len(seconds) - examples / facts["speed"]["examplesPerSecond"]
    return examples / (statistics.median(seconds[len(seconds) // 2 :]) - validation)


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
            for slots in SLOTS:
                on = ["--set", f"spark.spark.master=local[{slots}]"]
                said = subprocess.run(
                    [figures.SLUICE, "train", *common, *on, "--advise"],
                    cwd=figures.ROOT, stdout=subprocess.PIPE, text=True, check=True,
                ).stdout
                predicted = int(re.search(rf"^advice: +{slots}  +([\d,]+)", said, re.M)[1].replace(",", ""))
                figures.sluice("train", *common, *on, "--force")
                _, manifest = figures.current(figures.the_run(Path(work)), "model")
                measured = steady(manifest)
                ratio = predicted / measured
                results[f"{name}.slots{slots}.predicted_over_measured"] = ratio
                table.append((name, str(slots), f"{predicted:,}", f"{measured:,.0f}", f"{ratio:.2f}"))
                print(said, file=sys.stderr)
    for row in table:
        print("| " + " | ".join(row) + " |")
    figures.write("advice", results)


main()
