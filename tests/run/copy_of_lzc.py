"""A copy of LZC's runtime with a `var/` of its own, to be handled roughly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from lzc.run.var import BASE

HOLD = "from lzc.run import services; services.use(); print('up', flush=True); input(); {}"


class Copy:
    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_", "REDIS_", "LZC_", "DJANGO_", "PYTEST_"))
        } | {"LZC_VAR": str(var)}
        self.users: list[subprocess.Popen[str]] = []

    def use(self) -> subprocess.Popen[str]:
        """A process that uses the servers until it is told to leave."""
        user = self.python("-c", HOLD.format("services.leave()"))
        self.users.append(user)
        assert user.stdout and user.stderr
        if user.stdout.readline().strip() != "up":
            raise AssertionError(user.stderr.read())
        return user

    def leave(self, user: subprocess.Popen[str]) -> None:
        user.communicate("\n", timeout=60)
        assert user.returncode == 0

    def python(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE,
            env=self.environment | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command to its end."""
        process = self.python(*arguments, **more)
        out, errors = process.communicate(timeout=100)
        return subprocess.CompletedProcess(arguments, process.returncode, out, errors)

    def address(self, which: str) -> str:
        script = f"from lzc.run import addresses; print(addresses.known().{which})"
        return self.ask("-c", script).stdout.strip()

    def pid(self, which: str) -> int:
        files = {
            "keeper": self.var / "keeper.lock",
            "postgres": self.postgres() / "data" / "postmaster.pid",
            "valkey": self.var / "valkey" / "valkey.pid",
        }
        return int(files[which].read_text().split()[0])

    def postgres(self) -> Path:
        return Path((self.var / "postgres.where").read_text().strip())

    def processes(self) -> list[psutil.Process]:
        """All that runs out of this `var/`: by what they were told, or by where they stand."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    def close(self) -> None:
        for user in self.users:
            user.kill()
            user.communicate()
        eventually(lambda: not self.processes())

    def clean(self) -> None:
        assert self.ask("-m", "lzc.run.clean").returncode == 0

    def _places(self) -> list[Path]:
        return [self.var, *([self.postgres()] if (self.var / "postgres.where").exists() else [])]

    def _ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            if process.environ().get("LZC_VAR") == str(self.var):
                return True
            stands = Path(process.cwd())
            return any(stands.is_relative_to(place) for place in self._places())
        except psutil.Error:
            return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def eventually(holds: Callable[[], object], patience: float = 30) -> None:
    """Wait as long as it takes, within reason; what never comes is a failure."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
