"""Who may open a live socket, what it hears, and when it is closed."""

import uuid
from datetime import timedelta
from socket import SHUT_RDWR

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from lzc import keys
from lzc.events import head
from lzc.live import consumer as live
from lzc.live import sockets
from lzc.models import ApiClient, Membership
from lzc.rights import Duty
from tests.live.ears import Ear, cookie_of, happens, numbers, subjects


def test_it_begins_with_a_heartbeat_that_says_how_far_the_log_is(cast, ear):
    since = head()
    assert ear(cast.coordinator).heartbeat()["head"] >= since
    assert ear(cast.coordinator, after=None).heartbeat()["head"] >= since


def test_what_happens_is_heard_by_those_it_is_meant_for_and_by_nobody_else(cast, ear):
    mine, stranger = ear(cast.coordinator), ear(cast.stranger)
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk], count=3)
    assert subjects(mine.facts(3)) == about
    assert stranger.all_until_now() == []


def test_a_message_says_what_changed_and_no_more(cast, ear):
    mine = ear(cast.coordinator)
    (about,) = happens(cast.coordinator.actor, [cast.coordinator.house.pk])
    (fact,) = mine.facts(1)
    assert fact.keys() == {"number", "type", "subject", "ids", "at"}
    assert (fact["type"], fact["subject"], fact["ids"]) == ("x.happened", about, {})


def test_who_steers_hears_of_the_region_and_a_provider_does_not(cast, ear):
    steers, provider = ear(cast.coordinator), ear(cast.planner)
    about = happens(cast.other_planner.actor, [cast.region.pk])
    assert subjects(steers.facts(1)) == about
    assert provider.all_until_now() == []


def test_what_is_meant_for_two_audiences_of_one_listener_is_told_once(cast, ear):
    steers = ear(cast.coordinator)
    happens(cast.coordinator.actor, [cast.coordinator.house.pk, cast.region.pk])
    assert len(steers.all_until_now()) == 1


# Cut and resumed ------------------------------------------------------------------------------


def test_a_socket_that_was_cut_misses_nothing_when_it_comes_back(cast, ear, live):
    house = [cast.coordinator.house.pk]
    with Ear(live, cast.coordinator) as first:
        before = happens(cast.coordinator.actor, house, count=2)
        known = first.facts(2)
        first.socket.socket.shutdown(SHUT_RDWR)  # the line, without a word
    meanwhile = happens(cast.coordinator.actor, house, count=5)
    again = ear(cast.coordinator, after=known[-1]["number"])
    later = happens(cast.coordinator.actor, house, count=2)
    heard = again.facts(7)
    assert subjects(known + heard) == before + meanwhile + later
    assert numbers(known + heard) == sorted(numbers(known + heard))
    assert again.all_until_now() == []


def test_cuts_in_the_middle_of_the_traffic_lose_and_double_nothing(cast, live):
    house, said, heard = [cast.coordinator.house.pk], [], []
    after = head()
    cookie = cookie_of(cast.coordinator)
    for _ in range(20):
        said += happens(cast.coordinator.actor, house, count=3)
        with Ear(live, cookie=cookie, after=after) as short:
            said += happens(cast.coordinator.actor, house, count=2)
            heard += short.facts(3)
            after = heard[-1]["number"]
    with Ear(live, cookie=cookie, after=after) as last:
        heard += last.all_until_now()
    assert subjects(heard) == said


def test_the_past_is_told_again_to_who_asks(cast, ear):
    mine, since = ear(cast.coordinator), head()
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk], count=4)
    mine.facts(4)
    mine.say({"after": since + 1})
    assert subjects(mine.facts(3)) == about[1:]


def test_the_past_of_others_is_not_told(cast, ear):
    since = head()
    happens(cast.coordinator.actor, [cast.coordinator.house.pk], count=4)
    assert ear(cast.stranger, after=since).all_until_now() == []


