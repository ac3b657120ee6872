"""What is demanded of an associative memory."""

from __future__ import annotations

from types import NoneType
from typing import Any

import networkx as nx
import numpy as np
import torch

from hubbub.checks.demands import Demands, check_argument, check_name, described, is_array
from hubbub.simulator.configuration import section_of, validate
from hubbub.simulator.memory import Copies, Grid, lay_out, memory
from hubbub.simulator.memory.catalogue import check_takes_graph
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.record import Record
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

STEPS = 6
SPINS, LOAD = 40, 3
CPU = torch.device("cpu")


def check_memory(
    name: str, *, topology: Topology | nx.Graph | None = None, noise: float = 0.1, **options: Any
) -> list[str]:
    """Check the memory that is registered as `name`, with these options; return the demands.

    `topology` is the graph of a memory that needs one; `noise` a noise level at which the memory is checked.

    Raises
    ------
    ConfigurationError
        No memory has this name, an argument or an option is not right, or a graph was given for a memory that has no
        parameter `topology`.
    ContractError
        The first demand that is not met.
    """
    check_name("memory", name)
    check_argument("topology", topology, "a Topology, a networkx graph or None", Topology, nx.Graph, NoneType)
    levels = validate(Grid, {"noise": [noise]}).noise
    demand = Demands(f"memory {name!r}")
    section = section_of(memory, name, options)
    if topology is not None:
        check_takes_graph(memory[name], name)
    graph = Topology.from_networkx(topology) if isinstance(topology, nx.Graph) else topology
    n_spins = graph.n_agents if graph else SPINS
    patterns = np.where(np.random.default_rng(0).random((LOAD, n_spins)) < 0.5, 1, -1).astype(np.int8)

    def make(copies: Copies) -> Model:
        made: Model = demand.result("it can be made", section.build, topology=graph)
        demand.result("`store` takes copies", made.store, copies, CPU)
        return made

    first: Model = section.build(topology=graph)
    demand("`kernels` names 'plain', which every memory has", "plain" in first.kernels, first.kernels)
    grid = Grid(
        noise=tuple(dict.fromkeys((0.0, *levels))),
        load=(1, LOAD) if first.stores_patterns else (1,),
        repetitions=2,
        start="random",
    )
    stored = patterns if first.stores_patterns else None
    copies = lay_out(grid, RandomStreams(1), patterns=stored, n_spins=first.n_spins)

    made = make(copies)
    start = made.initial(copies.start)
    stated = isinstance(start, np.ndarray) and start.shape == copies.start.shape
    demand("`initial` returns an array [C, D]", stated, described(start))
    demand("`initial` returns an array of its own", not np.shares_memory(start, copies.start))

    state = torch.from_numpy(start.copy())
    after = demand.result("`plain_step` makes a step", made.plain_step, state, 0)
    stated = is_array(after, str(start.dtype), start.shape)
    demand("`plain_step` returns states of the same type and shape", stated, described(after))
    demand("`plain_step` leaves the states that it was given", np.array_equal(state, start))
    again = make(copies).plain_step(state, 0)
    demand("`plain_step` depends on nothing but state, step and copies", torch.equal(after, again))

    on = demand.result("`is_on` takes states", made.is_on, after)
    demand("`is_on` returns truth values [C, D]", is_array(on, "bool", start.shape), described(on))
    energy = demand.result("`energy` takes states", made.energy, after)
    stated = energy is None or tuple(energy.shape) == (len(copies),)
    demand("`energy` returns one number for each copy, [C], or None", stated, described(energy))

    whole = _advanced(demand, make(copies), "plain", start, (STEPS,))
    parts = _advanced(demand, make(copies), "plain", start, (2, STEPS - 2))
    demand("steps made in two parts are steps made in one", np.array_equal(whole, parts))
    some = np.array([0, len(copies) - 1])
    alone = _advanced(demand, make(copies.of(some)), "plain", start[some], (STEPS,))
    demand("a copy does not depend on the other copies", np.array_equal(whole[some], alone))
    for kernel in first.kernels:
        compiled = _advanced(demand, make(copies), kernel, start, (STEPS,))
        demand("all kernels give the same states", np.array_equal(whole, compiled), kernel)
    return demand.met


def _advanced(demand: Demands, made: Model, kernel: str, start: np.ndarray, parts: tuple[int, ...]) -> np.ndarray:
    """Return the states after as many steps as the parts have together."""
    state, steps = start.copy(), 0
    for n in parts:
        record = Record.empty(len(state), n, nearest=False)
        demand.result("`advance` makes steps", made.advance, kernel, state, made=steps, record=record)
        steps += n
    return state
