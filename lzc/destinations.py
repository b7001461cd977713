"""Where a webhook may go: to the internet, never into the network that LZC itself stands in."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Those that a gateway turns into IPv4 addresses of its own surroundings, and one block that older
#: Pythons take for a part of the internet.
NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.0.0.0/24"))
)
#: Of a host: words with dots between them, as the name service knows them.
WORD = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,254}}$){WORD}(\.{WORD})*\.?", re.ASCII | re.IGNORECASE)


class Forbidden(Exception):
    """This address is not one to send to; the text says why."""


@dataclass(frozen=True)
class Destination:
    """A name that was looked up once. What is sent goes to `ip`, whatever the name says later."""

    scheme: str
    host: str
    port: int
    ip: IP
    path: str

    @property
    def url(self) -> str:
        ip = f"[{self.ip}]" if self.ip.version == 6 else str(self.ip)
        return f"{self.scheme}://{ip}:{self.port}{self.path}"

    @property
    def name(self) -> str:
        """As in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 and self.scheme == "https" else f"{host}:{self.port}"


def destination(url: str, *, loopback: bool = False) -> Destination:
    """Look the name up. `loopback`: this machine itself may be told too, without TLS."""
    parts, host = _read(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = _looked_up(host, port)
    if loopback and all(ip.is_loopback for ip in found):
        return Destination(parts.scheme, host, port, found[0], path)
    if parts.scheme != "https":
        raise Forbidden("only https")
    for ip in found:
        if not is_public(ip):
            raise Forbidden(f"{host} is {ip}, which is not on the internet")
    return Destination("https", host, port, found[0], path)


def imaginable(url: str, *, loopback: bool = False) -> None:
    """Whether anything may ever be sent there, as far as can be seen without looking a name up."""
    parts, host = _read(url)
    ip = _literal(host)
    name = host.removesuffix(".")
    here = name == "localhost" or name.endswith(".localhost") or (ip is not None and ip.is_loopback)
    if here and loopback:
        return
    if here or parts.scheme != "https" or (ip is not None and not is_public(ip)):
        raise Forbidden("only https, to the internet")


def _read(url: str) -> tuple[SplitResult, str]:
    """The parts of an address, and its host as it is looked up."""
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:
        raise Forbidden(f"not an address: {error}") from error
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        raise Forbidden("only https://host/path")
    return parts, host


def _literal(host: str) -> IP | None:
    """The address that a host is, also as only a computer writes it (`0x7f.1`). None: a name."""
    try:
        if ":" in host:
            return ipaddress.ip_address(host)
        if not NAME.fullmatch(host):
            raise Forbidden(f"{host} is no name")
        return ipaddress.ip_address(socket.inet_aton(host))
    except ValueError as error:
        raise Forbidden(f"not an address: {error}") from error
    except OSError:
        return None


def is_public(ip: IP) -> bool:
    """On the internet, and nowhere else. (Multicast counts as global, and is no destination.)"""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        return is_public(ip.ipv4_mapped)
    if any(ip in network for network in NOT_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _looked_up(host: str, port: int) -> list[IP]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(f"{host} cannot be found: {error}") from error
    ips = [ipaddress.ip_address(str(address[0])) for *_, address in found]
    return sorted(ips, key=lambda ip: ip.version)
