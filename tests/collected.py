"""As the tests run, but with the files of pages as in use: collected, compressed, named by hash."""

import os

from tests.settings import *  # noqa: F403

STATIC_ROOT = os.environ["COLLECTED"]
WHITENOISE_USE_FINDERS = False
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
