"""Games per second of a population, against a Python loop over modules and against EGG, in one run.

    python benchmarks/games_per_second.py [--agents 8 64 512 4096] [--egg PATH] [--device cuda] [--seconds 10]

The same game for all: 3 attributes x 4 values, messages 16^4 with an end symbol, hidden 64, embedding 32, 32 games
per exchange, Gumbel channel, Adam; tied agents who talk to themselves with probability 0.2 (EGG has no self-talk and
keeps senders and receivers apart). One thread. A "game" is one message spoken, heard and learned from by both.

EGG is not installed by hubbub: give the path of a checkout. Packages that EGG imports but this benchmark does not use
are replaced by empty ones when they are missing.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ATTRIBUTES, VALUES, VOCABULARY, LENGTH, HIDDEN, EMBEDDING, GAMES = 3, 4, 16, 4, 64, 32, 32
SELF_TALK, RATE = 0.2, 1e-3


def stacked(n_agents: int, device: str) -> Callable[[], int]:
    """Return a function that makes one step of a hubbub population and returns the games played."""
    from hubbub.scenarios.loading import load
    from hubbub.scenarios.systems import assemble

    settings = {
        "name": "benchmark",
        "topology": {"kind": "random-regular", "n_agents": n_agents, "degree": 4},
        "referents": {"kind": "symbolic", "attributes": ATTRIBUTES, "values": VALUES},
        "channel": {"vocabulary": VOCABULARY, "max_length": LENGTH},
        "agent": {"kind": "gru", "hidden": HIDDEN, "embedding": EMBEDDING, "self_talk": SELF_TALK},
        "training": {"games_per_step": GAMES, "learning_rate": RATE},
        "engine": {"device": device},
    }
    population = assemble(load(settings))

    def step() -> int:
        before = population.games
        population.step(1)
        if device == "cuda":
            torch.cuda.synchronize()
        return population.games - before

    return step


class LoopedAgent(nn.Module):
    """The same tied agent as a separate module."""

    def __init__(self) -> None:
        super().__init__()
        self.objects = nn.Linear(ATTRIBUTES * VALUES, HIDDEN)
        self.symbols = nn.Embedding(VOCABULARY + 1, EMBEDDING)
        self.cell = nn.GRUCell(EMBEDDING, HIDDEN)
        self.emit = nn.Linear(HIDDEN, VOCABULARY)
        self.name = nn.Linear(HIDDEN, ATTRIBUTES * VALUES)

    def speak(self, objects: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return relaxed messages `[G, L, V]` and where they carry symbols `[G, L]`."""
        state = torch.tanh(self.objects(objects))
        fed = self.symbols.weight[VOCABULARY].expand(len(objects), -1)
        alive, said, alive_at = torch.ones(len(objects), dtype=torch.bool), [], []
        for _ in range(LENGTH):
            state = self.cell(fed, state)
            message = functional.gumbel_softmax(self.emit(state), hard=True)
            said.append(message * alive.unsqueeze(-1))
            alive_at.append(alive)
            fed = message @ self.symbols.weight[:VOCABULARY]
            alive = alive & (message.argmax(-1) != 0)
        return torch.stack(said, 1), torch.stack(alive_at, 1)

    def listen(self, messages: torch.Tensor, alive: torch.Tensor) -> torch.Tensor:
        """Return scores `[G, A · values]`."""
        state = torch.zeros(len(messages), HIDDEN)
        for position in range(LENGTH):
            new = self.cell(messages[:, position] @ self.symbols.weight[:VOCABULARY], state)
            state = torch.where(alive[:, position, None], new, state)
        return self.name(state)


def looped(n_agents: int) -> Callable[[], int]:
    """Return a function that makes up to 64 exchanges one after the other, each agent with its own optimiser."""
    agents = [LoopedAgent() for _ in range(n_agents)]
    optimisers = [torch.optim.Adam(agent.parameters(), lr=RATE, fused=True) for agent in agents]
    generator = np.random.default_rng(0)

    def step() -> int:
        exchanges = min(n_agents, 64)
        for speaker in generator.integers(n_agents, size=exchanges):
            listener = speaker if generator.random() < SELF_TALK else generator.integers(n_agents)
            values = torch.from_numpy(generator.integers(VALUES, size=(GAMES, ATTRIBUTES)))
            objects = functional.one_hot(values, VALUES).float().flatten(1)
            scores = agents[listener].listen(*agents[speaker].speak(objects)).view(GAMES, ATTRIBUTES, VALUES)
            loss = functional.cross_entropy(scores.flatten(0, 1), values.flatten(), reduction="sum") / GAMES
            loss.backward()
            for agent in {int(speaker), int(listener)}:
                optimisers[agent].step()
                optimisers[agent].zero_grad()
        return exchanges * GAMES

    return step


