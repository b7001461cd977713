"""What the addresses of cases, requests, offers and handovers take."""

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from capacity.attributes import Attribute
from capacity.models import CareType
from coordination.amending import FURTHEST, NEAREST
from coordination.matching import KINDS
from coordination.matching.relaxing import MOST_STEPS
from coordination.models import LEGAL, CareRequest, Offer
from coordination.offering.in_order import MOST
from coordination.states import OfferState, RequestState
from lzc.api.shapes import (
    Choice,
    Code,
    Day,
    Field,
    Id,
    In,
    Many,
    Moment,
    Page,
    Pairs,
    Text,
    Whole,
    YesNo,
    bad,
)
from lzc.errors import N_, NotValid
from triage.identity import clean_bsn, clean_postcode
from triage.models import Contact, Patient, TriageRecord
from triage.services import PatientIn as Person
from triage.services import TriageIn as Judged
from triage.states import CaseState, Ended
from triage.urgency import AlarmSignal, Urgency

OLDEST = 130  # years
#: Every postcode lies between these.
PC4 = (1000, 9999)


class PatientIn(In):
    """What is known of a person. All of it may be unknown; what a case knows is not asked again."""

    example = {
        "bsn": "999900006",
        "name": "P. Pietersen",
        "birth_date": "1942-03-14",
        "sex": "female",
        "address": "Assendorperstraat 1",
        "postcode": "8017 AB",
        "telephone": "06-12345678",
        "access_notes": "Sleutelkluis naast de deur.",
    }
    bsn = Text(12, help_text="Passes the eleven-test; 000000000 is nobody.")
    no_bsn = Choice(Patient.NoBsn, help_text="Why there is none.")
    foreign_id = Text(60)
    name = Text(120)
    birth_date = Day(allow_null=True)
    estimated_age = Whole(0, OLDEST, allow_null=True)
    sex = Choice(Patient.Sex)
    address = Text(120, help_text="Street and house number.")
    postcode = Text(10, help_text="`8017 AB`; the four digits alone will do.")
    town = Text(80)
    telephone = Text(20)
    access_notes = Text(300, help_text="What the next carer needs: key safe, dog, language.")
    own_huisarts = Id(allow_null=True, help_text="Organisation of the person's own huisarts.")
    recognised = Id(allow_null=True, help_text="Who it is by the caller's number: see /callers.")


def person(said: dict[str, Any]) -> Person:
    """The person as verbs know one. What cannot be true is refused, with the field it is in."""
    clean = dict(said)
    if clean.get("bsn"):
        clean["bsn"] = _bsn(clean["bsn"])
    if clean.get("postcode"):
        clean["postcode"] = _postcode(clean["postcode"])
    if clean.get("birth_date"):
        _was_born(clean["birth_date"])
    return Person(**clean)


def _bsn(text: str) -> str:
    found = clean_bsn(text)
    if found is None:
        raise NotValid(
            "patient.bsn",
            N_("This is no BSN: check the nine digits, or leave it empty and say why."),
            code="no_bsn",
        )
    return found


def _postcode(text: str) -> str:
    found = clean_postcode(text)
    if found is None:
        raise NotValid(
            "patient.postcode",
            N_("A postcode looks like 8017 AB; the four digits alone will do."),
            code="no_postcode",
        )
    return found


def _was_born(birth_date: date) -> None:
    today = timezone.localdate()
    if birth_date > today:
        raise NotValid("patient.birth_date", N_("This date of birth lies in the future."))
    if birth_date.year < today.year - OLDEST:
        raise NotValid("patient.birth_date", N_("This date of birth lies too long ago."))


class ContactIn(In):
    """Who called or came, when, about what."""

    example = {
        "kind": "call",
        "asked_by": "citizen",
        "caller": "mevrouw zelf",
        "text": "Ligt op de grond en komt niet overeind.",
        "occurred_at": "2026-11-22T03:10:00+01:00",
        "external_ref": "112-2026-0418",
    }
    kind = Choice([k for k in Contact.Kind if k != Contact.Kind.REPORT])
    asked_by = Choice(Contact.AskedBy)
    caller = Text(120)
    callback = Text(20)
    text = Text(4000, lines=True)
    occurred_at = Moment(allow_null=True, help_text="When it happened; now unless said.")
    external_ref = Text(80, help_text="Your own number of it; may be used once.")
    outcomes = Many(Code(24), most=10, help_text="How it ended for others: police_lift …")


