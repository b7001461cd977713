"""LZC's settings. What an installation may choose comes from the environment (`lzc/conf/`)."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from lzc.conf import databases, env, logs, mail
from lzc.run import addresses, var

BASE_DIR = var.BASE
VAR_DIR = var.path()
IN_PRODUCTION = env.in_production()
DEBUG = env.flag("DEBUG", False, "error pages for developers; never in production")

# Secrets and servers -------------------------------------------------------------------------
SECRET_KEY = env.secret(
    "SECRET_KEY", "signs sessions and tokens: 50 random characters", lambda: var.secret("signing")
)
BSN_KEY = env.key("BSN_KEY", "encrypts BSNs: 32 random bytes in base64", lambda: var.secret("bsn"))
BSN_INDEX_KEY = env.key(
    "BSN_INDEX_KEY",
    "makes BSNs searchable without showing them: 32 other random bytes in base64",
    lambda: var.secret("bsn-index"),
)
OUTAGE_KEY = env.key(
    "OUTAGE_KEY",
    "makes the keys that open outage lists: 32 other random bytes in base64",
    lambda: var.secret("outage"),
)
LOOPBACK = "127.0.0.1,localhost,[::1]"
ALLOWED_HOSTS = env.required(
    "ALLOWED_HOSTS", "the names under which LZC is reached, with commas", lambda: LOOPBACK
).split(",")
DATABASE_URL = env.secret(
    "DATABASE_URL",
    "PostgreSQL 16 or newer, as the ordinary role: postgres://lzc_app:…@host:5432/lzc",
    lambda: addresses.known().database,
)
AS_OWNER = env.flag("LZC_AS_OWNER", False, "connect as the owner: set it for `migrate` only")
DATABASE_OWNER_URL = env.secret(
    "DATABASE_OWNER_URL",
    "the same database as the role that owns the tables; only to migrate",
    lambda: "" if env.said("DATABASE_URL") else addresses.known().owner,
)
REDIS_URL = env.secret(
    "REDIS_URL",
    "Redis 7 or Valkey, to ring doorbells: redis://host:6379/0, or rediss:// for TLS",
    lambda: addresses.known().redis,
)
REDIS_PREFIX = env.text(
    "REDIS_PREFIX", "lzc:", "before every key and channel, where servers are shared"
)
OUTAGE_DIR = Path(
    env.text("OUTAGE_DIR", "", "where outage lists are written; empty: `outage/` in LZC_VAR")
    or VAR_DIR / "outage"
)
DATABASE_POOL = env.number("DATABASE_POOL", 12, "connections per process, at most; 0: no pool")
DATABASE_PREPARED = env.flag(
    "DATABASE_PREPARED",
    True,
    "the server remembers statements; 0: behind a PgBouncer that does not",
)

env.refuse_when_unsafe(
    signing=SECRET_KEY,
    keys={"BSN_KEY": BSN_KEY, "BSN_INDEX_KEY": BSN_INDEX_KEY, "OUTAGE_KEY": OUTAGE_KEY},
    debug=DEBUG,
    owner=AS_OWNER,
)

DATABASES = {
    "default": databases.parse(DATABASE_OWNER_URL, "DATABASE_OWNER_URL")
    if AS_OWNER
    else databases.application(DATABASE_URL, DATABASE_POOL, prepared=DATABASE_PREPARED)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Parts ---------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "lzc",
    "triage",
    "capacity",
    "coordination",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "csp",
    "axes",
    "template_partials",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lzc.web.squeezed.Pages",
    "lzc.web.headers.headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lzc.web.appearance.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lzc.web.pages.ActiveMembership",
    "lzc.web.methods.methods",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lzc.urls"
WSGI_APPLICATION = "lzc.wsgi.application"
ASGI_APPLICATION = "lzc.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "lzc.web.appearance.context",
                "lzc.web.views.chrome",
            ]
        },
    }
]

# People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "lzc.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PROXIES = env.number("PROXIES", 0, "how many proxies of your own stand before LZC (Caddy: 1)")
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_IPWARE_PROXY_COUNT = PROXIES
AXES_IPWARE_META_PRECEDENCE_ORDER = [*(["HTTP_X_FORWARDED_FOR"] if PROXIES else []), "REMOTE_ADDR"]

SESSION_ENGINE = "lzc.web.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if IN_PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IN_PRODUCTION else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IN_PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lzc.web.kept.refused_token"

# Languages and time --------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# The browser ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = var.path() / "static" if IN_PRODUCTION else None
STATICFILES_DIRS = [var.path() / "assets"]
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LIVE_URL = env.text(
    "LIVE_URL",
    "/ws/live" if IN_PRODUCTION else "ws://127.0.0.1:8001/ws/live",
    "where a page opens its live socket; a path means: on the page's own host",
)
MAP_TILES = env.tiles(
    "MAP_TILES", "a background for the map, as https://host/…/{z}/{x}/{y}.png; empty: none"
)
MAP_CREDIT = env.text("MAP_CREDIT", "", "whom to thank for it, shown beside the map")
_live = urlsplit(LIVE_URL)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        # Chromium takes 'self' for the page's own port only, so another port is named exactly.
        "connect-src": [SELF, *([f"{_live.scheme}://{_live.netloc}"] if _live.netloc else [])],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["htmx", "default"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Not `no-referrer`: browsers then send `Origin: null`, and the CSRF check refuses every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IN_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

# Mail: that there is a message, never what it is about ---------------------------------------
PUBLIC_URL = env.text(
    "PUBLIC_URL",
    f"https://{ALLOWED_HOSTS[0]}" if IN_PRODUCTION else "http://127.0.0.1:8000",
    "how people reach LZC, for the links in mail",
).rstrip("/")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "lzc@localhost", "from whom mail comes")
EMAIL_URL = env.text(
    "EMAIL_URL",
    "",
    "the mail server: smtp+tls://user:password@host:587; empty: messages stand on pages only",
) or env.said("EMAIL_URL")
globals().update(mail.parse(EMAIL_URL, None if IN_PRODUCTION else VAR_DIR / "mail"))
MAILS = bool(EMAIL_URL) or not IN_PRODUCTION

# Machines ------------------------------------------------------------------------------------
WEBHOOKS_TO_LOOPBACK = (
    env.flag("WEBHOOKS_TO_LOOPBACK", True, "webhooks may go to this machine; never in production")
    and not IN_PRODUCTION
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "lzc.api.problems.problem",
    "DEFAULT_PARSER_CLASSES": ["lzc.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["lzc.keys.KeyAuthentication", "lzc.keys.SessionMembership"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # Else `?format=` chooses a renderer, and one that is not there answers 404.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "string", "format": "uuid"}},
    "TITLE": "LZC",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "EUPL-1.2"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Not its own hook: values stand where they are read, not under names that nobody chose.
    "POSTPROCESSING_HOOKS": ["lzc.api.openapi.shared", "coordination.api.who.told"],
}

# Doorbells: Redis may be empty or away at any moment, PostgreSQL holds the truth ---------------
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"{REDIS_PREFIX}live"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_USE_SSL = (
    {"ssl_cert_reqs": ssl.CERT_REQUIRED} if REDIS_URL.startswith("rediss:") else None
)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "global_keyprefix": REDIS_PREFIX}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

LOGGING = logs.configure(env.text("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"))
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
