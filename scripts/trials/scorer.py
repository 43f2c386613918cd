"""Scores the test rows of whole pipelines by the predict job and in plain Java, and compares to the bit.

Every test row, as it was ingested, goes through the predict job, alone through a `Scorer`, and through it among all
others. The promise is broken if a prediction, a decision, a probability or a reason differs. Without CONF there are five
pipelines, each trained for two epochs: those of conf/ over mails (spam-assassin), sentences with tags (zh-tags), reviews
in Chinese (zh-sentiment) and films with two labels (movies-text); and some reviews with an encoder behind each step for
texts, of which one is a pretrained network. Options are those of `scripts/sluice train`.
"""

import csv
from pathlib import Path

import trial_kit
from trial_kit import ROOT, SPARK_JARS, current, java, sluice

READY = ["spam-assassin", "zh-tags", "zh-sentiment", "movies-text"]
SHORT = trial_kit.settings("train.epochs=2", "train.early-stopping.patience=0")
STEPS = trial_kit.settings(
    """normalise.features=[
      { name = words, columns = [text], steps = [words] }
      { name = characters, columns = [text], steps = [characters] }
      { name = pairs, columns = [text], steps = [{ type = byte-pairs, merges = 500 }] }
      { name = pieces, columns = [text], steps = [
        { type = tokenizer, path = "data/models/bge-small-zh/tokenizer.json", max-length = 64 }
      ] }
      { name = grams, columns = [text], steps = [tf-idf] }
      { name = buckets, columns = [text], steps = [{ type = hashed-n-grams, of = characters, buckets = 1000 }] }
      { name = vector, columns = [text], steps = [
        { type = sentence-encoder, model = "data/models/bge-small-zh", pooling = first, max-length = 64 }
        standardise
      ] }
    ]""",
    """model={
      type = network
      inputs {
        words = { type = recurrent, cell = gru, dimension = 16, hidden = 16, max-length = 64 }
        characters = { type = sequence-transformer, dimension = 16, heads = 2, layers = 1, hidden = 32, max-length = 64 }
        pairs = { type = textcnn, dimension = 16, filters = 16, max-length = 64 }
        pieces = { type = recurrent, cell = lstm, dimension = 16, hidden = 16, max-length = 64 }
        grams = bag
        buckets = bag
        columns = { type = mlp, hidden = [16] }
      }
    }""",
)


def some_reviews(work):
    """A file of every seventeenth review."""
    file = work / "reviews.csv"
    with open(ROOT / "data" / "zh-sentiment.csv", newline="") as read, file.open("w", newline="") as written:
        header, *rows = csv.reader(read)
        csv.writer(written).writerows([header, *rows[::17]])
    return file


def compare(name, pipeline, work):
    options = [*pipeline, *trial_kit.settings(f"pipeline.runs-dir={work / name}")]
    for job in ("prepare", "train"):
        sluice(job, *options)
    run = next((work / name).glob("*/_sluice.json")).parent
    rows = work / f"{name}-rows"
    java("Scored", "rows", current(run, "raw"), current(run, "split"), rows, beside=SPARK_JARS)
    source = f'predict.source={{ format = parquet, path = "{rows}" }}'
    others = ("predict.source=null", "predict.bundle=run", "predict.format=parquet", "predict.keep=null")
    sluice("predict", *options, *trial_kit.settings(*others, source))
    said = java("Scored", "compare", current(run, "model"), rows, current(run, "predictions"), beside=SPARK_JARS)
    print(f"{name}: {said}", flush=True)


def main():
    command = trial_kit.parser(__doc__)
    trial_kit.add_pipeline(command, "the five")
    asked = command.parse_args()

    def trial(work):
        if asked.pipeline:
            compare(Path(asked.pipeline[0]).stem, asked.pipeline, work)
            return
        for name in READY:
            compare(name, [conf(name), *SHORT], work)
        trial_kit.fetch("zh-sentiment", "bge-small-zh")
        reviews = trial_kit.settings(f"ingest.path={some_reviews(work)}")
        compare("steps", [conf("zh-sentiment"), *SHORT, *STEPS, *reviews], work)

    trial_kit.run(trial)


def conf(name):
    return str(ROOT / "conf" / f"{name}.conf")


main()
