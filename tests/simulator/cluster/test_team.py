"""The number of members that step a system changes no bit of it; here members are threads, so that tests are quick."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.metrics.recording import measuring
from hubbub.scenarios.systems import assemble
from hubbub.simulator.cluster import Driver
from hubbub.simulator.cluster.mailbox import Mailbox, Member
from hubbub.simulator.engine import Observation, Records, State
from hubbub.simulator.errors import StoreError

TALK: dict[str, Any] = {
    "name": "small",
    "topology": {"kind": "watts-strogatz", "n_agents": 14, "neighbours": 4, "rewiring_probability": 0.2},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 5, "max_length": 3, "noise": 0.1},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4, "learning_rate": 0.01},
    "engine": {"block_agents": 2},
    "recording": {"referents": 6},
}
SCREENED = {"parents": 2, "children": 3, "seeds": 2, "screening": 3, "lookahead": 1}
ASSOCIATIVE = {"kind": "associative", "load": 8}
MEMORY: dict[str, Any] = {
    "name": "spins",
    "system": "memory",
    "memory": {"kind": "sedam"},
    "patterns": {"kind": "random", "n_spins": 40},
    "copies": {"noise": [0.1, 0.2, 0.3, 0.4], "load": [2, 5], "repetitions": 6},
    "recording": {"burn_in_steps": 5, "series_every": 3},
}
CASES: dict[str, dict[str, Any]] = {
    **{
        f"{estimator}-{pairing}": {**TALK, "channel.estimator": estimator, "training.pairing": pairing}
        for estimator in ("gumbel", "reinforce")
        for pairing in ("node", "edge", "matching")
    },
    "autograd": {**TALK, "engine.kernel": "autograd"},
    "rewiring": {
        **TALK,
        "rewiring": [{"every": 2, "rule": {"kind": "prefer-understood", "probability": 0.5}}],
        "training.pairing": "edge",
    },
    "turnover": {**TALK, "turnover": {"every": 3, "agents": 2}},
    "star": {**TALK, "topology": {"kind": "star", "n_agents": 14}},
    "picking": {**TALK, "game": {"kind": "discrimination", "candidates": 2}},
    "associative": {**TALK, "agent": ASSOCIATIVE, "channel.estimator": "reinforce"},
    "mixed": {**TALK, "others": {"first": 9, "agent": ASSOCIATIVE}, "channel.estimator": "reinforce"},
    "partner-search": {**TALK, "system": "partner-search"},
    "graph-search": {
        **TALK,
        "system": "graph-search",
        "topology": {"kind": "ring", "n_agents": 4},
        "search": {**SCREENED, "generations": 5, "fitness": {"kind": "full"}},
        "training.steps": 4,
    },
    "graph-search, associative": {
        **TALK,
        "system": "graph-search",
        "topology": {"kind": "ring", "n_agents": 4},
        "search": {**SCREENED, "generations": 9, "halvings": 1, "restart_after": 1},
        "search.fitness": {"kind": "associative", "steps": 3},
        "training.steps": 4,
    },
    "memory": MEMORY,
    "threshold-neurons": {
        **{name: section for name, section in MEMORY.items() if name not in ("patterns",)},
        "memory": {"kind": "threshold-neurons"},
        "topology": {"kind": "erdos-renyi", "n_agents": 40, "links": 100},
        "copies": {"noise": [0.01, 0.1], "load": [1], "repetitions": 20},
    },
}


class Threads:
    """A system sharded among threads, and the driver that reads what they report."""

    def __init__(self, scenario: Any, n: int) -> None:
        mailboxes = [Mailbox() for _ in range(n)]
        self.members = [Member(rank, n, mailbox=mailboxes[rank], device=torch.device("cpu")) for rank in range(n)]
        for member in self.members:
            member.peers = [_LocalPeer(mailbox) for mailbox in mailboxes]
        self.systems = [assemble(scenario, team=member) for member in self.members]
        self.team = Driver(n)
        self.system = assemble(scenario, team=self.team)

    def call(self, name: str, **keywords: Any) -> Any:
        with ThreadPoolExecutor(len(self.systems)) as pool:
            for future in [pool.submit(getattr(system, name), **keywords) for system in self.systems]:
                future.result(timeout=60)
        self.team.receive([member.reports for member in self.members])
        for member in self.members:
            member.reports = []
        return getattr(self.system, name)(**keywords)


class _LocalPeer:
    def __init__(self, mailbox: Mailbox) -> None:
        self.deliver = mailbox.put


def scenario_of(case: dict[str, Any]) -> Any:
    sections = {name: value for name, value in case.items() if "." not in name}
    return load(sections, {name: value for name, value in case.items() if "." in name})


@pytest.fixture(autouse=True)
def _one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def assert_same_state(one: State, other: State) -> None:
    assert one.values == other.values
    assert one.tensors.keys() == other.tensors.keys()
    for name, values in one.tensors.items():
        assert values.numpy().tobytes() == other.tensors[name].numpy().tobytes(), name


def assert_same_rows(one: Records, other: Records) -> None:
    assert one.keys() == other.keys()
    for table, columns in one.items():
        assert columns.keys() == other[table].keys()
        for name, values in columns.items():
            assert np.ma.asarray(values).tolist() == np.ma.asarray(other[table][name]).tolist(), (table, name)


def assert_same_look(one: Observation, other: Observation) -> None:
    assert (one.step, one.metrics) == (other.step, other.metrics)
    assert (one.snapshot is None) == (other.snapshot is None)
    if one.snapshot is not None and other.snapshot is not None:
        tables = other.snapshot.to_tables()
        assert {name: table.equals(tables[name]) for name, table in one.snapshot.to_tables().items()} == dict.fromkeys(
            tables, True
        )


@pytest.mark.parametrize("n", [1, 2, 3, 8])
@pytest.mark.parametrize("case", CASES)
def test_a_team_does_what_one_process_does(case: str, n: int) -> None:
    scenario = scenario_of(CASES[case])
    alone, shared = assemble(scenario), Threads(scenario, n)
    for steps in (3, 2):
        assert_same_rows(alone.step(steps), shared.call("step", n=steps))
        assert_same_look(alone.observe(closely=True), shared.call("observe", closely=True))
    state = shared.call("state")
    assert_same_state(alone.state(), state)
    assert (alone.now, alone.work) == (shared.system.now, shared.system.work)
    other = Threads(scenario, max(n - 1, 1))
    other.call("load", state=state)
    assert_same_rows(alone.step(2), other.call("step", n=2))
    assert_same_state(alone.state(), other.call("state"))


@pytest.mark.parametrize("case", ["gumbel-node", "star", "memory"])
def test_every_member_but_the_driver_has_its_share(case: str) -> None:
    shared = Threads(scenario_of(CASES[case]), 3)
    counts = [
        len(system.blocks) if hasattr(system, "blocks") else len(system.here)
        for system in (*shared.systems, shared.system)
    ]
    assert min(counts[:3]) > 0 and counts[3] == 0
    assert max(counts[:3]) <= 2 * min(counts[:3])


def test_what_travels_is_counted_and_only_what_must() -> None:
    two_rings = {**TALK, "topology": {"kind": "stochastic-block", "sizes": [6, 6], "within": 1.0, "between": 0.0}}
    for topology, crosses in ((two_rings["topology"], False), ({"kind": "complete", "n_agents": 12}, True)):
        shared = Threads(scenario_of({**two_rings, "topology": topology, "channel.estimator": "reinforce"}), 2)
        shared.call("step", n=4)
        assert [member.n_sent > 0 for member in shared.members] == [crosses, crosses]
        assert [member.sent_bytes > 0 for member in shared.members] == [crosses, crosses]
        most = 2 * 4 if crosses else 0  # mail and feedback of four steps
        assert max(member.n_sent for member in shared.members) <= most


def test_a_state_of_another_configuration_is_refused_by_the_members() -> None:
    state = assemble(scenario_of({**TALK, "agent.hidden": 9})).state()
    with pytest.raises(StoreError, match="belongs to another configuration"):
        Threads(scenario_of(TALK), 2).call("load", state=state)


def test_metrics_of_a_configuration_are_the_same() -> None:
    """The member that records has no agents; what a metric asks for is gathered there."""
    chosen = scenario_of(
        {**TALK, "metrics": ["weight_norm", "language_change", "mean_length"], "engine.kernel": "autograd"}
    )
    made, alone = Threads(chosen, 2), assemble(chosen)
    measures = [measuring(chosen, system, before=lambda: None) for system in (made.system, alone)]
    for _ in range(2):
        observed = made.call("observe", closely=True), alone.observe(closely=True)
        ours, theirs = (str(list(measure(one))) for measure, one in zip(measures, observed, strict=True))
        assert ours == theirs and "weight_norm" in ours
        made.call("step", n=2)
        alone.step(2)
