"""A server's address (`postgres://…`) as Django wants it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A verb takes milliseconds. What takes longer is stuck, and must not hold others up.
PATIENCE = {
    "statement_timeout": 5000,
    "lock_timeout": 3000,
    "idle_in_transaction_session_timeout": 10000,
}


# So often a connection is asked the same thing before the server is to remember how it is done.
OFTEN = 3


def application(url: str, pool: int, *, prepared: bool = True) -> dict[str, Any]:
    """The ordinary role. Pool and health checks: no request is lost over a server's restart.

    `prepared`: the server remembers what it is asked often, so it need not read and plan it anew
    (of a POST that seeks a place, 8 of 18 ms). Values travel beside the statement in any case.
    """
    database = parse(url)
    patience = " ".join(f"-c {name}={value}" for name, value in PATIENCE.items())
    database["OPTIONS"]["options"] = patience
    database["OPTIONS"]["server_side_binding"] = True
    database["OPTIONS"]["prepare_threshold"] = OFTEN if prepared else None
    if pool:
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    return database | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def parse(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Also the owner's connection: a migration may take its time."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgres://user:password@host:5432/name "
            "(add ?sslmode=verify-full&sslrootcert=FILE for TLS)."
        )
    return {
        "ENGINE": "lzc.postgres",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
