"""Populations whose agents learn their partners."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import pydantic

from hubbub.scenarios.systems.catalogue import system
from hubbub.scenarios.systems.population import CommunicationScenario, PopulationKind, with_kinds
from hubbub.simulator.engine import Team
from hubbub.simulator.population import Recording
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search import Partners, PartnerSearch
from hubbub.simulator.topology import Topology, build_topology


class PartnerSearchScenario(CommunicationScenario):
    """A named, configured population that chooses its partners: `topology` gives the agents and their positions."""

    length_field: ClassVar[str] = "training.steps"
    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {"properties": {"training": {"properties": {"pairing": {"const": "node"}}}}},
    )
    system: Literal["partner-search"] = "partner-search"
    """Kind of system."""
    partners: Partners = Partners()
    """How agents choose their partners."""
    recording: Recording = Recording()
    """What is recorded besides the metrics."""

    @pydantic.model_validator(mode="after")
    def _nobody_else_pairs(self) -> PartnerSearchScenario:
        if self.training.pairing != "node":
            raise ValueError(
                "training.pairing: expected node, since every agent speaks once a step to a partner of its choice, "
                f"got {self.training.pairing!r}"
            )
        return self

    @property
    def snapshot_every(self) -> int:
        """Steps between two lexicons."""
        return self.recording.lexicon_every or self.engine.record_every


@system("partner-search")
class PartnerSearchKind(PopulationKind):
    """Agents that learn whom to talk to and how; recorded as a population whose graph changes."""

    shown: ClassVar[tuple[str, ...]] = ("topology", "lexicon", "before", "channel", "game")

    def model(self) -> type[PartnerSearchScenario]:  # type: ignore[override]
        """Return the strict model, with everything that is registered by now."""
        return with_kinds(PartnerSearchScenario)

    def assemble(  # type: ignore[override]
        self, scenario: PartnerSearchScenario, topology: Topology | None, team: Team
    ) -> PartnerSearch:
        """Return the population before its first step."""
        rng = RandomStreams(scenario.seed)
        agents = topology or build_topology(scenario.topology, rng)
        return PartnerSearch(
            partners=scenario.partners,
            topology=agents,
            parts=scenario.parts(team),
            recording=scenario.recording,
            rng=rng,
            block_agents=scenario.engine.agents_per_block(agents.n_agents),
            team=team,
        )
