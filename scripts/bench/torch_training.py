"""Trains one network with PyTorch in one way, epoch by epoch as it is told to.

As the Java side does: each line on standard input asks for an epoch, each epoch is answered by
"epoch EXAMPLES SECONDS", and "ready" follows the first one. WAY MODE NETWORK EVERY DATA EXAMPLES, where MODE is eager
or compiled (torch.compile), and WAY

    threads    one process, two threads in each operation
    ddp        DistributedDataParallel, two processes of one thread, gradients averaged in each step
    localsgd   two processes of one thread, parameters and Adam's state averaged every EVERY minibatches and at the
               end of an epoch
"""

import os
import socket
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn

from torch_networks import NETWORKS, made, step

WORKERS = 2
LABELS = "labels-idx1-ubyte"


def idx(file):
    """The array in an idx file: bytes, or integers of four bytes, the most significant first."""
    content = file.read_bytes()
    dimensions = content[3]
    header = 4 + 4 * dimensions
    shape = np.frombuffer(content[4:header], ">u4")
    return np.frombuffer(content[header:], ">i4" if content[2] == 0x0C else "u1").reshape(shape)


def read(name, directory, count):
    """The first examples, pixels from 0 to 1 or indices of tokens, and their labels."""
    values = idx(directory / f"train-{NETWORKS[name][2]}")[:count]
    labels = torch.from_numpy(idx(directory / f"train-{LABELS}")[:count].astype(np.int64))
    if len(labels) < count:
        raise ValueError(f"{directory} has {len(labels)} examples, {count} are wanted")
    if values.dtype == np.uint8:
        return torch.from_numpy(values.reshape(count, -1).astype(np.float32) / 255), labels
    return torch.from_numpy(values.astype(np.int64)), labels


def average(model, optimiser):
    """Averages parameters, running means and Adam's moments over the processes, in one message."""
    tensors = [p.data for p in model.parameters()]
    tensors += [buffer for buffer in model.buffers() if buffer.is_floating_point()]
    for state in optimiser.state.values():
        tensors += [state["exp_avg"], state["exp_avg_sq"]]
    message = torch.cat([tensor.reshape(-1) for tensor in tensors])
    dist.all_reduce(message)
    message /= WORKERS
    parts = message.split([tensor.numel() for tensor in tensors])
    torch._foreach_copy_(tensors, [part.view_as(tensor) for part, tensor in zip(parts, tensors)])


def epochs(way, mode, name, every, directory, examples, rank, workers):
    """Trains an epoch of its share each time that it is asked for the next seconds."""
    torch.set_num_threads(WORKERS if way == "threads" else 1)
    inputs, labels = read(name, directory, examples)
    inputs, labels = inputs[rank::workers].contiguous(), labels[rank::workers].contiguous()
    network, optimiser, batch = made(name)
    model = nn.parallel.DistributedDataParallel(network, gradient_as_bucket_view=True) if way == "ddp" else network
    if mode == "compiled":
        model = torch.compile(model)
    order = torch.Generator().manual_seed(rank)
    while True:
        if workers > 1:
            dist.barrier()
        start = time.perf_counter()
        minibatches = torch.randperm(len(labels), generator=order).split(batch)
        for number, chosen in enumerate(minibatches, 1):
            step(model, optimiser, inputs[chosen], labels[chosen])
            if way == "localsgd" and (number % every == 0 or number == len(minibatches)):
                average(network, optimiser)
        if workers > 1:
            dist.barrier()
        yield time.perf_counter() - start


def process(rank, pipes, arguments):
    """One of several: trains an epoch for each message."""
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "RANK": str(rank), "WORLD_SIZE": str(WORKERS)}
    dist.init_process_group("gloo")
    mine = epochs(*arguments, rank, WORKERS)
    while pipes[rank].recv():
        pipes[rank].send(next(mine))
    dist.destroy_process_group()


def together(arguments):
    """Starts the processes; trains an epoch in all of them for each of its values."""
    # A port that is free now; the processes read it from the environment.
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.environ["MASTER_PORT"] = str(server.getsockname()[1])
    ours, theirs = zip(*[mp.Pipe() for _ in range(WORKERS)])
    mp.start_processes(process, (theirs, arguments), WORKERS, join=False, daemon=True, start_method="fork")
    while True:
        for pipe in ours:
            pipe.send(True)
        yield max([pipe.recv() for pipe in ours])


def main():
    way, mode, name, every, directory, examples = sys.argv[1:]
    arguments = (way, mode, name, int(every), Path(directory), int(examples))
    trained = epochs(*arguments, 0, 1) if way == "threads" else together(arguments)
    next(trained)
    print("ready", flush=True)
    while sys.stdin.readline():
        print("epoch", examples, next(trained), flush=True)


main()
