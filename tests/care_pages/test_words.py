"""What the forms offer has a word, and what is stored fits where it is kept."""

from coordination.models import CareRequest, Notice, Offer
from coordination.pages.care_forms import LONGEST_LINE, PREVENTED
from coordination.pages.request_form import NO_CONSENT, REQUIREMENTS
from lzc.web.words import WORDS
from triage import elv
from triage.models import CareAssessment, Contact


def test_every_choice_has_its_words() -> None:
    assert {*REQUIREMENTS} <= WORDS["requirement"].keys()
    assert {*PREVENTED} <= WORDS["outcome"].keys()
    assert {*Offer.Reason.values} == WORDS["reason"].keys()
    assert {*elv.CARE} <= WORDS["care"].keys()
    assert {*Notice.Kind.values} == WORDS["notice"].keys()


def test_every_choice_fits_its_column() -> None:
    consent = CareRequest._meta.get_field("consent").max_length
    version = CareAssessment._meta.get_field("version").max_length
    outcome = Contact._meta.get_field("outcomes").base_field.max_length
    assert all(len(code) <= consent for code, _word in NO_CONSENT)
    assert all(len(code) <= outcome for code in WORDS["outcome"])
    edited = elv.version_of(elv.questionnaire({"off": ["complex"]}))
    assert len(edited) > len(elv.VERSION) and len(edited) <= version
    assert Offer._meta.get_field("read_back").max_length == LONGEST_LINE
    assert Offer._meta.get_field("question").max_length == LONGEST_LINE
