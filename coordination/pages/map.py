"""Kaart: where in the region there is a place, and how sure that is. Beside it the same as a list.

No patient is on it. Its data come from here, as GeoJSON, and are kept by the browser as long as
nothing changed.
"""

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from capacity.models import CareType, may_know
from capacity.pages.desk import departments
from coordination.pages.boards import units
from coordination.pages.drawing import drawing
from coordination.pages.land import land
from coordination.pages.spots import of_hospital, spots, told
from lzc import grid
from lzc.areas import Point
from lzc.models import Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, page

Json = dict[str, Any]


def whose_map() -> Any:
    """Whoever takes in, asks for or gives care."""
    return page(Duty.DESK, Duty.ASK, Duty.ANSWER)


@whose_map()
def map_page(request: HttpRequest) -> HttpResponseBase:
    by = actor_of(request)
    care, hospitals = _care(request), departments(by)
    here, listed = land(by.organisation.region), _listed(by, care)
    found = spots(listed, here.towns)
    context = {
        "hospitals": hospitals,
        "spots": found,
        "named": may_know(by, "names"),
        "kinds": CareType.values,
        "care": care,
        "keep": f"?zorg={care}" if care else "",
        "part_url": f"{request.path}?{f'zorg={care}&' if care else ''}deel=",
        "free": sum(spot.free for spot in found),
        "uncertain": sum(spot.uncertain for spot in found),
    }
    if request.GET.get("deel"):
        return render(request, "coordination/_places.html", context)
    context |= {
        "drawing": drawing(here, found, hospitals),
        "tiles": settings.MAP_TILES,
        "credits": [*here.sources, *([settings.MAP_CREDIT] if settings.MAP_TILES else [])],
    }
    return with_tiles(request, render(request, "coordination/map.html", context))


def panel(by: Membership) -> dict[str, Any]:
    """The map beside the work list. It has no tiles: near which case somebody looks is told to
    no other host."""
    here = land(by.organisation.region)
    found = spots(_listed(by, ""), here.towns)
    return {"drawing": drawing(here, found, departments(by)), "credits": here.sources}


def with_tiles(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """This page, and no other, may show pictures of the host of the tiles."""
    if not settings.MAP_TILES:
        return response
    parts = urlsplit(settings.MAP_TILES)
    allowed = csp_update({"img-src": [f"{parts.scheme}://{parts.netloc}"]})
    return allowed(lambda request: response)(request)


def _care(request: HttpRequest) -> str:
    said = request.GET.get("zorg", "")
    return said if said in CareType.values else ""


def _listed(by: Membership, care: str) -> list[Any]:
    """Nothing, where the region shows who asks nothing of places."""
    if not may_know(by, "counts"):
        return []
    return [unit for unit in units(by) if care in ("", unit.care_type)]


@whose_map()
def areas_json(request: HttpRequest) -> HttpResponse:
    """The outlines, real or schematic, and where each town lies."""
    here = land(actor_of(request).organisation.region)
    towns = dict(zip(here.towns, grid.to_globe(here.towns.values()), strict=True))
    return _kept_while_same(request, towns=towns, features=[
        {
            "type": "Feature",
            "properties": {"name": area.name, "schematic": here.schematic},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[_ring(ring) for ring in polygon] for polygon in area.polygons],
            },
        }
        for area in here.areas
    ])  # fmt: skip


@whose_map()
def places_json(request: HttpRequest) -> HttpResponse:
    """The towns with what is free in them, and the hospitals."""
    by = actor_of(request)
    towns, named = land(by.organisation.region).towns, may_know(by, "names")
    found = [
        *((spot.at, told(spot, named=named)) for spot in spots(_listed(by, _care(request)), towns)),
        *((towns[one.town], of_hospital(one)) for one in departments(by) if one.town in towns),
    ]
    positions = grid.to_globe(at for at, _ in found)
    return _kept_while_same(request, features=[
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }
        for (_, properties), (lat, lon) in zip(found, positions, strict=True)
    ])  # fmt: skip


def _ring(ring: tuple[Point, ...]) -> list[list[float]]:
    """In degrees, longitude first, and closed: GeoJSON wants that."""
    positions = [[lon, lat] for lat, lon in grid.to_globe(ring)]
    return [*positions, positions[0]]


def _kept_while_same(request: HttpRequest, **members: Any) -> HttpResponse:
    """GeoJSON with a mark of what it says: who has it already is told so, in a few bytes."""
    body = json.dumps({"type": "FeatureCollection", **members}, separators=(",", ":"))
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="application/geo+json")
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    answer = get_conditional_response(request, etag=etag, response=response) or response
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
