"""Small models as Keras saves them: what KerasFileTest converts.

    python3 scripts/reference/keras_models.py models/src/test/resources/sluice/network/keras

Needs keras and what it computes with; a file's name ends with the version of Keras. The tests have those of 2.15.0 (with
tensorflow-cpu 2.15.1) and of 3.15.1 (with jax).
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers

keras.utils.set_random_seed(1)
folder, version = sys.argv[1], keras.__version__

columns = keras.Sequential(
    [
        layers.Input((4,)),
        layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.L2(0.25)),
        layers.BatchNormalization(),
        layers.Dropout(0.2),
        layers.Dense(3, activation="softmax"),
    ]
)
columns.save(f"{folder}/columns-{version}.h5", include_optimizer=False)

pixels = layers.Input((8, 6, 3), name="pixels")
first = layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(pixels)
second = layers.Conv2D(4, (3, 5), padding="same", use_bias=False, name="second")(first)
normal = layers.BatchNormalization(name="normal")(second)
joined = layers.Concatenate(name="joined")([first, normal])
total = layers.Add(name="total")([joined, joined])
pooled = layers.MaxPooling2D(2, name="pooled")(total)
flat = layers.Flatten(name="flat")(pooled)
dense = layers.Dense(5, activation="tanh", name="dense")(flat)
answer = layers.Dense(1, activation="sigmoid", name="answer")(dense)
picture = keras.Model(pixels, answer)
picture.save(f"{folder}/picture-{version}.h5", include_optimizer=False)
if version >= "3":
    picture.save(f"{folder}/picture-{version}.keras")

words = keras.Sequential(
    [
        layers.Input((None,)),
        layers.Embedding(20, 8, mask_zero=True),
        layers.Dropout(0.2),
        layers.LSTM(6),
        layers.Dense(1, activation="sigmoid"),
    ]
)
words.save(f"{folder}/words-{version}.h5", include_optimizer=False)

frames = layers.Input((None, 3), name="frames")
seen = layers.Conv1D(5, 3, padding="same", activation="relu", name="seen")(frames)
both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")(seen)
mean = layers.GlobalAveragePooling1D(name="mean")(both)
answer = layers.Dense(3, activation="softmax", name="answer")(mean)
series = keras.Model(frames, answer)
series.save(f"{folder}/series-{version}.h5", include_optimizer=False)
