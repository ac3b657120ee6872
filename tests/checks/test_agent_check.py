"""The checker of agents passes all of ours, and names what is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import hubbub
from hubbub.simulator.agents import Speech, agent
from hubbub.simulator.agents.gru import GRU
from hubbub.simulator.errors import ContractError

OURS = [name for name in agent if agent[name].__module__.startswith("hubbub.simulator")]
SMALL: dict[str, dict[str, Any]] = {"gru": {"hidden": 6, "embedding": 4}, "associative": {"load": 6}}


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    demands = hubbub.check_agent(name, **SMALL[name])
    assert "`score` of what `understand` returns is what `listen` returns" in demands
    assert ("the gradient of the scores reaches `relaxed`" in demands) == (name == "gru")


@pytest.mark.parametrize("coupling", ["tied", "separate"])
def test_both_couplings_meet_all_demands(coupling: str) -> None:
    assert hubbub.check_agent("gru", coupling=coupling, **SMALL["gru"])


def spoken(change: Callable[..., Any]) -> dict[str, Any]:
    """Return a method `speak` that changes what the GRU says."""
    return {
        "speak": lambda self, weights, objects, *, noise: change(GRU.speak(self, weights, objects, noise=noise), noise)
    }


def heard(change: Callable[..., Any]) -> dict[str, Any]:
    """Return a method `listen` that changes the scores of the GRU."""
    return {
        "listen": lambda self, weights, messages, candidates, *, relaxed: change(
            GRU.listen(self, weights, messages, candidates, relaxed=relaxed), messages
        )
    }


def deaf(self: Any, weights: Any, messages: Any, candidates: Any, *, relaxed: Any) -> Any:
    return GRU.listen(self, weights, messages, candidates, relaxed=None)


def mixed(speech: Speech, noise: Any) -> Speech:
    """Let every row say what the first row says."""
    return replace(speech, messages=speech.messages.flip(0), lengths=speech.lengths.flip(0))


def forgetful(self: Any, weights: Any, objects: Any, *, noise: Any) -> Speech:
    speech = GRU.speak(self, weights, objects, noise=noise)
    with torch.no_grad():
        weights["emit"].add_(1)
    return speech


def unpadded(speech: Speech, noise: Any) -> Speech:
    return replace(speech, messages=torch.where(speech.messages == 0, 1, speech.messages.roll(1, -1)))


def new_weights(change: Callable[..., Any]) -> dict[str, Any]:
    return {"initialise": lambda self, generator, n: change(GRU.initialise(self, generator, n), generator)}


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"self_talk": 2.0}, "`self_talk` is a probability"),
    (new_weights(lambda drawn, _: dict(reversed(drawn.items()))), "the weights that `layout` names"),
    (new_weights(lambda drawn, _: {name: one.astype(float) for name, one in drawn.items()}), r"float32 \[n, \*shape\]"),
    (new_weights(lambda drawn, _: {name: one[:, :1] for name, one in drawn.items()}), r"float32 \[n, \*shape\]"),
    (
        new_weights(lambda drawn, _: {name: one + np.float32(OWN.random()) for name, one in drawn.items()}),
        "same weights",
    ),
    (
        new_weights(lambda drawn, _: {name: one * np.float32(len(one)) for name, one in drawn.items()}),
        "one more changes",
    ),
    ({"speak": lambda self, weights, objects, *, noise: 1 / 0}, "`speak` speaks; got ZeroDivisionError"),
    ({"speak": forgetful}, "`speak` changes no weights"),
    (spoken(lambda speech, _: replace(speech, messages=speech.messages[..., :1])), r"messages int64 \[M, G, L\]"),
    (spoken(lambda speech, _: replace(speech, messages=speech.messages + 1)), "symbols are 0"),
    (spoken(lambda speech, _: replace(speech, lengths=speech.lengths + 1)), "lengths are int64"),
    (spoken(lambda speech, _: replace(speech, messages=OWN.permuted(speech.messages))), "says the same again"),
    (spoken(mixed), "does not depend on other rows"),
    (spoken(lambda speech, _: replace(speech, relaxed=None)), "with estimator gumbel, `speak` returns `relaxed`"),
    (
        spoken(lambda speech, noise: replace(speech, relaxed=None if noise is None else 2 * speech.relaxed)),
        "`relaxed` is the one-hot message",
    ),
    (spoken(lambda speech, _: replace(speech, entropy=None)), "`entropy`"),
    (
        spoken(
            lambda speech, noise: speech if noise is None else replace(speech, log_probability=-speech.log_probability)
        ),
        "`log_probability` is at most 0",
    ),
    (
        spoken(lambda speech, noise: speech if noise is None else replace(speech, entropy=speech.entropy - 100)),
        "`entropy` is 0",
    ),
    (
        {"speak": lambda self, weights, objects, *, noise: silent(self, weights, objects, noise)},
        r"the largest of logits \+ noise",
    ),
    (heard(lambda scores, _: scores[..., :1]), r"scores float32 \[M, G, S\]"),
    (heard(lambda scores, _: scores / 0), "scores are finite"),
    (heard(lambda scores, _: scores + OWN.random()), "the same scores again"),
    (
        heard(lambda scores, messages: scores + messages.sum(-1, keepdim=True)),
        "follows the end symbol changes no score",
    ),
    (heard(lambda scores, _: scores - scores.mean(0) if len(scores) else scores), "do not depend on other rows"),
    (heard(lambda scores, _: scores * (1 // len(scores) + 1)), "listen for no rows"),
    ({"understand": lambda self, weights, messages: torch.zeros(4)}, r"`understand` returns \[M, U, …\]"),
    ({"score": lambda self, weights, understood, candidates: understood.sum(-1, keepdim=True)}, "listen|scores"),
    ({"listen": deaf}, "the gradient of the scores reaches `relaxed`"),
    (heard(lambda scores, _: scores.detach().requires_grad_()), "`listen` returns reaches the weights"),
    (
        spoken(lambda speech, _: replace(speech, relaxed=detached(speech.relaxed))),
        "`speak` returns reaches the weights",
    ),
]


def detached(values: torch.Tensor | None) -> torch.Tensor | None:
    return None if values is None else values.detach().requires_grad_()


def silent(self: Any, weights: Any, objects: Any, noise: Any) -> Speech:
    """Say the first symbols again, whatever the noise, as soon as it is large."""
    tame = noise if noise is None else noise.clamp(-10, 10)
    return GRU.speak(self, weights, objects, noise=None if noise is None or (noise > 100).any() else tame)


class Own:
    """Draws from a generator that nobody passed."""

    generator = np.random.default_rng(0)

    def random(self) -> float:
        return float(self.generator.random())

    def permuted(self, messages: torch.Tensor) -> torch.Tensor:
        """Return messages with another symbol, not the end symbol, at the first place."""
        changed = messages.clone()
        if changed.numel():
            first = torch.from_numpy(self.generator.integers(1, 3, size=tuple(changed.shape[:-1])))
            changed[..., 0] = torch.where(changed[..., 0] == 0, 0, first)
        return changed


OWN = Own()


@pytest.mark.parametrize(("members", "demand"), BROKEN)
def test_a_broken_one_is_refused_by_the_demand(members: dict[str, Any], demand: str, registered: Any) -> None:
    class Broken(GRU):
        def __init__(self, *, game: Any, channel: Any) -> None:
            super().__init__(hidden=6, embedding=4, game=game, channel=channel)
            if "self_talk" in members:
                self.self_talk = members["self_talk"]

    for name, member in members.items():
        setattr(Broken, name, member)
    with pytest.raises(ContractError, match=rf"^agent 'broken': expected that .*({demand})"):
        hubbub.check_agent(registered(agent, Broken))
