"""Discs of two colours and two sizes, painted from noise as a prompt asks; one of the four kinds is never shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Annotated, NamedTuple

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, task
from hubbub.simulator.training.discs import drawn, places, read, residue
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask

Count = Annotated[int, Field(ge=1)]
ColourSignal = Annotated[float, Field(gt=0, le=0.8)]
SizeSignal = Annotated[float, Field(gt=0, le=0.4)]
KINDS = {"red_big": (-1, 1), "blue_big": (1, 1), "red_small": (-1, -1), "blue_small": (1, -1)}
"""Which way from the middle the colour and the radius of every kind lie; the last kind is held out."""
MIDDLE = (0.5, 0.45)
"""Colour and radius half-way between the kinds."""
SPREAD = (0.125, 0.375)
"""Half the range of colours and of radii within a kind, in units of the signal."""
SHIFT = 0.1
"""Farthest that a centre lies from that of the picture, in both directions."""
EXAGGERATED = (0.65, 0.75, 0.85, 0.95)
"""Colours that small discs are asked for in besides that of their kind."""
SHARPNESS = 4.0
"""A disc that is as blue as its kind is blue with probability σ(4) = .98."""
A_DISC = 0.5
"""Residue below which a picture counts as one of a disc: the disc accounts for more than half of it."""
LOOKED_AT, SHOWN, MOVES = 64, 16, 10
"""Discs that the loss is judged on, pictures painted for every prompt, and moves that a picture is painted in."""
KNOWN = 9
"""What is known of a pixel: three colours, time, the two numbers of the prompt, place across, down, from the middle."""


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
    """Painting discs of `side` × `side` pixels at a prompt of colour and radius, by a flow from noise.

    Colours of the kinds are .5 ± signal/2 and radii .45 ± signal/2, for all `colour_signals` and `size_signals`; within
    a kind colours range over ± signal/8 and radii over ± 3 signal/8. Blue-small is never shown. `channels` are those of
    3 × 3 convolutions of ReLU units.
    """
    return ConceptSpace(colour_signals, size_signals, side, channels, batch, rng=rng, device=device)


class ConceptSpace(ModuleTask):
    """Convolutions that paint by flow matching (Lipman et al. 2023), on the discs of Park et al. (2024).

    On the straight line from noise at time 0 to a picture at time 1, a network sees where it is, the time, the prompt
    and the places of the pixels, and says what the picture will be; the loss is the mean squared error of that. Pixels
    go from −1 to 1. Batches are drawn at the address of seed and step, the same in every setting but for the signals.
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
        """Return normal weights, and 0 for the last layer: all networks begin with grey pictures."""
        begun = super().initial(network)
        begun["picture.weight"].zero_()
        return begun

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean squared error of the pictures that the batch will be `[S]`."""
        return self._errors(parameters, networks, self._deals(networks, "batch", step, n=self.batch))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, snapshot: bool) -> Mapping[str, Tensor]:
        """Return where the pictures of every kind lie in concept space, whether the unseen kind is painted, the loss.

        `KIND_colour` is the probability that a picture is blue and `KIND_size` that it is small, in the mean over
        pictures. `prompted` is the probability that a picture is both and a disc when blue-small is asked for,
        `over_prompted` the same at the best of five prompts, which ask for ever more blue, and `retried` at the best of
        five goes at the first of them. `…_residue` is what no disc accounts for in these pictures.
        """
        signals = self._signals(networks)
        prompts = _middle(signals) + torch.tensor(list(KINDS.values()), device=self.device) * signals[:, None] / 2
        same = prompts[:, -1:].repeat(1, len(EXAGGERATED), 1)
        more = same.clone()
        more[..., 0] = more[..., 0].maximum(torch.tensor(EXAGGERATED, device=self.device))
        n_kinds, n_more = len(KINDS), len(EXAGGERATED)
        goes = [0] * (n_kinds + n_more) + list(range(1, n_more + 1))
        pictures = self.paint(parameters, networks, torch.cat([prompts, more, same], dim=1), goes=goes)
        blue, small = self.coordinates(pictures, networks)
        left = residue(pictures)
        unseen = (blue * small * (left < A_DISC)).mean(2)
        best = {
            "prompted": [n_kinds - 1],
            "over_prompted": range(n_kinds - 1, n_kinds + n_more),
            "retried": [n_kinds - 1, *range(n_kinds + n_more, len(goes))],
        }
        metrics = {"loss": self._errors(parameters, networks, self._deals(networks, "looked-at", n=LOOKED_AT))}
        for name, among in best.items():
            metrics[name], at = unseen[:, among].max(dim=1)
            metrics[f"{name}_residue"] = left.mean(2)[:, among].gather(1, at[:, None])[:, 0]
        for number, kind in enumerate(KINDS):
            metrics[f"{kind}_colour"] = blue[:, number].mean(1)
            metrics[f"{kind}_size"] = small[:, number].mean(1)
        return metrics

    def paint(
        self, parameters: Parameters, networks: Sequence[Network], prompts: Tensor, *, goes: Sequence[int]
    ) -> Tensor:
        """Return `SHOWN` pictures for each of the prompts `[S, K, 2]`: `[S, K, SHOWN, 3, side, side]`, from 0 to 1.

        They begin at noise of the network's seed and of the number of the go `[K]`, the same at every step of training.
        """
        noise = np.stack(
            [
                [self._normal(self.rng.at("shown", seed, go), SHOWN) for go in goes]
                for seed in (network.seed for network in networks)
            ]
        )
        at = torch.from_numpy(noise).to(self.device).flatten(1, 2)
        asked = prompts.repeat_interleave(SHOWN, dim=1)
        for move in range(MOVES):
            time = torch.full_like(asked[..., :1], move / MOVES)
            at = at + (self.outputs(parameters, _inputs(at, time, asked)) - at) / (MOVES - move)
        return ((at + 1) / 2).clamp(0, 1).unflatten(1, (-1, SHOWN))

    def coordinates(self, pictures: Tensor, networks: Sequence[Network]) -> tuple[Tensor, Tensor]:
        """Return the probabilities that pictures `[S, …, 3, side, side]` are blue and that they are small, `[S, …]`.

        A logistic function of the colour and the radius read off a picture, ½ half-way between the kinds.
        """
        blue, radius = read(pictures)
        colour, size = (signal.view(-1, *[1] * (blue.ndim - 1)) / 2 for signal in self._signals(networks).unbind(1))
        return (
            torch.sigmoid(SHARPNESS * (blue - MIDDLE[0]) / colour),
            torch.sigmoid(SHARPNESS * (MIDDLE[1] - radius) / size),
        )

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return the network and what it sees of the pictures that seed 0 is judged on, in the first setting."""
        first = [Network(0, of_task=self.settings()[0])]
        return self.template, self._seen(first, self._deals(first, "looked-at", n=LOOKED_AT))[1][0]

    def _errors(self, parameters: Parameters, networks: Sequence[Network], deals: Deal) -> Tensor:
        pictures, seen = self._seen(networks, deals)
        return (self.outputs(parameters, seen) - pictures).square().mean(dim=(1, 2, 3, 4))

    def _seen(self, networks: Sequence[Network], deal: Deal) -> tuple[Tensor, Tensor]:
        """Return the pictures `[S, n, 3, side, side]` that were dealt, and what the networks see of them."""
        signals = self._signals(networks)[:, None]
        spread = torch.tensor(SPREAD, device=self.device)
        prompts = _middle(signals) + signals * (deal.kind / 2 + deal.apart * spread)
        pictures = 2 * drawn(prompts[..., 0], prompts[..., 1], deal.centre, self.side) - 1
        time = deal.time[..., None, None]
        return pictures, _inputs((1 - time) * deal.noise + time * pictures, deal.time, prompts)

    def _signals(self, networks: Sequence[Network]) -> Tensor:
        """Return the signals `[S, 2]` of colour and size."""
        rows = [(network.of_task["colour_signal"], network.of_task["size_signal"]) for network in networks]
        return torch.tensor(rows, dtype=torch.float32, device=self.device)

    def _deals(self, networks: Sequence[Network], stream: str, *step: int, n: int) -> Deal:
        """Return what luck says of n pictures for each network."""
        by_seed = {seed: self._deal(stream, seed, *step, n=n) for seed in {network.seed for network in networks}}
        return Deal(*(torch.stack(parts) for parts in zip(*(by_seed[each.seed] for each in networks), strict=True)))

    def _deal(self, stream: str, *address: int, n: int) -> Deal:
        generator = self.rng.at(stream, *address)
        kinds = np.array(list(KINDS.values())[:-1])[generator.integers(len(KINDS) - 1, size=n)]
        apart, centre = generator.uniform(-1, 1, (2, n, 2))
        parts = (kinds, apart, SHIFT * centre, generator.random((n, 1)), self._normal(generator, n))
        return Deal(*(torch.from_numpy(part.astype(np.float32)).to(self.device) for part in parts))

    def _normal(self, generator: np.random.Generator, n: int) -> np.ndarray:
        return generator.standard_normal((n, 3, self.side, self.side), dtype=np.float32)


