"""A Chromium for the tests: the one that is installed, or else one that can be.

`python -m lzc.run.browser` makes sure that there is one, and says where.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lzc.run.var import Trouble

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
PATIENCE = 300
# Where a package puts its programs, also for who has a shorter PATH.
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def executable() -> str:
    """Where Chromium is; the tests do not run without it, and are never skipped for it."""
    found = _installed() or _playwrights_own()
    if not found:
        raise Trouble(
            "The tests drive a real Chromium and found none. Install it (Debian, Ubuntu: "
            "`apt-get install chromium`; elsewhere: `.venv/bin/playwright install chromium`), "
            "then say `make test` again."
        )
    return found


def ensure() -> str:
    """Look, and where nothing is found, get one: Playwright's own, or Debian's as root."""
    if not (_installed() or _playwrights_own()):
        _get([sys.executable, "-m", "playwright", "install", "chromium"])
        if not _playwrights_own() and os.geteuid() == 0 and _where("apt-get"):
            _get(["apt-get", "update", "-q"])
            _get(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"])
    return executable()


def _installed() -> str | None:
    return next(filter(None, map(_where, NAMES)), None)


def _where(program: str) -> str | None:
    return shutil.which(program, path=PATH)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _get(command: list[str]) -> None:
    """What fails here is no end yet: there may be another way."""
    print(f"No Chromium found; trying: {' '.join(command)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": PATH}
    try:
        subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        print(f"That took longer than {PATIENCE} s.", flush=True)


if __name__ == "__main__":
    try:
        print(f"Browser: {ensure()}")
    except Trouble as trouble:
        sys.exit(str(trouble))
