"""Python environments with the libraries that benchmarks compare Sluice with."""

import subprocess
import sys
from pathlib import Path

import figures


def python_of(name, requirements, *packages):
    """The Python of an environment below target/bench, made where it is missing; or None and why there is none.

    requirements is a file beside this one with every package that there is to be, packages are those that must load.
    """
    home, wanted = figures.RESULTS / name, (Path(__file__).parent / requirements).read_text()
    python, made = home / "bin" / "python", home / "requirements.txt"
    try:
        if not made.exists() or made.read_text() != wanted:
            print(f"installing {', '.join(packages)} into target/bench/{name}", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*pip, "--requirement", Path(__file__).parent / requirements], check=True)
            made.write_text(wanted)
        subprocess.run([python, "-c", f"import {', '.join(packages)}"], check=True, capture_output=True, text=True)
        return python, ""
    except subprocess.CalledProcessError as e:
        lines = (e.stderr or "pip could not install it").strip().splitlines()
        return None, lines[-1]
