"""How any system is stepped, recorded, checkpointed and resumed, whatever it simulates."""

from hubbub.simulator.engine.engine import Drive, Schedule, drive
from hubbub.simulator.engine.progress import NoProgress, Progress
from hubbub.simulator.engine.settings import Engine
from hubbub.simulator.engine.system import Observation, Records, Row, State, System, is_scalar
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.stopping import StopSignal

__all__ = [
    "Drive",
    "Engine",
    "NoProgress",
    "Observation",
    "Progress",
    "Records",
    "Row",
    "Schedule",
    "SingleProcess",
    "State",
    "StopSignal",
    "System",
    "Team",
    "drive",
    "is_scalar",
]
