"""Browsers of the people of the cast: Django's client, logged in and at work.

Whatever they open, no row about a person is read before it is written down who looks.
"""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from lzc.web.pages import SESSION_KEY
from tests import cast as casting
from tests.cast import Person
from tests.watch import looking_on


class Browser:
    """Somebody behind a screen. It follows where a form leads, as a browser does."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.client = Client()
        self.client.force_login(person.user, "django.contrib.auth.backends.ModelBackend")
        session = self.client.session
        session[SESSION_KEY] = str(person.actor.pk)
        session.save()

    def get(self, path: str, **query: str) -> HttpResponse:
        _let_constraints_wait()
        with looking_on():
            return self.client.get(path, query)

    def post(self, path: str, follow: bool = True, key: str = "", **sent: Any) -> HttpResponse:
        """`key`: what makes the form count once; a form that is loaded anew has a new one."""
        _let_constraints_wait()
        with looking_on():
            return self.client.post(path, {"key": key or uuid4().hex, **sent}, follow=follow)

    def queues(self, path: str, key: str = "", **sent: Any) -> HttpResponse:
        """As `offline.js` sends it: begun in this role, and words are enough."""
        _let_constraints_wait()
        sent = {"key": key or uuid4().hex, "as": str(self.person.actor.pk), **sent}
        with looking_on():
            return self.client.post(path, sent, headers={"accept": "application/json"})


def _let_constraints_wait() -> None:
    """Under `db` all acts share one transaction, and the first one ends its patience for good."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def text_of(response: Any) -> str:
    """What a person reads on the page: without tags, and without what is only in attributes."""
    words = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    words = re.sub(r"<[^>]+>", " ", words)
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&quot;", '"'))


@pytest.fixture
def cast(db: None) -> casting.Cast:
    return casting.assemble()


@pytest.fixture
def at(cast: casting.Cast) -> Any:
    """A browser for each person of the cast, under the same name."""
    return casting.Each(cast, Browser)
