"""The settings of a run that was read: a field that is missing is named, with its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hubbub.simulator.errors import StoreError


class Settings(dict[str, Any]):
    """Nested settings; to ask for a field that is not there raises `StoreError`, which names file and field."""

    def __init__(self, content: Mapping[str, Any], *, file: str, field: str) -> None:
        self._file, self._field = file, field
        super().__init__(
            {
                name: Settings(value, file=file, field=f"{field}.{name}") if isinstance(value, dict) else value
                for name, value in content.items()
            }
        )

    def __missing__(self, name: str) -> Any:
        raise StoreError(f"{self._file}: {self._field}.{name}: expected a value, got nothing")
