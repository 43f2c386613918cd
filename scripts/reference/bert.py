"""A small BERT of random weights as ONNX, and the vectors that ONNX Runtime makes with it: what BertEncoderTest compares
with.

    python3 scripts/reference/bert.py models/src/test/resources/sluice/pretrained

Writes old.onnx, with nodes as PyTorch 1.13 exports them (matrices without names, norms and GELU as sums and roots), and
new.onnx, the same weights with the operators that later versions have (LayerNormalization, Gelu, matrices by their
names behind Transpose). Needs numpy, onnx and onnxruntime; vectors.json names their versions.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

LAYERS, WIDTH, HEADS, HIDDEN, VOCABULARY, POSITIONS, SEGMENTS = 2, 12, 3, 20, 40, 14, 2
EPSILON = 1e-12
random = np.random.default_rng(12)


class Graph:
    """Nodes and tensors in the making."""

    def __init__(self, new):
        self.new = new
        self.nodes = []
        self.tensors = []

    def tensor(self, name, values):
        self.tensors.append(numpy_helper.from_array(values, name))
        return name

    def node(self, operator, *inputs, **attributes):
        output = f"/{operator}_{len(self.nodes)}_output_0"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output[:-9], **attributes))
        return output

    def constant(self, values):
        return self.node("Constant", value=numpy_helper.from_array(np.asarray(values)))

    def norm(self, x, name, weights):
        gain, bias = (self.tensor(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        if self.new:
            return self.node("LayerNormalization", x, gain, bias, epsilon=EPSILON, axis=-1)
        centred = self.node("Sub", x, self.node("ReduceMean", x, axes=[-1]))
        squares = self.node("Pow", centred, self.constant(np.float32(2)))
        variance = self.node("ReduceMean", squares, axes=[-1])
        root = self.node("Sqrt", self.node("Add", variance, self.constant(np.float32(EPSILON))))
        return self.node("Add", self.node("Mul", self.node("Div", centred, root), gain), bias)

    def connected(self, x, name, weights):
        matrix, bias = weights[f"{name}.weight"], self.tensor(f"{name}.bias", weights[f"{name}.bias"])
        if self.new:
            stored = self.tensor(f"{name}.weight", matrix)
            read = self.node("Transpose", stored, perm=[1, 0])
        else:
            read = self.tensor(f"onnx::MatMul_{len(self.tensors)}", np.ascontiguousarray(matrix.T))
        return self.node("Add", bias, self.node("MatMul", x, read))

    def heads(self, x):
        shape = [0, 0, HEADS, WIDTH // HEADS]
        if self.new:
            return self.node("Reshape", x, self.tensor(f"shape_{len(self.tensors)}", np.array(shape)))
        sizes = self.node("Shape", x)
        parts = [
            self.node("Unsqueeze", self.node("Gather", sizes, self.constant(axis), axis=0), self.constant([0]))
            for axis in (0, 1)
        ]
        parts += [self.constant([size]) for size in shape[2:]]
        return self.node("Reshape", x, self.node("Concat", *parts, axis=0))

    def gelu(self, x):
        if self.new:
            return self.node("Gelu", x)
        erf = self.node("Erf", self.node("Div", x, self.constant(np.float32(np.sqrt(2)))))
        product = self.node("Mul", x, self.node("Add", erf, self.constant(np.float32(1))))
        return self.node("Mul", product, self.constant(np.float32(0.5)))

    def layer(self, x, name, mask, weights):
        queries, keys, values = (
            self.node("Transpose", self.heads(self.connected(x, f"{name}attention.self.{part}", weights)), perm=perm)
            for part, perm in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = self.node("Div", self.node("MatMul", queries, keys), self.constant(np.float32((WIDTH / HEADS) ** 0.5)))
        attended = self.node("MatMul", self.node("Softmax", self.node("Add", scores, mask), axis=-1), values)
        joined = self.node(
            "Reshape", self.node("Transpose", attended, perm=[0, 2, 1, 3]), self.constant([0, 0, WIDTH])
        )
        attended = self.connected(joined, f"{name}attention.output.dense", weights)
        x = self.norm(self.node("Add", attended, x), f"{name}attention.output.LayerNorm", weights)
        hidden = self.gelu(self.connected(x, f"{name}intermediate.dense", weights))
        back = self.connected(hidden, f"{name}output.dense", weights)
        return self.norm(self.node("Add", back, x), f"{name}output.LayerNorm", weights)


def drawn():
    """Weights by the names that transformers gives them."""
    weights = {}

    def draw(name, *shape, mean=0.0):
        weights[name] = (mean + 0.5 * random.normal(size=shape)).astype(np.float32)

    def norm(name):
        draw(f"{name}.weight", WIDTH, mean=1)
        draw(f"{name}.bias", WIDTH)

    for name, rows in (("word", VOCABULARY), ("position", POSITIONS), ("token_type", SEGMENTS)):
        draw(f"embeddings.{name}_embeddings.weight", rows, WIDTH)
    norm("embeddings.LayerNorm")
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for name, fan_in, fan_out in (
            ("attention.self.query", WIDTH, WIDTH),
            ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH),
            ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", WIDTH, HIDDEN),
            ("output.dense", HIDDEN, WIDTH),
        ):
            draw(f"{at}{name}.weight", fan_out, fan_in)
            draw(f"{at}{name}.bias", fan_out)
        norm(f"{at}attention.output.LayerNorm")
        norm(f"{at}output.LayerNorm")
    return weights


def model(weights, new):
    graph = Graph(new)
    words, positions, segments = (
        graph.tensor(f"embeddings.{name}_embeddings.weight", weights[f"embeddings.{name}_embeddings.weight"])
        for name in ("word", "position", "token_type")
    )
    identities = graph.tensor("embeddings.position_ids", np.arange(POSITIONS)[None])
    attended = graph.node("Cast", graph.node("Unsqueeze", "attention_mask", graph.constant([1, 2])), to=1)
    mask = graph.node(
        "Mul", graph.node("Sub", graph.constant(np.float32(1)), attended), graph.constant(np.float32(-3.4028235e38))
    )
    length = graph.node("Unsqueeze", graph.node(
        "Gather", graph.node("Shape", "input_ids"), graph.constant(1), axis=0), graph.constant([0]))  # fmt: skip
    steps = graph.node("Slice", identities, graph.constant([0]), length, graph.constant([1]), graph.constant([1]))
    tokens = graph.node("Add", graph.node("Gather", words, "input_ids"), graph.node("Gather", segments, "token_type_ids"))
    x = graph.norm(graph.node("Add", tokens, graph.node("Gather", positions, steps)), "embeddings.LayerNorm", weights)
    for layer in range(LAYERS):
        x = graph.layer(x, f"encoder.layer.{layer}.", mask, weights)
    graph.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", WIDTH])]
    made = helper.make_model(
        helper.make_graph(graph.nodes, "bert", inputs, outputs, graph.tensors),
        opset_imports=[helper.make_opsetid("", 20 if new else 14)],
        ir_version=9 if new else 7,
    )
    onnx.checker.check_model(made)
    return made


def states(path, tokens):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.array([tokens])
    ones = np.ones_like(ids)
    return session.run(None, {"input_ids": ids, "attention_mask": ones, "token_type_ids": 0 * ones})[0][0]


def unit(vector):
    vector = vector.astype(np.float64)
    return (vector / np.linalg.norm(vector)).tolist()


folder = Path(sys.argv[1])
weights = drawn()
for name, new in (("old.onnx", False), ("new.onnx", True)):
    onnx.save(model(weights, new), folder / name)
texts = [random.integers(0, VOCABULARY, length).tolist() for length in (1, 2, 5, 8, 9, 13, 14)]
found = {name: [states(folder / name, text) for text in texts] for name in ("old.onnx", "new.onnx")}
for one, other in zip(*found.values()):
    np.testing.assert_allclose(one, other, atol=1e-5)
print(
    json.dumps(
        {
            "versions": {
                "numpy": np.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__
            },
            "tokens": texts,
            "mean": [unit(rows.mean(axis=0)) for rows in found["old.onnx"]],
            "first": [unit(rows[0]) for rows in found["old.onnx"]],
        },
        indent=1,
    ),
    file=(folder / "vectors.json").open("w"),
)
