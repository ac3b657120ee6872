"""What a run recorded of its agents: their path emergence, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.analysis.dialects import cluster, similarity_matrix
from hubbub.analysis.emergence.counting import THRESHOLD
from hubbub.analysis.hubs import link_counts, success_of_agents
from hubbub.scenarios.agent_emergence import agent_emergence
from hubbub.scenarios.running import load_system
from hubbub.simulator.store import LexiconSplit, Run

PARTS = 4
"""Records are taken together by fourths."""


@dataclass(frozen=True)
class RecordedAgents:
    """What a run recorded of its N agents at T steps.

    Attributes
    ----------
    steps
        Steps of the records `[T]`.
    emergence
        log10 of the path emergence of each agent `[T, N]`.
    success, likeness
        Mean success with all others, speaking and listening, and mean similarity to their codes `[T, N]`.
    codes
        Share of the messages of each agent that have each symbol in each place `[T, N, L · V]`.
    degree, dialect
        Number of partners, and dialect at the end `[N]`.
    thresholds, swept
        Thresholds of activity `[S]`, and log10 of the path emergence at the end at each of them `[N, S]`.
    """

    steps: np.ndarray
    emergence: np.ndarray
    success: np.ndarray
    likeness: np.ndarray
    codes: np.ndarray
    degree: np.ndarray
    dialect: np.ndarray
    thresholds: np.ndarray
    swept: np.ndarray

    @classmethod
    def of(cls, run: Run) -> RecordedAgents:
        """Read a run that recorded the emergence of its agents."""
        import pyarrow.compute as pc

        n_agents, n_symbols = len(run.agents().names), run.configuration["channel"]["vocabulary"]
        rows = run.metric_rows()
        rows = rows.filter(pc.equal(rows["name"], "path_emergence"))
        emergence = rows["value"].to_numpy().reshape(-1, n_agents)  # written record by record, agent by agent
        others = ~np.eye(n_agents, dtype=bool)
        success, likeness, codes = [], [], []
        for step in run.lexicon_steps():
            train = run.lexicon(step).splits["train"]
            alike = similarity_matrix(train.messages, lengths=train.lengths)
            success.append(np.mean(success_of_agents(train.success), axis=0))
            likeness.append((alike * others).sum(axis=1) / (n_agents - 1))
            codes.append(symbols_said(train, n_symbols).mean(axis=1))
        at_end = agent_emergence(load_system(run.path), run.lexicon())
        return cls(
            np.array(run.lexicon_steps()),
            _log(emergence),
            np.array(success),
            np.array(likeness),
            np.array(codes),
            link_counts(run.edges(), n_agents),
            cluster(alike).labels,
            at_end.thresholds,
            _log(at_end.swept),
        )

    @property
    def symbols(self) -> np.ndarray:
        """Number of symbols that each agent has in use, summed over the places `[T, N]`: as emergence counts them."""
        return np.count_nonzero(self.codes > THRESHOLD, axis=2)

    def late(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of values `[T, N]` over the last fourth of the records `[N]`."""
        mean: np.ndarray = values[-max(len(values) // PARTS, 1) :].mean(axis=0)
        return mean

    def early(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of values `[T, N]` over the first fourth of the records `[N]`."""
        mean: np.ndarray = values[: max(len(values) // PARTS, 1)].mean(axis=0)
        return mean

    def property_of(self, name: str) -> np.ndarray:
        """Return a property at every record `[T, N]`."""
        return np.broadcast_to(getattr(self, name), self.emergence.shape)


def symbols_said(split: LexiconSplit, n_symbols: int) -> np.ndarray:
    """Return which symbols are in which place of every agent's message of every referent: `[N, R, L · V]`."""
    inside = np.arange(split.messages.shape[2]) < split.lengths[..., None]
    said = (split.messages[..., None] == np.arange(n_symbols)) & inside[..., None]
    return said.reshape(*said.shape[:2], -1)


def _log(emergence: np.ndarray) -> np.ndarray:
    logs: np.ndarray = np.log10(np.maximum(emergence, 1))
    return logs
