"""Too few places, thirty nights long: what does deciding together change? All of it is made up.

    python -m benchmarks.scarcity --seed 1 --nights 30

A night runs from 17:00 to 17:00 the next day; requests come until 08:00. Towns and houses are those
of the demo regions; how much is asked follows DOMAIN §7. Each night has fewer places than requests
(`--share`); some are free at the start, the others come free in the night. Every policy sees the
same nights, knows nothing of what is still to come, and what is given stays given:

- *together*: `coordination.assignment` over all that wait, every quarter of an hour, and at once
  when somebody asks with U2;
- *patient*: the same, but U4 and U5 get nothing before half of their term is over, so that the
  places they can do without stay for who cannot wait;
- *timely*: patient, and whose term is over stands with U5, behind who can still be in time;
- *first come*: who asked first takes the best fit that is free, at any moment;
- *nearest*: the same, but everybody takes what is nearest.

*Clairvoyant* knew the whole night beforehand and decided once, the most urgent first: nobody could
have placed more U2 in time, nor more U2 and U3 together, and so on. What a policy stays below it is
its regret. In time: there, travel included, before the term of the urgency is over.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from benchmarks.scarce_nights import LIMITS, Night, a_night
from coordination.assignment import NOWHERE, URGENCIES, Question, best_pairs, in_turn

TOGETHER, PATIENT, TIMELY = "together", "patient", "timely"
FIRST_COME, NEAREST = "first come", "nearest"
POLICIES = (TOGETHER, PATIENT, TIMELY, FIRST_COME, NEAREST)
#: How long each urgency waits at least before a patient region gives it a place.
PATIENCE = np.array([0.0, 0.0, *LIMITS[2:] / 2])
CLAIRVOYANT = "clairvoyant"
#: Minutes between two moments at which all who wait are decided on together.
QUARTER = 15

Choice = Callable[[Question], np.ndarray]


@dataclass(frozen=True)
class Outcome:
    """Per request of a night the place it was given, or NOWHERE, and the minute of that."""

    place: np.ndarray
    minute: np.ndarray


@dataclass(frozen=True)
class Tally:
    """One policy over all nights, per urgency."""

    asked: np.ndarray
    placed: np.ndarray
    in_time: np.ndarray
    #: Sums over those placed.
    waited: np.ndarray
    travelled: np.ndarray
    fit: np.ndarray
    #: Per night and urgency, those in time.
    nightly: np.ndarray


def question_of(
    night: Night, who: np.ndarray, free: np.ndarray, now: float, tier: np.ndarray
) -> Question:
    """Who waits now × what is free now. `tier`: how urgent each of them counts."""
    allowed = night.allowed[np.ix_(who, free)]
    rows, columns = np.nonzero(allowed)
    pairs = who[rows], free[columns]
    return Question.from_arrays(
        requests=[UUID(int=int(i) + 1) for i in who],
        urgency=[URGENCIES[number] for number in tier],
        waited=np.maximum(now - night.asked[who], 0),
        starts=np.concatenate(([0], np.cumsum(allowed.sum(axis=1)))),
        units=columns,
        fits=night.fit[pairs],
        unit_ids=[UUID(int=int(j) + 1) for j in free],
        free=np.ones(len(free)),
        minutes=night.travel[pairs],
    )


def played(night: Night, policy: str) -> Outcome:
    """The night, moment by moment."""
    place = np.full(len(night.asked), NOWHERE)
    minute = np.full(len(night.asked), np.inf)
    taken = np.zeros(len(night.free_from), bool)
    choose = _choice(policy)
    from_when = night.asked + (PATIENCE[night.tier] if policy in (PATIENT, TIMELY) else 0)
    for now in _moments(night, policy):
        who = np.flatnonzero((from_when <= now) & (place == NOWHERE))
        free = np.flatnonzero((night.free_from <= now) & ~taken)
        if not len(who) or not len(free):
            continue
        question = question_of(night, who, free, now, _counting_as(night, who, now, policy))
        pairs = choose(question)
        given = np.flatnonzero(pairs != NOWHERE)
        place[who[given]] = free[question.units[pairs[given]]]
        minute[who[given]] = now
        taken[place[who[given]]] = True
    return Outcome(place, minute)


def foreseen(night: Night) -> Outcome:
    """The best that could have been done by somebody who knew the night beforehand."""
    given = np.maximum(night.asked[:, None], night.free_from[None, :])
    in_time = given + night.travel <= (night.asked + LIMITS[night.tier])[:, None]
    everybody, everything = np.arange(len(night.asked)), np.arange(len(night.free_from))
    timely = night.only(in_time)
    question = question_of(timely, everybody, everything, 0, night.tier)
    pairs = best_pairs(question)
    place = np.where(pairs == NOWHERE, NOWHERE, question.units[pairs])
    minute = np.where(pairs == NOWHERE, np.inf, given[everybody, place])
    return Outcome(place, minute)


def in_time(night: Night, outcome: Outcome) -> np.ndarray:
    travel = night.travel[np.arange(len(night.asked)), outcome.place]
    there = outcome.minute + travel <= night.asked + LIMITS[night.tier]
    return there & (outcome.place != NOWHERE)


def tallied(nights: Iterable[Night], outcomes: Iterable[Outcome]) -> Tally:
    rows = []
    for night, outcome in zip(nights, outcomes, strict=True):
        who = outcome.place != NOWHERE
        chosen = np.arange(len(night.asked)), outcome.place
        sums = (
            np.ones(len(who)),
            who,
            in_time(night, outcome),
            np.where(who, outcome.minute - night.asked, 0),
            np.where(who, night.travel[chosen], 0),
            np.where(who, night.fit[chosen], 0),
        )
        rows.append([np.bincount(night.tier, s, len(URGENCIES)) for s in sums])
    table = np.array(rows)
    return Tally(*table.sum(axis=0), table[:, 2])


def study(seed: int, nights: int, share: float) -> dict[str, Tally]:
    made = [a_night(seed, number, share) for number in range(nights)]
    found = {CLAIRVOYANT: tallied(made, map(foreseen, made))}
    for policy in POLICIES:
        found[policy] = tallied(made, [played(night, policy) for night in made])
    return found


def told(found: dict[str, Tally]) -> list[str]:
    """The study as lines of text."""
    return [*_in_time_table(found), "", *_price_table(found), "", *_nights_table(found)]


def _choice(policy: str) -> Choice:
    if policy in (FIRST_COME, NEAREST):
        return lambda question: in_turn(question, nearest=policy == NEAREST)
    return best_pairs


def _counting_as(night: Night, who: np.ndarray, now: float, policy: str) -> np.ndarray:
    tier = night.tier[who]
    if policy != TIMELY:
        return tier
    return np.where(now > night.asked[who] + LIMITS[tier], len(URGENCIES) - 1, tier)


def _moments(night: Night, policy: str) -> np.ndarray:
    """When something is decided: whenever something changes, or at set times and for every U2."""
    if policy in (FIRST_COME, NEAREST):
        return np.unique(np.concatenate((night.asked, night.free_from)))
    spoed = night.asked[night.tier == URGENCIES.index("U2")]
    last = max(night.asked.max(initial=0) + PATIENCE.max(), night.free_from.max(initial=0))
    return np.unique(np.concatenate((np.arange(0, last + QUARTER, QUARTER), spoed)))


def _in_time_table(found: dict[str, Tally]) -> list[str]:
    best = found[CLAIRVOYANT]
    lines = [f"{'placed in time':<16}{'asked':>7}" + "".join(f"{name:>19}" for name in found)]
    parts = {urgency: slice(i, i + 1) for i, urgency in enumerate(URGENCIES)}
    for name, part in (parts | {"all": slice(None)}).items():
        total, line = best.asked[part].sum(), ""
        for tally in found.values():
            got = tally.in_time[part].sum()
            line += (
                f"{got:>8.0f} {got / max(total, 1):>4.0%} {got - best.in_time[part].sum():>+5.0f}"
            )
        lines.append(f"{name:<16}{total:>7.0f}{line}")
    return [*lines, "in time · share of those who asked · difference with clairvoyant (the regret)"]


def _price_table(found: dict[str, Tally]) -> list[str]:
    """What it costs: who is placed at all, after how long, how far and how well."""
    policies = [found[policy] for policy in POLICIES]
    lines = [f"{'placed, late ones too':<24}" + "".join(f"{name:>14}" for name in POLICIES)]
    for i, urgency in enumerate(URGENCIES):
        counts = "".join(f"{t.placed[i]:>14.0f}" for t in policies)
        after = "".join(f"{t.waited[i] / max(t.placed[i], 1):>14.0f}" for t in policies)
        lines += [f"{urgency:<24}{counts}", f"{'  after minutes':<24}{after}"]
    for name, field in (("minutes of travel", "travelled"), ("fit, 0 to 1", "fit")):
        means = (getattr(t, field).sum() / max(t.placed.sum(), 1) for t in policies)
        lines.append(f"{name:<24}" + "".join(f"{mean:>14.2f}" for mean in means))
    return lines


def _nights_table(found: dict[str, Tally]) -> list[str]:
    """In how many nights deciding together did better, the same, or worse."""
    lines = [f"{'nights, in time':<34}{'better':>8}{'same':>8}{'worse':>8}"]
    for ours in (TOGETHER, PATIENT, TIMELY):
        gained = found[ours].nightly - found[FIRST_COME].nightly
        beside = f"{ours} beside {FIRST_COME}"
        for i, urgency in enumerate(URGENCIES):
            lines.append(_nights(f"{beside}, {urgency}", gained[:, i]))
        lines.append(_nights(f"{beside}, all", gained.sum(axis=1)))
    return lines


def _nights(name: str, gained: np.ndarray) -> str:
    counts = (gained > 0).sum(), (gained == 0).sum(), (gained < 0).sum()
    return f"{name:<34}" + "".join(f"{count:>8}" for count in counts)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.scarcity")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.7, help="places per request")
    chosen = parser.parse_args()
    print("\n".join(told(study(chosen.seed, chosen.nights, chosen.share))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
