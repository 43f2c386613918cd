"""How much fewer labels a pretrained encoder needs: reviews in Chinese and mails, learned from 1 %, 10 % and all of the labels.

Texts are cut at 128 tokens of the encoder's own tokeniser. The ways:

  scratch     convolutions (textcnn) over these tokens, from random parameters
  tf-idf      our logistic regression on TF-IDF of words and pairs of words, of Chinese one to three characters
  frozen      our logistic regression on the vectors that the encoder makes of texts
  fine-tuned  the encoder trained further with a new head, as the defaults do it
  lora        low-rank adapters of its attention in the place of that, likewise

The shares are of the train and of the validation part, 1 % and 10 % with five seeds each; the test part, 15 % of the texts, is
always the same. What was measured stays in target/trials/few/results.jsonl and is not measured again: a trial that was ended
goes on. It needs hours. Printed is, for each set and way, the accuracy on the test part with a 95 % interval: of 1 % and 10 % the
mean over seeds with Student's t, of all labels over resamples of the test part. Exit code 1 if on zh-sentiment at 1 % neither the
frozen nor the fine-tuned encoder beats learning from scratch by more than the interval of their paired difference.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import trial_kit
from trial_kit import ROOT, Broken

HOME = ROOT / "target" / "trials" / "few"
RESULTS = HOME / "results.jsonl"
SEEDS = range(1, 6)

# Student's t of 4 degrees of freedom, 97.5 %.
STUDENT = 2.776

SETS = {
    "zh-sentiment": {
        "encoder": "bge-small-zh",
        "text": "text",
        "label": '{ column = label, positive = "pos" }',
        "n-grams": "{ type = tf-idf, of = characters, n-grams = [1, 3] }",
        "source": """
ingest {
  format = csv, path = "data/zh-sentiment.csv", options { header = true }
  schema = "text STRING, label STRING"
}
""",
        "rules": "",
    },
    "spam-assassin": {
        "encoder": "minilm",
        "text": "text",
        "label": '{ column = spam, positive = "yes" }',
        "n-grams": "{ type = tf-idf, of = words, n-grams = [1, 2] }",
        "source": 'ingest { format = mail, path = "data/spam-assassin/*/*.txt" }',
        "rules": """
  { type = derive, column = spam, to = STRING, expression = "if(label like 'spam%', 'yes', 'no')" }
  { type = strip-html, columns = [text], where = html }
  { type = normalise-text, columns = [text] }
  { type = reject-missing, columns = [text] }
  { type = drop-duplicates, columns = [text] }
""",
    },
}

SHARES = {"1%": 0.01, "10%": 0.1, "all": 1.0}

WAYS = ["scratch", "tf-idf", "frozen", "fine-tuned", "lora"]


def share_of(salt: str) -> str:
    """A number from 0 to 1 that a text has by its hash, in SQL."""
    return f"conv(substr(sha2(concat('{salt}', text), 256), 1, 8), 16, 10) / 4294967296"


def configuration(name: str, way: str, share: str, seed: int) -> str:
    """What one measurement runs."""
    data = SETS[name]
    folder = f"data/models/{data['encoder']}"
    tokens = f'{{ type = tokenizer, path = "{folder}/tokenizer.json", max-length = 128 }}'
    steps = {
        "tf-idf": data["n-grams"],
        "frozen": f'{{ type = sentence-encoder, model = "{folder}", max-length = 128 }}, standardise',
    }.get(way, tokens)
    model = "model { type = network, inputs { text = textcnn } }" if way == "scratch" else ""
    adapt = {
        "fine-tuned": f'train.adapt {{ from = "{folder}" }}',
        "lora": f'train.adapt {{ from = "{folder}", lora {{}} }}',
    }.get(way, "")
    return f"""
