"""`make run`: everything that LZC is, on this machine, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lzc.run import assets, processes, services, var
from lzc.run.supervisor import Supervisor, leftovers

HOST = os.environ.get("LZC_HOST", "127.0.0.1")
PORT = int(os.environ.get("LZC_PORT", "8000"))
LIVE_PORT = int(os.environ.get("LZC_LIVE_PORT", str(PORT + 1)))
URL = f"http://{HOST}:{PORT}"
LIVE_URL = f"ws://{HOST}:{LIVE_PORT}/ws/live"
QUIET = 0.7
EMBEDDED = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def run() -> None:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with only_one():
        leftovers(str(var.path()))
        for port, name in ((PORT, "LZC_PORT"), (LIVE_PORT, "LZC_LIVE_PORT")):
            check_free(port, name)
        assets.ensure()
        supervisor = Supervisor(
            {kind: processes.command(kind) for kind in processes.COMMANDS}, environment()
        )
        try:
            prepare()
            supervisor.start()
            if await_answer(supervisor):
                welcome(time.monotonic() - began)
            supervisor.tend(also=services.ensure if EMBEDDED else lambda: None)
        finally:
            print("Ending", flush=True)
            supervisor.close()
            services.leave()


def environment() -> dict[str, str]:
    return processes.environment(
        (HOST, PORT),
        (HOST, LIVE_PORT),
        LIVE_URL=LIVE_URL,
        LZC_RUN=str(var.path()),
        # True of a server; `make run` as root is somebody's own machine or container.
        PYTHONWARNINGS="ignore:You're running the worker with superuser privileges",
    )


def prepare() -> None:
    """Servers, tables, and where there is nothing yet, a region to look at."""
    if EMBEDDED:
        services.use()
    print("Preparing the database", flush=True)
    manage("migrate", "--verbosity", "0", LZC_AS_OWNER="1")
    if knows("demo"):
        manage("demo", "--if-empty")


def welcome(seconds: float) -> None:
    print(f"\nLZC runs at {URL} (started in {seconds:.1f} s; Ctrl-C ends it)")
    print(f"  API     {URL}/api/docs/\n  live    {LIVE_URL}\n  data    {var.path()}\n", flush=True)
    if knows("demo"):
        manage("demo", "--logins")


def knows(command: str) -> bool:
    return any(var.BASE.glob(f"*/management/commands/{command}.py"))


def manage(*arguments: str, **more: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=var.BASE, env=environment() | more
    )
    if done.returncode:
        raise var.Trouble(f"`manage.py {arguments[0]}` failed; what it says above is why.")


@contextmanager
def only_one() -> Iterator[None]:
    with (var.folder() / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise var.Trouble(
                f"LZC already runs from this folder, at {_whole(lock)}. End it there with "
                "Ctrl-C, or start another one: LZC_VAR=/path/to/folder LZC_PORT=8010 make run."
            ) from None
        lock.truncate(0)
        lock.write(URL)
        lock.flush()
        yield


def _whole(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def check_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise var.Trouble(
                f"LZC cannot listen on {HOST}:{port} ({error.strerror}). End what uses it, or "
                f"choose another port: {name}={port + 10} make run."
            ) from error


def await_answer(supervisor: Supervisor) -> bool:
    """Both servers take connections, or somebody pressed Ctrl-C while they were starting."""
    waiting, deadline = [PORT, LIVE_PORT], time.monotonic() + 60
    while waiting and not supervisor.over and time.monotonic() < deadline:
        supervisor.listen(0.05)
        waiting = [port for port in waiting if not answers(port)]
    # What they say while starting comes before our welcome, not over it.
    while supervisor.listen(QUIET) and time.monotonic() < deadline:
        continue
    return not waiting


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    try:
        run()
    except var.Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
