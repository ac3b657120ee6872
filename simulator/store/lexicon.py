"""What every agent says for every referent, and who understands whom: a snapshot of a run's language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from jaxtyping import Float, Int, Num

from hubbub.formats.notebook import summary_html
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.schemas import MESSAGES, SUCCESS, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class LexiconSplit:
    """The language of N agents on the R recorded referents of one split.

    Attributes
    ----------
    referents
        Numbers of the referents, `[R]` int64.
    messages
        What each agent says, greedily, `[N, R, L]` int64; after `lengths` symbols there is padding (0).
    lengths
        Symbols of each message, the end symbol included, `[N, R]` int64.
    success
        `[N, N]` float64: share of the referents that the listener (column) understands from the speaker (row).
    """

    referents: Int[np.ndarray, " R"]
    messages: Int[np.ndarray, "N R L"]
    lengths: Int[np.ndarray, "N R"]
    success: Float[np.ndarray, "N N"]

    def __repr__(self) -> str:
        n_agents, n_referents, longest = self.messages.shape
        return f"<LexiconSplit: {n_agents:,} agents, {n_referents:,} referents, at most {longest} symbols>"

    def _repr_html_(self) -> str:
        """Return a table of sizes and of success, for notebooks."""
        n_agents, n_referents, longest = self.messages.shape
        others = ~np.eye(n_agents, dtype=bool)
        facts: dict[str, object] = {"agents": n_agents, "referents": n_referents, "longest message": longest}
        if n_referents:
            facts["mean length"] = f"{self.lengths.mean():.2f}"
        if others.any():
            facts["mean success between two agents"] = f"{self.success[others].mean():.3f}"
        return summary_html("Lexicon of one split", facts)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The language of all agents at one step, by split ("train", "held_out").

    On disk it is two tables, agents in the order 0 … N − 1 and referents in the order of `referents`.
    A split without referents has no rows there.
    """

    folder: ClassVar[str] = "lexicon"
    step: int
    splits: dict[str, LexiconSplit]

    def __repr__(self) -> str:
        told = ", ".join(f"{name}: {len(split.referents):,} referents" for name, split in self.splits.items())
        n_agents = max((len(split.messages) for split in self.splits.values()), default=0)
        return f"<Lexicon of step {self.step:,}: {n_agents:,} agents; {told or 'no referents'}>"

    def _repr_html_(self) -> str:
        """Return a table of the splits, for notebooks."""
        return summary_html(f"Lexicon of step {self.step:,}", self.splits)

    def to_tables(self) -> dict[str, pa.Table]:
        """Return the tables `messages` and `success`. O(N R L + N²) per split."""
        import pyarrow as pa

        messages, success = [], []
        for name, split in self.splits.items():
            n, r, length = split.messages.shape
            if not r:
                continue
            symbols = pa.array(np.ascontiguousarray(split.messages).reshape(-1)).cast(pa.int16())
            ends = pa.array(np.arange(n * r + 1) * length, pa.int32())
            messages.append(
                _table(
                    MESSAGES,
                    name,
                    np.repeat(np.arange(n), r),
                    np.tile(split.referents, n),
                    split.lengths.reshape(-1),
                    pa.ListArray.from_arrays(ends, symbols),
                )
            )
            agents = np.arange(n)
            values = split.success.reshape(-1).astype(np.float32)
            success.append(_table(SUCCESS, name, np.repeat(agents, n), np.tile(agents, n), values))
        return {
            "messages": pa.concat_tables([arrow_schema(MESSAGES).empty_table(), *messages]),
            "success": pa.concat_tables([arrow_schema(SUCCESS).empty_table(), *success]),
        }

    @classmethod
    def from_tables(cls, step: int, messages: pa.Table, success: pa.Table) -> Lexicon:
        """Return the lexicon that two tables hold; `StoreError` when their rows are not those of `to_tables`."""
        import pyarrow.compute as pc

        names = pc.unique(messages["split"]).to_pylist()
        if more := sorted(set(pc.unique(success["split"]).to_pylist()) - set(names)):
            raise StoreError(f"lexicon of step {step}: expected messages of split {more[0]!r}, got none")
        splits = {}
        for name in names:
            splits[name] = _split(f"lexicon of step {step}, split {name!r}", _of(messages, name), _of(success, name))
        return cls(step, splits)


def _table(columns: dict[str, str], split: str, *values: pa.Array | np.ndarray) -> pa.Table:
    import pyarrow as pa

    return pa.table([pa.repeat(split, len(values[0])), *values], schema=arrow_schema(columns))


def _of(table: pa.Table, split: str) -> pa.Table:
    """Return the rows of a split, which follow each other, without a copy: there are N² of them."""
    import pyarrow.compute as pc

    chosen = pc.equal(table["split"], split)
    first, number = pc.index(chosen, True).as_py(), pc.sum(chosen).as_py() or 0
    rows = table.slice(first, number) if number else table.slice(0, 0)
    return rows if pc.all(pc.equal(rows["split"], split)).as_py() is not False else table.filter(chosen)


def _split(what: str, messages: pa.Table, success: pa.Table) -> LexiconSplit:
    n = math.isqrt(len(success))
    r = len(messages) // n if n else 0
    agents, lists = np.arange(n), messages["message"].combine_chunks()
    referents, symbols = _numbers(messages, "referent")[:r], lists.flatten()
    length = len(symbols) // max(len(messages), 1)
    as_written = (
        n * r > 0
        and len(success) == n * n
        and len(messages) == n * r
        and np.all(_numbers(success, "speaker").reshape(n, n) == agents[:, None])
        and np.all(_numbers(success, "listener").reshape(n, n) == agents)
        and np.all(_numbers(messages, "agent").reshape(n, r) == agents[:, None])
        and np.all(_numbers(messages, "referent").reshape(n, r) == referents)
        and not symbols.null_count
        and np.all(lists.value_lengths().to_numpy(zero_copy_only=False) == length)
        and np.all((_numbers(messages, "length") >= 0) & (_numbers(messages, "length") <= length))
        and len(np.unique(referents)) == r
    )
    if not as_written:
        raise StoreError(
            f"{what}: expected one row for each agent and referent, and for each speaker and listener, "
            "sorted, with messages of one length"
        )
    return LexiconSplit(
        referents,
        symbols.to_numpy(zero_copy_only=False).astype(np.int64).reshape(n, r, length),
        _numbers(messages, "length").reshape(n, r),
        _numbers(success, "success").astype(np.float64).reshape(n, n),
    )


def _numbers(table: pa.Table, column: str) -> Num[np.ndarray, " rows"]:
    return np.asarray(table[column].to_numpy())
