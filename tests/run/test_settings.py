"""What every answer and every session carries."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from lzc.models import User
from lzc.web.sessions import SessionStore

POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types htmx default",
)


@pytest.fixture
def answer(client, db):
    return client.get("/inloggen/")


@pytest.mark.parametrize("directive", POLICY)
def test_the_policy_lets_in_nothing_from_elsewhere(answer, directive):
    assert directive in re.split(r"; ?", answer["Content-Security-Policy"])


def test_the_policy_holds_no_unsafe_word_and_a_fresh_nonce(client, answer):
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "*" not in policy
    assert f"connect-src 'self' {settings.LIVE_URL.removesuffix('/ws/live')}" in policy
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)[1]
    assert nonce not in client.get("/inloggen/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_headers_that_every_answer_carries(answer, name, value):
    assert answer[name] == value
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_a_session_ends_twelve_hours_after_log_in_however_busy(db):
    session = SessionStore()
    session["role"] = "coordinator"
    session.create()
    session.save()
    ends = Session.objects.get(session_key=session.session_key).expire_date
    assert timedelta(hours=11) < ends - timezone.now() <= timedelta(hours=12)

    later = SessionStore(session.session_key)
    later["role"] = "planner"
    later.save()
    assert Session.objects.get(session_key=session.session_key).expire_date == ends


def nearly_over() -> SessionStore:
    session = SessionStore()
    session.create()
    session["_session_expiry"] = (timezone.now() + timedelta(minutes=5)).isoformat()
    session.save()
    return session


def test_choosing_a_role_gives_another_key_and_no_more_time(db):
    session = nearly_over()
    before = session.session_key
    session.cycle_key()
    session.save()
    assert session.session_key != before
    assert session.get_expiry_age() <= 300
    assert SessionStore(session.session_key).get_expiry_age() <= 300


def test_log_in_begins_a_new_time_also_in_a_browser_that_had_a_session(db, client):
    User.objects.create_user("iemand", password="een lang geheim")
    client.cookies[settings.SESSION_COOKIE_NAME] = nearly_over().session_key
    sent = {"username": "iemand", "password": "een lang geheim"}
    assert client.post("/inloggen/", sent).status_code == 302
    assert client.session.get_expiry_age() > 11 * 3600
