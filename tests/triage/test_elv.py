"""The decision aid: every question settles it by itself, and nothing is proposed too early."""

from typing import Any

import pytest

from capacity.models import CareType
from lzc.errors import NotValid
from lzc.models import Policy
from tests import paths
from tests.cast import Cast, assemble
from triage import elv, services
from triage.elv import PLAIN, QUESTIONS, Question, first_open, propose, questionnaire, version_of
from triage.urgency import Urgency

DECIDING = [q for q in QUESTIONS if not q.beside]
BY_CODE = {q.code: q for q in QUESTIONS}


def undecided(questions: tuple[Question, ...] = QUESTIONS) -> dict[str, bool]:
    """Answers that settle nothing, to all of it."""
    return {q.code: not q.decides for q in questions}


def settled(question: Question) -> dict[str, bool]:
    """Answers that settle nothing, until this one settles it."""
    before = QUESTIONS[: QUESTIONS.index(question)]
    above = {question.under: BY_CODE[question.under].decides} if question.under else {}
    return {q.code: not q.decides for q in before} | above | {question.code: question.decides}


def outcome(answers: dict[str, bool], questions: tuple[Question, ...] = QUESTIONS) -> str:
    proposal = propose(answers, questions)
    return proposal.outcome if proposal else ""


# What is proposed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", [q for q in DECIDING if q.code != "medical"], ids=lambda q: q.code
)
def test_a_question_settles_it_whatever_comes_after(question: Question) -> None:
    home = {"return_home": True}
    proposal = propose(settled(question) | home)
    assert proposal is not None
    assert (proposal.outcome, proposal.decided_by) == (question.outcome, question.code)
    assert proposal.source == question.source
    assert outcome(undecided() | settled(question)) == question.outcome


def test_when_nothing_asks_for_more_it_is_the_plain_stay() -> None:
    proposal = propose(undecided())
    assert proposal is not None
    assert (proposal.outcome, proposal.decided_by) == (PLAIN, "")


@pytest.mark.parametrize("question", DECIDING, ids=lambda q: q.code)
def test_with_an_open_question_nothing_is_proposed(question: Question) -> None:
    answers = undecided() | ({"medical": False} if question.under else {})
    del answers[question.code]
    assert propose(answers) is None and first_open(answers) == question.code


def test_after_the_answer_that_decides_nothing_more_is_asked() -> None:
    answers = {"life_threat": False, "physician_saw": False}
    assert first_open(answers) == "" and outcome(answers) == "physician"


def test_it_never_says_how_urgent_it_is() -> None:
    assert not {q.outcome for q in QUESTIONS} & {str(urgency) for urgency in Urgency}
    assert not [name for name in elv.Proposal._fields if "urgen" in name]


def test_every_outcome_is_a_kind_of_care_or_a_way_elsewhere() -> None:
    assert {*elv.CARE} == {str(kind) for kind in CareType}
    outcomes = {q.outcome for q in DECIDING} | {PLAIN}
    assert outcomes <= {*elv.CARE, *elv.ELSEWHERE}
    assert {*elv.ELSEWHERE} <= outcomes
    assert {q.source for q in QUESTIONS} < {*elv.SOURCES}


def test_the_questions_are_those_of_the_instrument_in_its_order() -> None:
    numbers = ["0", "1", "2", "3", "4", "5", "6", "7", "7b", "8", "9", "10", "11"]
    assert [q.number for q in QUESTIONS] == numbers
    assert len({q.code for q in QUESTIONS}) == len(QUESTIONS)


# The carer dropped out (A-13) ------------------------------------------------------------------


@pytest.mark.parametrize(("needs_help", "proposed"), [(True, "elv_laag"), (False, "respijt")])
def test_without_a_medical_reason_the_carer_decides_between_a_stay_and_respite(
    needs_help: bool, proposed: str
) -> None:
    answers = undecided() | {"medical": False, "carer": needs_help}
    assert outcome(answers) == proposed


