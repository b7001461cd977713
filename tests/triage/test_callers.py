"""A number that is known: she tells who she is once, in three nights."""

import pytest

from lzc.errors import NotAllowed, NotNow, NotValid
from lzc.models import AccessRecord
from lzc.rights import Duty, Role
from tests.cast import Acting, Cast, assemble
from triage import services as triage
from triage.callers import Caller, callers
from triage.gateway import MOST_CALLERS
from triage.identity import clean_telephone
from triage.services import ContactIn, Intake, PatientIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def on_the_line(who: Acting, telephone: str) -> list[Caller]:
    return who.does(callers, telephone, desk=who.actor.desk)  # type: ignore[attr-defined]


def taken_in(who: Acting, patient: PatientIn, callback: str = "") -> Intake:
    contact = ContactIn(asked_by="citizen", callback=callback)
    desk = who.actor.desk  # type: ignore[attr-defined]
    return who.does(triage.register, patient=patient, contact=contact, desk=desk)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("06-1234 5678", "0612345678"),
        ("+31 6 12345678", "0612345678"),
        ("0031 (0)6 12345678", "0612345678"),
        ("+49 241 1234", "+492411234"),
        ("", ""),
    ],
)
def test_a_number_is_one_number_however_it_is_written(written: str, read: str) -> None:
    assert clean_telephone(written) == read


def test_her_number_says_who_may_be_on_the_line(cast: Cast) -> None:
    her = cast.patient(telephone="+31 6 99 88 77 01")
    case = taken_in(cast.centralist, her).case
    (caller,) = on_the_line(cast.centralist, "06-99887701")
    assert (caller.patient.pk, caller.calls, caller.hours) == (case.patient_id, 1, 72)


def test_whoever_is_recognised_joins_her_case_and_tells_nothing_again(cast: Cast) -> None:
    first = taken_in(cast.centralist, cast.patient(telephone="0699887702"))
    (caller,) = on_the_line(cast.triagist, "0699887702")
    again = taken_in(cast.triagist, PatientIn(recognised=caller.patient.pk), "+31699887702")
    assert (again.outcome, again.case.pk) == ("joined", first.case.pk)
    assert again.contact.reentered == []
    assert (again.recurrence.person, again.recurrence.address) == (2, 2)


def test_a_number_alone_joins_no_case(cast: Cast) -> None:
    first = taken_in(cast.centralist, cast.patient(telephone="0699887703"))
    unsaid = taken_in(cast.centralist, PatientIn(), "0699887703")
    assert unsaid.case.pk != first.case.pk


def test_somebody_is_recognised_by_the_number_only_that_is_hers(cast: Cast) -> None:
    """Else a guessed id would open the record of anybody."""
    her = taken_in(cast.centralist, cast.patient(telephone="0699887704")).case.patient_id
    for number in ("", "0699887705"):
        with pytest.raises(NotValid) as refused:
            taken_in(cast.triagist, PatientIn(recognised=her), number)
        assert refused.value.field == "patient.recognised"


def test_two_numbers_of_the_state_are_two_people_whoever_calls(cast: Cast) -> None:
    her = taken_in(cast.centralist, cast.patient(telephone="0699887706")).case
    other = PatientIn(bsn=cast.patient().bsn, recognised=her.patient_id)
    with pytest.raises(NotValid):
        taken_in(cast.centralist, other, "0699887706")


def test_only_a_desk_that_speaks_with_patients_may_ask(cast: Cast) -> None:
    clerk = cast.person(cast.huisarts.house, Role.PLANNER)
    system = cast.machine(cast.coordinator.house, Duty.ASK)
    for who in (clerk, system):
        with pytest.raises(NotAllowed):
            on_the_line(who, "0699887707")


def test_it_is_written_down_who_was_looked_for_and_who_was_found(cast: Cast) -> None:
    her = taken_in(cast.centralist, cast.patient(telephone="0699887708")).case.patient_id
    on_the_line(cast.triagist, "0699887708")
    records = AccessRecord.objects.filter(actor=cast.triagist.actor.pk)
    search, seen = records.get(action="search"), records.get(action="list")
    assert (search.patients, seen.patients) == ([], [her])
    assert "699887708" not in search.detail
    assert len(search.detail) == 64


def test_a_number_that_more_people_share_than_can_be_asked_recognises_nobody(cast: Cast) -> None:
    """The telephone of a home: a desk that is shown five of forty would take one of them."""
    for _ in range(MOST_CALLERS):
        taken_in(cast.centralist, cast.patient(telephone="0699887709"))
    assert len(on_the_line(cast.centralist, "0699887709")) == MOST_CALLERS
    taken_in(cast.centralist, cast.patient(telephone="0699887709"))
    assert on_the_line(cast.centralist, "0699887709") == []


def test_who_tries_one_number_after_the_other_is_told_no_more_names(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.callers.MOST", 2)
    for number in ("0699887710", "0699887711", "0699887712"):
        taken_in(cast.centralist, cast.patient(telephone=number))
    assert on_the_line(cast.triagist, "0600000000") == []  # who is not found does not count
    for number in ("0699887710", "0699887711", "0699887710"):
        assert len(on_the_line(cast.triagist, number)) == 1
    with pytest.raises(NotNow) as refused:
        on_the_line(cast.triagist, "0699887712")
    assert refused.value.code == "too_many_searches"
    assert len(on_the_line(cast.triagist, "0699887711")) == 1
    assert len(on_the_line(cast.centralist, "0699887712")) == 1


def test_the_system_of_a_desk_takes_more_calls_than_one_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.callers.MOST", 1)
    for number in ("0699887720", "0699887721"):
        taken_in(cast.centralist, cast.patient(telephone=number))
    system = cast.machine(cast.centralist.house, Duty.DESK)
    for number in ("0699887720", "0699887721"):
        assert len(on_the_line(system, number)) == 1


def test_no_number_is_nobody(cast: Cast) -> None:
    taken_in(cast.centralist, cast.patient(telephone=""))
    assert on_the_line(cast.centralist, "anonymous") == []
