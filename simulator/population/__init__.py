"""The population as a system: blocks of stacked agents that play games along a topology."""

from hubbub.simulator.population.kernels import FUSED_AGENTS, FUSED_DEVICES, FUSED_GAMES, Kernel
from hubbub.simulator.population.parts import OtherAgents, PopulationParts
from hubbub.simulator.population.population import Population
from hubbub.simulator.population.settings import Intervention, Recording, Training
from hubbub.simulator.population.societies import Societies
from hubbub.simulator.population.turnover import Turnover

__all__ = [
    "FUSED_AGENTS",
    "FUSED_DEVICES",
    "FUSED_GAMES",
    "Intervention",
    "Kernel",
    "OtherAgents",
    "Population",
    "PopulationParts",
    "Recording",
    "Societies",
    "Training",
    "Turnover",
]
