"""The floor of a request: a bare DRF view with a token, on the same server as LZC's own."""

import hashlib
import json
from typing import Any

from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lzc.models import ApiClient
from lzc.urls import urlpatterns as whole_map


class Token(BaseAuthentication):
    """As DRF's own TokenAuthentication: one look-up, nothing else."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        _, prefix, secret = request.headers["Authorization"].removeprefix("Bearer ").split("_", 2)
        client = ApiClient.objects.get(prefix=prefix)
        if bytes(client.key_hash) != hashlib.sha256(secret.encode()).digest():
            raise AuthenticationFailed
        return client, None


class Bare(APIView):
    authentication_classes = (Token,)
    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser,)

    def post(self, request: Request) -> Response:
        return Response({"got": len(json.dumps(request.data))}, status=201)


urlpatterns = [path("bench/bare", Bare.as_view()), *whole_map]
