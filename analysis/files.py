"""Files that are written completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import inside, write_synced


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file under a temporary name and rename it; return its path. Folders that are missing are created.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_synced(temporary, data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def write_inside(folder: Path, name: str, content: str | bytes) -> Path:
    """Write the file `name` inside `folder` as `write_whole` does; return its path.

    Raises
    ------
    StoreError
        The file cannot be written, or a link or `..` leads to a place outside of the folder.
    """
    return write_whole(inside(folder, name), content)
