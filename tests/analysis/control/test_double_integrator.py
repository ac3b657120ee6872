from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hubbub.analysis.control import least_cost, minimum_time, switching_curve, time_optimal_force

NUMBERS = st.floats(-2, 2)


def test_the_curve_and_the_time_of_the_text_book() -> None:
    assert switching_curve(np.array([-2.0, 0.0, 1.0])).tolist() == [2.0, 0.0, -0.5]
    assert minimum_time(1.0, 0.0) == 2.0
    assert minimum_time(-0.5, 1.0) == pytest.approx(1.0), "on the curve: one arc"
    assert minimum_time(0.0, 0.0) == 0.0


def test_the_force_pushes_against_what_lies_beyond_the_curve() -> None:
    assert time_optimal_force(np.array([1.0, -1.0]), np.zeros(2)).tolist() == [-1, 1]
    assert time_optimal_force(np.array([-0.5, 0.5]), np.array([1.0, -1.0])).tolist() == [-1, 1], "along the curve"
    assert time_optimal_force(0.0, 0.0) == 0


@settings(max_examples=30, deadline=None)
@given(NUMBERS, NUMBERS)
def test_time_passes_at_its_own_pace_along_the_best_force(position: float, velocity: float) -> None:
    step, time = 1e-4, minimum_time(position, velocity)
    force = time_optimal_force(position, velocity)
    if time < 0.01:
        return
    after = minimum_time(position + velocity * step + force * step**2 / 2, velocity + force * step)
    assert after == pytest.approx(time - step, abs=2e-6 + (abs(position - switching_curve(velocity)) < 1e-3) * 1e-2)
    other = minimum_time(position + velocity * step - force * step**2 / 2, velocity - force * step)
    assert other > time - step


@pytest.mark.parametrize(("position", "velocity"), [(1.0, 0.0), (0.4, 0.9), (-0.3, -0.5), (0.8, -1.0)])
def test_no_force_is_faster(position: float, velocity: float) -> None:
    """Whether the origin can be reached in a given time is a linear programme in the forces of its parts."""

    def reachable(time: float, parts: int = 400) -> bool:
        width = time / parts
        left = time - (np.arange(parts) + 0.5) * width
        equal = np.array([left * width, np.full(parts, width)])
        wanted = [-position - velocity * time, -velocity]
        return linprog(np.zeros(parts), A_eq=equal, b_eq=wanted, bounds=(-1, 1)).status == 0

    least = float(minimum_time(position, velocity))
    assert reachable(1.01 * least) and not reachable(0.99 * least)


def test_no_force_is_cheaper() -> None:
    time = (36 * 10.0) ** 0.25  # where d/dT (T + 12 c / T³) is 0
    assert least_cost(1.0, 0.0, action_cost=10.0) == pytest.approx(time + 120 / time**3, rel=1e-5)
    parts, times = 200, np.linspace(1, 8, 351)
    costs = []
    for time in times:  # the forces of least norm that bring (0.5, −0.8) to rest
        width = time / parts
        equal = np.array([(time - (np.arange(parts) + 0.5) * width) * width, np.full(parts, width)])
        forces = np.linalg.lstsq(equal, [-0.5 + 0.8 * time, 0.8], rcond=None)[0]
        costs.append(time + 10 * width * np.square(forces).sum())
    assert least_cost(0.5, -0.8, action_cost=10.0) == pytest.approx(min(costs), rel=1e-3)
    many = least_cost(np.array([1.0, -1.0]), np.array([0.5, -0.5]), action_cost=10.0)
    assert many[0] == many[1] > least_cost(1.0, 0.0, action_cost=10.0)


def test_the_circle_is_cheaper_than_the_origin_and_nothing_costs_more_than_the_longest_time() -> None:
    starts = np.random.default_rng(0).uniform(-1, 1, size=(2, 40))
    origin, circle = (least_cost(*starts, action_cost=10.0, radius=radius) for radius in (0.0, 0.1))
    assert (circle < origin).all()
    assert least_cost(*starts, action_cost=10.0, longest=5.0) == pytest.approx(np.minimum(origin, 5.0))


def test_no_force_is_cheaper_into_the_circle() -> None:
    parts, costs = 100, []
    for time in np.linspace(1, 6, 101):  # the forces of least norm that bring (0.5, −0.8) to each end on the circle
        width = time / parts
        equal = np.array([(time - (np.arange(parts) + 0.5) * width) * width, np.full(parts, width)])
        angle = np.linspace(0, 2 * np.pi, 36)
        ends = 0.1 * np.array([np.cos(angle), np.sin(angle)]) - [[0.5 - 0.8 * time], [-0.8]]
        forces = np.linalg.lstsq(equal, ends, rcond=None)[0]
        costs.append((time + 10 * width * np.square(forces).sum(0)).min())
    assert least_cost(0.5, -0.8, action_cost=10.0, radius=0.1) == pytest.approx(min(costs), rel=2e-3)
