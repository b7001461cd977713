"""A group of Channels as its documentation makes one: what is usual, to compare with."""

import os
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                # Without this, redis-py 8 drops every socket that was idle for some seconds.
                "CONFIG": {
                    "hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None}],
                    "prefix": os.environ["BENCH_PREFIX"],
                },
            }
        }
    )
    django.setup()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402 (settings first)
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

GROUP = "everybody"


class Everybody(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def told(self, event: dict[str, Any]) -> None:
        await self.send_json(event["fact"])


routed = ProtocolTypeRouter({"websocket": URLRouter([path("ws/live", Everybody.as_asgi())])})


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "lifespan":
        await routed(scope, receive, send)
