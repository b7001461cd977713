"""`manage.py demo`: two made-up regions to look at, in an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from coordination.demo import builder, keys
from coordination.demo.ground import ground
from coordination.demo.limburg import ORGANISATIONS as IN_LIMBURG
from coordination.demo.people import CAST, PASSWORD
from coordination.demo.stories import STORIES
from coordination.demo.zwolle import ORGANISATIONS as IN_ZWOLLE
from lzc.rights import Role
from lzc.web.views import MENUS


class Command(BaseCommand):
    help = "Fill an empty database with two made-up regions, their people and their patients."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--if-empty", action="store_true", help="do nothing when it is not empty")
        what.add_argument("--dry-run", action="store_true", help="say what would be made")
        what.add_argument("--logins", action="store_true", help="say with which names to log in")
        what.add_argument("--keys", action="store_true", help="new keys for the machines")
        parser.add_argument("--i-know", action="store_true", help="also outside development")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self._logins()
        elif options["dry_run"]:
            self._counts(ground(timezone.now()).counts() | {"stories": len(STORIES)})
        elif options["i_know"] or not settings.IN_PRODUCTION:
            self._keys() if options["keys"] else self._build(options["if_empty"])
        else:
            raise CommandError(
                "This is no development machine (LZC_ENV), and everybody knows the password of "
                "the demo. When nobody else can reach it: add --i-know."
            )

    def _build(self, if_empty: bool) -> None:
        if not builder.is_empty():
            if if_empty:
                return
            raise CommandError(
                "This database is not empty, and the demo adds nothing to what others made. "
                "Name an empty one with DATABASE_URL, or run `make clean` and start again."
            )
        built = builder.build()
        self._counts(built.ground.counts() | {"stories": built.stories})
        self.stdout.write(f"Keys of the demo's machines: {built.keys} (for your user only)")

    def _keys(self) -> None:
        if not builder.is_filled():
            raise CommandError("There is no demo in this database. First run `manage.py demo`.")
        self.stdout.write(f"New keys: {keys.write(keys.issue())} (the earlier ones are revoked)")

    def _counts(self, counts: dict[str, int]) -> None:
        self.stdout.write("Demo: " + ", ".join(f"{n} {name}" for name, n in counts.items()))

    def _logins(self) -> None:
        if not builder.is_filled():
            self.stdout.write("There is no demo in this database, so there are no demo log-ins.")
            return
        names = {house.slug: house.name for house in (*IN_ZWOLLE, *IN_LIMBURG)}
        self.stdout.write(f"Demo log-ins; the password of all of them is: {PASSWORD}")
        for worker in CAST:
            for role, slug in worker.works:
                who = f"{worker.username:<28}{worker.name:<24}"
                self.stdout.write(f"  {who}{_page(Role(role)):<14}{role}, {names[slug]}")
        self.stdout.write("  Everybody else is role.place, for example planner.mistelgaard")


def _page(role: Role) -> str:
    """Where somebody with this role begins the day."""
    first = MENUS[role][:1]
    return reverse(first[0][0] if first else "home")
