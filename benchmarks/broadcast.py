"""The floor of a broadcast: a bare ASGI application that knows its sockets and sends to each."""

from typing import Any

sockets: set[Any] = set()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await listener(receive, send)
    elif scope["type"] == "http":
        body = (await receive())["body"]
        message = {"type": "websocket.send", "text": body.decode()}
        for each in sockets:
            await each(message)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


async def listener(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    sockets.add(send)
    while (await receive())["type"] != "websocket.disconnect":
        pass
    sockets.discard(send)
