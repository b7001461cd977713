"""The word for every code a person meets on a page. Codes are for machines, words for people.

A test holds this beside the enumerations: no code without a word, no word without a code.
"""

from datetime import datetime
from functools import cache
from math import ceil

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, dict[str, str | Promise]] = {
    "role": {
        "centralist": _("dispatcher"),
        "triagist": _("triage nurse"),
        "coordinator": _("coordinator"),
        "wijkverpleegkundige": _("district nurse"),
        "huisarts": _("GP"),
        "planner": _("planner"),
        "adviser": _("adviser"),
        "security": _("security officer"),
    },
    "organisation": {
        "meldkamer": _("Ambulance dispatch centre"),
        "hap": _("Out-of-hours GP"),
        "zcc": _("Care coordination centre"),
        "huisarts": _("GP practice"),
        "wijkverpleging": _("District nursing"),
        "vvt": _("Care home"),
        "ziekenhuis": _("Hospital"),
        "ggz": _("Mental health care"),
        "gemeente": _("Municipality"),
        "roaz": _("Acute care network"),
    },
    "care": {
        "elv_laag": _("Short stay, low complexity"),
        "elv_hoog": _("Short stay, high complexity"),
        "elv_palliatief": _("Short stay, palliative"),
        "grz": _("Geriatric rehabilitation"),
        "wlz_crisis": _("Temporary long-term-care stay"),
        "respijt": _("Respite stay"),
        "observatie": _("Observation at home"),
        "hospice": _("Hospice"),
        "wijkverpleging": _("Urgent district nursing"),
    },
    "care_hint": {
        "elv_laag": _("Recovery from one clear complaint. You stay the treating doctor."),
        "elv_hoog": _("Several conditions at once. A geriatric specialist treats."),
        "elv_palliatief": _("Life expectancy shorter than 3 months."),
    },
    # The questions of the decision aid for a short stay (`triage.elv`).
    "aid": {
        "life_threat": _("Is life in danger, or may breathing, blood flow or consciousness fail?"),
        "physician_saw": _("Has a physician seen or assessed the patient for this?"),
        "specialist": _("Is a hospital needed now, for tests or treatment?"),
        "psychiatry": _(
            "Is an acute psychiatric problem or an addiction the main problem, or does the patient "
            "resist admission?"
        ),
        "safe_home": _("Is it safe at home tonight, with extra care, a carer or aids?"),
        "wlz": _("Does the patient have an indication for long-term care (Wlz), used or not?"),
        "wlz_soon": _(
            "Is a Wlz indication expected within 2 weeks, and did things suddenly become so unsafe "
            "that admission cannot wait 24 hours?"
        ),
        "medical": _(
            "Is the stay needed for medical reasons: treatment, tests, watching, or nursing at "
            "any hour?"
        ),
        "carer": _(
            "If not: has the carer dropped out, and does the patient need a watchful eye, nursing "
            "that cannot be planned, or help with washing, dressing and eating?"
        ),
        "rehabilitation": _("Are there goals for rehabilitation, and can the patient train?"),
        "terminal": _("Is life expectancy shorter than 3 months?"),
        "complex": _("Several problems at once, or is a geriatric specialist needed?"),
        "return_home": _("Is the patient expected to go home again afterwards?"),
    },
    "aid_source": {
        "lhv": "LHV, afwegingsinstrument",
        "tip": "TIP Haaglanden",
        "verenso": "Verenso",
        "zorgbedwijzer": "Zorgbedwijzer",
        "zorgkantoor": "Zorg en Zekerheid",
        "land_van_horne": "Land van Horne",
        "practice": _("usual practice"),
        "own": _("proposal of LZC"),
        "region": _("your own region"),
    },
    # What the decision aid proposes when no place is sought.
    "elsewhere": {
        "ambulance": _("call 112 now"),
        "physician": _("first an assessment by a GP or the out-of-hours GP"),
        "ziekenhuis": _("hospital or emergency department"),
        "ggz": _("mental health crisis service"),
    },
    "aid_beside": {
        "wlz_route": _("start the request for long-term care (Wlz) now"),
    },
    "sex": {
        "female": pgettext_lazy("sex", "F"),
        "male": pgettext_lazy("sex", "M"),
        "other": "X",
        "unknown": "?",
    },
    "sex_long": {
        "female": _("woman"),
        "male": _("man"),
        "other": _("person"),
        "unknown": _("person"),
    },
    "request": {
        "draft": _("Draft"),
        "submitted": _("New"),
        "searching": _("Searching for a place"),
        "waiting": _("On the waiting list"),
        "on_hold": _("On hold"),
        "assigned": _("Place found"),
        "started": _("Care started"),
        "closed": _("Closed"),
        "cancelled": _("Cancelled"),
    },
    # What is mailed too, so no word about a person, a place or a case.
    "notice": {
        "taken": _("Your request is picked up by the care coordination centre"),
        "found": _("There is a place: open the message for the time and whom to contact"),
        "waiting": _("Nothing fits yet: your request is on the waiting list"),
        "lost": _("The place fell through: the coordinator looks further"),
        "cancelled": _("Your request is withdrawn by the coordinator"),
    },
    "offer": {
        "sent": _("Sent"),
        "asked": _("Question asked"),
        "accepted": _("Promised"),
        "assigned": _("Assigned"),
        "started": _("Care started"),
        "completed": _("Completed"),
        "declined": _("Refused"),
        "expired": _("Expired, no answer"),
        "withdrawn": _("Withdrawn"),
        "failed": _("Promise could not be kept"),
    },
    "handover": {
        "offered": _("Offered"),
        "accepted": _("Taken over"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
    },
    "case": {"open": _("Open"), "redirected": _("With 112"), "closed": _("Closed")},
    "reason": {
        "no_capacity": _("No bed free any more"),
        "no_staff": _("Not enough staff"),
        "too_heavy": _("Care need too heavy for this place"),
        "does_not_fit": _("Care need does not fit this ward"),
        "only_later": _("Not in time, but later"),
        "no_isolation": _("Isolation or infection not possible"),
        "no_equipment": _("Medication or equipment not possible"),
        "needs_closed_ward": _("Secure ward needed, not available"),
        "admission_stop": _("Admission stop"),
        "too_little_information": _("Not enough information"),
        "contract": _("No contract with the insurer"),
        "other": _("Other reason"),
    },
    "requirement": {
        "transfer_1": _("help with transfer, 1 person"),
        "transfer_2": _("help with transfer, 2 persons"),
        "anticoagulation": _("anticoagulants"),
        "insulin": _("insulin"),
        "oxygen": _("oxygen"),
        "catheter": _("catheter or stoma"),
        "wandering": _("confused or wandering"),
        "isolation": _("isolation"),
        "isolation_contact": _("contact isolation"),
        "isolation_strict": _("strict isolation"),
        "single_room": _("single room"),
        "women": _("room for women"),
        "men": _("room for men"),
        "bariatric": _("bariatric"),
        "hoist": _("hoist"),
        "iv_antibiotics": _("intravenous antibiotics"),
        "pump": _("medication pump"),
        "tube_feeding": _("tube feeding"),
        "vac": _("vacuum wound therapy"),
        "peritoneal_dialysis": _("peritoneal dialysis"),
        "tracheostomy": _("tracheostomy"),
        "closed_ward": _("secure ward"),
    },
    "excluded": {
        "other_care": _("gives other care"),
        "elsewhere": _("is in another region"),
        "asked": _("already asked"),
        "refused": _("refused"),
        "stopped": _("takes nobody now"),
        "outside_area": _("does not come to this postcode"),
        "too_far": _("too far"),
        "held": _("last place is being held"),
        "full": _("full"),
        "closed_now": _("does not admit at this hour"),
        "too_late": _("cannot be there in time"),
        "lacks": _("cannot give everything"),
        "lacks_by_night": _("cannot give everything by night"),
        "isolation": _("isolation not possible"),
        "women_only": _("place in a room for women"),
        "men_only": _("place in a room for men"),
        "no_ground": _("secure ward, and no legal ground"),
    },
    # The same, when it is known what, until when, how far.
    "excluded_value": {
        "elsewhere": _("is in {what}"),
        "stopped": _("takes nobody now: {what}"),
        "too_far": _("too far: {what} min"),
        "held": _("last place is being held until {what}"),
        "closed_now": _("admits again from {what}"),
        "too_late": _("can be there from {what}, too late"),
        "lacks": _("cannot give: {what}"),
        "lacks_by_night": _("cannot give by night: {what}"),
        "isolation": _("cannot give: {what}"),
    },
    "circle": {
        "0": _("the own subregion"),
        "1": _("the neighbouring subregion"),
        "2": _("another region"),
    },
    "remark": {
        "call_first": _("unknown, call first"),
        "old": _("old, call first"),
        "ageing": _("some hours old"),
        "silent": _("did not answer lately, call"),
        "no_ground": _("resists: legal ground needed before assigning, call the GGZ crisis team"),
        "ground_unknown": _("legal ground needed before assigning"),
        "who_treats": _("own GP does not come here: ask who treats"),
        "shared_room": _("shared room: ask who sleeps there"),
        "other_region": _("other region"),
        "neighbour": _("neighbouring subregion"),
        "free_from": _("free from {what}"),
        "direct_booking": _("can be booked directly"),
        "last_place": _("last place"),
        "misses": _("not as wished: {what}"),
    },
    "relaxation": {
        "drop": _("without: {what}"),
        "travel": _("travel up to {what} min"),
        "wait": _("wait {what} for a place"),
        "later": _("needed {what} from now"),
        "care": _("also: {what}"),
        "circle": _("also in {what}"),
    },
    # Who is the main practitioner during a stay.
    "treats": {
        "own": _("the own GP comes there"),
        "passant": _("a GP near the ward, for as long as it lasts"),
        "specialist": _("specialist in elderly care"),
        "none": _("nobody yet: there is no GP"),
    },
    # Of a stay in a closed ward (Wzd).
    "legal_ground": {
        "no_resistance": _("does not resist"),
        "decision": _("decision to admit (CIZ)"),
        "ibs": _("IBS"),
        "rm": _("court authorisation (RM)"),
        "none_resists": _("resists, and there is no legal ground yet"),
    },
    "how": {
        "new": _("new"),
        "taken_over": _("taken over"),
        "supplemented": _("supplemented"),
        "redone": _("done again"),
    },
    "contact": {
        "call": _("Call"),
        "visit": _("Visit"),
        "observation": _("Observation by others"),
        "report": _("Findings"),
    },
    "asked_by": {
        "citizen": _("the patient or a relative"),
        "professional": _("a professional"),
    },
    "urgency": {
        "U0": _("vital functions lost"),
        "U1": _("life-threatening"),
        "U2": _("within the hour"),
        "U3": _("within hours"),
        "U4": _("within a day"),
        "U5": _("next working day"),
    },
    "core": {
        "name": _("name"),
        "birth_date": _("birth date"),
        "address": _("address"),
        "telephone": _("telephone"),
        "bsn": "BSN",
    },
    "consent": {
        "given": _("yes, the patient agrees"),
        "representative": _("yes, by a representative"),
        "cannot_decide": _("cannot decide, and nobody who may can be reached"),
        "no_time": _("no time to ask"),
        "not_possible": _("no consent possible"),
    },
    "no_bsn": {
        "unknown": _("not known yet"),
        "non_resident": _("does not live in the Netherlands"),
        "refused": _("does not want to give it"),
        "emergency": _("not asked, too urgent"),
    },
    "alarm": {
        "second_contact": _("called before"),
        "fast_deterioration": _("getting worse fast"),
        "severe_pain": _("severe pain"),
        "unrest": _("fear or unrest"),
        "gut_feeling": _("gut feeling: not right"),
        "no_carer": _("nobody to look after them"),
    },
    # How it ended for others: what was needed after all, or what was not.
    "outcome": {
        "police_lift": _("lifted by the police"),
        "seh_avoided": _("no emergency department needed"),
        "ambulance_avoided": _("no ambulance needed"),
        "police_avoided": _("no police needed"),
        "huisarts_avoided": _("no GP needed tonight"),
    },
    "ended": {
        "care_started": _("care has started elsewhere"),
        "advice": _("advice was enough"),
        "home_with_care": _("at home after all, with extra care"),
        "hospital": _("to the hospital"),
        "none_in_time": _("no fitting place in time"),
        "patient_declines": _("the patient does not want it"),
        "changed": _("the situation changed"),
        "duplicate": _("asked for twice"),
        "died": _("the patient died"),
        "withdrawn": _("withdrawn"),
    },
    "freshness": {
        "fresh": _("recently confirmed"),
        "ageing": _("some hours old"),
        "old": _("old, call first"),
        "unknown": _("unknown"),
    },
    # Why a unit admits nobody for a while.
    "stop": {
        "staff": _("not enough staff"),
        "infection": _("infection on the ward"),
        "full": _("full"),
        "building": _("building or technical trouble"),
        "other": _("other reason"),
    },
    "load": {
        "normal": _("normal"),
        "busy": _("busy"),
        "full": _("full"),
        "closed": _("closed for now"),
    },
    "said": {
        "has_place": _("has a place"),
        "full": _("full"),
        "no_answer": _("no answer"),
    },
    # What a plan changes for one request.
    "plan": {
        "gains": _("gets a place"),
        "same": _("the same place"),
        "moved": _("another place"),
        "waits_longer": _("waits longer"),
        "held_back": _("can still wait"),
        "unplaced": _("nothing fits"),
    },
    "plan_policy": {
        "timely": _("Who can wait, waits; who can still be in time goes first."),
        "together": _("The most urgent first, then who waits longest."),
    },
    # Whom to call when nothing is found, in this order.
    "escalation": {
        "coordinator": _("coordinator"),
        "on_call": _("on call for the region"),
        "board": _("on call for the board"),
    },
    "sbar": {
        "situation": _("Situation"),
        "background": _("Background"),
        "assessment": _("Assessment"),
        "recommendation": _("Recommendation"),
    },
}


def word(code: str, kind: str) -> str:
    """The word, or the code itself when the vocabulary does not know it."""
    return _said(code, kind, get_language()) if code in WORDS.get(kind, {}) else str(code)


@cache
def _said(code: str, kind: str, language: str | None) -> str:
    """In the language of now. A list of hundreds says the same few words thousands of times."""
    return str(WORDS[kind][code])


def why_not(code: str) -> str:
    """Why a unit dropped out: `full`, or `lacks:oxygen` for what it cannot give."""
    reason, _colon, what = code.partition(":")
    if not what:
        return word(reason, "excluded")
    return word(reason, "excluded_value").replace("{what}", _value(reason, what))


def remarked(code: str) -> str:
    """What to know before asking: `last_place`, or `misses:single_room`."""
    remark, _colon, what = code.partition(":")
    return word(remark, "remark").replace("{what}", _value(remark, what))


def would_help(kind: str, value: str | float) -> str:
    """One thing that could be let go: ("drop", "oxygen"), ("travel", 25.0)."""
    return word(kind, "relaxation").replace("{what}", _value(kind, str(value)))


def _value(code: str, what: str) -> str:
    """What goes with a code, as people say it."""
    match code:
        case "care":
            return word(what, "care")
        case "circle" | "elsewhere":
            return word(what, "circle")
        case "stopped":
            return word(what, "stop")
        case "closed_now" | "held" | "too_late" | "free_from":
            return _moment(what)
        case "travel" | "too_far":
            return str(ceil(float(what)))
        case "wait" | "later":
            hours, minutes = divmod(ceil(float(what)), 60)
            return f"{hours}:{minutes:02}"
    return word(what, "requirement")


def _moment(iso: str) -> str:
    """Within the day "16:30", later "ma 08:00", all on the Dutch wall clock."""
    at = timezone.localtime(datetime.fromisoformat(iso))
    today = at.date() == timezone.localdate()
    return date_format(at, "H:i" if today else "D H:i")
