"""The run directory: its one writer and its one reader."""

from simulator.store.checkpoint import Checkpoint, LoadedCheckpoint, load_checkpoint
from simulator.store.lexicon import Lexicon, LexiconSplit
from simulator.store.reader import Agents, Run, open_run
from simulator.store.seal import check_unchanged
from simulator.store.snapshot import Snapshot
from simulator.store.tables import Columns
from simulator.store.writer import RunWriter

__all__ = [
    "Agents",
    "Checkpoint",
    "Columns",
    "Lexicon",
    "LexiconSplit",
    "LoadedCheckpoint",
    "Run",
    "RunWriter",
    "Snapshot",
    "check_unchanged",
    "load_checkpoint",
    "open_run",
]
