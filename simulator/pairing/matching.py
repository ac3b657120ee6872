"""Pairing by matching: every agent takes part at most once a step."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.pairing.exchanges import Exchanges, pairing
from hubbub.simulator.topology import Topology


@pairing("matching")
def matching(*, topology: Topology, generator: np.random.Generator) -> Exchanges:
    """A random maximal matching: links in random order, each kept if both its ends are still free.

    All links carry a random key and a link is kept when its key is the smallest at both its ends (Luby 1986),
    round after round; the outcome is that of going through the links one by one in order of key. Weights shorten the
    keys of their links, so that heavy links come first more often. Cost O(E log N).
    """
    keys = generator.exponential(size=topology.n_edges)
    if topology.weights is not None:
        keys = np.log(keys) - np.log(topology.weights)  # ordered as keys / weights, which may overflow
    order = np.argsort(keys, kind="stable")
    sources, targets = topology.sources[order], topology.targets[order]
    kept_sources, kept_targets = [], []
    while len(sources):
        first = np.full(topology.n_agents, len(sources))
        np.minimum.at(first, sources, np.arange(len(sources)))
        np.minimum.at(first, targets, np.arange(len(sources)))
        keep = np.arange(len(sources))
        keep = keep[(first[sources] == keep) & (first[targets] == keep)]
        kept_sources.append(sources[keep])
        kept_targets.append(targets[keep])
        busy = np.zeros(topology.n_agents, dtype=bool)
        busy[sources[keep]] = busy[targets[keep]] = True
        free = ~(busy[sources] | busy[targets])
        sources, targets = sources[free], targets[free]
    speakers = np.concatenate([np.empty(0, np.int64), *kept_sources])
    listeners = np.concatenate([np.empty(0, np.int64), *kept_targets])
    by_speaker = np.argsort(speakers, kind="stable")
    return Exchanges(speakers[by_speaker], listeners[by_speaker])
