"""Pages go out compressed, each a little longer or shorter than it is."""

import gzip

import brotli
import pytest
from django.http import HttpRequest, HttpResponse

from lzc.web.squeezed import Pages

PAGE = b"<p>" + b"valt steeds " * 100 + b"</p>"


def sent(
    accepts: str, content: bytes = PAGE, kind: str = "text/html; charset=utf-8"
) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return Pages(lambda request: HttpResponse(content, content_type=kind))(request)


@pytest.mark.parametrize(
    ("accepts", "how"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip", "gzip"),
        ("", None),
    ],
)
def test_as_the_browser_takes_it(accepts: str, how: str | None) -> None:
    answer = sent(accepts)
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[how]
    assert (answer.get("Content-Encoding"), answer["Vary"]) == (how, "Accept-Encoding")
    assert opened(answer.content).rstrip() == PAGE
    assert how is None or int(answer["Content-Length"]) == len(answer.content) < len(PAGE)


@pytest.mark.parametrize("accepts", ["br", "gzip"])
def test_its_length_tells_nothing(accepts: str) -> None:
    assert len({len(sent(accepts).content) for _ in range(50)}) > 10


def test_only_pages_and_only_what_is_worth_it() -> None:
    for answer in (sent("br", kind="application/json"), sent("br", PAGE[:100])):
        assert not answer.has_header("Content-Encoding")
