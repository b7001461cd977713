"""The browsers of `tests/coordination_pages`, for the people on the other side of the desk."""

from tests.coordination_pages.conftest import Browser, at, cast, text_of

__all__ = ["Browser", "at", "cast", "text_of"]
