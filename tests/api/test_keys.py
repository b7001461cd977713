"""Who is at the door: keys of machines, and people in a session."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from lzc import keys
from lzc.models import ApiClient, Membership, Organisation
from lzc.rights import Duty
from lzc.web.pages import SESSION_KEY
from tests.api.programs import Program, browser_of, intake, refused, system_at, told
from tests.cast import Cast


def with_key(key: str) -> Program:
    return Program(authorization=f"Bearer {key}")


@pytest.fixture
def issued(cast: Cast) -> keys.Issued:
    house = cast.coordinator.house
    return keys.issue(house.row, name="bord", scopes=[Duty.DESK, Duty.ASK], desk=house.desk)


def test_a_key_says_who_asks(cast: Cast, issued: keys.Issued) -> None:
    said = told(with_key(issued.key).get("me"))
    assert said["kind"] == "client" and said["id"] == str(issued.client.pk)
    assert said["organisation"]["id"] == str(cast.coordinator.house.pk)
    assert said["desk"]["id"] == str(cast.coordinator.desk.pk)
    assert said["duties"] == ["ask", "desk"]


def test_who_asks_is_known_in_one_query(
    issued: keys.Issued, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        actor = keys.client_of(issued.key)
        assert actor.desk and actor.desk.region.root_id and actor.desk.organisation.name
        assert actor.organisation.region.root_id and actor.hears


def test_a_key_can_be_recognised_and_holds_32_random_bytes(issued: keys.Issued) -> None:
    assert re.fullmatch(r"lzc_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", issued.key)
    assert keys.issue(issued.client.organisation, name="x", scopes=[]).key != issued.key


def test_what_is_kept_of_a_key_opens_nothing(issued: keys.Issued) -> None:
    row = ApiClient.objects.values().get(pk=issued.client.pk)
    secret = issued.key.split("_", 2)[2]
    assert secret not in str(row) and len(bytes(row["key_hash"])) == 32


def test_an_expired_key(issued: keys.Issued) -> None:
    ApiClient.objects.filter(pk=issued.client.pk).update(expires_at=timezone.now())
    answer = with_key(issued.key).get("me")
    refused(answer, 401, "key_expired")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key(issued: keys.Issued) -> None:
    with_key(issued.key).get("me")
    keys.revoke(issued.client.prefix)
    refused(with_key(issued.key).get("me"), 401, "key_revoked")


def test_only_who_holds_the_secret_hears_what_became_of_a_key(issued: keys.Issued) -> None:
    keys.revoke(issued.client.prefix)
    refused(with_key(f"lzc_{issued.client.prefix}_guess").get("me"), 401, "key")


def test_nobody(cast: Cast) -> None:
    answer = Program().get("me")
    refused(answer, 401, "who_are_you")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer lzc",
        "Bearer lzc_",
        "Bearer lzc__",
        "Bearer lzc_{prefix}",
        "Bearer lzc_{prefix}_",
        "Bearer lzc_{prefix}_{secret}x",
        "Bearer lzc_{prefix}x_{secret}",
        "Bearer LZC_{prefix}_{secret}",
        "Bearer xyz_{prefix}_{secret}",
        "Bearer {prefix}_{secret}",
        "Bearer {secret}",
        "Bearer lzc_{prefix}_{secret}, Bearer lzc_{prefix}_{secret}",
        "Bearer lzc_%_{secret}",
        "Bearer lzc_{prefix}_\u0000",
        "Bearer lzc_é_{secret}",
        "Basic lzc_{prefix}_{secret}",
        "Token lzc_{prefix}_{secret}",
        "lzc_{prefix}_{secret}",
        "Bearer lzc_" + "x" * 5000 + "_{secret}",
    ],
)
def test_what_is_no_key(issued: keys.Issued, header: str) -> None:
    _, prefix, secret = issued.key.split("_", 2)
    sent = header.format(prefix=prefix, secret=secret)
    refused(Program(authorization=sent).get("me"), 401, "key")


def test_a_scope_is_all_a_machine_may_do(cast: Cast) -> None:
    answers_only = system_at(cast.nurse.house, Duty.ANSWER)
    refused(answers_only.post("cases", intake(cast.patient())), 403, "not_your_desk")


def test_a_machine_without_scopes_sees_nothing(cast: Cast) -> None:
    blind = system_at(cast.coordinator.house)
    for path in ("cases", "requests", "offers", "units", "handovers", "subscriptions"):
        assert told(blind.get(path))["results"] == []


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_is_valid_for_a_year_at_most(cast: Cast, days: int) -> None:
    with pytest.raises(ValueError):
        keys.issue(cast.coordinator.house.row, name="x", scopes=[], valid=timedelta(days=days))


def test_a_key_works_at_a_desk_of_its_own_organisation(cast: Cast) -> None:
    with pytest.raises(ValueError):
        keys.issue(cast.planner.house.row, name="x", scopes=[], desk=cast.coordinator.desk)


class TestCommands:
    def made(self, *words: str) -> str:
        out = io.StringIO()
        call_command("issue_key", *words, stdout=out, stderr=io.StringIO())
        return out.getvalue().strip()

    def test_a_key_from_the_command_line(self, cast: Cast) -> None:
        house = cast.coordinator.house
        key = self.made(
            str(house.pk), "bord", "--scope", "desk", "--desk", str(cast.coordinator.desk.pk)
        )
        said = told(with_key(key).get("me"))
        assert said["desk"]["id"] == str(cast.coordinator.desk.pk) and said["duties"] == ["desk"]

    def test_and_its_end(self, cast: Cast) -> None:
        key = self.made(str(cast.planner.house.pk), "ECD", "--scope", "answer", "--days", "1")
        call_command("revoke_key", key.split("_")[1], stdout=io.StringIO())
        refused(with_key(key).get("me"), 401, "key_revoked")

    @pytest.mark.parametrize("words", [("nobody", "x"), ("{org}", "x", "--days", "367")])
    def test_what_cannot_be_is_said(self, cast: Cast, words: tuple[str, ...]) -> None:
        said = [word.format(org=cast.planner.house.pk) for word in words]
        with pytest.raises(CommandError):
            self.made(*said, "--scope", "answer")

    def test_a_name_that_two_have(self, cast: Cast) -> None:
        name = f"Twee {cast.pc4}"
        for _ in range(2):
            Organisation.objects.create(name=name, kind="vvt", region=cast.subregion)
        with pytest.raises(CommandError, match="more than one|More than one"):
            self.made(name, "x", "--scope", "answer")

    def test_a_prefix_nobody_has(self, db: None) -> None:
        with pytest.raises(CommandError):
            call_command("revoke_key", "nothing")


class TestPeople:
    def test_who_is_logged_in_acts_in_the_chosen_membership(self, cast: Cast) -> None:
        said = told(browser_of(cast.coordinator).get("me"))
        assert (said["kind"], said["id"]) == ("membership", str(cast.coordinator.actor.pk))

    def test_nothing_is_done_without_proof_that_the_page_is_ours(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.client.cookies
        browser.client = strict
        refused(browser.post("cases", intake(cast.patient())), 403, "csrf")
        told(browser.get("me"))

    def test_with_proof_it_is(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.client.cookies
        page = strict.get("/api/docs/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        browser.client = strict
        told(browser.post("cases", intake(cast.patient()), x_csrftoken=token[1]), 201)

    def test_without_a_chosen_membership(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        session = browser.client.session
        del session[SESSION_KEY]
        session.save()
        refused(browser.get("me"), 401, "no_membership")

    def test_a_membership_that_ended(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        told(browser.get("me"))
        Membership.objects.filter(pk=cast.coordinator.actor.pk).update(until=timezone.now())
        refused(browser.get("me"), 401, "no_membership")

    def test_the_membership_of_somebody_else(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        session = browser.client.session
        session[SESSION_KEY] = str(cast.planner.actor.pk)
        session.save()
        refused(browser.get("me"), 401, "no_membership")

    def test_somebody_who_left(self, cast: Cast) -> None:
        browser = browser_of(cast.coordinator)
        cast.coordinator.user.is_active = False
        cast.coordinator.user.save(update_fields=["is_active"])
        refused(browser.get("me"), 401, "who_are_you")

    def test_a_key_counts_before_a_session(self, cast: Cast, issued: keys.Issued) -> None:
        browser = browser_of(cast.planner)
        said = told(browser.get("me", authorization=f"Bearer {issued.key}"))
        assert said["id"] == str(issued.client.pk)
