"""What is known of a person: told once, filled in later, never overwritten. Steps of an intake."""

from typing import Any
from uuid import UUID

from lzc.crypto import blind, seal_bsn
from lzc.errors import N_, NotValid
from lzc.models import Organisation, PostalArea
from lzc.rights import OrganisationKind
from triage.given import PatientIn
from triage.identity import address_key, person_key
from triage.models import Case, Patient

#: Known once, never asked again.
CORE_OF_PERSON = ("name", "birth_date", "address", "telephone")
#: What a later call may add to what is known of a person.
FILLED_IN = (*CORE_OF_PERSON, "estimated_age", "sex", "postcode", "access_notes", "foreign_id")
#: What is chosen from a list in which one choice says that it is not known.
UNTOLD = {"sex": Patient.Sex.UNKNOWN, "no_bsn": Patient.NoBsn.UNKNOWN}


def new_patient(given: PatientIn, area: PostalArea | None) -> Patient:
    known = given.known()
    patient = Patient(
        no_bsn="" if given.bsn else (given.no_bsn or Patient.NoBsn.UNKNOWN),
        foreign_id=given.foreign_id,
        name=given.name,
        birth_date=given.birth_date,
        estimated_age=given.estimated_age,
        sex=given.sex,
        address=given.address,
        postcode=given.postcode,
        town=given.town or (area.town if area else ""),
        telephone=given.telephone,
        access_notes=given.access_notes,
        own_huisarts=_huisarts(given.own_huisarts),
        person_key=known.person_key,
        address_key=known.address_key,
    )
    if given.bsn:
        patient.bsn_index = known.bsn_index
        patient.bsn_sealed = seal_bsn(given.bsn, patient.pk)
    return patient


def _huisarts(organisation_id: UUID | None) -> Organisation | None:
    if organisation_id is None:
        return None
    practice = Organisation.objects.filter(
        pk=organisation_id, kind=OrganisationKind.HUISARTS
    ).first()
    if practice is None:
        raise NotValid("patient.own_huisarts", N_("This is not a huisarts practice we know."))
    return practice


def reentered(case: Case, given: PatientIn) -> list[str]:
    """Core items that were told again although this case knew them."""
    known = case.patient
    return [item for item in CORE_OF_PERSON if getattr(given, item) and getattr(known, item)]


def complete(person: Patient, given: PatientIn, area: PostalArea | None) -> list[str]:
    """Step: what was still unknown of a person is filled in; what is known stays as it is."""
    new = _learned(person, given, area)
    if not new:
        return []
    for name, value in new.items():
        setattr(person, name, value)
    person.person_key = person_key(person.name, person.birth_date)
    person.address_key = address_key(person.postcode, person.address)
    person.save(update_fields=[*new, "person_key", "address_key"])
    return list(new)


def _learned(person: Patient, given: PatientIn, area: PostalArea | None) -> dict[str, Any]:
    """What this caller told that nobody knew."""
    new = {f: getattr(given, f) for f in FILLED_IN if _told(given, f) and not _told(person, f)}
    if not person.town and (given.town or "postcode" in new):
        new["town"] = given.town or (area.town if area else "")
    if given.own_huisarts and not person.own_huisarts_id:
        new["own_huisarts"] = _huisarts(given.own_huisarts)
    if person.bsn_index:
        return new
    if given.bsn:
        new |= {"bsn_index": blind(given.bsn), "bsn_sealed": seal_bsn(given.bsn, person.pk)}
        return new | {"no_bsn": ""}
    if _told(given, "no_bsn") and not _told(person, "no_bsn"):
        new["no_bsn"] = given.no_bsn
    return new


def _told(of: Patient | PatientIn, name: str) -> bool:
    return getattr(of, name) not in ("", None, UNTOLD.get(name))
