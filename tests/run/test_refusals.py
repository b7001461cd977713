"""Outside development LZC does not start on a guess; each refusal says what to do."""

import base64
import os
import secrets
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from lzc.run import soundness
from lzc.run.var import BASE
from tests.database import url
from tests.run.copy_of_lzc import eventually


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def complete() -> dict[str, str]:
    return {
        "LZC_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "BSN_KEY": key(),
        "BSN_INDEX_KEY": key(),
        "OUTAGE_KEY": key(),
        "ALLOWED_HOSTS": "zorg.example.nl",
        "DATABASE_URL": "postgres://lzc_app:x@127.0.0.1:1/lzc",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }


def refusal(said: dict[str, str], *command: str) -> str:
    """Empty when the settings are accepted, else what stands in the way."""
    done = subprocess.run(
        [sys.executable, *(command or ("-c", "import lzc.settings"))],
        cwd=BASE,
        env={"PATH": os.defpath, **said},
        capture_output=True,
        text=True,
    )
    assert bool(done.returncode) == bool(done.stderr)
    return done.stderr


@pytest.mark.parametrize("mode", ["production", "staging"])
def test_complete_settings_are_accepted(mode):
    assert refusal(complete() | {"LZC_ENV": mode}) == ""


@pytest.mark.parametrize("name", sorted(complete().keys() - {"LZC_ENV"}))
def test_each_of_them_is_needed(name):
    said = complete()
    del said[name]
    assert f"\nSet {name}" in "\n" + refusal(said).replace("ImproperlyConfigured: ", "\n")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"BSN_KEY": "AAAA"}, "BSN_KEY must be 32 random bytes in base64"),
        ({"BSN_INDEX_KEY": "not base64!"}, "BSN_INDEX_KEY must be 32 random bytes in base64"),
        ({"DEBUG": "1"}, "Unset DEBUG"),
        ({"DATABASE_URL": "mysql://somewhere/lzc"}, "DATABASE_URL must look like postgres://"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL must be a whole number"),
        ({"LZC_AS_OWNER": "1"}, "Set DATABASE_OWNER_URL"),
        ({"MAP_TILES": "https://example.nl/kaart.png"}, "MAP_TILES must be an https:// address"),
        ({"MAP_TILES": "http://localhost/{z}/{x}/{y}"}, "MAP_TILES must be an https:// address"),
        ({"MAP_TILES": "https://*/{z}/{x}/{y} 'unsafe-inline'"}, "MAP_TILES must be"),
    ],
)
def test_what_is_wrong_is_named(wrong, sentence):
    assert sentence in refusal(complete() | wrong)


def test_the_two_keys_of_the_bsn_must_differ():
    same = key()
    assert "must differ" in refusal(complete() | {"BSN_KEY": same, "BSN_INDEX_KEY": same})


def test_a_secret_may_be_in_a_file(tmp_path):
    said = complete()
    (tmp_path / "key").write_text(said.pop("BSN_KEY") + "\n")
    assert refusal(said | {"BSN_KEY_FILE": str(tmp_path / "key")}) == ""


def test_the_command_line_says_only_the_sentences():
    said = refusal({"LZC_ENV": "production"}, "manage.py", "diffsettings")
    assert said.startswith("LZC does not start.\nSet SECRET_KEY, or SECRET_KEY_FILE")
    assert "Traceback" not in said


def check_start(**said: str) -> str:
    name = connection.settings_dict["NAME"]
    ours = {
        "LZC_ENV": "test",
        "DATABASE_URL": url(settings.DATABASE_URL, name),
        "DATABASE_OWNER_URL": url(settings.DATABASE_OWNER_URL, name),
        "REDIS_URL": settings.REDIS_URL,
    }
    return refusal(ours | said, "manage.py", "check_start")


def test_a_sound_database_is_served_from(committed):
    assert check_start() == ""


def test_the_owner_does_not_serve(committed):
    as_owner = url(settings.DATABASE_OWNER_URL, connection.settings_dict["NAME"])
    assert "names the role 'lzc_owner', which owns the tables" in check_start(DATABASE_URL=as_owner)


def test_a_database_without_its_tables_is_not_served_from(committed):
    name = f"lzc_test_empty_{os.getpid()}"
    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        try:
            said = check_start(DATABASE_URL=url(settings.DATABASE_URL, name))
        finally:
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert "LZC_AS_OWNER=1 python manage.py migrate" in said


def test_a_database_that_does_not_answer_is_named_without_its_password(committed):
    said = check_start(DATABASE_URL="postgres://lzc_app:hush@127.0.0.1:1/lzc")
    assert "No database answers at 127.0.0.1:1/lzc" in said
    assert "hush" not in said


IN_PRODUCTION = """
import django
django.setup()
from django.conf import settings
settings.IN_PRODUCTION = {}
from lzc.run.soundness import faults
print(*faults(), sep="\\n")
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_min_error_statement", "error"),
        ("log_error_verbosity", "default"),
        ("log_statement", "mod"),
        ("log_min_duration_statement", "250ms"),
    ],
)
def test_a_database_that_writes_names_into_its_log_is_not_served_from(copy, name, value):
    copy.use()
    django = {"DJANGO_SETTINGS_MODULE": "lzc.settings"}
    with psycopg.connect(copy.address("superuser"), autocommit=True) as mighty:
        # What the server was started with goes before ALTER SYSTEM, but not before a role's.
        mighty.execute(f"ALTER ROLE lzc_app SET {name} = '{value}'")
        try:
            said = copy.ask("-c", IN_PRODUCTION.format(True), **django).stdout
            at_home = copy.ask("-c", IN_PRODUCTION.format(False), **django).stdout
        finally:
            mighty.execute(f"ALTER ROLE lzc_app RESET {name}")
    assert f"The database has {name} = {value}" in said
    assert f"ALTER SYSTEM SET {name} = " in said
    assert name not in at_home


@pytest.mark.parametrize("name", soundness.DURABLE)
def test_a_database_that_may_forget_is_not_served_from(copy, name):
    copy.use()
    with psycopg.connect(copy.address("superuser"), autocommit=True) as mighty:
        mighty.execute(f"ALTER SYSTEM SET {name} = off")
        mighty.execute("SELECT pg_reload_conf()")
        eventually(lambda: mighty.execute(f"SHOW {name}").fetchone() == ("off",))
        try:
            said = copy.ask("manage.py", "check_start").stderr
        finally:
            mighty.execute(f"ALTER SYSTEM RESET {name}")
            mighty.execute("SELECT pg_reload_conf()")
    assert f"The database has {name} = off" in said
    assert f"ALTER SYSTEM SET {name} = on" in said
