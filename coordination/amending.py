"""Asking otherwise: what was asked changes, or the desk lets go of something so that a place fits.

Each verb runs inside an act. Whoever was asked already reads it as it is now.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, Value

from capacity.services import FURTHEST_DAYS
from coordination import moving, steps
from coordination.finding.need import huisarts_area, with_need
from coordination.matching import KINDS, VISITS, Step
from coordination.matching.hard_rules import CLOSED_WARD, ISOLATION
from coordination.matching.terms import OTHER
from coordination.models import CareRequest, Offer
from lzc.errors import N_, NotNow, NotValid
from lzc.events import moment, record, verb
from lzc.models import Actor, PostalArea

#: What may be said anew, by whoever asks and whoever looks.
AMENDABLE = frozenset(
    {
        *("need", "requirements", "wishes", "wish_codes", "needed_by", "near_pc4", "travel_limit"),
        *("beyond", "legal_ground", "who_treats", "consent"),
    }
)
#: What is asked of a provider is no longer what it was.
AMENDED = "offer.amended"
#: Minutes. Further than this nobody is brought for a short stay; nearer excludes next door.
NEAREST, FURTHEST = 5, 300
LATEST = FURTHEST_DAYS * 24 * 60
#: It protects others, or is somebody's judgement: it changes by asking anew, not by letting go.
KEPT = ISOLATION | {CLOSED_WARD}


class Joined(Func):
    """`jsonb || jsonb`: what a provider reads, with this in place of what it said before."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = JSONField()


@verb
def amend(
    request_id: UUID,
    *,
    said: Mapping[str, Any],
    shown: Mapping[str, list[str]] | None = None,
    by: Actor,
) -> CareRequest:
    """What is asked is said anew: what a place must have, near where, how far, on what ground.

    `shown`: the lists as whoever says so saw them; what a colleague changed in them since stays.
    """
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit(made, "amend", by)
    if unknown := said.keys() - AMENDABLE:
        raise NotValid(min(unknown), N_("This cannot be changed here."), code="not_amendable")
    for name, seen in (shown or {}).items():
        if name in said:
            said = {**said, name: _together(getattr(made, name), seen, said[name])}
    changes = {name: value for name, value in said.items() if getattr(made, name) != value}
    if not changes:
        raise NotValid("", N_("This is what is asked already."), code="nothing_new")
    _change(made, "amend", changes, by)
    return made


def _together(now: list[str], seen: list[str], said: list[str]) -> list[str]:
    """What two people did to one list: each of them added some and took some away."""
    kept = [code for code in now if code in said or code not in seen]
    return kept + [code for code in said if code not in seen and code not in now]


@verb
def widen(request_id: UUID, *, taken: Iterable[Step], by: Actor) -> CareRequest:
    """The desk lets go of what was in the way: one step of a proposal, or two together."""
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit(made, "widen", by)
    changes: dict[str, Any] = {}
    asked = copy(made)  # two steps together: the second lets go of what the first left
    for step in taken:
        for name, value in _let_go(asked, step, moment()).items():
            setattr(asked, name, value)
            changes[name] = value
    if not changes:
        raise NotValid("steps", N_("Choose what to let go."))
    _change(made, "widen", changes, by)
    return made


def _let_go(made: CareRequest, step: Step, now: datetime) -> dict[str, Any]:
    """Step: what one step of a relaxation means for what is asked."""
    match step.kind, step.value:
        case "drop", str(what) if what in made.requirements and what not in KEPT:
            left = [code for code in made.requirements if code != what]
            return {"requirements": left, "wish_codes": [*made.wish_codes, what]}
        case "care", str(care) if care in _would_do(made):
            return {"care_types": [*dict.fromkeys([*made.care_types, care])]}
        case "circle", circle if circle == OTHER:
            return {"beyond": True}
        case "travel", int() | float() as minutes:
            return {"travel_limit": _travel(minutes)}
        case "wait", int() | float() as minutes:
            return {"may_wait_until": now + timedelta(minutes=_ahead(minutes))}
        case "later", int() | float() as minutes:
            then = now + timedelta(minutes=_ahead(minutes))
            return {"needed_by": max(then, made.needed_by), "may_wait_until": then}
    if step.kind == "drop" and step.value in made.wish_codes:
        raise NotNow(N_("This was let go already. Look at what fits now."), code="let_go_already")
    raise NotValid(
        "steps",
        N_("This cannot be let go here. Choose one of the proposals: %(known)s."),
        known=", ".join(KINDS),
    )