@pytest.mark.parametrize("answer", [True, False])
def test_with_a_medical_reason_the_carer_is_not_asked(answer: bool) -> None:
    answers = undecided() | {"medical": True, "carer": answer}
    assert outcome(answers) == PLAIN
    del answers["carer"]
    assert outcome(answers) == PLAIN


def test_it_is_said_who_treats_there() -> None:
    """Somebody who has no huisarts cannot go where the huisarts treats without an arrangement."""
    stay = propose(undecided() | {"medical": False, "carer": True})
    respite = propose(undecided() | {"medical": False, "carer": False})
    assert stay and respite
    assert (stay.practitioner, respite.practitioner) == ("huisarts", "")
    complicated = propose(undecided() | {"complex": True})
    assert complicated and complicated.practitioner == "specialist"
    assert elv.PRACTITIONERS.keys() <= {*elv.CARE}


# Where to afterwards ---------------------------------------------------------------------------


@pytest.mark.parametrize("complicated", [True, False])
def test_who_will_not_go_home_again_starts_the_wlz_route_beside_the_stay(
    complicated: bool,
) -> None:
    answers = undecided() | {"complex": complicated}
    home = propose(answers | {"return_home": True})
    away = propose(answers | {"return_home": False})
    assert home and away
    assert (home.beside, away.beside) == ((), (elv.WLZ_ROUTE,))
    assert home.outcome == away.outcome
    del answers["return_home"]
    assert propose(answers) is None and first_open(answers) == "return_home"


@pytest.mark.parametrize("code", ["terminal", "wlz", "safe_home"])
def test_where_to_afterwards_is_asked_of_a_stay_to_get_well_only(code: str) -> None:
    answers = settled(BY_CODE[code])
    proposal = propose(answers | {"return_home": False})
    assert first_open(answers) == "" and proposal and proposal.beside == ()


# A region's own questions ----------------------------------------------------------------------

OWN = {
    "code": "pets",
    "text": "Is er een huisdier dat niet alleen kan blijven?",
    "decides": True,
    "outcome": "respijt",
    "after": "medical",
}


def test_a_region_without_edits_asks_the_national_questions() -> None:
    assert questionnaire() == questionnaire({}) == QUESTIONS
    assert version_of(QUESTIONS) == elv.VERSION


def test_a_question_that_is_off_is_not_asked() -> None:
    questions = questionnaire({"off": ["complex"]})
    answers = undecided() | {"complex": True}
    assert outcome(answers, questions) == PLAIN
    assert "complex" not in {q.code for q in questions}


def test_without_the_question_about_the_carer_the_medical_reason_settles_it() -> None:
    answers = undecided() | {"medical": False, "carer": True}
    assert outcome(answers, questionnaire({"off": ["carer"]})) == "respijt"


def test_a_question_that_is_off_takes_along_what_stands_under_it() -> None:
    codes = {q.code for q in questionnaire({"off": ["medical"]})}
    assert not {"medical", "carer"} & codes


def test_a_region_may_say_it_in_its_own_words() -> None:
    questions = questionnaire({"words": {"wlz": "Is er een indicatie?"}})
    assert [q.text for q in questions if q.text] == ["Is er een indicatie?"]
    assert outcome(undecided() | {"wlz": True}, questions) == "wlz_crisis"


def test_another_order_lets_another_question_decide() -> None:
    answers = undecided() | {"specialist": True, "wlz": True}
    assert outcome(answers) == "ziekenhuis"
    questions = questionnaire({"order": ["wlz", "medical"]})
    assert outcome(answers, questions) == "wlz_crisis"
    assert [q.code for q in questions][:4] == ["life_threat", "wlz", "medical", "carer"]


def test_a_question_of_the_region_settles_it_too() -> None:
    questions = questionnaire({"own": [OWN]})
    codes = [q.code for q in questions]
    assert codes.index("pets") == codes.index("carer") + 1
    proposal = propose(undecided(questions) | {"pets": True}, questions)
    assert proposal and (proposal.outcome, proposal.source) == ("respijt", "region")
    assert propose(undecided(), questions) is None


