"""The sockets, and HTTP too where one process must do everything."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lzc.settings")
application = get_asgi_application()
