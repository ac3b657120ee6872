"""Changes of the parts of a run: several at once, all of them or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.files import (
    Files,
    existing,
    inside,
    opened,
    reading,
    steps_in,
    synced,
    write_synced,
    writing,
)
from hubbub.simulator.store.manifest import MANIFEST_FILE, PART_NAME, Manifest, Part, part_name

PENDING = ".pending"
COMPACT_FROM_BYTES = 2**18


class Journal:
    """Writes the parts of one run and its manifest.

    New content is written below `.pending/`; then one line of the manifest says what is added and what is dropped; then
    files are renamed to their names and dropped ones are removed. A process may be killed at any moment: before the
    line nothing has happened, after it `recover` does the rest, and a reader looks below `.pending/` too.

    Where lines of the manifest are many more than parts, it is written again, as one line.
    The seals of the checkpoints that are there are kept, and the last one, whose checkpoint is written after it.
    """

    def __init__(self, files: Files) -> None:
        self.root = files.root
        self.manifest = Manifest()
        self._files = files
        self._sealed = -1
        self._folders: dict[str, Path] = {}
        self._reserved = {False: 0, True: 0}
        self._unsettled: tuple[list[Part], list[str]] = ([], [])

    def begin(self) -> None:
        """Start an empty manifest; parts of a run that was killed before its first checkpoint are removed."""
        for path in sorted(self.root.glob("**/part-*.parquet")):
            if PART_NAME.fullmatch(name := path.relative_to(self.root).as_posix()):
                self._unlink(name)
        self._rewrite(Manifest())

    def recover(self) -> None:
        """Read the manifest and do what a killed process left undone."""
        self.manifest = Manifest.read(self.root)
        self._reserved = dict(self.manifest.serials)
        waiting = [part for part in self.manifest.parts.values() if inside(self.root, _pending(part)).is_file()]
        left = [name for name in sorted(self.manifest.dropped) if inside(self.root, name).is_file()]
        self._unsettled = (waiting, [name for name in left if PART_NAME.fullmatch(name)])
        self.settle()

    def new_name(self, table: str, first: int, *, is_waiting: bool) -> str:
        """Return a name that no part of the run has had; see `Part.is_waiting`."""
        self._reserved[is_waiting] += 1
        return part_name(table, first, self._reserved[is_waiting], is_waiting=is_waiting)

    def commit(self, added: Mapping[Part, bytes], dropped: Collection[str] = (), *, seal: int | None = None) -> None:
        """Add parts with their content and drop others; `StoreError` means that nothing has happened.

        `seal` is the step of a checkpoint that is written next: the manifest keeps the digest of the parts.
        Call `settle` next: it gives the files their names.
        """
        self.settle()
        try:
            for part, content in added.items():
                with self._writing(part.name):
                    write_synced(self._made(self._at(_pending(part))), content)
            seals = {} if seal is None else {seal: self.manifest.digest(added, dropped)}
            line = self.manifest.line(added, dropped, seals)
            with self._writing(MANIFEST_FILE):
                self._append(line)
        except BaseException:
            self._forget_pending()
            raise
        self.manifest.apply(line)
        self._sealed = self._sealed if seal is None else seal
        self._unsettled = (list(added), list(dropped))

    def settle(self) -> None:
        """Rename the files that were added and remove those that were dropped; nothing where this was done."""
        added, dropped = self._unsettled
        folders = set()
        for part in added:
            with self._writing(part.name):
                target, pending = self._at(part.name), self._at(_pending(part))
                if pending.exists():  # where this is done again, some were renamed before
                    pending.replace(self._made(target))
                    folders.add(target.parent)
        for folder in folders:
            with self._writing(str(folder.relative_to(self.root))):
                synced(folder)
        for name in dropped:
            self._unlink(name)
        self._unsettled = ([], [])
        self._forget_pending()
        self.manifest.dropped.clear()
        if self.manifest.length > COMPACT_FROM_BYTES and self.manifest.length > 2000 * len(self.manifest.parts):
            self.compact()

    def compact(self) -> None:
        """Write the manifest again, without its past."""
        self._rewrite(self.manifest)

    def _append(self, line: bytes) -> None:
        """Write a line at the end of the manifest, over what an append that failed has left there."""
        path = self._at(MANIFEST_FILE)
        descriptor = opened(path, os.O_WRONLY)
        try:
            try:
                os.ftruncate(descriptor, self.manifest.length)
                os.lseek(descriptor, 0, os.SEEK_END)
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            except BaseException:
                with suppress(OSError):
                    os.ftruncate(descriptor, self.manifest.length)
                raise
        finally:
            os.close(descriptor)

    def _rewrite(self, manifest: Manifest) -> None:
        content = manifest.rewritten({*steps_in(self.root, CHECKPOINTS), self._sealed})
        self._files.write(MANIFEST_FILE, content)
        self.manifest = Manifest.read(self.root)

    def _unlink(self, name: str) -> None:
        with self._writing(name):
            self._at(name).unlink(missing_ok=True)

    def _forget_pending(self) -> None:
        shutil.rmtree(self.root / PENDING, ignore_errors=True)

    def _at(self, name: str) -> Path:
        """Return the path of a file whose folder is inside the run; folders are looked at once."""
        folder, _, file = name.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = inside(self.root, folder) if folder else self.root
        return self._folders[folder] / file

    @staticmethod
    def _made(path: Path) -> Path:
        """Return a path whose folder is there."""
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        with writing(self.root / name, run=self.root):
            yield


def read_content(run: Path, part: Part) -> bytes:
    """Return the content of a part, checked against its entry; `StoreError` when it is missing or was changed."""
    for name in (_pending(part), part.name):
        path = inside(run, name)
        with reading(path):
            if name != part.name and not path.is_file():
                continue
            path = existing(run, name)
            size = path.stat().st_size
            content = path.read_bytes() if size == part.size_bytes else b""
        if size == part.size_bytes and Part.of(part.name, content).sha256 == part.sha256:
            return content
    what = (
        f"{part.size_bytes} bytes, got {size}"
        if size != part.size_bytes
        else f"SHA-256 {part.sha256[:12]}…, got another"
    )
    raise StoreError(f"{run / part.name}: expected {what}; it was changed or damaged after it was written")


def _pending(part: Part) -> str:
    return f"{PENDING}/{part.name}"
