"""Piecewise linear encodings by numpy: what PiecewiseLinearTest compares with.

    python3 scripts/reference/bins.py > transforms/src/test/resources/sluice/normalise/bins.json

Needs numpy; the output names its version. Edges and encoding as in the code of Gorishniy et al. 2022: the distinct quantiles, and
of each bin the share below the number, the outer ones not clipped at the outer edges.
"""

import json

import numpy as np


def encoded(edges, numbers):
    shares = (numbers[:, None] - edges[:-1]) / np.diff(edges)
    shares[:, 1:] = np.maximum(shares[:, 1:], 0)
    shares[:, :-1] = np.minimum(shares[:, :-1], 1)
    return shares


random = np.random.default_rng(22)
samples = {
    "gaussian": np.round(random.normal(size=997), 3),
    "ties": random.integers(0, 5, 400).astype(float),
    "skewed": np.round(np.exp(2 * random.normal(size=600)), 3),
}
cases = []
for name, train in samples.items():
    for bins in (1, 2, 7, 48):
        edges = np.unique(np.quantile(train, np.linspace(0, 1, bins + 1)))
        numbers = np.concatenate([random.choice(train, 10), edges[[0, -1]], [train.min() - 3, train.max() + 40]])
        cases.append({"sample": name, "bins": bins, "numbers": numbers.tolist(), "values": encoded(edges, numbers).tolist()})
print(json.dumps({"versions": {"numpy": np.__version__}, "samples": {k: v.tolist() for k, v in samples.items()}, "cases": cases}))
