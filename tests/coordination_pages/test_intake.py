"""Taking in by hand: the number first, then who it is; what is known is not asked again."""

import re
from datetime import UTC, date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from coordination.pages.fields import Moment
from lzc.hours import is_anw
from lzc.policy import Rules
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage.models import Case, Contact, Patient

INTAKE = "/casus/nieuw/"


def call(**more: str) -> dict[str, str]:
    return {"callback": "038 4550111", "asked_by": "professional", **more}


def person(cast: Cast, **more: str) -> dict[str, str]:
    known = cast.patient()
    return {
        "name": known.name,
        "birth_date": f"{known.birth_date:%d-%m-%Y}",
        "sex": "female",
        "address": known.address,
        "postcode": known.postcode,
        "text": "Ligt naast haar bed.",
        **more,
    }


def cases_of(cast: Cast) -> list[Case]:
    return list(Case.objects.visible_to(cast.centralist.actor))


def patient_of(cast: Cast, case: Case) -> Patient:
    with cast.centralist.looks():
        return Patient.objects.get(cases=case)


def test_it_begins_with_the_number_and_nothing_else(cast: Cast, at: Any) -> None:
    form = at.centralist.get(INTAKE).context["form"]
    assert list(form.fields) == ["callback", "asked_by", "caller"]


def test_a_number_that_is_none_is_asked_again(cast: Cast, at: Any) -> None:
    page = at.centralist.post(INTAKE, look="1", **call(callback="geen idee", caller="Zoon"))
    assert page.status_code == 422 and "Vul een telefoonnummer in" in text_of(page)
    assert page.context["form"]["caller"].value() == "Zoon"


def test_an_unknown_number_opens_the_rest_of_the_form(cast: Cast, at: Any) -> None:
    page = at.centralist.post(INTAKE, look="1", **call(caller="Buurman"))
    form = page.context["form"]
    assert "recognised" not in form.fields and "name" in form.fields
    assert form["caller"].value() == "Buurman"


def test_somebody_new_is_registered_and_then_triaged(cast: Cast, at: Any) -> None:
    page = at.centralist.post(INTAKE, **call(), **person(cast))
    (case,) = cases_of(cast)
    assert page.redirect_chain == [(f"/casus/{case.reference}/triage/", 302)]
    assert f"Vastgelegd als {case.reference}" in text_of(page)
    assert page.context["form"]["complaint"].value() == "Ligt naast haar bed."


def test_of_somebody_nobody_knows_nothing_need_be_known(cast: Cast, at: Any) -> None:
    at.centralist.post(INTAKE, **call(), text="Onbekende man op straat.", estimated_age="50")
    (case,) = cases_of(cast)
    assert patient_of(cast, case).is_temporary
    assert "ONB-" in text_of(at.centralist.get(f"/casus/{case.reference}/"))


def test_who_is_known_by_the_number_need_not_tell_it_again(cast: Cast, at: Any) -> None:
    known = paths.a_case(cast, cast.triagist)
    with cast.triagist.looks():
        who = Case.objects.get(pk=known.pk).patient
        number, name = who.telephone, who.name
    page = at.centralist.post(INTAKE, look="1", **call(callback=number))
    assert name in text_of(page) and "belde 1 keer in 72 uur" in text_of(page)
    unsaid = at.centralist.post(INTAKE, **call(callback=number), text="Weer gevallen.")
    assert unsaid.status_code == 422 and "Is het een van hen" in text_of(unsaid)
    page = at.centralist.post(
        INTAKE, **call(callback=number), recognised=str(who.pk), text="Weer gevallen."
    )
    assert page.redirect_chain == [(f"/casus/{known.reference}/", 302)]
    shown = text_of(page)
    assert "heeft al een lopende casus" in shown and "2e contact in 72 uur" in shown
    with cast.triagist.looks():
        assert not Contact.objects.filter(case=known).exclude(reentered=[]).exists()


def test_what_a_recognised_caller_tells_besides_is_kept(cast: Cast, at: Any) -> None:
    known = paths.a_case(cast, cast.triagist, bsn="", own_huisarts=None, sex="unknown")
    number = patient_of(cast, known).telephone
    sent = {"recognised": str(known.patient_id), "text": "Weer gevallen."}
    practice = str(cast.huisarts.house.pk)
    more = {"sex": "female", "access_notes": "Sleutelkluis 12", "own_huisarts": practice}
    at.centralist.post(INTAKE, **call(callback=number), **sent, **more)
    (case,) = cases_of(cast)
    person = patient_of(cast, case)
    assert case.pk == known.pk
    assert (person.sex, person.access_notes) == ("female", "Sleutelkluis 12")
    assert person.own_huisarts_id == cast.huisarts.house.pk


def test_of_a_newborn_the_age_is_kept(cast: Cast, at: Any) -> None:
    at.centralist.post(INTAKE, **call(), text="Pasgeboren, koud.", estimated_age="0")
    (case,) = cases_of(cast)
    assert patient_of(cast, case).estimated_age == 0


def test_somebody_else_on_a_known_number_is_somebody_new(cast: Cast, at: Any) -> None:
    known = paths.a_case(cast, cast.triagist)
    with cast.triagist.looks():
        number = Case.objects.get(pk=known.pk).patient.telephone
    at.centralist.post(INTAKE, **call(callback=number), recognised="new", **person(cast))
    (case,) = cases_of(cast)
    assert case.pk != known.pk


