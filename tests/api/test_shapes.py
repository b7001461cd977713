"""Whatever comes in, a shape takes it or says what is wrong: it never falls over."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lzc.api.parsing import DEEPEST, parsed
from lzc.api.problems import problem_of
from lzc.api.shapes import BadShape, In
from lzc.plain import TURNING
from tests.api.addresses import ADDRESSES

SHAPES = {type(a.endpoint.takes).__name__: a.endpoint.takes for a in ADDRESSES if a.endpoint.takes}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


def spoiled(value: Any, path: list[int], by: Any) -> Any:
    """The same value with something else at one place in it."""
    if not path or not isinstance(value, dict | list) or not value:
        return by
    if isinstance(value, list):
        at = path[0] % len(value)
        return [*value[:at], spoiled(value[at], path[1:], by), *value[at + 1 :]]
    name = [*value][path[0] % len(value)]
    return value | {name: spoiled(value[name], path[1:], by)}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@given(path=st.lists(st.integers(0, 20), max_size=4), by=ANYTHING)
def test_a_shape_takes_it_or_says_why_not(shape: In, path: list[int], by: Any) -> None:
    try:
        shape.take(spoiled(shape.example, path, by))
    except BadShape as wrong:
        body = problem_of(wrong).body()
        assert body["status"] == 400 and body["fields"]
        json.dumps(body).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    _read(raw)


@given(ANYTHING)
def test_what_is_read_is_fit_to_store(value: Any) -> None:
    for ascii_ in (True, False):
        raw = json.dumps(value, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
        for text in _texts(_read(raw)):
            text.encode()
            assert "\x00" not in text and not TURNING.search(text)


def _read(raw: bytes) -> Any:
    try:
        return parsed(raw)
    except BadShape:
        return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(text for inner in value.values() for text in _texts(inner))]
    return [t for inner in value for t in _texts(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_so_deep_and_no_deeper(depth: int, pair: str) -> None:
    opening = pair[0] if pair == "[]" else '{"a":'
    raw = (opening * depth + "1" + pair[1] * depth).encode()
    if depth == DEEPEST:
        assert parsed(raw)
        return
    with pytest.raises(BadShape, match="too_deep"):
        parsed(raw)


def test_many_brackets_beside_each_other_are_not_deep() -> None:
    assert len(parsed(b"[" + b"[]," * 500 + b"[]]")) == 501
