"""The cluster on one machine: nothing published, a token, no rights."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())


@pytest.fixture(params=["head", "worker"])
def service(request: pytest.FixtureRequest) -> dict:
    return COMPOSE["services"][request.param]


def test_every_service_runs_this_version_and_says_how_it_is(service: dict) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert service["image"] == f"hubbub:{version}"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service and "privileged" not in service


def test_nothing_is_reached_from_outside(service: dict) -> None:
    assert not {"ports", "expose", "network_mode"} & set(service)
    assert service["networks"] == ["cluster"] and COMPOSE["networks"] == {"cluster": {"internal": True}}


def test_the_token_is_a_secret_from_the_environment(service: dict) -> None:
    assert service["secrets"] == ["ray_token"] and COMPOSE["secrets"] == {
        "ray_token": {"environment": "RAY_AUTH_TOKEN"}
    }
    assert service["environment"] == {"RAY_AUTH_TOKEN_PATH": "/run/secrets/ray_token"}


def test_only_the_head_has_the_disk_of_the_runs_and_no_worker_runs_there() -> None:
    head, worker = COMPOSE["services"]["head"], COMPOSE["services"]["worker"]
    assert head["volumes"] == ["runs:/home/hubbub/runs"] and "volumes" not in worker
    assert "--num-cpus=0" in head["command"] and "--num-cpus=1" in worker["command"]
