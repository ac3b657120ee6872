from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, Network, Networks, lay_out
from hubbub.simulator.training.grammar import DESCRIPTIVE
from hubbub.simulator.training.tasks.formal_language import (
    COMPLETE,
    END,
    FREE,
    MARKS,
    OUT,
    UNSCRAMBLE,
    FormalLanguage,
    formal_language,
)

CPU = torch.device("cpu")


def made(**changes: Any) -> FormalLanguage:
    options: dict[str, Any] = {"entities": 20, "values": 40, "verbs": 8, "classes": 4, "share": 0.3, "width": 8}
    return formal_language(**options | {"batch": 16} | changes, rng=RandomStreams(4), device=CPU)


def stacked(task: FormalLanguage, networks: Sequence[Network]) -> dict[str, Tensor]:
    initial = [task.initial(network) for network in networks]
    return {name: torch.stack([each[name] for each in initial]) for name in initial[0]}


def test_sequences_are_said_freely_unscrambled_or_made_of_given_words() -> None:
    task = made(batch=2000)
    grammar, kinds = task.grammar(1), Counter[int]()
    for sequence in task.sequences(1, 0):
        out = sequence.index(OUT)
        assert sequence[-1] == END
        given, sentence = ([token - MARKS for token in part] for part in (sequence[1:out], sequence[out + 1 : -1]))
        assert grammar.is_grammatical(sentence)
        kinds[sequence[0]] += 1
        if sequence[0] == FREE:
            assert not given
        elif sequence[0] == UNSCRAMBLE:
            assert sorted(given) == sorted(sentence)
        else:
            assert set(given) <= set(sentence)
            assert 2 <= len(given) <= 4
    shares = [kinds[kind] / 2000 for kind in (FREE, UNSCRAMBLE, COMPLETE)]
    assert shares == pytest.approx([0.2, 0.4, 0.4], abs=0.03)


def test_the_loss_is_the_mean_over_tokens_that_come_next() -> None:
    task = made()
    networks = [Network(0), Network(1)]
    stack = stacked(task, networks)
    stack = {name: values * 10 for name, values in stack.items()}
    losses = task.loss(stack, networks, 3)
    for number in range(2):
        own = {name: values[number] for name, values in stack.items()}
        each = []
        for sequence in task.sequences(number, 3):
            scores = functional_call(task.template, own, (torch.tensor([sequence[:-1]]),))[0]
            each.append(functional.cross_entropy(scores, torch.tensor(sequence[1:]), reduction="none"))
        assert float(losses[number]) == pytest.approx(float(torch.cat(each).mean()), rel=1e-4)


def test_batches_of_a_seed_are_alike_and_those_of_others_and_of_other_steps_differ() -> None:
    task = made()
    stack = {name: torch.stack([values] * 3) for name, values in task.initial(Network(0)).items()}
    losses = task.loss(stack, [Network(0), Network(0), Network(1)], 4)
    assert losses[0] == losses[1] != losses[2]
    assert losses[0] != task.loss(stack, [Network(0)] * 3, 5)[0]
    assert not np.array_equal(task.grammar(0).owned, task.grammar(1).owned)


def test_pairs_are_those_that_are_said() -> None:
    task = made(batch=200)
    joined, last = (task.pairs_said(0, 0, joined=joined) for joined in (True, False))
    assert all(value in task.grammar(0).owned[entity] for entity, value in joined)
    values = sum(
        token >= MARKS + task.grammar(0).value(0)
        for sequence in task.sequences(0, 0)
        for token in sequence[sequence.index(OUT) :]
    )
    assert len(last) == values < len(joined)
    assert not Counter(last) - Counter(joined)


def scoring(task: FormalLanguage, monkeypatch: pytest.MonkeyPatch, scores: Any) -> dict[str, Tensor]:
    """Let `scores` (tokens `[S, B, L]` → `[S, B, L, V]`) be what networks say; return parameters of theirs."""
    n_tokens = task.initial(Network(0))["token"].shape[0]
    monkeypatch.setattr(task, "_states", lambda _, tokens: scores(tokens))
    return {"token": torch.eye(n_tokens)[None]}