class TriageIn(In):
    """A judgement. A second one says how it stands to the first: `how`, and why when redone."""

    example = {
        "urgency": "U3",
        "complaint": "Gevallen, geen letsel op het oog, te zwak om op te staan.",
        "system": "NTS",
        "alarm_signals": ["second_contact"],
    }
    urgency = Choice(Urgency)
    how = Choice(TriageRecord.How)
    after = Whole(
        0,
        10_000,
        allow_null=True,
        help_text="The number of the triage you read before; refused when there is a newer one.",
    )
    reason = Text(200, lines=True)
    complaint = Text(2000, lines=True)
    system = Text(20)
    code = Text(40)
    abcde = Pairs(most=10)
    alarm_signals = Many(Choice(AlarmSignal), most=len(AlarmSignal))
    treatment_limits = Text(300, lines=True)
    physician = Text(120, help_text="Who confirmed that a U2 may be placed.")


def judged(said: dict[str, Any]) -> Judged:
    return Judged(**said)


class AskIn(In):
    """Zorgvraag: what care is asked. `need` and `wishes` are read by providers before one is
    chosen: no word about who it is."""

    example = {
        "care_types": ["elv_laag"],
        "need": "Heupkneuzing, kan niet zelf naar bed of toilet.",
        "requirements": ["transfer_1"],
    }
    care_types = Many(
        Choice(CareType), most=len(CareType), least=1, required=True, help_text="The wished first."
    )
    need = Text(200, required=True, blank=False)
    desk = Id(allow_null=True, help_text="Who looks for it; the desk of the case unless said.")
    needed_by = Moment(allow_null=True)
    urgency = Choice(Urgency, help_text="Of the newest triage, unless said.")
    requirements = Many(Choice(Attribute), most=len(Attribute))
    wishes = Text(300)
    wish_codes = Many(
        Choice(Attribute), most=len(Attribute), help_text="Would be nice: these rank, no more."
    )
    near_pc4 = Whole(
        *PC4, allow_null=True, help_text="Near which postcode, when not where the patient lives."
    )
    travel_limit = Whole(
        NEAREST, FURTHEST, allow_null=True, help_text="How far at most, in minutes."
    )
    beyond = YesNo(help_text="Another ROAZ region will do as well.")
    legal_ground = Choice(["", *LEGAL], help_text="Of a stay in a closed ward (Wzd).")
    who_treats = Choice(["", *CareRequest.Treats.values], help_text="Where a huisarts must treat.")
    callback = Text(20)
    consent = Choice(CareRequest.Consent)


class AmendIn(In):
    """What is asked from now on; what is left out stays as it is."""

    example = {"requirements": ["transfer_1"], "near_pc4": 5911, "beyond": True}
    need = Text(200, blank=False)
    needed_by = Moment()
    requirements = Many(Choice(Attribute), most=len(Attribute))
    wishes = Text(300)
    wish_codes = Many(Choice(Attribute), most=len(Attribute))
    near_pc4 = Whole(*PC4, allow_null=True)
    travel_limit = Whole(NEAREST, FURTHEST, allow_null=True)
    beyond = YesNo()
    legal_ground = Choice(["", *LEGAL])
    who_treats = Choice(["", *CareRequest.Treats.values])
    consent = Choice(CareRequest.Consent)


class Told(Field, serializers.JSONField):
    """A code, or a number of minutes."""

    MOST = 1_000_000

    def take(self, value: Any) -> str | float:
        if type(value) is str:
            return Code(30).take(value)
        if type(value) not in (int, float):
            raise bad("not_number")
        if not abs(value) <= self.MOST:  # 1e999 is written as a number, and is none
            raise bad("too_large", most=self.MOST)
        return float(value)


