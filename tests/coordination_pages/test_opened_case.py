"""The opened case: everything known is on it, who may not see it finds nothing."""

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from coordination import casework, handovers, services
from coordination.management.reference import event_names
from coordination.models import CareRequest
from coordination.pages.timeline import PHRASES
from coordination.states import HandoverState, OfferState
from lzc.models import AccessRecord
from tests import paths
from tests.cast import DAY, Cast
from tests.coordination_pages.conftest import text_of
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn, PatientIn, TriageIn


def address(case: Case, *more: str) -> str:
    return "/".join(["/casus", case.reference, *more, ""])


def test_what_is_known_of_a_person_is_on_the_page(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, access_notes="Sleutel bij nummer 12.")
    with cast.coordinator.looks():
        person = Case.objects.get(pk=case.pk).patient
        known = [person.name, person.address, person.telephone, person.bsn, person.access_notes]
        born = f"{person.birth_date:%d-%m-%Y}"
    page = at.coordinator.get(address(case))
    for item in [*known, born, "Huisartsenpraktijk De Vries", "U3"]:
        assert item in text_of(page)


def test_opening_it_is_written_down(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    at.coordinator.get(address(case))
    found = AccessRecord.objects.filter(actor=cast.coordinator.actor.pk, action="read")
    assert [(r.patients, r.subject) for r in found] == [([case.patient_id], f"case:{case.pk}")]


def test_a_bsn_is_in_no_address_of_the_page(cast: Cast, at: Any) -> None:
    import re

    case = paths.a_case(cast)
    with cast.coordinator.looks():
        bsn = Case.objects.get(pk=case.pk).patient.bsn
    source = at.coordinator.get(address(case)).content.decode()
    assert bsn in source
    assert not [a for a in re.findall(r'(?:href|action|hx-get)="([^"]*)"', source) if bsn in a]


@pytest.mark.parametrize("who", ["stranger", "planner", "adviser", "triagist"])
def test_who_has_no_part_in_it_finds_nothing(who: str, cast: Cast, at: Any) -> None:
    """404 before 403, and the attempt is known."""
    case = paths.a_case(cast)
    assert getattr(at, who).get(address(case)).status_code == 404
    assert getattr(at, who).get(address(case, "notitie")).status_code == 404
    sent = getattr(at, who).post(address(case, "notitie"), text="Ik was hier.")
    assert sent.status_code == 404


def test_the_refusal_of_a_case_that_is_not_theirs_is_recorded(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    for ask in (at.stranger.get, at.stranger.post):
        ask(address(case, "notitie"))
    refused = AccessRecord.objects.filter(actor=cast.stranger.actor.pk, action="refused")
    assert [r.detail for r in refused] == ["not_found", "not_found"]


def test_it_opens_beside_the_list_under_an_address_of_its_own(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    page = at.coordinator.get(address(made.case))
    source = page.content.decode()
    assert 'id="werk"' in source and 'id="casus"' in source
    assert 'aria-current="true">ELV laagcomplex</a>' in source


def test_parts_are_fetched_by_themselves(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    for part in ("werk", "stand", "casus"):
        source = at.coordinator.get(address(case), deel=part).content.decode()
        assert f'id="{part}"' in source and "<html" not in source


def test_a_case_that_left_goes_from_the_screen(cast: Cast, at: Any) -> None:
    """The part that is fetched again says so; the address itself is no longer theirs."""
    handed = paths.handover_at(cast, HandoverState.OFFERED)
    cast.nurse.does(handovers.accept, handed.handover.pk, read_back="Valt steeds.")
    part = at.coordinator.get(address(handed.case), deel="casus")
    assert "niet meer bij u" in text_of(part) and "Pietersen" not in text_of(part)
    assert at.coordinator.get(address(handed.case)).status_code == 404


def test_the_third_call_in_three_nights_is_seen_as_such(cast: Cast, at: Any) -> None:
    from django.utils import timezone

    now, known = timezone.now(), cast.patient()
    for nights in (2, 1, 0):
        taken = cast.centralist.does(
            triage.register,
            patient=known if nights == 2 else PatientIn(bsn=known.bsn),
            contact=ContactIn(asked_by="citizen", occurred_at=now - nights * DAY),
            desk=cast.centralist.desk,
        )
    page = at.centralist.get(address(taken.case))
    assert "3e contact in 72 uur" in text_of(page)
    sheet = at.centralist.get(address(taken.case, "triage"), how="new")
    assert "belde 3 keer in 72 uur" in text_of(sheet)
    assert sheet.context["form"]["alarm_signals"].value() == ["second_contact"]


def test_every_judgement_stands_beside_the_one_before_it(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, HandoverState.ACCEPTED)
    for judged in (
        TriageIn(how="taken_over"),
        TriageIn(how="supplemented", treatment_limits="niet reanimeren"),
        TriageIn(how="redone", urgency="U4", reason="Loopt weer."),
    ):
        cast.nurse.does(triage.triage, handed.case.pk, judged=judged)
    page = at.nurse.get(address(handed.case))
    shown = text_of(page)
    for said in ("overgenomen", "aangevuld", "opnieuw gedaan", "Loopt weer.", "niet reanimeren"):
        assert said in shown
    (complaint,) = [r for r in page.context["judged_rows"] if r["label"] == "Klacht"]
    assert [cell["same"] for cell in complaint["cells"]] == [False, True, True, True]


def test_the_owners_stand_in_the_order_they_had_it(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, HandoverState.ACCEPTED)
    page = at.nurse.get(address(handed.case))
    assert [o["name"] for o in page.context["owners"]] == ["Zorgcentrale", "Thuiszorg Nacht"]


def test_what_happened_names_who_did_it_and_when(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ASSIGNED)
    lines = at.coordinator.get(address(offer.request.case)).context["timeline"]
    told = [(line.who, line.text) for line in reversed(lines)]
    assert [text for _who, text in told] == [
        "nam dit aan",
        "deed triage: U3, nieuw",
        "vroeg: ELV laagcomplex",
        "bood aan bij De Linde ELV",
        "zegde een plek toe: De Linde ELV",
        "wees toe aan De Linde ELV",
    ]
    assert told[4][0] == "Planner, Verpleeghuis De Linde"
    assert all(line.at and line.who for line in lines)


def test_the_clock_is_named_when_nobody_did_it(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.EXPIRED)
    first = at.coordinator.get(address(offer.request.case)).context["timeline"][0]
    assert (first.who, first.text) == ("De klok", "kreeg geen antwoord op tijd van De Linde ELV")


def test_every_fact_of_a_case_has_its_words() -> None:
    """In both languages; what is told by another fact of the same act says so with None."""
    of_a_case = ("case", "care_request", "offer", "handover")
    known = {name for name, _ in event_names() if name.partition(".")[0] in of_a_case}
    assert known == set(PHRASES)
    with override("nl"):
        dutch = {name: str(phrase) for name, phrase in PHRASES.items() if phrase}
    with override("en"):
        assert not [n for n, phrase in PHRASES.items() if phrase and str(phrase) == dutch[n]
                    and n != "case.triaged"]  # fmt: skip


def test_candidates_and_who_fell_out_are_shown_with_the_reason(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast)
    page = at.coordinator.get(address(made.case))
    (ask,) = page.context["asks"]
    assert [c["name"] for c in ask["candidates"]] == ["De Linde ELV"]
    assert {e["name"]: e["reason"] for e in ask["excluded"]}["De Wilg ELV"] == "vol"
    assert "De Wilg ELV" in text_of(page) and "1 mogelijke plek" in text_of(page)


def test_who_asked_for_care_sees_no_candidates(cast: Cast, at: Any) -> None:
    """To offer is for the desk; the huisarts follows what it does."""
    paths.a_place(cast)
    made = paths.a_request(cast)
    (ask,) = at.huisarts.get(address(made.case)).context["asks"]
    assert "offer" not in ask["acts"] and ask["candidates"] == [] and "cancel" in ask["acts"]


@pytest.mark.parametrize(
    ("urgency", "said"),
    [("U2", "welke arts bevestigde"), ("U1", "Bij 112. Er wordt niets aangeboden")],
)
def test_nothing_is_offered_before_it_may_be(urgency: str, said: str, cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast)
    judged = TriageIn(how="redone", urgency=urgency, reason="Kortademig.")
    cast.huisarts.does(triage.triage, made.case_id, judged=judged)
    page = at.coordinator.get(address(made.case))
    (ask,) = page.context["asks"]
    assert said in text_of(page) and ask["candidates"] == []
    sent = at.coordinator.post(
        address(made.case, "vraag", str(made.pk), "aanbieden"), unit=str(cast.ward.pk)
    )
    assert said in text_of(sent)


def test_what_nobody_judged_is_not_offered_either(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    case = paths.a_case(cast, cast.huisarts, urgency="")
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast, urgency="U4"))
    said = "Niemand heeft nog beoordeeld hoe dringend dit is"
    assert said in text_of(at.coordinator.get(address(case)))
    sent = at.coordinator.post(
        address(case, "vraag", str(made.pk), "aanbieden"), unit=str(cast.ward.pk)
    )
    assert text_of(sent).count(said) == 2


def test_an_offer_that_can_still_be_undone_counts_its_seconds(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast)
    cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)
    shown = text_of(at.coordinator.get(address(made.case)))
    assert "Gaat uit over" in shown and "Ongedaan" in shown


def test_as_many_offers_as_may_be_leaves_no_button(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    wards = [cast.unit(cast.planner.house, "elv_laag", f"Afdeling {n}") for n in range(4)]
    for ward in wards:
        paths.a_place(cast, ward)
    for ward in wards[:3]:
        cast.coordinator.does(services.offer, made.pk, unit_id=ward.pk)
    page = at.coordinator.get(address(made.case))
    (ask,) = page.context["asks"]
    assert [c["url"] for c in ask["candidates"]] == [""] and "zoveel aanbiedingen" in text_of(page)


def test_the_page_is_whole_in_english(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    at.coordinator.client.cookies["django_language"] = "en"
    shown = text_of(at.coordinator.get(address(offer.request.case)))
    for word in ("What happened", "Promised", "Assign", "Work list", "promised a place"):
        assert word in shown
    for word in ("Werklijst", "toegezegd", "Overdragen", "meldtafel"):
        assert word not in shown


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_a_page_is_asked_for_in_one_way_only(method: str, cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    for path in ("/werklijst/", "/capaciteit/overzicht/", address(case)):
        assert getattr(at.coordinator.client, method)(path).status_code == 405
    if method != "post":
        path = address(case, "notitie")
        assert getattr(at.coordinator.client, method)(path).status_code == 405


def test_with_112_nothing_is_sought_and_it_is_said_once(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, "submitted")
    cast.coordinator.does(casework.redirect, made.case.pk)
    page = at.coordinator.get(address(made.case))
    assert page.content.decode().count("melding-kritiek") == 1
    offered = {"take", "ask", "offer", "resume"}
    assert not offered & {*page.context["acts"], *page.context["asks"][0]["acts"]}
    cast.huisarts.does(triage.confirm_redirect, made.case.pk, ritnummer="", life_threat=False)
    cast.coordinator.does(
        casework.judge, made.case.pk, judged=TriageIn(how="redone", urgency="U3", reason="Beter.")
    )
    page = at.coordinator.get(address(made.case))
    assert "resume" in page.context["asks"][0]["acts"] and "ask" in page.context["acts"]


def test_what_deviates_stands_beside_all_points(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast, care_types=["elv_hoog", "elv_laag"])
    (found,) = at.coordinator.get(address(made.case)).context["asks"][0]["candidates"]
    told = [fit["text"] for fit in found["fits"]]
    assert told[:2] == ["past bij de vraag", "tweede keus: ELV laagcomplex"]


def test_who_asked_can_be_called_though_no_call_was_written_down(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast, callback="038-4551234")
    found = at.coordinator.get(address(made.case)).context["facts"]
    (asked,) = [fact for fact in found if fact.get("tel") == "038-4551234"]
    assert asked["value"] == "Huisartsenpraktijk De Vries 038-4551234"


def filled_in(page: Any) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values["needed_by"] = f"{values['needed_by']:%Y-%m-%dT%H:%M}"
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_who_asks_anew_changes_what_they_changed_and_nothing_else(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    form = address(made.case, "vraag", str(made.pk), "aanpassen")
    sent = filled_in(at.coordinator.get(form))
    # Meanwhile the huisarts says something else, and the moment passes.
    cast.huisarts.does(services.amend, made.pk, said={"requirements": ["oxygen"]})
    passed = timezone.now() - DAY
    CareRequest.objects.filter(pk=made.pk).update(needed_by=passed)
    at.coordinator.post(form, **sent | {"travel_limit": "30"})
    made.refresh_from_db()
    assert (made.travel_limit, made.requirements, made.needed_by) == (30, ["oxygen"], passed)
