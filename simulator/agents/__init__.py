"""Who talks: many agents as one stack of parameters."""

from hubbub.simulator.agents.agent import Agent, Speech, agent

__all__ = ["Agent", "Speech", "agent"]
