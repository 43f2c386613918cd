"""A configuration with several seeds: metrics of the network and its baselines, and their means. [N [CONF [OPTION]...]]"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import mean

import figures

FIRST_SEED = 42


def main():
    number = int((sys.argv[1:2] or ["3"])[0])
    conf, options = (sys.argv[2:3] or [str(figures.ROOT / "conf" / "bank.conf")])[0], sys.argv[3:]
    found = {}
    for seed in range(FIRST_SEED, FIRST_SEED + number):
        with tempfile.TemporaryDirectory(prefix="sluice-bench-") as work:
            overrides = ["--set", f"pipeline.runs-dir={work}", "--set", f"pipeline.seed={seed}"]
            figures.sluice("run", conf, *options, *overrides)
            attempt, _ = figures.current(figures.the_run(Path(work)), "metrics")
            metrics = json.loads((attempt / "metrics.json").read_text())
            for who, values in {"network": metrics["test"], **metrics["baselines"]}.items():
                for metric, value in values.items():
                    if isinstance(value, (int, float)):
                        found.setdefault((who, metric), []).append(value)
    results = {f"{who}.{metric}": mean(values) for (who, metric), values in found.items()}
    for (who, metric), values in sorted(found.items(), key=lambda entry: entry[0][::-1]):
        print(f"{metric:<20} {who:<24} {mean(values):.4f}   " + " ".join(f"{value:.4f}" for value in values))
    figures.write("seeds", results)


main()
