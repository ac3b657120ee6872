"""Networks in training side by side against a loop over torch modules.

    python benchmarks/training.py [--networks 20] [--threads 1]

Every arm trains S networks on the same batches of 64 images by SGD with momentum. "Loop" has a module and a
`torch.optim.SGD` for each network, one after the other; "stack" is `Networks` with its blocks, through `torch.vmap`;
"one block" is the same with all S in one block; "by hand" is the stack with batched products and grouped convolutions
written out. Milliseconds of processor time for one update of one network, the least of five tries, so compare within a
row.
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Grid, Networks, Parameters, Sgd, lay_out
from hubbub.simulator.training.tasks.classification import Classification, classification

CPU = torch.device("cpu")
MODELS: tuple[tuple[Any, Any, tuple[int, ...]], ...] = (
    ("digits", "dense", (32,)),
    ("digits", "dense", (256, 128)),
    ("digits", "convolution", (8, 16)),
    ("mnist", "dense", (256, 128)),
    ("mnist", "convolution", (8, 16)),
)
RULE = Sgd(momentum=0.9)
UPDATES = 5


class ByHand(Classification):
    """The same networks with their layers written out for a stack."""

    def outputs(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return `[S, B, classes]` of inputs `[S, B, 1, side, side]`."""
        values = inputs
        for name, layer in self.template.named_children():
            if isinstance(layer, nn.Linear):
                weight, bias = parameters[f"{name}.weight"], parameters[f"{name}.bias"]
                values = torch.baddbmm(bias.unsqueeze(1), values.flatten(2), weight.transpose(1, 2))
            elif isinstance(layer, nn.Conv2d):
                weight, bias = parameters[f"{name}.weight"], parameters[f"{name}.bias"]
                side_by_side = values.transpose(0, 1).flatten(1, 2)
                made = functional.conv2d(
                    side_by_side, weight.flatten(0, 1), bias.flatten(), padding=1, groups=len(weight)
                )
                values = made.unflatten(1, bias.shape).transpose(0, 1)
            elif isinstance(layer, nn.MaxPool2d):
                values = functional.max_pool2d(values.flatten(0, 1), 2).unflatten(0, values.shape[:2])
            elif isinstance(layer, nn.ReLU):
                values = values.relu()
        return values


class Loop:
    """A module and an optimiser for each network."""

    def __init__(self, task: Classification, n_networks: int) -> None:
        self.task, self.networks, self.now = task, lay_out(Grid(seeds=n_networks)), 0
        self.modules = [copy.deepcopy(task.template) for _ in self.networks]
        self.rules = [torch.optim.SGD(module.parameters(), lr=0.05, momentum=0.9) for module in self.modules]

    def step(self, n: int) -> None:
        """Advance `n` steps."""
        for step in range(self.now, self.now + n):
            for network, module, rule in zip(self.networks, self.modules, self.rules, strict=True):
                drawn = self.task.rng.at("batch", network.seed, step).integers(len(self.task.train), size=64)
                members = self.task.train[torch.from_numpy(drawn)]
                rule.zero_grad()
                functional.cross_entropy(module(self.task.pixels[members]), self.task.classes[members]).backward()
                rule.step()
        self.now += n


def milliseconds(step: Callable[[int], object], n_networks: int) -> float:
    """Return the least processor time of an update of one network."""
    step(1)
    durations = []
    for _ in range(5):
        start = time.process_time()
        step(UPDATES)
        durations.append(time.process_time() - start)
    return 1000 * min(durations) / UPDATES / n_networks


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    n_networks: int = chosen.networks
    print(f"torch {torch.__version__}, threads: {chosen.threads}, networks: {n_networks}")
    print("| network | loop | stack | one block | by hand | loop / stack |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for images, model, widths in MODELS:
        task = classification(images=images, model=model, widths=widths, rng=RandomStreams(0), device=CPU)
        by_hand = copy.copy(task)
        by_hand.__class__ = ByHand
        networks = lay_out(Grid(seeds=n_networks))
        arms: list[Loop | Networks] = [
            Loop(task, n_networks),
            Networks(task, networks, optimiser=RULE),
            Networks(task, networks, optimiser=RULE, block=n_networks),
            Networks(by_hand, networks, optimiser=RULE),
        ]
        taken = [milliseconds(arm.step, n_networks) for arm in arms]
        cells = " | ".join(f"{value:.2f}" for value in taken)
        print(f"| {images}, {model} {'-'.join(map(str, widths))} | {cells} | {taken[0] / taken[1]:.1f} |")


if __name__ == "__main__":
    main()
