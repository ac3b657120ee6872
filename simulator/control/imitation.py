"""Students that learn to act as trained agents with another head do (behavioural cloning)."""

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

DEMONSTRATIONS, BATCH = 32, 256
"""Episodes that a teacher shows, and samples of them in an update."""


class Imitation(Control):
    """Students that maximise the log-probability of their teacher's most likely actions (behavioural cloning).

    A head with two or three values also learns from actions between its values, see `Head.log_probability`. The
    setting `teacher` of a student is the number of its teacher. Each teacher's episodes start from states of their own.
    """

    def __init__(self, control: Control, parameters: Parameters, teachers: Sequence[Network]) -> None:
        super().__init__(
            control.environment, policy=control.policy, ppo=control.ppo, rng=control.rng, device=control.device
        )
        self.updates = 1
        shown = self.evaluate(parameters, teachers, stream="lesson", n_episodes=DEMONSTRATIONS)
        self.demonstrations = []
        for observations, actions in zip(shown.observations, shown.actions, strict=True):
            is_played = ~np.isnan(actions[..., 0])
            targets = torch.from_numpy(actions[is_played].astype(np.float32)).to(self.device)
            self.demonstrations.append((self.normalised(observations[is_played]), targets))

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean negative log-probability `[S]` of a teacher's actions, in samples drawn at (seed, step)."""
        observations, actions = [], []
        for network in networks:
            inputs, targets = self.demonstrations[int(network.of_task["teacher"])]
            batch = torch.from_numpy(self.rng.at("lesson", network.seed, step).integers(len(targets), size=BATCH))
            observations.append(inputs[batch])
            actions.append(targets[batch])
        log_probabilities, _ = self.evaluate_actions(
            parameters, heads_of(networks), torch.stack(observations), torch.stack(actions)
        )
        return -log_probabilities.mean(1) + zero(parameters)

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Yield the loss of the one update of a step."""
        yield self.loss(parameters, networks, step)


def train_students(
    teachers: Networks, numbers: Sequence[int], *, head: str, steps: int = 1500, learning_rate: float = 1e-3
) -> Networks:
    """Return a student with this `head` for each of the teachers with these numbers, after `steps` updates."""
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
