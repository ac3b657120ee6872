"""What the source says of policies at the bounds, judged by what agents do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubbub.analysis.control import performance_ratio
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.bang_bang.environments import HEADS, INTEGRATOR, Environment
from hubbub.scenarios.reproductions.bang_bang.measures import CROSSED, EARLY_STEPS
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.table import Table

STILL = 0.01
"""Mean squared action below which an agent does nothing."""


def claims(table: Table, *, environments: Sequence[Environment]) -> list[Claim]:
    """Judge every environment by itself."""
    return [claim for of in environments for claim in of_environment(of, table.where(environment=of.name))]


def of_environment(environment: Environment, table: Table) -> list[Claim]:
    """Return the claims about one environment, from its rows."""
    agents = Agents(table)
    cost, title = environment.cost, environment.title
    free, costly = agents.free, {head: agents.at(head, cost) for head in HEADS}

    def every(name: str, metric: str) -> str:
        """Return a metric of all heads, without and with a cost."""
        parts = (
            f"{head} {free[head].mean(metric).value:.3g} / {costly[head].mean(metric).value:.3g}" for head in HEADS
        )
        return f"{name} without / with cost: {', '.join(parts)}"

    pairs = zip(*(free[head].column("return") for head in CROSSED), strict=True)
    gaussian = free["gaussian"]
    off, used = (costly["bang-off-bang"].mean(name).value for name in ("return", "squared_action"))
    judged = [
        control(
            f"they learn ({title})",
            "both heads learn the task without a cost of actions",
            "return of the worse of both",
            over_seeds([float(np.minimum(*pair)) for pair in pairs]),
            Above(environment.learnt),
            f"uniform actions earn {agents.mean('uniform_return', 'gaussian'):.4g}",
        ),
        Claim(
            f"equal return ({title})",
            "extremes alone earn as much as a Gaussian",
            "what the Bernoulli head earns above uniform actions, over what the Gaussian does, no cost",
            agents.ratio(free["bernoulli"].column("return"), gaussian.column("return")),
            Within(0.9, 1.1),
            every("return", "return"),
        ),
        Claim(
            f"at the bounds ({title})",
            "Gaussian agents go to the bounds by themselves",
            "share of likeliest actions beyond .95, no cost",
            gaussian.mean("boundary_mass"),
            Above(0.5),
            f"in the first {EARLY_STEPS} steps of an episode {agents.mean('early_boundary_mass', 'gaussian'):.2f}, "
            f"of drawn actions {gaussian.mean('drawn_boundary_mass').value:.2f}; {every('switches', 'switches')}",
        ),
        Claim(
            f"costs break equality ({title})",
            f"with a cost of actions ({cost:g} a step) the extremes earn less",
            "return of the Gaussian minus that of the Bernoulli head",
            costly["gaussian"].minus(costly["bernoulli"], "return"),
            Above(0),
            every("mean squared action", "squared_action"),
        ),
        Claim(
            f"costs break bounds ({title})",
            "with a cost of actions Gaussian agents leave the bounds",
            "share of likeliest actions beyond .95 with cost minus that without",
            costly["gaussian"].minus(gaussian, "boundary_mass"),
            Below(0),
            every("share", "boundary_mass"),
        ),
    ]
    for teacher, student in CROSSED.items():
        students = agents.column("student_return", teacher)
        judged.append(
            Claim(
                f"{student} student ({title})",
                f"a {student.capitalize()} head can do what a {teacher.capitalize()} one has learnt",
                f"what a {student} student earns above uniform actions, over what its {teacher} teacher does, no cost",
                agents.ratio(students, free[teacher].column("return")),
                Above(0.9),
                f"teacher {free[teacher].mean('return').value:.4g}, student {over_seeds(students).value:.4g}",
            )
        )
    judged.append(
        Claim(
            f"a third value ({title})",
            "with a cost of actions three values, one of them nothing, earn more than two",
            "return of the bang-off-bang head minus that of the Bernoulli head, with cost",
            costly["bang-off-bang"].minus(costly["bernoulli"], "return"),
            Above(0),
            f"return {off:.3g}, mean squared action {used:.2f}"
            + (": by doing nothing, not by controlling better" if used < STILL else ""),
            "ours",
        )
    )
    return judged + (
        [_least_time(agents, head, cost) for head in CROSSED] if environment.name == INTEGRATOR.name else []
    )


class Agents:
    """Agents at the end of training: their last record, and what else was measured then."""

    def __init__(self, table: Table) -> None:
        self.last, self.ends = table.where(last=True), table.having("uniform_return")
        self.free = {head: self.at(head) for head in HEADS}

    def at(self, head: str, cost: float = 0.0) -> Table:
        """Return the last records of a head and cost."""
        return self.last.where(head=head, action_cost=cost)

    def column(self, name: str, head: str, cost: float = 0.0) -> list[float]:
        """Return what else was measured, seed by seed."""
        return self.ends.where(head=head, action_cost=cost).column(name)

    def mean(self, name: str, head: str) -> float:
        """Return the mean of what else was measured."""
        return over_seeds(self.column(name, head)).value

    def ratio(self, values: Sequence[float], references: Sequence[float]) -> Measure:
        """Return how much of what references earn above uniform actions is earned."""
        triples = zip(values, references, self.column("uniform_return", "gaussian"), strict=True)
        return over_seeds([performance_ratio(value, other, baseline=none) for value, other, none in triples])


def _least_time(agents: Agents, head: str, cost: float) -> Claim:
    """Return the claim about what is optimal for the double integrator."""
    shares = zip(agents.column("least_time", head), agents.column("time", head), strict=True)
    costly = agents.at(head, cost).mean("return").value
    return Claim(
        f"least time ({head})",
        "without a cost, least time is one switch between the bounds, on x = −½ v|v|",
        f"least time to the origin over the {head} agent's time to the circle of .1 around it",
        over_seeds([least / time for least, time in shares]),
        Above(0.9),
        "the circle is reached sooner than the origin, so 1 can be passed. The law itself, in steps of a tenth, takes "
        f"{agents.mean('law_time', head):.2f}, the agent {agents.mean('time', head):.2f}; share of forces that are the "
        f"law's {agents.mean('agreement', head):.2f}. With cost {cost:g}: return {costly:.3g}, at best about "
        f"{-agents.mean('least_cost', head):.3g}",
        "Bushaw 1953",
    )
