"""The sockets, and HTTP too where one process must do everything."""

import os
from typing import Any
from uuid import UUID

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")
pages = get_asgi_application()

from lzc.live.consumer import Live  # noqa: E402 (Django first)
from lzc.live.presence import Party  # noqa: E402
from lzc.models import Membership  # noqa: E402
from triage.models import Case  # noqa: E402


def party(actor: UUID, case: UUID) -> Party | None:
    """This person's name, and who is told they are there; None when the case is not theirs to see.

    Here, since sockets know no cases.
    """
    membership = Membership.objects.acting().filter(pk=actor).first()
    if membership is None:
        return None
    found = Case.objects.visible_to(membership).filter(pk=case).first()
    return Party(membership.user.full_name, found.audience()) if found else None


live = Live(party)


async def application(scope: Any, receive: Any, send: Any) -> None:
    match scope["type"]:
        case "lifespan":
            await live.lifespan(receive, send)
        case "websocket":
            await live(scope, receive, send)
        case _:
            await pages(scope, receive, send)