class StepIn(In):
    """One step of a relaxation, as `candidates` told it."""

    example = {"kind": "travel", "value": 25.0}
    kind = Choice(KINDS, required=True)
    value = Told(required=True, help_text="A code, or minutes.")


class WidenIn(In):
    """What to let go: the steps of one relaxation."""

    example = {"steps": [StepIn.example]}
    steps = Many(StepIn(), least=1, most=MOST_STEPS, required=True)


class AssessmentIn(In):
    """The decision aid: its answers, what it proposed, what the referrer chose."""

    example = {
        "version": "elv-2",
        "answers": {"life_threat": False, "physician_saw": True, "specialist": True},
        "outcome": "ziekenhuis",
        "chosen": "elv_hoog",
        "deviation": "Wil niet naar het ziekenhuis.",
    }
    version = Text(
        20,
        required=True,
        blank=False,
        help_text="Of the decision aid of your region: then the outcome is checked. Of another: "
        "then it is kept as you say it.",
    )
    answers = Pairs(most=60, required=True)
    outcome = Code(40, required=True)
    chosen = Code(40, required=True)
    deviation = Text(300, lines=True)


class RequestIn(AskIn):
    """The form of somebody who asks: beside the request, what was found, how urgent it is and the
    decision aid, when they are on the same form."""

    draft = YesNo(help_text="Keep it to yourself until you submit it.")
    contact = ContactIn(help_text="The visit or call in which it was found.")
    triage = TriageIn()
    assessment = AssessmentIn()


class FirstAskIn(AskIn):
    """What is asked with the case, and whether the best unit is asked at once."""

    example = AskIn.example | {"offer_best": True}
    offer_best = YesNo(help_text="Ask the best of the ranking at once; for who may offer.")


class CaseIn(In):
    """Somebody asks for care: who, what happened, how urgent, and what is asked. All in one."""

    example = {
        "patient": PatientIn.example,
        "contact": ContactIn.example,
        "triage": TriageIn.example,
        "request": AskIn.example,
    }
    patient = PatientIn(required=True)
    contact = ContactIn()
    triage = TriageIn(allow_null=True)
    request = FirstAskIn(allow_null=True)
    life_threat = YesNo(help_text="Life is in danger: to 112 at once, whatever was judged before.")
    desk = Id(allow_null=True, help_text="The desk that takes it in; your own unless said.")


class CallerIn(In):
    """The number somebody calls from."""

    example = {"telephone": "06-12345678"}
    telephone = Text(20, required=True, blank=False)
    desk = Id(allow_null=True, help_text="The desk that answers; your own unless said.")


class CaseQuery(Page):
    """Which cases: those not closed, unless said."""

    state = Choice(CaseState)


class NoteIn(In):
    """A line for everybody with a part in the case."""

    example = {"text": "Dochter belt morgen om negen uur."}
    text = Text(4000, lines=True, required=True, blank=False)


class SbarIn(In):
    """Situation, background, assessment, recommendation."""

    example = {
        "situation": "Derde val in drie nachten, komt niet zelf overeind.",
        "recommendation": "Vannacht hulp thuis, morgen huisarts.",
    }
    situation = Text(2000, lines=True, required=True, blank=False)
    background = Text(2000, lines=True)
    assessment = Text(2000, lines=True)
    recommendation = Text(2000, lines=True, required=True, blank=False)


