"""Turns the demo's data into rows: regions, organisations, desks, people, units and their places.

Ids follow from the data, so that a link into the demo means the same on every machine.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password

from capacity.models import CareUnit, Place
from coordination.demo import areas, limburg, zwolle
from coordination.demo.people import PASSWORD, workers
from coordination.demo.positions import Spot, spots
from coordination.demo.shapes import Area, House, Subregion
from coordination.demo.wards import units_of
from lzc.models import Desk, Membership, Organisation, Policy, PostalArea, Region, User

NAMESPACE = UUID("9d0c5c36-6f0e-4b57-9b0e-6c7a1f0c2d11")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
#: No care provider has an AGB code or URA number in these series.
AGB, URA = 99_990_000, 99_900_000


def made_id(kind: str, slug: str) -> UUID:
    return uuid5(NAMESPACE, f"{kind}:{slug}")


@dataclass
class Ground:
    """Rows not yet written, in the order in which they can be."""

    regions: list[Region] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    areas: list[PostalArea] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    units: list[CareUnit] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def write(self) -> None:
        for rows in self.tables():
            type(rows[0])._default_manager.bulk_create(rows)

    def tables(self) -> list[list[Any]]:
        return [rows for rows in vars(self).values() if rows]

    def counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in vars(self).items()}


def ground(now: datetime) -> Ground:
    made = Ground()
    for area, houses in (
        (areas.ZWOLLE, zwolle.ORGANISATIONS),
        (areas.LIMBURG, limburg.ORGANISATIONS),
    ):
        found = spots(area.towns)
        _regions(made, area, found)
        for number, house in enumerate(houses):
            _organisation(made, area, house, number)
        _units(made, area, houses, found, now)
    _people(made)
    return made


def _regions(made: Ground, area: Area, found: list[Spot]) -> None:
    root = Region(pk=made_id("region", area.slug), slug=area.slug, name=area.name)
    made.regions.append(root)
    made.policies.append(Policy(region=root, version=1, values=area.policy, since=SINCE))
    for sub in area.subregions:
        node = Region(pk=made_id("region", sub.slug), slug=sub.slug, name=sub.name, parent=root)
        made.regions.append(node)
        if sub.policy:
            made.policies.append(Policy(region=node, version=1, values=sub.policy, since=SINCE))
    made.areas += [
        PostalArea(
            pc4=spot.pc4,
            town=spot.town.name,
            region_id=made_id("region", spot.town.subregion),
            x=spot.x,
            y=spot.y,
            lat=spot.lat,
            lon=spot.lon,
        )
        for spot in found
    ]


def _organisation(made: Ground, area: Area, house: House, number: int) -> None:
    serial = len(made.organisations) + 1
    organisation = Organisation(
        pk=made_id("organisation", house.slug),
        name=house.name,
        kind=house.kind,
        region_id=made_id("region", area.slug if house.wide else _subregion(area, house).slug),
        town=house.town,
        agb_code=str(AGB + serial),
        ura=str(URA + serial),
    )
    made.organisations.append(organisation)
    if house.desk:
        made.desks.append(
            Desk(
                pk=made_id("desk", house.slug),
                organisation=organisation,
                region_id=organisation.region_id,
                name=f"{house.name}, {house.desk.lower()}",
                telephone=telephone(_subregion(area, house).area_code, number),
                opening_hours=house.hours,
            )
        )


def _subregion(area: Area, house: House) -> Subregion:
    slug = next(town.subregion for town in area.towns if town.name == house.town)
    return next(sub for sub in area.subregions if sub.slug == slug)


def telephone(area_code: str, number: int) -> str:
    """Numbers that begin with 000 after the area code are given to nobody."""
    return f"{area_code}-000{number + 1:0{7 - len(area_code)}}"


def _units(
    made: Ground, area: Area, houses: Iterable[House], found: list[Spot], now: datetime
) -> None:
    owners = {organisation.pk: organisation for organisation in made.organisations}
    for house in houses:
        keeper = made_id("membership", f"planner.{house.slug}")
        owner = owners[made_id("organisation", house.slug)]
        for number, (unit, places) in enumerate(units_of(house, area, found, now, keeper)):
            unit.pk = made_id("unit", f"{house.slug}:{number}")
            unit.organisation, unit.region_id = owner, owner.region_id
            unit.telephone = telephone(_subregion(area, house).area_code, 200 + len(made.units))
            unit.observed_by = keeper
            made.units.append(unit)
            for bed, place in enumerate(places):
                place.pk = made_id("place", f"{unit.pk}:{bed}")
                place.unit_id = unit.pk
                made.places.append(place)


def _people(made: Ground) -> None:
    """One password for all, so it is hashed once: hashing is meant to be slow."""
    password = make_password(PASSWORD)
    desks = {desk.pk for desk in made.desks}
    for worker in workers():
        first, _, last = worker.name.partition(" ")
        user = User(
            pk=made_id("user", worker.username),
            username=worker.username,
            full_name=worker.name,
            first_name=first,
            last_name=last,
            password=password,
            date_joined=SINCE,
        )
        made.users.append(user)
        for role, slug in worker.works:
            desk = made_id("desk", slug)
            made.memberships.append(
                Membership(
                    pk=made_id("membership", f"{role}.{slug}"),
                    user=user,
                    organisation_id=made_id("organisation", slug),
                    role=role,
                    desk_id=desk if desk in desks else None,
                    since=SINCE,
                )
            )
