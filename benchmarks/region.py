"""A region to measure in: a meldkamer, a desk that looks for places, a house with many beds."""

import itertools
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import connection

from capacity import services as capacity
from capacity.models import CareUnit
from coordination import services
from coordination.services import Ask
from lzc import keys
from lzc.events import act
from lzc.models import ApiClient, Desk, Organisation, PostalArea, Region
from lzc.rights import Duty
from triage import services as triage
from triage.services import ContactIn, PatientIn, TriageIn

PC4 = 8017
BEDS_AT_ONCE = 50

#: So many older cases that a plan which reads them all would show.
FILL = """
WITH person AS (
    INSERT INTO triage_patient (id, no_bsn, foreign_id, name, birth_date, sex, address, postcode,
        town, telephone, access_notes, person_key, address_key)
    SELECT gen_random_uuid(), 'unknown', '', 'Oud ' || n, '1940-01-01', 'female', 'Straat ' || n,
        '8017ZZ', 'Zwolle', '', '', 'oud' || n || '|19400101', '8017ZZ|' || n
    FROM generate_series(%(low)s::int, %(high)s::int) n RETURNING id
), old AS (
    INSERT INTO triage_case (id, patient_id, region_id, owner_id, state, close_reason, ritnummer,
        version, sensitivity)
    SELECT gen_random_uuid(), id, %(region)s, %(desk)s, 'open', '', '', 1, '' FROM person
    RETURNING id
), owned AS (
    INSERT INTO triage_involvement (case_id, organisation_id, desk_id, kind)
    SELECT id, %(organisation)s, %(desk)s, 'owner' FROM old RETURNING case_id
)
INSERT INTO triage_contact (id, case_id, organisation_id, actor, kind, asked_by, caller, callback,
    text, occurred_at, external_ref, outcomes, reentered)
SELECT gen_random_uuid(), case_id, %(organisation)s, %(organisation)s, 'call', 'professional', '',
    '', '', now() - interval '1 day', '', '{}', '{}' FROM owned
"""


@dataclass
class Measuring:
    """Who acts in the measurements, and the keys they hold."""

    subregion: Region = field(init=False)
    #: Nobody of one measurement is somebody of another.
    _number: ClassVar[Any] = itertools.count()

    def __post_init__(self) -> None:
        tag = uuid.uuid4().hex[:8]
        root = Region.objects.create(slug=f"b{tag}", name="Meetregio")
        self.subregion = Region.objects.create(slug=f"s{tag}", name="Meten", parent=root)
        PostalArea.objects.get_or_create(
            pc4=PC4,
            defaults={"town": "Zwolle", "region": self.subregion, "x": 203_000, "y": 502_000}
            | {"lat": 52.51, "lon": 6.09},
        )
        self.desk = self._desk("meldkamer")
        self.zcc_desk = self._desk("zcc")
        self.house = self._organisation("vvt")
        self.clients: dict[str, ApiClient] = {}
        self.keys: dict[str, str] = {}
        for name, desk, duties in (
            ("meldkamer", self.desk, (Duty.DESK, Duty.ASK)),
            ("zcc", self.zcc_desk, (Duty.DESK, Duty.ASK)),
            ("house", None, (Duty.ANSWER,)),
        ):
            organisation = desk.organisation if desk else self.house
            issued = keys.issue(organisation, name=name, scopes=duties, desk=desk)
            self.keys[name] = issued.key
            self.clients[name] = keys.client_of(issued.key)

    def _organisation(self, kind: str) -> Organisation:
        return Organisation.objects.create(name=kind, kind=kind, region=self.subregion)

    def _desk(self, kind: str) -> Desk:
        return Desk.objects.create(
            organisation=self._organisation(kind),
            region=self.subregion,
            name=kind,
            telephone="038-0000000",
        )

    def ids(self) -> set[uuid.UUID]:
        """What was there before the act that is measured."""
        found = {self.subregion.pk, self.desk.pk, self.zcc_desk.pk, self.house.pk}
        found |= {self.desk.organisation_id, self.zcc_desk.organisation_id}
        # Of another measurement, perhaps, in the same run.
        found.add(PostalArea.objects.get(pk=PC4).region_id)
        return found | {c.pk for c in self.clients.values()}

    def fill(self, cases: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for low in range(1, cases + 1, 10_000):
                cursor.execute(
                    FILL,
                    {
                        "low": low,
                        "high": min(low + 9_999, cases),
                        "region": self.subregion.pk,
                        "desk": self.desk.pk,
                        "organisation": self.desk.organisation_id,
                    },
                )
            cursor.execute("RESET statement_timeout")

    def case(self) -> dict[str, Any]:
        """What a meldkamer sends: who, what, how urgent, which care."""
        n = next(self._number)
        return {
            "patient": {
                "name": f"Meting {n} {uuid.uuid4().hex[:6]}",
                "birth_date": str(date(1940, 1, 1) + timedelta(days=n)),
                "sex": "female",
                "address": f"Meetstraat {n}",
                "postcode": "8017AB",
                "telephone": f"06{n:08}",
            },
            "contact": {"caller": "zelf", "text": "gevallen, komt niet overeind"},
            "triage": {"urgency": "U3", "complaint": "val", "system": "NTS"},
            "request": {
                "care_types": ["elv_laag"],
                "need": "kan niet alleen thuis blijven",
                "desk": str(self.zcc_desk.pk),
            },
        }

    def headers(self, who: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.keys[who]}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }

    def shot(self, who: str, path: str, body: Any) -> tuple[str, dict[str, str], bytes]:
        return path, self.headers(who), json.dumps(body).encode()

    def offers(self, count: int) -> list[uuid.UUID]:
        """So many offers that wait for an answer, each with a place of its own."""
        made = []
        for low in range(0, count, BEDS_AT_ONCE):
            unit = self._unit(min(BEDS_AT_ONCE, count - low))
            made += [self._offer(unit) for _ in range(min(BEDS_AT_ONCE, count - low))]
        return made

    def unit(self) -> CareUnit:
        """A ward of the house; nothing of it is written yet."""
        return CareUnit(
            organisation=self.house,
            region=self.subregion,
            name="afdeling",
            care_type="elv_laag",
            town="Zwolle",
            pc4=PC4,
            x=203_000,
            y=502_000,
            lat=52.51,
            lon=6.09,
        )

    def _unit(self, beds: int) -> CareUnit:
        unit = self.unit()
        unit.save(force_insert=True)
        house = self.clients["house"]
        with act(by=house):
            capacity.release(unit.pk, count=beds, by=house)
        return unit

    def _offer(self, unit: CareUnit) -> uuid.UUID:
        asked, zcc = self.request(), self.clients["zcc"]
        with act(by=zcc):
            return services.offer(asked, unit_id=unit.pk, by=zcc).pk

    def request(self) -> uuid.UUID:
        """Somebody new is taken in, and a bed is asked."""
        said, meldkamer = self.case(), self.clients["meldkamer"]
        patient = said["patient"] | {"birth_date": date(1940, 1, 1)}
        with act(by=meldkamer):
            case = triage.register(
                patient=PatientIn(**patient), contact=ContactIn(), desk=self.desk, by=meldkamer
            ).case
            triage.triage(case.pk, judged=TriageIn(urgency="U3"), by=meldkamer)
            ask = Ask(["elv_laag"], said["request"]["need"], self.zcc_desk)
            return services.request(case.pk, ask=ask, by=meldkamer).pk
