"""What the addresses of cases, requests, offers and handovers give: what is listed, no more."""

from rest_framework import serializers

from lzc.api.answers import Out, When
from lzc.api.ground import DeskRef, OrganisationOut

Uuid, Str = serializers.UUIDField, serializers.CharField
Int, Bool = serializers.IntegerField, serializers.BooleanField


class Strs(serializers.ListField):
    child = serializers.CharField()


class Uuids(serializers.ListField):
    child = serializers.UUIDField()


class SignalOut(Out):
    """Something a professional should know before the triage ends. `recurrence`: this person or
    address was heard of before; `contacts` counts this one too."""

    example = {
        "code": "recurrence",
        "contacts": 3,
        "hours": 72,
        "person": 3,
        "address": 3,
        "suggests": "second_contact",
    }
    code = Str()
    contacts = Int()
    hours = Int()
    person = Int()
    address = Int()
    suggests = Str(help_text="An alarm signal for the triage.")


class CaseRef(Out):
    """A case, where something else is told."""

    id = Uuid()
    reference = Str()


class PatientOut(Out):
    """Whom it is about. `label` is the name, or a visible temporary identity."""

    id = Uuid()
    label = Str()  # type: ignore[assignment]
    bsn = Str()
    no_bsn = Str()
    foreign_id = Str()
    name = Str()
    birth_date = serializers.DateField(allow_null=True)
    estimated_age = Int(allow_null=True)
    sex = Str()
    address = Str()
    postcode = Str()
    town = Str()
    telephone = Str()
    access_notes = Str()
    own_huisarts = OrganisationOut(allow_null=True)


class PatientRef(Out):
    """Enough to know on a list whom it is about."""

    label = Str()  # type: ignore[assignment]
    birth_date = serializers.DateField(allow_null=True)
    town = Str()


class InvolvementOut(Out):
    """A part in the case, from when until when: who may see it and is told of it."""

    kind = Str()
    organisation = OrganisationOut()
    desk = DeskRef(allow_null=True)
    since = When()
    until = When(allow_null=True)


class ContactOut(Out):
    """Contactmoment: who called or came, when, about what."""

    id = Uuid()
    kind = Str()
    asked_by = Str()
    caller = Str()
    callback = Str()
    text = Str()
    occurred_at = When()
    registered_at = When()
    late = Bool(source="is_late_entry", help_text="Entered afterwards.")
    external_ref = Str()
    outcomes = Strs()
    reentered = Strs(help_text="Core items that were asked again. The aim is none.")
    organisation = OrganisationOut()
    by = Str()


class TriageOut(Out):
    """One judgement of urgency and complaint, and how it stands to the one before."""

    id = Uuid()
    number = Int()
    how = Str()
    reason = Str()
    urgency = Str()
    complaint = Str()
    system = Str()
    code = Str()
    abcde = serializers.DictField()
    alarm_signals = Strs()
    treatment_limits = Str()
    physician = Str()
    at = When()
    organisation = OrganisationOut()
    by = Str()


class AssessmentOut(Out):
    """The decision aid: what it proposed, and what the referrer chose."""

    id = Uuid()
    version = Str()
    answers = serializers.DictField()
    outcome = Str()
    chosen = Str()
    deviation = Str()
    at = When()
    organisation = OrganisationOut()
    by = Str()


class NoteOut(Out):
    """A line in the case."""

    id = Uuid()
    text = Str()
    at = When()
    organisation = OrganisationOut()
    by = Str()


class SbarOut(Out):
    """Situation, background, assessment, recommendation."""

    situation = Str()
    background = Str(default="")
    assessment = Str(default="")
    recommendation = Str()


class HandoverOut(Out):
    """The case, handed from desk to desk."""

    id = Uuid()
    case = CaseRef()
    from_desk = DeskRef()
    to_desk = DeskRef()
    sbar = SbarOut(source="*")
    state = Str()
    read_back = Str()
    reason = Str()
    offered_at = When()
    answered_at = When(allow_null=True)
    moves = Strs()


class PassingOut(Out):
    """A claim on its way to the next shift: ids and times, no word about who it is."""

    id = Uuid()
    request = Uuid(source="request_id")
    giver = Uuid()
    state = Str()
    offered_at = When()
    accept_before = When()
    escalated_at = When(allow_null=True)
    calls = Str(help_text="Whom of the ladder to call about it, until it is accepted.")
    called_at = When(allow_null=True)
    moves = Strs()


