"""What scikit-learn's metrics are on some made rows: what MetricsReferenceTest compares with.

    python3 scripts/reference/metrics.py > models/src/test/resources/sluice/evaluation/reference.json

Needs numpy and scikit-learn; the output names their versions. Values go by the names of metrics.json. Probabilities are
sixteenths, which floats hold exactly, and tie often. The calibration error has no counterpart there.
"""

import json

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.preprocessing import label_binarize

random = np.random.default_rng(20)
ROWS = 150


def votes(classes):
    """True classes, and probabilities that lean towards them; none is 0."""
    truth = random.integers(0, classes, ROWS)
    counts = np.ones((ROWS, classes))
    for row in range(ROWS):
        for _ in range(16 - classes):
            counts[row, truth[row] if random.random() < 0.3 else random.integers(0, classes)] += 1
    return truth, counts / 16


def of_classes(classes):
    truth, probabilities = votes(classes)
    predicted = probabilities.argmax(1)
    binary = classes == 2
    average = {"average": "binary" if binary else "macro", "zero_division": 0}
    weighted = {"average": "weighted", "zero_division": 0}
    hits = np.eye(classes)[truth]
    positive = probabilities[:, 1] if binary else probabilities
    return {
        "truth": truth.tolist(),
        "probabilities": probabilities.tolist(),
        "values": {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balancedAccuracy": metrics.balanced_accuracy_score(truth, predicted),
            "precision": metrics.precision_score(truth, predicted, **average),
            "recall": metrics.recall_score(truth, predicted, **average),
            "f1": metrics.f1_score(truth, predicted, **average),
            "macroF1": metrics.f1_score(truth, predicted, average="macro"),
            "mcc": metrics.matthews_corrcoef(truth, predicted),
            "kappa": metrics.cohen_kappa_score(truth, predicted),
            "weightedPrecision": metrics.precision_score(truth, predicted, **weighted),
            "weightedRecall": metrics.recall_score(truth, predicted, **weighted),
            "weightedF1": metrics.f1_score(truth, predicted, **weighted),
            "rocAuc": metrics.roc_auc_score(truth, positive, multi_class="ovr"),
            "prAuc": metrics.average_precision_score(
                truth if binary else label_binarize(truth, classes=range(classes)), positive
            ),
            "logLoss": metrics.log_loss(truth, probabilities),
            "brier": metrics.brier_score_loss(truth, positive)
            if binary
            else float(((probabilities - hits) ** 2).sum(1).mean()),
        },
    }


def of_numbers():
    truth = np.round(random.normal(0, 40, ROWS), 2)
    truth[truth == 0] = 1
    predicted = np.round(truth + random.normal(0, 9, ROWS), 2)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "values": {
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "mae": metrics.mean_absolute_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
            "medianAbsoluteError": metrics.median_absolute_error(truth, predicted),
            "mape": metrics.mean_absolute_percentage_error(truth, predicted),
        },
    }


print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
            "binary": of_classes(2),
            "multiclass": of_classes(4),
            "regression": of_numbers(),
        }
    )
)
