"""Tells on the terminal what happens, slowly enough to be followed on the boards."""

import shutil
import textwrap
import time
from collections.abc import Callable
from datetime import datetime

from lzc.hours import AMSTERDAM

#: Seconds after a line, at speed 1.
PAUSE = 4.0
#: Where the text of a line begins: after the step, the clock and who it is.
INDENT = 52
NARROWEST = 40


class Teller:
    def __init__(self, write: Callable[[str], object], speed: float) -> None:
        self.write = write
        self.pause = PAUSE / speed
        self.step = -1

    def title(self, text: str) -> None:
        self.write(f"\n{text}\n")

    def tell(self, step: int, who: str, what: str, at: datetime | None = None) -> None:
        """One line: the number of the step once, the clock, who, what."""
        number = f"{step:>2}" if step != self.step else "  "
        self.step = step
        moment = (at or datetime.now(AMSTERDAM)).astimezone(AMSTERDAM)
        self._wrapped(f"{number}  {moment:%d-%m %H:%M}  {who:<{INDENT - 17}}", what)
        time.sleep(self.pause)

    def owner(self, name: str) -> None:
        self._wrapped(" " * INDENT, f"→ de casus is nu van {name}")

    def _wrapped(self, head: str, text: str) -> None:
        width = max(shutil.get_terminal_size((132, 24)).columns - INDENT, NARROWEST)
        first, *rest = textwrap.wrap(text, width)
        self.write(head + first)
        for line in rest:
            self.write(" " * INDENT + line)
