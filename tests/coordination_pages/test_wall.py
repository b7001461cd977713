"""The wall: figures for who holds a token of the organisation, and never a patient."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capacity import planning
from coordination.pages.wall import COOKIE
from coordination.states import OfferState
from lzc import walls
from lzc.models import Event, WallToken
from lzc.templatetags.ui import moment
from tests import paths
from tests.cast import Cast, Person
from tests.coordination_pages.conftest import text_of
from tests.watch import ABOUT_A_PERSON

WALL, PART = "/wand/", "/wand/?deel=wand"


def token(person: Person) -> str:
    house = person.house.row
    return str(person.does(walls.issue, house, name="regieruimte", days=90).token)


def screen(said: str) -> Client:
    """A browser on the wall, that somebody typed this token into."""
    client = Client()
    client.cookies[COOKIE] = said
    return client


@pytest.fixture
def wall(cast: Cast) -> Client:
    return screen(token(cast.coordinator))


def test_a_token_is_typed_once_and_kept_where_no_script_reads_it(cast: Cast) -> None:
    client = Client()
    assert "niet gekoppeld" in text_of(client.get(WALL))
    answer = client.post(WALL, {"token": f" {token(cast.coordinator)} "})
    kept = answer.cookies[COOKIE]
    assert (answer.status_code, kept["httponly"], kept["samesite"]) == (302, True, "Strict")
    assert "Eerst aan de beurt" in text_of(client.get(WALL))


def test_what_is_no_token_opens_nothing(cast: Cast) -> None:
    good = token(cast.coordinator)
    for bad in ("", "x", "lzcw_", "lzcw_a_b", good[:-1], good + "x", good.replace("lzcw", "lzc")):
        answer = Client().post(WALL, {"token": bad})
        assert (answer.status_code, COOKIE in answer.cookies) == (422, False), bad
        part = screen(bad).get(PART)
        assert part.status_code == 403 and "Laad het opnieuw" in text_of(part)
        assert "niet gekoppeld" in text_of(screen(bad).get(WALL))


def test_an_expired_token_opens_nothing(cast: Cast, wall: Client) -> None:
    assert wall.get(PART).status_code == 200
    WallToken.objects.filter(organisation=cast.coordinator.house.pk).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert wall.get(PART).status_code == 403


def test_a_revoked_token_opens_nothing_from_the_next_question_on(
    cast: Cast, at: Any, wall: Client
) -> None:
    (made,) = WallToken.objects.filter(organisation=cast.coordinator.house.pk)
    assert at.colleague.post(f"/wand/schermen/{made.pk}/intrekken/").status_code == 200
    assert wall.get(PART).status_code == 403
    told = [event.type for event in Event.objects.filter(subject=made.pk).order_by("number")]
    assert told == ["wall.issued", "wall.revoked"]


def test_no_one_revokes_the_screen_of_others(cast: Cast, at: Any, wall: Client) -> None:
    (made,) = WallToken.objects.filter(organisation=cast.coordinator.house.pk)
    for other in (at.triagist, at.planner, at.adviser):
        assert other.post(f"/wand/schermen/{made.pk}/intrekken/").status_code == 404
    assert wall.get(PART).status_code == 200


def test_a_token_is_no_way_to_any_other_page(cast: Cast, wall: Client) -> None:
    for path in ("/werklijst/", "/kaart/", "/noodlijst/", "/wand/schermen/", "/capaciteit/"):
        assert wall.get(path).status_code == 302
    made = WallToken.objects.get(organisation=cast.coordinator.house.pk)
    assert not made.duties and not made.hears


def test_it_counts_what_its_own_organisation_looks_for(cast: Cast, wall: Client) -> None:
    now = timezone.now()
    paths.a_request(cast, needed_by=now + timedelta(hours=9))
    paths.a_request(cast, needed_by=now + timedelta(hours=1))
    offer = paths.offer_at(cast, OfferState.SENT)
    context = wall.get(WALL).context
    assert [number["value"] for number in context["numbers"]] == [0, 2, 3, 2]
    deadlines = [one.deadline for one in context["due"]]
    assert deadlines == sorted(deadlines) and offer.answer_before in deadlines
    elsewhere = screen(token(cast.triagist)).get(WALL).context
    assert [number["value"] for number in elsewhere["numbers"]] == [0, 0, 0, 0]


def test_the_next_nine_are_shown_and_no_more(cast: Cast, wall: Client) -> None:
    for hours in range(1, 12):
        paths.a_request(cast, needed_by=timezone.now() + timedelta(hours=hours))
    context = wall.get(WALL).context
    assert (len(context["due"]), context["numbers"][2]["value"]) == (9, 11)


def test_no_patient_no_reference_and_nothing_typed_is_on_it(cast: Cast, wall: Client) -> None:
    made = paths.a_request(cast)
    with cast.coordinator.looks():
        person = type(made).objects.select_related("case").get(pk=made.pk).case.patient
        secret = (person.name, person.address, person.telephone, person.bsn, person.postcode)
    paths.a_place(cast)
    with CaptureQueriesContext(connection) as asked:
        source = wall.get(WALL).content.decode()
    assert "ELV laagcomplex, Zwolle" in source
    hidden = (*secret, made.need, made.case.reference, str(made.pk), str(made.case_id))
    for word in (*hidden, str(made.patient_id)):
        assert word and word not in source
    for query in asked.captured_queries:
        assert not any(table in query["sql"] for table in ABOUT_A_PERSON), query["sql"]
        assert '"need"' not in query["sql"] and '"wishes"' not in query["sql"]


def test_capacity_has_its_age_and_the_map_its_marks(cast: Cast, wall: Client) -> None:
    paths.a_place(cast)
    told = text_of(wall.get(PART))
    assert "ELV laagcomplex" in told and "oudste opgave 0 min geleden" in told
    assert 'class="k-plek is-fresh"' in wall.get(PART).content.decode()


def test_fewer_places_than_are_needed_are_said_in_a_word_and_in_amber(
    cast: Cast, wall: Client
) -> None:
    paths.a_place(cast)
    paths.a_request(cast)
    assert "minder dan nodig" not in text_of(wall.get(PART)), "one for one is enough"
    paths.a_request(cast)
    page = wall.get(PART)
    assert "minder dan nodig" in text_of(page) and 'class="is-krap"' in page.content.decode()


def test_what_is_too_old_to_be_counted_gives_no_age_either(cast: Cast, wall: Client) -> None:
    paths.a_place(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    then = timezone.now() - timedelta(hours=30)
    type(cast.ward).objects.filter(pk=cast.other_ward.pk).update(observed_at=then)
    assert "laatste plek · oudste opgave 0 min geleden" in text_of(wall.get(PART))


def test_the_last_place_of_a_region_is_said_in_a_word_and_in_amber(
    cast: Cast, wall: Client
) -> None:
    paths.a_place(cast)
    page = wall.get(PART)
    assert "laatste plek" in text_of(page) and 'class="is-krap"' in page.content.decode()
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    page = wall.get(PART)
    assert "laatste plek" not in text_of(page) and 'class="is-krap"' not in page.content.decode()


def test_what_planners_said_comes_free_stands_below_what_is_free(cast: Cast, wall: Client) -> None:
    assert "komt vrij" not in text_of(wall.get(PART))
    at = timezone.now() + timedelta(hours=2)
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at)
    assert f"+1 komt vrij om {moment(at)}" in text_of(wall.get(PART))
    later = at + timedelta(hours=1)
    cast.other_planner.does(planning.plan_release, cast.other_ward.pk, free_from=later)
    assert f"+2 komen vrij, de eerste om {moment(at)}" in text_of(wall.get(PART))


def test_what_waits_for_an_answer_needs_no_second_place(cast: Cast, wall: Client) -> None:
    paths.offer_at(cast, OfferState.SENT)
    paths.a_request(cast)
    paths.a_place(cast)
    assert "minder dan nodig" not in text_of(wall.get(PART))


def test_it_is_dark_unless_somebody_chose_light_on_that_screen(wall: Client) -> None:
    assert 'data-thema="nacht"' in wall.get(WALL).content.decode()
    wall.post("/weergave/", {"theme": "licht"})
    assert 'data-thema="licht"' in wall.get(WALL).content.decode()


def test_without_script_it_loads_itself_anew(wall: Client) -> None:
    page = wall.get(WALL).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    assert "live.js" not in page


def test_a_desk_makes_a_code_that_is_shown_once(cast: Cast, at: Any) -> None:
    form = {"name": "Regieruimte", "days": "30", "key": "zelfde"}
    page = at.coordinator.post("/wand/schermen/", **form)
    said = page.context["made"].token
    assert said in text_of(page) and screen(said).get(PART).status_code == 200
    again = at.coordinator.post("/wand/schermen/", **form)
    assert said not in again.content.decode() and "Regieruimte" in text_of(again)
    assert said not in str(list(WallToken.objects.values()))
    assert "Regieruimte" not in text_of(at.triagist.get("/wand/schermen/"))


def test_a_form_that_is_not_right_says_what_is(at: Any) -> None:
    page = at.coordinator.post("/wand/schermen/", name=" ", days="4000")
    assert page.status_code == 422 and len(page.context["form"].errors) == 2