def egg(n_agents: int, checkout: Path) -> Callable[[], int]:
    """Return a function that makes up to 16 exchanges of an EGG population game with its own sampler."""
    sys.path.insert(0, str(checkout))
    for name in ("wandb", "submitit", "editdistance", "torchvision", "timm"):
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = mock.MagicMock()
    from egg import core
    from egg.core.population import PopulationGame, UniformAgentSampler

    core.init(params=[f"--batch_size={GAMES}", f"--lr={RATE}", "--no_cuda"])

    class Speaker(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.objects = nn.Linear(ATTRIBUTES * VALUES, HIDDEN)

        def forward(self, objects: torch.Tensor, aux: Any = None) -> torch.Tensor:
            return torch.tanh(self.objects(objects))

    class Listener(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.name = nn.Linear(HIDDEN, ATTRIBUTES * VALUES)

        def forward(self, state: torch.Tensor, objects: Any = None, aux: Any = None) -> torch.Tensor:
            return self.name(state)

    def loss(
        objects: Any, message: Any, listener_input: Any, scores: torch.Tensor, values: torch.Tensor, aux: Any = None
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        per_attribute = scores.reshape(len(scores) * ATTRIBUTES, VALUES)
        nats = functional.cross_entropy(per_attribute, values.reshape(-1), reduction="none")
        return nats.view(len(scores), ATTRIBUTES).sum(1), {}

    class Exchange(nn.Module):
        def forward(self, sender: nn.Module, receiver: nn.Module, loss: Any, *args: Any) -> Any:
            return core.SenderReceiverRnnGS(sender, receiver, loss)(*args)

    senders = [
        core.RnnSenderGS(
            Speaker(), VOCABULARY, EMBEDDING, HIDDEN, max_len=LENGTH, temperature=1.0, cell="gru", straight_through=True
        )
        for _ in range(n_agents)
    ]
    receivers = [core.RnnReceiverGS(Listener(), VOCABULARY, EMBEDDING, HIDDEN, cell="gru") for _ in range(n_agents)]
    population = PopulationGame(Exchange(), UniformAgentSampler(senders, receivers, [loss]))
    optimiser = torch.optim.Adam(population.parameters(), lr=RATE)

    def step() -> int:
        exchanges = min(n_agents, 16)
        for _ in range(exchanges):
            values = torch.randint(VALUES, (GAMES, ATTRIBUTES))
            optimiser.zero_grad()
            nats, _ = population(functional.one_hot(values, VALUES).float().flatten(1), values)
            nats.backward()
            optimiser.step()
        return exchanges * GAMES

    return step


def pace(step: Callable[[], int], seconds: float) -> float:
    """Return games per second over at least `seconds` and two steps, after one step that is not counted."""
    step()
    games, steps, start = 0, 0, time.perf_counter()
    while steps < 2 or time.perf_counter() - start < seconds:
        games += step()
        steps += 1
    return games / (time.perf_counter() - start)


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[8, 64, 512, 4096])
    parser.add_argument("--egg", type=Path, help="a checkout of EGG")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="device of hubbub's population")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each cell of the table")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {platform.machine()}, hubbub on {chosen.device}, one thread")
    print("| agents | hubbub games/s | µs/game | loop games/s | × loop | EGG games/s | × EGG | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for n in chosen.agents:
        ours = pace(stacked(n, chosen.device), chosen.seconds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        loop = pace(looped(n), chosen.seconds)
        other = pace(egg(n, chosen.egg), chosen.seconds) if chosen.egg else float("nan")
        print(
            f"| {n} | {ours:,.0f} | {1e6 / ours:.1f} | {loop:,.0f} | {ours / loop:.1f} "
            f"| {other:,.0f} | {ours / other:.1f} | {peak:.2f} GiB |",
            flush=True,
        )


if __name__ == "__main__":
    main()
