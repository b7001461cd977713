"""Who is it: the rules for recognising a person, and for hiding one. Pure."""

import re
import unicodedata
from datetime import date
from hashlib import blake2b

BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
#: As many characters as the columns of the keys hold.
LONGEST_PERSON_KEY = 140
LONGEST_ADDRESS_KEY = 24
AGE_BAND = 5
OLDEST_BAND = 95


def clean_bsn(text: str) -> str | None:
    """Nine digits that pass the eleven-test, or None. `000000000` passes it and is nobody."""
    digits = text.replace(" ", "").replace(".", "")
    if len(digits) == 8:
        digits = "0" + digits
    if len(digits) != 9 or not digits.isascii() or not digits.isdigit() or digits == "0" * 9:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(BSN_WEIGHTS, digits, strict=True))
    return digits if total % 11 == 0 else None


def clean_postcode(text: str) -> str | None:
    """`8017 AB` → `8017AB`; four digits alone are taken as well."""
    found = re.fullmatch(r"\s*([1-9][0-9]{3})\s*([A-Za-z]{2})?\s*", text)
    return found[1] + (found[2] or "").upper() if found else None


def written_postcode(postcode: str) -> str:
    """`8017AB` → `8017 AB`, as it stands on a letter."""
    return f"{postcode[:4]} {postcode[4:]}".rstrip()


def clean_telephone(text: str) -> str:
    """`+31 6 1234 5678` → `0612345678`: one spelling, so that a number can be recognised."""
    digits = re.sub(r"(?!^\+)\D", "", text.strip())
    return re.sub(r"^(\+31|0031)0?", "0", digits)


def folded(text: str) -> str:
    """Without case, accents, punctuation and spacing: `Mw. P. de  Vriës` → `mwpdevries`."""
    if text.isascii():
        return text.lower() if text.isalnum() else "".join(filter(str.isalnum, text.lower()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())


def person_key(name: str, birth_date: date | None) -> str:
    """The same name and birth date; empty when either is unknown."""
    known = folded(name)  # nothing is left of a name like "?"
    if not known or not birth_date:
        return ""
    born = f"|{birth_date:%Y%m%d}"
    return _fitting(known, LONGEST_PERSON_KEY - len(born)) + born


def address_key(postcode: str, address: str) -> str:
    """The same house: full postcode and house number; empty when it does not name one."""
    number = re.search(r"(\d+)[\s/-]*(\w{0,4})$", address.strip())
    if len(postcode) != 6 or not number:
        return ""
    house = "|".join(part for part in (number[1], folded(number[2])) if part)
    return f"{postcode}|{_fitting(house, LONGEST_ADDRESS_KEY - len(postcode) - 1)}"


def _fitting(text: str, longest: int) -> str:
    """Itself, or in place of what is too long a digest: what was equal stays equal."""
    if len(text) <= longest:
        return text
    return blake2b(text.encode(), digest_size=min(longest // 2, 32)).hexdigest()


def age(birth_date: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday)


def age_band(birth_date: date | None, estimated: int | None, today: date) -> str:
    """`80-84`: old enough to place somebody, too coarse to know who it is."""
    years = age(birth_date, today) if birth_date else estimated
    if years is None:
        return ""
    if years >= OLDEST_BAND:
        return f"{OLDEST_BAND}+"
    low = years // AGE_BAND * AGE_BAND
    return f"{low}-{low + AGE_BAND - 1}"
