"""To be told of events: the secret is shown once, and only one's own can be ended."""

from typing import Any

import pytest

from lzc.api.subscriptions import MOST
from lzc.models import LogCounter, Subscription
from tests.api.programs import refused, system_at, told
from tests.cast import Cast

URL = "https://ecd.example.nl/lzc"


def test_its_secret_is_shown_once(systems: Any) -> None:
    made = told(systems.planner.post("subscriptions", {"url": URL}), 201)
    assert made["secret"].startswith("whsec_") and len(made["secret"]) > 40
    assert made["cursor"] == LogCounter.objects.get().n
    listed = systems.planner.get("subscriptions")
    assert made["secret"] not in listed.content.decode()
    assert [row["id"] for row in told(listed)["results"]] == [made["id"]]


def test_only_one_s_own_can_be_ended(systems: Any) -> None:
    made = told(systems.planner.post("subscriptions", {"url": URL}), 201)
    refused(systems.coordinator.delete(f"subscriptions/{made['id']}"), 404, "not_found")
    ended = systems.planner.delete(f"subscriptions/{made['id']}")
    assert (ended.status_code, ended.content) == (204, b"")
    assert told(systems.planner.get("subscriptions"))["results"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://ecd.example.nl/",
        "ftp://ecd.example.nl/",
        "https://",
        "https:///pad",
        "//ecd.example.nl/",
        "ecd.example.nl",
        "https://wie:geheim@ecd.example.nl/",
        "https://ecd.example.nl/#deel",
        "https://[ecd.example.nl/",
        "https://ecd.example.nl:99999/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_cannot_be_told(systems: Any, url: str) -> None:
    refused(systems.planner.post("subscriptions", {"url": url}), 422, "invalid", "url")


def test_there_is_an_end_to_them(cast: Cast, systems: Any) -> None:
    row = cast.planner.house.row
    Subscription.objects.bulk_create(
        [Subscription(organisation=row, url=f"{URL}/{n}", secret="s") for n in range(MOST)]
    )
    refused(systems.planner.post("subscriptions", {"url": URL}), 422, "invalid", "url")


def test_who_may_do_nothing_is_told_nothing(cast: Cast) -> None:
    blind = system_at(cast.planner.house)
    refused(blind.post("subscriptions", {"url": URL}), 403, "not_yours")
