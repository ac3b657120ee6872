"""YAML that refuses a field given twice, reads numbers such as 1e3 as numbers, and is bounded before it is built."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hubbub.simulator.errors import ConfigurationError, shortened, shown

MOST_CHARACTERS = 2**18
"""Length of a text."""
MOST_EXPANDED = 2**20
"""Characters and values of a text in which every alias is replaced by what it stands for."""
MOST_DEPTH = 40
MOST_DIGITS = 400
"""Characters of a number; a float has at most about 310 digits before the point."""


class _Loader(yaml.SafeLoader):
    """The safe loader of YAML 1.1, strict about fields and numbers, and with the numbers of YAML 1.2."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the field {shown(key.value)} is given twice", key.start_mark
                    )
                seen.add(key.value)
        made = super().construct_mapping(node, deep)
        for name in made:
            if not isinstance(name, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"expected the name of a field, got {shown(name)} (quote it?)", node.start_mark
                )
        return made

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        value = super().construct_scalar(node)
        if node.tag.endswith((":int", ":float")) and len(value) > MOST_DIGITS:
            raise yaml.constructor.ConstructorError(
                None, None, f"expected a number of at most {MOST_DIGITS} digits, got {len(value):,}", node.start_mark
            )
        return value


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in _Loader.yaml_implicit_resolvers.items()
}
"""A date is a text, as in YAML 1.2: fields such as `topology.at` read it themselves."""


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; `ConfigurationError` if it cannot be read or is not valid."""
    try:
        if path.exists() and not path.is_file():
            raise ConfigurationError(f"{path}: expected a file of YAML, got something else")
        if (size := path.stat().st_size) > 4 * MOST_CHARACTERS:
            raise ConfigurationError(
                f"{path}: expected at most {MOST_CHARACTERS:,} characters of YAML, got {size:,} bytes"
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not valid YAML: {error}") from None
    except (ValueError, RuntimeError) as error:  # a NUL in the name, or a loop of links
        raise ConfigurationError(f"{str(path)!r}: cannot be read: {error}") from None
    return load_yaml(text, of=f"{path}: not")


def load_yaml(text: str, *, of: str) -> Any:
    """Return the content of a YAML text; a `ConfigurationError` begins with the words `of`, and "valid YAML" follows.

    Length, depth, and the size with all aliases replaced are bounded before anything is built.
    """
    try:
        if len(text) > MOST_CHARACTERS:
            raise yaml.YAMLError(f"expected at most {MOST_CHARACTERS:,} characters, got {len(text):,}")
        _check_size(text)
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # Values that do not fit their tags, such as !!int abc or !!timestamp x, raise errors of many types.
        reason = (
            " ".join(str(error).split())
            if isinstance(error, yaml.YAMLError)
            else f"a value does not fit its tag: {error}"
        )
        raise ConfigurationError(f"{of} valid YAML: {shortened(reason, 500)}") from None


@dataclass
class _Open:
    """A collection that is being read: the name by which aliases mean it, and its size so far."""

    anchor: str | None
    size: int = 1


@dataclass
class _Sizes:
    """Sizes of what was read, with every alias replaced; `None` marks an anchor that is still open."""

    anchors: dict[str, int | None] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=lambda: [_Open(None)])

    def add(self, size: int, anchor: str | None = None) -> None:
        if anchor is not None:
            self.anchors[anchor] = size
        self.stack[-1].size += size
        if sum(one.size for one in self.stack) > MOST_EXPANDED:
            raise yaml.YAMLError(f"expected at most {MOST_EXPANDED:,} characters with all aliases replaced, got more")


def _check_size(text: str) -> None:
    """Raise `yaml.YAMLError` for a text that is too deep, or too large with all aliases replaced."""
    sizes = _Sizes()
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            sizes.stack.append(_Open(event.anchor))
            if event.anchor is not None:
                sizes.anchors[event.anchor] = None
            if len(sizes.stack) > MOST_DEPTH + 1:
                raise yaml.YAMLError(f"expected at most {MOST_DEPTH} sections inside each other, got more")
        elif isinstance(event, yaml.CollectionEndEvent):
            done = sizes.stack.pop()
            sizes.add(done.size, done.anchor)
        elif isinstance(event, yaml.ScalarEvent):
            sizes.add(1 + len(event.value), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            size = sizes.anchors.get(str(event.anchor), 1)
            if size is None:
                raise yaml.YAMLError(f"the alias {shown(event.anchor)} stands for something that contains it")
            sizes.add(size)
