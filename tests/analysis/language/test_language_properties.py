"""What holds for every measure of messages."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis import language
from hubbub.analysis.measure import Measure

BY_REFERENT = (
    language.topographic_similarity,
    language.positional_disentanglement,
    language.bag_of_symbols_disentanglement,
    language.context_independence,
    language.positive_signalling,
)
OF_MESSAGES = (
    language.message_entropy,
    language.symbol_entropy,
    language.distinct_messages,
    language.message_length,
)
Of = Callable[..., Measure]


def calls() -> list[Of]:
    """Return every measure as a function of messages, referents and lengths, without a null."""

    def with_referents(measure: Of) -> Of:
        return lambda messages, referents, **end: measure(messages, referents, permutations=0, **end)

    def without(measure: Of) -> Of:
        return lambda messages, referents, **end: measure(messages, **end)

    def last_position(messages: np.ndarray, referents: np.ndarray, **end: np.ndarray) -> Measure:
        return language.position_entropy(messages, **end)[-1]

    def use(messages: np.ndarray, referents: np.ndarray, **end: np.ndarray) -> Measure:
        return language.vocabulary_use(messages, 9, **end)

    def brevity(messages: np.ndarray, referents: np.ndarray, **end: np.ndarray) -> Measure:
        return language.abbreviation(messages, 1.0 + referents[:, 0], permutations=0, **end)

    named = [*map(with_referents, BY_REFERENT), *map(without, OF_MESSAGES), last_position, use, brevity]
    names = [m.__name__ for m in (*BY_REFERENT, *OF_MESSAGES)] + ["position_entropy", "vocabulary_use", "abbreviation"]
    return [pytest.param(call, id=name) for call, name in zip(named, names, strict=True)]


def a_language(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 5, (3, 12, 4)), rng.integers(0, 3, (12, 3))


@pytest.mark.parametrize("measure", calls())
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_names_order_and_padding_do_not_matter(measure: Of, seed: int) -> None:
    messages, referents = a_language(seed)
    rng = np.random.default_rng(seed + 1)
    value = measure(messages, referents).value
    lengths = language.messages.message_lengths(messages)
    after = np.arange(4) >= lengths[..., None]
    padded = np.where(after, rng.integers(0, 9, messages.shape), messages)
    assert measure(padded, referents).value == pytest.approx(value, nan_ok=True)
    known = measure(padded, referents, lengths=lengths)
    assert known.value == pytest.approx(value, nan_ok=True)
    renamed = np.concatenate([[0], 1 + rng.permutation(8)])[messages]
    assert measure(renamed, referents).value == pytest.approx(value, nan_ok=True)
    order = rng.permutation(12)
    assert measure(messages[:, order], referents[order]).value == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("measure", calls())
def test_a_population_has_every_agents_own_and_their_mean(measure: Of) -> None:
    messages, referents = a_language(4)
    found = measure(messages, referents)
    alone = [measure(own, referents).value for own in messages]
    assert [each.value for each in found.each] == pytest.approx(alone)
    assert found.value == pytest.approx(np.mean(alone))
    assert found.n == 3
    one = measure(messages[:1], referents)
    assert (one.value, one.n, len(one.each)) == (pytest.approx(alone[0]), 1, 1)


@pytest.mark.parametrize("measure", calls())
def test_a_value_is_a_number_or_has_a_reason(measure: Of) -> None:
    for messages in (np.ones((2, 12, 4), int), np.zeros((12, 4), int), np.ones((2, 1, 4), int), np.zeros((1, 1), int)):
        found = measure(messages, np.zeros((messages.shape[-2], 3), int))
        assert np.isfinite(found.value) or found.reason


@pytest.mark.parametrize("measure", [pytest.param(m, id=m.__name__) for m in BY_REFERENT])
def test_random_languages_are_at_their_null(measure: Of) -> None:
    rng = np.random.default_rng(6)
    found = measure(rng.integers(0, 4, (40, 16, 3)), rng.integers(0, 3, (16, 2)), generator=rng)
    assert found.null is not None
    # 40 languages drawn one by one: the mean distance from the null has a standard deviation of about 0.16.
    assert abs(np.mean([each.z_score for each in found.each])) < 0.65
    again = measure(rng.integers(0, 4, (5, 16, 3)), rng.integers(0, 3, (16, 2)), permutations=7)
    assert again.null is not None
    assert again.null.n == 7
