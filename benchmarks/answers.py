"""Offers that wait for an answer, and the open pages of the desk that asked."""

import time
import uuid

from django.db import transaction

from benchmarks.region import Measuring
from coordination import services
from lzc import keys
from lzc.events import act, head
from lzc.live.consumer import MOST_SOCKETS
from lzc.rights import Duty


class Answers:
    """`pages`: what each open socket says of itself when it is opened."""

    def __init__(self, offers: int, sockets: int) -> None:
        region = Measuring()
        self.house = region.clients["house"]
        self.offers = region.offers(offers)
        zcc, scopes = region.zcc_desk.organisation, [Duty.DESK]
        some = -(-sockets // MOST_SOCKETS)
        issued = [keys.issue(zcc, name=f"page {n}", scopes=scopes) for n in range(some)]
        self.pages = [f"Authorization: Bearer {issued[n % some].key}\r\n" for n in range(sockets)]
        self.since = head()

    def accept(self) -> tuple[int, float]:
        """The house says yes. The number of that fact, and when it was committed."""
        committed: list[float] = []
        offer = self.offers.pop()
        with act(by=self.house, key=uuid.uuid4().hex, fingerprint=b"bench") as this:
            # The first of what is done after the commit: before the bell.
            transaction.on_commit(lambda: committed.append(time.monotonic()))
            services.accept(offer, by=self.house)
            this.answer = (200, "{}")
        return head(), committed[0]
