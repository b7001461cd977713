"""Wards and teams of the demo as units with their free places."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from capacity.models import CareType, CareUnit, Place
from coordination.demo.positions import Spot
from coordination.demo.shapes import Area, House, Team, Ward
from lzc.hours import AMSTERDAM, shift_end

ELDERLY_SPECIALIST = "specialist ouderengeneeskunde"
_EVERY_WARD = ("transfer_1", "anticoagulation", "insulin", "catheter")

#: What each kind of care is called, who treats there, and what it can always deal with.
KINDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "elv_laag": ("ELV laagcomplex", "huisarts", _EVERY_WARD),
    "elv_hoog": (
        "ELV hoogcomplex",
        ELDERLY_SPECIALIST,
        (*_EVERY_WARD, "transfer_2", "oxygen", "wandering"),
    ),
    "elv_palliatief": (
        "ELV palliatief",
        "huisarts",
        (*_EVERY_WARD, "transfer_2", "oxygen", "single_room"),
    ),
    "grz": ("Geriatrische revalidatie", ELDERLY_SPECIALIST, (*_EVERY_WARD, "transfer_2")),
    "wlz_crisis": (
        "Tijdelijk verblijf Wlz",
        ELDERLY_SPECIALIST,
        (*_EVERY_WARD, "transfer_2", "wandering"),
    ),
    "respijt": ("Logeeropvang", "huisarts", ("transfer_1", "insulin")),
    "observatie": ("Observatie", ELDERLY_SPECIALIST, (*_EVERY_WARD, "wandering")),
    "hospice": ("Hospice", "huisarts", (*_EVERY_WARD, "transfer_2", "oxygen", "single_room")),
    "wijkverpleging": (
        "Wijkverpleging",
        "huisarts",
        ("transfer_1", "insulin", "catheter", "anticoagulation"),
    ),
}


def units_of(
    house: House, area: Area, spots: list[Spot], now: datetime, keeper: UUID
) -> Iterator[tuple[CareUnit, list[Place]]]:
    """Each ward and team, and the places that can be given in it."""
    here = [spot for spot in spots if spot.town.name == house.town]
    spot = here[sum(house.slug.encode()) % len(here)]
    for ward in house.wards:
        unit = _unit(house, spot, ward, ward.care_type, now)
        unit.beds = ward.beds
        unit.name = f"{house.name}, {KINDS[ward.care_type][0]}"
        yield unit, _places(ward.free, ward.minutes_old, None, now, keeper)
    for team in house.teams:
        unit = _unit(house, spot, team, CareType.WIJKVERPLEGING, now)
        unit.name = f"{house.name}, {team.name}"
        unit.service_area = [spot.pc4 for spot in spots if spot.town.name in team.towns]
        unit.response_minutes = team.response_minutes
        yield unit, _places(team.visits, team.minutes_old, _until(team, now), now, keeper)


def _unit(house: House, spot: Spot, said: Ward | Team, care_type: str, now: datetime) -> CareUnit:
    _, practitioner, attributes = KINDS[care_type]
    return CareUnit(
        care_type=care_type,
        town=house.town,
        pc4=spot.pc4,
        x=spot.x,
        y=spot.y,
        lat=spot.lat,
        lon=spot.lon,
        attributes=sorted({*attributes, *said.extra}),
        admits_from=said.admits[0] * 60 if said.admits else None,
        admits_until=said.admits[1] * 60 if said.admits else None,
        main_practitioner=practitioner,
        observed_at=now - timedelta(minutes=said.minutes_old),
        source=Place.Source.PLANNER,
    )


def _places(
    count: int, minutes_old: int, valid_until: datetime | None, now: datetime, keeper: UUID
) -> list[Place]:
    return [
        Place(
            valid_until=valid_until,
            source=Place.Source.PLANNER,
            observed_at=now - timedelta(minutes=minutes_old),
            confirmed_by=keeper,
        )
        for _ in range(count)
    ]


def _until(team: Team, now: datetime) -> datetime:
    """When the visits of this shift can no longer be made."""
    if team.admits is None:
        return shift_end(now)
    today = now.astimezone(AMSTERDAM).date()
    ends = (
        datetime.combine(today + timedelta(days=day), time(team.admits[1]), AMSTERDAM)
        for day in (0, 1)
    )
    return next(end for end in ends if end.timestamp() > now.timestamp())
