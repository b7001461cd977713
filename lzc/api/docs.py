"""The documentation of the API, to read and to take along: made by us, from our own document."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from lzc.api import document
from lzc.api.manual import read

NAMES = {document.YAML: "openapi.yaml", document.JSON: "openapi.json"}


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document. It says nothing that is not in the source, so anybody may read it."""
    liked = request.get_preferred_type([document.YAML, document.JSON, "application/json"])
    asked = request.GET.get("format") or ("json" if "json" in (liked or "") else "yaml")
    media = document.JSON if asked == "json" else document.YAML
    named = {"Content-Disposition": f'inline; filename="{NAMES[media]}"', "Vary": "Accept"}
    return HttpResponse(document.written(media), content_type=media, headers=named)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """It is written in English, as the document is, whoever reads it."""
    here = {"base": request.build_absolute_uri("/").rstrip("/")}
    with translation.override("en"):
        page = render(request, "lzc/docs.html", _drawn_once() | here)
    page["Content-Language"] = "en"
    return page


@cache
def _drawn_once() -> dict[str, Any]:
    """The same for everybody, until the code is another."""
    manual = read(document.document())
    return {
        "manual": manual,
        "operations": render_to_string("lzc/_manual.html", {"manual": manual}),
    }
