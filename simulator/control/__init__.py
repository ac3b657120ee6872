"""Agents that learn to control environments, many side by side."""

from simulator.control.catalogue import Environment, Episodes, Moved, environment
from simulator.control.settings import Policy, Ppo
from simulator.control.task import Control

__all__ = ["Control", "Environment", "Episodes", "Moved", "Policy", "Ppo", "environment"]
