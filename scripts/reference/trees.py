"""How good scikit-learn's HistGradientBoosting is on some made rows: what BoostingTest compares with.

    python3 scripts/reference/trees.py > models/src/test/resources/sluice/boosting/reference.json

Needs numpy and scikit-learn; the output names their versions. The first 1,000 rows are trained, the last 500 judged.
"""

import json

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, root_mean_squared_error

random = np.random.default_rng(16)
a, b = np.round(random.normal(size=(2, 1800)), 3)
category = random.integers(0, 6, 1800)
value = np.round(a + 2 * a * b + np.where(category % 2 == 0, 2, 0) + 0.5 * random.normal(size=1800), 3)
binary = (value > 1.5).astype(int)
several = np.where(value > 2, 2, np.where(value > 0, 1, 0))
x = np.stack([a, b, category], 1)
options = {"categorical_features": [2], "random_state": 0}


def loss(labels):
    model = HistGradientBoostingClassifier(**options).fit(x[:1000], labels[:1000])
    return log_loss(labels[1300:], model.predict_proba(x[1300:]))


model = HistGradientBoostingRegressor(**options).fit(x[:1000], value[:1000])
print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
            "regression": root_mean_squared_error(value[1300:], model.predict(x[1300:])),
            "binary": loss(binary),
            "multiclass": loss(several),
            "rows": {
                "columns": [a.tolist(), b.tolist(), category.tolist()],
                "regression": value.tolist(),
                "binary": binary.tolist(),
                "multiclass": several.tolist(),
            },
        }
    )
)
