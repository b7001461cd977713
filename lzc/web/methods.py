"""An address that only takes a button was opened by hand, or the other way round: what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: A page is read, or a button of it is pressed.
SHOWN, WAYS = ("GET", "HEAD"), ["GET", "HEAD", "POST"]


def methods(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: what is not taken in this way is answered with a page, never with nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware
