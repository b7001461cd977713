"""The settings of the tests, and of every real process that a test starts.

Reading them starts the embedded servers: pytest-django asks for settings before any fixture or
conftest can have its turn. They stay as long as this process lives.
"""

import os

from lzc.run import services

os.environ["LZC_ENV"] = "test"
os.environ.setdefault(
    # Pub/sub ignores Redis' database numbers, so each worker has its own names.
    "REDIS_PREFIX",
    f"test:{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    f":{os.environ.get('PYTEST_XDIST_WORKER', 'main')}:",
)
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    services.use()

from lzc.settings import *  # noqa: E402, F403
