"""The provider's inbox: no person before assignment, every answer once, too late said in words."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capacity.models import Place
from capacity.states import PlaceState
from coordination import services
from coordination.models import Offer
from coordination.states import OfferState
from lzc.models import AccessRecord, Action
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage import services as triage
from triage.identity import written_postcode

INBOX, ADMISSIONS = "/aanbod/", "/taken/"
#: What a provider must never see of somebody who was not assigned to it.
KNOWN = {"name": "Q. Kanariesma", "address": "Verborgensteeg 77", "telephone": "0687654321"}


def button(offer: Offer, name: str) -> str:
    return f"/aanbod/{offer.pk}/{name}/"


def state_of(offer: Offer) -> str:
    return Offer.objects.values_list("state", flat=True).get(pk=offer.pk)


def offer_of_somebody(cast: Cast) -> tuple[Offer, list[str]]:
    """An offer, and everything that tells who it is about."""
    case = paths.a_case(cast, cast.huisarts, **KNOWN)
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    paths.a_place(cast)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    with cast.coordinator.looks():
        person = case.patient
        told = [
            *KNOWN.values(),
            person.bsn,
            f"{person.birth_date:%d-%m-%Y}",
            written_postcode(person.postcode),
        ]
    return offer, [*told, case.reference, str(case.pk)]


# Who is it about? ------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, "ask", "accept", "decline"])
def test_until_it_is_assigned_nothing_tells_who_it_is(
    answer: str | None, cast: Cast, at: Any
) -> None:
    offer, telling = offer_of_somebody(cast)
    said = {"question": "Kan zij traplopen?", "reason": "no_staff"}
    if answer:
        at.planner.post(button(offer, answer), **said)
    for path in (INBOX, f"{INBOX}?deel=vragen", ADMISSIONS, "/capaciteit/"):
        page = at.planner.get(path)
        assert page.status_code == 200
        found = [word for word in telling if word in page.content.decode()]
        assert not found, f"{path} tells {found}"
    looked = AccessRecord.objects.filter(user=cast.planner.user.pk).exclude(action=Action.REFUSED)
    assert not looked.exclude(patients=[]).exists()


def test_the_profile_is_enough_to_say_yes_or_no(cast: Cast, at: Any) -> None:
    asked = paths.a_request(cast, requirements=["oxygen"], wishes="Graag dichtbij.")
    offer = paths.an_offer(cast, asked)
    page = text_of(at.planner.get(INBOX))
    assert "-" in offer.profile["age_band"]
    for part in (
        "ELV laagcomplex",
        offer.profile["age_band"],
        "Zwolle",
        "zuurstof",
        "Graag dichtbij",
        "reageer vóór",
    ):
        assert part in page


def test_after_assignment_it_is_a_person_with_a_handover(cast: Cast, at: Any) -> None:
    offer, telling = offer_of_somebody(cast)
    cast.planner.does(services.accept, offer.pk)
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    page = text_of(at.planner.get(INBOX))
    for part in (*KNOWN.values(), telling[3], "Heupkneuzing", "Twee weken herstel"):
        assert part in page
    looked = AccessRecord.objects.filter(user=cast.planner.user.pk, action=Action.READ)
    assert looked.filter(patients=[offer.request.patient_id]).exists()


def test_a_handover_is_told_in_its_own_order(cast: Cast, at: Any) -> None:
    offer, _telling = offer_of_somebody(cast)
    cast.planner.does(services.accept, offer.pk)
    said = {"recommendation": "Oefenen", "assessment": "Stabiel", "background": "Alleen"}
    cast.coordinator.does(services.assign, offer.pk, sbar=said | {"situation": "Gevallen"})
    page = text_of(at.planner.get(INBOX))
    told = [page.index(part) for part in ("Gevallen", "Alleen", "Stabiel", "Oefenen")]
    assert told == sorted(told)


def test_the_file_closes_when_it_goes_to_another(cast: Cast, at: Any) -> None:
    offer, telling = offer_of_somebody(cast)
    cast.planner.does(services.accept, offer.pk)
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    cast.coordinator.does(services.withdraw, offer.pk)
    page = at.planner.get(INBOX)
    assert not [word for word in (*telling, "Heupkneuzing") if word in page.content.decode()]
    assert "Ingetrokken" in text_of(page)


def test_another_house_sees_nothing_of_it(cast: Cast, at: Any) -> None:
    offer, _telling = offer_of_somebody(cast)
    assert str(offer.pk) not in at.other_planner.get(INBOX).content.decode()
    answer = at.other_planner.post(button(offer, "accept"))
    assert (answer.status_code, state_of(offer)) == (404, OfferState.SENT)


@pytest.mark.parametrize("who", ["huisarts", "coordinator", "adviser", "centralist"])
def test_who_answers_no_offers_has_no_inbox(who: str, cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    browser = getattr(at, who)
    assert browser.get(INBOX).status_code == 404
    assert browser.get(ADMISSIONS).status_code == 404
    assert browser.post(button(offer, "accept")).status_code == 404
    assert state_of(offer) == OfferState.SENT


def test_an_offer_that_can_still_be_undone_is_not_there_yet(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)
    assert str(offer.pk) not in at.planner.get(INBOX).content.decode()
    assert at.planner.post(button(offer, "accept")).status_code == 404


# Answers ---------------------------------------------------------------------------------------


def test_a_promise_is_made_with_one_tap_and_once(cast: Cast, at: Any) -> None:
    offer, key = paths.an_offer(cast), uuid4().hex
    for _ in range(2):
        page = at.planner.post(button(offer, "accept"), key=key)
        assert "Toegezegd. U hoort het meteen" in text_of(page)
    assert state_of(offer) == OfferState.ACCEPTED
    assert cast.planner.hears().count("offer.accepted") == 1


def test_a_second_promise_says_that_it_changed(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    page = at.planner.post(button(offer, "accept"))
    assert "intussen veranderd" in text_of(page)


def test_every_reason_is_one_tap(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    shown = re.findall(r'name="reason" value="(\w+)"', at.planner.get(INBOX).content.decode())
    assert shown == Offer.Reason.values
    at.planner.post(button(offer, "decline"), reason="too_heavy")
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == (OfferState.DECLINED, "too_heavy")
    assert "U gaf door: Zorgvraag te zwaar" in text_of(at.planner.get(INBOX))
    assert Place.objects.get(pk=offer.place_id).state == PlaceState.FREE


def test_no_bed_left_takes_every_free_place_off_the_list(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    paths.a_place(cast)
    at.planner.post(button(offer, "decline"), reason="no_capacity")
    assert state_of(offer) == OfferState.DECLINED
    assert not Place.objects.filter(unit=cast.ward, state=PlaceState.FREE).exists()


def test_a_reason_that_is_none_refuses_nothing(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    page = at.planner.post(button(offer, "decline"), reason="geen zin")
    assert page.status_code == 200 and state_of(offer) == OfferState.SENT
    assert at.planner.post(button(offer, "eat"), reason="other").status_code == 404


def test_a_question_stops_the_clock(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    page = at.planner.post(button(offer, "ask"), question="Kan zij traplopen?")
    assert "De klok staat" in text_of(page) and "Kan zij traplopen?" in text_of(page)
    cast.coordinator.does(services.reply, offer.pk, reply="Nee, alleen gelijkvloers.")
    assert "alleen gelijkvloers" in text_of(at.planner.get(INBOX))


def test_a_refused_question_keeps_what_was_typed(cast: Cast, at: Any) -> None:
    offer, typed = paths.an_offer(cast), "Hoe zwaar is zij? " * 20
    page = at.planner.post(button(offer, "ask"), question=typed)
    assert typed.strip() in page.content.decode()
    assert f'href="#question-{offer.pk}"' in page.content.decode()
    assert f'id="question-{offer.pk}"' in page.content.decode()
    assert state_of(offer) == OfferState.SENT


def test_an_address_of_a_button_shows_the_inbox(cast: Cast, at: Any) -> None:
    """Whoever must log in again for a button comes back by its address."""
    offer = paths.an_offer(cast)
    page = at.planner.get(button(offer, "accept"))
    assert (page.status_code, page.url) == (302, INBOX)
    assert state_of(offer) == OfferState.SENT


# Too late --------------------------------------------------------------------------------------


def test_after_the_deadline_there_is_no_button_and_a_sentence(cast: Cast, at: Any) -> None:
    """Also when nobody swept it yet."""
    offer = paths.an_offer(cast)
    paths.let_the_deadline_pass(offer)
    page = at.planner.get(INBOX)
    assert button(offer, "accept") not in page.content.decode()
    assert "voorbij" in text_of(page) and "zoekt verder" in text_of(page)
    for name in ("accept", "ask"):
        page = at.planner.post(button(offer, name), question="Kan zij traplopen?")
        assert "De tijd om te antwoorden is voorbij" in text_of(page)
    assert state_of(offer) == OfferState.SENT


def test_a_question_that_came_too_late_is_not_lost_in_silence(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.EXPIRED)
    page = text_of(at.planner.post(button(offer, "ask"), question="Kan zij traplopen?"))
    assert "Dit is niet bewaard" in page and "voorbij" in page


def test_who_was_second_is_thanked(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    request = offer.request_id
    other = cast.coordinator.does(services.offer, request, unit_id=cast.other_ward.pk)
    cast.other_planner.does(services.accept, other.pk)
    cast.coordinator.does(services.assign, other.pk, sbar=paths.LETTER)
    assert "elders" in text_of(at.planner.get(INBOX))
    page = text_of(at.planner.post(button(offer, "accept")))
    assert "elders" in page and "voor het meedenken" in page


def test_an_empty_inbox_says_what_that_means(at: Any) -> None:
    page = text_of(at.planner.get(INBOX))
    assert "geen aanvraag" in page and "vanzelf" in page


# Admissions ------------------------------------------------------------------------------------


def test_an_admission_from_handover_to_leaving(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    page = at.planner.get(ADMISSIONS)
    assert "Verwacht" in text_of(page)
    assert button(offer, "start") not in page.content.decode()
    at.planner.post(button(offer, "read_back"), read_back="Heup, twee weken, helpt bij lopen.")
    page = at.planner.get(ADMISSIONS)
    assert button(offer, "start") in page.content.decode()
    at.planner.post(button(offer, "start"))
    assert state_of(offer) == OfferState.STARTED
    page = text_of(at.planner.get(ADMISSIONS))
    assert "Opgenomen" in page and "Vertrokken" in page
    at.planner.post(button(offer, "complete"))
    assert state_of(offer) == OfferState.COMPLETED
    assert "Er wordt nu niemand verwacht" in text_of(at.planner.get(ADMISSIONS))


def test_it_leads_back_to_the_page_it_was_pressed_on(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    sent = {"read_back": "Begrepen.", "follow": False}
    assert at.planner.post(f"{button(offer, 'read_back')}?back=tasks", **sent).url == ADMISSIONS
    assert at.planner.post(f"{button(offer, 'start')}?back=//x", follow=False).url == INBOX


def test_an_empty_read_back_is_asked_again_where_it_was(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    page = at.planner.post(f"{button(offer, 'read_back')}?back=tasks", read_back=" ")
    assert "Nog 1 ding nodig" in text_of(page) and "Verwacht" in text_of(page)


def test_a_promise_that_cannot_be_kept_starts_the_search_again(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    page = at.planner.post(button(offer, "fail"), reason="no_staff")
    assert "zoekt meteen opnieuw" in text_of(page)
    offer.refresh_from_db()
    assert (offer.state, offer.request.state) == (OfferState.FAILED, "searching")


def test_on_hold_there_is_a_sentence_and_no_start(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    cast.planner.does(services.read_back, offer.pk, read_back="Begrepen.")
    cast.coordinator.does(services.hold, offer.request_id)
    page = at.planner.get(ADMISSIONS)
    assert "Stilgezet" in text_of(page)
    assert button(offer, "start") not in page.content.decode()
    assert "intussen veranderd" in text_of(at.planner.post(button(offer, "start")))


@pytest.mark.parametrize("path", [INBOX, ADMISSIONS])
def test_it_takes_as_many_queries_for_many_as_for_one(path: str, cast: Cast, at: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            at.planner.get(path)
        return len(found)

    for state in (OfferState.SENT, OfferState.ASSIGNED, OfferState.STARTED):
        paths.offer_at(cast, state)
    at.planner.get(path)
    few = queries()
    for state in (OfferState.SENT, OfferState.ASSIGNED, OfferState.STARTED, OfferState.DECLINED):
        paths.offer_at(cast, state)
    assert queries() == few


# What ended, and what is not known ---------------------------------------------------------------


def test_what_is_not_known_of_a_person_is_said(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    taken = cast.huisarts.does(
        triage.register,
        patient=triage.PatientIn(no_bsn="unknown"),
        contact=triage.ContactIn(text="val"),
        desk=cast.huisarts.desk,
    )
    first = triage.TriageIn(urgency="U3", complaint="val")
    cast.huisarts.does(triage.triage, taken.case.pk, judged=first)
    made = cast.huisarts.does(services.request, taken.case.pk, ask=paths.an_ask(cast))
    cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    told = text_of(at.planner.get("/aanbod/"))
    assert "leeftijd onbekend" in told and "adres nog niet bekend" in told


def test_who_expected_the_patient_hears_who_cancelled_and_why(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    cast.huisarts.does(services.cancel, offer.request_id, reason="died")
    told = text_of(at.planner.get("/aanbod/"))
    assert "Huisartsenpraktijk De Vries trok de aanvraag in: de patiënt is overleden" in told
    assert "Er komt niemand" in told and cast.coordinator.desk.telephone in told


def test_who_was_only_asked_hears_no_more_than_that_it_is_over(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    cast.huisarts.does(services.cancel, offer.request_id, reason="died")
    told = text_of(at.planner.get("/aanbod/"))
    assert "Uw plek is weer vrij" in told and "overleden" not in told


def test_an_offer_taken_back_before_the_request_ended_was_taken_back(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    cast.coordinator.does(services.withdraw, offer.pk)
    cast.huisarts.does(services.cancel, offer.request_id, reason="died")
    assert "heeft dit aanbod ingetrokken" in text_of(at.planner.get("/aanbod/"))
