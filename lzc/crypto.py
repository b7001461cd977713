"""The burgerservicenummer at rest: sealed for reading, keyed-hashed for finding.

A bare hash of a BSN is reversed in under a minute (there are only 91 million), hence the key.
The seal is bound to the patient it belongs to: a ciphertext moved to another row does not open.
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


@lru_cache(maxsize=2)
def _key(secret: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(key=secret, person=use, digest_size=32).digest()


def seal_bsn(bsn: str, patient: UUID) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_key(settings.BSN_KEY, b"lzc.bsn.seal"))
    return KEY_ID + nonce + cipher.encrypt(nonce, bsn.encode(), patient.bytes + b"bsn")


def open_bsn(sealed: bytes, patient: UUID) -> str:
    if sealed[:1] != KEY_ID:
        raise InvalidTag("sealed with a key that is not here")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    cipher = AESGCM(_key(settings.BSN_KEY, b"lzc.bsn.seal"))
    return cipher.decrypt(nonce, body, patient.bytes + b"bsn").decode()


def blind(value: str) -> bytes:
    """A keyed hash: finds the same value again, tells nothing about it."""
    key = _key(settings.BSN_INDEX_KEY, b"lzc.bsn.find")
    return hmac.digest(key, value.encode(), hashlib.sha256)
