"""What is asked, what units offer, and what a ranking says: values without behaviour of their own.

Times are minutes from the moment of ranking, unless the name says otherwise. Nobody changes a
value; those of which a ranking makes fifty are not frozen, for that takes three times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from lzc.policy import DAY, Rules

#: Care that comes to the patient; all other care is a stay, nights included.
VISITS = frozenset({"wijkverpleging"})
#: What makes a stay in a closed ward lawful: IBS, RM, a decision to admit (Besluit opname en
#: verblijf), or that the patient does not resist.
GROUNDS = frozenset({"ibs", "rm", "decision", "no_resistance"})
#: The patient resists, and there is no legal ground yet. (Not asked yet: "".)
RESISTS = "none_resists"
#: The own subregion, a neighbour in the same ROAZ region, another region.
OWN, NEIGHBOUR, OTHER = 0, 1, 2

NOT_FORESEEN = float("inf")

#: On a weekday (0: Monday), from and until these minutes after midnight; past midnight when
#: `until` is not later than `from`.
Window = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is asked, on the Dutch wall clock. Made by `of`."""

    local: datetime
    weekday: int
    minute: int
    shift: str
    shift_minutes: int

    @classmethod
    def of(cls, local: datetime, rules: Rules) -> "Moment":
        """`local`: aware, in Dutch time. What is less than a minute does not count."""
        local = local.replace(second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        return cls(local, local.weekday(), minute, *rules.shift_at(minute))

    def after(self, minutes: float) -> str:
        """The moment that comes so much later, as codes carry it."""
        return _after(self.local, minutes)


@lru_cache(maxsize=4096)
def _after(local: datetime, minutes: float) -> str:
    then = local.astimezone(UTC) + timedelta(minutes=minutes)
    return then.astimezone(local.tzinfo).isoformat(timespec="minutes")


@lru_cache(maxsize=4096)
def open_from(admits: tuple[Window, ...], local: datetime, start: float) -> float:
    """Minutes from `local` until a unit admits, not before `start`; infinite: not within days.

    Counted as they pass: in a night in which the clock changes, an hour more or less.
    """
    if not admits:
        return start
    first = int(start // DAY) - 1
    for day in range(first, first + 10):
        on = (local.weekday() + day) % 7
        for opens, closes in sorted(window[1:] for window in admits if window[0] == on):
            ends = closes if closes > opens else closes + DAY
            if _until(local, day, ends) > start:
                return max(start, _until(local, day, opens))
    return NOT_FORESEEN


def _until(local: datetime, day: int, minute: int) -> float:
    """Minutes until this minute of the wall clock, `day` days on."""
    then = local.replace(hour=0, minute=0, fold=0) + timedelta(days=day, minutes=minute)
    return (then.astimezone(UTC) - local.astimezone(UTC)).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Need:
    """What is asked. Position in the national grid, metres; None: not known."""

    #: Kinds of care that will do, the wished one first.
    care_types: tuple[str, ...]
    #: What a place must have, by day and by night; and what would be nice.
    requirements: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    pc4: int | None = None
    x: int | None = None
    y: int | None = None
    urgency: str = ""
    #: Until care must have started. When that has passed nobody is in time, and it excludes nobody.
    needed_in: float | None = None
    #: How long the place itself may be waited for: a window that opens, a planned release.
    may_wait: float = 0.0
    sex: str = ""
    #: One of `GROUNDS`, `RESISTS`, or "": not asked.
    legal_ground: str = ""
    #: Units that refused this request, or hold an offer of it.
    refused_by: frozenset[UUID] = frozenset()
    asked: frozenset[UUID] = frozenset()
    #: How far the patient may travel to a stay.
    travel_limit: float | None = None
    circles: frozenset[int] = frozenset({OWN, NEIGHBOUR})
    #: Where the own huisarts comes. Empty: there is no own huisarts; None: not known.
    huisarts_area: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Places that are alike: what these have on top of their unit, and how many are free now."""

    attributes: frozenset[str] = frozenset()
    free: int = 0
    #: Until the first of them is planned to come free.
    soonest_release: float | None = None


@dataclass(slots=True, unsafe_hash=True)
class Unit:
    """What a unit offers now. `minutes_old`: since somebody last said so; None: never."""

    id: UUID
    care_type: str
    x: int
    y: int
    groups: tuple[Group, ...] = ()
    held: int = 0
    #: Until the first of the held places is decided on.
    held_until: float | None = None
    minutes_old: float | None = None
    #: Minutes left of "klopt tot 07:00".
    true_until: float | None = None
    attributes: frozenset[str] = frozenset()
    #: What the staff of the night can do; None: the same as by day.
    night_attributes: frozenset[str] | None = None
    pc4: int | None = None
    #: Of a team: the postcodes it comes to, by shift; under "" those of every other shift. Empty:
    #: it takes anybody.
    service_area: Mapping[str, frozenset[int]] = field(default_factory=dict)
    #: When a patient can come in. Empty: day and night.
    admits: tuple[Window, ...] = ()
    response_minutes: float | None = None
    #: Why it takes nobody now: a closure, an opnamestop. Empty: it does.
    closed: str = ""
    circle: int = OWN
    #: 0..1: that a free place it lists is really there; and how many of its offers it answered.
    confidence: float = 1.0
    answered: float = 1.0
    #: "silent": it let several offers pass without a word.
    health: str = "ok"
    main_practitioner: str = ""
    direct_booking: bool = False

    @property
    def free(self) -> int:
        return sum(group.free for group in self.groups)


@dataclass(slots=True, unsafe_hash=True)
class Scores:
    """The four of 4×juist, each 0..1, and what they come to by the region's weights."""

    care: float
    place: float
    carer: float
    time: float
    total: float


@dataclass(slots=True, unsafe_hash=True)
class Candidate:
    unit: UUID
    scores: Scores
    wish: int  # 0: the kind of care that was wished first
    freshness: str
    travel_minutes: float | None
    #: When care could start, at the earliest; None: nothing is known of travel or response.
    ready_in: float | None
    #: How many of its places fit, and what the one to hold has of its own.
    free: int
    place: frozenset[str] = frozenset()
    #: What a coordinator should know before offering: codes.
    remarks: tuple[str, ...] = ()
    #: It may be asked, but not be given the patient yet.
    blocks_assignment: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    unit: UUID
    #: `full`, `refused`, `lacks:oxygen`, `closed_now:2026-11-23T08:00+01:00` …
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is let go: `drop` oxygen, `travel` up to 25 minutes, `circle` 2 …"""

    kind: str
    value: str | float | int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What would help: one step, or two together when no single one does; and what it yields."""

    steps: tuple[Step, ...]
    #: Units that would fit besides the candidates there are, and the places they have.
    units: tuple[UUID, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Ranking:
    candidates: tuple[Candidate, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    #: Which rules decided: stored with the decision.
    policy: str = ""
