"""Agents that learn to control environments, many side by side."""

from hubbub.simulator.control.catalogue import Environment, Episodes, StepResult, environment
from hubbub.simulator.control.settings import Policy, Ppo
from hubbub.simulator.control.task import Control

__all__ = ["Control", "Environment", "Episodes", "Policy", "Ppo", "StepResult", "environment"]
