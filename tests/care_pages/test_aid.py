"""The decision aid folded into the form: it proposes, and says why; the huisarts decides."""

import re
from typing import Any

import pytest

from lzc.models import Policy
from tests.care_pages.test_request import FORM, asked, looked, typed
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage import elv
from triage.models import CareAssessment

LOW = {
    "aid_life_threat": "no",
    "aid_physician_saw": "yes",
    "aid_specialist": "no",
    "aid_psychiatry": "no",
    "aid_safe_home": "no",
    "aid_wlz": "no",
    "aid_wlz_soon": "no",
    "aid_medical": "yes",
    "aid_rehabilitation": "no",
    "aid_terminal": "no",
    "aid_complex": "no",
    "aid_return_home": "yes",
}


def test_the_decision_aid_may_be_left_alone(cast: Cast, at: Any) -> None:
    at.huisarts.post(FORM, **typed(cast))
    (made,) = asked(cast)
    assert not looked(cast, CareAssessment, case=made.case_id)


def test_its_answers_are_kept_with_what_they_led_to(cast: Cast, at: Any) -> None:
    at.huisarts.post(FORM, **typed(cast), **LOW)
    (made,) = asked(cast)
    (kept,) = looked(cast, CareAssessment, case=made.case_id)
    assert (kept.version, kept.outcome, kept.chosen) == ("elv-2", "elv_laag", "elv_laag")
    assert kept.answers["wlz"] is False and kept.answers["medical"] is True


def test_choosing_otherwise_needs_a_reason(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast), **LOW | {"aid_complex": "yes"})
    assert "De keuzehulp stelt voor: ELV hoogcomplex" in text_of(page) and not asked(cast)
    sent = typed(cast, deviation="Familie helpt.") | LOW | {"aid_complex": "yes"}
    at.huisarts.post(FORM, **sent)
    (made,) = asked(cast)
    (kept,) = looked(cast, CareAssessment, case=made.case_id)
    assert (kept.outcome, kept.deviation) == ("elv_hoog", "Familie helpt.")


def test_it_is_said_which_question_leads_there_and_where_it_comes_from(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast), **LOW | {"aid_wlz": "yes"})
    assert "Wlz-indicatie, ook als die niet wordt gebruikt?” (Zorgbedwijzer)" in text_of(page)
    page = at.huisarts.post(FORM, **typed(cast), **LOW | {"aid_specialist": "yes"})
    assert "stelt voor: ziekenhuis of spoedeisende hulp" in text_of(page)
    page = at.huisarts.post(FORM, **typed(cast, care_type="elv_hoog"), **LOW)
    assert "stelt voor: ELV laagcomplex. U kiest" in text_of(page)


def test_when_the_carer_dropped_out_help_or_respite_is_asked(cast: Cast, at: Any) -> None:
    without = LOW | {"aid_medical": "no"}
    page = at.huisarts.post(FORM, **typed(cast), **without)
    assert page.context["form"].errors.keys() == {"aid_carer"}
    page = at.huisarts.post(FORM, **typed(cast), **without, aid_carer="no")
    assert "stelt voor: Respijtzorg" in text_of(page)
    at.huisarts.post(FORM, **typed(cast), **without, aid_carer="yes")
    (made,) = asked(cast)
    (kept,) = looked(cast, CareAssessment, case=made.case_id)
    assert (kept.outcome, kept.answers["carer"]) == ("elv_laag", True)


@pytest.mark.parametrize("home", ["yes", "no"])
def test_who_will_not_go_home_again_is_told_what_to_start(home: str, cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast), **LOW | {"aid_return_home": home})
    assert ("start nu de aanvraag voor de Wlz" in text_of(page)) == (home == "no")
    assert len(asked(cast)) == 1


def test_a_region_asks_its_own_questions(cast: Cast, at: Any) -> None:
    own = {"code": "pets", "text": "Blijft er een huisdier alleen?", "decides": True}
    edits = {"off": ["complex"], "own": [own | {"outcome": "respijt", "after": "wlz"}]}
    Policy.objects.create(region=cast.region, version=1, values={"elv_edits": edits})
    page = at.huisarts.get(FORM)
    assert "Blijft er een huisdier alleen?" in text_of(page)
    assert "aid_complex" not in page.context["form"].fields
    at.huisarts.post(FORM, **typed(cast), **LOW, aid_pets="no")
    (made,) = asked(cast)
    (kept,) = looked(cast, CareAssessment, case=made.case_id)
    assert kept.version.startswith("elv-2+") and kept.answers["pets"] is False


def test_a_half_filled_aid_points_at_the_question_that_is_open(cast: Cast, at: Any) -> None:
    page = at.huisarts.post(FORM, **typed(cast, aid_life_threat="no"))
    assert page.context["form"].errors.keys() == {"aid_physician_saw"}
    assert re.search(r'<details class="deel-meer" id="meer-1" open>', page.content.decode())


def test_the_questions_that_matter_are_marked_and_what_they_lead_to_is_said(
    cast: Cast, at: Any
) -> None:
    """Without script all of them stand on the page; `later` marks those a script puts away."""

    def later(**said: str) -> set[str]:
        page = at.huisarts.post(f"{FORM}keuzehulp/", **said)
        found = re.findall(r'is-later" id="hulp-(\w+)"', page.content.decode())
        return {name.removeprefix("aid_") for name in found}

    everything = {q.code for q in elv.QUESTIONS} | {"deviation"}
    assert everything - later() == {"life_threat"}
    assert everything - later(aid_life_threat="no") == {"life_threat", "physician_saw"}
    assert everything - later(**LOW) == everything - {"carer", "deviation"}
    page = at.huisarts.post(f"{FORM}keuzehulp/", **LOW)
    assert "stelt voor: ELV laagcomplex" in text_of(page) and 'data-kies="elv_laag"' in str(
        page.content
    )
    assert "deviation" not in later(**LOW, care_type="elv_hoog")
    page = at.huisarts.post(f"{FORM}keuzehulp/", **LOW | {"aid_specialist": "yes"})
    assert "ziekenhuis" in text_of(page) and "data-kies" not in page.content.decode()
    checked = re.findall(r'name="aid_(\w+)" value="\w+"[^>]* checked', page.content.decode())
    assert checked == ["life_threat", "physician_saw", "specialist"]
