"""The act: whatever one actor does at once is one transaction, done once, in their own name."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from capacity import services as capacity
from capacity.models import CareUnit, Place
from coordination import handovers, services
from lzc.errors import NotNow, NotValid
from lzc.events import act, fingerprint, record, verb
from lzc.models import CLOCK, Event, IdempotencyKey, LogCounter
from tests import paths
from tests.cast import assemble
from tests.coordination import worlds
from triage import services as triage
from triage.models import TriageRecord

ANSWER = (201, '{"done":true}')


def how_far() -> int:
    return LogCounter.objects.get().n


@pytest.mark.parametrize("one", worlds.verbs(), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_no_verb_runs_outside_an_act(one, committed):
    with pytest.raises(RuntimeError, match="inside an act"):
        one(uuid.uuid4(), by=CLOCK)


@pytest.mark.parametrize("one", worlds.verbs(), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_no_verb_is_done_in_the_name_of_somebody_else(one, committed):
    cast = assemble()
    for by in ({}, {"by": cast.colleague.actor}, {"by": CLOCK}):
        with (
            pytest.raises(RuntimeError, match="actor of the act"),
            act(by=cast.coordinator.actor),
        ):
            one(uuid.uuid4(), **by)


def test_no_fact_is_recorded_in_the_name_of_somebody_else(committed):
    cast = assemble()
    with pytest.raises(RuntimeError, match="actor of the act"), act(by=cast.coordinator.actor):
        record("x.happened", uuid.uuid4(), by=cast.colleague.actor, audience=[])


def test_an_act_does_not_hide_inside_another(committed):
    cast = assemble()
    with (
        pytest.raises(RuntimeError, match="inside an act"),
        act(by=cast.coordinator.actor),
        act(by=cast.coordinator.actor),
    ):
        pass


def test_an_act_does_not_hide_inside_a_transaction(committed):
    """It would seem to be done, and be undone later."""
    cast = assemble()
    with (
        pytest.raises(RuntimeError, match="durable"),
        transaction.atomic(),
        act(by=cast.coordinator.actor),
    ):
        pass


def test_an_act_that_failed_leaves_nothing_and_the_next_one_is_free(committed):
    cast, before = assemble(), how_far()
    with pytest.raises(ZeroDivisionError), act(by=cast.planner.actor):
        capacity.release(cast.ward.pk, by=cast.planner.actor)
        1 / 0  # noqa: B018 (something of ours that breaks)
    assert not Place.objects.filter(unit=cast.ward).exists()
    assert how_far() == before
    assert len(cast.planner.does(capacity.release, cast.ward.pk)) == 1


def test_several_verbs_of_one_act_are_one_step_of_the_counter(committed):
    cast = assemble()
    before = how_far()
    with act(by=cast.planner.actor):
        capacity.release(cast.ward.pk, count=2, by=cast.planner.actor)
        capacity.withdraw(cast.ward.pk, by=cast.planner.actor)
        capacity.confirm(cast.ward.pk, by=cast.planner.actor)
    facts = list(Event.objects.after(before))
    assert [f.number for f in facts] == [before + 1, before + 2, before + 3]
    assert [f.type for f in facts] == ["place.released", "place.withdrawn", "unit.confirmed"]
    assert {f.actor for f in facts} == {cast.planner.actor.pk}


def test_an_act_without_facts_takes_no_step(committed):
    cast, before = assemble(), how_far()
    with act(by=cast.planner.actor):
        CareUnit.objects.visible_to(cast.planner.actor).first()
    assert how_far() == before


# The same question twice -----------------------------------------------------------------------


def ask(cast, key: str, body: bytes = b"{}", answer: tuple[int, str] = ANSWER):
    """A planner's system releases one place; it says whether it was a repeat, and the answer."""
    by = cast.planner.actor
    with act(by=by, key=key, fingerprint=fingerprint(b"POST", b"/places", body)) as this:
        if not this.replayed:
            capacity.release(cast.ward.pk, by=by)
            this.answer = answer
    return this.replayed, this.answer


def test_the_same_question_again_gets_the_same_answer_and_does_nothing(committed):
    cast, key = assemble(), uuid.uuid4().hex
    assert ask(cast, key) == (False, ANSWER)
    far = how_far()
    assert ask(cast, key, answer=(500, "another")) == (True, ANSWER)
    assert Place.objects.filter(unit=cast.ward).count() == 1
    assert how_far() == far


