"""The settings of a web process without guards, for the controls alone."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as USUAL

INSTALLED_APPS = [*USUAL, "tests.races.naive_app.Naive"]
