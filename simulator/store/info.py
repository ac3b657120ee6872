"""`run.json`: what a run is, with a check code of its own, because it is written again and again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import RUN_FILE, encode_json, read_json, reading
from hubbub.simulator.store.schemas import check_info

CODE = "sha256"


def encode_info(info: Mapping[str, Any]) -> bytes:
    """Return the content of `run.json`, which ends with the SHA-256 of the rest."""
    content = json.loads(json.dumps(info))  # numbers as names of fields become text, as they are read
    return encode_json({**content, CODE: _code(content)})


def read_info(run: Path) -> dict[str, Any]:
    """Return the content of `run.json`, or raise `StoreError` when it is not one that this version reads."""
    return _read(run)[0]


def is_as_written(run: Path) -> bool:
    """Whether `run.json` has the content that was written, to the byte."""
    return (run / RUN_FILE).read_bytes() == encode_info(_read(run)[0])


def _read(run: Path) -> tuple[dict[str, Any], Any]:
    file = run / RUN_FILE
    with reading(file):
        if not file.exists():
            raise StoreError(f"{run}: not a run directory ({RUN_FILE} is missing)")
    info = read_json(run, RUN_FILE)
    code = info.pop(CODE, None)
    try:
        check_info(info)
    except StoreError as error:
        raise StoreError(f"{file}: {error}") from None
    return info, code


def _code(info: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(info, sort_keys=True).encode()).hexdigest()
