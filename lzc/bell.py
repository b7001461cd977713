"""The doorbell: "the log grew". One PUBLISH to Valkey, without content; nobody waits for it."""

import logging
import time

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

#: While the bell is broken it is not tried at every act: the tails look by themselves each second.
REST_SECONDS = 1.0
_client: redis.Redis | None = None
_rest_until = 0.0


def channel() -> str:
    """Publish/subscribe ignores database numbers, so the prefix keeps installations apart."""
    return f"{settings.REDIS_PREFIX}log"


def _bell() -> redis.Redis:
    global _client
    if _client is None:
        # Without these a stopped server would hold a request for seconds.
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.05, socket_connect_timeout=0.05, retry=None
        )
    return _client


def ring() -> None:
    global _rest_until
    if time.monotonic() < _rest_until:
        return
    try:
        _bell().publish(channel(), b"")
    except (redis.RedisError, OSError) as error:
        _rest_until = time.monotonic() + REST_SECONDS
        logger.warning("the bell did not ring: %s", error)
