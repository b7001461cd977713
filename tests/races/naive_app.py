"""The web process without its guards: `tests.races.naive_settings` puts this app in it."""

from django.apps import AppConfig


class Naive(AppConfig):
    name = "tests.races"
    label = "naive"

    def ready(self) -> None:
        from capacity import services
        from lzc.events import Act
        from tests.races import naive

        services.hold = naive.hold
        Act.claim = naive.claim
