"""Whether this browser makes sounds: tried by one person in one role, and no longer than that."""

from django.http import HttpRequest

#: In a session.
KEY = "sound"


def keep(request: HttpRequest, said: str) -> None:
    """Of this browser: another one that they work in is silent until it was tested."""
    request.session[KEY] = {"as": _role(request), "said": said}


def said(request: HttpRequest) -> str:
    """What was said in the role of now; "" when it was not tried."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept.get("as") != _role(request):
        return ""
    return str(kept["said"])


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def _role(request: HttpRequest) -> str:
    actor = request.actor  # type: ignore[attr-defined]
    return str(actor.pk) if actor else ""
