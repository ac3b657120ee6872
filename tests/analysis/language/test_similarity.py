from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hubbub.analysis.language import similarity, similarity_matrix
from hubbub.simulator.errors import ConfigurationError


def levenshtein(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    if not a or not b:
        return len(a) + len(b)
    edits = (levenshtein(a[1:], b) + 1, levenshtein(a, b[1:]) + 1, levenshtein(a[1:], b[1:]) + (a[0] != b[0]))
    return min(edits)


def brute_force(messages: np.ndarray, lengths: np.ndarray, kind: str) -> np.ndarray:
    n_agents, n_referents, _ = messages.shape
    matrix = np.zeros((n_agents, n_agents))
    for i in range(n_agents):
        for j in range(n_agents):
            for r in range(n_referents):
                a, b = (tuple(messages[k, r, : lengths[k, r]].tolist()) for k in (i, j))
                longer = max(len(a), len(b))
                match kind:
                    case "edit":
                        matrix[i, j] += 1 - levenshtein(a, b) / longer if longer else 1
                    case "exact":
                        matrix[i, j] += a == b
                    case _:
                        matrix[i, j] += sum(map(int.__eq__, a, b)) / longer if longer else 1
    return matrix / n_referents


@pytest.mark.parametrize("kind", ["edit", "exact", "positional"])
@settings(max_examples=15, deadline=None)
@given(
    messages=arrays(np.int64, (3, 4, 3), elements=st.integers(0, 2)),
    lengths=arrays(np.int64, (3, 4), elements=st.integers(0, 3)),
)
def test_every_kind_is_what_the_definition_says(kind: str, messages: np.ndarray, lengths: np.ndarray) -> None:
    found = similarity_matrix(messages, lengths=lengths, kind=kind)
    np.testing.assert_allclose(found, brute_force(messages, lengths, kind), atol=1e-12)
    np.testing.assert_allclose(np.diagonal(found), 1)
    np.testing.assert_array_equal(found, found.T)


def test_two_agents_by_hand() -> None:
    messages = np.array([[[1, 2, 0], [5, 0, 0]], [[1, 3, 0], [0, 5, 5]]])
    # [1 2 0] and [1 3 0]: one of three; [5 0] and [0]: one deletion of two.
    assert similarity_matrix(messages)[0, 1] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert similarity_matrix(messages, kind="positional")[0, 1] == pytest.approx((2 / 3 + 0) / 2)
    assert similarity_matrix(messages, kind="exact")[0, 1] == 0


@pytest.mark.parametrize("kind", ["edit", "exact", "positional"])
def test_random_languages_are_as_alike_as_chance(kind: str) -> None:
    rng = np.random.default_rng(7)
    found = similarity(rng.integers(0, 4, (20, 40, 3)), kind=kind, generator=rng)
    assert found.mean.null is not None
    assert abs(found.mean.z_score) < 4
    assert found.mean.p_value > 0.001
    assert found.mean.n == 190


def test_one_language_is_above_chance_and_chance_is_not_zero() -> None:
    rng = np.random.default_rng(8)
    language = rng.integers(0, 4, (30, 3))
    found = similarity(np.stack([language] * 6), permutations=50)
    assert found.mean.value == 1
    assert found.mean.p_value == pytest.approx(1 / 51)
    assert 0.1 < found.mean.null.mean < 0.6  # type: ignore[union-attr]


def test_chance_of_a_large_population_looks_at_some_agents() -> None:
    rng = np.random.default_rng(9)
    found = similarity(rng.integers(1, 5, (90, 5, 2)), permutations=20, generator=rng)
    assert found.matrix.shape == (90, 90)
    assert found.mean.null is not None
    assert found.mean.null.mean == pytest.approx(found.mean.value, abs=0.03)


@pytest.mark.parametrize("kind", ["edit", "exact", "positional"])
def test_the_null_is_the_same_where_all_messages_are_compared_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = np.random.default_rng(4).integers(1, 4, (70, 5, 3))
    once = similarity(messages, kind=kind, permutations=5)
    monkeypatch.setattr(import_module("hubbub.analysis.language.similarity"), "MOST_KNOWN", 0)
    assert similarity(messages, kind=kind, permutations=5).mean == once.mean


def test_the_light_path_is_the_same_matrix() -> None:
    messages = np.random.default_rng(0).integers(0, 5, (7, 6, 4))
    heavy = similarity(messages, permutations=0)
    np.testing.assert_array_equal(heavy.matrix, similarity_matrix(messages))
    assert heavy.mean.null is None
    assert heavy.mean.value == pytest.approx(heavy.matrix[~np.eye(7, dtype=bool)].mean())


def test_one_agent_has_nobody_to_compare_with() -> None:
    found = similarity(np.ones((1, 4, 2), int))
    assert found.matrix.tolist() == [[1.0]]
    assert found.mean.reason == "fewer than 2 agents"


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'positional'"):
        similarity_matrix(np.ones((2, 2, 2), int), kind="position")
    with pytest.raises(ConfigurationError, match="messages: expected shape"):
        similarity(np.ones((2, 2), int))
