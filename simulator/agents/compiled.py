"""Agents whose speaking and listening are compiled."""

from __future__ import annotations

import torch

from hubbub.simulator.agents.agent import Agent


class Compiled:
    """The same kind of agent, with `speak` and `listen` through `torch.compile`.

    The first steps wait 20 to 60 s for the compiler; after that, element-wise operations are fused. Results differ from
    the plain ones in the last bits. Needs a C++ compiler on the machine.
    """

    def __init__(self, kind: Agent) -> None:
        self.layout, self.self_talk, self.initialise = kind.layout, kind.self_talk, kind.initialise
        self.understand, self.score = kind.understand, kind.score
        self.speak = torch.compile(kind.speak)
        self.listen = torch.compile(kind.listen)
