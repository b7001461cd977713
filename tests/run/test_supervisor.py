"""`make run`'s supervisor, with processes that do nothing but live and die."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from lzc.run.var import BASE
from tests.run.copy_of_lzc import eventually, kill

# A server that has a worker of its own, which outlives it when the server is killed.
SERVER = "import subprocess; print('up', flush=True); subprocess.run(['sleep', '600'])"
SCRIPT = f"""
import os, sys
from lzc.run.supervisor import Supervisor
supervisor = Supervisor({{"server": [sys.executable, "-c", {SERVER!r}]}}, dict(os.environ))
supervisor.start()
supervisor.tend(also=lambda: None)
supervisor.close()
"""


@pytest.fixture
def supervisor():
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=BASE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "server | up"
    yield psutil.Process(process.pid)
    process.kill()
    process.communicate()


def family(supervisor: psutil.Process) -> list[psutil.Process]:
    return supervisor.children(recursive=True)


def test_what_dies_is_started_again_and_its_own_children_end(supervisor):
    eventually(lambda: len(family(supervisor)) == 2)
    server, worker = family(supervisor)
    kill(server.pid)
    eventually(lambda: not worker.is_running())
    eventually(lambda: len(family(supervisor)) == 2)
    assert server not in family(supervisor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_leaves_nothing(supervisor, number):
    eventually(lambda: len(family(supervisor)) == 2)
    all_of_them = [supervisor, *family(supervisor)]
    os.kill(supervisor.pid, number)
    eventually(lambda: not any(alive(process) for process in all_of_them))


def test_killed_outright_its_processes_end_too(supervisor):
    eventually(lambda: len(family(supervisor)) == 2)
    server = family(supervisor)[0]
    kill(supervisor.pid)
    eventually(lambda: not alive(server))


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
