"""The doorbell: "the log grew". One PUBLISH to Valkey, without content; nobody waits for it."""

import logging
import time
from collections.abc import AsyncIterator

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

logger = logging.getLogger(__name__)

#: While the bell is broken it is not tried at every act: the tails look by themselves each second.
REST_SECONDS = 1.0
_client: redis.Redis | None = None
_rest_until = 0.0


def named(name: str) -> str:
    """Publish/subscribe ignores database numbers, so the prefix keeps installations apart."""
    return f"{settings.REDIS_PREFIX}{name}"


def channel() -> str:
    return named("log")


def _bell() -> redis.Redis:
    global _client
    if _client is None:
        # Without these a stopped server would hold a request for seconds.
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.05, socket_connect_timeout=0.05, retry=None
        )
    return _client


def ring() -> None:
    call(channel(), b"")


def call(where: str, what: bytes) -> None:
    global _rest_until
    if time.monotonic() < _rest_until:
        return
    try:
        _bell().publish(where, what)
    except (redis.RedisError, OSError) as error:
        _rest_until = time.monotonic() + REST_SECONDS
        logger.warning("the bell did not ring: %s", error)


async def heard(where: str) -> AsyncIterator[bytes]:
    """What is called there, until Valkey falls silent. First an empty call: from here on we hear.

    What was called before it was not heard.
    """
    client = redis.asyncio.Redis.from_url(
        settings.REDIS_URL, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2
    )
    async with client, client.pubsub() as pubsub:
        await pubsub.subscribe(where)
        async for said in pubsub.listen():
            yield said["data"] if said["type"] == "message" else b""
