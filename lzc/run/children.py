"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

PR_SET_PDEATHSIG = 1
Child = subprocess.Popen[bytes]
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: list[str], *, last_word: int = signal.SIGTERM, **rest: Any
) -> subprocess.Popen[bytes]:
    """Start a command in a group of its own. When its parent dies, the kernel sends `last_word`."""
    parent = os.getpid()

    def tie() -> None:
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, int(last_word))
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(command, process_group=0, preexec_fn=tie, **rest)


def stop(child: Child, first: int = signal.SIGTERM, patience: float = 15) -> None:
    """Ask, wait, then insist; also the children of that child end."""
    ask(child, first)
    with suppress(subprocess.TimeoutExpired):
        child.wait(patience)
    ask(child, signal.SIGKILL)
    child.wait()


def ask(child: Child, number: int) -> None:
    """Send a signal to a process and to all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def end_leftover(pid_file: Path, folder: Path, first: int) -> None:
    """End the server that a crashed run left behind in this folder, and forget its pid file.

    The number may by now belong to a stranger: only a process that stands in the folder is ours.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if Path(process.cwd()) == folder:
            process.send_signal(first)
            process.wait(20)
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(5)
    pid_file.unlink(missing_ok=True)


def last_lines(log: Path, count: int = 3) -> str:
    """What a process said before it gave up."""
    try:
        return " | ".join(log.read_text(errors="replace").strip().splitlines()[-count:])
    except FileNotFoundError:
        return "no log"
