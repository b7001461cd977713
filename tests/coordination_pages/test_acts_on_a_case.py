"""What a desk does with a case: buttons and forms, each one verb, done once, refused in words."""

from typing import Any
from uuid import uuid4

import pytest

from coordination import services
from coordination.models import CareRequest, Handover, Note, Offer
from coordination.states import HandoverState, OfferState, RequestState
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import Browser, text_of
from tests.coordination_pages.test_opened_case import address
from triage import services as triage
from triage.models import Case, Contact, TriageRecord
from triage.services import TriageIn


def of_request(made: CareRequest, act: str) -> str:
    return address(made.case, "vraag", str(made.pk), act)


def of_offer(offer: Offer, act: str) -> str:
    return address(offer.request.case, "aanbod", str(offer.pk), act)


def of_handover(handed: paths.Handed, act: str) -> str:
    return address(handed.case, "overdracht", str(handed.handover.pk), act)


def started_with(browser: Browser, path: str, **query: str) -> dict[str, Any]:
    """A form as it is shown first: what somebody sends who only presses its button."""
    form = browser.get(path, **query).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def looked(cast: Cast, model: Any, **where: Any) -> list[Any]:
    with cast.coordinator.looks():
        return list(model.objects.filter(**where))


# Buttons ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "act", "after", "said"),
    [
        ("submitted", "oppakken", "searching", "Opgepakt"),
        ("searching", "pauzeren", "on_hold", "Stilgezet"),
        ("on_hold", "hervatten", "searching", "Het zoeken gaat verder"),
    ],
)
def test_a_button_does_its_verb_and_says_so(
    before: str, act: str, after: str, said: str, cast: Cast, at: Any
) -> None:
    made = paths.request_at(cast, before)
    page = at.coordinator.post(of_request(made, act))
    made.refresh_from_db()
    assert (made.state, page.status_code) == (after, 200)
    assert said in text_of(page)


def test_a_button_that_came_too_late_says_why(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, RequestState.SEARCHING)
    page = at.coordinator.post(of_request(made, "oppakken"))
    assert "intussen veranderd" in text_of(page)


def test_a_button_of_another_desk_says_that_it_is_not_yours(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, RequestState.SUBMITTED)
    page = at.huisarts.post(of_request(made, "oppakken"))
    assert "Dit mag u niet doen" in text_of(page)
    made.refresh_from_db()
    assert made.state == RequestState.SUBMITTED


def test_a_link_to_a_button_shows_the_case_and_does_nothing(cast: Cast, at: Any) -> None:
    """Whoever must log in again for a button comes back by its address."""
    made = paths.request_at(cast, RequestState.SUBMITTED)
    for act in ("oppakken", "aanbieden"):
        page = at.coordinator.get(of_request(made, act))
        assert (page.status_code, page.url) == (302, f"{address(made.case)}#vraag-{made.pk}")
    made.refresh_from_db()
    assert made.state == RequestState.SUBMITTED


def test_offering_holds_a_place_and_can_be_taken_back_unseen(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast)
    page = at.coordinator.post(of_request(made, "aanbieden"), unit=str(cast.ward.pk))
    offer = Offer.objects.get(request=made)
    assert offer.state == OfferState.SENT and offer.visible_from > offer.created_at
    assert "Gaat uit over" in text_of(page) and "Nog niet verstuurd" in text_of(page)
    at.coordinator.post(of_offer(offer, "intrekken"))
    offer.refresh_from_db()
    assert (offer.state, offer.shown_at) == (OfferState.WITHDRAWN, None)


def test_the_last_place_that_just_went_is_said_in_words(cast: Cast, at: Any) -> None:
    paths.an_offer(cast)
    other = paths.a_request(cast)
    page = at.colleague.post(of_request(other, "aanbieden"), unit=str(cast.ward.pk))
    assert "Kies een andere" in text_of(page)
    assert not Offer.objects.filter(request=other).exists()


def test_the_same_form_sent_twice_counts_once(cast: Cast, at: Any) -> None:
    case, key = paths.a_case(cast), uuid4().hex
    for _ in range(2):
        page = at.coordinator.post(address(case, "notitie"), key=key, text="Dochter gebeld.")
        assert page.status_code == 200
    assert len(looked(cast, Note, case=case)) == 1
    at.coordinator.post(address(case, "notitie"), text="Dochter gebeld.")
    assert len(looked(cast, Note, case=case)) == 2


