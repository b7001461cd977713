"""An outage list in a file that only its organisation opens: AES-256-GCM, by a key that is typed.

The file is a page. Any browser opens it without a network, asks for the key and shows the list
(`static/js/outage.js`); `manage.py open_outage_list` does the same without a browser. Nothing here
knows Django, a server or a database.
"""

import base64
import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STATIC = Path(__file__).resolve().parent / "static"
CODE_BYTES, SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 16, 12, 32
#: Of the code: in groups of so many, to be read aloud.
GROUP = 4
PURPOSE = b"lzc outage list 1"
SEALED = re.compile(r'<script type="application/json" id="verzegeld">(.*?)</script>', re.DOTALL)
#: People read O and I where base32 has no nought and no one.
MISREAD = str.maketrans("018", "OIB", "- \t\n")


class NotOpened(ValueError):
    """No outage list, or not with this key; the message says which."""


@dataclass(frozen=True)
class Sealed:
    """What stands in the file: of whom, of when, and the list that nobody reads without the key."""

    organisation: str
    made: str  # ISO 8601
    salt: str
    nonce: str
    body: str

    @property
    def told(self) -> bytes:
        """Stands open in the file, and cannot be changed unseen."""
        return f"{self.organisation}|{self.made}".encode()


def code_of(secret: bytes, organisation: UUID) -> str:
    """The key of this organisation, as it is typed: `K7QD-2XV5-…`. The same for all its lists."""
    own = hashlib.blake2b(
        organisation.bytes, key=secret, person=b"lzc.outage", digest_size=CODE_BYTES
    )
    text = base64.b32encode(own.digest()).decode().rstrip("=")
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def seal(page: str, *, code: str, organisation: str, made: str) -> Sealed:
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    bare = Sealed(organisation, made, _text(salt), _text(nonce), "")
    body = AESGCM(_key(code, salt)).encrypt(nonce, page.encode(), bare.told)
    return Sealed(**asdict(bare) | {"body": _text(body)})


def opened(sealed: Sealed, code: str) -> str:
    """The list, a page that stands alone."""
    try:
        cipher = AESGCM(_key(code, base64.b64decode(sealed.salt)))
        nonce, body = base64.b64decode(sealed.nonce), base64.b64decode(sealed.body)
        return cipher.decrypt(nonce, body, sealed.told).decode()
    except (InvalidTag, ValueError) as error:
        raise NotOpened("This key does not open this list.") from error


def _key(code: str, salt: bytes) -> bytes:
    """The code is random, not something a person thought of: no slow hash is needed."""
    text = code.upper().translate(MISREAD)
    own = base64.b32decode(text + "=" * (-len(text) % 8))
    if len(own) != CODE_BYTES:
        raise ValueError("too short or too long")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=PURPOSE).derive(own)


def _text(some: bytes) -> str:
    return base64.b64encode(some).decode()


def wrapped(sealed: Sealed, words: dict[str, str]) -> str:
    """The file: a page that asks for the key. `words`: what it says, in the readers' language."""
    told = json.dumps(asdict(sealed) | {"words": words}).replace("<", "\\u003c")
    say = {name: escape(text) for name, text in words.items()}
    return standalone(
        say["title"],
        f"<main><h1>{say['title']}</h1><p><b>{escape(sealed.organisation)}</b></p>"
        f"<p>{say['as_of']}</p><form id='openen'><label for='sleutel'>{say['key']}</label> "
        f"<input id='sleutel' autocomplete='off' autocapitalize='characters' spellcheck='false' "
        f"required size='40'> <button>{say['open']}</button>"
        f"<p id='fout' role='alert'></p></form><p>{say['help']}</p></main>"
        f'<script type="application/json" id="verzegeld">{told}</script>'
        f"<script>{(STATIC / 'js' / 'outage.js').read_text()}</script>",
    )


def standalone(title: str, body: str) -> str:
    """A page that needs nothing beside it."""
    style = (STATIC / "css" / "print.css").read_text()
    return (
        '<!doctype html>\n<html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head>\n<body>{body}</body></html>\n"
    )


def unwrapped(text: str) -> Sealed:
    found = SEALED.search(text)
    try:
        told = json.loads(found[1]) if found else {}
        return Sealed(**{name: str(told[name]) for name in Sealed.__dataclass_fields__})
    except (ValueError, KeyError, TypeError) as error:
        raise NotOpened("This file is no outage list of LZC.") from error