class ToldHandoverOut(HandoverOut):
    """A handover in the story of its case: also who did it."""

    offered_by = Str(source="offered_by_name")
    answered_by = Str(source="answered_by_name")


class RequestOut(Out):
    """Zorgvraag: what care is asked, and how that stands."""

    id = Uuid()
    kind = Str()
    care_types = Strs()
    urgency = Str()
    need = Str()
    requirements = Strs()
    wishes = Str()
    wish_codes = Strs()
    near_pc4 = Int(allow_null=True, help_text="Near which postcode, when not the patient's own.")
    travel_limit = Int(allow_null=True, help_text="How far at most, in minutes.")
    beyond = Bool(help_text="Another ROAZ region will do as well.")
    may_wait_until = When(allow_null=True, help_text="Until when the place may be waited for.")
    legal_ground = Str(help_text="Of a stay in a closed ward (Wzd).")
    who_treats = Str(help_text="Who is the main practitioner during a stay.")
    callback = Str()
    consent = Str()
    needed_by = When()
    state = Str()
    version = Int()
    requester = OrganisationOut()
    desk = DeskRef()
    handler = Uuid(allow_null=True)
    provider = OrganisationOut(allow_null=True)
    interim_plan = Str()
    watcher = Str(help_text="Who watches until there is a place.")
    watch_until = When(allow_null=True)
    worst_case = Str(help_text="What to do when it goes wrong after all.")
    escalated_to = Str(help_text="The highest step of the ladder that was called.")
    escalated_at = When(allow_null=True)
    told_units = serializers.ListField(
        child=Uuid(), help_text="Where a place came free that fits, while it waited."
    )
    places_told_at = When(allow_null=True)
    end_reason = Str()
    created_at = When()
    submitted_at = When(allow_null=True)
    assigned_at = When(allow_null=True)
    started_at = When(allow_null=True)
    ended_at = When(allow_null=True)
    moves = Strs()


class RequestRow(RequestOut):
    """On the work list. `case` and `patient` are told while you have a part in the case."""

    case = CaseRef(source="told_case", allow_null=True)
    patient = PatientRef(source="told_patient", allow_null=True)
    live_offers = Int(help_text="Offers that hold a place for it now.")


class UnitRef(Out):
    """A ward or team, where something else is told."""

    id = Uuid()
    name = Str()
    care_type = Str()
    town = Str()
    organisation = OrganisationOut()


class ProfileOut(Out):
    """The first stage: enough to say yes or no, too little to know who it is."""

    age_band = Str()
    sex = Str()
    pc4 = Int(allow_null=True)
    town = Str()
    kind = Str()
    care_types = Strs()
    urgency = Str()
    needed_by = Str()
    need = Str()
    requirements = Strs()
    wishes = Str()


class OfferOut(Out):
    """Aanbod. `request`, `case` and `sbar` are told to who asks and looks; to a provider once it
    was assigned, and no longer than it gives the care. `profile` and `reply` are told to a provider
    for as long as it is asked, or gives the care."""

    id = Uuid()
    unit = UnitRef()
    profile = ProfileOut(source="told_profile", allow_null=True)
    state = Str()
    visible_from = When()
    answer_before = When()
    promised_until = When(allow_null=True)
    prompted_at = When(allow_null=True, help_text="When the desk was told to telephone.")
    reason = Str()
    free_from = When(allow_null=True, help_text="Not in time, but later: from then.")
    remark = Str()
    question = Str()
    reply = Str(source="told_reply")
    answered_at = When(allow_null=True)
    departed_at = When(allow_null=True)
    started_at = When(allow_null=True)
    ended_at = When(allow_null=True)
    read_back_at = When(allow_null=True)
    hygiene_at = When(
        allow_null=True, help_text="When the provider said that its ward is ready for isolation."
    )
    moves = Strs()
    request = Uuid(source="told_request", allow_null=True)
    case = Uuid(source="told_case", allow_null=True)


class ScoresOut(Out):
    """The right care, place, carer and time, each 0 to 1; their total as the region weighs."""

    care = serializers.FloatField()
    place = serializers.FloatField()
    carer = serializers.FloatField()
    time = serializers.FloatField()
    total = serializers.FloatField()