def test_a_life_threat_goes_to_112_with_one_button(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    page = at.coordinator.post(address(case, "112"))
    assert "doorgegeven aan 112" in text_of(page)
    case.refresh_from_db()
    assert case.state == "redirected"
    page = at.coordinator.post(address(case, "112-bevestigen"), outcome="has_it")
    assert page.status_code == 422 and "ritnummer" in text_of(page)
    at.coordinator.post(address(case, "112-bevestigen"), outcome="has_it", ritnummer="04-2291")
    case.refresh_from_db()
    assert (case.state, case.ritnummer) == ("open", "04-2291")


# Forms -----------------------------------------------------------------------------------------


def test_a_note_a_contact_and_what_was_seen_are_added(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    at.coordinator.post(address(case, "notitie"), text="Sleutel ligt bij de buren.")
    at.coordinator.post(
        address(case, "contact"),
        kind="observation",
        asked_by="professional",
        caller="Politie",
        text="Zit op de grond in de gang.",
    )
    (note,) = looked(cast, Note, case=case)
    seen = looked(cast, Contact, case=case, kind="observation")
    assert note.text == "Sleutel ligt bij de buren." and seen[0].caller == "Politie"
    shown = text_of(at.coordinator.get(address(case)))
    assert "Sleutel ligt bij de buren." in shown and "Politie: Zit op de grond" in shown


def test_a_refused_form_keeps_what_was_typed_and_says_why(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    page = at.coordinator.post(
        address(case, "contact"), kind="call", asked_by="citizen", caller="Zoon", callback="zoon"
    )
    assert page.status_code == 422
    assert page.context["form"]["caller"].value() == "Zoon"
    shown = text_of(page)
    assert "Nog 2 dingen nodig" in shown
    assert "Nog nodig: Wat is er gezegd of gezien" in shown and "Vul een telefoonnummer in" in shown
    assert 'value="Zoon"' in page.content.decode()
    assert len(looked(cast, Contact, case=case)) == 1


def test_a_first_triage_starts_with_what_the_caller_said(cast: Cast, at: Any) -> None:
    taken = cast.coordinator.does(
        triage.register,
        patient=cast.patient(),
        contact=triage.ContactIn(text="Ligt naast bed."),
        desk=cast.coordinator.desk,
    )
    path = address(taken.case, "triage")
    start = started_with(at.coordinator, path, how="new")
    assert start["complaint"] == "Ligt naast bed."
    at.coordinator.post(path, **start | {"urgency": "U3", "B": "20/min", "system": "NTS"})
    (record,) = looked(cast, TriageRecord, case=taken.case)
    assert (record.how, record.urgency, record.abcde) == ("new", "U3", {"B": "20/min"})


def test_taking_a_triage_over_is_one_press(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, HandoverState.ACCEPTED)
    at.nurse.post(address(handed.case, "triage"), how="taken_over", after="1")
    newest = looked(cast, TriageRecord, case=handed.case)[-1]
    assert (newest.how, newest.urgency, newest.complaint) == ("taken_over", "U3", "val")


def test_supplementing_leaves_the_rest_as_it_was(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, urgency="U2")
    path = address(case, "triage")
    start = started_with(at.coordinator, path, how="supplemented")
    assert (start["urgency"], start["complaint"]) == ("U2", "val")
    at.coordinator.post(path, **start | {"physician": "regiearts De Boer"})
    newest = looked(cast, TriageRecord, case=case)[-1]
    assert (newest.how, newest.physician) == ("supplemented", "regiearts De Boer")


def test_doing_it_again_asks_why_and_a_fresh_urgency(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    path = address(case, "triage")
    start = started_with(at.coordinator, path, how="redone")
    assert "urgency" not in start and start["complaint"] == "val"
    page = at.coordinator.post(path, **start | {"urgency": "U4"})
    assert page.status_code == 422 and "Waarom wordt het opnieuw beoordeeld" in text_of(page)
    at.coordinator.post(path, **start | {"urgency": "U4", "reason": "Loopt weer."})
    newest = looked(cast, TriageRecord, case=case)[-1]
    assert (newest.how, newest.urgency, newest.reason) == ("redone", "U4", "Loopt weer.")


def test_getting_worse_freezes_what_was_promised(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    path = address(offer.request.case, "verslechtert")
    start = started_with(at.huisarts, path)
    at.huisarts.post(path, **start | {"urgency": "U3", "reason": "Koorts en suf."})
    request = CareRequest.objects.get(pk=offer.request_id)
    assert request.state == RequestState.ON_HOLD


def test_a_request_starts_with_what_the_case_knows(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    path = address(case, "zorgvraag")
    start = started_with(at.coordinator, path)
    assert start["need"] == "val" and start["desk"] == str(cast.coordinator.desk.pk)
    sent = {"care": "elv_laag", "also": ["elv_hoog"], "consent": "given"}
    page = at.coordinator.post(path, **start | sent)
    assert page.status_code == 200
    made = CareRequest.objects.get(case=case)
    assert (made.care_types, made.urgency, made.state) == (
        ["elv_laag", "elv_hoog"],
        "U3",
        "submitted",
    )


def test_a_request_that_tells_who_it_is_comes_back(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    with cast.coordinator.looks():
        name = Case.objects.get(pk=case.pk).patient.name
    path = address(case, "zorgvraag")
    start = started_with(at.coordinator, path)
    told = {"care": "elv_laag", "consent": "given", "need": f"{name} kan niet alleen"}
    page = at.coordinator.post(path, **start | told)
    assert page.status_code == 422 and page.context["form"].errors["need"]
    assert page.context["form"]["need"].value() == told["need"]
    assert not CareRequest.objects.filter(case=case).exists()


def test_a_second_request_for_a_stay_says_that_one_is_open(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    path = address(made.case, "zorgvraag")
    start = started_with(at.huisarts, path)
    page = at.huisarts.post(path, **start | {"care": "elv_laag", "consent": "given"})
    assert page.status_code == 422 and page.context["form"].non_field_errors()
    assert CareRequest.objects.filter(case=made.case).count() == 1


def test_waiting_needs_somebody_who_watches(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, RequestState.SEARCHING)
    assert at.coordinator.post(of_request(made, "wachten")).status_code == 422
    at.coordinator.post(of_request(made, "wachten"), interim_plan="De buurvrouw kijkt.")
    made.refresh_from_db()
    assert (made.state, made.interim_plan) == ("waiting", "De buurvrouw kijkt.")


def test_withdrawing_a_request_asks_why(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    assert at.coordinator.post(of_request(offer.request, "intrekken")).status_code == 422
    page = at.coordinator.post(of_request(offer.request, "intrekken"), reason="hospital")
    request = CareRequest.objects.get(pk=offer.request_id)
    assert (request.state, request.end_reason) == ("cancelled", "hospital")
    # With the request its part in the case has ended, so it lands on the list.
    assert page.redirect_chain[-1][0] == "/werklijst/"


def test_a_question_of_the_provider_is_answered(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASKED)
    at.coordinator.post(of_offer(offer, "antwoorden"), reply="Ja, met hulp van één.")
    offer.refresh_from_db()
    assert (offer.state, offer.reply) == ("sent", "Ja, met hulp van één.")


def test_assigning_starts_with_a_handover_that_is_already_written(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    path = of_offer(offer, "toewijzen")
    assert "De Linde ELV" in text_of(at.coordinator.get(path))
    start = started_with(at.coordinator, path)
    assert "val." in start["situation"] and "U3" in start["situation"]
    assert "Kan niet zelf naar bed of toilet." in start["recommendation"]
    page = at.coordinator.post(path, **start)
    assert "Toegewezen." in text_of(page)
    offer.refresh_from_db()
    written = {name: text.replace("\n", "\r\n") for name, text in offer.sbar.items()}
    assert offer.state == "assigned" and start["situation"] in (
        offer.sbar["situation"], written["situation"]
    )  # fmt: skip


def test_handing_over_names_the_desks_of_the_region_only(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    form = at.coordinator.get(address(case, "overdragen")).context["form"]
    offered = {
        value
        for _label, group in form.fields["to_desk"].choices
        if isinstance(group, list)
        for value, _name in group
    }
    near = {p.desk.pk for p in (cast.centralist, cast.triagist, cast.nurse, cast.huisarts)}
    assert {str(pk) for pk in near} <= offered
    assert str(cast.coordinator.desk.pk) not in offered
    assert next(iter(form.fields["to_desk"].choices[1]))[0] == "Eigen huisarts"[0]


def test_a_handover_is_offered_read_back_and_taken_over(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    path = address(case, "overdragen")
    start = started_with(at.coordinator, path)
    told = {"to_desk": str(cast.nurse.desk.pk), "recommendation": "Ga kijken."}
    at.coordinator.post(path, **start | told)
    (made,) = looked(cast, Handover, case=case)
    assert made.state == "offered" and "val." in made.situation
    handed = paths.Handed(case, made)
    unread = at.nurse.post(of_handover(handed, "overnemen"), read_back="")
    assert unread.status_code == 422 and "Ga kijken." in text_of(unread)
    page = at.nurse.post(of_handover(handed, "overnemen"), read_back="Ga kijken, valt.")
    assert "Hij is nu van u" in text_of(page)
    case.refresh_from_db()
    assert case.owner_id == cast.nurse.desk.pk


def test_a_refused_handover_leaves_the_screen_of_who_refused(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, HandoverState.OFFERED)
    page = at.nurse.post(of_handover(handed, "weigeren"), reason="Niemand meer op de weg.")
    assert page.redirect_chain[-1][0] == "/werklijst/"
    assert "De andere meldtafel houdt hem" in text_of(page)


def test_the_sender_takes_a_handover_back(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, HandoverState.OFFERED)
    page = at.coordinator.post(of_handover(handed, "intrekken"))
    assert "overdracht is ingetrokken" in text_of(page)


def test_closing_says_what_is_still_open(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    path = address(made.case, "sluiten")
    page = at.huisarts.post(path, reason="advice")
    assert page.status_code == 422 and page.context["form"].non_field_errors()
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    page = at.huisarts.post(path, reason="advice")
    assert "advies was genoeg" in text_of(page)
    page = at.huisarts.post(address(made.case, "heropenen"))
    assert "weer open" in text_of(page)


@pytest.mark.parametrize("act", ["overdragen", "sluiten"])
def test_a_form_for_the_owner_is_not_shown_to_others(act: str, cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    assert at.coordinator.get(address(made.case, act)).status_code == 403


def test_a_form_for_what_is_over_is_not_shown(cast: Cast, at: Any) -> None:
    case = paths.case_at(cast, "closed")
    assert at.coordinator.get(address(case, "notitie")).status_code == 409
    made = paths.request_at(cast, RequestState.SUBMITTED)
    assert at.coordinator.get(of_request(made, "wachten")).status_code == 409


def test_a_word_that_is_no_act_is_not_found(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    for path in (
        address(offer.request.case, "vernietigen"),
        of_request(offer.request, "verkopen"),
        of_offer(offer, "toezeggen"),
        address(offer.request.case, "aanbod", str(uuid4()), "toewijzen"),
    ):
        assert at.coordinator.get(path).status_code == 404
        assert at.coordinator.post(path).status_code == 404


def test_a_unit_that_is_no_id_is_not_found(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    assert at.coordinator.post(of_request(made, "aanbieden"), unit="1; drop").status_code == 404


def test_a_text_with_a_nul_is_refused_and_not_an_error(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    page = at.coordinator.post(address(case, "notitie"), text="a\x00b")
    assert page.status_code == 422


def test_text_from_people_stays_text(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    cast.coordinator.does(
        triage.triage,
        case.pk,
        judged=TriageIn(how="redone", urgency="U3", reason="<b>", complaint="<script>x</script>"),
    )
    at.coordinator.post(address(case, "notitie"), text="<img src=x onerror=alert(1)>")
    source = at.coordinator.get(address(case)).content.decode()
    assert "<script>x" not in source and "<img src=x" not in source


# Judged in a way that does not exist; and after 112 -----------------------------------------------


@pytest.mark.parametrize("act", ["triage", "verslechtert"])
@pytest.mark.parametrize("how", ["abc", "x" * 30])
def test_a_way_of_judging_that_does_not_exist_is_not_saved(
    how: str, act: str, cast: Cast, at: Any
) -> None:
    case = paths.a_case(cast)
    page = at.coordinator.post(address(case, act), how=how, urgency="U4", complaint="val")
    assert page.status_code == 422
    assert len(looked(cast, TriageRecord, case=case)) == 1


def test_after_112_found_no_threat_the_case_says_to_triage_again(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    said = "112 heeft bevestigd dat er geen levensgevaar is"
    at.coordinator.post(address(made.case, "112"))
    assert said not in text_of(at.coordinator.get(address(made.case)))
    at.huisarts.post(address(made.case, "112-bevestigen"), outcome="no_threat")
    assert said in text_of(at.coordinator.get(address(made.case)))
    path, again = address(made.case, "triage"), {"urgency": "U3", "reason": "112 is geweest"}
    at.coordinator.post(path, **started_with(at.coordinator, path, how="redone") | again)
    assert said not in text_of(at.coordinator.get(address(made.case)))
