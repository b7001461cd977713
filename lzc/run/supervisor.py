"""Keeps a set of processes running, and ends every one of them when it ends itself."""

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, STDOUT
from typing import IO, cast

import psutil

from lzc.run import children, var

FIRST_PAUSE, LONGEST_PAUSE, PROVEN, GRACE = 0.5, 30.0, 60.0, 15.0


@dataclass
class Ward:
    """One process in our care: what it is, and how it is doing."""

    name: str
    command: list[str]
    child: children.Child | None = None
    since: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    unfinished: bytes = b""


class Supervisor:
    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str]) -> None:
        self.wards = [Ward(name, command) for name, command in commands.items()]
        self.environment = environment
        self.output = selectors.DefaultSelector()
        self.over = False

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        for ward in self.wards:
            self._start(ward)

    def tend(self, also: Callable[[], None]) -> None:
        """Pass on what the processes say and raise what fell; `also` is looked at each second."""
        look = time.monotonic() + 1
        while not self.over:
            self.listen(0.2)
            for ward in self.wards:
                self._look_after(ward)
            if time.monotonic() > look:
                also()
                look = time.monotonic() + 1

    def listen(self, patience: float) -> bool:
        """Pass on whole lines, each with the name of who said it; was there anything?"""
        heard = self.output.select(patience)
        for key, _ in heard:
            ward, pipe = key.data, cast(IO[bytes], key.fileobj)
            said = os.read(pipe.fileno(), 65536)
            *lines, ward.unfinished = (ward.unfinished + said).split(b"\n")
            for line in lines:
                print(f"{ward.name:>8} | {line.decode(errors='replace')}", flush=True)
            if not said:
                self.output.unregister(pipe)
                pipe.close()
        return bool(heard)

    def close(self) -> None:
        """The whole group of each: a web server's workers may outlive the server."""
        running = [ward.child for ward in self.wards if ward.child]
        for child in running:
            children.ask(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.poll() is None for child in running) and time.monotonic() < deadline:
            self.listen(0.05)
        for child in running:
            children.stop(child, patience=0)

    def _start(self, ward: Ward) -> None:
        ward.child = children.spawn(
            ward.command,
            cwd=var.BASE,
            env=self.environment,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
        )
        ward.since = time.monotonic()
        self.output.register(cast(IO[bytes], ward.child.stdout), selectors.EVENT_READ, ward)

    def _look_after(self, ward: Ward) -> None:
        """Who falls again and again is raised ever later; who stood a while is trusted anew."""
        now = time.monotonic()
        if ward.child and ward.child.poll() is not None:
            children.stop(ward.child)
            ward.pause = (
                FIRST_PAUSE if now - ward.since > PROVEN else min(ward.pause * 2, LONGEST_PAUSE)
            )
            ward.due = now + ward.pause
            code = ward.child.returncode
            print(f"{ward.name:>8} | ended ({code}); again in {ward.pause:.0f} s", flush=True)
            ward.child = None
        elif not ward.child and now >= ward.due:
            self._start(ward)

    def _end(self, *_: object) -> None:
        self.over = True


def leftovers(mark: str) -> None:
    """End what an earlier run of this very copy left behind when it was killed outright."""
    for process in psutil.process_iter():
        try:
            ours = process.environ().get("LZC_RUN") == mark and process.pid != os.getpid()
        except psutil.Error:
            continue
        if ours:
            print(f"Ending {process.pid}, left behind by an earlier run", file=sys.stderr)
            process.kill()
