"""Draws texts and encodes them by ONNX Runtime, for the trial of encoders, whose environment it needs.

    python onnx_vectors.py MODEL_DIRECTORY POOLING COUNT SEED DIRECTORY

Writes into DIRECTORY tokens.txt, the indices of each text's tokens in a line, and onnxruntime.bin, the vectors as
little-endian floats. Says how many texts a second were encoded, one at a time by one thread.
"""

import random
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

LONGEST = 512
# Latin with accents, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, kana, Chinese, Hangul, emoji.
SCRIPTS = [
    (0x00C0, 0x024F), (0x0391, 0x03C9), (0x0410, 0x044F), (0x05D0, 0x05EA), (0x0621, 0x064A), (0x0905, 0x0939),
    (0x0E01, 0x0E2E), (0x3041, 0x30FE), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0x1F600, 0x1F64F),
]  # fmt: skip


def texts(tokenizer, count, draw):
    """Short, ordinary, long and too long ones of the tokenizer's own words, and every fifth in several scripts."""
    words = sorted(word for word in tokenizer.get_vocab() if word[0] not in "[#")

    def other():
        low, high = draw.choice(SCRIPTS)
        return "".join(chr(draw.randint(low, high)) for _ in range(draw.randint(1, 6)))

    for i in range(count):
        length = draw.randint(*((1, 6), (6, 40), (40, 200), (200, 900))[draw.choices(range(4), (35, 40, 20, 5))[0]])
        mixed = i % 5 == 4
        yield " ".join(other() if mixed and draw.random() < 0.5 else draw.choice(words) for _ in range(length))


def main(model, pooling, count, seed, directory):
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    tokens = [tokenizer.encode(text).ids for text in texts(tokenizer, count, random.Random(seed))]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model / "model.onnx"), options, providers=["CPUExecutionProvider"])
    vectors = []
    begun = time.monotonic()
    for ids in tokens:
        ids = np.array([ids])
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states = session.run(None, feeds)[0][0].astype(np.float64)
        vector = states.mean(axis=0) if pooling == "MEAN" else states[0]
        vectors.append(vector / np.linalg.norm(vector))
    seconds = time.monotonic() - begun
    (directory / "tokens.txt").write_text("".join(" ".join(map(str, ids)) + "\n" for ids in tokens))
    np.array(vectors, dtype="<f4").tofile(directory / "onnxruntime.bin")
    lengths = [len(ids) for ids in tokens]
    cut = sum(length == LONGEST for length in lengths)
    print(
        f"{count} texts of {min(lengths)} to {max(lengths)} tokens, {sum(lengths) / count:.1f} in the mean, {cut} cut; "
        f"ONNX Runtime {onnxruntime.__version__} {count / seconds:.1f} a second"
    )


main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
