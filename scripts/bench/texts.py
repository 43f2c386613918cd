"""How near scikit-learn the pipelines of texts come: its TF-IDF and logistic regression on the same rows and parts. [CONF]...

Each configuration is run in runs/ up to the network (what is there and unchanged stays) and evaluated with evaluate.predictions =
true. scikit-learn gets the cleaned texts of the same train rows, n-grams as the configurations have them (of words or characters,
those that two train rows have) and its logistic regression as it is by default. Ours is the network or our own logistic regression,
whichever is better on the validation part. Printed are scores on the test part, and 95 % intervals of the difference, ours less
scikit-learn's, over 1,000 resamples of the test rows.
"""

import argparse
from pathlib import Path

import figures
import numpy as np
import pyarrow.compute as compute
import pyarrow.parquet as parquet
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

# The texts of a row, what n-grams are made of and how long they are, and what counts.
SETS = {
    "spam-assassin": (["subject", "text"], "word", (1, 2), "accuracy"),
    "tweets": (["text"], "word", (1, 2), "accuracy"),
    "zh-sentiment": (["text"], "char", (1, 3), "accuracy"),
    "poems": (["text"], "char", (1, 2), "macro F1"),
}
RESAMPLES = 1000


def roc_auc(truth, probabilities, weights):
    if probabilities.shape[1] == 2:
        return roc_auc_score(truth, probabilities[:, 1], sample_weight=weights)
    classes = range(probabilities.shape[1])
    return np.mean([roc_auc_score(truth == each, probabilities[:, each], sample_weight=weights) for each in classes])


METRICS = {
    "accuracy": lambda truth, said, weights: accuracy_score(truth, said.argmax(1), sample_weight=weights),
    "macro F1": lambda truth, said, weights: f1_score(truth, said.argmax(1), sample_weight=weights, average="macro"),
    "ROC AUC": roc_auc,
}


def keyed(table, key):
    """The rows of a table in the order of their keys."""
    return table.take(compute.sort_indices(table[key]))


def rows(run, columns):
    """Texts, labels and parts of a run's rows in the order of their keys."""
    split = keyed(parquet.read_table(figures.current(run, "split")[0], columns=["_key", *columns]), "_key")
    features = keyed(parquet.read_table(figures.current(run, "features")[0], columns=["key", "part", "label"]), "key")
    if split["_key"].to_pylist() != features["key"].to_pylist():
        raise SystemExit(f"{run}: split and features must have the same rows")
    texts = ["\n".join(text or "" for text in row) for row in zip(*(split[column].to_pylist() for column in columns))]
    return np.array(texts, dtype=object), np.array(features["label"].to_pylist()), np.array(features["part"].to_pylist())


def ours(run):
    """By model and part, the probabilities of the rows in the order of their keys."""
    table = keyed(parquet.read_table(figures.current(run, "metrics")[0] / "predictions.parquet"), "key")
    models, parts = np.array(table["model"].to_pylist()), np.array(table["part"].to_pylist())
    outputs = np.array(table["outputs"].to_pylist())
    return {
        model: {part: outputs[(models == model) & (parts == part)] for part in ("validation", "test")}
        for model in np.unique(models)
    }


def measure(conf):
    columns, analyzer, lengths, counts = SETS[conf.stem]
    for job in ("prepare", "train", "evaluate"):
        figures.sluice(job, str(conf), "--set", "evaluate.predictions=true")
    run = figures.ROOT / "runs" / conf.stem
    texts, labels, part = rows(run, columns)
    train, validation, test = part == "train", part == "validation", part == "test"
    vectors = TfidfVectorizer(analyzer=analyzer, ngram_range=lengths, min_df=2)
    theirs = LogisticRegression(max_iter=1000).fit(vectors.fit_transform(texts[train]), labels[train])
    theirs = theirs.predict_proba(vectors.transform(texts[test]))

    metric = METRICS[counts]
    models = ours(run)
    ways = ["network", "logistic-regression"]
    best = max(ways, key=lambda model: metric(labels[validation], models[model]["validation"], None))
    truth = labels[test]
    scores = [metric(truth, models[model]["test"], None) for model in ("majority", "logistic-regression", "network")]
    print(
        f"| {conf.stem} | {train.sum():,} | {counts} | "
        + " | ".join(f"{score:.4f}" for score in [*scores, metric(truth, theirs, None)])
        + f" | {best} | "
        + " | ".join(interval(each, truth, models[best]["test"], theirs) for each in METRICS.values())
        + " |",
        flush=True,
    )
    names = ["constant", "linear", "network", "scikit-learn"]
    return {f"{conf.stem}.{name}": score for name, score in zip(names, [*scores, metric(truth, theirs, None)])}


def interval(metric, truth, one, other):
    random = np.random.default_rng(42)
    differences = []
    for _ in range(RESAMPLES):
        weights = np.bincount(random.integers(len(truth), size=len(truth)), minlength=len(truth))
        differences.append(metric(truth, one, weights) - metric(truth, other, weights))
    low, high = np.quantile(differences, [0.025, 0.975])
    return f"{metric(truth, one, None) - metric(truth, other, None):+.4f} [{low:+.4f}, {high:+.4f}]"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("confs", nargs="*", type=Path, default=[figures.ROOT / "conf" / f"{name}.conf" for name in SETS])
    arguments = parser.parse_args()
    for conf in arguments.confs:
        if conf.stem not in SETS:
            parser.error(f"CONF must be one of {', '.join(SETS)}, got {conf}")
    differences = " | ".join(f"difference in {name}" for name in METRICS)
    print(f"| set | train rows | metric | constant | our linear | network | scikit-learn | ours by validation | {differences} |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    results = {}
    for conf in arguments.confs:
        results |= measure(conf)
    figures.write("texts", results)


main()
