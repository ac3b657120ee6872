import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import (
    DialectsOverTime,
    agreement,
    agreement_over_time,
    cluster,
    dialects_over_time,
    success_matrix,
)
from hubbub.analysis.dialects.over_time import consistent_labels
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import Run


def test_a_dialect_keeps_its_number() -> None:
    labels = [np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0]), np.array([0, 0, 2, 1, 1])]
    named = consistent_labels(labels)
    # The last time is numbered as it is; before, {0, 1} and {3, 4} have the same numbers; agent 2 alone is new.
    assert named.tolist() == [[0, 0, 0, 1, 1], [0, 0, 1, 1, 1], [0, 0, 2, 1, 1]]


def test_a_new_dialect_does_not_take_the_number_of_one_that_has_just_gone() -> None:
    named = consistent_labels([np.array([0, 0, 0, 0, 1]), np.array([0, 1, 0, 0, 0])])
    assert named.tolist() == [[0, 0, 0, 0, 2], [0, 1, 0, 0, 0]]


def test_a_free_number_is_used_again() -> None:
    named = consistent_labels([np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]), np.array([0, 0, 1, 1])])
    assert named.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 1, 1]]


def test_the_last_dialects_are_numbered_by_size(karate_run: Run) -> None:
    history = dialects_over_time(karate_run)
    assert history.steps.tolist() == [0, 200, 400, 600, 800, 1000]
    assert history.labels.shape == (6, 34)
    assert history.labels[-1].tolist() == history.dialects[-1].labels.tolist()
    assert history.n_clusters.tolist() == [len(np.unique(row)) for row in history.labels]
    two = dialects_over_time(karate_run, n_clusters=2)
    assert two.n_clusters.tolist() == [2] * 6
    for row in range(6):
        assert agreement(two.labels[row], history.dialects[row].cut(2).tolist(), permutations=0).rand.value == 1


def test_the_split_shows_on_the_way_and_is_corrected_for_looking_often(karate_run: Run) -> None:
    found = agreement_over_time(karate_run, "club", permutations=300)
    assert found.values[found.peak] == found.values.max() > 0.8
    assert found.n_clusters == 2
    assert found.peak_p_value == pytest.approx(1 / 301)
    assert found.p_values[0] > 0.05  # at the start languages are random
    assert found.null_high[0] > found.null_mean[0]
    club = karate_run.agents().attributes["club"]
    labels = dialects_over_time(karate_run, n_clusters=2).labels
    assert found.values == pytest.approx([agreement(row, club, permutations=0).rand.value for row in labels])
    again = agreement_over_time(karate_run, "club", permutations=300, history=dialects_over_time(karate_run))
    np.testing.assert_array_equal(again.values, found.values)
    np.testing.assert_array_equal(again.p_values, found.p_values)


def test_without_effect_looking_often_finds_nothing_more_often_than_stated(make_run) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(0)
    sides = {f"side {i}": rng.permutation(["a", "b"] * 8).tolist() for i in range(60)}
    run = make_run(nx.path_graph(16), attributes=sides, n_lexicons=1)
    clouds = [rng.random((16, 2)) for _ in range(12)]
    found = tuple(cluster(1 - np.linalg.norm(cloud[:, None] - cloud, axis=2)) for cloud in clouds)
    history = DialectsOverTime(np.arange(12), consistent_labels([cut.labels for cut in found]), found)
    agreed = [agreement_over_time(run, side, history=history, permutations=199, generator=rng) for side in sides]
    corrected = sum(one.peak_p_value <= 0.05 for one in agreed)
    assert corrected <= 8  # 3 expected of 60; 9 or more happen once in 250
    assert sum(one.p_values[one.peak] <= 0.05 for one in agreed) > 2 * corrected


def test_unknown_and_useless_attributes_are_refused(make_run) -> None:  # type: ignore[no-untyped-def]
    run = make_run(nx.path_graph(3), attributes={"club": ["a", "a", None]}, n_lexicons=1)
    with pytest.raises(ConfigurationError, match="did you mean 'club'"):
        agreement_over_time(run, "clubs")
    with pytest.raises(ConfigurationError, match="'club': expected at least 2 different values, got 1"):
        agreement_over_time(run, "club")


def test_the_success_matrix_of_a_run(karate_run: Run) -> None:
    np.testing.assert_array_equal(success_matrix(karate_run), karate_run.lexicon().splits["train"].success)
    held_out = success_matrix(karate_run, step=200, split="held_out")
    np.testing.assert_array_equal(held_out, karate_run.lexicon(200).splits["held_out"].success)
    with pytest.raises(ConfigurationError, match="did you mean 'held_out'"):
        success_matrix(karate_run, split="heldout")
