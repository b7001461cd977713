"""The five kinds of process that LZC is made of, and the command of each.

`make run`, the tests and `docker-compose.yml` all start these very commands (a test compares
them). Addresses are no part of a command: they come in through the environment.
"""

import os
import sys
from pathlib import Path

COMMANDS = {
    # Synchronous views cost a third under WSGI of what they cost under ASGI.
    "web": (
        "granian lzc.wsgi:application --interface wsgi --workers 2 --blocking-threads 8"
        " --no-ws --respawn-failed-workers --workers-kill-timeout 10"
    ),
    # The sockets of the pages; a client has little to say, so a large message is no honest one.
    # What they are told is short: packing it would cost thrice what sending it costs.
    "live": (
        "uvicorn lzc.asgi:application --ws-max-size 65536 --ws-per-message-deflate false"
        " --timeout-graceful-shutdown 5 --no-access-log"
    ),
    "worker": (
        "celery --quiet -A lzc worker --pool threads --concurrency 4"
        " --queues celery --without-gossip --without-mingle"
    ),
    # Other people's systems answer when they like: never in the way of a sweep.
    "webhooks": (
        "celery --quiet -A lzc worker --pool threads --concurrency 4 --hostname webhooks@%h"
        " --queues webhooks --without-gossip --without-mingle"
    ),
    # The schedule stands in the code: there is no state to keep, and two beats do no harm.
    "beat": "celery --quiet -A lzc beat --scheduler celery.beat:Scheduler --pidfile=",
}


def command(kind: str) -> list[str]:
    """The command with the programs of this very environment."""
    program, *arguments = COMMANDS[kind].split()
    return [str(Path(sys.executable).parent / program), *arguments]


def environment(web: tuple[str, int], live: tuple[str, int], **more: str) -> dict[str, str]:
    """Where the two servers listen (host and port), on top of the environment of this process."""
    return {
        **os.environ,
        "GRANIAN_HOST": web[0],
        "GRANIAN_PORT": str(web[1]),
        "UVICORN_HOST": live[0],
        "UVICORN_PORT": str(live[1]),
        "PYTHONUNBUFFERED": "1",
        **more,
    }
