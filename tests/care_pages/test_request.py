"""The huisarts: one form for somebody new or somebody known; then following it, without calling."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from capacity.models import CareUnit
from coordination import casework, handovers, services
from coordination.models import CareRequest, Note
from lzc.models import AccessRecord, Policy, PostalArea
from tests import paths
from tests.cast import Cast
from tests.cast import test_bsn as a_bsn
from tests.coordination_pages.conftest import text_of
from triage import services as triage
from triage.models import Case, Contact, Patient, TriageRecord
from triage.services import ContactIn

FORM, MINE = "/aanvraag/", "/aanvragen/"


def typed(cast: Cast, **other: Any) -> dict[str, Any]:
    """What a huisarts fills in for somebody nobody knew yet."""
    person = cast.patient()
    return {
        "care_type": "elv_laag",
        "urgency": "U3",
        "day": "tomorrow",
        "needed_by": "12:00",
        "name": person.name,
        "birth_date": f"{person.birth_date:%d-%m-%Y}",
        "sex": "female",
        "address": person.address,
        "postcode": f"{cast.pc4} ab",
        "need": "Komt niet zelf uit bed of van het toilet.",
        "requirements": ["transfer_1", "insulin"],
        "callback": "038 455 01 00",
        "consent": "on",
    } | other


def in_case(**other: Any) -> dict[str, Any]:
    """The same, when it is known who it is."""
    return {
        "care_type": "elv_laag",
        "urgency": "U3",
        "day": "tomorrow",
        "needed_by": "12:00",
        "need": "Komt niet zelf uit bed of van het toilet.",
        "callback": "038 455 01 00",
        "consent": "on",
    } | other


def of_case(case: Case) -> str:
    return f"{FORM}?casus={case.reference}"


def follow(made: CareRequest) -> str:
    return f"{MINE}{made.pk}/"


def asked(cast: Cast) -> list[CareRequest]:
    mine = CareRequest.objects.filter(requester=cast.huisarts.house.pk)
    return list(mine.order_by("created_at"))


def looked(cast: Cast, model: Any, **where: Any) -> list[Any]:
    with cast.huisarts.looks():
        return list(model.objects.filter(**where))


# Somebody new ----------------------------------------------------------------------------------


def test_one_form_takes_in_triages_and_asks(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast, story="Antistolling. Niet reanimeren."))
    (made,) = asked(cast)
    assert page.redirect_chain[-1][0] == follow(made)
    assert "Uw aanvraag is verstuurd" in text_of(page)
    assert (made.state, made.urgency, made.consent) == ("submitted", "U3", "given")
    assert made.requirements == ["transfer_1", "insulin"]
    assert made.desk_id == cast.coordinator.desk.pk
    case = Case.objects.get(pk=made.case_id)
    assert case.owner_id == cast.huisarts.desk.pk
    (judged,) = looked(cast, TriageRecord, case=case)
    assert (judged.urgency, judged.complaint) == ("U3", made.need)
    (contact,) = looked(cast, Contact, case=case)
    assert (contact.kind, contact.text) == ("visit", "Antistolling. Niet reanimeren.")
    (person,) = looked(cast, Patient, pk=case.patient_id)
    assert person.own_huisarts_id == cast.huisarts.house.pk
    assert person.postcode == f"{cast.pc4}AB"


def test_until_when_is_on_the_dutch_wall_clock(cast: Cast, at: Any) -> None:
    before = timezone.localdate()
    at.huisarts.post(FORM, **typed(cast))
    (made,) = asked(cast)
    local = timezone.localtime(made.needed_by)
    tomorrow = {day + timedelta(days=1) for day in (before, timezone.localdate())}
    assert local.date() in tomorrow and (local.hour, local.minute) == (12, 0)


def test_a_later_day_is_asked_when_it_is_chosen(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast, day="later"))
    assert "Kies op welke dag" in text_of(page)
    day = timezone.localdate() + timedelta(days=5)
    at.huisarts.post(FORM, **typed(cast, day="later", date=day.isoformat()))
    (made,) = asked(cast)
    assert timezone.localtime(made.needed_by).date() == day


def test_u2_of_a_huisarts_is_confirmed_by_a_physician(cast: Cast, at: Any) -> None:
    at.huisarts.post(FORM, **typed(cast, urgency="U2"))
    (made,) = asked(cast)
    (judged,) = looked(cast, TriageRecord, case=made.case_id)
    assert judged.physician == cast.huisarts.user.full_name
    paths.a_place(cast)
    cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)


def test_a_life_threat_cannot_be_chosen_and_112_is_named(cast: Cast, at: Any) -> None:
    page = at.huisarts.get(FORM)
    assert "Bel 112" in text_of(page)
    assert 'value="U0"' not in page.content.decode() and 'value="U1"' not in page.content.decode()
    at.huisarts.post(FORM, **typed(cast, urgency="U1"))
    assert not asked(cast)


def test_a_region_says_whom_to_ask_in_doubt(cast: Cast, at: Any) -> None:
    assert "specialist ouderengeneeskunde</a>" not in at.huisarts.get(FORM).content.decode()
    rules = {"consult_telephone": "038-0001122"}
    Policy.objects.create(region=cast.region, version=1, values=rules)
    assert 'href="tel:038-0001122"' in at.huisarts.get(FORM).content.decode()


def test_the_same_form_sent_twice_is_one_request(cast: Cast, at: Any) -> None:
    sent, key = typed(cast), uuid4().hex
    pages = [at.huisarts.post(FORM, key=key, **sent) for _ in range(2)]
    (made,) = asked(cast)
    assert [page.redirect_chain[-1][0] for page in pages] == [follow(made)] * 2


def test_it_starts_with_what_is_known_and_never_with_consent(cast: Cast, at: Any) -> None:
    form = at.huisarts.get(FORM).context["form"]
    assert form["callback"].value() == cast.huisarts.desk.telephone
    assert not form["consent"].value() and form["needed_by"].value()


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"care_type": ""}, "care_type", "Nog nodig: Soort verblijf"),
        ({"urgency": ""}, "urgency", "Nog nodig: Hoe dringend"),
        ({"day": "today", "needed_by": "00:00"}, "needed_by", "ligt in het verleden"),
        ({"day": "later", "date": "9999-12-31"}, "needed_by", "hoogstens 31 dagen"),
        ({"name": ""}, "name", "Nog nodig: Naam"),
        ({"birth_date": "31-02-1942"}, "birth_date", "bijvoorbeeld 14-03-1942"),
        ({"birth_date": "14-03-2199"}, "birth_date", "toekomst"),
        ({"sex": ""}, "sex", "Nog nodig: Geslacht"),
        ({"bsn": "123456789"}, "bsn", "Dit BSN klopt niet"),
        ({"bsn": "000000000"}, "bsn", "Dit BSN klopt niet"),
        ({"postcode": "801"}, "postcode", "4 cijfers en 2 letters"),
        ({"postcode": "8017"}, "postcode", "4 cijfers en 2 letters"),
        ({"need": ""}, "need", "Nog nodig: Reden"),
        ({"callback": "bel maar"}, "callback", "telefoonnummer"),
        ({"consent": ""}, "consent", "geen toestemming mogelijk"),
        ({"need": "x\x00y"}, "need", ""),
    ],
)
def test_what_is_missing_is_said_above_with_a_link_and_at_its_field(
    wrong: dict[str, Any], field: str, said: str, cast: Cast, at: Any
) -> None:
    sent = typed(cast, story="Dit mag niet verloren gaan.") | wrong
    page = at.huisarts.post(FORM, **sent)
    content = page.content.decode()
    assert text_of(page).count(said) >= 2 and "Nog 1 ding nodig" in text_of(page)
    target = re.search(rf'href="#(id_{field}\w*)"', content)
    assert target and f'id="{target[1]}"' in content
    described = re.search(rf'<[^>]*aria-describedby="([^"]*id_{field}_error)"[^>]*>', content)
    assert described and all(f'id="{one}"' in content for one in described[1].split())
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', content)
    assert "Dit mag niet verloren gaan." in content
    assert not asked(cast) and not Case.objects.filter(owner=cast.huisarts.desk).exists()


def test_an_unknown_postcode_is_said_at_its_field(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast, postcode="9999 ZZ"))
    assert "postcode 9999" in text_of(page) and page.context["form"].errors.keys() == {"postcode"}


@pytest.mark.parametrize("telling", ["name", "address", "birth_date", "bsn"])
def test_a_need_line_that_tells_who_it_is_comes_back(telling: str, cast: Cast, at: Any) -> None:
    sent = typed(cast, bsn=a_bsn())
    sent["need"] = f"Hulp voor {sent[telling]} na een val."
    page = at.huisarts.post(FORM, **sent)
    assert "schrijf niet wie het is" in text_of(page)
    assert "need" in page.context["form"].errors
    assert not asked(cast) and not Case.objects.filter(owner=cast.huisarts.desk).exists()


@pytest.mark.parametrize("why", ["cannot_decide", "no_time"])
def test_without_consent_it_is_said_why(why: str, cast: Cast, at: Any) -> None:
    at.huisarts.post(FORM, **typed(cast, consent="", no_consent=why))
    (made,) = asked(cast)
    assert made.consent == why


def test_somebody_with_an_open_case_joins_it(cast: Cast, at: Any) -> None:
    """Their case stays with who owns it; the judgement of the huisarts stands beside the first."""
    sent = typed(cast, urgency="U4", bsn=a_bsn())
    case = paths.a_case(cast, bsn=sent["bsn"])
    page = at.huisarts.post(FORM, **sent)
    (made,) = asked(cast)
    assert made.case_id == case.pk and "al een open casus" in text_of(page)
    records = sorted(looked(cast, TriageRecord, case=case), key=lambda r: r.number)
    assert [(r.how, r.urgency) for r in records] == [("new", "U3"), ("supplemented", "U4")]


def test_a_second_request_for_one_person_says_that_one_is_open(cast: Cast, at: Any) -> None:
    sent = typed(cast, bsn=a_bsn())
    at.huisarts.post(FORM, **sent)
    page = at.huisarts.post(FORM, **sent, story="Nog steeds niet beter.")
    assert "loopt al een aanvraag voor een plek" in text_of(page)
    assert "Nog steeds niet beter." in page.content.decode()
    assert len(asked(cast)) == 1


def test_a_third_contact_is_said_at_once(cast: Cast, at: Any) -> None:
    sent = typed(cast, bsn=a_bsn())
    who = cast.patient(bsn=sent["bsn"])
    for _ in range(2):
        cast.centralist.does(
            triage.register, patient=who, contact=ContactIn(), desk=cast.centralist.desk
        )
    page = at.huisarts.post(FORM, **sent)
    assert "contact nr. 3" in text_of(page)


def test_a_second_form_for_the_same_person_is_passed_on(cast: Cast, at: Any) -> None:
    form = typed(cast)
    at.huisarts.post(FORM, **form)
    page = at.huisarts.post(FORM, **form | {"story": "Nu koorts en verward."})
    assert "Wat u schreef is doorgegeven" in text_of(page)
    assert page.context["form"]["story"].value() == "Nu koorts en verward."
    (made,) = asked(cast)
    told = [contact.text for contact in looked(cast, Contact, case=made.case)]
    assert any("Nu koorts en verward." in text for text in told)
    assert cast.coordinator.hears()[-1] == "case.asked_twice"


# Somebody known --------------------------------------------------------------------------------


def test_what_is_known_is_shown_and_not_asked_again(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts, access_notes="Sleutelkluis.")
    page = at.huisarts.get(of_case(case))
    with cast.huisarts.looks():
        person = case.patient
        for part in (person.name, person.address, person.telephone, "Sleutelkluis", "val"):
            assert part in text_of(page)
    assert not {"name", "birth_date", "address", "telephone", "bsn"} & set(
        page.context["form"].fields
    )
    assert page.context["form"]["urgency"].value() == "U3"


def test_asking_in_a_case_enters_nothing_twice(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    at.huisarts.post(of_case(case), **in_case(story="Dochter wil meedenken."))
    (made,) = asked(cast)
    assert made.case_id == case.pk
    assert [c.reentered for c in looked(cast, Contact, case=case)] == [[]]
    assert [n.text for n in looked(cast, Note, case=case)] == ["Dochter wil meedenken."]
    assert len(looked(cast, TriageRecord, case=case)) == 1, "it is their own triage"


@pytest.mark.parametrize(
    ("urgency", "how"), [("U3", "taken_over"), ("U4", "supplemented"), ("U2", "supplemented")]
)
def test_the_triage_of_another_is_taken_over_or_supplemented(
    urgency: str, how: str, cast: Cast, at: Any
) -> None:
    case = paths.a_case(cast)
    made = cast.coordinator.does(
        handovers.hand_over, case.pk, to_desk=cast.huisarts.desk, sbar=paths.SBAR
    )
    cast.huisarts.does(handovers.accept, made.pk, read_back="Ik ga kijken.")
    at.huisarts.post(of_case(case), **in_case(urgency=urgency))
    records = sorted(looked(cast, TriageRecord, case=case), key=lambda r: r.number)
    assert [(r.how, r.urgency) for r in records] == [("new", "U3"), (how, urgency)]
    assert records[1].complaint == "val"


def test_a_refused_form_in_a_case_keeps_what_was_typed(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts, name="Q. Kanariesma")
    page = at.huisarts.post(
        of_case(case), **in_case(need="Kanariesma valt steeds.", story="Blijft.")
    )
    assert "schrijf niet wie het is" in text_of(page)
    assert "Kanariesma valt steeds." in page.content.decode()
    assert "Blijft." in page.content.decode() and not asked(cast)


def test_an_open_request_is_said_before_the_form_is_filled_in(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    page = at.huisarts.get(of_case(made.case))
    assert "Er loopt al een aanvraag" in text_of(page)
    assert f'href="{follow(made)}"' in page.content.decode()
    page = at.huisarts.post(of_case(made.case), **in_case())
    assert len(asked(cast)) == 1 and "loopt al een aanvraag voor een plek" in text_of(page)


@pytest.mark.parametrize("who", ["stranger", "nurse", "triagist"])
def test_a_case_one_has_no_part_in_is_not_found(who: str, cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    browser = getattr(at, who)
    assert browser.get(of_case(case)).status_code == 404
    assert browser.post(of_case(case), **in_case()).status_code == 404
    assert AccessRecord.objects.filter(
        user=browser.person.user.pk, action="refused", detail="not_found"
    ).exists()


def test_a_closed_case_says_so(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    cast.huisarts.does(casework.close_case, case.pk, reason="advice")
    page = at.huisarts.get(of_case(case))
    assert page.status_code == 409 and "gesloten" in text_of(page)


@pytest.mark.parametrize("who", ["planner", "other_planner", "adviser"])
def test_who_asks_for_no_care_has_no_form(who: str, cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    browser = getattr(at, who)
    for path in (FORM, MINE, follow(made)):
        assert browser.get(path).status_code == 404
    assert browser.post(FORM, **typed(cast)).status_code == 404


# Beside the form -------------------------------------------------------------------------------


def test_free_places_stand_beside_it_with_how_many(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    paths.a_place(cast)
    page = at.huisarts.get(FORM)
    assert "1 mogelijke plek" in text_of(page) and "2 vrij" in text_of(page)
    assert cast.ward.organisation.name in text_of(page)
    part = at.huisarts.post(f"{FORM}plekken/", care_type="elv_hoog")
    assert "<html" not in part.content.decode() and "geen plek vrij" in text_of(part)


@pytest.mark.parametrize(
    ("shown", "count", "name"),
    [
        ("names", True, True),
        ("counts", True, False),
        ("nothing", False, False),
        ("everything", False, False),
    ],
)
def test_a_region_says_what_who_asks_sees(
    shown: str, count: bool, name: bool, cast: Cast, at: Any
) -> None:
    """What a region writes otherwise shows nothing."""
    paths.a_place(cast)
    Policy.objects.create(region=cast.region, version=1, values={"requester_sees": shown})
    for page in (at.huisarts.get(FORM), at.huisarts.post(f"{FORM}plekken/")):
        assert ("1 mogelijke plek" in text_of(page)) == count
        assert (cast.ward.organisation.name in text_of(page)) == name
        assert "hoeft geen aanbieders te bellen" in text_of(page) or count


def test_places_follow_what_is_chosen_and_typed(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(x=F("x") + 40_000)

    def beside(**said: Any) -> str:
        return text_of(at.huisarts.post(f"{FORM}plekken/", **said))

    assert "1 mogelijke plek" in beside(care_type="elv_laag")
    assert "geen plek vrij" in beside(care_type="elv_hoog")
    assert "geen plek vrij" in beside(care_type="elv_laag", requirements=["oxygen"])
    CareUnit.objects.filter(pk=cast.ward.pk).update(attributes=["transfer_2", "oxygen"])
    assert "1 mogelijke plek" in beside(requirements=["oxygen", "transfer_1"])
    assert "geen plek vrij" in beside(requirements=["oxygen", "insulin"])
    typed = [beside(postcode=text) for text in ("", f"{cast.pc4} AB", f"{cast.pc4}", "nergens")]
    assert [re.findall(r"dichtstbij (\d+) min", text) for text in typed] == [["67"]] * 4
    PostalArea.objects.filter(pk=cast.pc4).update(town="Dorp", x=F("x") + 40_000)
    for near in ({"postcode": f"{cast.pc4} AB"}, {"pc4": f"{cast.pc4}"}):
        assert "dichtstbij 5 min" in beside(**near)
    case = paths.a_case(cast, cast.huisarts)
    assert f'name="pc4" value="{cast.pc4}"' in at.huisarts.get(of_case(case)).content.decode()


def test_no_bsn_is_ever_in_an_address(cast: Cast, at: Any) -> None:
    sent = typed(cast, bsn=a_bsn())
    page = at.huisarts.post(FORM, **sent)
    for content in (page, at.huisarts.get(MINE), at.huisarts.post(FORM, **sent | {"need": ""})):
        links = re.findall(r'(?:href|action|hx-get)="([^"]*)"', content.content.decode())
        assert links and not [link for link in links if sent["bsn"] in link]
    assert sent["bsn"] not in "".join(url for url, _status in page.redirect_chain)


# Said once, and said of whom it is true ----------------------------------------------------------


def test_a_form_that_was_changed_after_sending_leads_to_what_it_made(cast: Cast, at: Any) -> None:
    sent, key = typed(cast), uuid4().hex
    at.huisarts.post(FORM, key=key, **sent)
    (made,) = asked(cast)
    page = at.huisarts.post(FORM, key=key, **sent | {"wishes": "Dicht bij haar zus."})
    assert page.status_code == 422 and len(asked(cast)) == 1
    told = text_of(page)
    assert "Dit formulier was al verstuurd" in told and "Deze sleutel" not in told
    assert f'href="{follow(made)}"' in page.content.decode()


def test_a_call_of_somebody_else_at_the_address_is_said_apart(cast: Cast, at: Any) -> None:
    sent = typed(cast, bsn=a_bsn())
    neighbour = cast.patient(
        name="J. Jansen", address=sent["address"], postcode=f"{cast.pc4}AB", birth_date=None
    )
    cast.centralist.does(
        triage.register, patient=neighbour, contact=ContactIn(), desk=cast.centralist.desk
    )
    told = text_of(at.huisarts.post(FORM, **sent))
    assert "over deze patiënt" not in told
    assert "Van dit adres waren er 2 contacten" in told
