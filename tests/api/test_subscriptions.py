"""To be told of events: the secret is shown once, and only one's own can be ended."""

from typing import Any

import pytest

from lzc.api.subscriptions import MOST
from lzc.models import Event, LogCounter, Subscription
from tests.api.programs import refused, system_at, told
from tests.cast import Cast

URL = "https://ecd.example.nl/lzc"


def test_its_secret_is_shown_once(systems: Any) -> None:
    made = told(systems.planner.post("subscriptions", {"url": URL}), 201)
    assert made["secret"].startswith("whsec_") and len(made["secret"]) > 40
    # The first that it is told is that it was made.
    assert made["cursor"] == LogCounter.objects.get().n - 1
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
        "https://a b/",
        "https://./",
        "https://xn--/",
        "https://0/",
        "https://10.1/",
        "https://169.254.169.254/",
        "https://[fd00::1]/",
    ],
)
def test_an_address_that_cannot_be_told(systems: Any, url: str) -> None:
    refused(systems.planner.post("subscriptions", {"url": url}), 422, "invalid", "url")


def test_there_is_an_end_to_them(cast: Cast, systems: Any) -> None:
    row, maker = cast.planner.house.row, cast.planner.actor
    urls = [f"{URL}/{n}" for n in range(MOST)]
    Subscription.objects.bulk_create(
        [Subscription(organisation=row, membership=maker, url=url, secret="s") for url in urls]
    )
    refused(systems.planner.post("subscriptions", {"url": URL}), 422, "invalid", "url")


def test_who_may_do_nothing_is_told_nothing(cast: Cast) -> None:
    blind = system_at(cast.planner.house)
    refused(blind.post("subscriptions", {"url": URL}), 403, "not_yours")


def test_that_it_was_made_and_ended_is_recorded(cast: Cast, systems: Any) -> None:
    made = told(systems.planner.post("subscriptions", {"url": URL}), 201)
    systems.planner.delete(f"subscriptions/{made['id']}")
    facts = Event.objects.filter(subject=made["id"]).order_by("number")
    assert [fact.type for fact in facts] == ["subscription.made", "subscription.ended"]
    assert {tuple(fact.audience) for fact in facts} == {(cast.planner.house.pk,)}


def test_it_is_known_with_which_key_it_was_made(systems: Any) -> None:
    made = told(systems.planner.post("subscriptions", {"url": URL}), 201)
    row = Subscription.objects.get(pk=made["id"])
    me = told(systems.planner.get("me"))
    assert (str(row.client_id), row.membership_id) == (me["id"], None)
