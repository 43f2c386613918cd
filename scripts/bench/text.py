"""Texts: training of networks over them beside PyTorch, and what becomes of them before. [--quick] [PART...]

Parts: text-cnn, text-gru, text-transformer (tokens a second of training with padding, mask and dropout, as `training` does
it); tfidf (texts a second of TF-IDF over words and pairs of words, fit and transform, beside scikit-learn's); bpe (learning of
16,000 byte pairs beside Hugging Face's tokenizers); encoder (vectors of 2,000 reviews in Chinese by bge-small-zh in float32,
beside ONNX Runtime). Other texts are the lines of raw_sentences.txt, 97,162 short ones, and the mails of spam-assassin, 6,046 long
ones. They are in memory before the first turn; starting Spark or Python is not counted.
"""

import csv
from itertools import islice
from statistics import median

import figures
from bench_java import BENCH, compile_java, java
from parts import run_parts
from python_environment import python_of
from throughput import Network, throughput
from turns import Asked

NETWORKS = {
    "text-cnn": Network("SENTENCES", 64, 6_400, 640),
    "text-gru": Network("SENTENCES", 64, 6_400, 640),
    "text-transformer": Network("SENTENCES", 32, 3_200, 320),
}

MOST = {"tfidf": 50_000, "bpe": 16_000, "encoder": 128}
ENCODER = figures.ROOT / "data" / "models" / "bge-small-zh"
REVIEWS = 2_000


class Way(Asked):
    """A process that works on the texts whenever it is asked to; the seconds of each of its turns, and its memory."""

    def __init__(self, command, threads):
        super().__init__(command, threads)
        self.seconds = []

    def turn(self):
        texts, seconds = self.ask("", "texts").split()
        self.texts = int(texts)
        self.seconds.append(float(seconds))


def trained(name, network, options):
    """Examples a second say as much as tokens: all ways train the same sentences."""
    found = throughput(name, network, options)
    short = name.removeprefix("text-")
    if f"{name}.local2_over_torch_best" in found:
        found[f"text.{short}_over_torch"] = found.pop(f"{name}.local2_over_torch_best")
    return found


def texts():
    """Files of a text a line, by name."""
    folder = figures.ROOT / "data" / "spam-assassin"
    mails = figures.RESULTS / "mails.txt"
    if not mails.exists():
        read = (file.read_text("latin-1") for file in sorted(folder.glob("*/*.txt")))
        mails.write_text("".join(" ".join(text.split()) + "\n" for text in read))
    return {"sentences": figures.ROOT / "data" / "raw_sentences.txt", "mails": mails}


def reviews():
    file = figures.RESULTS / "reviews.txt"
    if not file.exists():
        with open(figures.ROOT / "data" / "zh-sentiment.csv", newline="") as rows:
            read = [" ".join(row["text"].split()) for row in islice(csv.DictReader(rows), REVIEWS)]
        file.write_text("".join(f"{text}\n" for text in read))
    return {"reviews": file}


def compared(way, other, files, options, *more):
    """Sluice's way and the library's, in turns, over each of the texts."""
    python, why = python_of("text", "text-requirements.txt", "sklearn", "tokenizers", "onnxruntime")
    if not python:
        raise SystemExit(f"there is nothing to compare with: {why}")
    found = {}
    for name, file in files.items():
        arguments = way, file, MOST[way], *more
        ways = {
            "Sluice, local[2]": Way(java("Texts", *arguments), 1),  # for each of the two tasks
            other: Way([python, BENCH / "text_ways.py", *map(str, arguments)], 2),
        }
        for _ in range(options.repetitions):
            for each in ways.values():
                each.turn()
        memory = {title: each.peak_mebibytes() for title, each in ways.items()}
        for each in ways.values():
            each.end()
        print(f"\n{way}, {name}\n\n| way | texts/s, median | range | memory, MiB |\n|---|---|---|---|")
        for title, each in ways.items():
            rates = sorted(each.texts / seconds for seconds in each.seconds)
            print(f"| {title} | {median(rates):,.0f} | {rates[0]:,.0f} to {rates[-1]:,.0f} | {memory[title]:,.0f} |")
        ours, theirs = (median(each.seconds) for each in ways.values())
        found[f"text.{way}.{name}_over_other"] = theirs / ours
        found[f"text.{way}.{name}.peak_mebibytes"], found[f"text.{way}.{name}.other_peak_mebibytes"] = memory.values()
    return found


def tfidf(options):
    found = compared("tfidf", "scikit-learn", texts(), options)
    return found | {"text.tfidf_over_sklearn": min(found[f"text.tfidf.{name}_over_other"] for name in texts())}


def bpe(options):
    found = compared("bpe", "tokenizers", texts(), options)
    return found | {"text.bpe_over_hf": min(found[f"text.bpe.{name}_over_other"] for name in texts())}


def encoder(options):
    found = compared("encoder", "ONNX Runtime", reviews(), options, ENCODER)
    return found | {"text.encoder_over_ort": found["text.encoder.reviews_over_other"]}


PARTS = {
    name: lambda options, name=name, network=network: trained(name, network, options)
    for name, network in NETWORKS.items()
} | {"tfidf": tfidf, "bpe": bpe, "encoder": encoder}


def prepared(_):
    figures.fetch("raw-sentences", "spam-assassin", "zh-sentiment", "bge-small-zh")
    compile_java()


run_parts("text", PARTS, list(PARTS), prepared)
