"""The people of the stories, each at work in an organisation of their own.

A cast is assembled afresh for each test: nothing in LZC can be emptied, so tests are kept apart by
organisation, by postcode and by person.
"""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from capacity.models import CareUnit
from lzc import access
from lzc.events import act
from lzc.models import (
    CLOCK,
    Action,
    Actor,
    ApiClient,
    Desk,
    Event,
    Membership,
    Organisation,
    PostalArea,
    Region,
    User,
)
from lzc.rights import Duty, OrganisationKind, Role
from tests.watch import looking_on
from triage.services import PatientIn

_numbers = itertools.count(1)
DAY = timedelta(days=1)


class Acting:
    """Somebody, or something, that may do a verb. `actor` is what the verb knows it by."""

    actor: Actor

    def does(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """One act, one verb, in their own name."""
        let_constraints_wait()
        with looking_on(), act(by=self.actor, door="test"):
            return verb(*args, by=self.actor, **kwargs)

    @contextmanager
    def looks(self) -> Iterator[None]:
        """An act in which it was written down that patients are looked at."""
        let_constraints_wait()
        with act(by=self.actor, door="test"):
            access.opened(Action.READ, [])
            yield

    def hears(self) -> list[str]:
        """The types of all events this actor may see, oldest first."""
        seen = Event.objects.visible_to(self.actor).after(0)
        return list(seen.values_list("type", flat=True))


def let_constraints_wait() -> None:
    """Under `db` all acts share one transaction, and the first one ends its patience for good."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Clock(Acting):
    actor = CLOCK


class House:
    """An organisation and, where cases can be owned, its desk."""

    def __init__(self, kind: str, name: str, region: Region, *, has_desk: bool = True) -> None:
        self.row = Organisation(kind=kind, name=name, region=region, town="Zwolle")
        self.desk = (
            Desk(organisation=self.row, region=region, name=name, telephone="038-4550100")
            if has_desk
            else None
        )

    @property
    def pk(self) -> uuid.UUID:
        return self.row.pk

    def saved(self) -> "House":
        """One that joins later than the cast was assembled."""
        for row in (self.row, self.desk):
            if row is not None:
                row.save(force_insert=True)
        return self


class Person(Acting):
    """A person with a role at a house, working at its desk when it has one."""

    def __init__(self, house: House, role: str, name: str) -> None:
        self.house = house
        # No password: nobody in these stories logs in by hand.
        self.user = User(username=f"{role}-{next(_numbers)}-{house.pk.hex[:8]}", full_name=name)
        self.actor: Membership = Membership(
            user=self.user, organisation=house.row, role=role, desk=house.desk
        )

    @property
    def desk(self) -> Desk:
        assert self.house.desk, f"{self.house.row} has no desk"
        return self.house.desk


class Machine(Acting):
    """A system of a house, with exactly these scopes."""

    def __init__(self, house: House, *scopes: Duty) -> None:
        self.house = house
        self.actor: ApiClient = ApiClient(
            organisation=house.row,
            desk=house.desk,
            name="system",
            prefix=uuid.uuid4().hex[:12],
            key_hash=b"",
            scopes=list(scopes),
            expires_at=date_of_expiry(),
        )


def date_of_expiry() -> Any:
    from django.utils import timezone

    return timezone.now() + 365 * DAY


@dataclass
class Cast:
    region: Region
    subregion: Region
    pc4: int
    centralist: Person
    triagist: Person
    coordinator: Person
    colleague: Person
    nurse: Person
    huisarts: Person
    planner: Person
    other_planner: Person
    adviser: Person
    stranger: Person
    team: CareUnit
    ward: CareUnit
    other_ward: CareUnit
    clock: Clock

    def people(self) -> list[Person]:
        return [p for p in vars(self).values() if isinstance(p, Person)]

    def patient(self, **known: Any) -> PatientIn:
        """Somebody nobody has heard of yet, of whom everything is known."""
        n = next(_numbers)
        values = {
            "bsn": test_bsn(),
            "name": f"P. {surname(n)}",
            "birth_date": date(1932, 1, 1) + n * DAY,
            "sex": "female",
            "address": f"Assendorperstraat {n}",
            "postcode": f"{self.pc4}AB",
            "telephone": f"06{n:08}",
            "own_huisarts": self.huisarts.house.pk,
        }
        return PatientIn(**values | known)

    def unit(self, house: House, care_type: str, name: str) -> CareUnit:
        """One more ward or team; a fresh last place is had by releasing one there."""
        made = _unit(house, self.subregion, self.pc4, care_type, name)
        made.save(force_insert=True)
        return made

    def person(self, house: House, role: str) -> Person:
        """Somebody else who works there, in another role."""
        made = Person(house, role, role)
        made.user.save(force_insert=True)
        made.actor.save(force_insert=True)
        return made

    def machine(self, house: House, *scopes: Duty) -> Machine:
        made = Machine(house, *scopes)
        made.actor.save(force_insert=True)
        return made


#: Nine digits from the range kept for tests that pass the eleven-test.
_bsns = (
    f"{n:09}"
    for n in itertools.count(999_900_006)
    if sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), f"{n:09}", strict=True)) % 11
    == 0
)


def test_bsn() -> str:
    bsn = next(_bsns)
    assert bsn < "999999999", "the range for tests is used up"
    return bsn


test_bsn.__test__ = False  # type: ignore[attr-defined]


def surname(n: int) -> str:
    """A name of letters only, another one for every number, and no word of the language."""
    letters = ""
    while n:
        n, rest = divmod(n, 20)
        letters = "bcdfghjklmnpqrstvwxz"[rest] + letters
    return f"Pietersen{letters}"


def _unit(house: House, region: Region, pc4: int, care_type: str, name: str) -> CareUnit:
    return CareUnit(
        organisation=house.row,
        region=region,
        name=name,
        care_type=care_type,
        town="Zwolle",
        pc4=pc4,
        x=203_000,
        y=503_000,
        lat=52.51,
        lon=6.09,
        service_area=[pc4] if care_type == "wijkverpleging" else [],
    )


class Each:
    """The same thing for everybody of a cast, under the name they have there.

    It is made when it is first asked for: most tests need two people out of ten.
    """

    def __init__(self, cast: Cast, make: Callable[[Person], Any]) -> None:
        self._cast, self._make = cast, make

    def __getattr__(self, name: str) -> Any:
        person = getattr(self._cast, name)
        assert isinstance(person, Person), f"{name} is nobody"
        made = self._make(person)
        setattr(self, name, made)
        return made


def assemble() -> Cast:
    """A region with a house of each kind and its people; nothing has happened there yet."""
    mark, pc4 = uuid.uuid4().hex[:10], 1000 + next(_numbers) % 9000
    roaz = Region(slug=f"regio-{mark}", name="Regio")
    sub = Region(slug=f"deelregio-{mark}", name="Deelregio", parent=roaz)
    kinds = OrganisationKind
    meldkamer = House(kinds.MELDKAMER, "Meldkamer", sub)
    hap = House(kinds.HAP, "Huisartsenspoedpost", sub)
    zcc = House(kinds.ZCC, "Zorgcentrale", sub)
    thuiszorg = House(kinds.WIJKVERPLEGING, "Thuiszorg Nacht", sub)
    de_vries = House(kinds.HUISARTS, "Huisartsenpraktijk De Vries", sub)
    linde = House(kinds.VVT, "Verpleeghuis De Linde", sub, has_desk=False)
    wilg = House(kinds.VVT, "Verpleeghuis De Wilg", sub, has_desk=False)
    jansen = House(kinds.HUISARTS, "Huisartsenpraktijk Jansen", sub)
    roaz_office = House(kinds.ROAZ, "Bureau", roaz, has_desk=False)
    cast = Cast(
        region=roaz,
        subregion=sub,
        pc4=pc4,
        centralist=Person(meldkamer, Role.CENTRALIST, "Centralist"),
        triagist=Person(hap, Role.TRIAGIST, "Triagist"),
        coordinator=Person(zcc, Role.COORDINATOR, "Coördinator"),
        colleague=Person(zcc, Role.COORDINATOR, "Andere coördinator"),
        nurse=Person(thuiszorg, Role.WIJKVERPLEEGKUNDIGE, "Wijkverpleegkundige"),
        huisarts=Person(de_vries, Role.HUISARTS, "Huisarts"),
        planner=Person(linde, Role.PLANNER, "Planner"),
        other_planner=Person(wilg, Role.PLANNER, "Andere planner"),
        adviser=Person(roaz_office, Role.ADVISER, "Adviseur"),
        stranger=Person(jansen, Role.HUISARTS, "Vreemde"),
        team=_unit(thuiszorg, sub, pc4, "wijkverpleging", "Nachtteam"),
        ward=_unit(linde, sub, pc4, "elv_laag", "De Linde ELV"),
        other_ward=_unit(wilg, sub, pc4, "elv_laag", "De Wilg ELV"),
        clock=Clock(),
    )
    with transaction.atomic():
        _save(cast)
    return cast


def _save(cast: Cast) -> None:
    people = cast.people()
    houses = list({p.house.pk: p.house for p in people}.values())
    cast.region.save(force_insert=True)
    cast.subregion.save(force_insert=True)
    PostalArea.objects.update_or_create(
        pk=cast.pc4,
        defaults={
            "town": "Zwolle",
            "region": cast.subregion,
            "x": 203_000,
            "y": 503_000,
            "lat": 52.51,
            "lon": 6.09,
        },
    )
    Organisation.objects.bulk_create([h.row for h in houses])
    Desk.objects.bulk_create([h.desk for h in houses if h.desk])
    User.objects.bulk_create([p.user for p in people])
    Membership.objects.bulk_create([p.actor for p in people])
    CareUnit.objects.bulk_create([cast.team, cast.ward, cast.other_ward])
