"""The population as a system: blocks of stacked agents that play games along a topology."""

from simulator.population.population import Population
from simulator.population.settings import Recording, Training

__all__ = ["Population", "Recording", "Training"]
