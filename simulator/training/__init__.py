"""Small networks in training, many side by side: seeds × settings as one stack."""

from hubbub.simulator.training.catalogue import Parameters, Task, task
from hubbub.simulator.training.layout import Network, lay_out
from hubbub.simulator.training.module_task import ModuleTask
from hubbub.simulator.training.networks import Networks
from hubbub.simulator.training.settings import Adam, Grid, Optimiser, Pruning, Sgd, Training

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
