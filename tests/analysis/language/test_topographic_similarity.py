import itertools

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein
from scipy.stats import spearmanr

from hubbub.analysis.language import topographic_similarity
from hubbub.analysis.language.messages import as_texts, edit_distances
from hubbub.simulator.errors import ConfigurationError

REFERENTS = np.array(list(itertools.product(range(3), repeat=3)))
COMPOSITIONAL = REFERENTS + 1 + 3 * np.arange(3)  # every position has symbols of its own


def test_a_perfectly_compositional_language_has_one() -> None:
    found = topographic_similarity(COMPOSITIONAL, REFERENTS)
    assert found.value == pytest.approx(1)
    assert found.n == 27 * 26 // 2
    assert found.p_value == pytest.approx(1 / 1001)
    assert found.null is not None
    assert abs(found.null.mean) < 3 * found.null.sd


def test_shared_symbols_lower_it_because_an_edit_may_shift() -> None:
    # [0, 1, 2] and [1, 2, 0] differ in three attributes but are two edits apart.
    assert topographic_similarity(REFERENTS, REFERENTS, end_symbol=None).value < 0.99


def test_four_referents_by_hand() -> None:
    referents = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    messages = np.array([[1, 1], [1, 2], [3, 3], [1, 1]])
    # Hamming 1 1 2 2 1 1, edit .5 1 0 1 .5 1: ranks 2.5 2.5 5.5 5.5 2.5 2.5 and 2.5 5 1 5 2.5 5.
    expected = np.corrcoef([2.5, 2.5, 5.5, 5.5, 2.5, 2.5], [2.5, 5, 1, 5, 2.5, 5])[0, 1]
    assert topographic_similarity(messages, referents, permutations=0).value == pytest.approx(expected)


def test_it_is_the_spearman_correlation_of_scipy() -> None:
    rng = np.random.default_rng(3)
    messages = rng.integers(0, 4, (40, 5))
    referents = rng.integers(0, 3, (40, 4))
    first, second = np.triu_indices(40, 1)
    hamming = (referents[first] != referents[second]).sum(axis=1)
    edits = edit_distances(as_texts(messages))[first, second]
    found = topographic_similarity(messages, referents, permutations=0)
    assert found.value == pytest.approx(spearmanr(hamming, edits).statistic)
    assert found.null is None


def test_chance_is_what_random_languages_have() -> None:
    rng = np.random.default_rng(5)
    found = topographic_similarity(rng.integers(0, 6, (60, 27, 4)), REFERENTS, generator=rng)
    assert found.null is not None
    assert abs(found.value) < 4 * found.null.sd
    assert np.std([each.value for each in found.each]) == pytest.approx(found.each[0].null.sd, rel=0.35)  # type: ignore[union-attr]


def test_a_population_gets_every_agents_own_and_the_mean() -> None:
    rng = np.random.default_rng(1)
    messages = np.stack([COMPOSITIONAL, rng.integers(1, 9, (27, 3)), np.ones((27, 3), int)])
    found = topographic_similarity(messages, REFERENTS, permutations=200)
    alone = [topographic_similarity(row, REFERENTS, permutations=200) for row in messages]
    assert [each.value for each in found.each[:2]] == pytest.approx([each.value for each in alone[:2]])
    assert found.each[0].null is not None
    assert alone[0].null is not None
    assert found.each[0].null.sd == pytest.approx(alone[0].null.sd)  # the same permutations
    assert found.value == pytest.approx((alone[0].value + alone[1].value) / 2)
    assert found.n == 2
    assert found.reason == "1 of 3 agents left out: all messages are alike or equally far apart"
    assert np.isnan(found.each[2].value)


def test_what_does_not_vary_is_undefined_and_says_why() -> None:
    constant = topographic_similarity(np.full((27, 3), 4), REFERENTS)
    assert np.isnan(constant.value)
    assert constant.reason == "all messages are alike or equally far apart"
    everyone = topographic_similarity(np.full((5, 27, 3), 4), REFERENTS)
    assert np.isnan(everyone.value)
    assert everyone.reason == constant.reason
    images = topographic_similarity(COMPOSITIONAL[:10], np.arange(10)[:, None])
    assert images.reason == "all referents are equally far apart"
    assert topographic_similarity(COMPOSITIONAL[:2], REFERENTS[:2]).reason == "fewer than 3 referents"


def test_padding_after_the_end_symbol_does_not_count() -> None:
    ended = np.concatenate([COMPOSITIONAL, np.zeros((27, 1), int)], axis=1)
    dirty = np.concatenate([ended, np.random.default_rng(0).integers(0, 9, (27, 3))], axis=1)
    clean = np.concatenate([ended, np.zeros((27, 3), int)], axis=1)
    value = topographic_similarity(clean, REFERENTS, permutations=0).value
    assert topographic_similarity(dirty, REFERENTS, permutations=0).value == value
    assert topographic_similarity(dirty, REFERENTS, lengths=np.full(27, 4), permutations=0).value == value
    assert topographic_similarity(dirty, REFERENTS, end_symbol=None, permutations=0).value != value


def test_many_referents_are_permuted_in_blocks_as_in_one() -> None:
    rng = np.random.default_rng(2)
    messages, referents = rng.integers(0, 5, (400, 3)), rng.integers(0, 3, (400, 3))
    found = topographic_similarity(messages, referents, permutations=30)  # 79,800 pairs: three blocks
    assert found.null is not None
    assert found.null.n == 30
    assert abs(found.null.mean) < 4 * found.null.sd


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"referents: expected shape \[27, A\], got \(9, 3\)"):
        topographic_similarity(COMPOSITIONAL, REFERENTS[:9])


def test_the_convention_of_egg_does_not_cut() -> None:
    rng = np.random.default_rng(8)
    messages, referents = rng.integers(0, 3, (30, 5)), rng.integers(0, 3, (30, 3))
    egg = topographic_similarity(messages, referents, lengths=np.full(30, 2), convention="egg", permutations=0).value
    assert egg == topographic_similarity(messages, referents, end_symbol=None, permutations=0).value
    assert egg != topographic_similarity(messages, referents, permutations=0).value
    # EGG's words: edit distance / mean length, by pairs, all symbols.
    first, second = np.triu_indices(30, 1)
    edits = [
        Levenshtein.distance(messages[i].tolist(), messages[j].tolist()) / 5 for i, j in zip(first, second, strict=True)
    ]
    hamming = (referents[first] != referents[second]).mean(axis=1)
    assert egg == pytest.approx(spearmanr(hamming, edits).statistic)
    with pytest.raises(ConfigurationError, match="convention: expected one of hubbub, egg, got 'EGG'"):
        topographic_similarity(messages, referents, convention="EGG")
