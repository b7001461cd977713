"""`make bench`: each claim beside its floor, in one run, on a database of its own."""

import argparse
import os
import sys

PARTS = ["acts", "hot", "live", "pages", "seen", "assigning", "ranking", "confidence"]
SIZES, FEW = (1_000, 10_000, 100_000), (1_000, 4_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers: does it still run?")
    parser.add_argument("--only", choices=PARTS, help="one part")
    chosen = parser.parse_args()
    rows = _with_a_database(chosen.quick, [chosen.only] if chosen.only else PARTS)
    _print(rows)
    return 0


def _with_a_database(quick: bool, parts: list[str]) -> list[object]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django

    django.setup()
    from django.db import connection, connections

    from tests import database

    with database.cloned() as name:
        connections.databases["default"]["NAME"] = name
        try:
            rows = _run(quick, parts)
        finally:
            connections.close_all()
            connection.close_pool()
    return rows


def _run(quick: bool, parts: list[str]) -> list[object]:
    from benchmarks import acts, assigning, confidence, hot, live, pages, ranking, seen, sharing
    from tests.stack import Stack

    stack, rows = Stack(), []
    shots, full = (30, 1_000) if quick else (300, 100_000)
    try:
        if not {"acts", "hot", "ranking", "pages", "seen"}.isdisjoint(parts):
            stack.start("web", DJANGO_SETTINGS_MODULE="benchmarks.settings")
            stack.web()
        if "confidence" in parts:
            rows += confidence.run()
        if "assigning" in parts:
            rows += assigning.run(quick=quick, say=_say)
            rows += sharing.run(quick=quick, say=_say)
        if "hot" in parts:
            rows += hot.run(stack, shots=shots, say=_say)
        if "acts" in parts:
            rows += acts.run(stack, shots=shots, full=full, say=_say)
        if "ranking" in parts:
            rows += ranking.run(stack, sizes=FEW if quick else SIZES, shots=shots, say=_say)
        if "pages" in parts:
            rows += pages.run(stack, shots=shots // 15, say=_say)
        if "seen" in parts:
            rows += seen.run(stack, rounds=shots // 10, say=_say)
        if "live" in parts:
            rows += live.run(quick=quick, say=_say)
    finally:
        stack.close()
    return rows


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)  # noqa: T201


def _print(rows: list[object]) -> None:
    table = [("claim", "measured", "floor", "ratio", "goal")]
    table += [(r.claim, r.measured, r.floor, r.ratio, r.goal) for r in rows]
    widths = [max(len(line[i]) for line in table) for i in range(5)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
