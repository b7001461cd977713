"""Makes every picture of the manual anew, and writes down what it was made from."""

import argparse
import sys

import pytest

from lzc.run.var import BASE
from tests import manual


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.manual", description=__doc__)
    asked.add_argument("--check", action="store_true", help="only say which are out of date")
    if asked.parse_args().check:
        return _check()
    before = manual.sources()
    failed = pytest.main(["-q", "-p", "no:randomly", str(BASE / "tests/browser/pictures.py")])
    if failed:
        return int(failed)
    if manual.sources() != before:
        print("A page changed while its picture was made; once more, please.", file=sys.stderr)
        return 1
    manual.write_down()
    print(f"{len(manual.SHOWN)} pictures in {manual.MANUAL.relative_to(BASE)}")
    return 0


def _check() -> int:
    old = manual.stale()
    print("\n".join(old) or "Every picture shows the page as it is.")
    return bool(old)


if __name__ == "__main__":
    sys.exit(main())