def test_another_call_from_the_same_address_is_said(cast: Cast, at: Any) -> None:
    first = person(cast)
    at.centralist.post(INTAKE, **call(), **first)
    page = at.centralist.post(INTAKE, **call(), **first | {"name": "K. Anders"})
    assert "Van dit adres waren er 2 contacten in 72 uur" in text_of(page)


def test_the_same_form_sent_twice_leads_to_the_same_case(cast: Cast, at: Any) -> None:
    key, sent = uuid4().hex, call() | person(cast)
    for _ in range(2):
        page = at.centralist.post(INTAKE, key=key, **sent)
        (case,) = cases_of(cast)
        assert page.redirect_chain[-1][0].startswith(f"/casus/{case.reference}/")


def test_a_life_threat_is_with_112_at_once(cast: Cast, at: Any) -> None:
    page = at.centralist.post(INTAKE, **call(), **person(cast, life_threat="on"))
    (case,) = cases_of(cast)
    assert case.state == "redirected"
    assert page.redirect_chain[-1][0] == f"/casus/{case.reference}/"
    assert "Bij 112" in text_of(page)


def test_a_life_threat_in_a_case_that_was_triaged_before(cast: Cast, at: Any) -> None:
    known = paths.a_case(cast, cast.triagist)
    with cast.triagist.looks():
        who = Case.objects.get(pk=known.pk).patient
    sent = {"recognised": str(who.pk), "text": "Reageert niet meer.", "life_threat": "on"}
    at.centralist.post(INTAKE, **call(callback=who.telephone), **sent)
    known.refresh_from_db()
    assert known.state == "redirected"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("birth_date", "31-12-2999", "kan niet in de toekomst"),
        ("birth_date", "veertien maart", "Vul een geboortedatum in"),
        ("birth_date", "14-03-1742", "te lang geleden"),
        ("bsn", "123456789", "Dit BSN klopt niet"),
        ("bsn", "000000000", "Dit BSN klopt niet"),
        ("postcode", "80", "4 cijfers en 2 letters"),
        ("postcode", "9999XX", "postcode 9999"),
        ("occurred_at", "2026-01-01T10:00", "zeven dagen"),
        ("text", "", "Nog nodig: Wat"),
        ("name", "x" * 121, "120"),
        ("estimated_age", "126", "125"),
    ],
)
def test_what_cannot_be_true_is_said_at_its_field(
    field: str, typed: str, said: str, cast: Cast, at: Any
) -> None:
    sent = person(cast)
    page = at.centralist.post(INTAKE, **call(), **sent | {field: typed})
    form = page.context["form"]
    assert page.status_code == 422
    assert any(said in error for error in form.errors[field]), form.errors
    assert form["address"].value() == sent["address"]
    assert cases_of(cast) == []


@pytest.mark.parametrize(
    "typed", ["14-03-1942", "14/3/1942", "14031942", "14 3 1942", "1942-03-14"]
)
def test_a_birth_date_may_be_typed_as_people_write_it(typed: str, cast: Cast, at: Any) -> None:
    at.centralist.post(INTAKE, **call(), **person(cast, birth_date=typed))
    (case,) = cases_of(cast)
    assert f"{patient_of(cast, case).birth_date}" == "1942-03-14"


def test_a_citizen_in_office_hours_is_told_where_to_turn(cast: Cast, at: Any) -> None:
    """The same call from a professional is taken in; which of both holds, the clock says."""
    sent = call(asked_by="citizen") | person(cast, occurred_at="")
    page = at.triagist.post(INTAKE, **sent)
    if is_anw(timezone.now(), Rules()):
        assert "Vastgelegd" in text_of(page)
    else:
        assert page.status_code == 422 and "eigen huisarts" in text_of(page)
    assert page.context["form"] is not None


def test_a_bsn_is_never_in_an_address(cast: Cast, at: Any) -> None:
    known = cast.patient()
    page = at.centralist.post(INTAKE, **call(), **person(cast, bsn=known.bsn))
    (case,) = cases_of(cast)
    assert patient_of(cast, case).bsn == known.bsn
    addresses = [a for a, _status in page.redirect_chain]
    assert not [a for a in addresses if re.search(known.bsn, a)]


def test_a_form_that_was_changed_after_sending_leads_to_its_case(cast: Cast, at: Any) -> None:
    sent, key = call(**person(cast)), uuid4().hex
    at.centralist.post(INTAKE, key=key, **sent)
    (case,) = cases_of(cast)
    page = at.centralist.post(INTAKE, key=key, **sent | {"text": "Zit inmiddels op de bank."})
    assert page.status_code == 422 and cases_of(cast) == [case]
    assert "Dit formulier was al verstuurd" in text_of(page)
    assert page.context["sent_url"] == f"/casus/{case.reference}/"


# A night with a double hour ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T03:30", "2026-10-25T02:30:00+00:00"),
    ],
)
def test_an_hour_that_comes_twice_or_never_can_be_entered(typed: str, meant: str) -> None:
    found = Moment().clean(typed)
    assert found is not None and found.astimezone(UTC).isoformat() == meant


def test_in_that_night_it_is_said_which_of_the_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for day, said in ((date(2026, 10, 25), True), (date(2026, 10, 24), False)):
        monkeypatch.setattr(timezone, "localdate", lambda day=day: day)
        assert ("loopt de klok" in str(Moment().help_text)) == said
