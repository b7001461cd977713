"""The burgerservicenummer at rest: sealed for reading, keyed-hashed for finding. So are drafts.

A bare hash of a BSN is reversed in under a minute (there are only 91 million), hence the key.
The seal is bound to whom it belongs to: a ciphertext moved to another row does not open.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
KEY_ID = b"\x01"  # which key sealed it: rotation reads the old, writes the new


@lru_cache(maxsize=3)
def _key(secret: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(key=secret, person=use, digest_size=32).digest()


def seal_bsn(bsn: str, patient: UUID) -> bytes:
    return _seal(bsn, b"lzc.bsn.seal", patient.bytes + b"bsn")


def open_bsn(sealed: bytes, patient: UUID) -> str:
    return _open(sealed, b"lzc.bsn.seal", patient.bytes + b"bsn")


def seal_draft(text: str, *whose: UUID) -> bytes:
    """What somebody typed and did not send: it may hold everything about a person."""
    return _seal(text, b"lzc.draft.seal", b"".join(one.bytes for one in whose) + b"draft")


def open_draft(sealed: bytes, *whose: UUID) -> str:
    return _open(sealed, b"lzc.draft.seal", b"".join(one.bytes for one in whose) + b"draft")


def _seal(text: str, use: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_key(settings.BSN_KEY, use))
    return KEY_ID + nonce + cipher.encrypt(nonce, text.encode(), bound)


def _open(sealed: bytes, use: bytes, bound: bytes) -> str:
    if sealed[:1] != KEY_ID:
        raise InvalidTag("sealed with a key that is not here")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    cipher = AESGCM(_key(settings.BSN_KEY, use))
    return cipher.decrypt(nonce, body, bound).decode()


def blind(value: str) -> bytes:
    """A keyed hash: finds the same value again, tells nothing about it."""
    key = _key(settings.BSN_INDEX_KEY, b"lzc.bsn.find")
    return hmac.digest(key, value.encode(), hashlib.sha256)
