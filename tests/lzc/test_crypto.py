"""A BSN at rest: sealed for reading, blinded for finding."""

import uuid

import pytest
from cryptography.exceptions import InvalidTag

from lzc import crypto

BSN = "999900006"
WHO = uuid.UUID(int=1)


def test_what_was_sealed_opens_for_the_same_patient():
    sealed = crypto.seal_bsn(BSN, WHO)
    assert crypto.open_bsn(sealed, WHO) == BSN
    assert crypto.open_bsn(memoryview(sealed), WHO) == BSN
    assert BSN.encode() not in sealed


def test_a_seal_that_was_moved_to_another_row_does_not_open():
    with pytest.raises(InvalidTag):
        crypto.open_bsn(crypto.seal_bsn(BSN, WHO), uuid.UUID(int=2))


@pytest.mark.parametrize("at", [0, 1, 13, -1], ids=["key id", "nonce", "text", "tag"])
def test_a_seal_in_which_one_bit_changed_does_not_open(at):
    sealed = bytearray(crypto.seal_bsn(BSN, WHO))
    sealed[at] ^= 1
    with pytest.raises((InvalidTag, ValueError)):
        crypto.open_bsn(bytes(sealed), WHO)


def test_the_same_bsn_is_sealed_differently_each_time():
    assert crypto.seal_bsn(BSN, WHO) != crypto.seal_bsn(BSN, WHO)


def test_the_same_bsn_is_found_again():
    assert crypto.blind(BSN) == crypto.blind(BSN)
    assert crypto.blind(BSN) != crypto.blind("999900018")
    assert len(crypto.blind(BSN)) == 32


def test_without_the_key_a_blinded_bsn_says_nothing(settings):
    here = crypto.blind(BSN)
    settings.BSN_INDEX_KEY = b"another key, thirty-two bytes ok"
    assert crypto.blind(BSN) != here


def test_finding_and_reading_have_keys_of_their_own(settings):
    sealed = crypto.seal_bsn(BSN, WHO)
    settings.BSN_INDEX_KEY = b"another key, thirty-two bytes ok"
    assert crypto.open_bsn(sealed, WHO) == BSN
    settings.BSN_KEY = b"another key, thirty-two bytes ok"
    with pytest.raises(InvalidTag):
        crypto.open_bsn(sealed, WHO)
