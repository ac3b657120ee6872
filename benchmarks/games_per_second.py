"""Games per second of a population: the fused step against autograd, a loop over modules and EGG, in one run.

    python benchmarks/games_per_second.py [--agents 8 64 512 4096] [--egg PATH] [--device cuda] [--seconds 10]
    python benchmarks/games_per_second.py --options 64 512        # estimators, games and options of the channel
    python benchmarks/games_per_second.py --large 64 2000 10000   # does a game cost the same in a large population?

The same game for all: 3 attributes x 4 values, messages 16^4 with an end symbol, hidden 64, embedding 32, 32 games
per exchange, Gumbel channel, Adam; tied agents who talk to themselves with probability 0.2 (EGG has no self-talk and
keeps senders and receivers apart). One thread. A "game" is one message spoken, heard and learned from by both.

The programs of a row take turns, step by step, in one process. A value is games per second of processor time
(on a GPU, of time), in the median of the steps.

EGG is not installed by hubbub: give the path of a checkout. Packages that EGG imports but this benchmark does not use
are replaced by empty ones when they are missing.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ATTRIBUTES, VALUES, VOCABULARY, LENGTH, HIDDEN, EMBEDDING, GAMES = 3, 4, 16, 4, 64, 32, 32
SELF_TALK, RATE = 0.2, 1e-3


OPTIONS: dict[str, dict[str, Any]] = {
    "tied, Gumbel, reconstruction": {},
    "separate": {"agent.coupling": "separate"},
    "REINFORCE": {"channel.estimator": "reinforce"},
    "discrimination, K = 5": {"game": {"kind": "discrimination", "candidates": 5}},
    "noise .1": {"channel.noise": 0.1},
    "entropy bonus": {"channel.entropy_bonus": 0.05},
    "length cost": {"channel.length_cost": 0.05},
    "hidden 32": {"agent.hidden": 32},
    "hidden 128": {"agent.hidden": 128},
    "hidden 100, vocabulary 10": {"agent.hidden": 100, "channel.vocabulary": 10},
    "128 games": {"training.games_per_step": 128},
}
"""What is changed in a row of the second table."""


def stacked(
    n_agents: int, device: str, kernel: str = "auto", changes: Mapping[str, Any] | None = None
) -> Callable[[], int]:
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
        "engine": {"device": device, "kernel": kernel},
    }
    population = assemble(load(settings, changes))

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


def race(arms: Mapping[str, Callable[[], int]], seconds: float, clock: Callable[[], float]) -> dict[str, float]:
    """Return games per second of each arm, in the median of its steps; they take turns for so many `seconds` each.

    One step of each is not counted.
    """
    for step in arms.values():
        step()
    rates: dict[str, list[float]] = {name: [] for name in arms}
    start = time.perf_counter()
    while min(map(len, rates.values())) < 3 or time.perf_counter() - start < seconds * len(arms):
        for name, step in arms.items():
            begin = clock()
            games = step()
            rates[name].append(games / (clock() - begin))
    return {name: float(np.median(of_steps)) for name, of_steps in rates.items()}


def against_others(chosen: argparse.Namespace, clock: Callable[[], float]) -> None:
    """Print the table against the other programs."""
    print("| agents | hubbub games/s | µs/game | autograd | × autograd | loop | × loop | EGG | × EGG | peak memory |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for n in chosen.agents:
        arms = {
            "hubbub": stacked(n, chosen.device),
            "autograd": stacked(n, chosen.device, "autograd"),
            "loop": looped(n),
        }
        if chosen.egg:
            arms["egg"] = egg(n, chosen.egg)
        found = race(arms, chosen.seconds, clock)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        ours = found["hubbub"]
        others = " | ".join(
            f"{found.get(name, float('nan')):,.0f} | {ours / found.get(name, float('nan')):.1f}"
            for name in ("autograd", "loop", "egg")
        )
        print(f"| {n:,} | {ours:,.0f} | {1e6 / ours:.1f} | {others} | {peak:.2f} GiB |", flush=True)


def with_options(chosen: argparse.Namespace, clock: Callable[[], float]) -> None:
    """Print the table of estimators, games and options of the channel."""
    print("| " + " | ".join(["changed", *(f"N = {n}: fused | autograd | ×" for n in chosen.options)]) + " |")
    print("| --- |" + " ---: | ---: | ---: |" * len(chosen.options))
    for name, changes in OPTIONS.items():
        cells = []
        for n in chosen.options:
            arms = {kernel: stacked(n, "cpu", kernel, changes) for kernel in ("fused", "autograd")}
            found = race(arms, chosen.seconds, clock)
            fused, autograd = found["fused"], found["autograd"]
            cells.append(f"{fused:,.0f} | {autograd:,.0f} | {fused / autograd:.2f}")
        print("| " + " | ".join([name, *cells]) + " |", flush=True)


def in_large_populations(chosen: argparse.Namespace, clock: Callable[[], float]) -> None:
    """Print the cost of a game in populations of growing size, each against the first, which takes turns with it."""
    print(f"| agents | µs/game | compared with N = {chosen.large[0]} |")
    print("| ---: | ---: | ---: |")
    first = stacked(chosen.large[0], chosen.device)
    for n in chosen.large[1:]:
        found = race({"first": first, "large": stacked(n, chosen.device)}, chosen.seconds, clock)
        print(f"| {n:,} | {1e6 / found['large']:.1f} | {found['first'] / found['large']:.2f} |", flush=True)


def main() -> None:
    """Fill and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[8, 64, 512, 4096])
    parser.add_argument("--options", type=int, nargs="+", help="numbers of agents of the table of options")
    parser.add_argument("--large", type=int, nargs="+", help="numbers of agents of the table of large populations")
    parser.add_argument("--egg", type=Path, help="a checkout of EGG")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="device of hubbub's population")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each value of a table")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {platform.machine()}, hubbub on {chosen.device}, one thread")
    clock = time.perf_counter if chosen.device == "cuda" else time.process_time
    if chosen.options:
        with_options(chosen, clock)
    elif chosen.large:
        in_large_populations(chosen, clock)
    else:
        against_others(chosen, clock)


if __name__ == "__main__":
    main()