def test_who_missed_too_much_is_told_to_fetch_everything_anew(cast, ear):
    since = head()
    happens(cast.coordinator.actor, [cast.coordinator.house.pk], count=live.MOST_MISSED + 1)
    ear(cast.stranger).all_until_now()  # what the tail did not read yet is not missed
    behind = ear(cast.coordinator, after=since)
    while "heartbeat" in (said := behind.message()):
        pass
    assert said["reload"] is True
    assert behind.closed() == sockets.GONE
    back = ear(cast.coordinator, after=said["head"])
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk])
    assert subjects(back.facts(1)) == about


def test_as_much_as_may_be_missed_is_told(cast, ear):
    since = head()
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk], count=live.MOST_MISSED)
    assert subjects(ear(cast.coordinator, after=since).facts(live.MOST_MISSED)) == about


def test_a_number_that_the_log_never_had_is_of_another_log(cast, ear):
    strange = ear(cast.coordinator, after=head() + 1_000)
    assert strange.message()["reload"] is True
    assert strange.closed() == sockets.GONE


# Who --------------------------------------------------------------------------------------------


def test_nobody_hears_nothing(ear):
    assert ear().closed() == live.UNKNOWN


@pytest.mark.parametrize("session", ["", "x" * 32, "../../etc/passwd", "é"])
def test_a_made_up_session_is_nobody(session, ear):
    assert ear(cookie=f"session={session}").closed() == live.UNKNOWN


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "1&after=2", "9" * 19, "%00", "１"])
def test_after_is_a_number(after, cast, ear):
    assert ear(cast.coordinator, after=after).closed() == live.UNREADABLE


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1.evil.example",
        "null",
        "http://evil.example:8000",
        "file://127.0.0.1",
        None,
    ],
)
def test_the_page_of_another_gets_no_socket(origin, cast, live):
    with pytest.raises(InvalidStatus) as refused:
        Ear(live, cast.coordinator, origin=origin)
    assert refused.value.response.status_code == 403


def test_there_is_one_address(cast, live):
    with pytest.raises(InvalidStatus) as refused:
        Ear(f"{live}/other", cast.coordinator)
    assert refused.value.response.status_code == 403


def _logs_out(person, cookie):
    Session.objects.filter(pk=cookie.partition("=")[2]).delete()


def _session_runs_out(person, cookie):
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=cookie.partition("=")[2]).update(expire_date=past)


def _leaves(person, cookie):
    Membership.objects.filter(pk=person.actor.pk).update(until=timezone.now())


def _gets_another_role(person, cookie):
    Membership.objects.filter(pk=person.actor.pk).update(role="planner")


def _is_switched_off(person, cookie):
    person.user.is_active = False
    person.user.save(update_fields=["is_active"])


def _changes_the_password(person, cookie):
    person.user.set_password("a new one, of course")
    person.user.save(update_fields=["password"])


ENDS = [
    _logs_out,
    _session_runs_out,
    _leaves,
    _gets_another_role,
    _is_switched_off,
    _changes_the_password,
]


def test_who_may_no_longer_hear_is_sent_away_and_not_let_in_again(cast, ear):
    """All kinds of ending at once: the rights of all sockets are looked at together."""
    people = [cast.person(cast.coordinator.house, "coordinator") for _ in ENDS]
    cookies = [cookie_of(person) for person in people]
    ears = [ear(cookie=cookie) for cookie in cookies]
    stays = ear(cast.coordinator)
    assert all(each.is_open for each in ears)
    for ends, person, cookie in zip(ENDS, people, cookies, strict=True):
        ends(person, cookie)
    assert [each.closed() for each in ears] == [live.UNKNOWN] * len(ENDS)
    for ends, cookie in zip(ENDS, cookies, strict=True):
        if ends is not _gets_another_role:
            assert ear(cookie=cookie).closed() == live.UNKNOWN, ends
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk])
    assert subjects(stays.facts(1)) == about


