"""Small networks in training, many side by side: seeds × settings as one stack."""

from simulator.training.catalogue import Parameters, Task, task
from simulator.training.layout import Network, lay_out
from simulator.training.module_task import ModuleTask
from simulator.training.networks import Networks
from simulator.training.settings import Adam, Grid, Optimiser, Pruning, Sgd, Training

__all__ = [
    "Adam",
    "Grid",
    "ModuleTask",
    "Network",
    "Networks",
    "Optimiser",
    "Parameters",
    "Pruning",
    "Sgd",
    "Task",
    "Training",
    "lay_out",
    "task",
]
