"""Measures of control: actions at the bounds, switches of sign, and returns relative to an optimum."""

from hubbub.analysis.control.actions import BOUNDARY, boundary_mass, squared_action, switches
from hubbub.analysis.control.double_integrator import least_cost, minimum_time, switching_curve, time_optimal_force
from hubbub.analysis.control.returns import performance_ratio, returns

__all__ = [
    "BOUNDARY",
    "boundary_mass",
    "least_cost",
    "minimum_time",
    "performance_ratio",
    "returns",
    "squared_action",
    "switches",
    "switching_curve",
    "time_optimal_force",
]
