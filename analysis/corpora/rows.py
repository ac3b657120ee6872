"""Rows of messages from JSON values: arrays of symbols, objects with fields, episodes of several utterances.

The innermost array of symbols is one utterance. An object with a message (`NAMES["message"]`) gives its other fields to
all utterances inside; an object without one has speakers as keys, as `corpus.structured.jsonl` of a game of several
agents and moments has it: `[{"agent 1": [3, 1], "agent 2": [4]}, …]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hubbub.analysis.corpora.options import NAMES, Options, roles_of
from hubbub.simulator.errors import ConfigurationError, complaint

INSIDE = ("turns", "steps", "timesteps", "episode", "episodes", "dialogue", "rounds")
"""Fields of an object that hold the parts of an episode."""
PARALLEL = ("speaker", "listener", "length", "success")


class RowMaker:
    """Makes rows of JSON values and of rows of tables, and remembers which columns were not used."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.left_out: dict[str, None] = {}
        self.utterances_in_episodes = False
        self._roles: dict[tuple[str, ...], tuple[dict[str, str], list[str]]] = {}

    def rows(self, value: Any, episode: int) -> Iterator[dict[str, Any]]:
        """Yield the utterances of one line of a corpus.

        Raises
        ------
        ConfigurationError
            A value that is neither an array nor an object nor a text, or an object in which no message can be found.
        """
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield {"message": value, "episode": episode}
        else:
            yield from self._inside(value, {"episode": episode}, outermost=True)

    def _inside(self, value: Any, known: dict[str, Any], *, outermost: bool = False) -> Iterator[dict[str, Any]]:
        if isinstance(value, Mapping):
            yield from self._object(value, known)
        elif isinstance(value, list):
            if any(isinstance(part, list | dict) for part in value) or _are_texts(value):
                self.utterances_in_episodes |= len(value) > 1
                for part in value:
                    if isinstance(part, str):
                        yield {**known, "message": part}
                    else:
                        yield from self._inside(part, known)
            else:
                yield from self._divided(value, known)
        else:
            where = f"line {known['episode'] + 1}"
            raise ConfigurationError(
                complaint(where, expected="an array of symbols or an object with a message", got=value)
            )

    def _object(self, value: Mapping[str, Any], known: dict[str, Any]) -> Iterator[dict[str, Any]]:
        folded = {str(name).lower(): name for name in value}
        has_message = self._has_message(map(str, value))
        inside = next((folded[name] for name in INSIDE if name in folded), None)
        if has_message:
            yield from self.of_columns(value, known)
        elif inside is not None:
            others = {name: one for name, one in value.items() if name != inside}
            yield from self._inside(value[inside], {**known, **self._fields(others)})
        elif value and all(isinstance(one, list | dict) for one in value.values()):
            self.utterances_in_episodes |= len(value) > 1
            for speaker, said in value.items():
                yield from self._inside(said, {**known, "speaker": speaker})
        elif value:
            raise ConfigurationError(
                f"line {known['episode'] + 1}: expected an object with a message ({', '.join(NAMES['message'][:4])} …) "
                f"or with speakers as names of arrays, got {', '.join(map(str, list(value)[:12]))}; name it: "
                "message=FIELD"
            )

    def of_columns(self, value: Mapping[str, Any], known: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the utterances of an object, or of a row of a table, that has a message."""
        row = {**known, **self._fields(value)}
        message = row["message"]
        several = isinstance(message, list) and any(isinstance(part, list | dict) for part in message)
        if not several and not (isinstance(message, list) and _are_texts(message)):
            yield from self._divided(message, row)
            return
        parallel = {
            name: row[name] for name in PARALLEL if isinstance(row.get(name), list) and len(row[name]) == len(message)
        }
        self.utterances_in_episodes |= len(message) > 1
        for place, part in enumerate(message):
            own = {**row, **{name: values[place] for name, values in parallel.items()}}
            if isinstance(part, str):
                yield {**own, "message": part}
            else:
                yield from self._inside(part, own)

    def _fields(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an object by role; without a message, those that are known."""
        key = tuple(value)
        if key not in self._roles:
            needed = [*key, *([] if self._has_message(key) else [self.options.message or "message"])]
            roles, attributes, rest = roles_of(needed, self.options)
            known = {role: name for role, name in roles.items() if set(name.split(",")) <= set(key) or name in value}
            self._roles[key] = (known, attributes)
            self.left_out |= dict.fromkeys(rest)
        roles, attributes = self._roles[key]
        row = {role: value[name] for role, name in roles.items() if role != "referent" and name in value}
        if "message" in roles and "message" not in row:  # a column for each position, empty after the end
            positions = [value[name] for name in roles["message"].split(",")]
            row["message"] = [symbol for symbol in positions if symbol is not None and symbol == symbol]
        referent = _referent(value, roles.get("referent"), attributes)
        return {**row, "referent": referent} if referent is not None else row

    def _has_message(self, names: Iterable[str]) -> bool:
        given = self.options.message.split(",")
        return any(name in given or name.lower() in NAMES["message"] for name in names)

    def _divided(self, message: Any, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield an utterance, or the parts into which `utterance_length` or `utterance_end` divides it."""
        every, end = self.options.utterance_length, self.options.utterance_end
        if not isinstance(message, list) or (every is None and end is None):
            yield {**row, "message": message}
            return
        parts: list[list[Any]] = [[]]
        for symbol in message:
            if every is not None and len(parts[-1]) == every:
                parts.append([])
            parts[-1].append(symbol)
            if end is not None and symbol == end:
                parts.append([])
        for part in parts if parts[-1] else parts[:-1]:
            yield {**row, "message": part}


def _are_texts(values: list[Any]) -> bool:
    """Whether an array holds whole messages as texts, not symbols: some of them have blanks."""
    return bool(values) and all(isinstance(value, str) for value in values) and any(" " in value for value in values)


def _referent(value: Mapping[str, Any], column: str | None, attributes: list[str]) -> dict[str, Any] | None:
    """Return the attributes of a referent; None where it, or one of its attributes, is missing."""
    if attributes:
        referent = {name: value[name] for name in attributes}
    elif column is None or value[column] is None:
        return None
    else:
        whole = value[column]
        if isinstance(whole, str) and whole[:1] in "[({":
            whole = _parts(whole)
        if isinstance(whole, Mapping):
            referent = dict(whole)
        elif isinstance(whole, list | tuple) and not any(isinstance(part, list | dict) for part in whole):
            referent = {f"attribute {place + 1}": part for place, part in enumerate(whole)}
        else:
            referent = {column: whole}
    missing = any(one is None or one != one or one == "" for one in referent.values() if not isinstance(one, list))
    return None if missing or not referent else referent


def _parts(text: str) -> Any:
    """Return the parts of a text that was written for a list, a tuple or an object; the text itself otherwise."""
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        inside = text.strip("[]()").split()
        return inside if len(inside) > 1 else text
