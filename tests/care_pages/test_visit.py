"""The nurse at night: one visit, five steps, everything that is known, nobody else's patients."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination import handovers, services
from coordination.models import Handover, Offer
from coordination.states import OfferState
from lzc.models import AccessRecord
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage import services as triage
from triage.models import Case, Contact, TriageRecord
from triage.services import TriageIn

TASKS = "/taken/"


def task(offer: Offer, step: str = "") -> str:
    return f"/taken/{offer.pk}/{step}/" if step else f"/taken/{offer.pk}/"


def a_visit(cast: Cast, *, until: str = "assigned", **known: Any) -> Offer:
    """The zorgcentrale owns the case, asks the night team to go there, and assigns it."""
    case = paths.a_case(cast, **known)
    ask = paths.an_ask(cast, care_types=["wijkverpleging"], need="Valt steeds, komt niet overeind.")
    made = cast.coordinator.does(services.request, case.pk, ask=ask)
    paths.a_place(cast, cast.team, cast.nurse)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.team.pk)
    if until != "sent":
        cast.nurse.does(services.accept, offer.pk)
        cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    if until == "started":
        cast.nurse.does(services.read_back, offer.pk, read_back="Begrepen.")
        cast.nurse.does(services.start, offer.pk)
    return offer


def state_of(offer: Offer) -> str:
    return Offer.objects.values_list("state", flat=True).get(pk=offer.pk)


def now_step(page: Any) -> str:
    return next((s["code"] for s in page.context["steps"] if s["state"] == "now"), "")


def looked(cast: Cast, model: Any, **where: Any) -> list[Any]:
    with cast.coordinator.looks():
        return list(model.objects.filter(**where))


# The way through the visit ---------------------------------------------------------------------


def test_a_visit_goes_from_reading_back_to_done(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    assert task(offer) in at.nurse.get(TASKS).content.decode()
    sent = {
        "read_back": {"read_back": "Ligt naast bed; wij helpen overeind."},
        "depart": {},
        "start": {},
        "report": {"findings": "Heup pijnlijk, loopt.", "outcomes": ["seh_avoided"]},
        "complete": {},
    }
    for step, said in sent.items():
        page = at.nurse.get(task(offer))
        assert now_step(page) == step
        at.nurse.post(task(offer, step), **said)
    offer.refresh_from_db()
    assert offer.state == OfferState.COMPLETED
    assert offer.departed_at and offer.started_at and offer.read_back_at
    (report,) = looked(cast, Contact, case=offer.request.case_id, kind="report")
    assert (report.text, report.outcomes) == ("Heup pijnlijk, loopt.", ["seh_avoided"])


def test_the_page_knows_what_the_night_needs(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, access_notes="Sleutelkluis naast de deur.")
    page = text_of(at.nurse.get(task(offer)))
    with cast.coordinator.looks():
        person = Case.objects.get(pk=offer.request.case_id).patient
        for part in (person.name, person.address, person.telephone, "Sleutelkluis"):
            assert part in page
    for part in ("Heupkneuzing", "Twee weken herstel", "val", "U3"):
        assert part in page


def test_opening_it_is_written_down(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    at.nurse.get(task(offer))
    last = AccessRecord.objects.filter(user=cast.nurse.user.pk).latest("at")
    assert (last.action, last.patients) == ("read", [offer.request.patient_id])


def test_an_empty_read_back_is_asked_again(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    page = at.nurse.post(task(offer, "read_back"), read_back=" ")
    assert "Nog 1 ding nodig" in text_of(page) and now_step(page) == "read_back"


def test_refused_findings_keep_what_was_typed(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    page = at.nurse.post(task(offer, "report"), findings="Heup pijnlijk.", outcomes=["flying"])
    content = page.content.decode()
    assert "Heup pijnlijk." in content and "Nog 1 ding nodig" in text_of(page)
    assert not looked(cast, Contact, case=offer.request.case_id, kind="report")


def test_the_same_findings_sent_twice_count_once(cast: Cast, at: Any) -> None:
    offer, key = a_visit(cast, until="started"), uuid4().hex
    for _ in range(2):
        at.nurse.post(task(offer, "report"), key=key, findings="Heup pijnlijk.")
    assert len(looked(cast, Contact, case=offer.request.case_id, kind="report")) == 1


def test_a_step_that_is_not_now_says_why(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    page = text_of(at.nurse.post(task(offer, "start")))
    assert "eerst de overdracht" in page
    assert state_of(offer) == OfferState.ASSIGNED
    assert at.nurse.post(task(offer, "fly")).status_code == 404


def test_on_hold_the_next_step_waits_and_says_whom_to_call(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    cast.coordinator.does(services.hold, offer.request_id)
    page = at.nurse.get(task(offer))
    assert "Stilgezet" in text_of(page) and cast.coordinator.desk.telephone in text_of(page)
    assert not any(step["url"] for step in page.context["steps"])


def test_a_life_threat_stands_on_top(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    case_id = offer.request.case_id
    cast.coordinator.does(triage.redirect, case_id)
    assert "Blijf bij de patiënt" in text_of(at.nurse.get(task(offer)))


# When it is over -------------------------------------------------------------------------------


def test_a_finished_visit_closes_its_file(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started", name="Q. Kanariesma")
    cast.nurse.does(services.complete, offer.pk)
    page = at.nurse.get(task(offer))
    assert page.status_code == 200 and "Kanariesma" not in page.content.decode()
    assert "Dit bezoek is klaar" in text_of(page)


def test_a_visit_taken_back_leaves_the_screen(cast: Cast, at: Any) -> None:
    """The open page fetches its part again, and the patient goes from it."""
    offer = a_visit(cast, name="Q. Kanariesma")
    assert "Kanariesma" in at.nurse.get(task(offer)).content.decode()
    cast.coordinator.does(services.withdraw, offer.pk)
    part = at.nurse.get(task(offer), deel="taak")
    assert "Kanariesma" not in part.content.decode() and "Ingetrokken" in text_of(part)
    assert "Kanariesma" not in at.nurse.get(TASKS).content.decode()


def test_what_is_not_assigned_yet_shows_nobody(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="sent", name="Q. Kanariesma")
    page = at.nurse.get(task(offer))
    assert "nog niet aan u toegewezen" in text_of(page)
    assert "Kanariesma" not in page.content.decode()


@pytest.mark.parametrize(
    "who", ["huisarts", "coordinator", "planner", "other_planner", "centralist", "adviser"]
)
def test_a_visit_is_for_who_goes_there(who: str, cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    browser = getattr(at, who)
    assert browser.get(task(offer)).status_code == 404
    assert browser.post(task(offer, "depart")).status_code == 404


def test_an_address_of_a_step_shows_the_visit(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    page = at.nurse.get(task(offer, "depart"))
    assert (page.status_code, page.url) == (302, task(offer))


def test_no_visit_says_what_that_means(at: Any) -> None:
    page = text_of(at.nurse.get(TASKS))
    assert "geen bezoek voor u" in page and "vanzelf" in page


# Worse, and on ---------------------------------------------------------------------------------


def test_getting_worse_is_judged_and_leads_back_to_the_visit(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    url = at.nurse.get(task(offer)).context["acts"]["deteriorate"]
    form = at.nurse.get(url).context["form"]
    start = {n: form[n].value() for n in form.fields if form[n].value() not in (None, "", [])}
    sent = start | {"urgency": "U3", "reason": "Koorts, suf.", "follow": False}
    page = at.nurse.post(url, **sent)
    assert page.url == task(offer)
    records = looked(cast, TriageRecord, case=offer.request.case_id)
    assert [r.how for r in sorted(records, key=lambda r: r.number)] == ["new", "redone"]


def test_a_handover_is_taken_over_and_passed_on_to_the_huisarts(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    assert "hand_over" not in at.nurse.get(task(offer)).context["acts"]
    made = cast.coordinator.does(
        handovers.hand_over, offer.request.case_id, to_desk=cast.nurse.desk, sbar=paths.SBAR
    )
    (shown,) = at.nurse.get(TASKS).context["handovers"]
    at.nurse.post(shown["acts"]["accept"], read_back="Van ons; wij gaan erheen.")
    assert looked(cast, Handover, pk=made.pk)[0].state == "accepted"
    url = at.nurse.get(task(offer)).context["acts"]["hand_over"]
    form = at.nurse.get(url).context["form"]
    assert "val" in form["situation"].value()
    assert str(cast.huisarts.desk.pk) in str(form.fields["to_desk"].choices[1])
    at.nurse.post(task(offer, "complete"))
    assert state_of(offer) == OfferState.COMPLETED
    page = at.nurse.get(task(offer))
    leads_to = page.context["acts"]["hand_over"]
    assert leads_to in page.content.decode(), "the case is still the team's"


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast: Cast, at: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            at.nurse.get(TASKS)
        return len(found)

    a_visit(cast)
    at.nurse.get(TASKS)
    few = queries()
    for _ in range(3):
        a_visit(cast, until="started")
    assert queries() == few


def test_a_visit_takes_as_many_queries_however_much_happened(cast: Cast, at: Any) -> None:
    def queries(offer: Offer) -> int:
        with CaptureQueriesContext(connection) as found:
            at.nurse.get(task(offer))
        return len(found)

    offer = a_visit(cast, until="started")
    cast.nurse.does(triage.report, offer.request.case_id, findings="Heup.", outcomes=[])
    at.nurse.get(task(offer))
    few = queries(offer)
    for n in range(3):
        cast.nurse.does(triage.report, offer.request.case_id, findings=f"Heup {n}.", outcomes=[])
        judged = TriageIn(urgency="U3", how="supplemented", complaint=f"val {n}")
        cast.coordinator.does(triage.triage, offer.request.case_id, judged=judged)
    assert queries(offer) == few


def test_a_nurse_on_the_way_hears_who_cancelled_and_that_they_need_not_go(
    cast: Cast, at: Any
) -> None:
    offer = a_visit(cast)
    cast.coordinator.does(services.cancel, offer.request_id, reason="died")
    told = text_of(at.nurse.get(task(offer)))
    assert "Zorgcentrale trok de aanvraag in: de patiënt is overleden." in told
    assert "U hoeft niet te gaan." in told
    assert f"Vragen? Bel Zorgcentrale: {cast.coordinator.desk.telephone}" in told
