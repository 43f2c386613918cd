"""What scikit-learn says of made sets: what SetPredictionsTest compares with.

    python3 scripts/reference/sets.py > models/src/test/resources/sluice/evaluation/classification/sets.json

Needs numpy and scikit-learn; the output names their versions. Some rows have no name, true or predicted; "absent" has names
that no row has, of which scikit-learn takes the mean of the others alone where it is told their indices.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    hamming_loss,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
    roc_auc_score,
)

random = np.random.default_rng(6)
warnings.filterwarnings("ignore")


def of(shares, rows):
    truth = (random.random((rows, len(shares))) < shares).astype(int)
    said = np.clip(0.35 * truth + random.normal(0.3, 0.2, truth.shape), 0, 1)
    probabilities = np.round(said, 2).astype(np.float32)
    predicted = (probabilities >= 0.5).astype(int)
    there = [i for i in range(len(shares)) if truth[:, i].any()]
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, average=None)
    return {
        "truth": [[int(i) for i in np.flatnonzero(row)] for row in truth],
        "probabilities": [[round(float(p), 2) for p in row] for row in probabilities],
        "values": {
            "microF1": f1_score(truth, predicted, average="micro"),
            "microPrecision": precision_score(truth, predicted, average="micro"),
            "microRecall": recall_score(truth, predicted, average="micro"),
            "macroF1": f1_score(truth, predicted, average="macro", labels=there),
            "samplesF1": f1_score(truth, predicted, average="samples"),
            "subsetAccuracy": accuracy_score(truth, predicted),
            "hammingLoss": hamming_loss(truth, predicted),
            "rocAuc": roc_auc_score(truth[:, there], probabilities[:, there], average="macro"),
        },
        "names": [
            {
                "support": int(support[i]),
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "rocAuc": roc_auc_score(truth[:, i], probabilities[:, i]),
                "prAuc": average_precision_score(truth[:, i], probabilities[:, i]),
            }
            for i in there
        ],
    }


print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
            "all": of(np.array([0.5, 0.3, 0.1, 0.05]), 120),
            "absent": of(np.array([0.4, 0.0, 0.2, 0.0, 0.1]), 80),
        }
    )
)
