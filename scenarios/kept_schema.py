"""The JSON Schema of all files, made once for each version of the code: making it imports every kind of system."""

from __future__ import annotations

import hashlib
import json
import platform
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import platformdirs

from hubbub.simulator.errors import StoreError


def kept_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenarios and studies, from the user's cache folder where this code has made it before.

    What is kept is found by a hash of all source files of hubbub and of the versions that make the schema, so an edited
    field is never missed. Where nothing can be kept, the schema is made every time.
    """
    file = platformdirs.user_cache_path("hubbub", appauthor=False) / "schemas" / f"{_digest()}.json"
    with suppress(OSError, ValueError):
        return cast(dict[str, Any], json.loads(file.read_text(encoding="utf-8")))
    from hubbub.scenarios.studies.schema import schema

    made = schema()
    with suppress(OSError, StoreError):
        _write(file, json.dumps(made))
    return made


def _digest() -> str:
    digest = hashlib.sha256(f"{platform.python_version()} {version('pydantic')} {version('pydantic_core')}\n".encode())
    for part in ("hubbub.simulator", "hubbub.scenarios", "hubbub.analysis"):
        spec = find_spec(part)
        assert spec is not None and spec.origin is not None
        folder = Path(spec.origin).parent
        for path in sorted(folder.rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{part} {path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:32]


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all, in place of those of other versions."""
    from hubbub.analysis.files import write_whole

    write_whole(file, text)
    for old in sorted(file.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-4]:
        old.unlink(missing_ok=True)
