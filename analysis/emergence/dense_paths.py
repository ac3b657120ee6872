"""Paths from inactive to active units in stacks of dense layers, on plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubbub.analysis.emergence.counting import (
    PRODUCTS,
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    countable,
    path_emergence_of,
    thresholds_with,
)
from hubbub.simulator.errors import ConfigurationError, complaint


def closed_form_paths(sizes: np.ndarray, active: np.ndarray, *, product: str = "n") -> np.ndarray:
    """Return the paths from inactive to active units of fully linked layers, for any number of networks at once.

    E = Σ_{i<j} (n_i − a_i) a_j Π_{i<k<j} n_k for layers of n_k units, a_k of them active; with `product="a"` a path
    leads over active units only, Π a_k (after AlShinaifi et al. 2024). Every unit of a layer is reached by as many
    paths as every other, so one number goes from layer to layer: O(K) for each network.

    Parameters
    ----------
    sizes
        Units of each layer `[K]`, from the first that a path may begin in to the output.
    active
        Active units of each layer `[…, K]`.

    Returns
    -------
    Paths `[…]`, as float64.

    Raises
    ------
    ConfigurationError
        For shapes that do not fit, more active units than units, and more than 1.8e308 paths.
    """
    n, a = np.asarray(sizes, dtype=np.float64), np.asarray(active, dtype=np.float64)
    if n.ndim != 1 or a.ndim == 0 or a.shape[-1] != len(n):
        raise ConfigurationError(complaint("active", expected=f"shape […, {n.size}], as sizes", got=a.shape))
    if product not in PRODUCTS:
        raise ConfigurationError(complaint("product", expected="one of n, a", got=product, valid=PRODUCTS))
    if not ((a >= 0) & (a <= n)).all():
        raise ConfigurationError(f"active: expected between 0 and {sizes} units, got {a[~((a >= 0) & (a <= n))][0]:g}")
    paths, reached = np.zeros(a.shape[:-1]), np.zeros(a.shape[:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for layer, size in enumerate(n):
            on = a[..., layer]
            paths += reached * on
            reached = reached * (size if product == "n" else on) + (size - on)
    return countable(paths)


def path_emergence_stack(
    activations: Sequence[np.ndarray],
    *,
    masks: Sequence[np.ndarray] | None = None,
    sources: str = "hidden",
    product: str = "n",
    activity: str = "mean",
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
    n_parameters: int | np.ndarray | None = None,
) -> PathEmergence:
    """Return the path emergence of each of N networks (agents, say) of dense layers, all at once.

    Parameters
    ----------
    activations
        One array `[N, M, n_k]` for each layer: N networks, M samples, n_k units, from the first layer that a path may
        begin in (the first hidden one, usually) to the output.
    masks
        One array `[N, n_{k+1}, n_k]` (or without N, for all alike) for each pair of neighbouring layers, not 0 where a
        link is; weights will do. None for all links: then the closed form is used.
    sources
        What `activations` begins with, for the record: "hidden" layers, or "all" where the first is the input.
    product, activity, threshold
        As in `Counting`.
    sweep
        Further thresholds.
    n_parameters
        Parameters of a network, a number or `[N]`; None for the number of links.

    O(N M Σ n_k) for each threshold without masks; with them O(N Σ n_k n_{k+1}), times M where samples are counted one
    by one.

    Raises
    ------
    ConfigurationError
        For shapes that do not fit, unknown options, and activations that are not finite.
    """
    counting = Counting(sources, product, activity, threshold, masks is not None)
    layers = [_activation(values, f"activations[{k}]") for k, values in enumerate(activations)]
    if not layers:
        raise ConfigurationError("activations: expected one array for each layer, got none")
    n_networks, n_samples, _ = layers[0].shape
    for k, values in enumerate(layers):
        if values.shape[:2] != (n_networks, n_samples):
            expected = f"shape [{n_networks}, {n_samples}, n], as activations[0]"
            raise ConfigurationError(complaint(f"activations[{k}]", expected=expected, got=values.shape))
    sizes = np.array([values.shape[2] for values in layers])
    links = None if masks is None else _links(masks, sizes, n_networks)
    if activity == "mean":
        layers = [values.mean(axis=1, keepdims=True) for values in layers]
    elif activity == "any":
        layers = [values.max(axis=1, keepdims=True) for values in layers]

    thresholds = thresholds_with(threshold, sweep)
    swept = np.empty((n_networks, len(thresholds)))
    active = np.empty((n_networks, len(thresholds), len(sizes)))
    for t, level in enumerate(thresholds):
        on = [values > level for values in layers]
        counts = np.stack([units.sum(axis=2) for units in on], axis=-1)  # [N, M or 1, K]
        paths = (
            closed_form_paths(sizes, counts, product=product) if links is None else _masked_paths(on, links, product)
        )
        swept[:, t], active[:, t] = paths.mean(axis=1), counts.mean(axis=1)
    if n_parameters is None:
        full = float((sizes[1:] * sizes[:-1]).sum())
        n_parameters = np.full(n_networks, full) if links is None else sum(link.sum(axis=(1, 2)) for link in links)
    return path_emergence_of(
        swept,
        active,
        thresholds=thresholds,
        layers=tuple(f"layer {k}" for k in range(len(sizes))),
        sizes=sizes,
        counting=counting,
        n_parameters=np.broadcast_to(np.asarray(n_parameters), n_networks),
        n_samples=n_samples,
    )


def _masked_paths(active: list[np.ndarray], links: list[np.ndarray], product: str) -> np.ndarray:
    """Return the paths `[N, M]` over links `[N, n_{k+1}, n_k]`, of active units `[N, M, n_k]`."""
    paths = np.zeros(active[0].shape[:2])
    reached = np.zeros(active[0].shape)
    with np.errstate(over="ignore", invalid="ignore"):
        for k, on in enumerate(active):
            paths += (reached * on).sum(axis=2)
            if k < len(links):
                leaving = (reached * on if product == "a" else reached) + ~on
                reached = leaving @ links[k].swapaxes(1, 2)
    return paths


def _activation(values: np.ndarray, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 3 or 0 in array.shape:
        raise ConfigurationError(complaint(name, expected="shape [N, M, units], none of them 0", got=array.shape))
    if not np.isfinite(array).all():
        wrong = np.count_nonzero(~np.isfinite(array))
        raise ConfigurationError(f"{name}: expected finite activations, got {wrong} others")
    return array


def _links(masks: Sequence[np.ndarray], sizes: np.ndarray, n_networks: int) -> list[np.ndarray]:
    """Return masks as 0 and 1 in float64 `[N, n_{k+1}, n_k]`."""
    if len(masks) != len(sizes) - 1:
        raise ConfigurationError(complaint("masks", expected=f"{len(sizes) - 1}, one between layers", got=len(masks)))
    links = []
    for k, mask in enumerate(masks):
        shape = (n_networks, int(sizes[k + 1]), int(sizes[k]))
        array = np.asarray(mask)
        if array.shape not in (shape, shape[1:]):
            raise ConfigurationError(complaint(f"masks[{k}]", expected=f"shape {list(shape)}", got=array.shape))
        links.append(np.broadcast_to((array != 0).astype(np.float64), shape))
    return links