pipeline {{ name = {way}, seed = {seed}, runs-dir = "{HOME}/runs" }}
{data["source"]}
clean.rules = [
{data["rules"]}
  {{
    type = derive, column = part, to = STRING
    expression = \"\"\"case
      when {share_of("part")} < 0.15 then 'test'
      when {share_of(f"share {seed}")} >= {SHARES[share]} then null
      when {share_of("part")} < 0.3 then 'validation'
      else 'train' end\"\"\"
  }}
  {{ type = reject-missing, columns = [part] }}
]
split {{ by = column, column = part }}
normalise {{
  label = {data["label"]}
  features = [{{ columns = [text], steps = [{steps}] }}]
}}
{model}
{adapt}
evaluate.baselines = [{"logistic-regression" if way in ("tf-idf", "frozen") else ""}]
"""


def measured() -> dict[tuple[str, str, str, int], dict[str, float]]:
    """What was measured, by set, way, share and seed."""
    if not RESULTS.exists():
        return {}
    lines = [json.loads(line) for line in RESULTS.read_text().splitlines()]
    return {(each["set"], each["way"], each["share"], each["seed"]): each for each in lines}


def measure(work: Path, name: str, way: str, share: str, seed: int) -> None:
    conf = work / f"{way}.conf"
    conf.write_text(configuration(name, way, share, seed))
    for job in ("prepare", "train", "evaluate"):
        trial_kit.sluice(job, str(conf))
    run = HOME / "runs" / way
    metrics = json.loads((trial_kit.current(run, "metrics") / "metrics.json").read_text())
    linear = way in ("tf-idf", "frozen")
    score = (metrics["baselines"]["logistic-regression"] if linear else metrics["test"])["accuracy"]
    intervals = metrics["intervals"]
    interval = (intervals["baselines"]["logistic-regression"] if linear else intervals["test"])["accuracy"]
    rows = metrics["rows"]
    result = {
        "set": name, "way": way, "share": share, "seed": seed, "accuracy": score, "low": interval["low"],
        "high": interval["high"], "train": rows["train"], "validation": rows["validation"], "test": rows["test"],
    }  # fmt: skip
    with RESULTS.open("a") as file:
        file.write(json.dumps(result) + "\n")
    print(f"{name} {share} seed {seed} {way}: {score:.4f}", flush=True)


def mean(scores: list[float]) -> tuple[float, float]:
    """The mean and half of its interval."""
    return statistics.mean(scores), STUDENT * statistics.stdev(scores) / len(scores) ** 0.5


def table(results: dict[tuple[str, str, str, int], dict[str, float]]) -> None:
    print(f"| set | labels | {' | '.join(WAYS)} |\n|---|---|{'---|' * len(WAYS)}")
    for name in SETS:
        for share in SHARES:
            cells = []
            for way in WAYS:
                there = [results[key] for key in results if key[:3] == (name, way, share)]
                if share == "all" and there:
                    cells.append("{accuracy:.4f} [{low:.4f}, {high:.4f}]".format(**there[0]))
                elif len(there) == len(SEEDS):
                    score, half = mean([each["accuracy"] for each in there])
                    cells.append(f"{score:.4f} ± {half:.4f}")
                else:
                    cells.append("")
            print(f"| {name} | {share} | {' | '.join(cells)} |")


def judge(results: dict[tuple[str, str, str, int], dict[str, float]]) -> None:
    """Pretrained against from scratch, where labels are fewest."""
    better = []
    for way in ("frozen", "fine-tuned"):
        keys = [("zh-sentiment", each, "1%", seed) for seed in SEEDS for each in (way, "scratch")]
        if all(key in results for key in keys):
            pairs = [(results[one]["accuracy"], results[other]["accuracy"]) for one, other in zip(keys[::2], keys[1::2])]
            difference, half = mean([one - other for one, other in pairs])
            print(f"zh-sentiment at 1 %, {way} less scratch: {difference:+.4f} ± {half:.4f}")
            better.append(difference > half)
    if better and not any(better):
        raise Broken("a pretrained encoder must beat learning from scratch at 1 % of the labels")


def main() -> None:
    command = trial_kit.parser(__doc__)
    command.add_argument("--set", choices=SETS, action="append", help="one of the sets (both)")
    command.add_argument("--labels", choices=SHARES, action="append", help="one of the shares (all three)")
    arguments = command.parse_args()

    def trial(work: Path) -> None:
        HOME.mkdir(parents=True, exist_ok=True)
        for name in arguments.set or SETS:
            trial_kit.fetch(name, SETS[name]["encoder"])
        for share in arguments.labels or SHARES:
            for name in arguments.set or SETS:
                for seed in SEEDS if share != "all" else [1]:
                    for way in WAYS:
                        if (name, way, share, seed) not in measured():
                            measure(work, name, way, share, seed)
        table(measured())
        judge(measured())

    trial_kit.run(trial)


main()
