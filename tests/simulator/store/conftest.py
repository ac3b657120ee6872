from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter


@pytest.fixture
def create(tmp_path: Path) -> Iterator[Callable[..., RunWriter]]:
    """Makes writers of new runs below the test's folder and closes them at the end."""
    writers = []

    def create(name: str = "run", **options: int) -> RunWriter:
        about = {"name": "karate", "seed": 7, "configuration": {"training": {"steps": 10}}, "versions": {"torch": "2"}}
        writers.append(RunWriter.create(tmp_path / name, **{**about, **options}))
        return writers[-1]

    yield create
    for writer in writers:
        writer.close()


@pytest.fixture
def writer(create: Callable[..., RunWriter]) -> RunWriter:
    return create()


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """Gives the content of every file below a folder, the lock apart."""

    def tree(folder: Path) -> dict[str, bytes]:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    return tree


@pytest.fixture
def make_lexicon() -> Callable[..., Lexicon]:
    """Gives a lexicon of random messages."""

    def make(
        step: int = 5, *, n: int = 3, r: int = 4, length: int = 2, splits: tuple[str, ...] = ("train",)
    ) -> Lexicon:
        generator = np.random.default_rng(step)

        def split(first: int) -> LexiconSplit:
            return LexiconSplit(
                referents=first + 2 * np.arange(r)[::-1],
                messages=generator.integers(0, 16, (n, r, length)),
                lengths=generator.integers(1, length + 1, (n, r)),
                success=generator.integers(0, 65, (n, n)) / 64,
            )

        return Lexicon(step, {name: split(index) for index, name in enumerate(splits)})

    return make
