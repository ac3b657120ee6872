"""Generating discs of two colours and two sizes from noise and a prompt; one of the four kinds is never trained on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Annotated, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.discs import draw_discs, measure_discs, pixel_centres, residue
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask

Count = Annotated[int, Field(ge=1)]
ColourSignal = Annotated[float, Field(gt=0, le=0.8)]
SizeSignal = Annotated[float, Field(gt=0, le=0.4)]
KINDS = {"red_big": (-1, 1), "blue_big": (1, 1), "red_small": (-1, -1), "blue_small": (1, -1)}
"""Signs of blue and of radius of every kind, relative to the middle; the last kind is held out."""
MIDDLE = (0.5, 0.45)
"""Blue and radius half-way between the kinds."""
SPREAD = (0.125, 0.375)
"""Half the range of colours and of radii within a kind, in units of the signal."""
SHIFT = 0.1
"""Largest distance of a centre from that of the picture, in both directions."""
EXAGGERATED = (0.65, 0.75, 0.85, 0.95)
"""Values of blue in the prompts for small discs, besides that of their kind."""
SHARPNESS = 4.0
"""A disc with the colour of its kind has this colour with probability σ(4) = .98."""
A_DISC = 0.5
"""Residue below which a picture counts as a disc: a disc explains more than half of it."""
EVALUATED, PICTURES, FLOW_STEPS = 64, 16, 10
"""Discs that the loss is computed on, pictures generated for every prompt, and steps of the flow for each."""
INPUT_CHANNELS = 9
"""Inputs of a pixel: three colours, time, the two numbers of the prompt, position across, down, from the centre."""


@task("concept-space")
def concept_space(
    *,
    colour_signals: Annotated[tuple[ColourSignal, ...], Field(min_length=1)] = (0.2, 0.4, 0.8),
    size_signals: Annotated[tuple[SizeSignal, ...], Field(min_length=1)] = (0.3,),
    side: Annotated[int, Field(ge=8)] = 16,
    channels: Annotated[tuple[Count, ...], Field(min_length=1)] = (16, 16, 16),
    batch: Count = 16,
    rng: RandomStreams,
    device: torch.device,
) -> ConceptSpace:
    """Generating discs of `side` × `side` pixels from a prompt of colour and radius, by a flow from noise.

    Colours of the kinds are .5 ± signal/2 and radii .45 ± signal/2, for all `colour_signals` and `size_signals`; within
    a kind colours range over ± signal/8 and radii over ± 3 signal/8. Blue-small is never trained on. `channels` are
    those of 3 × 3 convolutions of ReLU units.
    """
    return ConceptSpace(colour_signals, size_signals, side, channels, batch, rng=rng, device=device)


class ConceptSpace(ModuleTask):
    """Convolutions that generate pictures by flow matching (Lipman et al. 2023), on the discs of Park et al. (2024).

    A point on the straight line from noise at time 0 to a picture at time 1 is given with the time, the prompt and the
    positions of the pixels. The network predicts the picture, and the loss is the mean squared error. Pixels are from
    −1 to 1. Batches are keyed by seed and step, and the same in every setting but for the signals.
    """

    template: nn.Sequential

    def __init__(
        self,
        colour_signals: Sequence[float],
        size_signals: Sequence[float],
        side: int,
        channels: Sequence[int],
        batch: int,
        *,
        rng: RandomStreams,
        device: torch.device,
    ) -> None:
        super().__init__(_convolutions(channels), rng=rng, device=device)
        self.colour_signals, self.size_signals = colour_signals, size_signals
        self.side, self.batch = side, batch

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every signal of colour with every signal of size."""
        return [
            {"colour_signal": colour, "size_signal": size}
            for colour, size in product(self.colour_signals, self.size_signals)
        ]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights, and 0 for the last layer: all networks start with grey pictures."""
        initial = super().initial(network)
        initial["picture.weight"].zero_()
        return initial

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean squared error of the predicted pictures of the batch `[S]`."""
        return self._errors(parameters, networks, self._samples(networks, "batch", step, n=self.batch))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return where the pictures of every kind lie in concept space, whether the unseen kind is generated, the loss.

        `KIND_colour` is the probability that a picture is blue and `KIND_size` that it is small, as a mean over
        pictures. `prompted` is the probability that a picture is a disc, blue and small when the prompt is blue-small,
        `over_prompted` the same for the best of five prompts with more and more blue, and `retried` for the best of
        five attempts with the first of them. `…_residue` is the residue of these pictures.
        """
        signals = self._signals(networks)
        prompts = _middle(signals) + torch.tensor(list(KINDS.values()), device=self.device) * signals[:, None] / 2
        repeated = prompts[:, -1:].repeat(1, len(EXAGGERATED), 1)
        bluer = repeated.clone()
        bluer[..., 0] = bluer[..., 0].maximum(torch.tensor(EXAGGERATED, device=self.device))
        n_kinds, n_more = len(KINDS), len(EXAGGERATED)
        attempts = [0] * (n_kinds + n_more) + list(range(1, n_more + 1))
        pictures = self.generate(parameters, networks, torch.cat([prompts, bluer, repeated], dim=1), attempts=attempts)
        blue, small = self.coordinates(pictures, networks)
        residues = residue(pictures)
        unseen = (blue * small * (residues < A_DISC)).mean(2)
        best = {
            "prompted": [n_kinds - 1],
            "over_prompted": range(n_kinds - 1, n_kinds + n_more),
            "retried": [n_kinds - 1, *range(n_kinds + n_more, len(attempts))],
        }
        metrics = {"loss": self._errors(parameters, networks, self._samples(networks, "looked-at", n=EVALUATED))}
        for name, among in best.items():
            metrics[name], at = unseen[:, among].max(dim=1)
            metrics[f"{name}_residue"] = residues.mean(2)[:, among].gather(1, at[:, None])[:, 0]
        for number, kind in enumerate(KINDS):
            metrics[f"{kind}_colour"] = blue[:, number].mean(1)
            metrics[f"{kind}_size"] = small[:, number].mean(1)
        return metrics

    def generate(
        self,
        parameters: Parameters,
        networks: Sequence[Network],
        prompts: Float[torch.Tensor, "S K 2"],
        *,
        attempts: Sequence[int],
    ) -> Float[torch.Tensor, "S K pictures 3 side side"]:
        """Return `PICTURES` pictures for each prompt `[S, K, 2]`: `[S, K, PICTURES, 3, side, side]`, from 0 to 1.

        They start from noise keyed by the network's seed and the numbers of the `attempts [K]`, the same at every step
        of training.
        """
        noise = np.stack(
            [
                [self._normal(self.rng.at("shown", seed, attempt), PICTURES) for attempt in attempts]
                for seed in (network.seed for network in networks)
            ]
        )
        at = torch.from_numpy(noise).to(self.device).flatten(1, 2)
        repeated_prompts = prompts.repeat_interleave(PICTURES, dim=1)
        for step in range(FLOW_STEPS):
            time = torch.full_like(repeated_prompts[..., :1], step / FLOW_STEPS)
            at = at + (self.outputs(parameters, _inputs(at, time, repeated_prompts)) - at) / (FLOW_STEPS - step)
        return ((at + 1) / 2).clamp(0, 1).unflatten(1, (-1, PICTURES))

    def coordinates(
        self, pictures: Float[torch.Tensor, "S ..."], networks: Sequence[Network]
    ) -> tuple[Float[torch.Tensor, "S ..."], Float[torch.Tensor, "S ..."]]:
        """Return the probabilities that pictures `[S, …, 3, side, side]` are blue and that they are small, `[S, …]`.

        Logistic functions of the colour and the radius measured from a picture, ½ half-way between the kinds.
        """
        blue, radius = measure_discs(pictures)
        colour, size = (signal.view(-1, *[1] * (blue.ndim - 1)) / 2 for signal in self._signals(networks).unbind(1))
        return (
            torch.sigmoid(SHARPNESS * (blue - MIDDLE[0]) / colour),
            torch.sigmoid(SHARPNESS * (MIDDLE[1] - radius) / size),
        )

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and the inputs that its loss is computed on, for seed 0 in the first setting."""
        first = [Network(0, of_task=self.settings()[0])]
        return self.template, self._pictures(first, self._samples(first, "looked-at", n=EVALUATED))[1][0]

    def _errors(self, parameters: Parameters, networks: Sequence[Network], samples: Samples) -> Tensor:
        pictures, inputs = self._pictures(networks, samples)
        return (self.outputs(parameters, inputs) - pictures).square().mean(dim=(1, 2, 3, 4))

    def _pictures(self, networks: Sequence[Network], samples: Samples) -> tuple[Tensor, Tensor]:
        """Return the pictures `[S, n, 3, side, side]` of samples, and the inputs of the networks."""
        signals = self._signals(networks)[:, None]
        spread = torch.tensor(SPREAD, device=self.device)
        prompts = _middle(signals) + signals * (samples.kind / 2 + samples.offset * spread)
        pictures = 2 * draw_discs(prompts[..., 0], prompts[..., 1], samples.centre, self.side) - 1
        time = samples.time[..., None, None]
        return pictures, _inputs((1 - time) * samples.noise + time * pictures, samples.time, prompts)

    def _signals(self, networks: Sequence[Network]) -> Tensor:
        """Return the signals `[S, 2]` of colour and size."""
        rows = [(network.of_task["colour_signal"], network.of_task["size_signal"]) for network in networks]
        return torch.tensor(rows, dtype=torch.float32, device=self.device)

    def _samples(self, networks: Sequence[Network], stream: str, *step: int, n: int) -> Samples:
        """Return n random samples for each network."""
        by_seed = {
            seed: self._samples_of_seed(stream, seed, *step, n=n) for seed in {network.seed for network in networks}
        }
        return Samples(*(torch.stack(parts) for parts in zip(*(by_seed[each.seed] for each in networks), strict=True)))

    def _samples_of_seed(self, stream: str, *address: int, n: int) -> Samples:
        generator = self.rng.at(stream, *address)
        kinds = np.array(list(KINDS.values())[:-1])[generator.integers(len(KINDS) - 1, size=n)]
        offset, centre = generator.uniform(-1, 1, (2, n, 2))
        parts = (kinds, offset, SHIFT * centre, generator.random((n, 1)), self._normal(generator, n))
        return Samples(*(torch.from_numpy(part.astype(np.float32)).to(self.device) for part in parts))

    def _normal(self, generator: np.random.Generator, n: int) -> NDArray[np.float32]:
        return generator.standard_normal((n, 3, self.side, self.side), dtype=np.float32)


