"""Sessions in the database that end a fixed time after log-in, however busy they are kept."""

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

#: As Django makes them. Anything else was never a session, and need not be looked for.
KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(DatabaseStore):
    """Django counts from the last change; a shared ward computer needs an end that stays put."""

    def create(self) -> None:
        """A new key for the same session, as when somebody chooses a role, does not prolong it."""
        if "_session_expiry" not in self:
            self.begin()
        super().create()

    def _validate_session_key(self, key: str) -> bool:
        return bool(key) and KEY.fullmatch(key) is not None

    def begin(self) -> None:
        """Log-in: here its time begins to run."""
        self.set_expiry(timedelta(seconds=settings.SESSION_COOKIE_AGE))
