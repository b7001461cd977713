"""How likely a place that is listed free is really there. Pure.

The model: a unit that lists a place does so rightly with probability q ("how good is its list"),
and what was right when it was said is still right after t minutes with probability 2^(-t/h): in
between somebody may have come by another way. So

    P(there) = q · 2^(-t/h)

h is the half-life of the kind of care: a visit of home care is gone within hours, a bed in
rehabilitation lasts. q is learned from how offers to the unit turned out. An outcome of an old
figure says less about the list than one of a fresh figure, so each failure is shared out between
"the list was wrong" and "it was taken since" in proportion to how likely each was
(expectation–maximisation; both are answers to the same yes or no). The prior is a Beta
distribution around what all units of that kind in the region show together, worth `PRIOR_WEIGHT`
outcomes: a unit nobody asked yet is taken for an ordinary one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: In minutes, by care type; the rest as `HALF_LIFE`. Set from what planners say; a region's own
#: outcomes move q, and with enough of them `fitted_half_life` says what h ought to be.
HALF_LIVES: Mapping[str, float] = {"wijkverpleging": 480.0, "elv_palliatief": 1440.0}
HALF_LIFE = 960.0
#: What is believed before the first offer: 17 of 20 lists are right.
FIRST_GUESS = 0.85
PRIOR_WEIGHT = 8.0
ROUNDS = 12
#: Nothing is certain, and nothing is ruled out.
LEAST, MOST = 0.02, 0.98
#: Half-lives that are tried when one is fitted: from an hour to a week.
TRIED = (60.0, 120.0, 240.0, 480.0, 720.0, 960.0, 1440.0, 2880.0, 5760.0, 10080.0)


@dataclass(frozen=True)
class Outcome:
    """One offer: how old the figure was, and whether the place was there."""

    minutes_old: float
    was_there: bool


def half_life(care_type: str) -> float:
    return HALF_LIVES.get(care_type, HALF_LIFE)


def lasts(minutes_old: float, half: float) -> float:
    """How likely what was right then is right still."""
    return float(2.0 ** (-max(minutes_old, 0.0) / half))


def quality(
    outcomes: Iterable[Outcome],
    *,
    half: float = HALF_LIFE,
    prior: float = FIRST_GUESS,
    weight: float = PRIOR_WEIGHT,
) -> float:
    """q: how often the list of a unit is right at the moment it is said. 0..1."""
    known = list(outcomes)
    if not known:
        return prior
    good = sum(o.was_there for o in known)
    failed = [lasts(o.minutes_old, half) for o in known if not o.was_there]
    q = prior
    for _ in range(ROUNDS):
        # Of each failure: how likely the list was right, and the place was taken since.
        excused = sum(q * (1 - kept) / max(1 - q * kept, 1e-9) for kept in failed)
        q = (prior * weight + good + excused) / (weight + len(known))
    return q


def confidence(
    minutes_old: float | None,
    outcomes: Iterable[Outcome] = (),
    *,
    half: float = HALF_LIFE,
    prior: float = FIRST_GUESS,
) -> float:
    """0..1: that a place listed free `minutes_old` ago is really there. None: it was never said."""
    if minutes_old is None:
        return LEAST
    found = quality(outcomes, half=half, prior=prior) * lasts(minutes_old, half)
    return min(max(found, LEAST), MOST)


def fitted_half_life(outcomes: Iterable[Outcome], *, prior: float = FIRST_GUESS) -> float:
    """The half-life under which these outcomes of many units are least surprising (Brier)."""
    known = list(outcomes)

    def surprise(half: float) -> float:
        q = quality(known, half=half, prior=prior)
        return sum((q * lasts(o.minutes_old, half) - o.was_there) ** 2 for o in known)

    return min(TRIED, key=surprise) if known else HALF_LIFE


def brier(guesses: Iterable[tuple[float, bool]]) -> float:
    """Mean squared distance between what was guessed and what was so: 0 is perfect."""
    known = list(guesses)
    return sum((guess - was) ** 2 for guess, was in known) / len(known)
