"""How mail leaves is said in one address."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lzc.conf.mail import parse


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://post.example", 25, False, False),
        ("smtp+tls://lzc:ge%40heim@post.example", 587, True, False),
        ("smtps://lzc:ge%40heim@post.example:4650", 4650, False, True),
    ],
)
def test_a_server_is_one_address(url: str, port: int, tls: bool, ssl: bool) -> None:
    said = parse(url, None)
    assert said["EMAIL_HOST"] == "post.example" and said["EMAIL_PORT"] == port
    assert (said["EMAIL_USE_TLS"], said["EMAIL_USE_SSL"]) == (tls, ssl)
    assert said["EMAIL_HOST_PASSWORD"] == ("ge@heim" if "lzc" in url else "")


def test_without_one_it_goes_into_a_folder_or_nowhere(tmp_path: Path) -> None:
    assert parse("", tmp_path)["EMAIL_FILE_PATH"] == str(tmp_path)
    assert parse("", None)["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


@pytest.mark.parametrize("url", ["post.example", "http://post.example", "smtp://"])
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        parse(url, None)
