"""How any system is stepped, recorded, checkpointed and resumed; knows no science."""

from simulator.engine.engine import Drive, Schedule, drive
from simulator.engine.progress import Progress, Silence
from simulator.engine.settings import Engine
from simulator.engine.stopping import StopSignal
from simulator.engine.system import Observation, Records, Row, State, System
from simulator.engine.team import Alone, Team

__all__ = [
    "Alone",
    "Drive",
    "Engine",
    "Observation",
    "Progress",
    "Records",
    "Row",
    "Schedule",
    "Silence",
    "State",
    "StopSignal",
    "System",
    "Team",
    "drive",
]
