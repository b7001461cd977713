"""What a region may decide for itself, and what holds when it decided nothing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

#: Of the defaults below: raise it with every change of what they mean for a decision.
DEFAULTS = "1"


class Limits(NamedTuple):
    """Minutes until a figure is no longer fresh, then old, then unknown."""

    fresh: float
    old: float
    unknown: float


def _weights() -> Mapping[str, Mapping[str, float]]:
    return {
        "": {"care": 0.40, "place": 0.25, "carer": 0.20, "time": 0.15},
        "U2": {"care": 0.30, "place": 0.15, "carer": 0.25, "time": 0.30},
    }


def _neighbours() -> Mapping[str, tuple[str, ...]]:
    """A Wlz indication rules out an ELV stay, and respite is no medical stay: no way back."""
    return {
        "elv_laag": ("elv_hoog", "observatie", "respijt", "wlz_crisis"),
        "elv_hoog": ("observatie", "wlz_crisis", "grz"),
        "elv_palliatief": ("hospice", "elv_hoog"),
        "grz": ("elv_hoog",),
        "wlz_crisis": ("observatie", "respijt"),
        "respijt": ("observatie",),
        "observatie": ("elv_hoog", "wlz_crisis"),
        "hospice": ("elv_palliatief",),
    }


@dataclass(frozen=True)
class Rules:
    """The rules of one region node. Times in minutes unless the name says otherwise."""

    #: Which rules these are, to store with a decision: the defaults and each region's own, as
    #: "1+zwolle@3+ijsselland@1". Set by `Region.rules`, never by a policy itself.
    version: str = DEFAULTS
    #: ANW: evening, night and weekend. Local wall-clock hours.
    anw_from_hour: int = 17
    anw_until_hour: int = 8
    #: A citizen may ask a desk in ANW hours only; 112 and professionals always.
    citizens_only_in_anw: bool = True
    #: How long a provider has to answer, by urgency; U0 and U1 as U2. U5: working hours count.
    answer_minutes: Mapping[str, int] = field(
        default_factory=lambda: {"U2": 5, "U3": 15, "U4": 45, "U5": 120}
    )
    #: Offers of one request at once.
    offers_at_once: int = 3
    #: The same, while fewer places that fit are free than there are requests for them.
    offers_at_once_scarce: int = 1
    #: So many offers that nobody answered within a day, or a day without a word of its places:
    #: the unit is called silent.
    silences: int = 3
    silent_after_hours: int = 24
    #: A coordinator can take an offer back unseen for this long.
    undo_seconds: int = 8
    undo_seconds_spoed: int = 3
    #: A promised place waits this long for the desk to assign it.
    promise_minutes: int = 60
    #: What who asks for care sees of the places that are free: "names" and how many there are at
    #: each, "counts" alone, or "nothing". What a region writes otherwise shows nothing.
    requester_sees: str = "names"
    #: A question from the provider stops the clock for at most this long.
    question_minutes: int = 15
    #: What is passed on to the next shift and not accepted within this time is told to all.
    passing_minutes: int = 30
    #: After that they are told again, each time after so long, until somebody takes it over …
    passing_again_minutes: int = 15
    #: … and somebody of the ladder (`escalation`) is called: in this order, then the last again.
    passing_calls: tuple[str, ...] = ("coordinator", "on_call")
    #: A promise presses ("loopt op") in the last part of its time, and at least so many minutes
    #: before its end: by urgency, "" for the others.
    pressing_part: float = 0.25
    pressing_minutes: Mapping[str, int] = field(default_factory=lambda: {"": 30})
    #: Same person or address within this time is a recurrence.
    recurrence_hours: int = 72
    #: Capacity younger than this is fresh, older than the second old, than the third unknown.
    fresh_minutes: int = 240
    old_minutes: int = 480
    unknown_minutes: int = 720
    #: What nobody confirmed for longer than this is shown, and counts in no total.
    uncounted_hours: int = 24
    #: What this region changes in the questions of the decision aid: see `triage.elv`.
    elv_edits: Mapping[str, Any] = field(default_factory=dict)
    #: Where a kind of care differs from that: {"seh": {"fresh": 15, "old": 30, "unknown": 60}}.
    freshness: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: {"seh": {"fresh": 15, "old": 30, "unknown": 60}}
    )
    #: Kinds of care that are confirmed once per shift; the former shift's word still counts for
    #: this long in the next.
    per_shift: tuple[str, ...] = ("wijkverpleging",)
    shift_grace_minutes: int = 120
    #: At which hour of the Dutch wall clock each shift begins, in order.
    shifts: Mapping[str, int] = field(
        default_factory=lambda: {"day": 7, "evening": 15, "night": 23}
    )
    #: A planner who was asked whether it still holds has this long before others hear of it.
    reminder_minutes: int = 60
    #: Straight line × factor ÷ speed + overhead = travel time.
    detour: float = 1.3
    km_per_hour: float = 50.0
    start_minutes: float = 5.0
    #: How much each of the four of 4×juist counts in a ranking, by urgency; "" for the others.
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=_weights)
    #: At this travel time, and this long before care can start, half of the score is left.
    half_travel_minutes: float = 30.0
    half_wait_minutes: float = 60.0
    #: Kinds of care that may do when the one asked for cannot be found.
    neighbour_care: Mapping[str, tuple[str, ...]] = field(default_factory=_neighbours)
    #: With fewer candidates than this, say what would help.
    relax_below: int = 1
    #: How a plan divides places that are too few: "timely" (who can wait, waits, and who can still
    #: be in time goes first) or "together" (urgency alone). What each costs: docs/scarcity.md.
    plan_policy: str = "timely"
    #: After this a plan is too old to be carried out.
    plan_minutes: int = 10
    #: Whom to call when nothing is found, in this order, with their telephone numbers.
    escalation: Mapping[str, str] = field(
        default_factory=lambda: {"coordinator": "", "on_call": "", "board": ""}
    )
    #: Whom a huisarts calls in doubt: a geriatric specialist. Empty: the form does not offer it.
    consult_telephone: str = ""
    #: A patient who resists, without legal ground: a closed place is not even shown.
    hide_closed_without_ground: bool = False

    def answer_within(self, urgency: str) -> timedelta:
        said = self.answer_minutes
        if urgency in ("U0", "U1"):
            return timedelta(minutes=min(said.get(urgency, said["U2"]), said["U2"]))
        return timedelta(minutes=said.get(urgency, said["U4"]))

    def undo_within(self, urgency: str) -> timedelta:
        spoed = urgency in ("U0", "U1", "U2")
        return timedelta(seconds=self.undo_seconds_spoed if spoed else self.undo_seconds)

    @property
    def silent_after(self) -> timedelta:
        return timedelta(hours=self.silent_after_hours)

    def presses_from(self, since: datetime, until: datetime, urgency: str = "") -> datetime:
        """When a promise starts to press. A short time is half over first."""
        said, whole = self.pressing_minutes, until - since
        least = timedelta(minutes=said.get(urgency, said.get("", 0)))
        return until - max(whole * self.pressing_part, min(least, whole / 2))

    def called_after(self, called: str) -> str:
        """Whom of the ladder to call now about a claim nobody takes over; "" when nobody is."""
        steps = [step for step in self.passing_calls if step in self.escalation]
        then = steps.index(called) + 1 if called in steps else 0
        return steps[min(then, len(steps) - 1)] if steps else ""

    def travel_minutes(self, metres: float) -> float:
        return metres / 1000 * self.detour / self.km_per_hour * 60 + self.start_minutes

    def freshness_of(self, care_type: str) -> Limits:
        own = self.freshness.get(care_type, {})
        return Limits(
            own.get("fresh", self.fresh_minutes),
            own.get("old", self.old_minutes),
            own.get("unknown", self.unknown_minutes),
        )

    def weights_for(self, urgency: str) -> Mapping[str, float]:
        """Shares that add up to one; when a region counts nothing, all four count the same."""
        said = {**self.weights.get("", {}), **self.weights.get(urgency, {})}
        whole = sum(said.get(part, 0.0) for part in FOUR)
        if whole <= 0:
            return dict.fromkeys(FOUR, 1 / len(FOUR))
        return {part: said.get(part, 0.0) / whole for part in FOUR}

    def shift_at(self, minute: int) -> tuple[str, int]:
        """Which shift it is at this minute after midnight, and how many minutes it runs."""
        since = {name: (minute - hour * 60) % DAY for name, hour in self.shifts.items()}
        name = min(since, key=lambda shift: since[shift])
        return name, since[name]


DAY = 24 * 60
#: 4×juist: the right care, place, carer and time.
FOUR = ("care", "place", "carer", "time")
KNOWN = frozenset(f.name for f in fields(Rules)) - {"version"}
#: A region that names some of these keeps the others: by urgency or kind of care.
BY_NAME = (
    *("answer_minutes", "pressing_minutes", "freshness"),
    *("weights", "neighbour_care", "escalation"),
)


def merged(layers: Iterable[Mapping[str, Any]], *, version: str = DEFAULTS) -> Rules:
    """Rules from the widest region to the narrowest; what a layer leaves out is inherited."""
    rules = Rules(version=version)
    for layer in layers:
        said = {name: value for name, value in _renamed(layer).items() if name in KNOWN}
        for name in BY_NAME:
            if name in said:
                said[name] = _over(getattr(rules, name), said[name])
        rules = replace(rules, **said)
    return rules


def _renamed(layer: Mapping[str, Any]) -> dict[str, Any]:
    """A policy is kept as it was written: what had another name then is still understood."""
    said = dict(layer)
    if (named := said.pop("requester_sees_names", None)) is not None:
        said.setdefault("requester_sees", "names" if named else "counts")
    return said


def _over(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **wide,
        **{
            name: {**wide.get(name, {}), **said} if isinstance(said, Mapping) else said
            for name, said in narrow.items()
        },
    }
