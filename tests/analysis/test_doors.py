"""No public function of the analysis answers for input that has no answer: it refuses by name, or says why not.

Every public function is found by introspection and has one small valid call here; the tests change one argument of it.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import math
import pkgutil
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import hubbub.analysis
from hubbub.simulator.errors import HubbubError

RNG = np.random.default_rng(0)
START = RNG.bit_generator.state
RING = np.array([[i, (i + s) % 8] for i in range(8) for s in (1, 7)])
RECORD = RNG.standard_normal(1200)
COUNTS = RNG.poisson(3, 1200)
MESSAGES = RNG.integers(1, 4, (3, 9, 4))
REFERENTS = np.array([(a, b) for a in range(3) for b in range(3)])
SQUARE = RNG.random((8, 8))
HOPS = np.abs(np.subtract.outer(np.arange(8), np.arange(8))).astype(float)
LABELS = np.repeat([0, 1], 4)
SIZES = np.ceil(1 / RNG.random(300))
STATES = RNG.integers(2, size=(200, 3))
TIMES = np.flatnonzero(RNG.random(1200) < 0.2)
FEATURES = np.repeat(np.eye(3, 4), 4, axis=0) + 0.1 * RNG.standard_normal((12, 4))
CLASSES = np.repeat(np.arange(3), 4)
POSITIVE_DEFINITE = np.eye(2) * 0.1


def _generator() -> np.random.Generator:
    return np.random.default_rng(0)


def _network() -> Any:
    import torch
    from torch import nn

    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))


def _samples() -> Any:
    import torch

    return torch.arange(8.0).reshape(4, 2) / 8


def _stack() -> dict[str, Any]:
    import torch

    return {"w": torch.ones(2, 3)}


def _loss(parameters: Any) -> Any:
    return (parameters["w"] ** 2).sum(1)


def _block_kernel() -> Any:
    from hubbub.analysis.collapse import block_kernel

    return block_kernel(FEATURES @ FEATURES.T, CLASSES)


def _fit() -> Any:
    from hubbub.analysis.tails import fit_power_law

    return fit_power_law(SIZES, discrete=True)


def _avalanches() -> Any:
    from hubbub.analysis.temporal import avalanches

    return avalanches(COUNTS)


def _speaker() -> dict[str, np.ndarray]:
    rng, n, h, v, f = np.random.default_rng(1), 2, 3, 4, 2
    shapes = {
        "objects": (f, h),
        "objects_bias": (1, h),
        "symbols": (v + 1, h),
        "inputs": (h, 3 * h),
        "inputs_bias": (1, 3 * h),
        "recurrent": (h, 3 * h),
        "candidate_bias": (1, h),
        "emit": (h, v),
        "emit_bias": (1, v),
    }
    return {name: rng.standard_normal((n, *shape)) for name, shape in shapes.items()}


def _of_graph(edges: np.ndarray, n_agents: int) -> Any:
    from hubbub.analysis.hubs import clustering

    return clustering(edges, n_agents)


def _mean(record: np.ndarray) -> float:
    return float(np.mean(record))


GRAPH: dict[str, Any] = {"edges": RING, "n_agents": 8}
LANGUAGE: dict[str, Any] = {"messages": MESSAGES, "lengths": np.full((3, 9), 4)}
FEW: dict[str, Any] = {"permutations": 5}

EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    # modules beside the folders
    "square": lambda: {"matrix": SQUARE},
    "edge_list": lambda: GRAPH,
    "below": lambda: {"groups": CLASSES, "n_groups": 3},
    "bootstrap_interval": lambda: {"values": RECORD[:20], "resamples": 100, "generator": _generator()},
    "compare_conditions": lambda: {"first": SQUARE[:5], "second": SQUARE[3:], "paired": True, "permutations": 40},
    "hedges_g": lambda: {"first": RECORD[:8], "second": RECORD[8:14]},
    "holm": lambda: {"p_values": SQUARE[0]},
    "permutation_test": lambda: {"first": RECORD[:8], "second": RECORD[8:14], "permutations": 40},
    "crossing": lambda: {"settings": [0.0, 1.0, 2.0], "values": [-1.0, 1.0, 2.0], "level": 0.0},
    "standard_ranks": lambda: {"values": RECORD[:20]},
    "rank_correlation": lambda: {"left": RECORD[:20], "right": COUNTS[:20], **FEW},
    "shape_bias": lambda: {"named": CLASSES, "shapes": CLASSES, "textures": CLASSES[::-1].copy(), "n_classes": 3},
    "over_seeds": lambda: {"values": [1.0, 2.0, 3.0]},
    # collapse
    "block_kernel": lambda: {"kernel": FEATURES @ FEATURES.T, "classes": CLASSES},
    "tangent_kernel": lambda: {
        "module": (net := _network()),
        "inputs": _samples(),
        "state": {name: of.detach() for name, of in net.named_parameters()},
    },
    "collapse_invariant": lambda: {
        "weights": FEATURES[::4],
        "features": FEATURES,
        "classes": CLASSES,
        "kernel": _block_kernel(),
    },
    "invariant_alignment": lambda: {
        "weights": FEATURES[::4],
        "features": FEATURES,
        "classes": CLASSES,
        "kernel": _block_kernel(),
    },
    "neural_collapse": lambda: {
        "features": FEATURES,
        "classes": CLASSES,
        "weights": FEATURES[::4],
        "biases": np.zeros(3),
    },
    # concepts
    "identity_variances": lambda: {"signals": np.array([1.0, 2.0]), "spread": 0.1},
    "identity_map": lambda: {"time": np.array([0.0, 1.0]), "variances": np.ones(2), "initial": POSITIVE_DEFINITE},
    "identity_learning_time": lambda: {"share": 0.8, "variances": np.array([1.0, 2.0])},
    "tied_identity_maps": lambda: {
        "times": np.array([0.0, 1.0]),
        "variances": np.array([1.0, 2.0]),
        "initial": POSITIVE_DEFINITE,
    },
    "probe_loss": lambda: {"maps": np.eye(2)[None], "probe": np.ones(2)},
    "bend": lambda: {"path": np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])},
    "reached": lambda: {"steps": [0.0, 1.0], "values": [0.0, 1.0], "level": 0.5},
    # control
    "boundary_mass": lambda: {"actions": RNG.uniform(-1, 1, (2, 5, 1)), "boundary": 0.9},
    "squared_action": lambda: {"actions": RNG.uniform(-1, 1, (2, 5, 1))},
    "switches": lambda: {"actions": RNG.uniform(-1, 1, (2, 5, 1))},
    "switching_curve": lambda: {"velocity": np.array([1.0, -1.0])},
    "time_optimal_force": lambda: {"position": np.ones(2), "velocity": np.ones(2)},
    "minimum_time": lambda: {"position": np.ones(2), "velocity": np.ones(2)},
    "least_cost": lambda: {"position": np.ones(2), "velocity": np.ones(2), "action_cost": 2.0},
    "returns": lambda: {
        "rewards": np.ones((2, 1, 3)),
        "actions": np.ones((2, 1, 3, 1)),
        "action_costs": [0.1, 0.2],
    },
    "performance_ratio": lambda: {"value": 1.0, "reference": 2.0, "baseline": 0.0},
    # dialects
    "agreement": lambda: {"labels": LABELS, "partition": LABELS.tolist(), **FEW},
    "intelligibility_asymmetry": lambda: {"success": SQUARE, "n_referents": 9, "labels": LABELS, "samples": 5},
    "border_or_continuum": lambda: {"values": SQUARE, "distance": HOPS, "labels": LABELS},
    "dialect_border": lambda: {
        "messages": RNG.integers(1, 4, (8, 6, 3)),
        "distance": HOPS,
        "lengths": np.full((8, 6), 3),
        "splits": 1,
    },
    "cluster": lambda: {"similarity": SQUARE, "n_clusters": 2},
    "hop_distances": lambda: GRAPH,
    "by_distance": lambda: {"matrix": SQUARE, **GRAPH},
    "mantel_test": lambda: {"dissimilarity": SQUARE, "distance": HOPS, **FEW},
    "pair_means": lambda: {"matrix": SQUARE, "edges": RING},
    "zig_zag": lambda: {"values": SQUARE, "distance": HOPS},
    # emergence
    "causal_emergence": lambda: {"transitions": SQUARE[:4, :4]},
    "coarse_grained": lambda: {"rows": np.full((4, 4), 0.25), "groups": np.array([0, 0, 1, 1])},
    "lmc_complexity": lambda: {"weights": SQUARE[0]},
    "jensen_shannon_complexity": lambda: {"weights": SQUARE[0]},
    "closed_form_paths": lambda: {"sizes": np.array([3, 3, 2]), "active": np.array([1, 2, 1])},
    "path_emergence_stack": lambda: {
        "activations": [SQUARE[:2, :4, None], SQUARE[:2, 4:, None]],
        "masks": [np.ones((1, 1))],
    },
    "participation_ratio": lambda: {"activations": RECORD.reshape(-1, 4)},
    "effective_rank": lambda: {"activations": RECORD.reshape(-1, 4)},
    "dynamical_dependence": lambda: {
        "transfer": np.array([[0.5, 0.1], [0.0, 0.4]]),
        "noise": np.eye(2),
        "projection": np.array([[1.0, 1.0]]),
    },
    "dynamical_independence": lambda: {
        "record": RECORD.reshape(-1, 2),
        "projection": np.array([[1.0, 1.0]]),
        "shuffles": 2,
    },
    "effective_information": lambda: {"transitions": SQUARE},
    "estimated_effective_information": lambda: {"states": COUNTS[:200] % 3, "shuffles": 2},
    "integrated_information_decomposition": lambda: {"first": STATES[:, 0], "second": STATES[:, 1], "shuffles": 2},
    "local_learning_coefficient": lambda: {
        "module": _network(),
        "loss": lambda out, target: ((out - target) ** 2).mean(),
        "inputs": _samples(),
        "targets": _samples(),
        "generator": _generator(),
        "chains": 2,
        "steps": 4,
        "burn_in": 2,
    },
    "local_learning_coefficients": lambda: {
        "loss": _loss,
        "at": _stack(),
        "n": 5,
        "generator": _generator(),
        "chains": 2,
        "steps": 4,
        "burn_in": 2,
    },
    "magnitude_pruned": lambda: {"module": _network(), "sparsity": 0.5},
    "o_information": lambda: {"record": STATES, "shuffles": 2},
    "total_correlation": lambda: {"record": STATES, "shuffles": 2},
    "dual_total_correlation": lambda: {"record": STATES, "shuffles": 2},
    "path_emergence": lambda: {"module": _network(), "samples": _samples()},
    "pruning_curve": lambda: {"accuracy": lambda sparsity: 1 - sparsity, "sparsities": [0.0, 0.5, 1.0]},
    "psi_delta_gamma": lambda: {"macro": STATES.sum(1), "parts": STATES, "shuffles": 2},
    "speaking_path_emergence": lambda: {
        "weights": _speaker(),
        "objects": np.eye(2),
        "messages": np.ones((2, 2, 3), dtype=np.int64),
        "lengths": np.full((2, 2), 3),
    },
    "speaking_states": lambda: {
        "weights": _speaker(),
        "objects": np.eye(2),
        "messages": np.ones((2, 2, 3), dtype=np.int64),
    },
    # hubs
    **{
        name: lambda: GRAPH
        for name in (
            "betweenness",
            "betweenness_centralisation",
            "clustering",
            "core_numbers",
            "degree_assortativity",
            "degree_centralisation",
            "degree_distribution",
            "degrees",
            "distances",
            "efficiency",
            "eigenvector_centralisation",
            "eigenvector_centrality",
            "k_core",
            "link_counts",
            "page_rank",
            "path_length",
            "rich_club",
            "rich_club_curve",
            "undirected_links",
        )
    },
    "degree_table": lambda: {**GRAPH, "success": SQUARE},
    "shortest_paths": lambda: {**GRAPH, "exact_up_to": 4},
    "success_of_agents": lambda: {"success": SQUARE},
    "graph_communities": lambda: {**GRAPH, "n_communities": 2},
    "modularity": lambda: {**GRAPH, "labels": LABELS},
    "gini": lambda: {"values": SIZES},
    "top_share": lambda: {"values": SIZES, "fraction": 0.1},
    "largest_to_mean": lambda: {"values": SIZES},
    "against_graph_nulls": lambda: {"measure": _of_graph, **GRAPH, "generator": _generator(), "samples": 2},
    "against_given_nulls": lambda: {"measure": _of_graph, **GRAPH, "nulls": {"random": [RING]}},
    "graph_nulls": lambda: {**GRAPH, "generator": _generator(), "samples": 2},
    "erdos_renyi": lambda: {"n_agents": 8, "n_links": 6, "generator": _generator()},
    "directed_erdos_renyi": lambda: {"n_agents": 8, "n_edges": 6, "generator": _generator()},
    "degree_preserving": lambda: {"links": RING[::2], "n_agents": 8, "generator": _generator()},
    "heavy_tailed": lambda: {"degrees": [SIZES[:100]], "generator": _generator(), "samples": 2},
    "small_world_sigma": lambda: {**GRAPH, "generator": _generator(), "samples": 3},
    "small_world_omega": lambda: {**GRAPH, "generator": _generator(), "samples": 3},
    "ring_lattice": lambda: {"n_agents": 8, "n_links": 6},
    "hub_table": lambda: {**GRAPH, "samples": 2},
    # language
    **{
        name: lambda: LANGUAGE
        for name in (
            "distinct_messages",
            "message_entropy",
            "message_length",
            "position_entropy",
            "similarity_matrix",
            "symbol_entropy",
        )
    },
    "similarity": lambda: {**LANGUAGE, **FEW},
    "speaker_synchrony": lambda: {**LANGUAGE, **FEW},
    "abbreviation": lambda: {**LANGUAGE, "frequencies": np.arange(9.0), **FEW},
    "vocabulary_use": lambda: {**LANGUAGE, "vocabulary": 5},
    **{
        name: lambda: {**LANGUAGE, "referents": REFERENTS, **FEW}
        for name in (
            "bag_of_symbols_disentanglement",
            "context_independence",
            "positional_disentanglement",
            "positive_signalling",
            "topographic_similarity",
        )
    },
    "causal_influence": lambda: {"answers": np.full((2, 3), 1 / 3), "message_probabilities": np.full(2, 0.5)},
    "positive_listening": lambda: {"answers": np.full((2, 3), 1 / 3), "silent": np.full(3, 1 / 3)},
    "listener_synchrony": lambda: {"answers": COUNTS[:12].reshape(3, 4), **FEW},
    # layers
    "copula_information": lambda: {"inputs": SQUARE, "outputs": SQUARE.T.copy(), "components": 2},
    "quantised_information": lambda: {"inputs": SQUARE, "outputs": SQUARE.T.copy(), "resolution": 0.5},
    "data_emergence": lambda: {"tokens": STATES},
    "neural_information": lambda: {
        "inputs": RECORD[:160].reshape(1, 40, 4),
        "outputs": RECORD[160:320].reshape(1, 40, 4),
        "steps": 2,
        "generator": _generator(),
    },
    "most_links": lambda: {"links": SIZES, "most": 3},
    # percolation
    "critical_probability": lambda: {"n_left": 4, "n_right": 9},
    "giant_shares": lambda: {"n_left": 4, "n_right": 9, "probability": 0.5},
    "random_bipartite_graph": lambda: {"n_left": 4, "n_right": 9, "probability": 0.5, "generator": _generator()},
    "giant_component": lambda: {"edges": np.array([[0, 0], [1, 0], [2, 2]]), "n_left": 3, "n_right": 4},
    "transition_step": lambda: {"steps": [0.0, 1.0, 2.0], "values": [0.0, 0.5, 1.0], "level": 0.5},
    # skills
    "skill_frequencies": lambda: {"n_skills": 5, "exponent": 0.6},
    "skill_strength": lambda: {"time": np.arange(3), "frequency": 0.1, "initial": 0.01, "learning_rate": 0.1},
    "learning_time": lambda: {
        "strength": 0.5,
        "frequency": np.array([0.1, 0.2]),
        "initial": 0.01,
        "learning_rate": 0.1,
    },
    "strength_from_samples": lambda: {"samples": np.array([1.0, 2.0]), "critical": 3.0},
    "loss_by_time": lambda: {"times": np.array([1.0, 2.0]), "exponent": 0.6, "initial": 0.01},
    "loss_by_samples": lambda: {"samples": np.array([1.0, 2.0]), "exponent": 0.6},
    "loss_by_units": lambda: {"skills": np.array([1.0, 2.0]), "exponent": 0.6},
    "loss_by_compute": lambda: {"compute": np.array([2.0, 3.0]), "exponent": 0.6, "initial": 0.01},
    # tails
    "fit_power_law": lambda: {"values": SIZES, "discrete": True},
    "fit_sizes": lambda: {"values": SIZES},
    "compare": lambda: {"values": SIZES, "fit": _fit()},
    "goodness_of_fit": lambda: {"values": SIZES, "fit": _fit(), "generator": _generator(), "samples": 2},
    "scale_free_evidence": lambda: {"degrees": SIZES, "generator": _generator(), "samples": 2},
    "scale_free_form": lambda: {"degrees": [SIZES[:100]], "generator": _generator(), "samples": 2},
    "scale_free_grade": lambda: {"degrees": [SIZES], "generator": _generator(), "samples": 2},
    # temporal
    "activity_from_counts": lambda: {"counts": COUNTS},
    "activity_from_events": lambda: {"times": TIMES / 10, "channels": TIMES % 3, "bin": 1.0},
    "activity_from_raster": lambda: {"raster": STATES},
    "mean_interval": lambda: {"times": TIMES},
    "measure_activity": lambda: {"activity": COUNTS[:300], "times": TIMES[:60], "surrogates": 1},
    "avalanches": lambda: {"activity": COUNTS},
    "threshold_sweep": lambda: {"activity": COUNTS, "shares": (0.5,)},
    "shape_collapse": lambda: {"activity": COUNTS, "found": _avalanches()},
    "branching_ratio": lambda: {"activity": COUNTS},
    "burstiness": lambda: {"times_between": SIZES, "samples": 5},
    "memory_coefficient": lambda: {"times_between": SIZES, "samples": 5},
    "coincidences": lambda: {"switches": COUNTS},
    "switched_on": lambda: {"states": STATES},
    "crackling": lambda: {"sizes": SIZES, "durations": np.ceil(np.sqrt(SIZES))},
    "size_growth": lambda: {"sizes": SIZES, "durations": np.ceil(np.sqrt(SIZES))},
    "critical_interval": lambda: {"noise": np.arange(4.0), "h": np.array([0.5, 0.7, 0.8, 0.5]), "h_error": np.zeros(4)},
    "dfa": lambda: {"record": RECORD, "lags": np.array([10, 20, 40]), "surrogates": 1},
    "multifractal_dfa": lambda: {
        "record": RECORD,
        "q": np.array([-1.0, 2.0]),
        "lags": np.array([10, 20, 40]),
        "surrogates": 1,
    },
    "diffusion_entropy": lambda: {"record": RECORD, "lags": np.array([10, 20, 40]), "surrogates": 1},
    "spectral_exponent": lambda: {"record": RECORD, "surrogates": 1},
    "event_walk": lambda: {"times": TIMES, "n_steps": 1200},
    "event_scaling": lambda: {"times": TIMES, "n_steps": 1200, "surrogates": 1},
    "inter_event_times": lambda: {"times": TIMES},
    "rapid_transition_events": lambda: {"record": RECORD},
    "h_of_mu": lambda: {"mu": 2.5},
    "delta_of_mu": lambda: {"mu": 2.5},
    "mu_of_h": lambda: {"h": 0.8},
    "mu_of_delta": lambda: {"delta": 0.8},
    "shuffled": lambda: {"record": RECORD, "generator": _generator()},
    "shuffled_intervals": lambda: {"times": TIMES, "generator": _generator()},
    "phase_randomised": lambda: {"record": RECORD, "generator": _generator()},
    "surrogate_null": lambda: {
        "statistic": _mean,
        "record": RECORD,
        "surrogate": lambda record, generator: generator.permutation(record),
        "generator": _generator(),
        "surrogates": 2,
    },
}

OF_A_RUN = frozenset(
    {
        "agreement_over_time",
        "chance_success",
        "copy_statistics",
        "copy_table",
        "curves_of_networks",
        "dialects_at",
        "dialects_over_time",
        "hubs_over_time",
        "last_of_copies",
        "measure_run",
        "measured",
        "network_metric",
        "network_metric_names",
        "network_settings",
        "network_table",
        "open_study",
        "recorded_avalanches",
        "recorded_events",
        "recorded_series",
        "recorded_signal",
        "success_matrix",
    }
)
"""Functions that read a run: their numbers come from a run directory, which checks them itself."""
NOT_OF_NUMBERS = frozenset({"against_null", "check_square_fits", "mean_over_agents", "shown", "undefined"})
"""Functions that put numbers of other measures together."""
MODULES = ("arrays", "comparison", "crossing", "measure", "memories", "ranks", "shape_bias", "trainings")


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the functions that a folder of the analysis offers in `__all__`, and those of the modules beside them."""
    for info in pkgutil.iter_modules(hubbub.analysis.__path__):
        if info.name in ("corpora", "export", "figures", "page", "records", "report", "views"):
            continue
        module = importlib.import_module(f"hubbub.analysis.{info.name}")
        names = getattr(module, "__all__", [name for name in vars(module) if info.name in MODULES])
        for name in names:
            thing = getattr(module, name)
            if inspect.isfunction(thing) and not name.startswith("_") and thing.__module__.startswith(module.__name__):
                yield name, thing


