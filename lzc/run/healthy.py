"""`python -m lzc.run.healthy web`: a container's health check, without a tool in the image."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable

import redis

from lzc.conf import env


def web() -> bool:
    return _answers(os.environ["GRANIAN_PORT"], "/readyz")


def live() -> bool:
    return _answers(os.environ["UVICORN_PORT"], "/livez")


def worker() -> bool:
    return _hears("celery")


def webhooks() -> bool:
    return _hears("webhooks")


def beat() -> bool:
    """It has nothing to say for itself; without the broker it is of no use."""
    return bool(redis.Redis.from_url(env.said("REDIS_URL"), socket_timeout=5).ping())


def _hears(name: str) -> bool:
    """It hears its own name called, so it reaches the broker and its loop turns."""
    whole = f"{name}@{os.uname().nodename}"
    ping = ["celery", "-A", "lzc", "inspect", "ping", "--destination", whole, "--timeout", "10"]
    return subprocess.run(ping, stdout=subprocess.DEVNULL).returncode == 0


def _answers(port: str, path: str) -> bool:
    """As the proxy would ask: over TLS, under the name that LZC is known by."""
    name = os.environ["ALLOWED_HOSTS"].split(",")[0]
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    connection.request("GET", path, headers={"Host": name, "X-Forwarded-Proto": "https"})
    return connection.getresponse().status == 200


CHECKS: dict[str, Callable[[], bool]] = {
    "web": web,
    "live": live,
    "worker": worker,
    "webhooks": webhooks,
    "beat": beat,
}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
