"""Steps of training with PyTorch in one thread: NETWORK SECONDS TURNS, each turn answered by "turn EXAMPLES-A-SECOND"
of the thread's processor time, as Steps.java does."""

import sys
import time

import torch

from torch_networks import CLASSES, NETWORKS, STEPS, VOCABULARY, made, step

MINIBATCHES, WARM_UP = 8, 3
PIXELS = {"images-idx3-ubyte": 784, "images-idx4-ubyte": 3072}


def drawn(name, count):
    """Examples as LabelledExamples.java draws them, with random labels."""
    file = NETWORKS[name][2]
    labels = torch.randint(CLASSES, (count,))
    if file in PIXELS:
        return torch.rand(count, PIXELS[file]), labels
    tokens = torch.randint(1, VOCABULARY, (count, STEPS))
    if name.startswith("transformer"):
        lengths = torch.randint(STEPS // 2, STEPS + 1, (count, 1))
        tokens[torch.arange(STEPS) >= lengths] = 0
    return tokens, labels


def main():
    name, seconds, turns = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    model, optimiser, batch = made(name)
    minibatches = [drawn(name, batch) for _ in range(MINIBATCHES)]
    for turn in range(-WARM_UP, turns):
        start, trained = time.process_time(), 0
        while time.process_time() - start < seconds:
            step(model, optimiser, *minibatches[trained // batch % MINIBATCHES])
            trained += batch
        if turn >= 0:
            print("turn", trained / (time.process_time() - start), flush=True)


main()
