"""Every stage of a configuration in a process of its own: rows a second and peak memory. [CONF [OPTION]...]"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import figures

JOBS = {
    "ingest": "raw",
    "clean": "clean",
    "split": "split",
    "normalise": "features",
    "augment": "augmented",
    "train": "model",
    "explain": "explanations",
    "evaluate": "metrics",
}


def measured(command):
    """The greatest resident memory in bytes of a command that must succeed."""
    process = subprocess.Popen(command, cwd=figures.ROOT, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        sys.exit(f"{' '.join(command)} ended with {code}")
    # Linux counts it in KiB, macOS in bytes.
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main():
    conf, options = (sys.argv[1:2] or [str(figures.ROOT / "conf" / "flights.conf")])[0], sys.argv[2:]
    results = {}
    table = [("stage", "rows", "seconds", "rows/s", "peak memory")]
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as work:
        for job, stage in JOBS.items():
            memory = measured([figures.SLUICE, job, conf, *options, "--set", f"pipeline.runs-dir={work}"])
            run = figures.the_run(Path(work))
            _, manifest = figures.current(run, stage)
            seconds = manifest["seconds"]
            rows = sum(manifest["rows"].values())
            if job == "train":
                history = (manifest["facts"] or {}).get("secondsEachEpoch", [])
                rows *= len(history)
            results |= {
                f"{job}.rows": rows,
                f"{job}.seconds": seconds,
                f"{job}.rows_per_second": rows / seconds,
                f"{job}.peak_memory_bytes": memory,
            }
            table.append((job, f"{rows:,}", f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{memory / 2**30:.2f} GiB"))
    for row in table:
        print("| " + " | ".join(row) + " |")
    figures.write("stages", results)


main()
