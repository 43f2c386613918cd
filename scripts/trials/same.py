"""Trains the same many times in different places and compares the parameters to the bit.

Four networks with dropout and four logical workers, or those named: mlp of layers on conf/bank.conf; lenet with
convolutions on 10,000 pictures of MNIST; several, which learns two labels of them from two inputs, the picture by
convolutions with batch norm and two columns by embeddings and attention; text, a transformer with padding and masks over the
words of conf/zh-sentiment.conf. Each is trained N times on local[1], local[2],
local[4] and on a standalone cluster of two workers. The promise is broken if a network does not have the same SHA-256
of its parameters everywhere.
"""

from collections import Counter

import trial_kit
from trial_kit import Broken

CLUSTER = "cluster"
PICTURES = ("ingest.path=data/mnist/t10k-*-ubyte", "split.by=rank", "split.column=null", "train.epochs=1")
PLACES = ("local[1]", "local[2]", "local[4]", CLUSTER)
NETWORKS = {
    "mlp": ["conf/bank.conf", *trial_kit.settings("train.epochs=3")],
    "lenet": ["conf/mnist.conf", *trial_kit.settings(*PICTURES, "clean.rules=[]")],
    "several": ["conf/mnist.conf", *trial_kit.settings(
        *PICTURES,
        """clean.rules=[
          { type = derive, column = even, to = STRING, expression = "if(digit % 2 = 0, 'yes', 'no')" }
          { type = derive, column = middle, to = STRING, expression = "hex(substring(image, 407, 1))" }
          { type = derive, column = length, to = INT, expression = "length(replace(hex(image), '0', ''))" }
        ]""",
        "normalise.label=[{ column = digit }, { column = even, positive = yes }]",
        """normalise.features=[
          { name = image, columns = [image], steps = [{ type = pixels, height = 28, width = 28 }] }
          { name = length, columns = [length], steps = [standardise] }
          { name = middle, columns = [middle], steps = [{ type = index, unseen = other }] }
        ]""",
        "model=null",
        """model={
          type = network, l2 = 0
          inputs.image = { type = resnet, filters = [8, 16], blocks = 1 }
          inputs.columns = { type = transformer, dimension = 16, heads = 4, layers = 1, hidden = 32 }
          combiner = { type = concat, hidden = [32], dropout = 0.3 }
          outputs.even.hidden = [8]
        }""",
        "evaluate.baselines=[]",
    )],
    "text": ["conf/zh-sentiment.conf", *trial_kit.settings(
        "train.epochs=1",
        "model=null",
        """model={
          type = network
          inputs.text = { type = sequence-transformer, max-length = 64, dimension = 32, heads = 4, layers = 2, hidden = 64 }
          combiner = { type = concat, hidden = [32], dropout = 0.3 }
        }""",
        "evaluate.baselines=[]",
    )],
}  # fmt: skip


def main():
    command = trial_kit.parser(__doc__)
    command.add_argument("times", nargs="?", type=trial_kit.positive, default=10, metavar="N", help="in each place (10)")
    command.add_argument("networks", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)} (all)")
    asked = command.parse_args()
    for name in asked.networks:
        if name not in NETWORKS:
            command.error(f"NAME must be one of {', '.join(NETWORKS)}, got {name}")

    def trial(work):
        trial_kit.fetch("bank-full", "mnist", "zh-sentiment")
        with trial_kit.cluster(work / "cluster") as master:
            for name in asked.networks or NETWORKS:
                sums = train(name, work / "runs", master)
                if len(sums) != 1:
                    raise Broken(f"{name}: not the same parameters everywhere")
        print(f"{asked.times} trainings in each place: the same parameters")

    def train(name, runs, master):
        """All SHA-256 that came out."""
        options = [*NETWORKS[name], *trial_kit.settings(
            f"pipeline.runs-dir={runs}", f"pipeline.name={name}", "train.logical-workers=4", "train.checkpoint.every=0",
        )]  # fmt: skip
        trial_kit.sluice("prepare", *options)
        sums = set()
        for place in PLACES:
            here = Counter()
            for _ in range(asked.times):
                if place == CLUSTER:
                    trial_kit.sluice("submit", "train", *options, "--force", *trial_kit.on_cluster(master))
                else:
                    trial_kit.sluice("train", *options, "--force", *trial_kit.settings(f"spark.spark.master={place}"))
                here[trial_kit.sha256(trial_kit.current(runs / name, "model") / "parameters.bin")] += 1
            for sum, count in sorted(here.items()):
                print(f"{name} on {place}: {count:>4} {sum}", flush=True)
            sums |= here.keys()
        return sums

    trial_kit.run(trial)


main()