class Samples(NamedTuple):
    """The random numbers of pictures.

    `kind`, `offset` within the kind (−1 to 1) and `centre`: `[…, 2]`; `time` `[…, 1]`; `noise` `[…, 3, h, w]`.
    """

    kind: Tensor
    offset: Tensor
    centre: Tensor
    time: Tensor
    noise: Tensor


def _middle(like: Tensor) -> Tensor:
    return torch.tensor(MIDDLE, device=like.device)


def _inputs(at: Tensor, time: Tensor, prompts: Tensor) -> Tensor:
    """Return the inputs of every pixel `[S, B, 9, h, w]`."""
    side = at.shape[-1]
    across = pixel_centres(side, at).expand(side, side)
    positions = torch.stack([across, across.T, 2 * (across.square() + across.T.square()).sqrt() - 1])
    constants = torch.cat([2 * time - 1, prompts - _middle(prompts)], dim=-1)[..., None, None]
    return torch.cat(
        [
            at,
            constants.expand(*constants.shape[:-2], side, side),
            positions.expand(*at.shape[:2], -1, -1, -1),
        ],
        dim=2,
    )


def _convolutions(channels: Sequence[int]) -> nn.Sequential:
    """Return 3 × 3 convolutions with ReLU units between them."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, (inputs, outputs) in enumerate(pairwise((INPUT_CHANNELS, *channels)), start=1):
        layers[f"convolution{number}"] = nn.Conv2d(inputs, outputs, 3, padding=1)
        layers[f"relu{number}"] = nn.ReLU()
    layers["picture"] = nn.Conv2d(channels[-1], 3, 3, padding=1)
    return nn.Sequential(layers)
