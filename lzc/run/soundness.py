"""What a database must promise before LZC serves from it. An accepted request is never lost."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
OLDEST = 160000
#: Anything else would write what is known of a patient into the log of the database.
DISCREET = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}


def faults() -> Iterator[str]:
    """Each a sentence that says what to do; none at all means: start."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        if int(cursor.fetchone()[0]) < OLDEST:
            yield "The database is older than PostgreSQL 16: upgrade it."
        for name in DURABLE:
            cursor.execute(f"SHOW {name}")
            value = cursor.fetchone()[0]
            if value == "off":
                yield (
                    f"The database has {name} = off: after a power cut, accepted requests would be "
                    f"gone. Say ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf()."
                )
        yield from _indiscretions(cursor)
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relowner = r.oid), rolname"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        mighty, owner, role = cursor.fetchone()
        if mighty or owner:
            yield (
                f"DATABASE_URL names the role '{role}', which owns the tables or may bypass their "
                "rules. Name the ordinary role there (lzc_app; docs/operate.md says how to make it)"
                ", and the owner in DATABASE_OWNER_URL."
            )
    yield from _unapplied()


def _indiscretions(cursor: CursorWrapper) -> Iterator[str]:
    """Statements carry their values, and on somebody's own machine there are no patients."""
    if not settings.IN_PRODUCTION:
        return
    for name, silent in DISCREET.items():
        cursor.execute(f"SHOW {name}")
        value = cursor.fetchone()[0]
        if value not in silent:
            yield (
                f"The database has {name} = {value}: it would write patients' names into its log. "
                f"Say ALTER SYSTEM SET {name} = '{silent[0]}'; SELECT pg_reload_conf()."
            )


def _unapplied() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield (
            f"The database lacks {len(plan)} migrations, from {plan[0][0]} on. Say "
            "LZC_AS_OWNER=1 python manage.py migrate, with DATABASE_OWNER_URL set."
        )


def database_address() -> str:
    """For a message: the host and the name, without the password."""
    database = settings.DATABASES["default"]
    return f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
