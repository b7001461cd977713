"""Text as it is kept: composed, without characters that are not seen or make it read otherwise."""

import re
import unicodedata

from lzc.errors import N_

#: Embeddings, overrides and isolates: they make a text read otherwise than it is stored.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Text that is copied from elsewhere can carry these.
UNWRITABLE = N_(
    "There are characters in this that turn or hide text. Type it again, without copying."
)


class Unwritable(ValueError):
    """Cannot be kept. `code`: nul, turned or surrogate."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cleaned(text: str) -> str:
    """The same text, composed (NFC), without invisible characters."""
    if "\x00" in text:
        raise Unwritable("nul")
    if TURNING.search(text):
        raise Unwritable("turned")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unwritable("surrogate") from None
    return _seen(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def compared(text: str) -> str:
    """For comparing only: signs that look alike are one, and what is not seen is not there."""
    return _seen(unicodedata.normalize("NFKC", text))


def _seen(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))
