"""Loopt er al een aanvraag? Said before it is sent, and to a stranger no more than that."""

from typing import Any

from lzc.models import AccessRecord
from tests import paths
from tests.care_pages.test_request import FORM, asked, follow, typed
from tests.cast import Cast
from tests.cast import test_bsn as a_bsn
from tests.coordination_pages.conftest import text_of

LOOK, OPEN = f"{FORM}loopt-al/", "Er loopt al een aanvraag voor deze patiënt"


def first(cast: Cast, at: Any) -> dict[str, Any]:
    """The practice asked already."""
    sent = typed(cast, bsn=a_bsn())
    at.huisarts.post(FORM, **sent)
    assert len(asked(cast)) == 1
    return sent


def told(browser: Any, **said: str) -> str:
    return text_of(browser.post(LOOK, **said))


def by_name(sent: dict[str, Any], **other: str) -> dict[str, str]:
    return {name: sent[name] for name in ("name", "birth_date", "postcode")} | other


def test_by_number_or_by_name_birth_date_and_postcode(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    assert OPEN in told(at.stranger, bsn=sent["bsn"])
    assert OPEN in told(at.stranger, **by_name(sent))
    assert OPEN in told(
        at.stranger, **by_name(sent, postcode=f"{cast.pc4} zz", name=sent["name"].upper())
    )
    for other in (
        {"bsn": a_bsn()},
        {"bsn": "12"},
        by_name(sent, birth_date="14-03-1942"),
        by_name(sent, postcode="9999 AB"),
        by_name(sent, postcode=""),
        by_name(sent, name="P. Anders"),
        by_name(sent, bsn=a_bsn()),
        {},
    ):
        assert OPEN not in told(at.stranger, **other), other


def test_a_stranger_hears_no_more_than_that(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    (made,) = asked(cast)
    page = at.stranger.post(LOOK, bsn=sent["bsn"]).content.decode()
    assert "coördinator neemt contact op" in page
    for part in (made.case.reference, str(made.pk), cast.huisarts.house.row.name, sent["name"]):
        assert part not in page


def test_who_has_a_part_in_it_is_led_there(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    (made,) = asked(cast)
    assert f'href="{follow(made)}"' in at.huisarts.post(LOOK, bsn=sent["bsn"]).content.decode()
    page = at.coordinator.post(LOOK, bsn=sent["bsn"]).content.decode()
    assert f'href="/casus/{made.case.reference}/"' in page


def test_what_is_over_is_not_open(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    (made,) = asked(cast)
    at.huisarts.post(f"{follow(made)}intrekken/", reason="hospital")
    assert OPEN not in told(at.stranger, bsn=sent["bsn"])


def test_each_search_is_written_down_without_its_words(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    told(at.stranger, bsn=sent["bsn"])
    mine = AccessRecord.objects.filter(actor=cast.stranger.actor.pk, subject="before sending")
    assert sorted(mine.values_list("action", flat=True)) == ["list", "search"]
    search, found = mine.get(action="search"), mine.get(action="list")
    (made,) = asked(cast)
    assert found.patients == [made.patient_id] and not search.patients
    assert len(search.detail) == 64 and sent["bsn"] not in str(vars(search))


def test_who_tries_many_learns_nothing_more(cast: Cast, at: Any, monkeypatch: Any) -> None:
    """The same person looked for again counts once: half of a form is typed twice."""
    monkeypatch.setattr("coordination.enquiring.twins.MOST", 3)
    sent = first(cast, at)
    for _ in range(5):
        assert OPEN in told(at.stranger, bsn=sent["bsn"])
    for _ in range(2):
        told(at.stranger, bsn=a_bsn())
    assert OPEN not in told(at.stranger, bsn=sent["bsn"])
    assert "naar veel mensen" in told(at.stranger, bsn=sent["bsn"])
    assert OPEN in told(at.coordinator, bsn=sent["bsn"])


def test_asking_for_it_by_address_shows_nothing(cast: Cast, at: Any) -> None:
    sent = first(cast, at)
    page = at.stranger.get(LOOK, bsn=sent["bsn"])
    assert page.status_code == 302 and page["Location"] == FORM
    assert at.planner.post(LOOK, bsn=sent["bsn"]).status_code == 404


def test_it_stands_under_the_form_of_somebody_new_only(cast: Cast, at: Any) -> None:
    assert 'id="dubbel"' in at.huisarts.get(FORM).content.decode()
    case = paths.a_case(cast, cast.huisarts)
    assert 'id="dubbel"' not in at.huisarts.get(f"{FORM}?casus={case.reference}").content.decode()
