"""A network as a graph of layers, evaluated twice: for the activations of its units, and for the paths between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor, fx, nn

from hubbub.analysis.emergence import layer_paths
from hubbub.simulator.errors import ConfigurationError

SUPPORTED = "dense, convolution, pooling, flatten, sums, normalisation, dropout and the usual non-linearities"


@dataclass(frozen=True)
class Network:
    """A traced network: the role of each node of its graph, and its layers of units.

    A layer of units is the output of a non-linearity or of the network; the input is also one where paths may begin
    there. Normalisation, dropout, pooling and sums are not layers of units: paths pass through them.

    Attributes
    ----------
    traced
        The network as a graph of operations.
    roles, shapes
        What each node does, and the shape of its output for one sample.
    reached
        Nodes that paths can reach.
    layers, names, sizes
        The layers of units, their names and numbers of units.
    """

    traced: fx.GraphModule
    roles: dict[fx.Node, str]
    shapes: dict[fx.Node, torch.Size]
    reached: frozenset[fx.Node]
    layers: tuple[fx.Node, ...]
    names: tuple[str, ...]
    sizes: tuple[int, ...]


def read_network(module: nn.Module, sample: Shaped[torch.Tensor, "1 ..."], *, sources: str) -> Network:
    """Return the graph of a network, traced with one sample `[1, …]`.

    `sources` is as in `Counting`.

    Raises
    ------
    ConfigurationError
        A network that cannot be traced or has not one input and one output, or an unsupported layer or function.
    """
    try:
        traced = fx.GraphModule(module, _Tracer().trace(module))
    except (fx.proxy.TraceError, TypeError, RuntimeError) as problem:
        raise ConfigurationError(f"module: expected a network that torch.fx can trace; {problem}") from problem
    recorder = _NodeRecorder(traced)
    with torch.no_grad():
        output = recorder.run(sample)
    inputs = [node for node in traced.graph.nodes if node.op == "placeholder"]
    [end] = [node.args[0] for node in traced.graph.nodes if node.op == "output"]
    if len(inputs) != 1 or not isinstance(output, Tensor):
        raise ConfigurationError("module: expected a network with one tensor as input and one as output")
    last = end
    while recorder.roles[last] == "shape" or (recorder.roles[last] == "same" and last.args):
        last = last.args[0]
    last = last if recorder.roles[last] == "units" else end
    layers = [node for node in traced.graph.nodes if recorder.roles.get(node) == "units" or node is last]
    if sources == "all":
        layers = [*inputs, *(node for node in layers if node is not inputs[0])]
    names = [
        "output"
        if node is last
        else "input"
        if node in inputs
        else str(node.target if node.op == "call_module" else node)
        for node in layers
    ]
    sizes = [recorder.shapes[node].numel() for node in layers]
    reached: set[fx.Node] = set()
    for node in traced.graph.nodes:
        if any(before in reached or before in layers for before in node.all_input_nodes):
            reached.add(node)
    return Network(
        traced, recorder.roles, recorder.shapes, frozenset(reached), tuple(layers), tuple(names), tuple(sizes)
    )


def traceable(module: nn.Module) -> nn.Module:
    """Return the module; a single layer is put into a `Sequential`, because torch.fx does not trace a layer itself."""
    return nn.Sequential(module) if _Tracer().is_leaf_module(module, "") else module


class _Tracer(fx.Tracer):
    """Traces into modules, but not into those of torch, nor into those that link each unit to itself only."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return layer_paths.is_unit_by_unit(m) or super().is_leaf_module(m, module_qualified_name)


class _NodeRecorder(fx.Interpreter):
    """Runs the network on one sample and records the role of each node and the shape of its output."""

    def __init__(self, traced: fx.GraphModule) -> None:
        super().__init__(traced)
        self.extra_traceback = False  # otherwise torch.fx adds it to the message of an error
        self.roles: dict[fx.Node, str] = {}
        self.shapes: dict[fx.Node, torch.Size] = {}

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if n.op != "output":
            plain = not isinstance(value, Tensor) and n.op != "call_module"
            self.roles[n] = "number" if plain else self._role(n)
        if isinstance(value, Tensor):
            self.shapes[n] = value.shape[1:]
        return value

    def _role(self, node: fx.Node) -> str:
        if node.op == "placeholder":
            return "input"
        if node.op == "get_attr":
            return "constant"
        if node.op == "call_module":
            layer = self.fetch_attr(str(node.target))
            if layer_paths.is_unit_by_unit(layer):
                return "same"
            kinds: dict[str, tuple[type, ...]] = {
                "units": layer_paths.NON_LINEAR,
                "links": layer_paths.LINKS,
                "pool": (*layer_paths.WINDOWS, *layer_paths.ADAPTIVE),
                "shape": layer_paths.RESHAPING,
            }
            for role, kind in kinds.items():
                if isinstance(layer, kind):
                    return role
            raise _unsupported(f"{node.target} ({type(layer).__name__})")
        functions: dict[str, Any] = {
            "units": layer_paths.NON_LINEAR_FUNCTIONS,
            "pool": layer_paths.POOLS,
            "same": layer_paths.UNIT_BY_UNIT_FUNCTIONS,
            "shape": layer_paths.RESHAPING_FUNCTIONS,
            "sum": layer_paths.SUMS,
        }
        for role, known in functions.items():
            if node.target in known:
                return role
        raise _unsupported(f"{node} ({getattr(node.target, '__name__', node.target)})")


