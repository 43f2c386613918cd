"""What the field's libraries make of texts, as Texts.java does it: each line on standard input asks for a turn, each turn is
answered by "texts COUNT SECONDS", and "ready" follows the first one. WAY FILE MOST [FOLDER], where WAY is

    tfidf    scikit-learn's TfidfVectorizer, words and pairs of words, fit and transform
    bpe      Hugging Face's tokenizers, learning of byte pairs over bytes
    encoder  ONNX Runtime with two threads, vectors by the first token, texts of alike length in minibatches of 32
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


def encoder(most, folder):
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])

    def encode(texts):
        encoded = sorted((each.ids for each in tokenizer.encode_batch(texts)), key=len)
        for first in range(0, len(encoded), 32):
            batch = encoded[first : first + 32]
            ids = np.zeros((len(batch), len(batch[-1])), np.int64)
            mask = np.zeros_like(ids)
            for row, tokens in enumerate(batch):
                ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            vectors = session.run(None, feeds)[0][:, 0]
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    return encode


def main():
    way, file, most, *more = sys.argv[1:]
    work = {"tfidf": tfidf, "bpe": bpe, "encoder": encoder}[way](int(most), *more)
    texts = Path(file).read_text().splitlines()
    work(texts)
    print("ready", flush=True)
    while sys.stdin.readline():
        start = time.perf_counter()
        work(texts)
        print("texts", len(texts), time.perf_counter() - start, flush=True)


main()
