"""`manage.py play pietersen`: the night of mevrouw Pietersen, over the public API, as you watch."""

import math
import os
import sys
from argparse import ArgumentTypeError
from datetime import datetime
from random import Random, SystemRandom
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coordination.demo.keys import file
from coordination.play.cast import assembled, keys_in
from coordination.play.client import Surprise, Trouble
from coordination.play.nights import nights
from coordination.play.person import somebody
from coordination.play.scene import Scene
from coordination.play.story import play
from coordination.play.summary import Summary
from coordination.play.teller import Teller
from lzc.hours import AMSTERDAM

NOT_SO, CANNOT = 1, 2


def speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not (value > 0 and math.isfinite(value)):
        raise ArgumentTypeError(f"{text!r} is geen snelheid: 1 is rustig, 60 is snel")
    return value


class Command(BaseCommand):
    help = "Plays the night of mevrouw Pietersen against a running LZC that holds the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        port = os.environ.get("LZC_PORT", "8000")
        parser.add_argument("night", choices=["pietersen"])
        parser.add_argument("--speed", type=speed, default=1.0, help="shorter pauses, e.g. 60")
        parser.add_argument("--base", default=f"http://127.0.0.1:{port}", help="where LZC runs")
        parser.add_argument("--seed", type=int, help="the same person as another time with it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wrong = self._play(options["base"].rstrip("/"), options["speed"], options["seed"])
        except Trouble as trouble:
            self._end(CANNOT, str(trouble))
        except Surprise as surprise:
            self._end(NOT_SO, f"De nacht liep anders dan het verhaal: {surprise}")
        except KeyboardInterrupt:
            self._end(130, "Afgebroken.")
        else:
            if wrong:
                self._end(NOT_SO, f"De nacht klopt niet op {wrong} punt(en); zie ✗ hierboven.")

    def _play(self, base: str, speed: float, seed: int | None) -> int:
        """How many things are not so, in the end."""
        person = somebody(Random(seed) if seed is not None else SystemRandom())
        teller = Teller(self._say, speed)
        with assembled(base, keys_in(file())) as cast:
            teller.title(f"De nacht van {person.called}, gespeeld op {base}")
            scene = Scene(cast, person, nights(datetime.now(AMSTERDAM)), teller)
            play(scene)
            teller.title("Wat LZC ervan weet:")
            checks = Summary(scene).checks()
        for sentence, wrong in checks:
            self._say(f"  ✗ {sentence} Maar: {wrong}." if wrong else f"  ✓ {sentence}")
        return sum(bool(wrong) for _, wrong in checks)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _end(self, code: int, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(code)