def _unsupported(layer: str) -> ConfigurationError:
    return ConfigurationError(f"module: expected supported layers ({SUPPORTED}), got {layer}")


class Activities(nn.Module):
    """The activations of every layer of units: their sum or maximum over samples, or those of each sample."""

    def __init__(self, network: Network, activity: str) -> None:
        super().__init__()
        self.traced, self.network, self.activity = network.traced, network, activity

    def forward(self, samples: Shaped[torch.Tensor, "M ..."]) -> tuple[Shaped[torch.Tensor, "rows ..."], ...]:
        """Return one tensor `[1, …]` (or `[M, …]` for `activity="sample"`) for each layer, from samples `[M, …]`."""
        activity, layers = self.activity, self.network.layers
        activations: dict[fx.Node, Tensor] = {}

        class ActivationRecorder(fx.Interpreter):
            def run_node(self, n: fx.Node) -> Any:
                value = super().run_node(n)
                if n in layers:
                    # Copies, because the next operation may work in place.
                    if activity == "mean":
                        activations[n] = value.sum(0, keepdim=True)
                    else:
                        activations[n] = value.amax(0, keepdim=True) if activity == "any" else value.clone()
                return value

        ActivationRecorder(self.traced).run(samples)
        return tuple(activations[node] for node in layers)


class Paths(nn.Module):
    """The number of paths from inactive units to active ones, at every threshold of a sweep."""

    def __init__(
        self, network: Network, *, product: str, thresholds: Float[np.ndarray, " T"], pruned: frozenset[str]
    ) -> None:
        super().__init__()
        self.traced, self.network = network.traced, network
        self.product, self.thresholds, self.pruned = product, thresholds, pruned

    def forward(
        self, *activations: Shaped[torch.Tensor, "rows ..."]
    ) -> tuple[Float[torch.Tensor, "T rows"], Int[torch.Tensor, "T rows K"]]:
        """Return numbers of paths `[T, rows]` and of active units `[T, rows, K]`, from K activations `[rows, …]`.

        One pass counts all pairs of layers. The paths that leave a unit are those that reached it, plus one that
        begins there if the unit is inactive; the paths that reach an active unit are added to the count.
        """
        network, product, pruned = self.network, self.product, self.pruned
        n_thresholds, n_rows = len(self.thresholds), len(activations[0])
        no_paths = torch.zeros(n_thresholds * n_rows, dtype=torch.float64, device=activations[0].device)
        levels = torch.as_tensor(self.thresholds, device=activations[0].device)
        active = [layer > levels.view(-1, *[1] * layer.ndim) for layer in activations]
        counted: list[Tensor] = []

        class PathCounter(fx.Interpreter):
            def run_node(self, n: fx.Node) -> Any:
                if n.op == "output":
                    return super().run_node(n)
                reached = self.reached(n)
                if n not in network.layers:
                    return reached
                on = active[network.layers.index(n)].flatten(0, 1)
                counted.append((reached * on).flatten(1).sum(1))
                return (reached * on if product == "a" else reached) + ~on

            def reached(self, node: fx.Node) -> Any:
                role = network.roles[node]
                if role == "constant":
                    return None
                if role != "number" and node not in network.reached:
                    shape = network.shapes[node]
                    return no_paths.view(-1, *[1] * len(shape)).expand(-1, *shape)
                if role in ("number", "shape"):
                    return super().run_node(node)
                args, kwargs = self.fetch_args_kwargs_from_env(node)
                if role == "sum":
                    return sum(term for term in (*args, *kwargs.values()) if isinstance(term, Tensor))
                before = args[0] if args else kwargs.pop("input")
                inside: Any = self.fetch_attr(str(node.target)) if node.op == "call_module" else None
                if role == "links":
                    return layer_paths.linked_paths(inside, before, pruned=node.target in pruned)
                if role == "pool":
                    return layer_paths.pooled_paths(
                        inside or layer_paths.POOLS[node.target](*args[1:], **kwargs), before
                    )
                return before

        PathCounter(self.traced).run(no_paths)
        n_active = torch.stack([on.flatten(2).sum(2) for on in active], dim=-1)
        return torch.stack(counted).sum(0).unflatten(0, (n_thresholds, n_rows)), n_active
