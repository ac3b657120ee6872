"""Who talks: many agents as one stack of parameters."""

from simulator.agents.agent import Agent, Speech, agent

__all__ = ["Agent", "Speech", "agent"]
