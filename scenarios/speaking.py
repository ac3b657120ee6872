"""Let the population of a run speak, as much as is asked for, and write what it says as a corpus."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hubbub.analysis.files import write_inside
from hubbub.analysis.views.population.elcc import Spoken, spoken_elcc_files
from hubbub.scenarios.running import load_system
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.population import Population
from hubbub.simulator.store import open_run

SPOKEN_AT_ONCE = 8192


def spoken_messages(path: Path | str, n: int, *, allow_modules: bool = False) -> Spoken:
    """Return `n` messages of the population of a run, with the weights of its newest checkpoint.

    The agents speak in turn, each about a referent of training that is drawn uniformly; each symbol is drawn from what
    the agent may say, as in training. The same run and checkpoint give the same messages, and the first messages do
    not depend on `n`.

    Raises
    ------
    HubbubError
        Fewer than one message, a run of another kind of system, or one without a valid checkpoint; `allow_modules` as
        in `hubbub.resume`.
    """
    if n < 1:
        raise ConfigurationError(complaint("messages", expected="a whole number above 0", got=n))
    run = open_run(path)
    kind = str(run.configuration.get("system", "population"))
    if kind != "population":
        raise ConfigurationError(complaint("messages", expected="a run of system population", got=kind))
    population: Population = load_system(path, allow_modules=allow_modules)
    n_agents, ids = population.topology.n_agents, run.referents("train")[0]
    n_games = max(1, SPOKEN_AT_ONCE // n_agents)
    parts = []
    for part in range(-(-n // (n_agents * n_games))):
        generator = population.rng.at("talk-referents", population.now, part)
        objects = ids[generator.integers(len(ids), size=(n_games, n_agents))]
        said = population.talk(np.ascontiguousarray(objects.T), part=part)
        parts.append((objects.ravel(), said.swapaxes(0, 1).reshape(-1, said.shape[-1])))
    referents, messages = (np.concatenate(columns)[:n] for columns in zip(*parts, strict=True))
    longest = messages.shape[1]
    lengths = np.full(n, longest)
    if population.channel.end_symbol:
        ends = messages == 0
        lengths = np.where(ends.any(axis=1), ends.argmax(axis=1) + 1, longest)
    return Spoken(np.arange(n) % n_agents, referents, messages, lengths, population.now)


def export_spoken(
    path: Path | str, n: int, *, out: Path | str | None = None, allow_modules: bool = False
) -> list[Path]:
    """Write a corpus of `n` messages of the population of a run in the ELCC format; return the files.

    `out` is the folder, `exports` in the run directory when not given.

    Raises
    ------
    HubbubError
        As `spoken_messages`, or a folder that cannot be written.
    """
    run = open_run(path)
    spoken = spoken_messages(path, n, allow_modules=allow_modules)
    files = spoken_elcc_files(run, spoken)
    if out is None:
        return [write_inside(run.path, f"exports/{name}", content) for name, content in files]
    return [write_inside(Path(out), name.removeprefix("elcc/"), content) for name, content in files]
