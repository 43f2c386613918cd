"""Encodes texts by two pretrained BERT encoders, and compares the vectors with ONNX Runtime's.

The texts are drawn: short, long, longer than a text may be, every fifth in several scripts. Each model encodes them from
the application jar, all at once and one at a time, and some by Deeplearning4j's own layers from a file of its own. The
promise is broken if a vector differs from ONNX Runtime's by more than 0.0001 in any number, or if a text's vector is
not the same to the bit alone and among others. Installs ONNX Runtime into target/trial, 80 MB.
"""

import array
import subprocess
import sys
from pathlib import Path

import trial_kit
from trial_kit import ROOT, Broken

MODELS = {"minilm": "MEAN", "bge-small-zh": "FIRST"}
MOST = 1e-4
HERE = Path(__file__).parent
ENVIRONMENT = ROOT / "target" / "trial" / "onnxruntime"


def python():
    """The Python of an environment with ONNX Runtime, made where it is missing."""
    requirements = (HERE / "encoders-requirements.txt").read_text()
    made = ENVIRONMENT / "requirements.txt"
    executable = ENVIRONMENT / "bin" / "python"
    if not made.exists() or made.read_text() != requirements:
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        pip = [executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", HERE / "encoders-requirements.txt"], check=True)
        made.write_text(requirements)
    return executable


def floats(file):
    numbers = array.array("f", file.read_bytes())
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers


def difference(found, expected):
    """The greatest difference of two numbers; a number that is none differs from all."""
    return max(abs(a - b) if a == a else float("inf") for a, b in zip(found, expected))


def trial(options):
    def encode(work):
        trial_kit.fetch(*MODELS)
        for model, pooling in MODELS.items():
            directory = work / model
            directory.mkdir()
            weights = ROOT / "data" / "models" / model
            script = [python(), HERE / "onnx_vectors.py", weights, pooling, str(options.texts), options.seed, directory]
            said = subprocess.run(script, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            spoken = trial_kit.java("Encode", weights, pooling, directory)
            together, alone, own, expected = (
                floats(directory / f"{name}.bin") for name in ("together", "alone", "deeplearning4j", "onnxruntime")
            )
            if len(together) != len(expected):
                raise Broken(f"{model}: {len(together)} numbers, ONNX Runtime has {len(expected)}")
            print(f"{model}: {said}; {spoken}")
            off, own_off = difference(together, expected), difference(own, expected)
            print(
                f"{model}: differs from ONNX Runtime by at most {off:.1e}, by Deeplearning4j's layers by {own_off:.1e}"
            )
            if max(off, own_off) > MOST:
                raise Broken(f"{model}: a vector differs from ONNX Runtime's by more than {MOST}")
            if together.tobytes() != alone.tobytes():
                raise Broken(f"{model}: a text's vector is another one alone than among others")
        print("every text has the same vector to the bit alone and among others")

    return encode


if __name__ == "__main__":
    command = trial_kit.parser(__doc__)
    command.add_argument("--texts", type=trial_kit.positive, default=1000, help="how many texts (1000)")
    trial_kit.add_seed(command)
    trial_kit.run(trial(command.parse_args()))
