"""Path emergence: how many paths lead from inactive units of a network to active ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.emergence.counting import (
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    first_of,
    path_emergence_of,
    thresholds_with,
)
from hubbub.analysis.emergence.evaluated import evaluated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from torch import Tensor, nn

NUMBERS_AT_ONCE = 2**21
"""Bounds the memory of a walk: so many numbers of the widest layer are held at once (16 MiB as float64)."""


def path_emergence(
    module: nn.Module,
    samples: Tensor,
    *,
    states: Mapping[str, Tensor] | None = None,
    sources: str = "hidden",
    product: str = "n",
    activity: str = "mean",
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
    masked: bool = True,
) -> PathEmergence:
    """Return the number of paths from inactive to active units of a network, exactly, or of each of N networks.

    E = Σ_{i<j} (inactive units of layer i) · (paths between) · (active units of layer j), after AlShinaifi,
    Almoaigel, Li, Kuleib & Silva (2024); Ẽ = E / parameters that remain. A layer of units is what a non-linearity
    gives, and the output. Every weight is a link, also of a convolution, and every place in the window of a pooling
    layer; norms, dropout and biases change no path, a residual sum joins them. In fully linked dense layers this is
    Σ (n_i − a_i) a_j Π n_k.

    Parameters
    ----------
    module
        Any network that `torch.fx` can trace and that is built of dense, convolution, pooling, flatten, residual
        sums, norms, dropout, the usual non-linearities, and layers of yours that say `unit_by_unit = True` because
        they link every unit to itself only; pruned (`torch.nn.utils.prune`, or weights 0) or not. It is measured as
        in evaluation.
    samples
        Inputs `[M, …]`, a fixed batch.
    states
        For N networks of one kind: their parameters and buffers by name, stacked `[N, …]`, as
        `torch.func.stack_module_state` gives them (both in one mapping). `module` then gives the shape only. Pruned
        weights are 0 in them.
    sources, product, activity, threshold, masked
        As in `Counting`.
    sweep
        Further thresholds, which `swept` has E at.

    One walk forwards, and one in float64 that counts all pairs of layers; for `activity="sample"` one for every
    sample. Layers without a weight of 0 are cheap: all their outputs are reached by as many paths.

    Raises
    ------
    ConfigurationError
        For a layer that paths cannot be counted through (named), activations that are not finite, more than 1.8e308
        paths, and unknown options. No hidden layer, and all or no units active, are no errors: the value is 0, and
        `reason` says why.
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
    with evaluated(module), torch.no_grad():
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
            join = (lambda seen: seen.sum(0) / len(samples)) if activity == "mean" else (lambda seen: seen.amax(0))
            parts = [tuple(join(seen) for seen in together)]
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
    walk: nn.Module, states: Mapping[str, Tensor] | None, *tensors: Tensor, numbers: int, stacked: bool = False
) -> tuple[Tensor, ...]:
    """Return what a walk gives for each network `[N, …]`; `numbers` bounds how many networks go at once.

    With `stacked` the tensors have an axis N of their own.
    """
    import torch
    from torch.func import functional_call

    if states is None:
        return tuple(found[None] for found in walk(*(tensor[0] if stacked else tensor for tensor in tensors)))
    return torch.vmap(
        lambda state, *own: functional_call(walk, state, own),
        in_dims=(0, *[0 if stacked else None] * len(tensors)),
        chunk_size=max(1, NUMBERS_AT_ONCE // numbers),
    )({f"traced.{name}": value for name, value in states.items()}, *tensors)


def _remaining_parameters(module: nn.Module, states: Mapping[str, Tensor] | None) -> tuple[np.ndarray, frozenset[str]]:
    """Return the number of parameters of each network `[N]` less weights that are 0, and the layers that have those."""
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
    """Refuse states that do not fit the module, by name and shape."""
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
