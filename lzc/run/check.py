"""`make check`: what can be known about the code without running its tests."""

import os
import subprocess
import sys
import time
from pathlib import Path

from lzc.run.var import BASE

CHECKS = {
    "style": "ruff check --quiet .",
    "format": "ruff format --check --quiet .",
    "types": "mypy --no-error-summary",
    "imports": "lint-imports",
    "migrations": "python manage.py makemigrations --check --dry-run",
    "translations": "python manage.py translations --check",
    "documentation": "python manage.py docs --check",
}


def check() -> list[str]:
    """Say how each went; give the names of those that found something."""
    failed = []
    for name, command in CHECKS.items():
        if not _exists(command):
            print(f"{name:<14} not there yet", flush=True)
            continue
        began = time.monotonic()
        program, *rest = command.split()
        done = subprocess.run(
            [str(Path(sys.executable).parent / program), *rest],
            cwd=BASE,
            # No database is needed, and none is waited for.
            env=os.environ | {"DATABASE_POOL": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<14} {verdict:<7} {time.monotonic() - began:4.1f} s", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


def _exists(command: str) -> bool:
    """A command of our own may be written later than this; from then on it counts."""
    own = command.split()[2] if "manage.py" in command else "makemigrations"
    return own == "makemigrations" or any(BASE.glob(f"*/management/commands/{own}.py"))


if __name__ == "__main__":
    found = check()
    sys.exit(f"make check: {', '.join(found)} failed" if found else 0)
