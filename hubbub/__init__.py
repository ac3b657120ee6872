"""hubbub: simulate populations that learn to communicate, and measure what emerges.

What most programs need is here by its short name; everything else is in `hubbub.simulator` (makes data),
`hubbub.analysis` (reads data), `hubbub.scenarios` (named experiments, the command line) and `hubbub.checks` (what is
demanded of a user's topology, game, agent, memory or system). A name is imported when it is first used, so
`import hubbub` alone loads neither torch nor ray.

>>> import hubbub
>>> sorted(name for name in dir(hubbub) if name.startswith("open"))
['open_run', 'open_study']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubbub.analysis.corpora import read_corpus
    from hubbub.analysis.export import export_run as export
    from hubbub.analysis.records import read_record
    from hubbub.analysis.report import write_report as report
    from hubbub.analysis.run_measures import measure
    from hubbub.analysis.studies import open_study
    from hubbub.analysis.views import view
    from hubbub.checks import (
        check_agent,
        check_game,
        check_memory,
        check_metric,
        check_reward,
        check_system,
        check_topology,
    )
    from hubbub.scenarios.dry_run import dry_run
    from hubbub.scenarios.library import names as scenario_names
    from hubbub.scenarios.loading import load as load_scenario
    from hubbub.scenarios.metrics import metric
    from hubbub.scenarios.running import load_system, resume, run
    from hubbub.scenarios.studies import sweep
    from hubbub.scenarios.studies.dry_sweep import dry_sweep
    from hubbub.scenarios.systems import system
    from hubbub.scenarios.tracking import tracker
    from hubbub.simulator.agents import agent
    from hubbub.simulator.errors import HubbubError
    from hubbub.simulator.games import game
    from hubbub.simulator.games.referents import referents
    from hubbub.simulator.games.rewards import reward
    from hubbub.simulator.memory import memory
    from hubbub.simulator.pairing import pairing
    from hubbub.simulator.store import open_run
    from hubbub.simulator.topology import Topology, topology
    from hubbub.simulator.topology.rewiring import rewiring
    from hubbub.simulator.training import task

_PLACES = {
    "HubbubError": "simulator.errors",
    "Topology": "simulator.topology",
    "agent": "simulator.agents",
    "check_agent": "checks.agent",
    "check_game": "checks.game",
    "check_memory": "checks.memory",
    "check_metric": "checks.metric",
    "check_reward": "checks.reward",
    "check_system": "checks.system",
    "check_topology": "checks.topology",
    "dry_run": "scenarios.dry_run",
    "dry_sweep": "scenarios.studies.dry_sweep",
    "export": "analysis.export:export_run",
    "game": "simulator.games",
    "load_scenario": "scenarios.loading:load",
    "load_system": "scenarios.running",
    "measure": "analysis.run_measures",
    "memory": "simulator.memory",
    "metric": "scenarios.metrics",
    "open_run": "simulator.store",
    "open_study": "analysis.studies",
    "pairing": "simulator.pairing",
    "read_corpus": "analysis.corpora",
    "read_record": "analysis.records",
    "read_topology": "simulator.topology.files",
    "referents": "simulator.games.referents",
    "report": "analysis.report:write_report",
    "resume": "scenarios.running",
    "reward": "simulator.games.rewards",
    "rewiring": "simulator.topology.rewiring",
    "run": "scenarios.running",
    "scenario_names": "scenarios.library:names",
    "sweep": "scenarios.studies",
    "system": "scenarios.systems",
    "task": "simulator.training",
    "topology": "simulator.topology",
    "tracker": "scenarios.tracking",
    "view": "analysis.views",
}
"""Public name → module below `hubbub` that defines it, and the name there where it is another one."""

__all__ = [
    "HubbubError",
    "Topology",
    "agent",
    "check_agent",
    "check_game",
    "check_memory",
    "check_metric",
    "check_reward",
    "check_system",
    "check_topology",
    "dry_run",
    "dry_sweep",
    "export",
    "game",
    "load_scenario",
    "load_system",
    "measure",
    "memory",
    "metric",
    "open_run",
    "open_study",
    "pairing",
    "read_corpus",
    "read_record",
    "read_topology",
    "referents",
    "report",
    "resume",
    "reward",
    "rewiring",
    "run",
    "scenario_names",
    "sweep",
    "system",
    "task",
    "topology",
    "tracker",
    "view",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("hubbub")
    if name not in _PLACES:
        raise AttributeError(f"module 'hubbub' has no attribute {name!r}")
    module, _, other = _PLACES[name].partition(":")
    value = globals()[name] = getattr(import_module(f"hubbub.{module}"), other or name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
