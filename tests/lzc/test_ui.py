"""What a clock on a promise says, and that every code has a word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from capacity.attributes import Attribute
from capacity.models import CareType
from capacity.states import Load, Said, Stop
from coordination.matching import EXCLUSIONS, REMARKS
from coordination.matching import KINDS as KINDS_OF_HELP
from coordination.models import CareRequest, Offer
from coordination.states import HandoverState, OfferState, RequestState
from lzc.freshness import LEVELS
from lzc.rights import OrganisationKind, Role
from lzc.templatetags import ui
from lzc.web import appearance
from lzc.web.words import WORDS, remarked, why_not, word, would_help
from triage import elv
from triage.models import Contact, TriageRecord
from triage.states import CaseState, Ended
from triage.urgency import AlarmSignal, Urgency

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = {
    "role": Role,
    "organisation": OrganisationKind,
    "care": CareType.values,
    "request": RequestState,
    "offer": OfferState,
    "handover": HandoverState,
    "case": CaseState,
    "reason": Offer.Reason.values,
    "how": TriageRecord.How.values,
    "contact": Contact.Kind.values,
    "urgency": Urgency,
    "aid": [question.code for question in elv.QUESTIONS],
    "aid_source": elv.SOURCES,
    "aid_beside": [elv.WLZ_ROUTE],
    "elsewhere": elv.ELSEWHERE,
    "excluded": EXCLUSIONS,
    "remark": REMARKS,
    "relaxation": KINDS_OF_HELP,
    "freshness": LEVELS,
    "requirement": Attribute,
    "stop": Stop,
    "load": Load,
    "said": Said,
    "consent": CareRequest.Consent.values,
    "alarm": AlarmSignal,
    "ended": Ended,
}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (59, "0:00"), (60, "0:01"), (-720, "0:12"), (6780, "1:53"), (93600, "26:00")],
)
def test_a_length_of_time_is_said_in_hours_and_minutes(seconds: int, said: str) -> None:
    assert ui.span(seconds) == said


def test_a_promise_presses_more_as_its_moment_comes() -> None:
    soon, until = NOON + timedelta(minutes=30), NOON + timedelta(hours=1)
    moments = (NOON, soon, until)
    assert [ui.level(until, soon=soon, now=now) for now in moments] == ["", "soon", "late"]


def test_a_deadline_counts_down_in_the_words_of_the_reader() -> None:
    until = timezone.now() + timedelta(hours=1, minutes=53, seconds=30)
    with translation.override("en"):
        drawn = ui.deadline(until)
        assert "1:53 left" in drawn and 'data-level=""' in drawn
        assert "reply in 1:53" in ui.deadline(until, kind="reply")
        assert "late" in ui.deadline(timezone.now() - timedelta(minutes=1))
    assert ui.deadline(None) == ""


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 u"), (239, "3 u"), (1439, "23 u"), (1440, "1 d")],
)
def test_an_age_is_said_in_the_largest_unit_that_is_full(minutes: int, said: str) -> None:
    with translation.override("nl"):
        assert ui.old(NOON - timedelta(minutes=minutes), NOON) == f"{said} geleden"


def test_another_day_is_named() -> None:
    noon = timezone.localtime().replace(hour=12, minute=0)
    with translation.override("en"):
        assert ui.moment(noon) == "12:00"
        assert ui.moment(noon - timedelta(days=1)) == "yesterday 12:00"
        assert ui.moment(noon + timedelta(days=1)) == "tomorrow 12:00"
        assert ui.moment(noon + timedelta(days=9)).endswith(" 12:00")


@pytest.mark.parametrize(
    ("name", "letters"), [("Anna de Visser", "AV"), ("Fatma Yıldız", "FY"), ("planner", "P")]
)
def test_initials_leave_out_the_small_words(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_has_a_word_and_every_word_a_code(kind: str) -> None:
    assert set(WORDS[kind]) == {str(code) for code in KINDS[kind]}


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert word("ballooning", "requirement") == "ballooning"


def test_what_a_unit_lacks_is_said_in_words() -> None:
    with translation.override("en"):
        assert why_not("lacks:oxygen") == "cannot give: oxygen"
        assert why_not("full") == "full"


WITH_VALUES = {
    "elsewhere:2": "is in another region",
    "stopped:infection": "takes nobody now: infection on the ward",
    "too_far:36.2": "too far: 37 min",
    "held:2020-01-06T14:25+01:00": "last place is being held until Mon 14:25",
    "closed_now:2020-01-07T08:00+01:00": "admits again from Tue 08:00",
    "too_late:2020-01-06T14:36+01:00": "can be there from Mon 14:36, too late",
    "lacks:oxygen": "cannot give: oxygen",
    "lacks_by_night:iv_antibiotics": "cannot give by night: intravenous antibiotics",
    "isolation:isolation_strict": "cannot give: strict isolation",
}


def test_every_reason_that_has_a_value_says_it() -> None:
    with translation.override("en"):
        assert {code: why_not(code) for code in WITH_VALUES} == WITH_VALUES
    told = {code.partition(":")[0] for code in WITH_VALUES}
    assert told == WORDS["excluded_value"].keys() <= WORDS["excluded"].keys()


def test_a_moment_of_today_needs_no_day() -> None:
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with translation.override("en"):
        assert remarked(f"free_from:{noon.isoformat()}") == "free from 12:00"
        assert remarked("misses:single_room") == "not as wished: single room"
        assert remarked("last_place") == "last place"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("drop", "single_room", "without: single room"),
        ("travel", 36.2, "travel up to 37 min"),
        ("wait", 95.0, "wait 1:35 for a place"),
        ("later", 150.0, "needed 2:30 from now"),
        ("care", "respijt", "also: Respite stay"),
        ("circle", 2, "also in another region"),
    ],
)
def test_what_would_help_is_said_in_words(kind: str, value: Any, said: str) -> None:
    with translation.override("en"):
        assert would_help(kind, value) == said


SAID_BY_MATCHING = ("excluded", "excluded_value", "remark", "relaxation", "circle", "freshness")


@pytest.mark.parametrize("kind", SAID_BY_MATCHING)
def test_what_matching_says_is_said_in_english_and_in_dutch(kind: str) -> None:
    for code, said in WORDS[kind].items():
        with translation.override("en"):
            english = str(said)
        with translation.override("nl"):
            dutch = str(said)
        assert english and dutch and english != dutch, code
        assert ("{what}" in english) == ("{what}" in dutch), code


def test_a_theme_is_remembered_and_only_a_known_one() -> None:
    chosen = appearance.theme(RequestFactory().post("/", {"theme": "nacht", "next": "/werklijst/"}))
    assert chosen.url == "/werklijst/" and chosen.cookies[appearance.COOKIE].value == "nacht"
    strange = appearance.theme(
        RequestFactory().post("/", {"theme": "<b>", "next": "https://elsewhere.example/"})
    )
    assert strange.url == "/" and not strange.cookies
