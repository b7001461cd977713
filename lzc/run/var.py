"""The one folder that LZC writes to on this machine, and what it remembers there."""

import fcntl
import json
import os
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent.parent


class Trouble(Exception):
    """Something stands in the way of starting; the message says what, and what to do."""


def path() -> Path:
    """`var/` beside the code, or where LZC_VAR says."""
    return Path(os.environ.get("LZC_VAR") or BASE / "var").absolute()


def folder() -> Path:
    """The same, made when it is not there, and proved to be writable."""
    var = path()
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Trouble(
            f"LZC cannot write to {var} ({error.strerror}). Give your user that folder, "
            "or name another one: LZC_VAR=/path/to/folder."
        ) from error
    return var


def secret(name: str, size: int = 32) -> str:
    """A random value that belongs to this copy of LZC; made once, readable by its owner only."""
    file = folder() / "secrets" / name
    if not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        _write_once(file, b64encode(secrets.token_bytes(size)).decode())
    return file.read_text().strip()


def remembered(name: str) -> Any:
    """What was remembered under this name, or nothing when that is absent or damaged."""
    try:
        return json.loads((folder() / f"{name}.json").read_text())
    except (FileNotFoundError, ValueError):
        return None


def remember(name: str, value: Any) -> None:
    """In one step, so that a crash half-way leaves the old text."""
    file = folder() / f"{name}.json"
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(value, indent=1))
    draft.replace(file)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time; whoever dies lets go."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_once(file: Path, value: str) -> None:
    """Two processes that start together agree: the first one's value stands."""
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(value)
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