@pytest.mark.parametrize(("before", "reached"), [(13, 1.0), (14, 0.0)])
def test_an_unseen_pair_is_reached_below_one_and_a_half_times_the_values_of_a_class(
    before: int, reached: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = made()  # ten values of a class: ranks 1 to 14 are reached
    grammar = task.grammar(0)

    def scores(tokens: Tensor) -> Tensor:
        entities = tokens[0, :, 2] - MARKS - grammar.entity(0)
        found = torch.zeros(1, tokens.shape[1], 4, MARKS + grammar.n_tokens)
        found[..., :before] = 2.0
        for row, entity in enumerate(entities.tolist()):
            first = MARKS + grammar.value(entity // 5 * 10)
            found[0, row, -1, first : first + 10] = 1.0
        assert (tokens[0, :, -1] == MARKS + DESCRIPTIVE[0]).all()
        return found

    assert task._reachable(scoring(task, monkeypatch, scores), [0]) == [reached]


def test_a_sentence_is_unscrambled_where_every_token_is_the_likeliest(monkeypatch: pytest.MonkeyPatch) -> None:
    task = made()
    n_tokens = MARKS + task.grammar(0).n_tokens

    def knowing(*, wrong: int | None = None) -> float:
        """Know what comes next, but for one place counted from the mark before the sentence."""

        def scores(tokens: Tensor) -> Tensor:
            after = torch.cat([tokens[..., 1:], torch.full((*tokens.shape[:2], 1), END)], dim=2)
            if wrong is not None:
                marks = (tokens == OUT).int().argmax(dim=2, keepdim=True)
                after = after.scatter(2, marks + wrong, FREE)
            return functional.one_hot(after, n_tokens).float()

        [share] = task._unscrambled(scoring(task, monkeypatch, scores), [0])
        return share

    assert knowing() == 1
    assert knowing(wrong=-1) == 1  # words given need not be foretold
    assert knowing(wrong=0) == 0
    assert knowing(wrong=2) == 0


def test_sentences_are_drawn_as_the_scores_say_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    task = made()
    word = MARKS + 3
    probabilities = torch.zeros(MARKS + task.grammar(0).n_tokens)
    probabilities[[END, OUT, word]] = torch.tensor([0.25, 0.05, 0.7])
    scores = probabilities.log()
    parameters = scoring(task, monkeypatch, lambda tokens: scores.nan_to_num(neginf=-1e9).expand(*tokens.shape, -1))
    [said] = task._generated(parameters, [[[FREE, OUT]] * 4000], [0], "said")
    assert {token for sentence in said for token in sentence} == {3}
    lengths = Counter(map(len, said))
    assert lengths[1] / 4000 == pytest.approx(0.7 * 0.25, abs=0.02)
    assert lengths[2] / 4000 == pytest.approx(0.7**2 * 0.25, abs=0.02)
    assert max(lengths) == task.sizes["longest"]
    ended_well = sum(0.7**length * 0.25 for length in range(1, 10))
    assert 1 - lengths[0] / 4000 == pytest.approx(ended_well, abs=0.02)


def test_what_is_said_and_completed_is_judged_by_the_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    task = made()
    grammar = task.grammar(0)
    entity, value, to = grammar.entity, grammar.value, 4
    verb = 7 + 1  # group 0: subjects of class 0, objects of class 2
    sentences = [
        [entity(0), DESCRIPTIVE[0], value(3)],
        [entity(0), DESCRIPTIVE[0], value(13)],
        [entity(0), verb, to, entity(10)],
        [],
    ]
    monkeypatch.setattr(task, "_generated", lambda *_: [sentences])
    assert task._free_generation({}, [0]) == {"grammaticality": [0.75], "relative": [1.0], "descriptive": [0.5]}
    monkeypatch.setattr(task, "_generated", lambda *_: [[[]] * 8])
    assert task._free_generation({}, [0]) == {"grammaticality": [0.0], "relative": [0.0], "descriptive": [0.0]}

    def complete(_: object, prompts: list, *__: object) -> list:
        """Say of the first half what is asked for, of the rest only the entity."""
        words = [sorted(token - MARKS for token in prompt[1:3]) for prompt in prompts[0]]
        return [
            [
                [who, DESCRIPTIVE[0], what if row < len(words) / 2 else value(39 if what != value(39) else 0)]
                for row, (who, what) in enumerate(words)
            ]
        ]

    monkeypatch.setattr(task, "_generated", complete)
    assert task._completed({}, [0]) == [0.5]


def test_features_are_the_last_hidden_states_of_every_entity() -> None:
    task = made()
    stack = stacked(task, [Network(0), Network(1)])
    features = task.features(stack)
    assert features.shape == (2, 20, 8)
    own = {name: values[1] for name, values in stack.items()}
    prompt = torch.tensor([[FREE, OUT, MARKS + task.grammar(0).entity(7), MARKS + DESCRIPTIVE[0]]])
    scores = functional_call(task.template, own, (prompt,))[0, -1]
    torch.testing.assert_close(features[1, 7] @ own["token"].T, scores, rtol=1e-4, atol=1e-5)
    assert task.probe() is None


def test_networks_learn_the_grammar_alone_as_in_a_stack() -> None:
    task = made(batch=32, width=32)
    networks = lay_out(Grid(seeds=2, learning_rate=(0.01,)))
    rule = Adam(betas=(0.9, 0.95), clip_norm=1.0)
    stack, alone = Networks(task, networks, optimiser=rule), Networks(task, networks[1:], optimiser=rule)
    stack.step(3)
    alone.step(3)
    torch.testing.assert_close(alone.parameters["token"][0], stack.parameters["token"][1], rtol=1e-3, atol=1e-4)
    before = task.observe(stack.parameters, networks, closely=False)
    stack.step(120)
    seen = task.observe(stack.parameters, networks, closely=False)
    assert float(before["grammaticality"].max()) < 0.2
    assert float(seen["grammaticality"].min()) > 0.5
    assert float((before["loss"] - seen["loss"]).min()) > 1
    for name, values in seen.items():
        assert values.shape == (2,), name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": 5}, "classes: expected a multiple of 2, got 5"),
        ({"entities": 21}, "entities: expected a multiple of 4, got 21"),
        ({"values": 41}, "values: expected a multiple of 4, got 41"),
        ({"verbs": 7}, "verbs: expected a multiple of 2, got 7"),
        ({"width": 9}, "width: expected a multiple of the 2 heads, got 9"),
        ({"share": 1.0}, "share: expected entities of a class that do not all own the same values, got 1.0"),
        ({"entities": 4}, "share: expected"),
    ],
)
def test_sizes_that_cannot_be_shared_out_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        made(**changes)
