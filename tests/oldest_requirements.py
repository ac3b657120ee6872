"""Print the oldest versions of all packages that the project claims to work with, one requirement a line."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

EXTRAS = ("mnist", "dev")


def oldest(line: str) -> str:
    """Return a requirement with its lower bound as the only version; without a lower bound, as it is."""
    requirement = Requirement(line)
    bounds = [one.version for one in requirement.specifier if one.operator in (">=", "~=", "==")]
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}=={bounds[0]}" if bounds else line


def main() -> None:
    """Print the requirements of the project and of the extras that its tests need."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]
    print("\n".join(map(oldest, lines)))  # noqa: T201


if __name__ == "__main__":
    main()
