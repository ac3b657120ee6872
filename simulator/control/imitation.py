"""Students that do as trained agents of another head do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from hubbub.simulator.control.task import Control, heads_of, zero
from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.networks import Networks
from hubbub.simulator.training.settings import Adam

LESSONS, BATCH = 32, 256
"""Episodes that a teacher shows, and moments of them in an update."""


class Imitation(Control):
    """Agents that learn what teachers do, by the log-probability of their likeliest actions (behavioural cloning).

    A head of few values takes a teacher's action between them for the odds of its neighbours. `teacher` among the
    settings of a student is the number of its teacher, whose episodes begin at starts of their own.
    """

    def __init__(self, control: Control, parameters: Parameters, teachers: Sequence[Network]) -> None:
        super().__init__(
            control.environment, policy=control.policy, ppo=control.ppo, rng=control.rng, device=control.device
        )
        self.updates = 1
        shown = self.watched(parameters, teachers, starts="lesson", copies=LESSONS)
        self.lessons = []
        for observations, actions in zip(shown.observations, shown.actions, strict=True):
            there = ~np.isnan(actions[..., 0])
            done = torch.from_numpy(actions[there].astype(np.float32)).to(self.device)
            self.lessons.append((self.seen(observations[there]), done))

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean negative log-probability `[S]` of what the teacher did, in moments drawn at (seed, step)."""
        seen, actions = [], []
        for network in networks:
            of_teacher, done = self.lessons[int(network.of_task["teacher"])]
            some = torch.from_numpy(self.rng.at("lesson", network.seed, step).integers(len(done), size=BATCH))
            seen.append(of_teacher[some])
            actions.append(done[some])
        likely, _ = self.judged(parameters, heads_of(networks), torch.stack(seen), torch.stack(actions))
        return -likely.mean(1) + zero(parameters)

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Yield the loss of the one update of a step."""
        yield self.loss(parameters, networks, step)


def taught(
    teachers: Networks, numbers: Sequence[int], *, head: str, steps: int = 1500, learning_rate: float = 1e-3
) -> Networks:
    """Return a student of `head` for each of the teachers of these numbers, after `steps` updates."""
    control = teachers.task
    assert isinstance(control, Control)
    chosen = [teachers.networks[number] for number in numbers]
    own = {name: values[list(numbers)].detach() for name, values in teachers.parameters.items()}
    students = [
        replace(network, learning_rate=learning_rate, of_task={**network.of_task, "head": head, "teacher": number})
        for number, network in enumerate(chosen)
    ]
    built = Networks(Imitation(control, own, chosen), students, optimiser=Adam(clip_norm=0.5))
    built.step(steps)
    return built
