"""The files for Ray's cluster launcher, against Ray's own schema."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["launcher", "launcher-local"])
def launcher(request: pytest.FixtureRequest) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker" / f"{request.param}.yaml").read_text())


def test_ray_accepts_the_file(launcher: dict[str, Any]) -> None:
    ray = find_spec("ray")
    assert ray and ray.origin
    schema = json.loads((Path(ray.origin).parent / "autoscaler" / "ray-schema.json").read_text())
    jsonschema.validate(launcher, schema)


def test_every_node_starts_with_the_token_of_who_launches(launcher: dict[str, Any]) -> None:
    assert launcher["file_mounts"]["~/.ray/auth_token"] == "~/.ray/auth_token"
    assert any("RAY_AUTH_MODE=token RAY_USAGE_STATS_ENABLED=0" in command for command in launcher["setup_commands"])


def test_all_nodes_listen_on_the_same_ports_and_hold_what_the_image_holds(launcher: dict[str, Any]) -> None:
    head, worker = launcher["head_start_ray_commands"][-1], launcher["worker_start_ray_commands"][-1]
    for port in ("--node-manager-port=6380", "--object-manager-port=6381", "--min-worker-port=10002"):
        assert port in head and port in worker
    assert launcher["file_mounts"]["~/hubbub/requirements.txt"] == "docker/requirements.txt"


def test_both_files_prepare_and_start_nodes_alike() -> None:
    cloud, local = (
        yaml.safe_load((ROOT / "docker" / f"{name}.yaml").read_text()) for name in ("launcher", "launcher-local")
    )
    for field in ("file_mounts", "setup_commands", "head_start_ray_commands", "worker_start_ray_commands"):
        assert cloud[field] == local[field]
