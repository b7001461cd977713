"""A sealed list: opens with its key however that is typed, and not when anything was changed."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lzc.sealing import NotOpened, Sealed, code_of, opened, seal, unwrapped, wrapped

SECRET, HOUSE, OTHER = b"s" * 32, UUID(int=7), UUID(int=8)
CODE = code_of(SECRET, HOUSE)
WORDS = dict.fromkeys(("title", "as_of", "key", "open", "wrong", "age", "help"), "</script> & zo")


def sealed(page: str = "<h1>Wie?</h1>") -> Sealed:
    return seal(page, code=CODE, organisation="De </script> Brug", made="2026-11-28T23:10+01:00")


@given(st.text())
def test_what_went_in_comes_out_and_cannot_be_seen_before(page: str) -> None:
    made = unwrapped(wrapped(sealed(page), WORDS))
    assert opened(made, CODE) == page
    assert len(page) < 8 or page not in made.body


MISREAD = CODE.translate(str.maketrans("OIB", "018"))
BARE, SPACED = CODE.replace("-", ""), CODE.replace("-", " ")


@pytest.mark.parametrize("typed", [CODE.lower(), BARE, SPACED, f" {CODE}\n", MISREAD])
def test_a_key_is_the_same_however_it_is_typed(typed: str) -> None:
    assert opened(sealed(), typed) == "<h1>Wie?</h1>"


@pytest.mark.parametrize("wrong", ["", "x", "é", CODE[:-1], CODE + "A", code_of(SECRET, OTHER),
                                   code_of(b"t" * 32, HOUSE)])  # fmt: skip
def test_another_key_opens_nothing(wrong: str) -> None:
    with pytest.raises(NotOpened, match="key"):
        opened(sealed(), wrong)


def test_what_stands_open_in_it_cannot_be_changed_unseen() -> None:
    made = sealed()
    for change in ({"made": "2026-11-29T23:10+01:00"}, {"organisation": "Een ander"},
                   {"nonce": made.salt}, {"body": made.body[4:]}, {"salt": "AAAA"}):  # fmt: skip
        with pytest.raises(NotOpened):
            opened(replace(made, **change), CODE)


def test_the_same_list_is_never_sealed_the_same() -> None:
    assert len({sealed().body for _ in range(20)}) == 20


def test_the_file_asks_no_one_for_anything() -> None:
    text = wrapped(sealed(), WORDS)
    assert "http" not in text and "src=" not in text and "url(" not in text
    assert text.count("</script>") == 2


PLACE = '<script type="application/json" id="verzegeld">{}</script>'


@pytest.mark.parametrize("text", ["", "<p>", PLACE, PLACE.format("["), PLACE.format("[]")])
def test_another_file_is_no_list(text: str) -> None:
    with pytest.raises(NotOpened, match="no outage list"):
        unwrapped(text)
