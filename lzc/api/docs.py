"""The documentation of the API, to read and to try: its own page, without anybody's CDN."""

from csp.constants import NONCE, NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

#: Swagger UI draws its icons from data: addresses and fills elements by innerHTML, cleaned by its
#: own DOMPurify. On this page only, which shows no data of anybody.
POLICY = {
    "default-src": [NONE],
    "script-src": [NONCE],
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}


class Schema(SpectacularAPIView):
    """The OpenAPI document. It says nothing that is not in the source, so anybody may read it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


@csp(POLICY)
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "lzc/docs.html")
