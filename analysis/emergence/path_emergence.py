"""Path emergence: the number of paths from inactive units of a network to active ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.emergence.counting import (
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    first_of,
    path_emergence_of,
    thresholds_with,
)
from hubbub.analysis.emergence.evaluation_mode import evaluation_mode
from hubbub.analysis.validation import UNCHECKED, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

NUMBERS_AT_ONCE = 2**21
"""Limits the memory of one pass: numbers of the widest layer that are held at once (16 MiB as float64)."""


@validated(samples=UNCHECKED, states=UNCHECKED)
def path_emergence(
    module: nn.Module,
    samples: Shaped[torch.Tensor, "M ..."],
    *,
    states: Mapping[str, Shaped[torch.Tensor, "N ..."]] | None = None,
    sources: str = "hidden",
    product: str = "n",
    activity: str = "mean",
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
    masked: bool = True,
) -> PathEmergence:
    """Return the exact number of paths from inactive to active units of a network, or of each of N networks.

    E = Σ_{i<j} (inactive units of layer i) · (paths between) · (active units of layer j), after AlShinaifi,
    Almoaigel, Li, Kuleib & Silva (2024); Ẽ = E / (number of parameters that are not 0). A layer of units is the output
    of a non-linearity or of the network. Every weight is a link, also each use of a weight of a convolution, and so is
    every position in the window of a pooling layer. Normalisation, dropout and biases change no path; a residual sum
    adds paths. In fully linked dense layers E is Σ (n_i − a_i) a_j Π n_k.

    Parameters
    ----------
    module
        A network that `torch.fx` can trace, of dense, convolution and pooling layers, flatten, residual sums,
        normalisation, dropout, the usual non-linearities, and own layers with the attribute `unit_by_unit = True`,
        which link every unit to itself only. It may be pruned (`torch.nn.utils.prune`, or weights of 0). It is measured
        in evaluation mode.
    samples
        Inputs `[M, …]`, a fixed batch, of the element type that the network takes.
    states
        For N networks of the same structure: their parameters and buffers by name, stacked `[N, …]`, as
        `torch.func.stack_module_state` returns them (both in one mapping). Only the structure of `module` is then used.
        Pruned weights are 0 in them.
    sources, product, activity, threshold, masked
        As in `Counting`.
    sweep
        More thresholds, for `PathEmergence.swept`.

    Raises
    ------
    ConfigurationError
        An unsupported layer (the message names it), activations that are not finite, more than 1.8e308 paths, states
        that do not fit the module, or unknown options. It is not an error if there is no hidden layer, or if all or no
        units are active: then the value is 0 and `reason` says why.

    Notes
    -----
    Deterministic. One forward pass for the activations, and one in float64 that counts all pairs of layers; with
    `activity="sample"` a count for every sample. Layers without a weight of 0 are cheap: all their outputs are reached
    by the same number of paths.
    """
    import torch

    from hubbub.analysis.emergence.network_paths import Activities, Paths, read_network, traceable

    counting = Counting(sources, product, activity, threshold, masked)
    if samples.ndim < 2 or not len(samples):
        raise ConfigurationError(complaint("samples", expected="shape [M, …], M ≥ 1", got=tuple(samples.shape)))
    module = traceable(module)
    if states is not None:
        _check(states, module)
    thresholds = thresholds_with(threshold, sweep)
    with evaluation_mode(module), torch.no_grad():
        network = read_network(module, samples[:1], sources=sources)
        widest, n_rows = max(network.sizes), len(thresholds) if activity == "sample" else 1
        activities = Activities(network, activity)
        parts = [
            _of_each(activities, states, part, numbers=widest * len(part))
            for part in samples.split(max(1, NUMBERS_AT_ONCE // (widest * n_rows)))
        ]
        for name, layer in zip(network.names, zip(*parts, strict=True), strict=True):
            wrong = sum(int((~part.isfinite()).sum()) for part in layer)
            if wrong:
                raise ConfigurationError(f"activations of {name}: expected finite numbers, got {wrong} others")
        if activity != "sample":
            together = [torch.stack(layer) for layer in zip(*parts, strict=True)]
            join = (lambda layer: layer.sum(0) / len(samples)) if activity == "mean" else (lambda layer: layer.amax(0))
            parts = [tuple(join(layer) for layer in together)]
        remaining, pruned = _remaining_parameters(module, states)
        pruned = pruned if masked else frozenset()
        paths = Paths(network, product=product, thresholds=thresholds, pruned=pruned)
        largest = max((parameter.numel() for parameter in module.parameters()), default=0)
        found = [
            _of_each(
                paths,
                states,
                *layers,
                stacked=True,
                numbers=max(largest, widest * len(thresholds) * layers[0].shape[1]),
            )
            for layers in parts
        ]
        swept = torch.cat([counts for counts, _ in found], dim=2).mean(2)
        active = torch.cat([units for _, units in found], dim=2).double().mean(2)
    result = path_emergence_of(
        swept.cpu().numpy(),
        active.cpu().numpy(),
        thresholds=thresholds,
        layers=network.names,
        sizes=np.array(network.sizes),
        counting=counting,
        n_parameters=remaining,
        n_samples=len(samples),
    )
    return result if states is not None else first_of(result)


def _of_each(
    counter: nn.Module, states: Mapping[str, Tensor] | None, *tensors: Tensor, numbers: int, stacked: bool = False
) -> tuple[Tensor, ...]:
    """Return the outputs of a module for each network, `[N, …]`.

    `numbers` is the size of the largest tensor of one network; it limits how many networks are computed at once. With
    `stacked`, the tensors have a first axis N.
    """
    import torch
    from torch.func import functional_call

    if states is None:
        return tuple(found[None] for found in counter(*(tensor[0] if stacked else tensor for tensor in tensors)))
    return torch.vmap(
        lambda state, *own: functional_call(counter, state, own),
        in_dims=(0, *[0 if stacked else None] * len(tensors)),
        chunk_size=max(1, NUMBERS_AT_ONCE // numbers),
    )({f"traced.{name}": value for name, value in states.items()}, *tensors)


def _remaining_parameters(module: nn.Module, states: Mapping[str, Tensor] | None) -> tuple[np.ndarray, frozenset[str]]:
    """Return the number of parameters of each network without weights of 0, `[N]`, and the layers that have such."""
    import torch

    from hubbub.analysis.emergence.layer_paths import LINKS

    remaining = np.zeros(1 if states is None else len(next(iter(states.values()))), dtype=np.int64)
    pruned = set()
    for name, parameter in module.named_parameters():
        owner, _, own_name = name.rpartition(".")
        layer, own_name = module.get_submodule(owner), own_name.removesuffix("_orig")
        if own_name == "weight" and isinstance(layer, LINKS):
            weights = torch.as_tensor(layer.weight)[None] if states is None else states[name]
            n_links = torch.count_nonzero(weights.flatten(1), dim=1).cpu().numpy()
            remaining += n_links
            if (n_links < parameter.numel()).any():
                pruned.add(owner)
        else:
            mask = getattr(layer, f"{own_name}_mask", None)
            remaining += parameter.numel() if mask is None else int(mask.count_nonzero())
    return remaining, frozenset(pruned)


def _check(states: Mapping[str, Tensor], module: nn.Module) -> None:
    """Raise `ConfigurationError` for states that do not fit the module, by name and shape."""
    from torch.nn.utils import prune

    if prune.is_pruned(module):
        raise ConfigurationError(
            "states: expected a module whose pruning is permanent, in the weights; use torch.nn.utils.prune.remove"
        )
    known = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    lacking = [name for name in known if name not in states]
    if lacking:
        raise ConfigurationError(f"states: expected every parameter and buffer of the module, got no {lacking[0]!r}")
    n_networks = len(next(iter(states.values())))
    for name, value in states.items():
        if name not in known:
            raise ConfigurationError(complaint("states", expected="names of the module", got=name, valid=known))
        if value.shape != (n_networks, *known[name].shape):
            expected = f"shape [{n_networks}, {', '.join(map(str, known[name].shape))}]"
            raise ConfigurationError(complaint(f"states[{name!r}]", expected=expected, got=tuple(value.shape)))
