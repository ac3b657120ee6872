import numpy as np
import pytest

from hubbub.analysis.tails import scale_free_grade
from hubbub.analysis.tails.families import DISCRETE
from hubbub.analysis.tails.grade import grade_of
from hubbub.simulator.errors import ConfigurationError

SEED = 11


def degrees_of(alpha: float, n: int = 600) -> list[np.ndarray]:
    rng = np.random.default_rng(SEED)
    return [DISCRETE.draw(alpha, 2.0, n, rng) for _ in range(4)]


def test_true_power_laws_are_strong_and_not_above_three() -> None:
    strong = scale_free_grade(degrees_of(2.5), generator=np.random.default_rng(0), samples=40)
    assert strong.value in ("strong", "strongest")
    assert strong.shares["heavy_tailed"] == 1
    assert strong.reason == ""
    steep = scale_free_grade(degrees_of(3.6), generator=np.random.default_rng(0), samples=40)
    assert steep.value == "weak"


def test_the_strongest_needs_nearly_all() -> None:
    good = degrees_of(2.5, 400)[:1]
    alone = scale_free_grade(good, generator=np.random.default_rng(1), samples=40)
    assert alone.value == "strongest"
    mixed = scale_free_grade([*good, np.full(100, 3)], generator=np.random.default_rng(1), samples=40)
    assert mixed.value == "strong"
    assert mixed.shares["scale_free_exponent"] == 0.5
    assert mixed.reason == "1 of 2 not fitted: 1 distinct value above 0, at least 2 needed"


def test_poisson_degrees_are_not_scale_free_in_the_strong_sense() -> None:
    rng = np.random.default_rng(0)
    grade = scale_free_grade([rng.poisson(8, 3000)], generator=rng, samples=40)
    assert grade.value in ("not scale-free", "super-weak", "weakest", "weak")
    assert grade.shares["scale_free_exponent"] == 0
    assert grade.shares["heavy_tailed"] == 0


def test_a_small_society_is_refused_with_the_number_needed() -> None:
    grade = scale_free_grade([np.arange(35)], generator=np.random.default_rng(0), samples=5)
    assert grade.value == ""
    assert grade.reason == "1 of 1 not fitted: 34 values above 0, at least 50 needed"
    with pytest.raises(ConfigurationError, match="at least one degree sequence"):
        scale_free_grade([], generator=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("no_alternative_favoured", "not_rejected", "long_tail", "scale_free_exponent", "grade"),
    [
        (0.49, 0.49, 0.4, 0.4, "not scale-free"),
        (0.50, 0.49, 0.4, 0.4, "super-weak"),
        (0.00, 0.50, 0.4, 0.4, "weakest"),
        (0.00, 0.50, 0.5, 0.4, "weak"),
        (1.00, 1.00, 1.0, 0.5, "strong"),
        (1.00, 1.00, 1.0, 0.89, "strong"),
        (0.94, 1.00, 1.0, 0.9, "strong"),
        (0.95, 0.95, 0.9, 0.9, "strongest"),
    ],
)
def test_grades_by_their_definition(
    no_alternative_favoured: float, not_rejected: float, long_tail: float, scale_free_exponent: float, grade: str
) -> None:
    shares = {"no_alternative_favoured": no_alternative_favoured, "not_rejected": not_rejected, "long_tail": long_tail}
    assert grade_of(shares | {"scale_free_exponent": scale_free_exponent}) == grade
