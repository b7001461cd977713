"""How mail leaves: by the server that is named, into a folder while developing, or not at all."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKENDS = "django.core.mail.backends"
#: Seconds: a mail server that is slow keeps the others waiting.
PATIENCE = 10
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def parse(url: str, folder: Path | None) -> dict[str, Any]:
    """Django's settings for `smtp+tls://user:password@host:587`. No address: into the folder."""
    if not url and folder is None:
        return {"EMAIL_BACKEND": f"{BACKENDS}.dummy.EmailBackend"}
    if not url:
        return {
            "EMAIL_BACKEND": f"{BACKENDS}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder),
        }
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            f"EMAIL_URL must begin with {', '.join(f'{scheme}://' for scheme in PORTS)} and a host."
        )
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": PATIENCE,
    }
