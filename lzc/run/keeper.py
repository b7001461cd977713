"""Keeps the embedded servers running as long as somebody uses them.

`make run`, a test run and a second test run may use them at the same time. Each holds a shared
lock (`services.py`); the kernel lets go of it, however its holder dies. The keeper leaves when
nobody holds it any more: the last one out turns off the light.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, cast

from lzc.run import addresses, var
from lzc.run.postgres import Postgres
from lzc.run.valkey import Valkey

Server = Postgres | Valkey


class Keeper:
    def __init__(self) -> None:
        self.asked_to_stop = False
        self.servers: list[Server] = []
        self.lock: IO[str] | None = None

    def start(self) -> None:
        self.lock = (var.folder() / "keeper.lock").open("a")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.lock.truncate(0)
        self.lock.write(f"{os.getpid()}\n")
        self.lock.flush()
        known = addresses.known()
        self.servers = [Postgres(known), Valkey(known)]
        for server in self.servers:
            server.end_leftover()
        addresses.choose(known)
        for server in self.servers:
            server.start()

    def keep(self) -> None:
        """Until asked, or until nobody is left; what dies in the meantime is started again."""
        users = (var.folder() / "users.lock").open("a")
        while not self.asked_to_stop and not _nobody_left(users):
            for server in self.servers:
                if server.process is None or server.process.poll() is not None:
                    _start_again(server)
            time.sleep(0.2)
        self.stop()
        # In this order: a newcomer waits for the users' lock and must then find no keeper.
        cast(IO[str], self.lock).close()
        users.close()

    def stop(self) -> None:
        for server in reversed(self.servers):
            server.stop()

    def ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop = True


def _nobody_left(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_again(server: Server) -> None:
    print(f"{type(server).__name__} died; starting it again", file=sys.stderr, flush=True)
    try:
        server.end_leftover()
        server.start()
    except var.Trouble as trouble:
        print(trouble, file=sys.stderr, flush=True)
        time.sleep(1)


def main(tell: Callable[[str], None]) -> None:
    keeper = Keeper()
    signal.signal(signal.SIGTERM, keeper.ask_to_stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        keeper.start()
    except var.Trouble as trouble:
        keeper.stop()
        tell(str(trouble))
        return
    tell("ready")
    keeper.keep()


def _tell_once(line: str) -> None:
    """The one who started us reads this line; after it, nobody is listening."""
    with suppress(BrokenPipeError):
        print(line.replace("\n", " "), flush=True)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _detach() -> None:
    """Become nobody's child, so that our end is nobody's to wait for."""
    if os.fork():
        os._exit(0)
    os.setsid()


if __name__ == "__main__":
    _detach()
    main(_tell_once)
    # No tidying up after the lock is let go of: who waits for it wants us gone.
    os._exit(0)
