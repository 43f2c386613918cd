"""Steps of training with PyTorch in one thread: NETWORK SECONDS TURNS, each turn answered by "turn EXAMPLES-A-SECOND"
of the thread's processor time, as Steps.java does."""

import sys
import time

import torch
from torch import nn

CLASSES, STEPS, VOCABULARY, FEATURES, MINIBATCHES, WARM_UP = 10, 64, 8192, 128, 8, 3


class TextCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, FEATURES)
        self.convolutions = nn.ModuleList(nn.Conv1d(FEATURES, 100, width) for width in (3, 4, 5))
        self.out = nn.Linear(300, CLASSES)

    def forward(self, x):
        x = self.words(x).transpose(1, 2)
        return self.out(torch.cat([convolution(x).relu().amax(2) for convolution in self.convolutions], 1))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, FEATURES, batch_first=True)
        self.out = nn.Linear(FEATURES, CLASSES)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self, dimension, blocks):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, dimension)
        self.positions = nn.Parameter(torch.randn(STEPS, dimension) / dimension**0.5)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                dimension, dimension // 32, 4 * dimension, 0.0, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(dimension)
        self.out = nn.Linear(dimension, CLASSES)

    def forward(self, x):
        x = self.words(x) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.out(self.norm(x).mean(1))


def indices(examples):
    return torch.randint(VOCABULARY, (examples, STEPS))


def vectors(examples):
    return torch.randn(examples, STEPS, FEATURES)


NETWORKS = {
    "textcnn": (TextCnn, indices, 64),
    "lstm": (Lstm, vectors, 64),
    "transformer": (lambda: Transformer(128, 2), indices, 32),
    "transformer7m": (lambda: Transformer(256, 6), indices, 32),
}


def main():
    name, seconds, turns = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(42)
    make, draw, examples = NETWORKS[name]
    model = make()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loss_of = nn.CrossEntropyLoss()
    minibatches = [(draw(examples), torch.randint(CLASSES, (examples,))) for _ in range(MINIBATCHES)]
    for turn in range(-WARM_UP, turns):
        start, trained = time.process_time(), 0
        while time.process_time() - start < seconds:
            inputs, labels = minibatches[trained // examples % MINIBATCHES]
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(inputs), labels).backward()
            optimiser.step()
            trained += examples
        if turn >= 0:
            print("turn", trained / (time.process_time() - start), flush=True)


main()
