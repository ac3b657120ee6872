"""From a validated scenario to a system that can be stepped."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch

from analysis.dialects import pair_means, similarity_matrix
from scenarios.scenario import Scenario
from simulator.agents.compiled import Compiled
from simulator.engine import Observation, Row
from simulator.errors import ConfigurationError
from simulator.population import Population
from simulator.randomness import Luck
from simulator.topology import Topology
from simulator.topology.build import build_topology
from simulator.topology.rewiring import Rewiring


def assemble(scenario: Scenario, *, topology: Topology | None = None) -> Population:
    """Return the population of a scenario at step 0; `topology` replaces the one that the scenario describes."""
    luck = Luck(scenario.seed)
    referents = scenario.referents.build(generator=luck.at("referents"))
    game = scenario.game.build(referents=referents)
    kind = scenario.agent.build(game=game, channel=scenario.channel)
    links = topology or build_topology(scenario.topology, luck)
    return Population(
        topology=links,
        game=game,
        channel=scenario.channel,
        kind=Compiled(kind) if scenario.engine.compile else kind,
        training=scenario.training,
        recording=scenario.recording,
        rewiring=Rewiring(scenario.rewiring),
        luck=luck,
        block_agents=scenario.engine.agents_in_a_block(links.n_agents),
        device=_device(scenario.engine.device),
    )


def language_metrics(population: Population) -> Callable[[Observation], Iterable[Row]]:
    """Return the function that turns a lexicon into the metric rows of a population run."""
    end_symbol = 0 if population.channel.end_symbol else None

    def measure(observation: Observation) -> Iterable[Row]:
        assert observation.lexicon is not None
        links = population.topology
        edges = np.column_stack([links.sources, links.targets])
        splits = observation.lexicon.splits
        train = splits["train"]
        success = pair_means(train.success, edges)
        alike = similarity_matrix(train.messages, lengths=train.lengths, end_symbol=end_symbol)
        similarity = pair_means(alike, edges)
        values = {
            **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "all_pairs", "unlinked", "self")},
            **{f"similarity_{pairs}": similarity[pairs] for pairs in ("over_links", "all_pairs")},
        }
        if "held_out" in splits:
            values["generalisation_over_links"] = pair_means(splits["held_out"].success, edges)["over_links"]
        return [{"name": name, "value": value} for name, value in values.items()]

    return measure


def _device(name: str) -> torch.device:
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigurationError("engine.device: expected a device that is here (cpu), got 'cuda'; see `hubbub doctor`")
    return torch.device(name)
