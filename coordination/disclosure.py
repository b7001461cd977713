"""What may be told of a patient before one provider is agreed on: a profile, no person. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from lzc.plain import compared
from triage.identity import clean_bsn, folded

#: Names and streets shorter than this are words of the language too.
SHORTEST_TELLING = 4
#: Of a street without its spaces: shorter ones stand by chance in other words.
LONG_STREET = 8
#: Of a name, these words tell nobody who it is.
TITLES = frozenset(
    {
        *("mevrouw", "mevr", "mw", "meneer", "mijnheer", "mijn", "dhr", "hr", "heer", "dame"),
        *("familie", "fam", "echtgenote", "weduwe", "dr", "prof", "mr", "ing", "ir", "drs"),
    }
)
PARTICLES = frozenset(
    {
        *("de", "den", "der", "van", "von", "het", "t", "te", "ten", "ter", "in", "op", "aan"),
        *("over", "onder", "voor", "bij", "uit", "d", "du", "la", "le", "el", "al", "da", "di"),
    }
)
#: A telephone number without its country or trunk prefix.
SUBSCRIBER_DIGITS = 9
MONTHS = (
    *("jan", "feb", "mrt|mar|maart", "apr", "mei|may", "jun"),
    *("jul", "aug", "sep", "o[kc]t", "nov", "dec"),
)


_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
#: Of the dates of this and the last century one in eleven would pass for a BSN.
_DATE = re.compile(
    rf"(?<!\d)(?:{_DAY}([-./ ]){_MONTH}\1(?:19|20)\d\d|(?:19|20)\d\d([-./ ]){_MONTH}\2{_DAY})(?!\d)"
)
_NO_DIGIT = re.compile(r"\D+")
_WORD = re.compile(r"[^\W\d_]+")
#: Of a BSN the leading nought may be left out.
SHORTEST_BSN = 8


def profile(
    *, age_band: str, sex: str, pc4: int | None, town: str, care: dict[str, object]
) -> dict[str, object]:
    """The first stage of an offer: enough to say yes or no, too little to know who it is."""
    return {"age_band": age_band, "sex": sex, "pc4": pc4, "town": town, **care}


def reveals(
    text: str, *, name: str, birth_date: date | None, address: str, telephone: str
) -> str | None:
    """What in this line tells who the patient is: name, birth_date, address, telephone, bsn."""
    text = compared(text)
    if _has_number(text, telephone):
        return "telephone"
    if birth_date and _has_date(text, birth_date):
        return "birth_date"
    if _has_bsn(text):
        return "bsn"
    written = _WORD.findall(text)
    words = list(map(folded, written))
    if _has_word(words, name) or _has_surname(zip(written, words, strict=True), name):
        return "name"
    if _has_word(words, address) or _has_street(words, address) or _has_house(text, address):
        return "address"
    return None


def has_bsn(text: str) -> bool:
    """Whether a number in it passes the eleven-test: whoever it may belong to."""
    return _has_bsn(compared(text))


def _has_bsn(text: str) -> bool:
    if len(_NO_DIGIT.sub("", text)) < SHORTEST_BSN:
        return False
    numbers = re.findall(r"(?<!\d)\d{8,9}(?!\d)", _joined(_DATE.sub(" ", text)))
    return any(clean_bsn(run) for run in numbers)


def _joined(text: str) -> str:
    """Digits that are grouped for the eye, put together: `1234 56 782`, `1234.56.782`."""
    return re.sub(r"(?<=\d)[ .\u00b7\u2010-\u2015-](?=\d)", "", text)


def _has_date(text: str, day: date) -> bool:
    """`14-3-1942`, `14.03.42`, `1942-03-14`, `14 maart 1942`, `14031942`."""
    if f"{day:%y}" not in text or str(day.day) not in text:  # as every shape below has them
        return False
    gap = r"[\s.,/\u00b7'\u2019-]+"
    d, month = f"0?{day.day}", f"(?:0?{day.month}|(?:{MONTHS[day.month - 1]})[a-z]*)"
    year = f"(?:{day:%Y}|{day:%y})"
    shapes = (
        f"{d}{gap}{month}{gap}{year}",
        f"{day:%Y}{gap}{month}{gap}{d}",
        f"0?{day.month}{gap}{d}{gap}{year}",
        f"{day:%d%m}{year}",
        f"{day:%Y%m%d}",
    )
    return bool(re.search(rf"(?<!\d)(?:{'|'.join(shapes)})(?!\d)", text, re.IGNORECASE))


def _words(text: str) -> list[str]:
    return list(map(folded, _WORD.findall(unicodedata.normalize("NFKC", text))))


def _has_word(words: list[str], telling: str) -> bool:
    """Also as in "Pietersens dochter"."""
    long = {word for word in _words(telling) if len(word) >= SHORTEST_TELLING}
    wanted = long - TITLES - PARTICLES
    return not wanted.isdisjoint(words) or not {f"{word}s" for word in wanted}.isdisjoint(words)


def _surname(name: str) -> set[str]:
    """`J. van der Ven-Bos`: ven, bos. `Bos, Jan`: bos."""
    family = name.partition(",")[0].split()
    parts = _WORD.findall(unicodedata.normalize("NFKC", family[-1])) if family else []
    told = {folded(part) for part in parts if len(part) > 1}
    return told - TITLES - PARTICLES


def _has_surname(words: Iterable[tuple[str, str]], name: str) -> bool:
    """However short it is: written as a name, `Bos`, or said as one, `dhr. de bos`."""
    surname, titled = _surname(name), False
    for word, plain in words:
        if plain in surname and (titled or word[0].isupper()):
            return True
        titled = plain in TITLES or (titled and (plain in PARTICLES or len(plain) == 1))
    return False


def _has_street(words: list[str], address: str) -> bool:
    """Written apart, or short: `Assendorper straat`, `Assendorperstr.`."""
    street = "".join(_words(re.split(r"\d", address, maxsplit=1)[0]))
    if len(street) < LONG_STREET:
        return False
    return street in "".join(f"{word}aat" if word.endswith("str") else word for word in words)


def _has_house(text: str, address: str) -> bool:
    """Street and number, however short the street: `Lei 3`, `lei nr. 3`."""
    found = re.match(r"\W*(.*?[^\W\d])\W*(\d+)", address)
    if found is None or found[2] not in text:
        return False
    street = r"\W+".join(map(re.escape, found[1].split()))
    house = rf"(?<!\w){street}\W+(?:(?:nr|nummer|no)\W*)?0*{found[2]}(?!\d)"
    return bool(re.search(house, text, re.IGNORECASE))


def _has_number(text: str, telephone: str) -> bool:
    digits = _NO_DIGIT.sub("", telephone)[-SUBSCRIBER_DIGITS:]
    return len(digits) >= SHORTEST_TELLING and digits in _NO_DIGIT.sub("", text)
