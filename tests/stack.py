"""The real processes, on the database of this test process, on free loopback ports."""

import contextlib
import os
import socket
import subprocess
import time
from typing import IO

import httpx
from django.conf import settings
from django.db import connection

from lzc.run import children, processes, var
from tests import database


class Stack:
    """Starts the web on first use; `live()`, `worker()` … when a test asks for them."""

    def __init__(self) -> None:
        self.port, self.live_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.live_url = f"ws://127.0.0.1:{self.live_port}/ws/live"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: list[IO[bytes]] = []

    def environment(self) -> dict[str, str]:
        name = str(connection.settings_dict["NAME"])
        return processes.environment(
            ("127.0.0.1", self.port),
            ("127.0.0.1", self.live_port),
            DJANGO_SETTINGS_MODULE="tests.settings",
            DATABASE_URL=database.url(settings.DATABASE_URL, name),
            DATABASE_OWNER_URL=database.url(settings.DATABASE_OWNER_URL, name),
            REDIS_URL=settings.REDIS_URL,
            REDIS_PREFIX=settings.REDIS_PREFIX,
            LIVE_URL=self.live_url,
        )

    def web(self) -> None:
        self.start("web")
        self._answers(self.port, "web")

    def live(self) -> str:
        """Where a socket can be opened."""
        self.start("live")
        self._answers(self.live_port, "live")
        return self.live_url

    def worker(self) -> None:
        self.start("worker")

    def webhooks(self) -> None:
        self.start("webhooks")

    def beat(self) -> None:
        self.start("beat")

    def start(self, kind: str, **more: str) -> None:
        if kind in self.running:
            return
        log = self.log(kind).open("wb")
        self._logs.append(log)
        self.running[kind] = children.spawn(
            processes.command(kind),
            cwd=var.BASE,
            env=self.environment() | more,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def stop(self, kind: str) -> None:
        children.stop(self.running.pop(kind))

    def close(self) -> None:
        for kind in [*self.running]:
            self.stop(kind)
        for log in self._logs:
            log.close()

    def log(self, kind: str):
        folder = var.folder() / "log"
        folder.mkdir(exist_ok=True)
        return folder / f"test-{os.getpid()}-{kind}.log"

    def _answers(self, port: int, kind: str) -> None:
        """Any answer will do; an error of ours is for the tests to find."""
        deadline = time.monotonic() + 60
        while self.running[kind].poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/livez")
                return
            time.sleep(0.05)
        raise AssertionError(f"{kind} did not start: {children.last_lines(self.log(kind), 20)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
