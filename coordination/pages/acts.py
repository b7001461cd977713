"""Which buttons a page has: the moves that are open now, each with the address it is sent to."""

from uuid import UUID

from django.urls import reverse

from coordination import moving
from coordination.models import CareRequest, Handover, Offer
from coordination.moving import MATCHING
from coordination.states import HANDOVER_MOVES, HandoverState
from coordination.steps import unmatchable
from lzc.errors import N_, NotNow
from lzc.models import Actor
from lzc.moves import check, open_to
from lzc.rights import Duty, Role
from triage.models import Case
from triage.states import CASE_MOVES, CaseState, Side

#: Move → the word in the address.
Acts = dict[str, str]
CASE: Acts = {
    "note": "notitie",
    "contact": "contact",
    "triage": "triage",
    "deteriorate": "verslechtert",
    "redirect": "112",
    "confirm_redirect": "112-bevestigen",
    "hand_over": "overdragen",
    "ask": "zorgvraag",
    "close": "sluiten",
    "reopen": "heropenen",
}
REQUEST: Acts = {
    "take": "oppakken",
    "take_over": "overnemen",
    "pass_on": "overdragen",
    "offer": "aanbieden",
    "cascade": "op-volgorde",
    "stop_cascade": "volgorde-stoppen",
    "book": "boeken",
    "wait": "wachten",
    "escalate": "opschalen",
    "amend": "aanpassen",
    "widen": "verruimen",
    "hold": "pauzeren",
    "resume": "hervatten",
    "cancel": "intrekken",
}
OFFER: Acts = {"withdraw": "intrekken", "reply": "antwoorden", "assign": "toewijzen"}
HANDOVER: Acts = {"accept": "overnemen", "refuse": "weigeren", "withdraw": "intrekken"}


def of_case(case: Case, by: Actor, handovers: list[Handover]) -> Acts:
    """What the one who looks can do with the case now."""
    sides = case.sides(by)
    names = open_to(CASE_MOVES, state=case.state, sides=sides, duties=by.duties)
    if any(made.state == HandoverState.OFFERED for made in handovers):
        names = [name for name in names if name != "hand_over"]
    if "reopen" in names and case.open_twin():
        names.remove("reopen")
    if case.state == CaseState.OPEN and Side.PARTY in sides and by.has(Duty.ASK):
        names.append("ask")
    found = {
        name: reverse("case_act", args=[case.reference, CASE[name]])
        for name in names
        if name in CASE
    }
    if "ask" in found and getattr(by, "role", "") == Role.HUISARTS:
        found["ask"] = f"{reverse('request_new')}?casus={case.reference}"
    return found


def must_be_open(found: Acts, name: str, case: Case, by: Actor) -> None:
    """Before a form is shown: may it be sent at all? It saves somebody typing for nothing."""
    if name in found:
        return
    if name in CASE_MOVES:
        check(CASE_MOVES, name, state=case.state, sides=case.sides(by), duties=by.duties)
    if name in MATCHING and (hindrance := unmatchable(case)):
        raise hindrance
    raise NotNow(N_("This has changed in the meantime. Look at how it stands now."), code="not_now")


#: What nobody does with a request while its case is with 112.
SEEKING = {"take", "offer", "cascade", "book", "resume", "resume_assigned"}


def of_request(made: CareRequest, by: Actor, case: Case) -> Acts:
    made.case = case
    names = moving.request_openings(made, by)
    if case.state != CaseState.OPEN:
        names = [name for name in names if name not in SEEKING]
    if "resume_assigned" in names:  # one button, whoever was assigned
        names.append("resume")
    return _addresses("request_act", REQUEST, names, case.reference, made.pk)


def of_offer(offer: Offer, by: Actor, case: Case) -> Acts:
    offer.request.case = case
    names = moving.offer_openings(offer, by)
    return _addresses("offer_act", OFFER, names, case.reference, offer.pk)


def of_handover(made: Handover, by: Actor, reference: str) -> Acts:
    names = open_to(HANDOVER_MOVES, state=made.state, sides=made.sides(by), duties=by.duties)
    return _addresses("handover_act", HANDOVER, names, reference, made.pk)


def _addresses(name: str, words: Acts, moves: list[str], reference: str, pk: UUID) -> Acts:
    return {
        move: reverse(name, args=[reference, pk, words[move]]) for move in moves if move in words
    }