class HandoverIn(In):
    """To whom the case goes, and what they must know."""

    example = {"to_desk": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a01", "sbar": SbarIn.example}
    to_desk = Id(required=True)
    sbar = SbarIn(required=True)


class ConfirmIn(In):
    """112 answers: it has the case, under this ritnummer, or it found no life threat."""

    example = {"life_threat": True, "ritnummer": "04-2026-0418-1"}
    life_threat = YesNo(required=True)
    ritnummer = Text(40)


class ReportIn(In):
    """What was found, and how it ended for others."""

    example = {"findings": "Pijn in de heup, kan niet staan.", "outcomes": ["seh_avoided"]}
    findings = Text(4000, lines=True, required=True, blank=False)
    outcomes = Many(Code(24), most=10)


class ReasonIn(In):
    """Why, in a word."""

    example = {"reason": "care_started"}
    reason = Choice(Ended, required=True)


class RefusalIn(In):
    """Why not."""

    example = {"reason": "Niemand meer op de weg."}
    reason = Text(200, required=True, blank=False)


class ReadBackIn(In):
    """What you understood of the handover, in your own words."""

    example = {"read_back": "Valt elke nacht; wij gaan er nu heen en bellen terug."}
    read_back = Text(300, lines=True, required=True, blank=False)


class RequestQuery(Page):
    """Which requests: the open ones, unless said."""

    state = Choice(RequestState, help_text="Every open one unless said.")
    kind = Choice(CareRequest.Kind)
    urgency = Choice(Urgency)
    desk = Id()
    handler = Id(help_text="The membership or system that works on it.")


class WaitIn(In):
    """Who watches the patient until there is a place. Said again: how it is from now on."""

    example = {
        "interim_plan": "De buurvrouw kijkt om het uur; alarm om de hals.",
        "watcher": "Mevrouw Bos, nummer 12",
        "worst_case": "Bij benauwdheid of val: 112.",
    }
    interim_plan = Text(300, required=True, blank=False)
    watcher = Text(120, help_text="Who watches.")
    watch_until = Moment(
        help_text="Until then, at most 31 days away; the desk hears when it has passed."
    )
    worst_case = Text(300, help_text="What to do when it goes wrong after all.")


AGAIN = "Also who refused this patient before."


class OfferIn(In):
    """The ward or team that is asked, or the ones that are asked at the same time."""

    example = {"unit": "0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a10"}
    unit = Id(help_text="Either this one,")
    units = Many(Id(), least=1, most=10, help_text="or these: all of them are asked, or none.")
    undo = YesNo(help_text="Leave some seconds in which to take it back unseen.")
    again = YesNo(help_text=AGAIN)


class CascadeIn(In):
    """Whom to ask one after the other."""

    example = {
        "units": [
            "0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a10",
            "0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a11",
        ]
    }
    units = Many(
        Id(), least=1, most=MOST, help_text="First to last; the ranking of now if left out."
    )


class BookIn(In):
    """A unit that lets the desk decide, and what it must know to begin."""

    example = {"unit": "0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a10", "sbar": SbarIn.example}
    unit = Id(required=True)
    sbar = SbarIn(required=True)
    again = YesNo(help_text=AGAIN)


class OfferQuery(Page):
    """Which offers: those that still ask something, unless said."""

    state = Choice(OfferState, help_text="Every one that still asks something, unless said.")


class AcceptIn(In):
    """You can take the patient."""

    example = {"hygiene": False}
    hygiene = YesNo(help_text="Of somebody who needs isolation: your ward is ready for that.")


class QuestionIn(In):
    """What you need to know first. No word about who you are."""

    example = {"question": "Kan zij traplopen?"}
    question = Text(300, required=True, blank=False)


class ReplyIn(In):
    """The answer to it. No word about who the patient is."""

    example = {"reply": "Nee, alleen gelijkvloers."}
    reply = Text(300, required=True, blank=False)


class DeclineIn(In):
    """Why not, in a code; and a remark when it says more."""

    example = {"reason": "no_staff", "remark": "Vannacht een zieke."}
    reason = Choice(Offer.Reason, required=True)
    remark = Text(300)
    place_gone = YesNo(help_text="The place that was listed is not there.")
    free_from = Moment(
        allow_null=True, help_text="With `only_later`: from when the place can be had."
    )


class FailIn(In):
    """Why a promise cannot be kept."""

    example = {"reason": "no_staff"}
    reason = Choice(Offer.Reason, required=True)
    remark = Text(300)


class AssignIn(In):
    """What the provider must know to begin."""

    example = {"sbar": SbarIn.example}
    sbar = SbarIn(required=True)
