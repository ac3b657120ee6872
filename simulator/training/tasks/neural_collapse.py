"""Full-batch classification by squared error, long enough for the features of the last layer to collapse."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.images import Images, digits
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.models import convolution_network, dense_network
from hubbub.simulator.training.module_task import ModuleTask

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
CLUSTERS, DIMENSION, SPREAD = 4, 20, 1.0
"""Number of clusters, their dimension, and the standard deviation of samples around the centre of a cluster."""


@task("neural-collapse")
def neural_collapse(
    *,
    samples: Literal["clusters", "digits"] = "clusters",
    model: Literal["dense", "convolution"] = "dense",
    widths: Annotated[tuple[Count, ...], Field(min_length=1)] = (64, 64),
    per_class: Annotated[int, Field(ge=2)] = 12,
    weight_scales: Annotated[tuple[Positive, ...], Field(min_length=1)] = (1.0,),
    rng: RandomStreams,
    device: torch.device,
) -> CollapseTask:
    """Classifying `per_class` samples of each class: four Gaussian `clusters` in 20 dimensions, or ten `digits`.

    Initial weights have a standard deviation of one of the `weight_scales` · √(2/inputs). `model` is for digits.
    """
    if samples == "clusters":
        source: Clusters | Digits = Clusters(per_class, rng)
        template = _dense((DIMENSION, *widths, CLUSTERS))
    else:
        source = Digits(per_class, rng)
        build = dense_network if model == "dense" else convolution_network
        template = build(8, widths, 10)
    return CollapseTask(template, source, weight_scales, rng=rng, device=device)


class CollapseTask(ModuleTask):
    """Networks that classify by squared error on all samples at every step: gradient descent without random batches.

    The loss is ½ ‖outputs − one-hot‖² as the mean over samples. Samples and weights of a seed are the same at every
    scale. `template[:-1]` gives the features of a sample.
    """

    template: nn.Sequential

    def __init__(
        self,
        template: nn.Module,
        source: Clusters | Digits,
        weight_scales: Sequence[float],
        *,
        rng: RandomStreams,
        device: torch.device,
    ) -> None:
        super().__init__(template, rng=rng, device=device)
        self.source, self.weight_scales = source, weight_scales
        self._drawn: dict[int, tuple[Tensor, Tensor]] = {}  # cached, because every step needs them

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every scale of initial weights."""
        return [{"weight_scale": scale} for scale in self.weight_scales]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of the network's scale, and biases 0."""
        scale = float(network.of_task["weight_scale"])
        return {name: values * scale for name, values in super().initial(network).items()}

    def samples(self, seed: int) -> tuple[Float[torch.Tensor, "N ..."], Int[torch.Tensor, " N"]]:
        """Return the inputs `[N, …]` of a seed and their classes `[N]`."""
        if seed not in self._drawn:
            inputs, classes = self.source(seed)
            self._drawn[seed] = (
                torch.from_numpy(inputs.astype(np.float32)).to(self.device),
                torch.from_numpy(classes).to(self.device),
            )
        return self._drawn[seed]

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss of all samples `[S]`, the same at every step."""
        outputs, classes = self._outputs(parameters, networks)
        targets = functional.one_hot(classes, outputs.shape[-1]).to(outputs)
        return (outputs - targets).square().sum(dim=2).mean(dim=1) / 2

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return `train_accuracy` and `train_loss`."""
        outputs, classes = self._outputs(parameters, networks)
        return {
            "train_accuracy": (outputs.argmax(dim=2) == classes).double().mean(dim=1),
            "train_loss": self.loss(parameters, networks, 0),
        }

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and the samples of seed 0."""
        return self.template, self.samples(0)[0]

    def _outputs(self, parameters: Parameters, networks: Sequence[Network]) -> tuple[Tensor, Tensor]:
        inputs, classes = zip(*(self.samples(network.seed) for network in networks), strict=True)
        return self.outputs(parameters, torch.stack(inputs)), torch.stack(classes)


@dataclass(frozen=True)
class Clusters:
    """Gaussian clusters around standard normal centres, sorted by class."""

    per_class: int
    rng: RandomStreams

    def __call__(self, seed: int) -> tuple[Float[np.ndarray, "N 20"], Int[np.ndarray, " N"]]:
        """Return samples `[N, 20]` and classes `[N]`."""
        generator = self.rng.at("samples", seed)
        centres = generator.standard_normal((CLUSTERS, DIMENSION))
        classes = np.repeat(np.arange(CLUSTERS), self.per_class)
        return centres[classes] + SPREAD * generator.standard_normal((len(classes), DIMENSION)), classes


@dataclass(frozen=True)
class Digits:
    """`per_class` digits of each class, sorted by class."""

    per_class: int
    rng: RandomStreams

    def __call__(self, seed: int) -> tuple[Float[np.ndarray, "N 1 8 8"], Int[np.ndarray, " N"]]:
        """Return images `[N, 1, 8, 8]` less the mean one, of about unit variance, and classes `[N]`."""
        generator = self.rng.at("samples", seed)
        images: Images = digits(0.0, generator)
        chosen = np.concatenate(
            [generator.permutation(np.flatnonzero(images.classes == label))[: self.per_class] for label in range(10)]
        )
        pixels = images.pixels[chosen]
        return (pixels - pixels.mean(axis=0)) / pixels.std(), images.classes[chosen]


def _dense(sizes: Sequence[int]) -> nn.Module:
    """Return dense layers with ReLU units between them."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, (inputs, outputs) in enumerate(pairwise(sizes[:-1]), start=1):
        layers[f"dense{number}"] = nn.Linear(inputs, outputs)
        layers[f"relu{number}"] = nn.ReLU()
    layers["classes"] = nn.Linear(sizes[-2], sizes[-1])
    return nn.Sequential(layers)
