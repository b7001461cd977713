"""Using the embedded servers: `use` them, and `leave` them."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import IO, cast

from lzc.run import addresses, var

_used: list[IO[str]] = []


def use() -> None:
    """Return when both servers answer. They stay while this process lives, or until `leave`."""
    users = (var.folder() / "users.lock").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    _used.append(users)
    deadline = time.monotonic() + 60
    ensure()
    while not _answer():
        # A keeper may be raising a server that fell, or be on its way out.
        if time.monotonic() > deadline:
            raise var.Trouble(f"The embedded servers do not answer; see {var.path() / 'log'}.")
        time.sleep(0.05)
        ensure()


def ensure() -> None:
    """Start the keeper when it is not there (any more)."""
    with var.alone("start"):
        if not in_use():
            _start_keeper()


def _answer() -> bool:
    known = addresses.known()
    for port in (known.postgres_port, known.valkey_port):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return False
    return True


def leave() -> None:
    """The last one waits until the servers are down, so that nothing is left running."""
    while _used:
        _used.pop().close()
    with (var.folder() / "users.lock").open("a") as users:
        if not _others_remain(users):
            _wait_for_keeper()


def _others_remain(users: IO[str]) -> bool:
    """Alone means: we get the lock for ourselves, or the keeper has it and is going down."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _can_be_shared(users)
    # No such file: nothing ever ran here.
    with suppress(ProcessLookupError, ValueError, FileNotFoundError):
        os.kill(_keeper_pid(), signal.SIGTERM)
    return False


def _can_be_shared(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_keeper() -> None:
    deadline = time.monotonic() + 45
    while in_use() and time.monotonic() < deadline:
        time.sleep(0.02)


def in_use() -> bool:
    """Whether the servers are up, or going up or down."""
    with (var.folder() / "keeper.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _keeper_pid() -> int:
    return int((var.folder() / "keeper.lock").read_text())


def _start_keeper() -> None:
    """In a session of its own: a Ctrl-C is for its users, and it leaves after them."""
    log = var.folder() / "log" / "keeper.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "lzc.run.keeper"]
    with (
        log.open("a") as errors,
        subprocess.Popen(
            command, cwd=var.BASE, stdin=DEVNULL, stdout=PIPE, stderr=errors, text=True
        ) as keeper,
    ):
        answer = cast(IO[str], keeper.stdout).readline().strip()
    if answer != "ready":
        raise var.Trouble(answer or f"The embedded servers did not start; {log} says why.")