def test_a_membership_that_is_not_this_persons_gives_nothing(cast, ear):
    cookie = cookie_of(cast.stranger)
    Membership.objects.filter(pk=cast.stranger.actor.pk).update(user=cast.planner.user)
    assert ear(cookie=cookie).closed() == live.UNKNOWN


def test_a_machine_hears_with_the_key_of_its_organisation(cast, ear):
    issued = keys.issue(cast.coordinator.house.row, name="board", scopes=[Duty.DESK])
    machine = ear(key=issued.key, origin=None)
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk, cast.region.pk])
    assert subjects(machine.facts(1)) == about
    ApiClient.objects.filter(pk=issued.client.pk).update(revoked_at=timezone.now())
    assert machine.closed() == live.UNKNOWN
    assert ear(key=issued.key, origin=None).closed() == live.UNKNOWN


@pytest.mark.parametrize("key", ["lzc_0_0", "x", f"lzc_{'a' * 12}_{'b' * 43}"])
def test_a_key_that_nobody_has_is_nobody(key, ear):
    assert ear(key=key, origin=None).closed() == live.UNKNOWN


def test_one_person_has_so_many_pages_open_and_no_more(cast, ear):
    cookie = cookie_of(cast.coordinator)
    pages = [ear(cookie=cookie) for _ in range(live.MOST_SOCKETS)]
    assert all(page.is_open for page in pages)
    assert ear(cookie=cookie).closed() == live.TOO_MANY
    assert ear(cast.colleague).is_open


# What a client may say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("no json", live.RUDE),
        ("[" * 4000, live.RUDE),
        ('{"after": true}', live.RUDE),
        ('{"after": -1}', live.RUDE),
        ('{"after": 1.5}', live.RUDE),
        ('{"after": 1, "x": 2}', live.RUDE),
        ('{"ping": 1}', live.RUDE),
        ('{"after": %s}' % ("9" * 3000), sockets.GONE),
        ("null", live.RUDE),
        ("[]", live.RUDE),
        ('"\\ud800"', live.RUDE),
        (b'{"ping": true}', live.NOT_UNDERSTOOD),
        ("x" * (live.LARGEST + 1), live.TOO_LARGE),
        ("é" * (live.LARGEST // 2 + 1), live.TOO_LARGE),
        ("x" * 70_000, live.TOO_LARGE),
    ],
)
def test_who_says_something_else_is_sent_away(said, why, cast, ear):
    mine = ear(cast.coordinator)
    mine.heartbeat()
    mine.say(said)
    assert mine.closed() == why


def test_who_says_too_much_is_sent_away(cast, ear):
    mine = ear(cast.coordinator)
    for _ in range(live.MOST_SAID + 1):
        mine.say({"ping": True})
    assert mine.closed() == live.RUDE


def test_a_session_of_the_other_name_is_not_looked_at(cast, ear):
    """Only the cookie that this installation sets."""
    value = cookie_of(cast.coordinator).partition("=")[2]
    assert settings.SESSION_COOKIE_NAME != "sessionid"
    assert ear(cookie=f"sessionid={value}").closed() == live.UNKNOWN


def test_nothing_that_is_told_names_a_case_before_a_provider_was_chosen(cast, ear):
    from coordination import services
    from tests import paths

    planner, huisarts, stranger = (ear(p) for p in (cast.planner, cast.huisarts, cast.stranger))
    offer = paths.an_offer(cast)
    cast.planner.does(services.ask, offer.pk, question="Kan zij traplopen?")
    cast.coordinator.does(services.reply, offer.pk, reply="Nee.")
    cast.planner.does(services.accept, offer.pk)
    case = str(offer.request.case_id)
    first_stage = planner.all_until_now()
    told = [fact["type"] for fact in first_stage]
    assert told[-4:] == ["offer.sent", "offer.asked", "offer.replied", "offer.accepted"]
    assert case not in str(first_stage)
    assert case not in str([f for f in huisarts.all_until_now() if f["type"].startswith("offer.")])
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    assert case in str(planner.all_until_now())
    assert stranger.all_until_now() == []
    assert uuid.UUID(case)
