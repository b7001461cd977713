"""The embedded servers: there when used, gone afterwards, and mended after any crash."""

import fcntl
import os
import socket
import stat
import threading
from contextlib import suppress

import psycopg
import pytest
import redis

from tests.database import url
from tests.run.copy_of_lzc import Copy, eventually, kill


def ask(copy: Copy, statement: str, role: str = "database"):
    with psycopg.connect(copy.address(role), autocommit=True) as connection:
        return connection.execute(statement).fetchone()


def keep_a_seven(copy: Copy) -> None:
    with psycopg.connect(copy.address("owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n")


def test_they_start_from_nothing_and_are_durable(copy):
    copy.use()
    assert ask(copy, "SELECT current_setting('server_version_num')::int >= 180000") == (True,)
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(copy, f"SELECT current_setting('{setting}')") == ("on",), setting
    with redis.Redis.from_url(copy.address("redis"), decode_responses=True) as valkey:
        assert valkey.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert valkey.config_get("appendonly") == {"appendonly": "yes"}


def test_they_listen_on_the_loopback_address_and_ask_for_a_password(copy):
    copy.use()
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(copy.address("database").replace("lzc_app:", "lzc_app:wrong"))
    stranger = copy.address("redis").replace("://:", "://:wrong")
    with redis.Redis.from_url(stranger) as valkey, pytest.raises(redis.AuthenticationError):
        valkey.ping()
    listening = {
        connection.laddr.ip
        for process in copy.processes()
        for connection in process.net_connections("inet")
        if connection.status == "LISTEN"
    }
    assert listening == {"127.0.0.1"}


def test_the_application_works_with_rows_and_with_nothing_else(copy):
    copy.use()
    with psycopg.connect(copy.address("owner"), autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS thing")
        owner.execute("CREATE TABLE thing (id bigserial, name text)")
        owner.execute("DROP DATABASE IF EXISTS another")
        owner.execute("CREATE DATABASE another")
    with psycopg.connect(copy.address("database"), autocommit=True) as application:
        application.execute("INSERT INTO thing (name) VALUES ('bed')")
        for forbidden in ("TRUNCATE thing", "CREATE TABLE mine (id int)", "CREATE DATABASE more"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(forbidden)
    with psycopg.connect(url(copy.address("owner"), "another"), autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (id int)")
    with psycopg.connect(url(copy.address("database"), "another")) as application:
        assert application.execute("SELECT count(*) FROM thing").fetchone() == (0,)


def test_a_row_that_is_refused_does_not_come_into_the_log(copy):
    copy.use()
    with psycopg.connect(copy.address("owner"), autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE IF NOT EXISTS told"
            " (external_ref text UNIQUE, name text CHECK (name <> ''), born date)"
        )
        # As Django does: the values stand in the text of the statement.
        with psycopg.ClientCursor(owner) as cursor:
            insert = "INSERT INTO told VALUES (%s, %s, %s)"
            cursor.execute(insert, ["KANARIE-1", "P. Kanarie", None])
            for refused in (["KANARIE-1", "P. Kanarie", None], ["KANARIE-2", "", None]):
                with pytest.raises(psycopg.errors.IntegrityError):
                    cursor.execute(insert, refused)
            with pytest.raises(psycopg.errors.SyntaxError):
                cursor.execute("INSERT INTO told VALEUS (%s)", ["KANARIE-3"])
    log = (copy.var / "log" / "postgres.log").read_text()
    assert "duplicate key value" in log and "check constraint" in log
    assert "KANARIE" not in log.upper()


def test_the_last_one_out_turns_off_the_light(copy):
    first, second = copy.use(), copy.use()
    keeper = copy.pid("keeper")
    copy.leave(first)
    assert ask(copy, "SELECT 1") == (1,)
    assert copy.pid("keeper") == keeper
    copy.leave(second)
    assert copy.processes() == []


def test_a_user_that_is_killed_leaves_no_server_running(copy):
    user = copy.use()
    kill(user.pid)
    eventually(lambda: not copy.processes())


def test_what_dies_is_started_again_and_no_row_is_lost(copy):
    copy.use()
    keep_a_seven(copy)
    for server in ("postgres", "valkey"):
        died = copy.pid(server)
        kill(died)
        eventually(lambda server=server, died=died: _other_pid(copy, server, died))
    eventually(lambda: _answers(copy))
    assert ask(copy, "SELECT n FROM kept") == (7,)


def test_a_new_keeper_mends_what_a_killed_one_leaves(copy):
    first = copy.use()
    keep_a_seven(copy)
    kill(copy.pid("keeper"))
    second = copy.use()
    assert ask(copy, "SELECT n FROM kept") == (7,)
    copy.leave(first)
    copy.leave(second)


def test_everything_killed_at_once_is_mended_by_the_next_start(copy):
    user = copy.use()
    keep_a_seven(copy)
    for process in copy.processes():
        # The first to die may take others along before their turn comes.
        with suppress(ProcessLookupError):
            kill(process.pid)
    user.communicate()
    copy.use()
    assert ask(copy, "SELECT n FROM kept") == (7,)


def test_a_half_made_cluster_is_made_again(copy):
    copy.leave(copy.use())
    data = copy.postgres() / "data"
    data.rename(data.with_suffix(".new"))
    copy.use()
    assert ask(copy, "SELECT 1") == (1,)


def test_lost_passwords_are_replaced_and_the_data_stays(copy):
    user = copy.use()
    keep_a_seven(copy)
    copy.leave(user)
    (copy.var / "services.json").unlink()
    copy.use()
    assert ask(copy, "SELECT n FROM kept") == (7,)


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(copy):
    copy.leave(copy.use())
    pid_file = copy.postgres() / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    copy.use()
    assert ask(copy, "SELECT 1") == (1,)


def test_a_port_that_somebody_took_is_given_up(copy):
    copy.leave(copy.use())
    before = copy.address("database"), copy.address("redis")
    ports = [int(url.rpartition(":")[2].partition("/")[0]) for url in before]
    taken = [socket.create_server(("127.0.0.1", port)) for port in ports]
    copy.use()
    assert ask(copy, "SELECT 1") == (1,)
    assert copy.address("database") != before[0]
    assert copy.address("redis") != before[1]
    for one in taken:
        one.close()


def test_an_unreadable_valkey_is_laid_aside(copy):
    copy.leave(copy.use())
    manifest = next((copy.var / "valkey" / "appendonlydir").glob("*.manifest"))
    manifest.write_text("this is not a manifest\n")
    copy.use()
    with redis.Redis.from_url(copy.address("redis")) as valkey:
        assert valkey.ping()
    assert (copy.var / "valkey.unreadable").exists()


def test_passwords_are_for_their_owner_only(copy):
    copy.use()
    assert stat.S_IMODE((copy.var / "services.json").stat().st_mode) == 0o600
    passwords = [copy.address(role).split(":")[2].split("@")[0] for role in ("owner", "database")]
    for log in (copy.var / "log").iterdir():
        assert not any(password in log.read_text() for password in passwords), log
    for process in copy.processes():
        assert not any(password in " ".join(process.cmdline()) for password in passwords)


def test_a_folder_under_a_private_parent_is_left_as_private_as_it_was(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    copy = Copy(private / "var")
    try:
        copy.use()
        home = copy.postgres()
        assert ask(copy, "SELECT 1") == (1,)
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        if os.geteuid() == 0:
            assert not home.is_relative_to(private)
    finally:
        copy.close()
        copy.clean()
    assert not copy.var.exists()
    assert not home.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    said = Copy(in_the_way / "var").ask("-m", "lzc.run")
    assert said.returncode == 1
    assert "cannot write to" in said.stderr and "LZC_VAR=" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_keeper_on_its_way_out_is_not_taken_for_one_that_serves(copy):
    copy.leave(copy.use())
    leaving = (copy.var / "keeper.lock").open("a")
    fcntl.flock(leaving, fcntl.LOCK_EX)
    gone = threading.Timer(1, leaving.close)
    gone.start()
    copy.use()
    gone.join()
    assert ask(copy, "SELECT 1") == (1,)


def _other_pid(copy: Copy, server: str, died: int) -> bool:
    try:
        return copy.pid(server) != died
    except (FileNotFoundError, IndexError):
        return False


def _answers(copy: Copy) -> bool:
    try:
        ask(copy, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
