"""A webhook goes to the internet, and to nothing that stands beside LZC."""

import ipaddress
import socket

import pytest

from lzc import destinations as addresses
from lzc.destinations import Forbidden, destination, is_public

INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:db8::1",
    "2001::1",
    "fe80::1",
    "fe80::1%1",
    "fc00::1",
    "fd00::1",
    "ff02::1",
    "100::1",
]
OUTSIDE = ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"]
URLS = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://user@127.0.0.1/",
    "https://1.1.1.1@127.0.0.1/",
    "https://127.0.0.1:22/",
    "https://①②⑦.⓪.⓪.①/",
    "http://1.1.1.1/",
    "ftp://1.1.1.1/",
    "file:///etc/passwd",
    "gopher://1.1.1.1/",
    "//1.1.1.1/",
    "https://",
    "https:///x",
    "https://[/",
    "https://1.1.1.1:99999/",
    "https://xn--/",
    "https://" + "a" * 70 + ".example/",
    "https://nowhere.invalid/",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_what_is_not_on_the_internet_is_not_public(ip):
    assert not is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", OUTSIDE)
def test_what_is_on_the_internet_is(ip):
    assert is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("url", URLS)
def test_nothing_but_https_to_the_internet_is_a_destination(url):
    with pytest.raises(Forbidden):
        destination(url)


@pytest.fixture
def names(monkeypatch):
    """What the name service of the outside world says."""
    said: dict[str, list[str]] = {}

    def getaddrinfo(host, port, **_):
        if host not in said:
            raise socket.gaierror("unknown")
        return [(0, 0, 0, "", (ip, port)) for ip in said[host]]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return said


def test_a_name_on_the_internet_is_a_destination(names):
    names["ecd.example"] = ["2606:4700::1111", "1.1.1.1"]
    to = destination("https://ecd.example/hooks/lzc?x=1")
    assert (to.url, to.name) == ("https://1.1.1.1:443/hooks/lzc?x=1", "ecd.example")


def test_an_address_of_six_is_written_in_brackets(names):
    names["ecd.example"] = ["2606:4700::1111"]
    to = destination("https://ecd.example:8443")
    assert (to.url, to.name) == ("https://[2606:4700::1111]:8443/", "ecd.example:8443")


def test_a_name_that_also_stands_for_a_machine_inside_is_not(names):
    names["ecd.example"] = ["1.1.1.1", "10.0.0.5"]
    with pytest.raises(Forbidden, match=r"10\.0\.0\.5"):
        destination("https://ecd.example/")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_told_only_when_that_was_said(scheme):
    assert destination(f"{scheme}://127.0.0.1:8080/x", loopback=True).url.endswith("/x")
    with pytest.raises(Forbidden):
        destination(f"{scheme}://127.0.0.1:8080/x")


def test_loopback_does_not_open_the_rest_of_the_house(names):
    names["tricky.example"] = ["127.0.0.1", "10.0.0.5"]
    for url in ("http://10.0.0.5/", "https://10.0.0.5/", "https://tricky.example/"):
        names.setdefault("10.0.0.5", ["10.0.0.5"])
        with pytest.raises(Forbidden):
            destination(url, loopback=True)
