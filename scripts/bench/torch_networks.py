"""The networks that benchmarks train, in PyTorch; BenchNetwork.java has the same ones."""

import torch
from torch import nn
from torch.nn import functional

CLASSES, STEPS, VOCABULARY, WIDTH = 10, 64, 8192, 128


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, CLASSES))


def lenet():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, CLASSES),
    )  # fmt: skip


def normalised(channels, filters, size, stride):
    """A convolution and its batch normalisation, whose shift takes the place of a bias."""
    convolution = nn.Conv2d(channels, filters, size, stride, padding=size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters))


class ResidualBlock(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = normalised(channels, filters, 3, stride)
        self.second = normalised(filters, filters, 3, 1)
        same = stride == 1 and channels == filters
        self.shortcut = nn.Identity() if same else normalised(channels, filters, 1, stride)

    def forward(self, x):
        return functional.relu(self.second(functional.relu(self.first(x))) + self.shortcut(x))


def resnet():
    """ResNet-20 (He et al. 2016, section 4.2)."""
    blocks = []
    for channels, filters, stride in (16, 16, 1), (16, 32, 2), (32, 64, 2):
        blocks.append(ResidualBlock(channels, filters, stride))
        blocks += [ResidualBlock(filters, filters, 1) for _ in range(2)]
    network = nn.Sequential(
        nn.Unflatten(1, (3, 32, 32)),
        normalised(3, 16, 3, 1), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES),
    )  # fmt: skip
    # Faster on CPUs than channels first.
    return network.to(memory_format=torch.channels_last)


class TextCnn(nn.Module):
    """Convolutions of several widths over tokens (Kim 2014), which see zeros beyond the ends."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.convolutions = nn.ModuleList(nn.Conv1d(WIDTH, 100, width, padding=width // 2) for width in (3, 4, 5))
        self.out = nn.Linear(300, CLASSES)

    def forward(self, x):
        x = self.words(x).transpose(1, 2)
        # An even width gives one step too many, the first.
        pooled = [convolution(x)[:, :, -STEPS:].relu().amax(2) for convolution in self.convolutions]
        return self.out(torch.cat(pooled, 1))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.lstm = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        self.out = nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        return self.out(self.lstm(self.words(x))[0][:, -1])


class SentenceCnn(nn.Module):
    """TextCnn over sentences: the token 0 stands for none."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH, padding_idx=0)
        self.convolutions = nn.ModuleList(nn.Conv1d(WIDTH, 100, width, padding=width // 2) for width in (3, 4, 5))
        self.dropout = nn.Dropout(0.5)
        self.out = nn.Linear(300, CLASSES)

    def forward(self, x):
        beyond = (x == 0)[:, None, :]
        x = self.words(x).transpose(1, 2)
        steps = [convolution(x)[:, :, -STEPS:].relu() for convolution in self.convolutions]
        # Nothing that ReLU gives is below the zeros of the padding.
        pooled = [each.masked_fill(beyond, 0).amax(2) for each in steps]
        return self.out(self.dropout(torch.cat(pooled, 1)))


class Gru(nn.Module):
    """Both directions over the tokens that there are, and a mean of the states by learnt attention."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH, padding_idx=0)
        self.gru = nn.GRU(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.2)
        self.query = nn.Parameter(torch.randn(2 * WIDTH) / (2 * WIDTH) ** 0.5)
        self.out = nn.Linear(2 * WIDTH, CLASSES)

    def forward(self, x):
        mask = x != 0
        packed = nn.utils.rnn.pack_padded_sequence(
            self.words(x), mask.sum(1).cpu(), batch_first=True, enforce_sorted=False
        )
        states = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=STEPS)[0]
        states = self.dropout(states)
        fit = (states @ self.query / (2 * WIDTH) ** 0.5).masked_fill(~mask, -torch.inf).softmax(1)
        return self.out((fit[:, None, :] @ states)[:, 0])


class Block(nn.Module):
    """Attention and two connected layers, with norms ahead."""

    def __init__(self, width, dropout):
        super().__init__()
        self.heads, self.rate = width // 32, dropout
        self.dropout = nn.Dropout(dropout)
        self.attention_norm, self.hidden_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.gathered = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.hidden, self.back = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        examples, steps, width = x.shape
        heads = self.attention(self.attention_norm(x)).view(examples, steps, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        rate = self.rate if self.training else 0
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=rate)
        x = x + self.dropout(self.gathered(attended.transpose(1, 2).reshape(examples, steps, width)))
        hidden = self.dropout(functional.gelu(self.hidden(self.hidden_norm(x)), approximate="tanh"))
        return x + self.dropout(self.back(hidden))


class Transformer(nn.Module):
    """Blocks over tokens, and the mean of those that there are: the token 0 stands for none."""

    def __init__(self, width, blocks, dropout=0.0):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, width)
        self.positions = nn.Parameter(torch.randn(STEPS, width) / width**0.5)
        self.blocks = nn.ModuleList(Block(width, dropout) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, CLASSES)

    def forward(self, x):
        mask = x != 0
        x = self.words(x) + self.positions
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        mask = mask[:, :, None].to(x.dtype)
        return self.out((self.norm(x) * mask).sum(1) / mask.sum(1))


# What makes each, its minibatch, and the file that has its examples behind the name of the part.
NETWORKS = {
    "mlp": (mlp, 128, "images-idx3-ubyte"),
    "lenet": (lenet, 64, "images-idx3-ubyte"),
    "resnet": (resnet, 64, "images-idx4-ubyte"),
    "textcnn": (TextCnn, 64, "tokens-idx2-int"),
    "lstm": (Lstm, 64, "tokens-idx2-int"),
    "transformer": (lambda: Transformer(WIDTH, 2), 32, "tokens-idx2-int"),
    "transformer7m": (lambda: Transformer(2 * WIDTH, 6), 32, "tokens-idx2-int"),
    "text-cnn": (SentenceCnn, 64, "tokens-idx2-int"),
    "text-gru": (Gru, 64, "tokens-idx2-int"),
    "text-transformer": (lambda: Transformer(WIDTH, 2, dropout=0.1), 32, "tokens-idx2-int"),
}


def made(name):
    """A network with initial weights, what trains it, and its minibatch."""
    torch.manual_seed(42)
    make, batch, _ = NETWORKS[name]
    model = make()
    penalty = 1e-4 if name == "resnet" else 0
    weights = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": weights, "weight_decay": penalty}, {"params": others}]
    return model, torch.optim.Adam(groups, lr=0.001, fused=True), batch


def step(model, optimiser, inputs, labels):
    optimiser.zero_grad(set_to_none=True)
    functional.cross_entropy(model(inputs), labels).backward()
    optimiser.step()
