"""The run directory: its one writer and its one reader."""

from hubbub.simulator.store.checkpoint import Checkpoint, LoadedCheckpoint, load_checkpoint
from hubbub.simulator.store.lexicon import Lexicon, LexiconSplit
from hubbub.simulator.store.reader import Agents, Run, open_run
from hubbub.simulator.store.seal import check_unchanged
from hubbub.simulator.store.snapshot import Snapshot
from hubbub.simulator.store.tables import Columns
from hubbub.simulator.store.verifying import Verified, verify
from hubbub.simulator.store.writer import RunWriter

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
    "Verified",
    "check_unchanged",
    "load_checkpoint",
    "open_run",
    "verify",
]
