"""The Python environment with PyTorch, and the libraries beside it, that benchmarks compare Sluice with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import figures

TORCH = figures.RESULTS / "torch"

# For torch.compile: where it keeps what it has compiled, and that it starts no processes for that, which those of
# benchmarks may not.
COMPILING = {
    "TORCHINDUCTOR_CACHE_DIR": str(figures.RESULTS / "inductor"),
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
}


def torch_python():
    """The Python of an environment with PyTorch, made where it is missing; or None and why there is none."""
    requirements = Path(__file__).parent / "requirements.txt"
    python, made = TORCH / "bin" / "python", TORCH / "requirements.txt"
    try:
        if not made.exists() or made.read_text() != requirements.read_text():
            print("installing PyTorch into target/bench/torch, about 4 GB", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", "--clear", TORCH], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*pip, "--requirement", requirements], check=True)
            made.write_text(requirements.read_text())
        subprocess.run([python, "-c", "import torch"], check=True, capture_output=True, text=True)
        return python, ""
    except subprocess.CalledProcessError as e:
        lines = (e.stderr or "pip could not install it").strip().splitlines()
        return None, lines[-1]


def without_compiler():
    """Why torch.compile compiles nothing here; empty if it does."""
    compiler = os.environ.get("CXX", "g++")
    return "" if shutil.which(compiler) else f"torch.compile needs a C++ compiler, and {compiler} is not there"
