"""What a region may decide for itself, and what holds when it decided nothing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Rules:
    """The rules of one region node. Times in minutes unless the name says otherwise."""

    #: ANW: evening, night and weekend. Local wall-clock hours.
    anw_from_hour: int = 17
    anw_until_hour: int = 8
    #: A citizen may ask a desk in ANW hours only; 112 and professionals always.
    citizens_only_in_anw: bool = True
    #: How long a provider has to answer, by urgency. U5: until the next working hour.
    answer_minutes: Mapping[str, int] = field(
        default_factory=lambda: {"U2": 5, "U3": 15, "U4": 45, "U5": 120}
    )
    #: Offers of one request at once.
    offers_at_once: int = 3
    #: A coordinator can take an offer back unseen for this long.
    undo_seconds: int = 8
    undo_seconds_spoed: int = 3
    #: A promised place waits this long for the desk to assign it.
    promise_minutes: int = 60
    #: Who asks for care sees which providers have a place; otherwise only how many places.
    requester_sees_names: bool = True
    #: A question from the provider stops the clock for at most this long.
    question_minutes: int = 15
    #: Same person or address within this time is a recurrence.
    recurrence_hours: int = 72
    #: Capacity younger than this is fresh; older than the second is unknown.
    fresh_minutes: int = 240
    unknown_minutes: int = 720
    #: A planner who was asked whether it still holds has this long before others hear of it.
    reminder_minutes: int = 60
    #: Straight line × factor ÷ speed + overhead = travel time.
    detour: float = 1.3
    km_per_hour: float = 50.0
    start_minutes: float = 5.0

    def answer_within(self, urgency: str) -> timedelta:
        return timedelta(minutes=self.answer_minutes.get(urgency, self.answer_minutes["U4"]))

    def undo_within(self, urgency: str) -> timedelta:
        spoed = urgency in ("U0", "U1", "U2")
        return timedelta(seconds=self.undo_seconds_spoed if spoed else self.undo_seconds)

    def travel_minutes(self, metres: float) -> float:
        return metres / 1000 * self.detour / self.km_per_hour * 60 + self.start_minutes


KNOWN = frozenset(f.name for f in fields(Rules))


def merged(layers: Iterable[Mapping[str, Any]]) -> Rules:
    """Rules from the widest region to the narrowest; what a layer leaves out is inherited."""
    rules = Rules()
    for layer in layers:
        said = {name: layer[name] for name in layer if name in KNOWN}
        if "answer_minutes" in said:
            said["answer_minutes"] = {**rules.answer_minutes, **said["answer_minutes"]}
        rules = replace(rules, **said)
    return rules
