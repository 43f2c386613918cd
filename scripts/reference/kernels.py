"""What PyTorch computes in layers, losses and updaters: what TorchReferenceTest compares with.

    python3 scripts/reference/kernels.py > models/src/test/resources/sluice/network/torch.json

Needs torch (the CPU is enough); the output names its version. A case is a small network: its parameters lie one behind
the other as Deeplearning4j has them, matrices of [in, out] by columns, which is PyTorch's [out, in] by rows. Numbers are
computed in double precision; loss and gradients are those of the mean over the examples.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
EXAMPLES = 5
CLASSES = 3


def rounded(tensor, digits=8):
    return [float(f"{x:.{digits}g}") for x in tensor.flatten().tolist()]


class Parameters:
    """Slices of one vector, in the order in which they are asked for."""

    def __init__(self, random):
        self.random = random
        self.parts = []

    def draw(self, *shape, scale=0.6, around=0.0):
        values = torch.tensor(rounded(around + scale * torch.randn(*shape, generator=self.random), 6))
        self.parts.append(values.reshape(shape).requires_grad_())
        return self.parts[-1]

    def linear(self, x, n_in, n_out, bias=True):
        weight = self.draw(n_out, n_in)
        return F.linear(x, weight, self.draw(n_out, scale=0.3) if bias else None)

    def norm(self, x, size):
        return F.layer_norm(x, (size,), self.draw(size, around=1, scale=0.3), self.draw(size, scale=0.3), 1e-5)

    def flat(self, of=lambda part: part):
        return torch.cat([of(part).flatten() for part in self.parts])


def attention(p, x, width, heads, causal, out):
    """Of [examples, time, features]."""
    n, time, features = x.shape
    qkv = p.linear(x, features, 3 * width)
    q, k, v = (part.reshape(n, time, heads, width // heads).transpose(1, 2) for part in qkv.chunk(3, -1))
    gathered = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return p.linear(gathered.transpose(1, 2).reshape(n, time, width), width, out)


def block(p, x, size, heads, hidden, causal, pre):
    """The parameters come in another order than they are needed in."""
    gain1, bias1 = p.draw(size, around=1, scale=0.3), p.draw(size, scale=0.3)
    first = lambda z: F.layer_norm(z, (size,), gain1, bias1, 1e-5)
    attended = attention(p, first(x) if pre else x, size, heads, causal, size)
    gain2, bias2 = p.draw(size, around=1, scale=0.3), p.draw(size, scale=0.3)
    second = lambda z: F.layer_norm(z, (size,), gain2, bias2, 1e-5)
    total = x + attended
    read = second(total) if pre else first(total)
    back = p.linear(F.gelu(p.linear(read, size, hidden), approximate="tanh"), hidden, size)
    return total + back if pre else second(read + back)


def tokens(p, x, numbers, categories, size):
    vectors = p.draw(numbers, size)
    tables = [p.draw(count, size) for count in categories]
    biases, example = p.draw(numbers + len(categories), size), p.draw(1, size)
    columns = [x[:, i : i + 1] * vectors[i] for i in range(numbers)]
    columns += [table[x[:, numbers + i].long()] for i, table in enumerate(tables)]
    own = [column + biases[i] for i, column in enumerate(columns)]
    return torch.stack(own + [example.expand(len(x), size)], 1)


def embedding(p, x, counts, sizes):
    tables = [p.draw(count, size) for count, size in zip(counts, sizes)]
    return torch.cat([table[x[:, i].long()] for i, table in enumerate(tables)], 1)


def weighted_bag(p, x, count, size):
    return F.embedding_bag(x[:, :, 0].long(), p.draw(count, size), per_sample_weights=x[:, :, 1], mode="sum")


def periodic(p, x, columns, frequencies, size):
    f = p.draw(columns, frequencies)
    weights = [p.draw(2 * frequencies, size) for _ in range(columns)]
    biases = p.draw(columns, size)
    angles = 2 * math.pi * x.unsqueeze(2) * f
    encoded = torch.cat([angles.cos(), angles.sin()], 2)
    return F.relu(torch.cat([encoded[:, i] @ weights[i] + biases[i] for i in range(columns)], 1))


EDGES = [[-1.0, -0.25, 0.5, 1.5], [-0.5, 0.75]]


def piecewise(p, x, size):
    weights = [p.draw(len(edges) - 1, size) for edges in EDGES]
    biases = p.draw(len(EDGES), size)
    parts = []
    for i, edges in enumerate(EDGES):
        edge = torch.tensor(edges)
        place = (x[:, i : i + 1] - edge[:-1]) / (edge[1:] - edge[:-1])
        bins = place.shape[1]
        low = torch.tensor([-math.inf if b == 0 else 0.0 for b in range(bins)])
        high = torch.tensor([math.inf if b == bins - 1 else 1.0 for b in range(bins)])
        parts.append(torch.minimum(torch.maximum(place, low), high) @ weights[i] + biases[i])
    return torch.cat(parts, 1)


def convolution(p, x, n_in, n_out, kernel, **how):
    """Deeplearning4j has the biases first."""
    bias = p.draw(n_out, scale=0.3)
    return F.conv2d(x, p.draw(n_out, n_in, *kernel), bias, **how)


def batch_norm(p, x, channels):
    """Running statistics are parameters, of which a step takes a tenth from the batch: the mean, and the decimal logarithm
    of the deviation."""
    gain, shift = p.draw(channels, around=1, scale=0.3), p.draw(channels, scale=0.3)
    mean, logarithm = p.draw(channels), p.draw(channels, scale=0.1)
    dims = [d for d in range(x.dim()) if d != 1]
    with torch.no_grad():
        own = x.mean(dims), x.var(dims, unbiased=False)
    mean.grad = 0.1 * (mean.detach() - own[0])
    variance = 100 ** logarithm.detach()
    logarithm.grad = logarithm.detach() - torch.log10(0.9 * variance + 0.1 * own[1]) / 2
    return F.batch_norm(x, None, None, gain, shift, True, eps=1e-5)


def last(x):
    return x[:, -1]


def stack(activation):
    return lambda p, x: activation(p.linear(activation(p.linear(x, 7, 5)), 5, 4))


ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": F.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softmax": lambda x: F.softmax(x, 1),
    "selu": F.selu,
    "silu": F.silu,
    "mish": F.mish,
    "gelu-sigmoid": lambda x: x * torch.sigmoid(1.702 * x),
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
    "gelu-erf": F.gelu,
}


def series(features, time):
    return lambda random: torch.randn(EXAMPLES, time, features, generator=random)


def rows(width):
    return lambda random: torch.randn(EXAMPLES, width, generator=random)


def picture(*shape):
    return lambda random: torch.randn(EXAMPLES, *shape, generator=random)


def mixed(numbers, categories):
    def draw(random):
        columns = [torch.randn(EXAMPLES, numbers, generator=random)] if numbers else []
        for count in categories:
            columns.append(torch.randint(0, count, (EXAMPLES, 1), generator=random).double())
        return torch.cat(columns, 1)

    return draw


def weighted(count, time):
    def draw(random):
        indices = torch.randint(0, count, (EXAMPLES, time), generator=random).double()
        return torch.stack([indices, torch.randn(EXAMPLES, time, generator=random)], 2)

    return draw


def pictures(pooled):
    def network(p, x):
        x = torch.tanh(convolution(p, x, 2, 3, (3, 2), stride=(2, 1), padding=(1, 0)))
        return pooled(torch.tanh(convolution(p, x, 3, 2, (2, 2))))

    return network


LAYERS = {f"dense {name}": (rows(7), stack(f)) for name, f in ACTIVATIONS.items()} | {
    "convolution": (picture(2, 7, 6), pictures(lambda x: x.flatten(1))),
    "max pooling": (picture(2, 7, 6), pictures(lambda x: F.max_pool2d(x, 2, 1).flatten(1))),
    "average pooling": (picture(2, 7, 6), pictures(lambda x: F.avg_pool2d(x, 2, 1).flatten(1))),
    "global pooling": (picture(2, 7, 6), pictures(lambda x: x.mean((2, 3)))),
    "batch norm": (rows(7), lambda p, x: batch_norm(p, p.linear(x, 7, 5), 5)),
    "batch norm of pictures": (
        picture(2, 7, 6),
        lambda p, x: F.max_pool2d(batch_norm(p, convolution(p, x, 2, 3, (3, 3)), 3), 2, 1).flatten(1),
    ),
    "layer norm": (rows(7), lambda p, x: p.norm(p.linear(x, 7, 5), 5)),
    "self-attention": (
        series(5, 3),
        lambda p, x: last(attention(p, attention(p, x, 6, 3, False, 6), 4, 2, False, 4)),
    ),
    "causal attention": (
        series(5, 3),
        lambda p, x: last(attention(p, attention(p, x, 6, 3, True, 6), 4, 2, True, 4)),
    ),
    "category embedding": (mixed(0, [4, 3]), lambda p, x: embedding(p, x, [4, 3], [2, 3])),
    "weighted bag": (weighted(4, 6), lambda p, x: weighted_bag(p, x, 4, 3)),
    "periodic numbers": (rows(2), lambda p, x: periodic(p, x, 2, 3, 2)),
    "piecewise numbers": (rows(2), lambda p, x: piecewise(p, x, 3)),
    "transformer": (
        mixed(2, [4]),
        lambda p, x: last(block(p, tokens(p, x, 2, [4], 4), 4, 2, 5, False, True)),
    ),
    "causal transformer that normalises sums": (
        mixed(2, [4]),
        lambda p, x: last(block(p, tokens(p, x, 2, [4], 4), 4, 2, 5, True, False)),
    ),
}


def pinball(tau):
    return lambda z, y: torch.maximum(tau * (y - z), (tau - 1) * (y - z)).mean(1)


def smoothed_sigmoid(share):
    def loss(z, y):
        return F.binary_cross_entropy_with_logits(z, y * (1 - share) + share / 2, reduction="none").sum(1)

    return loss


def of_classes(share):
    return lambda z, y: F.cross_entropy(z, y, reduction="none", label_smoothing=share)


def of_numbers(name, **how):
    return lambda z, y: getattr(F, name)(z, y, reduction="none", **how).mean(1)


LOSSES = {
    "cross-entropy": (of_classes(0), lambda z: F.softmax(z, 1), True),
    "smoothed cross-entropy": (of_classes(0.2), lambda z: F.softmax(z, 1), True),
    "binary cross-entropy": (smoothed_sigmoid(0), torch.sigmoid, True),
    "smoothed binary cross-entropy": (smoothed_sigmoid(0.2), torch.sigmoid, True),
    "squared": (of_numbers("mse_loss"), lambda z: z, False),
    "absolute": (of_numbers("l1_loss"), lambda z: z, False),
    "huber": (of_numbers("huber_loss", delta=0.7), lambda z: z, False),
    "quantile": (pinball(0.9), lambda z: z, False),
}


def case(draw, network, seed, loss="cross-entropy"):
    random = torch.Generator().manual_seed(seed)
    p = Parameters(random)
    x = torch.tensor(rounded(draw(random), 6)).reshape(draw(torch.Generator()).shape)
    hidden = network(p, x)
    z = p.linear(hidden, hidden.shape[1], CLASSES)
    function, activation, classes = LOSSES[loss]
    if classes:
        labels = F.one_hot(torch.randint(0, CLASSES, (EXAMPLES,), generator=random), CLASSES).double()
    else:
        labels = torch.tensor(rounded(torch.randn(EXAMPLES, CLASSES, generator=random), 6)).reshape(EXAMPLES, CLASSES)
    losses = function(z, labels)
    losses.mean().backward()
    # A series lies as [examples, features, time].
    lying = x.transpose(1, 2) if x.dim() == 3 else x
    return {
        "shape": list(lying.shape),
        "inputs": rounded(lying),
        "labels": rounded(labels),
        "parameters": rounded(p.flat(lambda part: part.detach())),
        "outputs": rounded(activation(z.detach())),
        "losses": rounded(losses.detach()),
        "gradients": rounded(p.flat(lambda part: part.grad)),
    }


UPDATERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1),
    "nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, 0.01, (0.9, 0.95), 1e-8),
}


def steps(name, seed):
    """Five steps of a perceptron; AdamW decays weights alone."""
    random = torch.Generator().manual_seed(seed)
    p = Parameters(random)
    x = torch.tensor(rounded(torch.randn(EXAMPLES, 7, generator=random), 6)).reshape(EXAMPLES, 7)
    labels = F.one_hot(torch.randint(0, CLASSES, (EXAMPLES,), generator=random), CLASSES).double()
    p.linear(torch.tanh(p.linear(x, 7, 4)), 4, CLASSES)
    start = p.flat(lambda part: part.detach().clone())
    if name == "adamw":
        decayed = [part for part in p.parts if part.dim() == 2]
        others = [part for part in p.parts if part.dim() == 1]
        groups = [{"params": decayed, "weight_decay": 0.3}, {"params": others, "weight_decay": 0}]
        updater = torch.optim.AdamW(groups, 0.01, (0.9, 0.95), 1e-8)
    else:
        updater = UPDATERS[name](p.parts)
    w1, b1, w2, b2 = p.parts
    for _ in range(5):
        updater.zero_grad()
        F.cross_entropy(F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2), labels).backward()
        updater.step()
    return {
        "inputs": rounded(x),
        "labels": rounded(labels),
        "parameters": rounded(start),
        "after": rounded(p.flat(lambda part: part.detach())),
    }


SEEDS = (1, 2, 3)
print(
    json.dumps(
        {
            "versions": {"torch": torch.__version__},
            "layers": {name: [case(*of, seed) for seed in SEEDS] for name, of in LAYERS.items()},
            "losses": {
                name: [case(rows(7), lambda p, x: torch.tanh(p.linear(x, 7, 4)), seed, name) for seed in SEEDS]
                for name in LOSSES
            },
            "updaters": {name: [steps(name, seed) for seed in SEEDS] for name in [*UPDATERS, "adamw"]},
        }
    )
)