def _ahead(minutes: float) -> float:
    """A minute more than was said, but not too far: the proposal was made some seconds ago."""
    if not 0 < minutes <= LATEST:
        raise NotValid(
            "steps",
            N_("Choose a moment from now on, at most %(most)s days away."),
            most=FURTHEST_DAYS,
        )
    return min(minutes + 1, LATEST)


def _would_do(made: CareRequest) -> set[str]:
    """Kinds of care that the rules of the region call near to what is asked, of the same sort."""
    near = made.desk.region.rules().neighbour_care
    visits = made.kind == CareRequest.Kind.VISIT
    return {n for care in made.care_types for n in near.get(care, ()) if (n in VISITS) == visits}


def _travel(minutes: float) -> int:
    """Whole minutes: what was measured is rounded up."""
    if not NEAREST - 1 < minutes <= FURTHEST:
        raise NotValid(
            "travel_limit",
            N_("Choose from %(least)s to %(most)s minutes."),
            least=NEAREST,
            most=FURTHEST,
        )
    return ceil(minutes)


def _change(made: CareRequest, name: str, changes: dict[str, Any], by: Actor) -> None:
    """Step: checked as when it was asked first, written, and told to who was asked already."""
    checked(changes)
    told = {f"request.{n}": changes[n] for n in ("need", "wishes") if n in changes}
    steps.reveals_nobody(made.case, told)
    before = ISOLATION & {*made.requirements}
    moving.move(made, name, by, **changes)
    steps.mark_sensitive(made.case, made)
    if {*made.requirements} & ISOLATION - before:
        # A ward that is ready for one infection did not say that it is for another.
        Offer.objects.live().filter(request=made).update(hygiene_at=None)
    retell(made, steps.care_of(made), by)


def retell(made: CareRequest, told: Mapping[str, Any], by: Actor) -> None:
    """Step: what each who holds an offer reads of it from now on. Who does not hear of the request
    itself hears that it changed, and neither of which request nor of which case."""
    shown = Joined(F("profile"), Value(dict(told), JSONField()))
    for row in Offer.objects.live().filter(request=made).select_related("unit"):
        if row.profile | told == row.profile:
            continue
        Offer.objects.filter(pk=row.pk).update(profile=shown)
        row.request, house = made, row.unit.organisation_id
        if house in row.audience() - made.audience():
            record(AMENDED, row.pk, by=by, audience={house}, unit=row.unit_id)


def checked(said: Mapping[str, Any]) -> None:
    """Step: whether these values of a request can be so."""
    if (travel := said.get("travel_limit")) is not None:
        _travel(travel)
    if (pc4 := said.get("near_pc4")) and not PostalArea.objects.filter(pk=pc4).exists():
        raise NotValid("request.near_pc4", N_("We do not know the postcode %(pc4)s."), pc4=pc4)
    if (needed := said.get("needed_by")) is not None:
        steps.in_reach(needed)
    steps.codes_known(said)


def settle(row: Offer) -> None:
    """Step, before one provider is given the patient: what must be agreed on by then."""
    made = row.request
    if steps.is_closed_ward(row):
        _lawful(made)
    if _nobody_treats(row):
        raise NotNow(
            N_(
                "The own huisarts does not come there, or there is none. "
                "Agree on who treats the patient, and write that down first."
            ),
            code="who_treats",
        )
    if _not_ready(row):
        raise NotNow(
            N_(
                "This patient needs isolation, and nobody at %(unit)s said that they are ready. "
                "Offer the patient to them. Offered already? "
                "Take that back and ask again: they must confirm it."
            ),
            code="hygiene",
            unit=row.unit.name,
        )


def _not_ready(row: Offer) -> bool:
    """Promised or booked before isolation was asked for: nobody said that the ward is ready."""
    return row.hygiene_at is None and not ISOLATION.isdisjoint(row.request.requirements)


def _lawful(made: CareRequest) -> None:
    if made.legal_ground == "none_resists":
        raise NotNow(
            N_(
                "The patient resists and there is no legal ground for a closed ward. "
                "Ask the mental health crisis service for an IBS first."
            ),
            code="no_legal_ground",
        )
    if not made.legal_ground:
        raise NotNow(
            N_("A closed ward needs a legal ground. Write down which one, then assign."),
            code="no_legal_ground",
        )


def _nobody_treats(row: Offer) -> bool:
    if row.unit.main_practitioner != "huisarts":
        return False
    area = huisarts_area(with_need(CareRequest.objects.filter(pk=row.request_id)).get())
    return area is not None and row.unit.pc4 not in area
