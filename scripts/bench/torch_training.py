"""Trains one network with PyTorch in one way, epoch by epoch as it is told to.

As the Java side does: each line on standard input asks for an epoch, each epoch is answered by
"epoch EXAMPLES SECONDS", and "ready" follows the first ones. WAY NETWORK EVERY DATA EXAMPLES, where WAY is

    threads    one process, two threads in each operation
    ddp        DistributedDataParallel, two processes of one thread, gradients averaged in each step
    localsgd   two processes of one thread, parameters and Adam's state averaged every EVERY minibatches
"""

import os
import socket
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

WARM_UP = 2
WORKERS = 2
BATCH = {"mlp": 128, "lenet": 64}


def network(name):
    torch.manual_seed(42)
    if name == "mlp":
        return nn.Sequential(
            nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10)
        )
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10),
    )  # fmt: skip


def mnist(directory, examples):
    """The first pictures, 0 to 1, and their digits."""

    def idx(name, header):
        return torch.frombuffer(bytearray((Path(directory) / name).read_bytes()[header:]), dtype=torch.uint8)

    pictures = idx("train-images-idx3-ubyte", 16).reshape(-1, 784)[:examples].float() / 255
    return pictures, idx("train-labels-idx1-ubyte", 8)[:examples].long()


def average(model, optimiser):
    """Averages parameters and Adam's moments over the processes, in one message."""
    tensors = [p.data for p in model.parameters()]
    for state in optimiser.state.values():
        tensors += [state["exp_avg"], state["exp_avg_sq"]]
    message = torch.cat([tensor.reshape(-1) for tensor in tensors])
    dist.all_reduce(message)
    message /= WORKERS
    parts = message.split([tensor.numel() for tensor in tensors])
    torch._foreach_copy_(tensors, [part.view_as(tensor) for part, tensor in zip(parts, tensors)])


def epochs(way, name, every, directory, examples, rank, workers):
    """Trains an epoch of its share each time that it is asked for the next seconds."""
    torch.set_num_threads(WORKERS if way == "threads" else 1)
    pictures, digits = mnist(directory, examples)
    pictures, digits = pictures[rank::workers].contiguous(), digits[rank::workers].contiguous()
    model = network(name)
    if way == "ddp":
        model = nn.parallel.DistributedDataParallel(model, gradient_as_bucket_view=True)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    loss_of = nn.CrossEntropyLoss()
    order = torch.Generator().manual_seed(rank)
    while True:
        if workers > 1:
            dist.barrier()
        start = time.perf_counter()
        minibatches = torch.randperm(len(digits), generator=order).split(BATCH[name])
        for step, chosen in enumerate(minibatches, 1):
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(pictures[chosen]), digits[chosen]).backward()
            optimiser.step()
            if way == "localsgd" and (step % every == 0 or step == len(minibatches)):
                average(model, optimiser)
        if workers > 1:
            dist.barrier()
        yield time.perf_counter() - start


def process(rank, way, name, every, directory, examples, pipes):
    """One of several: trains an epoch for each message."""
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "RANK": str(rank), "WORLD_SIZE": str(WORKERS)}
    dist.init_process_group("gloo")
    mine = epochs(way, name, every, directory, examples, rank, WORKERS)
    while pipes[rank].recv():
        pipes[rank].send(next(mine))
    dist.destroy_process_group()


def together(*arguments):
    """Starts the processes; trains an epoch in all of them for each of its values."""
    # A port that is free now; the processes read it from the environment.
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.environ["MASTER_PORT"] = str(server.getsockname()[1])
    ours, theirs = zip(*[mp.Pipe() for _ in range(WORKERS)])
    mp.start_processes(process, (*arguments, theirs), WORKERS, join=False, daemon=True, start_method="fork")
    while True:
        for pipe in ours:
            pipe.send(True)
        yield max([pipe.recv() for pipe in ours])


def main():
    way, name, every, directory, examples = sys.argv[1:]
    every, examples = int(every), int(examples)
    if way == "threads":
        trained = epochs(way, name, every, directory, examples, 0, 1)
    else:
        trained = together(way, name, every, directory, examples)
    for _ in range(WARM_UP):
        next(trained)
    print("ready", flush=True)
    while sys.stdin.readline():
        print("epoch", examples, next(trained), flush=True)


main()
