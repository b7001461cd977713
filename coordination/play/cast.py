"""Who plays in the night: the systems of eight organisations, each with its own key."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from coordination.play.client import PATIENCE, Client, Surprise, Trouble

PARTS = (
    "meldkamer",
    "hap",
    "zorgcentrale",
    "zcc",
    "team",
    "huisarts",
    "house_full",
    "house",
)


@dataclass(frozen=True)
class Part:
    """One organisation in the story: its system, and what LZC says of it."""

    client: Client
    name: str
    organisation: str
    desk: str

    def units(self, care_type: str) -> list[dict[str, Any]]:
        """Its own, of this kind of care."""
        own: list[dict[str, Any]] = self.client.get("units", care_type=care_type, own="true")[
            "results"
        ]
        return own


@dataclass(frozen=True)
class Cast:
    meldkamer: Part
    hap: Part
    zorgcentrale: Part
    zcc: Part
    team: Part
    huisarts: Part
    house_full: Part
    house: Part


def keys_in(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text())
        return {part: found[part]["key"] for part in PARTS}
    except FileNotFoundError:
        raise Trouble(
            f"{file} is er niet: daarin staan de sleutels van de demo. Maak ze met "
            "`manage.py demo` in een lege database, of opnieuw met `manage.py demo --keys`."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble(
            f"{file} is niet te lezen ({error}). Maak nieuwe sleutels met `manage.py demo --keys`."
        ) from error


@contextmanager
def assembled(base: str, keys: dict[str, str]) -> Iterator[Cast]:
    """Each system asks LZC who it is: names and desks are not written down twice."""
    try:
        # Not through a proxy that the environment may name: LZC mostly runs on this machine.
        http = httpx.Client(base_url=base, timeout=PATIENCE, trust_env=False)
    except (httpx.InvalidURL, ValueError) as error:
        raise Trouble(f"{base} is geen adres: {error}.") from error
    with http:
        yield Cast(**{name: _part(Client(http, key)) for name, key in keys.items()})


def _part(client: Client) -> Part:
    me = client.get("me")
    try:
        return Part(
            client,
            me["organisation"]["name"],
            me["organisation"]["id"],
            (me["desk"] or {}).get("id", ""),
        )
    except (KeyError, TypeError) as error:
        raise Surprise(f"GET me: {me}") from error
