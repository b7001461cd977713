"""Two desks learn something of the same person at the same moment: neither undoes the other."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from tests import cast as casting
from tests.cast import Cast
from tests.races.contest import contest, lost, won
from triage import gateway
from triage import services as triage
from triage.identity import person_key
from triage.models import Patient
from triage.services import ContactIn, Intake, PatientIn

MANY, FEW = 6, 3
#: A barrier that somebody never reaches breaks the test, not the machine.
PATIENCE = 60


def all_looked(contenders: int) -> Callable[..., Any]:
    """In place of `gateway.find`: everybody has looked before anybody writes. No clock."""
    find, here = gateway.find, Barrier(contenders, timeout=PATIENCE)

    def found(known: gateway.Known) -> Any:
        people = find(known)
        here.wait()
        return people

    return found


@contextmanager
def looking_together(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(gateway, "find", all_looked(2))
        yield


def known_by_bsn_alone(cast: Cast) -> Intake:
    desk = cast.centralist.desk
    who = PatientIn(bsn=casting.test_bsn())
    return cast.centralist.does(triage.register, patient=who, contact=ContactIn(), desk=desk)


def both_call(cast: Cast, bsn: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The HAP hears a name, the meldkamer does not; both hear a telephone number."""
    full = cast.patient()
    named = {"name": full.name, "birth_date": full.birth_date, "telephone": "0611111111"}
    told = [
        (cast.triagist, PatientIn(bsn=bsn, **named)),
        (cast.centralist, PatientIn(bsn=bsn, telephone="0622222222")),
    ]
    with contest(2) as held, looking_together(monkeypatch):
        return held.round(
            *[
                partial(p.does, triage.register, patient=who, contact=ContactIn(), desk=p.desk)
                for p, who in told
            ]
        )


def person_of(cast: Cast, took: Intake) -> Patient:
    with cast.centralist.looks():
        return Patient.objects.get(pk=took.case.patient_id)


def nothing_was_lost(cast: Cast, first: Intake, taken: list[Intake]) -> bool:
    """She is found by her name from now on; of two numbers one stands, one was asked again."""
    person = person_of(cast, first)
    asked_again = sorted(took.contact.reentered for took in taken)
    return bool(
        person.person_key
        and person.person_key == person_key(person.name, person.birth_date)
        and asked_again == [[], ["telephone"]]
    )


def test_what_two_desks_hear_at_once_is_all_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MANY):
        first = known_by_bsn_alone(cast)
        bsn = person_of(cast, first).bsn
        taken = won(both_call(cast, bsn, monkeypatch))
        assert [took.outcome for took in taken] == ["joined", "joined"]
        assert nothing_was_lost(cast, first, taken)


def test_of_two_calls_after_a_case_was_closed_the_second_joins_the_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MANY):
        first = known_by_bsn_alone(cast)
        cast.centralist.does(triage.close, first.case.pk, reason="care_started")
        taken = won(both_call(cast, person_of(cast, first).bsn, monkeypatch))
        assert Counter(took.outcome for took in taken) == {"registered": 1, "joined": 1}
        assert nothing_was_lost(cast, first, taken)


def test_control_who_writes_what_it_read_before_undoes_the_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock on the person: every time."""
    monkeypatch.setattr(gateway, "hold_person", lambda person: person)
    for _ in range(FEW):
        first = known_by_bsn_alone(cast)
        taken = won(both_call(cast, person_of(cast, first).bsn, monkeypatch))
        assert len(taken) == 2
        assert not nothing_was_lost(cast, first, taken)


def test_control_the_second_call_after_a_closed_case_is_sent_away(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "hold_person", lambda person: person)
    first = known_by_bsn_alone(cast)
    cast.centralist.does(triage.close, first.case.pk, reason="care_started")
    assert lost(both_call(cast, person_of(cast, first).bsn, monkeypatch)) == ["twin_case"]
