"""As the tests run, with one bare address beside LZC's own."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