class DecisionOut(Out):
    """What the choice to ask this unit rested on, at that moment."""

    policy = Str(help_text="Which rules and weights decided.")
    number = Int(allow_null=True, help_text="Its place in the ranking; null: it was not in it.")
    of = Int(allow_null=True, help_text="How many candidates there were.")
    scores = ScoresOut(allow_null=True)
    remarks = Strs()
    reasons = Strs(help_text="Why it was not in the ranking.")


class OfferTold(OfferOut):
    """One offer with its handover."""

    sbar = SbarOut(source="told_sbar", allow_null=True)
    read_back = Str(source="told_read_back")
    decision = DecisionOut(source="told_decision", allow_null=True, help_text="Told to the desk.")


class RequestTold(RequestRow):
    """A request with the offers made for it, as far as they are yours to see."""

    cascade = Uuids(help_text="Units that are asked next when nobody says yes, in this order.")
    cascade_since = When(allow_null=True, help_text="Since when they are asked in that order.")

    offers = OfferOut(source="offers_told", many=True)


class CaseOut(Out):
    """Casus: everything around one patient's episode. What was told once is here, filled in."""

    id = Uuid(source="case.pk")
    reference = Str(source="case.reference")
    state = Str(source="case.state")
    version = Int(source="case.version")
    region = Str(source="case.region.slug")
    opened_at = When(source="case.opened_at")
    closed_at = When(source="case.closed_at", allow_null=True)
    close_reason = Str(source="case.close_reason")
    redirected_at = When(source="case.redirected_at", allow_null=True)
    ritnummer = Str(source="case.ritnummer")
    patient = PatientOut(source="case.patient")
    urgency = Str()
    complaint = Str()
    owner = DeskRef(source="case.owner")
    owners = InvolvementOut(many=True, help_text="Every desk that owned it, in order.")
    involvements = InvolvementOut(many=True)
    contacts = ContactOut(many=True, help_text="Newest first.")
    triage = TriageOut(many=True, help_text="Newest first.")
    assessments = AssessmentOut(many=True)
    requests = RequestOut(many=True)
    handovers = ToldHandoverOut(many=True)
    notes = NoteOut(many=True)
    signals = SignalOut(many=True)
    reentries = Int(help_text="Core items that were asked again. The aim is none.")
    moves = Strs(help_text="What you could do now.")


class CallerOut(Out):
    """Somebody who is known by this number. A telephone may be lent: ask who is on the line."""

    id = Uuid(source="patient.pk", help_text="For `patient.recognised`.")
    label = Str(source="patient.label")  # type: ignore[assignment]
    birth_date = serializers.DateField(source="patient.birth_date", allow_null=True)
    town = Str(source="patient.town")
    calls = Int(help_text="How often they called lately.")
    hours = Int(help_text="How many hours are lately.")


class CallersOut(Out):
    """Who it may be."""

    callers = CallerOut(many=True)


class CaseRow(Out):
    """A case on a list."""

    id = Uuid()
    reference = Str()
    state = Str()
    opened_at = When()
    owner = DeskRef()
    patient = PatientRef()
    urgency = Str()


class CandidateOut(Out):
    """A unit that could take this patient now, and what to know before asking."""

    unit = UnitRef()
    scores = ScoresOut()
    free = Int(help_text="Places that fit.")
    place = Strs(help_text="What the place to hold has of its own.")
    freshness = Str()
    observed_at = When(allow_null=True)
    travel_minutes = serializers.FloatField(allow_null=True)
    ready_in = serializers.FloatField(
        allow_null=True, help_text="Minutes until care could start, at the earliest."
    )
    wish = Int(help_text="0: the kind of care that was wished first.")
    remarks = Strs()
    blocks_assignment = serializers.BooleanField(
        help_text="It may be asked, but not be given the patient yet."
    )


class ExcludedOut(Out):
    """A unit that cannot, and why."""

    unit = UnitRef()
    reasons = Strs()


class StepOut(Out):
    """One thing that is let go."""

    kind = Str(help_text="drop, travel, wait, later, care or circle.")
    value = serializers.JSONField(help_text="A code, or minutes.")


class RelaxationOut(Out):
    """What would help, tried by matching again, and what it yields."""

    steps = StepOut(many=True)
    units = serializers.ListField(child=Uuid())
    places = Int()


class CandidatesOut(Out):
    """Best first; why the others cannot; and when nothing fits, what would help."""

    candidates = CandidateOut(many=True)
    excluded = ExcludedOut(many=True)
    relaxations = RelaxationOut(many=True)
    policy = Str(help_text="Which rules decided.")
