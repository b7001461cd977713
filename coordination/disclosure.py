"""What may be told of a patient before one provider is agreed on: a profile, no person. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from triage.identity import clean_bsn, folded

#: Names and streets shorter than this are words of the language too.
SHORTEST_TELLING = 4


def profile(
    *, age_band: str, sex: str, pc4: int | None, town: str, care: dict[str, object]
) -> dict[str, object]:
    """The first stage of an offer: enough to say yes or no, too little to know who it is."""
    return {"age_band": age_band, "sex": sex, "pc4": pc4, "town": town, **care}


def reveals(
    text: str, *, name: str, birth_date: date | None, address: str, telephone: str
) -> str | None:
    """What in this line tells who the patient is: name, birth_date, address, telephone, bsn."""
    if _has_number(text, telephone):
        return "telephone"
    if any(clean_bsn(run) for run in re.findall(r"\d{8,9}", text.replace(".", ""))):
        return "bsn"
    if birth_date and any(f"{birth_date:{shape}}" in text for shape in DATE_SHAPES):
        return "birth_date"
    if _has_word(text, re.split(r"[\s.,-]+", name)):
        return "name"
    if _has_word(text, re.findall(r"[^\W\d]+", address)):
        return "address"
    return None


DATE_SHAPES = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d%m%Y", "%d.%m.%Y")


def _has_word(text: str, telling: Iterable[str]) -> bool:
    words = {folded(word) for word in re.split(r"\W+", text)}
    return any(len(folded(t)) >= SHORTEST_TELLING and folded(t) in words for t in telling)


def _has_number(text: str, telephone: str) -> bool:
    digits = re.sub(r"\D", "", telephone)
    return len(digits) >= SHORTEST_TELLING and digits in re.sub(r"\D", "", text)
