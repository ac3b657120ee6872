"""From one process to a Ray of this machine, to clusters at addresses, and back; in programs of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import hubbub.simulator.cluster.reaching as reaching
from hubbub.simulator.cluster import remote
from hubbub.simulator.cluster.connection import connected
from hubbub.simulator.cluster.ray_folder import ray_folder
from hubbub.simulator.errors import ConfigurationError

THERE_AND_BACK = """
import os, sys
from pathlib import Path
import ray  # imported by somebody before, when it might have listened to the whole network
from hubbub.scenarios import run
from hubbub.simulator.engine import NoProgress

small = {"training.steps": 2, "topology.n_agents": 4, "agent.hidden": 4, "recording.referents": 2}
small |= {"engine.block_agents": 2, "engine.record_every": 1}

def family():
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                session = (process / "stat").read_text().rsplit(")", 1)[1].split()[3]
                if session == str(os.getsid(0)):
                    found[process] = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                pass
    return found

def listening():
    inodes = set()
    for process in family():
        for handle in (process / "fd").glob("*"):
            try:
                inodes.add(os.readlink(handle).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                pass
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path("/proc/net", table).read_text().splitlines()[1:]]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes}

class Looking(NoProgress):
    def recorded(self, step, metrics):
        if step == 1 and not self.address:
            names = [words.strip("\\0") for words in family().values() if words.startswith("ray::")]
            print("processes", *sorted(name for name in names if "Agent" not in name))
            print("listening", *sorted(listening()))

for number, (address, token) in enumerate([("", ""), (there, ""), (there, "right"), ("local", ""), ("auto", "right")]):
    os.environ.pop("RAY_AUTH_TOKEN", None)
    if token:
        os.environ["RAY_AUTH_TOKEN"] = token * 8
    before = dict(os.environ)
    looking = Looking()
    looking.address = address.removeprefix("local")
    try:
        workers = 1 if looking.address else 2
        made = run("ring-dialects", small, out=f"{folder}/{number}", workers=workers, address=address, progress=looking)
        print(address or "here", made.status)
    except Exception as error:
        print(address, error)
    changed = {name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)}
    changed = [name for name in changed if name.startswith("RAY_") and name != "RAY_CLIENT_MODE"]  # set by Ray
    print("left", *changed, *Path("/tmp").glob(f"hubbub-ray-{os.getpid()}-*"))
"""
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""
LOOPBACK = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}


def started(program: str, **variables: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", program]
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment | variables, start_new_session=True
    )


@pytest.fixture
def cluster() -> Iterator[str]:
    """A cluster that asks for a token; its address."""
    running = started(CLUSTER, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="right" * 8)
    assert running.stdout is not None
    yield running.stdout.readline().strip()
    running.communicate(timeout=60)


def test_from_this_machine_to_a_cluster_and_back(tmp_path: Path, cluster: str) -> None:
    program = f"folder, there = {str(tmp_path)!r}, {cluster!r}\n{THERE_AND_BACK}"
    said, complained = started(program, RAY_ADDRESS=cluster).communicate(timeout=240)
    lines = said.splitlines()
    assert [line for line in lines if "finished" in line] == [
        "here finished",
        f"{cluster} finished",
        "local finished",
        "auto finished",
    ], said + complained
    (refused,) = [line for line in lines if "expected a Ray cluster that answers" in line]
    assert "token" in refused and "RAY_AUTH_TOKEN" in refused
    processes = [line.split()[1:] for line in lines if line.startswith("processes")]
    assert processes == [["ray::Worker"] * 2] * 2  # as many as there are workers, not cores
    listening = [set(line.split()[1:]) for line in lines if line.startswith("listening")]
    assert len(listening) == 2 and all(found and found <= LOOPBACK for found in listening)
    assert [line for line in lines if line.startswith("left")] == ["left"] * 5


def test_local_is_no_address() -> None:
    assert [remote(address) for address in (None, "", "local", "auto", "head:6379")] == [
        *(None, None, None),
        *("auto", "head:6379"),
    ]


@pytest.fixture
def server() -> Iterator[Callable[[bytes | None], str]]:
    """Return the address of a server that answers with some bytes, or accepts and stays silent."""
    sockets: list[socket.socket] = []

    def serve(listener: socket.socket, answer: bytes) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(answer)

    def make(answer: bytes | None) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        if answer is not None:
            threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield make
    for listener in sockets:
        listener.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_address_that_does_not_answer_is_refused_in_every_form(
    server: Callable[[bytes | None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "SECONDS", 0.3)
    silent = server(None)
    began = time.monotonic()
    for address, stated, said in (
        (silent, "", "no answer within 0 s"),
        (f"ray://{silent}", "", "no answer within 0 s"),
        ("auto", silent, f"got auto: {silent}: no answer"),
        ("auto", f"ray://{silent}", "no answer within 0 s"),
        (server(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "", "what answers there is no Ray"),
        ("auto", "127.0.0.1:1", "got auto: 127.0.0.1:1: Connection refused"),
        ("[::1]:1", "", r"got \[::1\]:1: "),
        ("somewhere", "", "it is none of these"),
        ("head:99999999999", "", "it is none of these"),
    ):
        monkeypatch.setenv("RAY_ADDRESS", stated)
        with pytest.raises(ConfigurationError, match=said), connected(address, cores=1):
            pass
    assert time.monotonic() - began < 60  # for Ray itself, minutes each


def test_a_server_of_http_2_may_be_a_ray(server: Callable[[bytes | None], str]) -> None:
    assert reaching.problem_at(server(bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))) == ""


def test_the_folder_of_a_killed_process_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("hubbub.simulator.cluster.ray_folder.LONGEST", 1000)
    program = (
        "import os, tempfile; tempfile.tempdir = sys.argv[1]; from hubbub.simulator.cluster import ray_folder as r;"
        "r.LONGEST = 1000; made = r.ray_folder(); made.__enter__().joinpath('log').touch(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", f"import sys; {program}", str(tmp_path)], check=True)
    (left,) = tmp_path.iterdir()
    with ray_folder() as one:
        assert not left.exists()
        with ray_folder() as other:
            assert one.exists() and other.exists() and one != other
    assert list(tmp_path.iterdir()) == []
