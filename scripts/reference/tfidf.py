"""TF-IDF by scikit-learn: what TfIdfTest compares with.

    python3 scripts/reference/tfidf.py > transforms/src/test/resources/sluice/normalise/tfidf.json

Needs scikit-learn; the output names its version. Texts have no punctuation, of which scikit-learn's words have another
notion, and single spaces, which it makes of others. Values are by n-gram: indices stand in another order there.
"""

import json

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

random = np.random.default_rng(18)
WORDS = ["the", "a", "room", "was", "clean", "Clean", "noisy", "near", "station", "über", "zug", "we", "stayed", "two", "nights"]
SHARES = 1 / np.arange(1, len(WORDS) + 1)


def text():
    return " ".join(random.choice(WORDS, random.integers(0, 12), p=SHARES / SHARES.sum()))


train = [text() for _ in range(30)]
judged = [text() for _ in range(4)] + ["", "unheard of", "room unheard room"]
cases = []
for settings in (
    {"analyzer": "word", "ngram_range": (1, 1), "min_df": 1, "sublinear_tf": False},
    {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "sublinear_tf": False},
    {"analyzer": "word", "ngram_range": (2, 3), "min_df": 1, "sublinear_tf": True},
    {"analyzer": "char", "ngram_range": (2, 3), "min_df": 3, "sublinear_tf": False},
):
    # Words of one letter, too, which are none by default.
    pattern = {"token_pattern": r"(?u)\b\w+\b"} if settings["analyzer"] == "word" else {}
    vectorizer = TfidfVectorizer(**pattern, **settings)
    vectorizer.fit(train)
    names = vectorizer.get_feature_names_out()
    rows = vectorizer.transform(judged)
    values = [{names[i]: v for i, v in sorted(zip(row.indices.tolist(), row.data.tolist()))} for row in rows]
    cases.append({**settings, "features": len(names), "values": values})
print(
    json.dumps(
        {"versions": {"scikit-learn": sklearn.__version__}, "train": train, "judged": judged, "cases": cases},
        ensure_ascii=False,
    )
)