class Deal(NamedTuple):
    """What is drawn of pictures.

    `kind`, the place within it `apart` (−1 to 1) and `centre`: `[…, 2]`; `time` `[…, 1]`; `noise` `[…, 3, h, w]`.
    """

    kind: Tensor
    apart: Tensor
    centre: Tensor
    time: Tensor
    noise: Tensor


def _middle(like: Tensor) -> Tensor:
    return torch.tensor(MIDDLE, device=like.device)


def _inputs(at: Tensor, time: Tensor, prompts: Tensor) -> Tensor:
    """Return what is known of every pixel `[S, B, 9, h, w]`."""
    side = at.shape[-1]
    across = places(side, at).expand(side, side)
    where = torch.stack([across, across.T, 2 * (across.square() + across.T.square()).sqrt() - 1])
    told = torch.cat([2 * time - 1, prompts - _middle(prompts)], dim=-1)[..., None, None]
    return torch.cat([at, told.expand(*told.shape[:-2], side, side), where.expand(*at.shape[:2], -1, -1, -1)], dim=2)


def _convolutions(channels: Sequence[int]) -> nn.Sequential:
    """Return 3 × 3 convolutions with ReLU units between them."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, (inputs, outputs) in enumerate(pairwise((KNOWN, *channels)), start=1):
        layers[f"convolution{number}"] = nn.Conv2d(inputs, outputs, 3, padding=1)
        layers[f"relu{number}"] = nn.ReLU()
    layers["picture"] = nn.Conv2d(channels[-1], 3, 3, padding=1)
    return nn.Sequential(layers)
