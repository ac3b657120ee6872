"""How long cross-play takes, against the plain way: every listener reads every message of every speaker.

    python benchmarks/crossplay.py [--agents 64 256 1024] [--steps 0] [--referents 256]

Both games: reconstruction of 3 attributes x 4 values, and discrimination among 5 handwritten digits. Messages 16^4,
hidden 64, one thread. The plain way is measured on 16 speakers and scaled up to all of them. New agents (`--steps 0`)
are the worst case: the more they agree, the fewer different messages there are to read.
"""

from __future__ import annotations

import argparse
import platform
import resource
import time

import numpy as np
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.population import Population
from hubbub.simulator.population.block import Block

GAMES = {
    "reconstruction": {"kind": "symbolic", "attributes": 3, "values": 4},
    "discrimination": {"kind": "digits"},
}
SPEAKERS = 16


def population(game: str, n_agents: int, referents: int) -> Population:
    """Return new agents who play a game."""
    settings = {
        "name": "benchmark",
        "topology": {"kind": "random-regular", "n_agents": n_agents, "degree": 4},
        "game": {"kind": game},
        "referents": GAMES[game],
        "agent": {"kind": "gru", "hidden": 64},
        "recording": {"referents": referents},
    }
    made: Population = assemble(load(settings))
    return made


def plain(everyone: Population, messages: np.ndarray, referents: np.ndarray) -> np.ndarray:
    """Return success `[S, N]` of speakers who said `messages [S, R, L]`, one speaker after the other."""
    generator = everyone.rng.at("cross-play-train")
    deal = everyone.game.deal(referents, split="train", generator=generator)

    def understood(block: Block, said: torch.Tensor) -> torch.Tensor:
        seen = None if deal.candidates is None else deal.candidates.expand(block.n, -1, -1)
        right = everyone.game.success(block.answer(said.expand(block.n, -1, -1), seen), deal.answers)
        return right.float().mean(1)

    spoken = torch.from_numpy(messages)
    return np.stack([np.concatenate([understood(block, said) for block in everyone.blocks]) for said in spoken])


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--steps", type=int, default=0, help="steps of training before")
    parser.add_argument("--referents", type=int, default=256)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {platform.machine()}, {chosen.steps} steps of training, one thread")
    print("| game | agents | referents | different messages | cross-play s | plain s | × plain | peak memory so far |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for game in GAMES:
        for n_agents in chosen.agents:
            everyone = population(game, n_agents, chosen.referents)
            everyone.step(chosen.steps)
            referents = everyone.recorded_referents("train")
            start = time.perf_counter()
            lexicon = everyone.crossplay("train", referents)
            quick = time.perf_counter() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            start = time.perf_counter()
            success = plain(everyone, lexicon.messages[:SPEAKERS], referents)
            slow = (time.perf_counter() - start) * n_agents / SPEAKERS
            np.testing.assert_allclose(lexicon.success[:SPEAKERS], success, atol=1e-6)
            different = len(np.unique(lexicon.messages.reshape(-1, lexicon.messages.shape[-1]), axis=0))
            print(
                f"| {game} | {n_agents} | {len(referents)} | {different:,} | {quick:.2f} | {slow:.1f} "
                f"| {slow / quick:.0f} | {peak:.2f} GiB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
