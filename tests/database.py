"""Each test process has a database of its own, cloned from a template that the owner migrated.

The application's role could not make it: who creates a database owns it, and then neither
triggers nor policies would be tested as they are in use.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from lzc.run import roles
from lzc.run.var import BASE

APPS = ("lzc", "triage", "capacity", "coordination")
LOCK = 4_157_001


@contextmanager
def cloned(what_for: str = "") -> Iterator[str]:
    """The name of a fresh database, which goes when the tests are done."""
    name = f"lzc_test_{what_for}{os.getpid()}"
    with _owner() as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = _template(owner)
        _drop_what_crashed_runs_left(owner)
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        with _owner() as owner:
            _drop(owner, name)


def _drop(owner: psycopg.Connection, name: str) -> None:
    """The owner may not end sessions of the application's role; the last ones are just leaving."""
    deadline = time.monotonic() + 10
    while True:
        try:
            owner.execute(f'DROP DATABASE "{name}"')
            return
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def url(address: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def _owner(name: str = "") -> psycopg.Connection:
    address = settings.DATABASE_OWNER_URL
    return psycopg.connect(url(address, name) if name else address, autocommit=True)


def _template(owner: psycopg.Connection) -> str:
    """Made once for each state of the migrations; those of other states go."""
    wanted = f"lzc_template_{_fingerprint()}"
    found = {row[0] for row in owner.execute("SELECT datname FROM pg_database")}
    if wanted not in found:
        draft = f"{wanted}_draft"
        owner.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
        owner.execute(f'CREATE DATABASE "{draft}"')
        _migrate(draft)
        owner.execute(f'ALTER DATABASE "{draft}" RENAME TO "{wanted}"')
        for name in found:
            if name.startswith("lzc_template_"):
                owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return wanted


def _migrate(name: str) -> None:
    with _owner(name) as owner:
        for grant in roles.GRANTS:
            owner.execute(grant)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=BASE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lzc.settings",
            "DATABASE_URL": url(settings.DATABASE_URL, name),
            "DATABASE_OWNER_URL": url(settings.DATABASE_OWNER_URL, name),
            "LZC_AS_OWNER": "1",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"the migrations failed:\n{done.stdout}{done.stderr}"


def _fingerprint() -> str:
    """Other people's migrations change with their versions."""
    digest = hashlib.sha256("".join(roles.GRANTS).encode())
    files = [file for app in APPS for file in sorted((BASE / app / "migrations").glob("*.py"))]
    for file in (*files, BASE / "requirements.txt"):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _drop_what_crashed_runs_left(owner: psycopg.Connection) -> None:
    for (name,) in owner.execute(
        "SELECT datname FROM pg_database d WHERE datname ~ '^lzc_test_.*[0-9]$' AND NOT EXISTS"
        " (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
    ).fetchall():
        if not _alive(int(name.rpartition("_")[2])):
            owner.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
