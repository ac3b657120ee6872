"""What is installed is the package hubbub alone; a user's files of any name beside it do no harm."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOURCES = ("hubbub", "simulator", "analysis", "scenarios")
FILES = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "CHANGELOG.md", "CITATION.cff")

OWN = {
    "analysis.py": "WHOSE = 'mine'\n",
    "simulator.py": "WHOSE = 'mine'\n",
    "scenarios/__init__.py": "WHOSE = 'mine'\n",
    "tests/__init__.py": "WHOSE = 'mine'\n",
    "my_graph.py": (
        "import analysis, scenarios, simulator, tests\n"
        "from hubbub import topology\n\n"
        "assert {each.WHOSE for each in (analysis, scenarios, simulator, tests)} == {'mine'}\n\n\n"
        "@topology('pairs')\n"
        "def pairs(n_agents: int):\n"
        "    return [(i, i + 1) for i in range(0, n_agents, 2)]\n"
    ),
    "script.py": (
        "import hubbub\n"
        "import my_graph\n\n"
        "run = hubbub.run('ring-dialects', {'topology.kind': 'pairs', 'topology.n_agents': 4, 'training.steps': 2})\n"
        "print(run.status, hubbub.__file__)\n"
    ),
}
"""A user's folder whose names are those of the packages that hubbub was once made of."""

SMALL = ("topology.kind=pairs", "topology.n_agents=4", "training.steps=2", "modules=[my_graph]")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with sdist and wheel, the wheel made from the sdist."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def from_wheel(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment in which the wheel is installed; what hubbub needs comes from this one."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "needs.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture(params=["wheel", "editable"])
def python(request: pytest.FixtureRequest) -> Path:
    """Return a Python that has the wheel, or this one, where `make install` put this checkout as editable."""
    path: Path = request.getfixturevalue("from_wheel") if request.param == "wheel" else Path(sys.executable)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in OWN.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def said(python: Path, folder: Path, *words: str) -> str:
    """Return what Python printed in the folder; it must end well."""
    done = subprocess.run([python, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_script_runs_beside_files_of_any_name(python: Path, folder: Path) -> None:
    status, place = said(python, folder, "script.py").split()
    assert status == "finished"
    assert Path(place).is_relative_to(ROOT) == (python == Path(sys.executable))


def test_a_run_and_its_worker_find_a_module_beside_files_of_any_name(python: Path, folder: Path) -> None:
    said(python, folder, "-m", "hubbub", "run", "ring-dialects", *SMALL, "--workers", "1", "--out", "made")
    assert (folder / "made" / "run.json").exists()


def test_nothing_but_hubbub_lands_in_site_packages(built: Path, from_wheel: Path, tmp_path: Path) -> None:
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"hubbub", "hubbub-0.1.0.dist-info"}
    assert {"hubbub/py.typed", "hubbub/scenarios/karate.yaml", "hubbub/simulator/topology/graph.py"} <= set(names)
    assert "hubbub/analysis/page/time.js" in names
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CITATION.cff", "CHANGELOG.md", "LICENSE", "hubbub/analysis/measure.py"} <= inside
    code = "import importlib.util as u; print(*(u.find_spec(n) for n in ('simulator', 'analysis', 'scenarios')))"
    assert said(from_wheel, tmp_path, "-c", code).split() == ["None"] * 3


def test_the_metadata_is_complete(built: Path) -> None:
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *built.iterdir()], check=True)
    (wheel,) = built.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    metadata = Parser().parsestr(archive.read("hubbub-0.1.0.dist-info/METADATA").decode())
    assert metadata["Maintainer"] or metadata["Author"]
    assert {url.partition(",")[0] for url in metadata.get_all("Project-URL", [])} >= {"Repository", "Documentation"}
    assert "](docs/" not in metadata.get_payload()


def test_the_citation_is_that_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == distribution("hubbub").version
    assert {"title", "authors", "license", "cff-version", "message"} <= set(citation)
