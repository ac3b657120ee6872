"""Many sparse parities at once, with frequencies that follow a power law."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np
import torch
from jaxtyping import Int
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
EVALUATED = 2000
"""Questions about each skill that metrics are computed on."""
PROBED = 200
"""Number of questions of the probe, about."""


@task("sparse-parity")
def sparse_parity(
    *,
    skills: Count = 5,
    bits: Count = 32,
    relevant: Count = 3,
    exponent: Positive = 0.6,
    target: Positive = 5.0,
    width: Count = 1000,
    weight_scale: Positive = 0.01,
    batch: Count = 800,
    rng: RandomStreams,
    device: torch.device,
) -> SparseParity:
    """Answering ± `target` by the parity of `relevant` of the `bits`; which bits depends on the skill asked for.

    Skill k is asked for with probability ∝ k^−(`exponent` + 1). One layer of `width` ReLU units, all initial weights
    normal of standard deviation `weight_scale`.
    """
    if relevant > bits:
        raise ConfigurationError(f"relevant: expected at most the {bits} bits, got {relevant}")
    return SparseParity(skills, bits, relevant, exponent, target, width, weight_scale, batch, rng=rng, device=device)


class SparseParity(ModuleTask):
    """Multitask sparse parity (Michaud, Liu, Girit & Tegmark 2023; Nam, Fonseca, Lee, Mingard & Louis 2024).

    An input is the skill asked for, one-hot, and bits of 0 or 1. The loss is the mean squared error on new questions at
    every step, keyed by seed and step.
    """

    def __init__(
        self,
        skills: int,
        bits: int,
        relevant: int,
        exponent: float,
        target: float,
        width: int,
        weight_scale: float,
        batch: int,
        *,
        rng: RandomStreams,
        device: torch.device,
    ) -> None:
        layers = OrderedDict(dense1=nn.Linear(skills + bits, width), relu1=nn.ReLU(), answer=nn.Linear(width, 1))
        super().__init__(nn.Sequential(layers), rng=rng, device=device, weight_scale=weight_scale)
        self.skills, self.bits, self.relevant, self.target, self.batch = skills, bits, relevant, target, batch
        weights = np.arange(1, skills + 1) ** -(exponent + 1.0)
        self.frequencies = weights / weights.sum()

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights, and biases 0."""
        generator = self.rng.at("initial-weights", network.seed)
        initial = {}
        for name, parameter in self.template.named_parameters():
            drawn = self.weight_scale * generator.standard_normal(parameter.shape, dtype=np.float32)
            initial[name] = torch.from_numpy(drawn * (parameter.ndim > 1)).to(self.device)
        return initial

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean squared error of the batch `[S]`."""
        asked = {seed: self._batch(seed, step) for seed in {network.seed for network in networks}}
        questions, answers = (torch.stack([asked[network.seed][part] for network in networks]) for part in (0, 1))
        return (self.outputs(parameters, questions).squeeze(2) - answers).square().mean(dim=1)

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return the strength of every skill, `skill_1` …, and the `loss`, on fixed questions.

        The strength is the mean product of output and correct answer, divided by the square of the target: 0 for a
        skill that is not learned, 1 for one that is learned.
        """
        numbers = np.repeat(np.arange(self.skills), EVALUATED)
        asked = [self._ask(network.seed, numbers, self.rng.at("questions", network.seed)) for network in networks]
        questions, answers = (torch.stack(part) for part in zip(*asked, strict=True))
        outputs = self.outputs(parameters, questions).squeeze(2)
        strengths = (outputs * answers).view(len(networks), self.skills, EVALUATED).mean(dim=2) / self.target**2
        errors = (outputs - answers).square().view(len(networks), self.skills, EVALUATED).mean(dim=2)
        metrics = {f"skill_{number}": strengths[:, number - 1] for number in range(1, self.skills + 1)}
        return {**metrics, "loss": errors @ torch.from_numpy(self.frequencies).to(errors)}

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and the same number of questions about each skill, with the bits of seed 0."""
        numbers = np.repeat(np.arange(self.skills), math.ceil(PROBED / self.skills))
        return self.template, self._ask(0, numbers, self.rng.at("probe"))[0]

    def relevant_bits(self, seed: int) -> Int[np.ndarray, "skills relevant"]:
        """Return the bits `[skills, relevant]` whose parity each skill is about."""
        generator = self.rng.at("relevant-bits", seed)
        return np.stack([generator.permutation(self.bits)[: self.relevant] for _ in range(self.skills)])

    def _batch(self, seed: int, step: int) -> tuple[Tensor, Tensor]:
        generator = self.rng.at("batch", seed, step)
        return self._ask(seed, generator.choice(self.skills, size=self.batch, p=self.frequencies), generator)

    def _ask(self, seed: int, numbers: NDArray[np.int64], generator: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return questions `[n, skills + bits]` about skills `[n]`, and the correct answers `[n]`."""
        drawn = generator.integers(2, size=(len(numbers), self.bits), dtype=np.int8)
        odd = np.take_along_axis(drawn, self.relevant_bits(seed)[numbers], axis=1).sum(axis=1) % 2
        questions = np.concatenate([np.eye(self.skills, dtype=np.float32)[numbers], drawn], axis=1, dtype=np.float32)
        answers = (self.target * (2.0 * odd - 1)).astype(np.float32)
        return torch.from_numpy(questions).to(self.device), torch.from_numpy(answers).to(self.device)
