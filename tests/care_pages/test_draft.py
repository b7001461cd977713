"""What is typed and not sent is kept for who typed it: a day, sealed, and for nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now

from lzc.models import AccessRecord
from tests import paths
from tests.care_pages.test_request import FORM, asked, of_case, typed
from tests.cast import Cast
from tests.cast import test_bsn as a_bsn
from tests.coordination_pages.conftest import Browser, text_of
from triage import drafting
from triage.models import Draft

KEEP, WIPE = f"{FORM}concept/", f"{FORM}concept/wissen/"


def keeps(browser: Browser, path: str = KEEP, **said: Any) -> Any:
    """As the script of the page does."""
    return browser.client.post(path, {"key": uuid4().hex, **said}, headers={"Accept": "text/plain"})


def drafts(cast: Cast) -> int:
    with cast.huisarts.looks():
        return Draft.objects.filter(membership__organisation=cast.huisarts.house.pk).count()


def test_what_is_typed_stands_there_again_but_for_the_consent(cast: Cast, at: Any) -> None:
    sent = typed(cast, need="Komt niet uit", aid_life_threat="no")
    sent |= {"birth_date": "31-02", "postcode": "80"}
    answer = keeps(at.huisarts, **sent)
    assert answer.content.decode().startswith("Concept bewaard ")
    page = at.huisarts.get(FORM)
    form = page.context["form"]
    for name, value in sent.items():
        if name != "consent":
            assert form[name].value() == value, name
    assert not form["consent"].value() and "checked" not in str(form["consent"])
    assert not form.is_bound and "Dit is uw concept van" in text_of(page)
    assert 'id="meer-1" open' in page.content.decode()


def test_the_last_word_is_kept_and_one_draft_of_each_form(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    for name in ("A. Eerst", "B. Laatst"):
        keeps(at.huisarts, name=name)
    keeps(at.huisarts, f"{KEEP}?casus={case.reference}", need="Alleen van deze casus.")
    assert drafts(cast) == 2
    assert at.huisarts.get(FORM).context["form"]["name"].value() == "B. Laatst"
    assert at.huisarts.get(FORM).context["form"]["need"].value() is None
    form = at.huisarts.get(of_case(case)).context["form"]
    assert form["need"].value() == "Alleen van deze casus."


def test_nobody_else_sees_it_not_even_at_the_same_practice(cast: Cast, at: Any) -> None:
    keeps(at.huisarts, name="Q. Geheimsma")
    colleague = Browser(cast.person(cast.huisarts.house, "huisarts"))
    for browser in (colleague, at.stranger, at.coordinator):
        page = browser.get(FORM)
        assert page.status_code != 200 or "Geheimsma" not in page.content.decode()


def test_of_a_case_that_is_not_theirs_nothing_is_kept(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    answer = keeps(at.stranger, f"{KEEP}?casus={case.reference}", need="Van een ander.")
    assert answer.status_code == 404
    assert keeps(at.planner, name="X").status_code == 404


def test_it_is_sealed_where_it_is_kept(cast: Cast, at: Any) -> None:
    number = a_bsn()
    keeps(at.huisarts, name="Q. Geheimsma", bsn=number)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sealed FROM triage_draft WHERE membership_id = %s", [cast.huisarts.actor.pk]
        )
        sealed = bytes(cursor.fetchone()[0])
    assert b"Geheimsma" not in sealed and number.encode() not in sealed


def test_begun_read_and_thrown_away_is_written_down(cast: Cast, at: Any) -> None:
    def written() -> list[str]:
        mine = AccessRecord.objects.filter(actor=cast.huisarts.actor.pk, subject="draft")
        return list(mine.order_by("at").values_list("action", flat=True))

    for name in ("A", "AB", "ABC"):
        keeps(at.huisarts, name=name)
    assert written() == ["create"]
    at.huisarts.get(FORM)
    at.huisarts.post(WIPE)
    assert written()[1:3] == ["read", "update"] and drafts(cast) == 0


def test_thrown_away_it_is_gone(cast: Cast, at: Any) -> None:
    keeps(at.huisarts, name="Q. Geheimsma")
    page = at.huisarts.post(WIPE)
    assert "Het concept is gewist" in text_of(page) and "Geheimsma" not in page.content.decode()
    assert page.context["form"]["name"].value() is None


def test_sent_it_is_gone_and_a_save_that_comes_after_keeps_nothing(cast: Cast, at: Any) -> None:
    sent, key = typed(cast), uuid4().hex
    keeps(at.huisarts, **sent, key=key)
    at.huisarts.post(FORM, key=key, **sent)
    assert len(asked(cast)) == 1 and drafts(cast) == 0
    assert keeps(at.huisarts, **sent, key=key).status_code == 200 and drafts(cast) == 0
    keeps(at.huisarts, name="Iemand anders")
    assert drafts(cast) == 1


def test_what_came_back_with_a_fault_is_kept_too(cast: Cast, at: Any) -> None:
    at.huisarts.post(FORM, **typed(cast, need=""))
    assert at.huisarts.get(FORM).context["form"]["address"].value().startswith("Assendorper")


def test_in_a_case_it_goes_when_that_request_is_sent(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    end = f"?casus={case.reference}"
    keeps(at.huisarts, name="Van iemand anders")
    keeps(at.huisarts, KEEP + end, need="Half")
    sent = {name: value for name, value in typed(cast).items() if name != "name"}
    at.huisarts.post(FORM + end, **sent)
    assert len(asked(cast)) == 1 and drafts(cast) == 1


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
def test_after_a_day_it_is_gone_also_when_nobody_sweeps(
    hours: int, left: int, cast: Cast, at: Any
) -> None:
    keeps(at.huisarts, name="Q. Geheimsma")
    mine = Draft.objects.filter(membership=cast.huisarts.actor.pk)
    mine.update(kept_at=Now() - timedelta(hours=hours))
    assert ("Geheimsma" in at.huisarts.get(FORM).content.decode()) == bool(left)
    drafting.sweep()
    assert drafts(cast) == left


def test_without_script_a_button_keeps_it(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(KEEP, name="Q. Geheimsma")
    assert page.redirect_chain[-1][0] == FORM and "Concept bewaard" in text_of(page)
    assert page.context["form"]["name"].value() == "Q. Geheimsma"


def test_who_is_logged_out_is_told_and_what_was_kept_stays(cast: Cast, at: Any) -> None:
    keeps(at.huisarts, name="Q. Geheimsma")
    browser = Browser(cast.huisarts)
    browser.client.logout()
    assert keeps(browser, name="Later", **{"as": str(cast.huisarts.actor.pk)}).status_code == 401
    assert at.huisarts.get(FORM).context["form"]["name"].value() == "Q. Geheimsma"


def test_more_than_a_form_holds_is_refused(cast: Cast, at: Any) -> None:
    page = keeps(at.huisarts, story="x" * 60_000)
    assert page.status_code == 422
    assert "Dit is niet bewaard" in text_of(page) and "u voor" not in text_of(page)
    assert "Code voor de helpdesk: 422" in text_of(page)
    assert drafts(cast) == 0


def test_what_is_too_long_for_a_draft_still_stands_in_the_form(cast: Cast, at: Any) -> None:
    """A whole letter was pasted: what is wrong is said at its field, and nothing else is lost."""
    letter = "Geachte collega, " * 4000
    page = at.huisarts.post(FORM, **typed(cast, story=letter))
    assert page.status_code == 422
    form = page.context["form"]
    assert list(form.errors) == ["story"]
    assert form["story"].value() == letter and form["name"].value()