def test_the_same_key_with_another_question_is_refused(committed):
    cast, key = assemble(), uuid.uuid4().hex
    ask(cast, key)
    with pytest.raises(NotValid) as refusal:
        ask(cast, key, body=b'{"count": 2}')
    assert (refusal.value.code, refusal.value.field) == ("key_reused", "Idempotency-Key")
    assert Place.objects.filter(unit=cast.ward).count() == 1


def test_two_machines_may_choose_the_same_key(committed):
    one, other, key = assemble(), assemble(), uuid.uuid4().hex
    assert ask(one, key)[0] is False
    assert ask(other, key)[0] is False


def test_a_refusal_is_not_kept_so_that_it_can_be_tried_again(committed):
    cast, key = assemble(), uuid.uuid4().hex
    by = cast.planner.actor
    with pytest.raises(NotNow), act(by=by, key=key, fingerprint=b"x"):
        capacity.withdraw(cast.ward.pk, by=by)
    assert not IdempotencyKey.objects.filter(key=key).exists()
    assert ask(cast, key)[0] is False


def test_a_question_has_edges():
    """Otherwise `ab` + `c` would be the same question as `a` + `bc`."""
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")
    assert fingerprint(b"ab") != fingerprint(b"ab", b"")


def test_of_eight_twins_at_once_one_does_it_and_all_hear_the_same(committed):
    cast, key = assemble(), uuid.uuid4().hex
    gate, heard = threading.Barrier(8), []

    def twin() -> None:
        gate.wait()
        try:
            heard.append(ask(cast, key))
        finally:
            connection.close()

    twins = [threading.Thread(target=twin) for _ in range(8)]
    [t.start() for t in twins]
    [t.join() for t in twins]
    assert sorted(heard) == [(False, ANSWER)] + [(True, ANSWER)] * 7
    assert Place.objects.filter(unit=cast.ward).count() == 1


# What a constraint that held means -------------------------------------------------------------


def test_a_unique_index_that_held_is_a_refusal_in_a_sentence(committed):
    cast = assemble()
    made = paths.a_request(cast)
    with pytest.raises(NotNow) as refusal:
        cast.huisarts.does(services.request, made.case_id, ask=paths.an_ask(cast))
    assert refusal.value.code == "request_already_open"


def test_any_other_constraint_that_held_caught_a_mistake_of_ours(committed):
    """It must not look like somebody else having been first."""
    cast = assemble()
    case = paths.a_case(cast)
    sql = "UPDATE triage_case SET state = 'lost' WHERE id = %s"
    with (
        pytest.raises(DatabaseError) as broken,
        act(by=cast.coordinator.actor),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [case.pk])
    assert "case_state_known" in str(broken.value)


def test_a_verb_keeps_its_name_and_its_sentence():
    @verb
    def greet(*, by):
        """Say hello."""

    assert (greet.__name__, greet.__doc__) == ("greet", "Say hello.")


@pytest.mark.parametrize("one", worlds.verbs(), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_verb_says_what_it_means(one):
    assert one.__doc__.partition("\n")[0].endswith((".", "?"))
    assert list(one.__wrapped__.__annotations__)[-2:] == ["by", "return"]


def test_what_an_act_holds_another_act_does_not(committed):
    """A case that is locked in one act is looked up again in the next, with who may see it."""
    cast = assemble()
    case = paths.a_case(cast)
    with act(by=cast.coordinator.actor) as this:
        handovers.note(case.pk, text="een", by=cast.coordinator.actor)
        handovers.note(case.pk, text="twee", by=cast.coordinator.actor)
        assert set(this.held) == {case.pk}
    with act(by=cast.coordinator.actor) as that:
        assert that.held == {}


def test_a_triage_and_a_handover_in_one_act_see_each_other(committed):
    cast = assemble()
    case = paths.a_case(cast, urgency="")
    by = cast.coordinator.actor
    with act(by=by):
        triage.triage(case.pk, judged=triage.TriageIn(urgency="U4"), by=by)
        triage.triage(
            case.pk, judged=triage.TriageIn(how="redone", reason="erger", urgency="U3"), by=by
        )
    with cast.coordinator.looks():
        told = TriageRecord.objects.filter(case=case).order_by("number")
        assert [(t.number, t.urgency, t.how) for t in told] == [
            (1, "U4", "new"),
            (2, "U3", "redone"),
        ]
