"""The names that a configuration may give under `metrics`, and what such a function may ask for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from hubbub.simulator.errors import ConfigurationError, ContractError, complaint
from hubbub.simulator.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])

OFFERED = {
    "step": "number of steps made so far",
    "generator": "a random generator, keyed by the metric and the step",
    "recorded": "what else is recorded at this step: name → number, or an array over agents, copies or networks",
    "system": "the system itself; not with workers, among which it is divided",
    "topology": "the graph at this step",
    "lexicon": "the lexicon of this step",
    "before": "the lexicon that was recorded before it, None at the first one",
    "weights": "the weights of all agents or networks, name → array `[N, …]`",
    "channel": "vocabulary, length and end symbol of messages",
    "game": "the game, with its referents",
    "copies": "noise, load and repetition of each copy of a memory",
    "networks": "seed and settings of each network in training",
}
"""What a metric may ask for by the name of a parameter; a kind of system offers some of them."""

PER = ("agent", "copy", "network")
"""What a metric may have a value for each of."""


class Metrics(Registry):
    """Functions that add rows to the metrics of a run while it runs."""

    def __call__(self, name: str, *, per: str | None = None) -> Callable[[F], F]:
        """Register the decorated function under `name`.

        It is called at every record with what its parameters ask for by their names (`OFFERED`); all its other
        parameters are options. A metric that asks for what only a snapshot has, such as `lexicon`, is called where
        there is one.

        Parameters
        ----------
        name
            The name in the configuration, and of the rows.
        per
            "agent", "copy" or "network": the function returns an array with a value for each of them. Without it, a
            number (or a `Measure`), or a mapping from words to numbers, which are recorded as NAME_WORD.

        Raises
        ------
        ConfigurationError
            The name is taken, `per` is none of these, or a parameter has neither an annotation nor a default, and is
            nothing that a metric may ask for.
        """
        if per is not None and per not in PER:
            raise ConfigurationError(complaint("per", expected=f"one of {', '.join(PER)}", got=per, valid=PER))

        def decorate(function: F) -> F:
            for key, parameter in inspect.signature(function).parameters.items():
                is_option = parameter.annotation is not parameter.empty or parameter.default is not parameter.empty
                if key not in OFFERED and not is_option:
                    expected = f"one of {', '.join(OFFERED)}, or an option with an annotation"
                    raise ConfigurationError(
                        f"metric {name!r}: " + complaint("parameter", expected=expected, got=key, valid=OFFERED)
                    )
            registered = super(Metrics, self).__call__(name)(function)
            self._per[name] = per
            return registered

        return decorate

    def per(self, name: str) -> str | None:
        """Return what a metric has a value for each of; None where it describes the whole system."""
        return self._per.get(name)

    def asked_for(self, name: str) -> tuple[str, ...]:
        """Return what the function of that name asks for, its options left out."""
        return tuple(key for key in inspect.signature(self[name]).parameters if key in OFFERED)

    def __init__(self) -> None:
        super().__init__("metric", package="hubbub.scenarios.metrics", supplied=tuple(OFFERED), error=ContractError)
        self._per: dict[str, str | None] = {}


metric = Metrics()
"""Decorator and catalogue of functions that return a metric."""
