"""Who may import whom: the arrows of docs/design.md."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = (
    "topology",
    "pairing",
    "games",
    "agents",
    "fused",
    "memory",
    "learning",
    "population",
    "training",
    "control",
    "search",
    "cluster",
    "engine",
    "store",
)


def all_but(*folders: str) -> tuple[str, ...]:
    return tuple(f"hubbub.simulator.{folder}" for folder in FOLDERS if folder not in folders)


def modules_but(*modules: str) -> tuple[str, ...]:
    """Return the modules that lie beside the folders of `simulator`."""
    names = (path.stem for path in sorted((ROOT / "simulator").glob("*.py")) if path.stem != "__init__")
    return tuple(f"hubbub.simulator.{name}" for name in names if name not in modules)


MAY_NOT = {
    "simulator": ("hubbub.analysis", "hubbub.scenarios"),
    "analysis": (
        "hubbub.scenarios",
        *all_but("store"),
        *modules_but("counting", "errors", "kernel_cache", "registry", "sources"),
    ),
    "simulator/store": all_but("store"),
    "simulator/engine": all_but("engine", "store"),
    "simulator/cluster": all_but("cluster", "engine"),
    "simulator/topology": all_but("topology"),
    "simulator/pairing": all_but("pairing", "topology"),
    "simulator/games": all_but("games", "topology", "pairing"),
    "simulator/agents": all_but("agents", "games", "topology", "pairing"),
    "simulator/fused": all_but("fused"),
    "simulator/memory": all_but("memory", "topology", "engine", "store"),
    "simulator/learning": all_but("learning", "agents", "games", "topology", "pairing"),
    "simulator/population": (
        "hubbub.simulator.search",
        "hubbub.simulator.memory",
        "hubbub.simulator.training",
        "hubbub.simulator.control",
        "hubbub.simulator.cluster",
    ),
    "simulator/training": all_but("training", "learning", "engine", "store"),
    "simulator/control": all_but("control", "training"),
    "simulator/search": (
        "hubbub.simulator.cluster",
        "hubbub.simulator.memory",
        "hubbub.simulator.training",
        "hubbub.simulator.control",
    ),
}


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("folder", MAY_NOT)
def test_arrows_point_one_way(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    for path in files:
        wrong = {
            name
            for name in imports(path)
            for forbidden in MAY_NOT[folder]
            if name == forbidden or name.startswith(f"{forbidden}.")
        }
        assert not wrong, f"{path.relative_to(ROOT)} may not import {', '.join(sorted(wrong))}"


def test_no_imports_in_a_circle_in_analysis() -> None:
    """Neither between modules nor between folders, also where an import stands inside a function."""
    modules = {}
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        modules[f"hubbub.{name}".removesuffix(".__init__")] = imports(path)
    needs: dict[str, set[str]] = {}
    folders: dict[str, set[str]] = {}
    for name, imported in modules.items():
        found = imported & modules.keys()
        # `from package import module` needs the module, not the package.
        needs[name] = {one for one in found if not any(other.startswith(f"{one}.") for other in found)}
        folder = name.split(".")[2:3]
        if folder:
            others = {one.split(".")[2] for one in needs[name] if one.count(".") > 1}
            folders.setdefault(folder[0], set()).update(others - {folder[0]})
    for graph in (needs, folders):
        TopologicalSorter(graph).prepare()  # raises CycleError


def test_every_registry_folder_is_a_folder_of_its_own_file_each() -> None:
    for folder in FOLDERS:
        assert (ROOT / "simulator" / folder / "__init__.py").read_text(encoding="utf-8").startswith('"""')


def test_nothing_pickles() -> None:
    for package in ("simulator", "analysis", "scenarios"):
        for path in (ROOT / package).rglob("*.py"):
            assert not {"pickle", "dill", "joblib", "shelve", "torch.load", "torch.save"} & imports(path), path
            text = path.read_text(encoding="utf-8")
            assert "torch.save(" not in text, path
            for call in text.split("torch.load(")[1:]:  # files of other tools are read without running code
                assert "weights_only=True" in call.partition("\n")[0], path
