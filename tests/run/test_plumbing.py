"""The tests' own floor: role, database and processes are the real ones."""

from django.db import connection


def test_the_tests_work_as_the_ordinary_role(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("lzc_app", False, False)
