"""On the case: ask one after the other, stop, book; who does not answer is to be called."""

from typing import Any

from django.utils import timezone

from capacity.models import CareUnit
from coordination import services
from coordination.models import CareRequest, Offer
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of


def two_places(cast: Cast) -> CareRequest:
    paths.a_place(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    return paths.a_request(cast)


def casus(made: CareRequest) -> str:
    return f"/casus/{made.case.reference}/"


def act(made: CareRequest, word: str) -> str:
    return f"{casus(made)}vraag/{made.pk}/{word}/"


def test_one_button_asks_them_by_the_ranking_and_another_stops_it(cast: Cast, at: Any) -> None:
    made = two_places(cast)
    assert "Vraag ze op volgorde" in text_of(at.coordinator.get(casus(made)))
    page = text_of(at.coordinator.post(act(made, "op-volgorde")))
    (offer,) = Offer.objects.filter(request=made)
    other = {cast.ward.pk: cast.other_ward, cast.other_ward.pk: cast.ward}[offer.unit_id]
    assert f"Er wordt op volgorde gevraagd. Hierna: {other.name}." in page
    assert "Vraag ze op volgorde" not in page
    page = text_of(at.coordinator.post(act(made, "volgorde-stoppen")))
    assert "Er wordt op volgorde gevraagd" not in page
    assert CareRequest.objects.get(pk=made.pk).cascade_since is None


def test_the_story_says_that_the_order_asked_the_next(cast: Cast, at: Any) -> None:
    made = two_places(cast)
    order = [cast.ward.pk, cast.other_ward.pk]
    cast.coordinator.does(services.cascade, made.pk, unit_ids=order)
    (offer,) = Offer.objects.filter(request=made)
    cast.planner.does(services.decline, offer.pk, reason="too_heavy")
    page = text_of(at.coordinator.get(casus(made)))
    assert "De volgorde bood aan bij De Wilg ELV" in page or "De volgorde" in page
    assert "Planner, Verpleeghuis De Linde bood" not in page


def test_who_does_not_answer_is_called_by_one_tap(cast: Cast, at: Any) -> None:
    CareUnit.objects.filter(pk=cast.ward.pk).update(telephone="038-1234567")
    row = paths.an_offer(cast)
    page = at.coordinator.get(casus(row.request))
    assert "Nog geen antwoord: bel" not in text_of(page)
    Offer.objects.filter(pk=row.pk).update(prompted_at=timezone.now())
    page = at.coordinator.get(casus(row.request))
    assert "Nog geen antwoord: bel" in text_of(page)
    assert 'href="tel:038-1234567"' in page.content.decode()


def test_a_unit_that_lets_the_desk_decide_is_booked_from_its_row(cast: Cast, at: Any) -> None:
    made = two_places(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(direct_booking=True)
    page = at.coordinator.get(casus(made)).content.decode()
    book = f"{act(made, 'boeken')}?unit={cast.ward.pk}"
    assert book in page and f"?unit={cast.other_ward.pk}" not in page
    form = at.coordinator.get(act(made, "boeken"), unit=str(cast.ward.pk)).content.decode()
    assert f'value="{cast.ward.pk}"' in form
    said = {"situation": "Gevallen.", "recommendation": "Twee weken herstel."}
    page = text_of(at.coordinator.post(act(made, "boeken"), unit=str(cast.ward.pk), **said))
    assert "Geboekt." in page
    assert CareRequest.objects.get(pk=made.pk).state == "assigned"


def test_a_planner_says_from_when(cast: Cast, at: Any) -> None:
    row = paths.an_offer(cast)
    then = (timezone.localtime() + timezone.timedelta(hours=3)).replace(second=0, microsecond=0)
    when = f"{then:%Y-%m-%dT%H:%M}"
    at.planner.post(f"/aanbod/{row.pk}/decline/", reason="only_later", free_from=when)
    row = Offer.objects.select_related("place").get(pk=row.pk)
    assert (row.state, row.free_from, row.place.free_from) == ("declined", then, then)
    assert "vanaf" in text_of(at.coordinator.get(casus(row.request)))


def test_a_moment_left_in_the_field_does_not_hinder_another_reason(cast: Cast, at: Any) -> None:
    row = paths.an_offer(cast)
    sent = {"reason": "too_heavy", "free_from": "2026-01-01T10:00"}
    at.planner.post(f"/aanbod/{row.pk}/decline/", **sent)
    assert Offer.objects.get(pk=row.pk).state == "declined"


def test_who_knows_too_little_is_told_that_it_was_asked(cast: Cast, at: Any) -> None:
    row = paths.an_offer(cast)
    page = at.planner.post(f"/aanbod/{row.pk}/decline/", reason="too_little_information")
    assert "Uw vraag is gesteld." in text_of(page)
    said = "Wij weten te weinig om te beslissen. Kunt u meer vertellen?"
    assert said in text_of(at.coordinator.get(casus(row.request)))
