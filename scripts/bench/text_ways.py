"""What the field's libraries make of texts, as Texts.java does it: each line on standard input asks for a turn, each turn is
answered by "texts COUNT SECONDS", and "ready" follows the first one. WAY FILE MOST, where WAY is

    tfidf    scikit-learn's TfidfVectorizer, words and pairs of words, fit and transform
    bpe      Hugging Face's tokenizers, learning of byte pairs over bytes
"""

import sys
import time
from pathlib import Path


def tfidf(most):
    from sklearn.feature_extraction.text import TfidfVectorizer

    return lambda texts: TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=most).fit_transform(texts)


def bpe(most):
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    def learn(texts):
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            vocab_size=256 + most, min_frequency=2, initial_alphabet=alphabet, show_progress=False
        )
        tokenizer.train_from_iterator(texts, trainer, length=len(texts))

    return learn


def main():
    way, file, most = sys.argv[1:]
    work = {"tfidf": tfidf, "bpe": bpe}[way](int(most))
    texts = Path(file).read_text().splitlines()
    work(texts)
    print("ready", flush=True)
    while sys.stdin.readline():
        start = time.perf_counter()
        work(texts)
        print("texts", len(texts), time.perf_counter() - start, flush=True)


main()
