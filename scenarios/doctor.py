"""Checks of the installation: packages, cores, GPU, current folder."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from hubbub.scenarios.studies.cores import cores

MODULES = {
    "pyyaml": "yaml",
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "mlxtend": "mlxtend.data",
    "mlflow-skinny": "mlflow",
}
"""Package → module to import, where the names differ in more than hyphens."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    ok: bool
    text: str


def examine() -> list[Finding]:
    """Check Python, packages, processor cores, GPU and the current folder."""
    import torch

    findings = [Finding("python", sys.version_info >= (3, 11), f"{platform.python_version()} ({sys.executable})")]
    findings += _packages()
    findings.append(Finding("cores", True, f"{cores()}; one thread is used unless engine.threads says more"))
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none, engine.device must be cpu"
    findings.append(Finding("gpu", True, gpu))
    findings.append(_folder(Path.cwd()))
    return findings


def _packages() -> list[Finding]:
    """Check every package that hubbub names; only a missing package that is not optional is a failure."""
    from packaging.requirements import Requirement

    findings = []
    for line in requires("hubbub") or []:
        requirement = Requirement(line)
        needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        extra = "" if needed else str(requirement.marker).rpartition("==")[2].strip(" \"'")
        if extra == "dev":
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            hint = f"pip install 'hubbub[{extra}]'" if extra else f"pip install '{requirement}'"
            findings.append(
                Finding(requirement.name, not needed, f"not installed{'' if needed else ' (optional)'}: {hint}")
            )
        else:
            fits = requirement.specifier.contains(installed, prereleases=True)
            wanted = "" if fits else f", but hubbub needs {requirement.specifier}"
            failure = _failure(requirement.name)
            findings.append(Finding(requirement.name, fits and not failure, f"{installed}{wanted}{failure}"))
    return findings


def _failure(package: str) -> str:
    """Return why an installed package cannot be imported, "" if it can be."""
    try:
        import_module(MODULES.get(package, package.replace("-", "_")))
    except Exception as error:
        return f", but cannot be imported: {type(error).__name__}: {error}"
    return ""


def _folder(folder: Path) -> Finding:
    """Check whether runs can be written to a folder, and how much disk space is left."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding("folder", False, f"{folder} cannot be written: {error.strerror}")
    free = shutil.disk_usage(folder).free
    return Finding("folder", free > 2**30, f"{folder}, {free / 2**30:.1f} GiB free")
