"""The only way to patient data. First it is written down who looks at whom, then it is read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lzc import access
from lzc.among import among
from lzc.crypto import blind
from lzc.errors import N_, NotAllowed, NotSeen
from lzc.events import current
from lzc.models import Action, Actor
from triage.identity import address_key, person_key
from triage.models import Case, Patient, TriageRecord

#: Of an access record: somebody was found by the number of their telephone.
BY_NUMBER = "by number"
#: A number that more people share than these, such as that of a home, recognises nobody.
MOST_CALLERS = 5


@dataclass(frozen=True)
class Known:
    """What an intake knows of a person, cleaned: enough to look whether we know them."""

    bsn: str = ""
    name: str = ""
    birth_date: date | None = None
    address: str = ""
    postcode: str = ""
    #: The number the call comes from, and whom the desk recognised by it.
    telephone: str = ""
    recognised: UUID | None = None

    @property
    def bsn_index(self) -> bytes | None:
        return blind(self.bsn) if self.bsn else None

    @property
    def person_key(self) -> str:
        return person_key(self.name, self.birth_date)

    @property
    def address_key(self) -> str:
        return address_key(self.postcode, self.address)


#: Written out, for everybody who is taken in is sought so; what is not known is like nobody.
MAY_BE = """
SELECT * FROM triage_patient
WHERE merged_into_id IS NULL AND erased_at IS NULL AND (
    bsn_index = %(bsn)s::bytea OR person_key = %(person)s::text OR address_key = %(address)s::text
    OR (id = %(recognised)s::uuid AND telephone = %(telephone)s::text)
)
"""


def find(known: Known) -> list[Patient]:
    """Everybody who may be this person, or lives at this address. The search itself is recorded."""
    by_number = known.telephone if known.recognised else ""
    terms = [t for t in (known.bsn, known.person_key, known.address_key, by_number) if t]
    access.opened(Action.SEARCH, [], terms=terms)
    if not terms:
        return []
    _one_at_a_time(known.person_key)
    told = {
        "bsn": known.bsn_index,
        "person": known.person_key or None,
        "address": known.address_key or None,
        "recognised": known.recognised if by_number else None,
        "telephone": by_number,
    }
    return list(Patient.objects.raw(MAY_BE, told))


def alike(known: Known, *, subject: str) -> list[Patient]:
    """Who this may be: by BSN, or by name, birth date and PC4. Asked before anything is sent.

    The search is recorded, and so is whoever was found.
    """
    near = known.postcode[:4] if known.person_key else ""
    terms = [t for t in (known.bsn, near and f"{known.person_key}|{near}") if t]
    if not terms:
        return []
    access.opened(Action.SEARCH, [], subject=subject, terms=terms)
    wanted = Q(bsn_index=known.bsn_index) if known.bsn else Q()
    if near:
        wanted |= Q(person_key=known.person_key, postcode__startswith=near)
    rows = Patient.objects.filter(wanted, merged_into=None, erased_at=None)
    found = [patient for patient in rows if not _two_numbers(patient, known)]
    if found:
        access.opened(Action.LIST, [patient.pk for patient in found], subject=subject)
    return found


def _two_numbers(patient: Patient, known: Known) -> bool:
    """Two different BSNs are two people, whatever else is the same."""
    both = known.bsn and patient.bsn_index
    return bool(both) and bytes(patient.bsn_index or b"") != known.bsn_index


def hold_person(patient: Patient) -> Patient | None:
    """Step: this person as they stand now; until this act ends nobody else completes their row.

    None when the row is somebody's no longer. The person comes before the case: two who take in
    the same person wait for each other here, and the second one finds the case of the first.
    """
    alive = Patient.objects.filter(pk=patient.pk, merged_into=None, erased_at=None)
    return alive.select_for_update(no_key=True).first()


def _one_at_a_time(key: str) -> None:
    """Until this act ends others who look for the same person wait, and then find them."""
    if key:
        number = int.from_bytes(blind(key)[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def calling_from(telephone: str) -> list[Patient]:
    """Who is known by this number: candidates, until the desk has asked who is on the line."""
    access.opened(Action.SEARCH, [], terms=[telephone])
    if not telephone:
        return []
    known = Patient.objects.filter(telephone=telephone, merged_into=None, erased_at=None)
    found = list(known.order_by("name", "pk")[: MOST_CALLERS + 1])
    if len(found) > MOST_CALLERS:
        return []
    if found:
        people = [patient.pk for patient in found]
        access.opened(Action.LIST, people, subject=BY_NUMBER, terms=[telephone])
    return found


def at_address(key: str) -> set[UUID]:
    """Step, after `find`: who else is known at this address."""
    return set(Patient.objects.filter(address_key=key).values_list("pk", flat=True))


def is_same_person(patient: Patient, known: Known) -> bool:
    """The BSN says it; else the desk that recognised the caller; else name, birth date and address.

    Two different BSNs are two people, whatever else is the same.
    """
    if known.bsn and patient.bsn_index:
        return bytes(patient.bsn_index) == known.bsn_index
    if known.recognised:
        return patient.pk == known.recognised
    if not known.person_key or patient.person_key != known.person_key:
        return False
    return bool(known.address_key) and patient.address_key == known.address_key


def may_know_who(by: Actor) -> None:
    """Step: who only serves has no record of anybody, so takes nobody in and looks nobody up."""
    if not by.keeps_records:
        raise NotAllowed(
            N_("Your organisation may not have a record. Call the care coordination centre."),
            code="no_records",
        )


def locked_case(case_id: UUID, *, by: Actor, action: Action = Action.UPDATE) -> Case:
    """The case, locked for change, its patient written down as looked at. 404 when not visible."""
    if held := current().held.get(case_id):
        return held
    if not Case.objects.visible_to(by).filter(pk=case_id).exists():
        raise NotSeen
    return _locked(case_id, action)


def case_of_party(case_id: UUID) -> Case:
    """Step: the case, locked, for whoever is party to a request in it; it need not see the case.

    Who only serves reads nothing of the patient by it, and is not written down to have done so.
    """
    this = current()
    if held := this.held.get(case_id):
        return held
    if not this.by.keeps_records and this.by.organisation_id:
        return hold(Case.objects.locked(case_id))
    return _locked(case_id, Action.UPDATE)


def _locked(case_id: UUID, action: Action) -> Case:
    case = Case.objects.locked(case_id)
    access.opened(
        action, [case.patient_id], subject=f"case:{case.pk}", sensitivity=case.sensitivity
    )
    return hold(case)


def hold(case: Case) -> Case:
    """Step: this act has the case locked, or made it; its next verb need not look again."""
    current().held[case.pk] = case
    return case


def read_case(case_id: UUID, *, by: Actor) -> Case:
    """The case with its patient, to show. 404 when not visible."""
    case = (
        Case.objects.visible_to(by)
        .filter(pk=case_id)
        .select_related("region", "owner__organisation")
        .first()
    )
    if case is None:
        raise NotSeen
    attach_patients([case], action=Action.READ)
    return case


def attach_patients(cases: Iterable[Case], *, action: Action = Action.LIST) -> None:
    """Step: one record and one query for the patients of these cases, already found visible."""
    cases = list(cases)
    people = Patient.objects.select_related("own_huisarts")
    patients = people.in_bulk(list(_opened(cases, action)))
    for case in cases:
        case.patient = patients[case.patient_id]


def told_of(cases: Iterable[Any], *columns: str) -> dict[UUID, Any]:
    """Step: these columns of the patients of many cases, already found visible, and no more."""
    ids = _opened(list(cases), Action.LIST)
    people = Patient.objects.filter(among("pk", ids)).values_list("pk", *columns, named=True)
    return {person.pk: person for person in people}


def _opened(cases: Sequence[Any], action: Action) -> set[UUID]:
    """Step: one record for all of them. Whom they are about."""
    ids = {case.patient_id for case in cases}
    subject = f"case:{cases[0].pk}" if len(cases) == 1 else ""
    sensitivity = max((case.sensitivity for case in cases), default="")
    access.opened(action, ids, subject=subject, sensitivity=sensitivity)
    return ids


def called(people: Mapping[UUID, Any], words: Collection[str]) -> set[UUID]:
    """Step, after `told_of`: those whose name has all of these words."""
    access.opened(Action.SEARCH, [], terms=words)
    return {pk for pk, one in people.items() if all(_named(one.name, word) for word in words)}


def _named(name: str, word: str) -> bool:
    return any(part.startswith(word) for part in name.casefold().split())


def attach_triage(cases: Iterable[Case]) -> None:
    """Step, when it was written down who looks: the newest judgement of each, in one query."""
    cases = list(cases)
    rows = TriageRecord.objects.filter(case__in=[case.pk for case in cases])
    newest = {row.case_id: row for row in rows.order_by("case", "-number").distinct("case")}
    for case in cases:
        case.newest_triage = newest.get(case.pk)
