import numpy as np
import pytest

from hubbub.analysis.emergence import pruning_curve
from hubbub.simulator.errors import ConfigurationError


def test_area_and_the_sparsity_that_costs_a_hundredth() -> None:
    """Accuracy .9 up to sparsity .5, then linear to .7 at 1: it is .89 at .525."""
    found = pruning_curve(lambda sparsity: 0.9 - 0.4 * max(0.0, sparsity - 0.5), [0, 0.25, 0.5, 0.75, 1])
    assert found.area == pytest.approx(0.9 * 0.5 + 0.8 * 0.5)
    assert found.tolerated == pytest.approx(0.525)
    np.testing.assert_allclose(found.accuracies, [0.9, 0.9, 0.9, 0.8, 0.7])
    assert found.reason == ""


def test_the_first_fall_counts_and_another_drop_can_be_asked_for() -> None:
    accuracies = {0.0: 0.9, 0.2: 0.8, 0.4: 0.95, 0.6: 0.1}
    assert pruning_curve(accuracies.__getitem__, list(accuracies)).tolerated == pytest.approx(0.02)
    assert pruning_curve(accuracies.__getitem__, list(accuracies), drop=0.2).tolerated == pytest.approx(
        0.4 + 0.2 * 0.25 / 0.85
    )


def test_a_network_that_can_do_without() -> None:
    found = pruning_curve(lambda sparsity: 0.8, [0, 0.7])
    assert (found.area, found.tolerated, found.reason) == (
        pytest.approx(0.8),
        0.7,
        "no sparsity up to 0.7 loses more than 0.01",
    )


@pytest.mark.parametrize("sparsities", [[0.1, 0.5], [0], [0, 0.5, 0.5], [0, 50]])
def test_bad_sparsities(sparsities: list[float]) -> None:
    with pytest.raises(ConfigurationError, match="sparsities: expected two or more, ascending from 0 to 1"):
        pruning_curve(lambda sparsity: 1.0, sparsities)


def test_accuracy_that_is_no_number() -> None:
    with pytest.raises(ConfigurationError, match=r"accuracy: .* got another at sparsity 0\.5"):
        pruning_curve(lambda sparsity: float("nan") if sparsity else 1.0, [0, 0.5])
