"""What comes of the defaults, beside scikit-learn on the same rows. [--seeds N] [--options "OPTION..."] [SET]...

A set is a configuration in scripts/bench/defaults, in which no key of model, train, decide or evaluate is given. Each is
run with N seeds (10, of flights 3), which divide the rows otherwise and start the network otherwise. scikit-learn's linear
model and HistGradientBoosting, as they are by default, get the train rows of the run's own features (exported as they lie in
the stage `features`); categories go to the trees as such and to the linear model as one-hot columns. Printed are, by set, means
over the seeds, and 95 % intervals of the mean of the paired differences (Student's t).
"""

import argparse
import json
import math
import statistics
import tempfile
import time
import warnings
from pathlib import Path

import figures
import numpy as np
import pyarrow.parquet as parquet
from scipy.stats import t as student
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score, root_mean_squared_error

SETS = figures.ROOT / "scripts" / "bench" / "defaults"
FIRST_SEED = 42
MOST_CATEGORIES = 255


def features(run):
    """Features by column, which of them are categories, labels and parts of the run's rows."""
    attempt, _ = figures.current(run, "features")
    table = parquet.read_table(attempt)
    columns, categories = [], []
    for name in table.column_names:
        # `_truth` is the label before it was scaled.
        if name not in ("key", "part", "label", "_truth"):
            values = np.array(table[name].to_pylist())
            values = values.reshape(len(values), -1)
            categories += [values.dtype.kind == "i"] * values.shape[1]
            columns.append(values.astype(float))
    return np.hstack(columns), np.array(categories), np.array(table["label"].to_pylist()), np.array(table["part"].to_pylist())


def one_hot(values, categories):
    return np.hstack(
        [
            np.eye(int(column.max()) + 1)[column.astype(int)] if category else column[:, None]
            for column, category in zip(values.T, categories)
        ]
    )


def theirs(run, task):
    """ROC AUC (macro), or the share of the constant's RMSE that is left, of the linear model and of the trees."""
    x, categories, y, part = features(run)
    train, test = part == "train", part == "test"
    native = categories & (x.max(axis=0) < MOST_CATEGORIES)
    wide = one_hot(x, categories)
    if task == "regression":
        constant = root_mean_squared_error(y[test], np.full(test.sum(), y[train].mean()))
        linear = LinearRegression().fit(wide[train], y[train]).predict(wide[test])
        trees = HistGradientBoostingRegressor(categorical_features=native, random_state=0).fit(x[train], y[train]).predict(x[test])
        return [root_mean_squared_error(y[test], said) / constant for said in (linear, trees)]
    y = y.astype(int)
    linear = LogisticRegression(max_iter=1000).fit(wide[train], y[train]).predict_proba(wide[test])
    trees = HistGradientBoostingClassifier(categorical_features=native, random_state=0).fit(x[train], y[train]).predict_proba(x[test])
    return [
        roc_auc_score(y[test], said[:, 1]) if said.shape[1] == 2 else roc_auc_score(y[test], said, multi_class="ovr")
        for said in (linear, trees)
    ]


def ours(metrics):
    """The same of the network and of our own trees."""
    trees = metrics["baselines"]["gradient-boosted-trees"]
    if metrics["task"] == "regression":
        constant = metrics["baselines"]["mean"]["rmse"]
        return [model["rmse"] / constant for model in (metrics["test"], trees)]
    return [model["rocAuc"] for model in (metrics["test"], trees)]


def interval(differences):
    mean = statistics.mean(differences)
    if len(differences) < 2:
        return f"{mean:+.4f}"
    half = student.ppf(0.975, len(differences) - 1) * statistics.stdev(differences) / math.sqrt(len(differences))
    return f"{mean:+.4f} [{mean - half:+.4f}, {mean + half:+.4f}]"


def measure(name, seeds, options):
    found, seconds = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        with tempfile.TemporaryDirectory(prefix="sluice-bench-") as work:
            begun = time.monotonic()
            overrides = ["--set", f"pipeline.runs-dir={work}", "--set", f"pipeline.seed={seed}"]
            figures.sluice("run", str(SETS / f"{name}.conf"), *options, *overrides)
            seconds.append(time.monotonic() - begun)
            run = figures.the_run(Path(work))
            attempt, _ = figures.current(run, "metrics")
            metrics = json.loads((attempt / "metrics.json").read_text())
            found.append(ours(metrics) + theirs(run, metrics["task"]))
    network, trees, linear, hist = (list(values) for values in zip(*found))
    # More is better of ROC AUC, less of RMSE: a difference above zero is always the network's.
    sign = -1 if metrics["task"] == "regression" else 1
    against_linear = [sign * (a - b) for a, b in zip(network, linear)]
    against_hist = [sign * (a - b) for a, b in zip(network, hist)]
    print(
        f"| {name} | {'RMSE / constant' if sign < 0 else 'ROC AUC'} | {statistics.mean(network):.4f} | {statistics.mean(linear):.4f} | "
        f"{statistics.mean(hist):.4f} | {statistics.mean(trees):.4f} | {interval(against_linear)} | {interval(against_hist)} | "
        f"{statistics.mean(seconds):.0f} |",
        flush=True,
    )
    return {
        f"{name}.network": statistics.mean(network),
        f"{name}.trees": statistics.mean(trees),
        f"{name}.scikit-learn.linear": statistics.mean(linear),
        f"{name}.scikit-learn.trees": statistics.mean(hist),
        f"{name}.seconds": statistics.mean(seconds),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--options", default="")
    parser.add_argument("sets", nargs="*", default=sorted(file.stem for file in SETS.glob("*.conf")))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print("| set | metric | network | linear | HistGradientBoosting | our trees | network - linear | network - HistGradientBoosting | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    results = {}
    for name in arguments.sets:
        seeds = arguments.seeds or (3 if name == "flights" else 10)
        results |= measure(name, seeds, arguments.options.split())
    figures.write("defaults", results)


main()
