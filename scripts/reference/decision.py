"""What scikit-learn and SciPy make of scores: the values that DecisionTest compares with.

    python3 scripts/reference/decision.py > models/src/test/resources/sluice/decision/reference.json

Needs numpy, scipy and scikit-learn; the output names their versions.
"""

import json

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef, precision_score, recall_score

random = np.random.default_rng(16)


def temperature(probabilities, truth):
    """The temperature with the least log loss; probabilities as floats of 32 bits, as a network says them."""
    logarithms = np.log(probabilities.astype(np.float32).astype(np.float64))

    def loss(log_temperature):
        scaled = logarithms / np.exp(log_temperature)
        scaled -= scipy.special.logsumexp(scaled, axis=1, keepdims=True)
        return -scaled[np.arange(len(truth)), truth].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-10}).x))


truth = (random.random(200) < 0.3).astype(int)
scores = np.round(1 / (1 + np.exp(1.5 - 3 * (truth + random.normal(size=200)))), 2).clip(0.01, 0.99)
scores = scores.astype(np.float32).astype(np.float64)
isotonic = IsotonicRegression(y_min=1 / 202, y_max=1 - 1 / 202, out_of_bounds="clip").fit(scores, truth)
at = np.round(np.linspace(0, 1, 41), 3)
thresholds = np.unique(scores)
decided = [(scores >= t).astype(int) for t in thresholds]
precision = np.array([precision_score(truth, d) for d in decided])
recall = np.array([recall_score(truth, d) for d in decided])
three_truth = random.integers(0, 3, 150)
logits = 2.5 * random.normal(size=(150, 3)) + 2 * np.eye(3)[three_truth]
three = np.round(scipy.special.softmax(logits, axis=1), 5).clip(1e-5, 1)
print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
            "scores": scores.tolist(),
            "truth": truth.tolist(),
            "isotonic": {"at": at.tolist(), "values": isotonic.predict(at).tolist()},
            "temperature": temperature(np.stack([1 - scores.astype(np.float32), scores.astype(np.float32)], 1), truth),
            "bestF1": max(f1_score(truth, d) for d in decided),
            "bestMcc": max(matthews_corrcoef(truth, d) for d in decided),
            "bestBalancedAccuracy": max(balanced_accuracy_score(truth, d) for d in decided),
            "recallAtPrecision": recall[precision >= 0.8].max(),
            "precisionAtRecall": precision[recall >= 0.9].max(),
            "threeClasses": {
                "probabilities": three.tolist(),
                "truth": three_truth.tolist(),
                "temperature": temperature(three, three_truth),
            },
        }
    )
)
