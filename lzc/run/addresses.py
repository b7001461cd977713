"""Where LZC's own PostgreSQL and Valkey listen: ports and passwords, chosen once, remembered."""

import secrets
import socket
from dataclasses import asdict, dataclass, field
from typing import Any

from lzc.run import var

OWNER, APPLICATION, SUPERUSER = "lzc_owner", "lzc_app", "postgres"


def _password() -> Any:
    return field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass
class Addresses:
    postgres_port: int = 0
    valkey_port: int = 0
    superuser_password: str = _password()
    owner_password: str = _password()
    application_password: str = _password()
    valkey_password: str = _password()

    @property
    def superuser(self) -> str:
        return self._postgres(SUPERUSER, self.superuser_password, "postgres")

    @property
    def owner(self) -> str:
        return self._postgres(OWNER, self.owner_password)

    @property
    def database(self) -> str:
        return self._postgres(APPLICATION, self.application_password)

    @property
    def redis(self) -> str:
        return f"redis://:{self.valkey_password}@127.0.0.1:{self.valkey_port}/0"

    def _postgres(self, role: str, password: str, name: str = "lzc") -> str:
        return f"postgres://{role}:{password}@127.0.0.1:{self.postgres_port}/{name}"


def known() -> Addresses:
    """Settings read this whether or not the servers are running."""
    with var.alone("services"):
        found = var.remembered("services")
        return Addresses(**found) if found else choose(Addresses())


def choose(addresses: Addresses) -> Addresses:
    """Keep each remembered port that is free; take another one in place of the rest."""
    addresses.postgres_port = _free(addresses.postgres_port)
    addresses.valkey_port = _free(addresses.valkey_port)
    var.remember("services", asdict(addresses))
    return addresses


def _free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return _free(0)
        return int(probe.getsockname()[1])
