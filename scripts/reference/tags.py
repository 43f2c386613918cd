"""What seqeval and scikit-learn say of made tags: what TagPredictionsTest compares with.

    python3 scripts/reference/tags.py > models/src/test/resources/sluice/evaluation/classification/tags.json

Needs numpy, scikit-learn and seqeval; the output names their versions. seqeval knows no m, which it calls I. Tags follow
each other as they come, so that many break the scheme; texts may be of any length, also none.
"""

import importlib.metadata
import json

import numpy as np
import sklearn
from seqeval.metrics import f1_score, precision_score, recall_score
from sklearn.metrics import accuracy_score
from sklearn.metrics import f1_score as f1_of_classes

random = np.random.default_rng(4)


def texts(tags, rows):
    truth, predicted = [], []
    for _ in range(rows):
        true = [tags[i] for i in random.integers(0, len(tags), random.integers(0, 12))]
        truth.append(true)
        predicted.append([tag if random.random() < 0.7 else tags[random.integers(0, len(tags))] for tag in true])
    return truth, predicted


def of(tags, name, rows=120):
    truth, predicted = texts(tags, rows)
    known = [[[name(tag) for tag in text] for text in texts] for texts in (truth, predicted)]
    flat = [[tag for text in texts for tag in text] for texts in (truth, predicted)]
    return {
        "tags": sorted(tags),
        "truth": truth,
        "predicted": predicted,
        "values": {
            "spanPrecision": precision_score(*known),
            "spanRecall": recall_score(*known),
            "spanF1": f1_score(*known),
            "accuracy": accuracy_score(*flat),
            "macroF1": f1_of_classes(*flat, average="macro"),
        },
    }


print(
    json.dumps(
        {
            "versions": {
                "numpy": np.__version__,
                "scikit-learn": sklearn.__version__,
                "seqeval": importlib.metadata.version("seqeval"),
            },
            "bio": of(["O", "B-a", "I-a", "B-b", "I-b"], lambda tag: tag),
            "bmes": of(["b", "m", "e", "s"], lambda tag: tag.upper().replace("M", "I")),
        }
    )
)
