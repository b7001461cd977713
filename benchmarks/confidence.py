"""How well `capacity.confidence` knows whether a listed place is there. `python -m
benchmarks.confidence [seed]`: the same seed gives the same figures.

A made-up region in which the truth is known. Its units keep their lists badly or well, and places
go at a pace of their own: neither is what the estimate assumes, nor told to it. The estimate meets
the offers one by one and is told afterwards, as in use. Beside it: always the overall share (known
only afterwards, so better than anybody could do), and the rule by age alone.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.rows import Row
from capacity.confidence import FIRST_GUESS, Outcome, brier, confidence, quality

UNITS, OFFERS = 200, 12_000
#: What a rule by age alone would say: fresh, ageing, old.
BY_AGE = ((240, 0.85), (720, 0.6), (float("inf"), 0.3))


def offers(random_: random.Random) -> Iterator[tuple[int, float, bool]]:
    """Unit, minutes old, and whether it was there."""
    rightly = [random_.betavariate(6, 1.5) for _ in range(UNITS)]
    # Some wards fill within hours, some within days: not the shape the estimate assumes.
    pace = [random_.lognormvariate(6.9, 0.6) for _ in range(UNITS)]
    for _ in range(OFFERS):
        unit = random_.randrange(UNITS)
        old = min(random_.expovariate(1 / 300), 4000)
        kept = (1 + old / pace[unit]) ** -1.0
        yield unit, old, random_.random() < rightly[unit] * kept


def scores(seed: int = 20261122) -> dict[str, float]:
    """Brier scores, of the second half: the first is for learning."""
    seen: dict[int, list[Outcome]] = defaultdict(list)
    everything: list[Outcome] = []
    ours, aged, prior = [], [], FIRST_GUESS
    for number, (unit, old, was) in enumerate(offers(random.Random(seed))):
        if number % 500 == 0:
            prior = quality(everything)
        if number >= OFFERS // 2:
            ours.append((confidence(old, seen[unit], prior=prior), was))
            aged.append((next(p for most, p in BY_AGE if old <= most), was))
        seen[unit].append(Outcome(old, was))
        everything.append(Outcome(old, was))
    share = sum(was for _, was in ours) / len(ours)
    return {
        "confidence": brier(ours),
        "age alone": brier(aged),
        "constant": brier((share, was) for _, was in ours),
        "mean guess": sum(guess for guess, _ in ours) / len(ours),
        "share there": share,
    }


def run() -> list[Row]:
    """Brier scores: lower is better."""
    found = scores()
    guess, constant = found["confidence"], found["constant"]
    return [
        Row("is a listed place there: Brier score", f"{guess:.4f}", f"{constant:.4f} (always the "
            "same guess)", f"{guess / constant:.2f}×", "< 1×"),
        Row("the same, by age alone", f"{found['age alone']:.4f}", "", "", "shown"),
    ]  # fmt: skip


if __name__ == "__main__":
    for name, value in scores(*map(int, sys.argv[1:2])).items():
        print(f"{name:<12} {value:.4f}")
