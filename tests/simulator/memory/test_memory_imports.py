import ast
from graphlib import TopologicalSorter
from pathlib import Path

import hubbub.simulator.memory

FOLDER = Path(hubbub.simulator.memory.__file__).parent
PACKAGE = hubbub.simulator.memory.__name__


def test_no_two_modules_import_each_other():
    """Imports inside of functions count too."""
    paths = {
        ".".join((PACKAGE, *path.relative_to(FOLDER).with_suffix("").parts)): path for path in FOLDER.rglob("*.py")
    }
    graph = {
        name: {
            node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module in paths
        }
        for name, path in paths.items()
    }
    assert graph[f"{PACKAGE}.detectors"] >= {f"{PACKAGE}.kernels.detecting", f"{PACKAGE}.event_codes"}
    TopologicalSorter(graph).prepare()  # raises CycleError
