from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.trainings import network_metric, network_metric_names, network_settings, network_table
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Run


def test_networks_are_grouped_by_all_that_differs_but_the_seed(make_training_run: Callable[..., Run]) -> None:
    run = make_training_run()
    settings = network_settings(run)
    assert [setting.label for setting in settings] == [
        "pruning 0, start near",
        "pruning 0.5, start near",
        "pruning 0, start far",
        "pruning 0.5, start far",
    ]
    assert settings[1].networks == (3, 4, 5)
    assert network_table(run)["pruning"].to_pylist()[3:6] == [0.5] * 3


def test_networks_that_differ_in_nothing_are_one_setting(make_training_run: Callable[..., Run]) -> None:
    [only] = network_settings(make_training_run(pruning=(0.5,), starts=("near",)))
    assert (only.label, only.values, only.networks) == ("", {}, (0, 1, 2))


def test_a_metric_of_networks_has_a_column_for_each(make_training_run: Callable[..., Run]) -> None:
    run = make_training_run(diverging=4)
    assert network_metric_names(run) == ["skill", "cost <b>"]
    steps, values = network_metric(run, "skill")
    assert steps.tolist() == [0, 10, 20]
    assert values.shape == (3, 12)
    np.testing.assert_allclose(values[1, :4], [0.5, 0.6, 0.7, 0])
    assert np.argwhere(np.isnan(values)).tolist() == [[1, 4], [2, 4]]


def test_an_unknown_metric_is_refused_with_the_nearest(make_training_run: Callable[..., Run]) -> None:
    with pytest.raises(StoreError, match="one of cost <b>, skill, got 'skil'; did you mean 'skill'"):
        network_metric(make_training_run(), "skil")
