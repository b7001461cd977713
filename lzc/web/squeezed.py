"""Pages go out compressed, whatever stands before LZC: a list of 300 cases is 310 kB, or 21."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Pages(GZipMiddleware):
    """Middleware: HTML only. Files were compressed when they were collected, and the `ETag` of what
    a program asks has to come back as it was given.

    Django adds a random number of bytes, so that what is secret in a page cannot be guessed from
    its length; a token against forgery is masked anew in every page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
