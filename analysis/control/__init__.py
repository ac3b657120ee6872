"""How an agent controls: at the bounds or between them, how often it switches, how near it comes to the optimum."""

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
