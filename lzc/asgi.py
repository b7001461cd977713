"""The sockets, and HTTP too where one process must do everything."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")
pages = get_asgi_application()

from lzc.live.consumer import Live  # noqa: E402 (Django first)

live = Live()


async def application(scope: Any, receive: Any, send: Any) -> None:
    match scope["type"]:
        case "lifespan":
            await live.lifespan(receive, send)
        case "websocket":
            await live(scope, receive, send)
        case _:
            await pages(scope, receive, send)
