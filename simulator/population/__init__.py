"""The population as a system: blocks of stacked agents that play games along a topology."""

from simulator.population.population import Population
from simulator.population.settings import Recording, Training
from simulator.population.societies import Societies
from simulator.population.turnover import Turnover

__all__ = ["Population", "Recording", "Societies", "Training", "Turnover"]