FUNCTIONS = {name: function for name, function in public_functions() if name not in OF_A_RUN | NOT_OF_NUMBERS}


def test_every_public_function_has_an_example() -> None:
    assert FUNCTIONS.keys() == EXAMPLES.keys()


def example(name: str) -> dict[str, Any]:
    """Return the arguments of the example of a function, the same ones at every call."""
    RNG.bit_generator.state = START
    return EXAMPLES[name]()


def arrays_of(name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arguments of the example of a function that are arrays of numbers, and rows of numbers."""
    for argument, value in example(name).items():
        if isinstance(value, np.ndarray) or (isinstance(value, list) and value and isinstance(value[0], float)):
            yield argument, np.asarray(value)


def numbers_of(name: str) -> Iterator[tuple[str, float]]:
    for argument, value in example(name).items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield argument, value


def undefined(result: Any) -> bool:
    """Whether a result says that it has no value: NaN, or parts that are all NaN."""
    if isinstance(result, float | np.floating):
        return math.isnan(result)
    if hasattr(result, "value") and isinstance(result.value, float):
        return math.isnan(result.value) and bool(getattr(result, "reason", "no reason"))
    if isinstance(result, np.ndarray):
        return not result.size or (result.dtype.kind == "f" and bool(np.isnan(result).any()))
    if dataclasses.is_dataclass(result):
        return any(undefined(getattr(result, field.name)) for field in dataclasses.fields(result))
    if isinstance(result, tuple | list):
        return not result or any(undefined(item) for item in result)
    if isinstance(result, dict):
        return not result or any(undefined(item) for item in result.values())
    return False


def outcome(name: str, changed: dict[str, Any]) -> str:
    """Return "refused", "undefined" or "answered" for the example of a function with changed arguments."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = FUNCTIONS[name](**{**example(name), **changed})
            if inspect.isgenerator(result):
                result = list(result)
        except HubbubError:
            return "refused"
    return "undefined" if undefined(result) else "answered"


def with_one(array: np.ndarray, value: float) -> np.ndarray:
    changed = np.array(array, dtype=float)
    changed.flat[changed.size // 2] = value
    return changed


MISSING_IS_PART = {
    ("boundary_mass", "actions"): "NaN after the end of an episode",
    ("squared_action", "actions"): "NaN after the end of an episode",
    ("switches", "actions"): "NaN after the end of an episode",
    ("returns", "rewards"): "NaN after the end of an episode",
    ("returns", "actions"): "NaN after the end of an episode",
    ("rank_correlation", "left"): "left out, counted in the reason",
    ("rank_correlation", "right"): "left out, counted in the reason",
    ("over_seeds", "values"): "left out, counted in the reason",
    ("compare_conditions", "first"): "left out, counted in the reason",
    ("compare_conditions", "second"): "left out, counted in the reason",
    ("holm", "p_values"): "a comparison that was not made",
    ("critical_interval", "h"): "the H of a constant record counts as below the level",
    ("critical_interval", "h_error"): "the H of a constant record counts as below the level",
}
"""Arguments in which NaN is a part of what is measured; docstrings say so."""
INFINITE_IS_PART = {
    **MISSING_IS_PART,
    **{(name, "distance"): "no path" for name in ("border_or_continuum", "dialect_border", "mantel_test", "zig_zag")},
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_example_is_answered(name: str) -> None:
    assert outcome(name, {}) in ("answered", "undefined")


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_nan_infinity_and_masks_are_refused_or_the_result_is_undefined(name: str) -> None:
    for argument, array in arrays_of(name):
        said = {}
        for what, value in (("NaN", np.nan), ("∞", np.inf), ("−∞", -np.inf)):
            known = MISSING_IS_PART if what == "NaN" else INFINITE_IS_PART
            if (name, argument) not in known:
                said[what] = outcome(name, {argument: with_one(array, value)})
        masked = np.ma.MaskedArray(array, mask=False)
        said["without a mask"] = outcome(name, {argument: masked})
        assert said.pop("without a mask") == outcome(name, {}), (argument, said)
        masked.mask = np.zeros(array.shape, dtype=bool)
        masked[tuple(0 for _ in array.shape)] = np.ma.masked
        said["a mask"] = outcome(name, {argument: masked})
        assert "answered" not in said.values(), (argument, said)
    for argument, _ in numbers_of(name):
        said = {str(value): outcome(name, {argument: value}) for value in (np.nan, np.inf, -np.inf)}
        assert "answered" not in said.values(), (argument, said)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_empty_arrays_end_in_no_words_of_a_dependency(name: str) -> None:
    for argument, array in arrays_of(name):
        for shape in {(0,), (0, *array.shape[1:]), (*array.shape[:-1], 0)}:
            outcome(name, {argument: np.empty(shape, dtype=array.dtype) if len(shape) > 1 else []})
        outcome(name, {argument: array[..., None].tolist()})


def whole_arguments(name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arguments that state whole numbers, and those of `Real` that are indices or counts."""
    hints = FUNCTIONS[name].__annotations__
    for argument, array in arrays_of(name):
        if any(str(hints[argument]).startswith(kind) for kind in ("Int[", "Integer[", "UInt[")):
            yield argument, array
    if name in ("edge_list", "inter_event_times", "event_walk", "event_scaling"):
        yield from ((argument, array) for argument, array in arrays_of(name) if argument in ("edges", "times"))


MAY_BE_LARGE = {
    "messages": "symbols of any vocabulary",
    "degrees": "any number of links",
    "sizes": "any number of units",
    "lags": "longer than the record: undefined",
    "times": "inter-event times have no end",
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_indices_out_of_range_and_fractions_are_refused(name: str) -> None:
    for argument, array in whole_arguments(name):
        said = {value: outcome(name, {argument: with_one(array, value)}) for value in (0.5, -1.0)}
        if argument not in MAY_BE_LARGE:
            said[10**6] = outcome(name, {argument: with_one(array, 10**6)})
        assert "answered" not in said.values(), (argument, said)
    hints = FUNCTIONS[name].__annotations__
    for argument, value in numbers_of(name):
        if str(hints[argument]).startswith("int"):
            said = {other: outcome(name, {argument: other}) for other in (value + 0.5, -1)}
            assert "answered" not in said.values(), (argument, said)


SIGNED = {
    "action_costs",
    "actions",
    "activations",
    "activity",
    "baseline",
    "biases",
    "deviations",
    "dissimilarity",
    "features",
    "first",
    "h",
    "initial",
    "inputs",
    "kernel",
    "left",
    "level",
    "macro",
    "maps",
    "matrix",
    "noise",
    "objects",
    "outputs",
    "partition",
    "parts",
    "path",
    "position",
    "probe",
    "projection",
    "q",
    "record",
    "reference",
    "referents",
    "rewards",
    "right",
    "second",
    "settings",
    "signals",
    "similarity",
    "states",
    "steps",
    "switches",
    "tokens",
    "transfer",
    "value",
    "values",
    "velocity",
    "weights",
}
"""Arguments whose numbers may be negative, by name; `NEGATIVE_REFUSED` are the exceptions."""
NEGATIVE_REFUSED = {
    ("fit_power_law", "values"),
    ("fit_sizes", "values"),
    ("gini", "values"),
    ("largest_to_mean", "values"),
    ("top_share", "values"),
    ("lmc_complexity", "weights"),
    ("jensen_shannon_complexity", "weights"),
    ("compare", "values"),
    ("goodness_of_fit", "values"),
}
TIMES_BEFORE_0 = {"activity_from_events", "mean_interval", "shuffled_intervals"}
OF_ANY_TYPE = {"answers", "channels", "classes", "labels", "masks"}
"""Names of groups, compared for equality only."""


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_negative_numbers_are_refused_where_they_mean_nothing(name: str) -> None:
    hints = FUNCTIONS[name].__annotations__
    for argument, array in arrays_of(name):
        any_type = str(hints[argument]).startswith("Shaped") and argument in OF_ANY_TYPE and name != "causal_influence"
        if any_type or (argument == "times" and name in TIMES_BEFORE_0):
            continue
        if argument in SIGNED and (name, argument) not in NEGATIVE_REFUSED:
            continue
        assert outcome(name, {argument: with_one(array, -1.0)}) != "answered", argument
    for argument, value in numbers_of(name):
        if argument not in SIGNED:
            assert outcome(name, {argument: -abs(value) - 1}) != "answered", argument
