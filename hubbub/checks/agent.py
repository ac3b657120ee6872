"""What is demanded of an agent."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any

import numpy as np
import torch

from hubbub.checks.demands import Demands, check_argument, check_name, described, is_array
from hubbub.checks.game import example_referents
from hubbub.simulator.agents import Agent, Speech, agent
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.channel import Channel, one_hot
from hubbub.simulator.configuration import section_of
from hubbub.simulator.games import Game, game
from hubbub.simulator.randomness import RandomStreams

ROWS, GAMES, CANDIDATES = 4, 6, 3
CHANNELS = (
    Channel(vocabulary=5, max_length=3, estimator="gumbel", entropy_bonus=0.1),
    Channel(vocabulary=5, max_length=3, estimator="reinforce"),
    Channel(vocabulary=3, max_length=2, estimator="reinforce", end_symbol=False),
)

Tensors = Mapping[str, torch.Tensor]


def check_agent(name: str, *, rules: Game | None = None, channel: Channel | None = None, **options: Any) -> list[str]:
    """Check the agent that is registered as `name`, with these options; return the demands.

    By default in games of both kinds, over channels with both estimators, with and without an end symbol; `rules` and
    `channel` check it in one game or over one channel only.

    Raises
    ------
    ConfigurationError
        No agent has this name, or an argument or an option is not right.
    ContractError
        The first demand that is not met.
    """
    check_name("agent", name)
    check_argument("rules", rules, "a Game or None", Game, NoneType)
    check_argument("channel", channel, "a Channel or None", Channel, NoneType)
    demand = Demands(f"agent {name!r}")
    section = section_of(agent, name, options)
    about = example_referents()
    of_both_kinds = (
        section_of(game, "reconstruction").build(referents=about),
        section_of(game, "discrimination", {"candidates": CANDIDATES}).build(referents=about),
    )
    for over in (channel,) if channel else CHANNELS:
        for played in (rules,) if rules else of_both_kinds:
            made: Agent = demand.result("it can be made", section.build, game=played, channel=over)
            _Checks(demand, made, played, over).run()
    return demand.met


class _Checks:
    """The checks of one agent in one game over one channel."""

    def __init__(self, demand: Demands, made: Agent, rules: Game, channel: Channel) -> None:
        self.demand, self.made, self.rules, self.channel = demand, made, rules, channel
        self.learns_by_gradients = not isinstance(made, Associative)
        self.deal = rules.draw((ROWS, GAMES), split="train", generator=np.random.default_rng(1))
        self.features = torch.from_numpy(rules.referents.features)
        self.objects = self.features[self.deal.objects]
        self.candidates = None if self.deal.candidates is None else self.features[self.deal.candidates]
        self.noise = RandomStreams(2).gumbel(
            (channel.max_length, ROWS, GAMES, channel.vocabulary), torch.device("cpu"), "check"
        )
        self.messages = torch.from_numpy(
            np.random.default_rng(3).integers(channel.vocabulary, size=(ROWS, GAMES, channel.max_length))
        )

    def run(self) -> None:
        """Check everything."""
        self._check_weights()
        for noise in (None, self.noise):
            self._check_speech(noise)
        self._check_symbols()
        self._check_scores()
        self._check_reading()
        if self.learns_by_gradients:
            self._check_gradients()

    def weights(self, n: int = ROWS) -> dict[str, torch.Tensor]:
        """Return the weights of `n` new agents, always the same."""
        drawn = self.demand.result("`initialise` makes weights", self.made.initialise, np.random.default_rng(4), n)
        return {name: torch.from_numpy(values) for name, values in drawn.items()}

    def speak(self, weights: Tensors, noise: torch.Tensor | None) -> Speech:
        """Return what the rows say."""
        return self.demand.result("`speak` speaks", self.made.speak, weights, self.objects, noise=noise)

    def listen(self, weights: Tensors, messages: torch.Tensor, relaxed: torch.Tensor | None = None) -> torch.Tensor:
        """Return the scores of the rows."""
        listen = self.made.listen
        return self.demand.result("`listen` listens", listen, weights, messages, self.candidates, relaxed=relaxed)

    def _check_weights(self) -> None:
        demand, layout, weights = self.demand, self.made.layout, self.weights()
        demand("`self_talk` is a probability", 0 <= self.made.self_talk <= 1, self.made.self_talk)
        demand("`layout` names at least one weight, and no shape in it is empty", bool(layout) and all(layout.values()))
        names = list(weights) == list(layout)
        demand("`initialise` returns the weights that `layout` names", names, ", ".join(weights))
        for name, shape in layout.items():
            stated = is_array(weights[name], "float32", (ROWS, *shape))
            demand("`initialise` returns float32 [n, *shape]", stated, f"{name}: {described(weights[name])}")
        again, more = self.weights(), self.weights(ROWS + 1)
        same = all(torch.equal(weights[name], again[name]) for name in layout)
        demand("`initialise` gives the same weights from the same generator", same)
        kept = all(torch.equal(weights[name], more[name][:ROWS]) for name in layout)
        demand("`initialise` draws agent after agent, so that one more changes none before it", kept)

    def _check_speech(self, noise: torch.Tensor | None) -> None:
        demand, channel, weights = self.demand, self.channel, self.weights()
        before = {name: values.clone() for name, values in weights.items()}
        speech = self.speak(weights, noise)
        kept = all(torch.equal(weights[name], values) for name, values in before.items())
        demand("`speak` changes no weights", kept)
        said, shape = speech.messages, (ROWS, GAMES)
        stated = is_array(said, "int64", (*shape, channel.max_length))
        demand("`speak` returns messages int64 [M, G, L]", stated, described(said))
        in_range = bool(((said >= 0) & (said < channel.vocabulary)).all())
        demand("symbols are 0 … V − 1", in_range, f"{int(said.min())} … {int(said.max())}")
        demand("what follows the end symbol is 0", torch.equal(said, channel.pad(said)))
        lengths = is_array(speech.lengths, "int64", shape) and torch.equal(speech.lengths, channel.lengths(said))
        demand("lengths are int64 [M, G] and count the symbols up to the end symbol", lengths)
        again = self.speak(weights, noise)
        demand("`speak` says the same again with the same noise", torch.equal(said, again.messages))
        some = {name: values[1:] for name, values in weights.items()}
        part = demand.result(
            "`speak` speaks for any number of rows",
            self.made.speak,
            some,
            self.objects[1:],
            noise=None if noise is None else noise[:, 1:],
        )
        demand("what a row says does not depend on other rows", torch.equal(said[1:], part.messages))
        nobody = {name: values[:0] for name, values in weights.items()}
        silent = demand.result(
            "`speak` can speak for no rows", self.made.speak, nobody, self.objects[:0], noise=self.noise[:, :0]
        )
        demand("`speak` returns messages [0, G, L] for no rows", silent.messages.shape[0] == 0)
        if noise is not None and self.learns_by_gradients:
            self._check_estimate(speech)

    def _check_estimate(self, speech: Speech) -> None:
        """Check what the estimator of the gradient needs."""
        demand, channel, shape = self.demand, self.channel, (ROWS, GAMES)
        alive = channel.alive(speech.messages)
        if channel.estimator == "gumbel":
            relaxed = speech.relaxed
            demand("with estimator gumbel, `speak` returns `relaxed`", relaxed is not None)
            assert relaxed is not None
            values = one_hot(speech.messages, channel.vocabulary) * alive.unsqueeze(-1)
            close = relaxed.shape == values.shape and torch.allclose(relaxed.detach(), values, atol=1e-5)
            demand("`relaxed` is the one-hot message [M, G, L, V], 0 after the end", close, described(relaxed))
        if channel.estimator == "reinforce" or channel.entropy_bonus:
            for name, value in (("log_probability", speech.log_probability), ("entropy", speech.entropy)):
                stated = value is not None and is_array(value, "float32", shape)
                demand(f"`speak` returns `{name}` [M, G] where the channel needs it", stated)
            assert speech.log_probability is not None and speech.entropy is not None
            demand("`log_probability` is at most 0", bool((speech.log_probability <= 1e-5).all()))
            most = speech.lengths * np.log(channel.vocabulary) + 1e-4
            demand(
                "`entropy` is 0 … log V for each symbol",
                bool(((speech.entropy >= -1e-5) & (speech.entropy <= most)).all()),
            )

    def _check_symbols(self) -> None:
        """Check that noise decides where it is large."""
        sought = self.channel.vocabulary - 1
        noise = torch.zeros_like(self.noise)
        noise[..., sought] = 1e6
        said = self.speak(self.weights(), noise).messages
        self.demand("the symbol is the largest of logits + noise", bool((said == sought).all()), said[0, 0].tolist())

    def _check_scores(self) -> None:
        demand, channel, weights = self.demand, self.channel, self.weights()
        padded = channel.pad(self.messages)
        scores = self.listen(weights, padded)
        stated = is_array(scores, "float32", (ROWS, GAMES, sum(self.rules.answer_sizes)))
        demand("`listen` returns scores float32 [M, G, S]", stated, described(scores))
        demand("scores are finite", bool(torch.isfinite(scores).all()))
        demand("`listen` gives the same scores again", torch.equal(scores, self.listen(weights, padded)))
        masked = torch.allclose(scores, self.listen(weights, self.messages), atol=1e-5)
        demand("what follows the end symbol changes no score", masked)
        some = {name: values[1:] for name, values in weights.items()}
        seen = None if self.candidates is None else self.candidates[1:]
        part = demand.result(
            "`listen` listens for any number of rows", self.made.listen, some, padded[1:], seen, relaxed=None
        )
        demand("the scores of a row do not depend on other rows", torch.allclose(scores[1:], part, atol=1e-5))
        nobody = {name: values[:0] for name, values in weights.items()}
        none = None if self.candidates is None else self.candidates[:0]
        empty = demand.result(
            "`listen` can listen for no rows", self.made.listen, nobody, padded[:0], none, relaxed=None
        )
        demand("`listen` returns scores [0, G, S] for no rows", empty.shape == (0, *scores.shape[1:]), described(empty))

    def _check_reading(self) -> None:
        """Check `understand` and `score` against `listen`."""
        demand, weights = self.demand, self.weights()
        messages = torch.unique(self.channel.pad(self.messages).flatten(0, 1), dim=0)
        shared = None if self.candidates is None else self.candidates[:, :1]
        understood = demand.result("`understand` reads messages", self.made.understand, weights, messages)
        axes = understood.shape[:2] == (ROWS, len(messages)) and understood.ndim > 2
        demand("`understand` returns [M, U, …]", axes, described(understood))
        scores = demand.result("`score` scores what is understood", self.made.score, weights, understood, shared)
        everyone = messages.expand(ROWS, -1, -1)
        seen = None if shared is None else shared.expand(-1, len(messages), -1, -1)
        heard = demand.result(
            "`listen` listens to any number of games", self.made.listen, weights, everyone, seen, relaxed=None
        )
        same = scores.shape == heard.shape and torch.allclose(scores, heard, atol=1e-4)
        demand("`score` of what `understand` returns is what `listen` returns", same)
        if seen is not None:
            own = "`score` takes candidates [M, G, K, F] too"
            again = demand.result(own, self.made.score, weights, understood, seen)
            demand(own, torch.allclose(scores, again, atol=1e-4))

    def _check_gradients(self) -> None:
        demand, channel = self.demand, self.channel
        messages = channel.pad(self.messages)
        alive = channel.alive(messages).unsqueeze(-1)
        relaxed = (one_hot(messages, channel.vocabulary) * alive).requires_grad_()
        weights = {name: values.requires_grad_() for name, values in self.weights().items()}
        plain = self.listen({name: values.detach() for name, values in weights.items()}, messages)
        scores = self.listen(weights, messages, relaxed)
        demand("`listen` gives the same scores from `relaxed`", torch.allclose(scores, plain, atol=1e-4))
        self.rules.log_likelihood(scores, self.deal.answers).sum().backward()
        self._check_reached("`listen`", weights)
        reached = relaxed.grad is not None and bool(relaxed.grad.abs().sum() > 0)
        demand("the gradient of the scores reaches `relaxed`", reached)
        assert relaxed.grad is not None
        demand("no gradient reaches what follows the end symbol", bool((relaxed.grad * ~alive == 0).all()))
        weights = {name: values.requires_grad_() for name, values in self.weights().items()}
        speech = self.speak(weights, self.noise)
        if channel.estimator == "gumbel":
            assert speech.relaxed is not None
            (speech.relaxed * self.noise.movedim(0, 2)).sum().backward()
        else:
            assert speech.log_probability is not None
            speech.log_probability.sum().backward()
        self._check_reached("`speak`", weights)

    def _check_reached(self, what: str, weights: Tensors) -> None:
        """Check that a gradient has come to the weights, and is finite."""
        gradients = [values.grad for values in weights.values() if values.grad is not None]
        reached = any(bool((gradient != 0).any()) for gradient in gradients)
        self.demand(f"a gradient of what {what} returns reaches the weights", reached)
        finite = all(bool(torch.isfinite(gradient).all()) for gradient in gradients)
        self.demand(f"the gradient of what {what} returns is finite", finite)
