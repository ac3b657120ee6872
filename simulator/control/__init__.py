"""Agents that learn to control environments, many side by side."""

from hubbub.simulator.control.catalogue import Environment, Episodes, Moved, environment
from hubbub.simulator.control.settings import Policy, Ppo
from hubbub.simulator.control.task import Control

__all__ = ["Control", "Environment", "Episodes", "Moved", "Policy", "Ppo", "environment"]
