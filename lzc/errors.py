"""The ways in which LZC says no. Each carries a sentence: what happened, what to do. Pure.

A sentence is an English msgid with named holes (`%(until)s`); a door fills it in and renders it in
Dutch and in English. `N_` marks it for translation.
"""

from collections.abc import Callable
from typing import Any


def N_(sentence: str) -> str:  # noqa: N802 (the name gettext tools know)
    return sentence


class Refused(Exception):
    """An act was understood and declined. `status` is the HTTP answer, `code` is for machines."""

    status = 409
    #: What happens all the same, in an act of its own: nobody is told "we will call you" in vain.
    afterwards: Callable[..., object] | None = None

    def __init__(self, sentence: str, *, code: str = "refused", **holes: Any) -> None:
        super().__init__(sentence % holes if holes else sentence)
        self.sentence = sentence
        self.code = code
        self.holes = holes


class NotAllowed(Refused):
    """It is not yours to do."""

    status = 403


class NotSeen(Refused):
    """It does not exist, or not for you: from outside the two look the same."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("This does not exist, or it is not yours to see."), code="not_found")


class NotNow(Refused):
    """It could be yours to do, but not in the state things are in now."""

    status = 409


class NotValid(Refused):
    """A value is understood, but cannot be true. `field` is its dotted path in what was sent."""

    status = 422

    def __init__(self, field: str, sentence: str, *, code: str = "invalid", **holes: Any) -> None:
        super().__init__(sentence, code=code, **holes)
        self.field = field
