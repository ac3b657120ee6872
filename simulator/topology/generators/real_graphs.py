"""Social networks that were observed."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology


@topology("karate")
def karate(*, weighted: bool = True) -> Topology:
    """Return the 78 friendships among the 34 members of a karate club that was about to split.

    The node attribute `club` is the faction that each member joined; weights count the contexts in which two
    members met.

    References
    ----------
    Zachary (1977), An information flow model for conflict and fission in small groups.
    """
    return _topology(nx.karate_club_graph(), weighted)


@topology("les-miserables")
def les_miserables(*, weighted: bool = True) -> Topology:
    """Return the 254 acquaintances of 77 characters of a novel; weights count the chapters that two share.

    References
    ----------
    Knuth (1993), The Stanford GraphBase.
    """
    return _topology(nx.les_miserables_graph(), weighted)


@topology("southern-women")
def southern_women() -> Topology:
    """Return who came to what: 18 women (node attribute `bipartite` 0) and 14 events (1), 89 visits.

    References
    ----------
    Davis, Gardner & Gardner (1941), Deep South.
    """
    return Topology.from_networkx(nx.davis_southern_women_graph())


@topology("florentine")
def florentine() -> Topology:
    """Return the 20 marriages among 15 families of Renaissance Florence.

    References
    ----------
    Breiger & Pattison (1986), Cumulated social roles: the duality of persons and their algebras.
    """
    return Topology.from_networkx(nx.florentine_families_graph())


def _topology(graph: nx.Graph, weighted: bool) -> Topology:
    made = Topology.from_networkx(graph)
    return made if weighted else replace(made, weights=None)
