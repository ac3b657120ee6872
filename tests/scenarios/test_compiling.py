"""Kernels are compiled once for all."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import numba

from hubbub.scenarios.compiling import compile_kernels
from hubbub.simulator import fused
from hubbub.simulator.memory import kernels

LOOPS = ["hubbub.analysis.hubs.loops", "hubbub.analysis.temporal.loops"]


def test_every_module_with_kernels_is_compiled_by_one_command() -> None:
    parts: list[str] = []
    compile_kernels(parts.append)
    assert parts[0] == "agents" and parts[-1] == "measures"
    names = [
        f"{package.__name__}.{found.name}"
        for package in (fused, kernels)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    seen = 0
    for module in map(import_module, [*names, *LOOPS]):
        kept = [
            function
            for name, function in vars(module).items()
            if isinstance(function, numba.core.dispatcher.Dispatcher)
            and function.__module__ == module.__name__
            and function.stats.cache_path
        ]
        seen += bool(kept)
        called_from_python = not module.__name__.endswith("random_words")
        assert not kept or not called_from_python or any(function.signatures for function in kept), module.__name__
    assert seen >= 10
