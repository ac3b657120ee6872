"""The manifests for KubeRay: one version of Ray, a token, no root, a fence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docker" / "kuberay"
CLAIM, FENCE = yaml.safe_load_all((FOLDER / "common.yaml").read_text())
CLUSTER = yaml.safe_load((FOLDER / "raycluster.yaml").read_text())
JOB = yaml.safe_load((FOLDER / "rayjob.yaml").read_text())


def groups(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the head's group and those of the workers."""
    return [spec["headGroupSpec"], *spec["workerGroupSpecs"]]


@pytest.fixture(params=["cluster", "job"])
def spec(request: pytest.FixtureRequest) -> dict[str, Any]:
    return CLUSTER["spec"] if request.param == "cluster" else JOB["spec"]["rayClusterSpec"]


def test_ray_is_the_version_of_the_image_and_asks_for_a_token(spec: dict[str, Any]) -> None:
    assert f"\nray=={spec['rayVersion']}\n" in (ROOT / "docker" / "requirements.txt").read_text()
    assert spec["authOptions"] == {"mode": "token"}


def test_every_pod_runs_the_image_of_compose_without_root_and_without_rights(spec: dict[str, Any]) -> None:
    image = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())["services"]["head"]["image"]
    for group in groups(spec):
        pod = group["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 1000
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["image"] == image
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"] == container["resources"]["requests"]


def test_the_fence_is_around_every_pod(spec: dict[str, Any]) -> None:
    fenced = FENCE["spec"]["podSelector"]["matchLabels"]
    assert FENCE["kind"] == "NetworkPolicy" and FENCE["spec"]["policyTypes"] == ["Ingress"]
    assert all(group["template"]["metadata"]["labels"] == fenced for group in groups(spec))


def test_the_head_alone_mounts_the_claim_where_runs_go_and_holds_no_workers(spec: dict[str, Any]) -> None:
    head, *workers = groups(spec)
    assert head["template"]["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] == CLAIM["metadata"]["name"]
    assert head["template"]["spec"]["containers"][0]["volumeMounts"][0]["mountPath"] == "/home/hubbub/runs"
    assert head["rayStartParams"]["num-cpus"] == "0"
    assert all("volumes" not in group["template"]["spec"] for group in workers)


def test_as_many_workers_are_asked_for_as_the_pods_have_cpus(spec: dict[str, Any]) -> None:
    (group,) = spec["workerGroupSpecs"]
    cpus = int(group["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"])
    assert group["replicas"] == group["minReplicas"] == group["maxReplicas"]
    for text in (JOB["spec"]["entrypoint"], (FOLDER / "raycluster.yaml").read_text()):
        assert set(re.findall(r"--workers (\d+)", text)) == {str(cpus * group["replicas"])}


def test_the_job_runs_on_the_same_cluster_with_a_dashboard_to_submit_to() -> None:
    on_the_head = JOB["spec"]["rayClusterSpec"]["headGroupSpec"]
    quiet = {**on_the_head, "rayStartParams": {**on_the_head["rayStartParams"], "include-dashboard": "false"}}
    assert CLUSTER["spec"] == {**JOB["spec"]["rayClusterSpec"], "headGroupSpec": quiet}
