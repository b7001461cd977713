"""The only way to patient data. First it is written down who looks at whom, then it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lzc import access
from lzc.crypto import blind
from lzc.errors import NotSeen
from lzc.events import current
from lzc.models import Action, Actor
from triage.identity import address_key, person_key
from triage.models import Case, Patient


@dataclass(frozen=True)
class Known:
    """What an intake knows of a person, cleaned: enough to look whether we know them."""

    bsn: str = ""
    name: str = ""
    birth_date: date | None = None
    address: str = ""
    postcode: str = ""

    @property
    def bsn_index(self) -> bytes | None:
        return blind(self.bsn) if self.bsn else None

    @property
    def person_key(self) -> str:
        return person_key(self.name, self.birth_date)

    @property
    def address_key(self) -> str:
        return address_key(self.postcode, self.address)


def find(known: Known) -> list[Patient]:
    """Everybody who may be this person, or lives at this address. The search itself is recorded."""
    terms = [t for t in (known.bsn, known.person_key, known.address_key) if t]
    access.opened(Action.SEARCH, [], terms=terms)
    if not terms:
        return []
    wanted = Q()
    if known.bsn:
        wanted |= Q(bsn_index=known.bsn_index)
    if known.person_key:
        wanted |= Q(person_key=known.person_key)
    if known.address_key:
        wanted |= Q(address_key=known.address_key)
    return list(Patient.objects.filter(wanted, merged_into=None, erased_at=None))


def at_address(key: str) -> set[UUID]:
    """Step, after `find`: who else is known at this address."""
    return set(Patient.objects.filter(address_key=key).values_list("pk", flat=True))


def is_same_person(patient: Patient, known: Known) -> bool:
    """The BSN says it; without one, the name and birth date at the same address do.

    Two different BSNs are two people, whatever else is the same.
    """
    if known.bsn and patient.bsn_index:
        return bytes(patient.bsn_index) == known.bsn_index
    if not known.person_key or patient.person_key != known.person_key:
        return False
    return bool(known.address_key) and patient.address_key == known.address_key


def locked_case(case_id: UUID, *, by: Actor, action: Action = Action.UPDATE) -> Case:
    """The case, locked for change, its patient written down as looked at. 404 when not visible."""
    if held := current().held.get(case_id):
        return held
    if not Case.objects.visible_to(by).filter(pk=case_id).exists():
        raise NotSeen
    case = Case.objects.locked(case_id)
    access.opened(action, [case.patient_id], subject=f"case:{case.pk}")
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
    ids = {case.patient_id for case in cases}
    subject = f"case:{cases[0].pk}" if len(cases) == 1 else ""
    access.opened(action, ids, subject=subject)
    patients = Patient.objects.select_related("own_huisarts").in_bulk(list(ids))
    for case in cases:
        case.patient = patients[case.patient_id]
