"""What a clock on a promise says, and that every code has a word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from capacity.models import CareType
from capacity.states import Attribute, Load, Said, Stop
from coordination.models import Offer
from coordination.states import HandoverState, OfferState, RequestState
from lzc.rights import OrganisationKind, Role
from lzc.templatetags import ui
from lzc.web import appearance
from lzc.web.words import WORDS, why_not, word
from triage.models import Contact, TriageRecord
from triage.states import CaseState
from triage.urgency import Urgency

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
    "requirement": Attribute,
    "stop": Stop,
    "load": Load,
    "said": Said,
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


def test_a_theme_is_remembered_and_only_a_known_one() -> None:
    chosen = appearance.theme(RequestFactory().post("/", {"theme": "nacht", "next": "/werklijst/"}))
    assert chosen.url == "/werklijst/" and chosen.cookies[appearance.COOKIE].value == "nacht"
    strange = appearance.theme(
        RequestFactory().post("/", {"theme": "<b>", "next": "https://elsewhere.example/"})
    )
    assert strange.url == "/" and not strange.cookies
