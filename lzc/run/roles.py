"""The two database roles: the owner migrates, the application only works with the rows.

The application's role owns nothing and bypasses nothing: a trigger or a policy holds for it.
"""

from lzc.run.addresses import APPLICATION, OWNER, SUPERUSER, Addresses

GRANTS = (
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER}"
    f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION}",
)


def script(addresses: Addresses) -> str:
    """For PostgreSQL's single-user mode, one statement a line; each may be said again.

    They are said in the template of all databases, so that every database made later, also by a
    test run, grants the same.
    """
    statements = [
        _role(OWNER, "CREATEDB", addresses.owner_password),
        _role(APPLICATION, "NOCREATEDB", addresses.application_password),
        f"ALTER ROLE {SUPERUSER} PASSWORD '{addresses.superuser_password}'",
        # Who drops a database of the tests must be able to end what is still connected to it.
        f"GRANT {APPLICATION} TO {OWNER}",
        *GRANTS,
        f"CREATE DATABASE lzc OWNER {OWNER}",
    ]
    return "\n".join(statements)


def _role(name: str, may: str, password: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        f" THEN CREATE ROLE {name}; END IF;"
        f" ALTER ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS {may} PASSWORD '{password}'; END $$"
    )
