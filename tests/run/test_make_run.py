"""`make run` as its user meets it: it starts, says where, ends, and mends what a crash left."""

import re
import signal
import socket
import subprocess

import httpx
import pytest

from lzc.run.var import BASE
from tests.run.copy_of_lzc import Copy, eventually, kill
from tests.stack import free_port


@pytest.fixture
def ports() -> dict[str, str]:
    return {"LZC_PORT": str(free_port()), "LZC_LIVE_PORT": str(free_port())}


def start(copy: Copy, ports: dict[str, str]) -> subprocess.Popen[str]:
    """Returns when it says where LZC can be reached."""
    running = copy.python("-m", "lzc.run", **ports)
    copy.users.append(running)
    said = []
    for line in running.stdout:
        said.append(line)
        if line.startswith("LZC runs at "):
            assert f":{ports['LZC_PORT']} " in line
            return running
    raise AssertionError("".join(said) + running.stderr.read())


@pytest.mark.timeout(600)
def test_it_starts_serves_and_ends_and_starts_again_after_a_crash(copy, ports):
    running = start(copy, ports)
    assert answer(ports) == 200
    kinds = {kind: f"lzc.{kind}" for kind in ("wsgi", "asgi")}
    commands = [" ".join(process.cmdline()) for process in copy.processes()]
    for part in (*kinds.values(), "lzc worker", "lzc beat", "lzc.run.keeper", "/postgres"):
        assert any(part in command for command in commands), part

    refused = copy.ask("-m", "lzc.run", **ports)
    assert refused.returncode == 1
    assert "already runs" in refused.stderr and f":{ports['LZC_PORT']}" in refused.stderr

    kill(running.pid)
    running.communicate()
    again = start(copy, ports)
    assert answer(ports) == 200

    again.send_signal(signal.SIGINT)
    again.communicate(timeout=60)
    assert copy.processes() == []


def test_a_port_in_use_is_a_sentence(copy, ports):
    with socket.create_server(("127.0.0.1", int(ports["LZC_PORT"]))):
        said = copy.ask("-m", "lzc.run", **ports)
    assert said.returncode == 1
    assert re.search(r"cannot listen on .*LZC_PORT=\d+ make run", said.stderr, re.DOTALL)
    assert "Traceback" not in said.stderr
    assert copy.processes() == []


def test_make_help_lists_every_target():
    said = subprocess.run(["make", "help"], cwd=BASE, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"make ([a-z-]+)", said.stdout))
    assert listed == set(re.findall(r"^([a-z-]+):", (BASE / "Makefile").read_text(), re.MULTILINE))


def answer(ports: dict[str, str]) -> int:
    found: list[int] = []

    def asked() -> bool:
        try:
            found.append(httpx.get(f"http://127.0.0.1:{ports['LZC_PORT']}/livez").status_code)
        except httpx.TransportError:
            return False
        return True

    eventually(asked)
    return found[-1]
