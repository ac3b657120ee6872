"""The number of paths from inactive to active units in stacks of dense layers, on plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Real, Shaped

from hubbub.analysis.emergence.counting import (
    PRODUCTS,
    SWEEP,
    THRESHOLD,
    Counting,
    PathEmergence,
    finite_paths,
    path_emergence_of,
    thresholds_with,
)
from hubbub.analysis.validation import COUNT, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(sizes=COUNT)
def closed_form_paths(
    sizes: Real[np.ndarray, " K"], active: Real[np.ndarray, "... K"], *, product: str = "n"
) -> Float[np.ndarray, " ..."]:
    """Return the number of paths from inactive to active units of fully linked layers, for any number of networks.

    E = Σ_{i<j} (n_i − a_i) a_j Π_{i<k<j} n_k for layers of n_k units, of which a_k are active; with `product="a"` a
    path passes through active units only, Π a_k (after AlShinaifi et al. 2024). All units of a layer are reached by
    the same number of paths, so one number per layer is enough: O(K) for each network.

    Parameters
    ----------
    sizes
        Number of units of each layer, `[K]`, from the first layer where a path may begin to the output.
    active
        Number of active units of each layer, `[…, K]`; means over samples need not be whole numbers.
    product
        As in `Counting`.

    Returns
    -------
    Numbers of paths `[…]`, as float64.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, more active units than units, an unknown product, or more than 1.8e308 paths.
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
    return finite_paths(paths)


@validated()
def path_emergence_stack(
    activations: Sequence[Real[np.ndarray, "N M units"]],
    *,
    masks: Sequence[Shaped[np.ndarray, "... outputs inputs"]] | None = None,
    sources: str = "hidden",
    product: str = "n",
    activity: str = "mean",
    threshold: float = THRESHOLD,
    sweep: tuple[float, ...] = SWEEP,
    n_parameters: int | Real[np.ndarray, " N"] | None = None,
) -> PathEmergence:
    """Return the path emergence of each of N networks of dense layers, for example agents (AlShinaifi et al. 2024).

    Parameters
    ----------
    activations
        One array `[N, M, n_k]` for each layer: N networks, M samples, n_k units, from the first layer where a path may
        begin (usually the first hidden layer) to the output.
    masks
        One array `[N, n_{k+1}, n_k]` (or `[n_{k+1}, n_k]`, the same for all networks) for each pair of neighbouring
        layers, of numbers or booleans: not 0 where there is a link; the weights themselves can be given. None: all
        units of neighbouring layers are linked, and the closed form is used.
    sources
        Which layers `activations` begins with: "hidden" layers, or "all" where the first is the input. It is kept in
        the result and changes no number.
    product, activity, threshold
        As in `Counting`.
    sweep
        More thresholds, for `PathEmergence.swept`.
    n_parameters
        Number of parameters of a network, one for all or `[N]`; None for the number of links.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, unknown options, or activations that are not finite.

    Notes
    -----
    Without masks O(N M Σ n_k) for each threshold; with masks O(N Σ n_k n_{k+1}), times M with `activity="sample"`.
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
    """Return the numbers of paths `[N, M]` along links `[N, n_{k+1}, n_k]` between active units `[N, M, n_k]`."""
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
        raise ConfigurationError(
            complaint("masks", expected=f"{len(sizes) - 1}, one for each pair of neighbouring layers", got=len(masks))
        )
    links = []
    for k, mask in enumerate(masks):
        shape = (n_networks, int(sizes[k + 1]), int(sizes[k]))
        array = np.asarray(mask)
        if array.shape not in (shape, shape[1:]):
            raise ConfigurationError(complaint(f"masks[{k}]", expected=f"shape {list(shape)}", got=array.shape))
        links.append(np.broadcast_to((array != 0).astype(np.float64), shape))
    return links
