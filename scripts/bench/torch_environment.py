"""PyTorch for benchmarks, and what it needs to compile."""

import os
import shutil

import figures
from python_environment import python_of

# For torch.compile: where it keeps what it has compiled, and that it starts no processes for that, which those of
# benchmarks may not.
COMPILING = {
    "TORCHINDUCTOR_CACHE_DIR": str(figures.RESULTS / "inductor"),
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
}


def torch_python():
    """The Python of an environment with PyTorch, about 4 GB; or None and why there is none."""
    return python_of("torch", "requirements.txt", "torch")


def without_compiler():
    """Why torch.compile compiles nothing here; empty if it does."""
    compiler = os.environ.get("CXX", "g++")
    return "" if shutil.which(compiler) else f"torch.compile needs a C++ compiler, and {compiler} is not there"
