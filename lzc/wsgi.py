"""HTTP: every page and every call, one synchronous request per thread."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")
application = get_wsgi_application()
