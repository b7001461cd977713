"""What a coded refusal does: to the place, to the next ranking, to the clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from capacity.models import Place
from capacity.tasks import free_planned_places
from coordination import finding, services
from coordination.models import Offer
from coordination.refusals import MEANINGS, OfPlace, still_refused
from lzc.errors import NotNow, NotValid
from tests import paths
from tests.cast import assemble

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(committed):
    return assemble()


def refused(cast, **said) -> Offer:
    row = paths.an_offer(cast)
    cast.planner.does(services.decline, row.pk, **said)
    return Offer.objects.select_related("place").get(pk=row.pk)


def excluded(cast, row) -> list[str]:
    with cast.coordinator.looks():
        found = finding.candidates(row.request_id, by=cast.coordinator.actor)
    return [code for e, unit in found.excluded if unit.pk == row.unit_id for code in e.reasons]


def test_every_reason_means_something():
    assert set(MEANINGS) == set(Offer.Reason.values)


@pytest.mark.parametrize("reason", sorted({*Offer.Reason.values} - {"no_capacity"}))
def test_a_refusal_without_more_leaves_the_place_and_is_remembered(reason, cast):
    row = refused(cast, reason=reason)
    if MEANINGS[reason].asks:
        assert (row.state, row.place.state) == ("asked", "held")
        assert [why.partition(":")[0] for why in excluded(cast, row)] == ["asked", "held"]
    else:
        assert (row.state, row.place.state) == ("declined", "free")
        assert excluded(cast, row) == ["refused"]


@pytest.mark.parametrize("reason", [r for r, m in MEANINGS.items() if m.place == OfPlace.GONE])
def test_a_place_that_is_not_there_goes_off_the_list(reason, cast):
    place = refused(cast, reason=reason, place_gone=True).place
    assert (place.state, place.free_from) == ("withdrawn", None)


def test_no_staff_is_over_when_the_shift_is(cast):
    place = refused(cast, reason="no_staff", place_gone=True).place
    assert place.state == "withdrawn"
    assert timezone.now() < place.free_from < timezone.now() + 9 * HOUR


@pytest.mark.parametrize("reason", [r for r, m in MEANINGS.items() if m.place == OfPlace.STAYS])
def test_what_is_about_the_patient_says_nothing_of_the_place(reason, cast):
    if MEANINGS[reason].asks:
        return
    with pytest.raises(NotValid) as refusal:
        refused(cast, reason=reason, place_gone=True)
    assert refusal.value.field == "place_gone"


def test_only_later_is_a_planned_release_and_may_be_asked_again_then(cast):
    then = timezone.now() + 2 * HOUR
    row = refused(cast, reason="only_later", free_from=then)
    assert (row.place.state, row.place.free_from) == ("withdrawn", then)
    assert "refused" in excluded(cast, row)
    past = timezone.now() - HOUR
    Place.objects.filter(pk=row.place_id).update(free_from=past)
    Offer.objects.filter(pk=row.pk).update(free_from=past)
    free_planned_places()
    assert excluded(cast, row) == []
    assert cast.coordinator.does(services.offer, row.request_id, unit_id=row.unit_id)


def test_a_moment_goes_with_no_other_reason_and_lies_ahead(cast):
    for said in (
        {"reason": "too_heavy", "free_from": timezone.now() + HOUR},
        {"reason": "only_later", "free_from": timezone.now() - HOUR},
    ):
        with pytest.raises(NotValid) as refusal:
            refused(cast, **said)
        assert refusal.value.field == "free_from"


def test_too_little_information_is_a_question_once_it_cannot_be_asked_any_more(cast):
    row = refused(cast, reason="too_little_information", remark="Wat is het gewicht?")
    assert row.question == "Wat is het gewicht?"
    assert cast.coordinator.hears()[-1] == "offer.asked"
    cast.coordinator.does(services.reply, row.pk, reply="Dat weten wij niet.")
    Offer.objects.filter(pk=row.pk).update(seconds_asked=15 * 60)
    cast.planner.does(services.decline, row.pk, reason="too_little_information")
    assert Offer.objects.get(pk=row.pk).state == "declined"


def test_a_refusal_lasts_unless_it_said_until_when():
    now = timezone.now()
    assert still_refused("only_later", None, now)
    assert still_refused("only_later", now + HOUR, now)
    assert not still_refused("only_later", now, now)
    assert still_refused("too_heavy", now - HOUR, now)


def test_after_a_late_refusal_the_sentence_is_polite(cast):
    row = paths.an_offer(cast)
    paths.let_the_deadline_pass(row)
    cast.clock.does(services.expire, row.pk)
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.decline, row.pk, reason="no_staff")
    assert refusal.value.code == "too_late"