def test_every_set_of_edits_has_a_version_of_its_own() -> None:
    edits: list[dict[str, Any]] = [
        {"off": ["complex"]},
        {"words": {"wlz": "Is er een indicatie?"}},
        {"words": {"wlz": "Is er een Wlz-indicatie?"}},
        {"order": ["wlz"]},
        {"own": [OWN]},
        {"own": [OWN | {"outcome": "observatie"}]},
    ]
    versions = [version_of(questionnaire(each)) for each in edits]
    assert len({*versions, elv.VERSION}) == len(edits) + 1
    assert versions == [version_of(questionnaire(each)) for each in edits]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"off": ["life_threat"]}, "stays first"),
        ({"order": ["life_threat"]}, "stays first"),
        ({"words": {"life_threat": "Alles goed?"}}, "stays first"),
        ({"off": ["unheard_of"]}, "no question"),
        ({"words": {"unheard_of": "x"}}, "does not ask"),
        ({"off": ["wlz"], "order": ["wlz"]}, "does not ask"),
        ({"more": []}, "no edits named"),
        ({"own": [OWN | {"code": "wlz"}]}, "code of its own"),
        ({"own": [OWN, OWN]}, "code of its own"),
        ({"own": [OWN | {"code": "Met spatie"}]}, "code of its own"),
        ({"own": [OWN | {"outcome": "U2"}]}, "outcome"),
        ({"own": [OWN | {"text": ""}]}, "a text"),
        ({"own": [OWN | {"decides": "ja"}]}, "decides"),
        ({"own": [OWN | {"after": "unheard_of"}]}, "not asked"),
    ],
)
def test_edits_that_cannot_be_are_refused_with_a_sentence(edits: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        questionnaire(edits)


# What is kept ----------------------------------------------------------------------------------


@pytest.fixture
def cast(committed: Any) -> Cast:
    return assemble()


def kept(cast: Cast, **said: Any) -> Any:
    case = paths.a_case(cast)
    whole = {"version": elv.VERSION, "outcome": PLAIN, "chosen": PLAIN} | said
    return cast.coordinator.does(services.assess, case.pk, assessment=whole)


def test_answers_are_kept_with_the_version_and_what_they_lead_to(cast: Cast) -> None:
    made = kept(cast, answers=undecided())
    assert (made.version, made.outcome, made.deviation) == (elv.VERSION, PLAIN, "")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answers": undecided() | {"wlz": True}}, "assessment.outcome"),
        ({"answers": {"life_threat": False}}, "assessment.outcome"),
        ({"answers": undecided() | {"wlz": "ja"}}, "assessment.answers"),
        ({"answers": undecided() | {"unheard_of": True}}, "assessment.answers"),
        ({"answers": undecided(), "chosen": "elv_hoog"}, "assessment.deviation"),
    ],
)
def test_what_does_not_follow_from_the_answers_is_refused(
    said: dict[str, Any], field: str, cast: Cast
) -> None:
    with pytest.raises(NotValid) as refusal:
        kept(cast, **said)
    assert refusal.value.field == field


def test_the_edits_of_the_region_are_those_that_are_checked(cast: Cast) -> None:
    edits = {"off": ["complex"]}
    Policy.objects.create(region=cast.region, version=1, values={"elv_edits": edits})
    version = version_of(questionnaire(edits))
    answers = undecided(questionnaire(edits))
    assert kept(cast, version=version, answers=answers).version == version
    with pytest.raises(NotValid):
        kept(cast, version=version, answers=answers | {"complex": True}, outcome="elv_hoog")


def test_the_outcome_of_another_aid_is_kept_as_it_is_told(cast: Cast) -> None:
    made = kept(cast, version="other-7", answers={"q1": "ja"}, outcome="grz", chosen="grz")
    assert (made.version, made.outcome) == ("other-7", "grz")
