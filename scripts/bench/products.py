"""Multiplies square matrices in one thread as sluice.bench.Products does, by another library. LIBRARY SECONDS, where
LIBRARY is mkl (PyTorch's torch.mm), onednn (PyTorch's linear layer by oneDNN) or openblas (the one of SciPy).
"""

import ctypes
import re
import sys
import time

import numpy
import torch


def mkl():
    version = re.search(r"Math Kernel Library Version ([\d.]+)", torch.__config__.show())[1]
    return f"MKL {version} of PyTorch {torch.__version__}", lambda a, b, c: torch.mm(a, b, out=c)


def onednn():
    version = re.search(r"MKL-DNN v([\d.]+)", torch.__config__.show())[1]
    linear = torch.ops.mkldnn._linear_pointwise
    return f"oneDNN {version} of PyTorch {torch.__version__}", lambda a, b, c: linear(a, b, None, "none", [], "")


def openblas():
    import scipy_openblas32

    library = ctypes.CDLL(f"{scipy_openblas32.get_lib_dir()}/libscipy_openblas.so")
    library.scipy_openblas_get_config.restype = ctypes.c_char_p
    library.scipy_openblas_set_num_threads(1)
    sgemm = library.scipy_cblas_sgemm
    row_major, plain, one, zero = 101, 111, ctypes.c_float(1), ctypes.c_float(0)

    def multiply(a, b, c):
        n = len(a)
        address = [ctypes.c_void_p(matrix.data_ptr()) for matrix in (a, b, c)]
        sgemm(row_major, plain, plain, n, n, n, one, address[0], n, address[1], n, zero, address[2], n)

    # As in: OpenBLAS 0.3.30 USE64BITINT DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64
    words = library.scipy_openblas_get_config().decode().split()
    return f"{words[0]} {words[1]} {words[-2]} of SciPy", multiply


def main():
    library, seconds = sys.argv[1], float(sys.argv[2])
    torch.set_num_threads(1)
    name, multiply = {"mkl": mkl, "onednn": onednn, "openblas": openblas}[library]()
    random = numpy.random.default_rng(1)
    print("ready", name, flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            size = int(line)
            a, b = (torch.from_numpy(random.random((size, size), dtype=numpy.float32)) for _ in range(2))
            c = torch.empty(size, size)
            multiply(a, b, c)
            products, start = 0, time.perf_counter()
            while time.perf_counter() - start < seconds:
                multiply(a, b, c)
                products += 1
            print("rate", 2e-9 * size**3 * products / (time.perf_counter() - start), flush=True)


main()
