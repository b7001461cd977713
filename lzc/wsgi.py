"""HTTP: every page and every call, one synchronous request per thread."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")
application = get_wsgi_application()

import lzc.urls  # noqa: E402, F401 (Django first; else the first request waits for all of it)

# What is loaded by now stays. Looking through it for rubbish takes 80 ms, in which a page or a plan
# would wait.
gc.freeze()
