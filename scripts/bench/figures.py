"""What the benchmarks share: where Sluice is, how a run is read, where figures go."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLUICE = str(ROOT / "scripts" / "sluice")
RESULTS = ROOT / "target" / "bench"


def sluice(*arguments):
    """Runs a command, which must succeed; what it says goes to the error output."""
    subprocess.run([SLUICE, *arguments], cwd=ROOT, stdout=sys.stderr, check=True)


def fetch(*names):
    """Data sets, where they are missing."""
    subprocess.run([ROOT / "scripts" / "data.sh", *names], check=True)


def current(run, stage):
    """The published attempt of a stage, and its manifest."""
    pointer = json.loads((run / stage / "_current.json").read_text())
    attempt = run / stage / pointer["attempt"]
    return attempt, json.loads((attempt / "_manifest.json").read_text())


def the_run(runs):
    """The one run in a directory of runs."""
    (marker,) = runs.glob("*/_sluice.json")
    return marker.parent


def write(name, figures):
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps({"figures": figures}, indent=2) + "\n")
    print(f"wrote {file}")
