"""The word for every code a person meets on a page. Codes are for machines, words for people.

A test holds this beside the enumerations: no code without a word, no word without a code.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
        "women": _("room for women"),
        "men": _("room for men"),
        "hoist": _("hoist"),
        "pump": _("medication pump"),
        "tube_feeding": _("tube feeding"),
        "vac": _("vacuum wound therapy"),
        "peritoneal_dialysis": _("peritoneal dialysis"),
        "tracheostomy": _("tracheostomy"),
        "single_room": _("single room"),
        "bariatric": _("bariatric"),
        "iv_antibiotics": _("intravenous antibiotics"),
        "closed_ward": _("secure ward"),
    },
    "excluded": {
        "other_care": _("gives other care"),
        "asked": _("already asked"),
        "refused": _("refused"),
        "outside_area": _("does not come to this postcode"),
        "closed_now": _("does not admit at this hour"),
        "held": _("last place is being held"),
        "full": _("full"),
        "lacks": _("cannot give: {what}"),
    },
    "remark": {
        "call_first": _("unknown, call first"),
        "ageing": _("old, call first"),
        "last_place": _("last place"),
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
        "ageing": _("old, call first"),
        "old": _("very old, call first"),
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
    "sbar": {
        "situation": _("Situation"),
        "background": _("Background"),
        "assessment": _("Assessment"),
        "recommendation": _("Recommendation"),
    },
}


def word(code: str, kind: str) -> str:
    """The word, or the code itself when the vocabulary does not know it."""
    return str(WORDS.get(kind, {}).get(code, code))


def why_not(code: str) -> str:
    """Why a unit dropped out: `full`, or `lacks:oxygen` for what it cannot give."""
    reason, _colon, what = code.partition(":")
    return word(reason, "excluded").replace("{what}", word(what, "requirement"))
