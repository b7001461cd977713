"""Log lines: one JSON object each, without a BSN, a refused row or a signed link in them."""

import re
from typing import Any

import structlog

#: What PostgreSQL adds to an error: the row that was refused, the piece of the statement. The row
#: may hold line breaks, so up to where Python goes on.
_DETAIL = re.compile(
    r"\n(?:LINE \d+|DETAIL|CONTEXT|QUERY): .*?(?=\n\n(?:The above|During handling)|\Z)", re.DOTALL
)
_CANDIDATE = re.compile(r"(?<![0-9])[0-9]{8,9}(?![0-9])")
#: Whoever has the link of a reminder speaks for the planner it was sent to. A mail programme that
#: looks at links first may have spelled it its own way.
_LINK = re.compile(r"(klopt(?:-|%(?:25)*2d)nog(?:/|%(?:25)*2f)+)[^/\s?\"']+", re.IGNORECASE)
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def passes_eleven_test(digits: str) -> bool:
    """Whether these 8 or 9 digits can be a BSN (its last digit is a check digit)."""
    padded = digits.zfill(9)
    return sum(int(d) * w for d, w in zip(padded, _WEIGHTS, strict=True)) % 11 == 0


def discreet(value: Any) -> Any:
    """The same value, however deep it lies, with every number that can be a BSN blacked out, the
    signed part of a link, and what the database says of a row that it refused."""
    if isinstance(value, str):
        return _CANDIDATE.sub(_black_out, _LINK.sub(r"\1■", _DETAIL.sub("\n■", value)))
    if isinstance(value, dict):
        return {discreet(key): discreet(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [discreet(item) for item in value]
    if isinstance(value, int | float | bool | None):
        return value if not isinstance(value, int) or discreet(str(value)) == str(value) else "■"
    return discreet(str(value))


def _black_out(match: re.Match[str]) -> str:
    return "■" * 9 if passes_eleven_test(match[0]) else match[0]


def redact(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The last step before a line is written; times and levels hold no personal data."""
    return {key: discreet(value) for key, value in event.items()}


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def configure(level: str) -> dict[str, Any]:
    """Django's LOGGING; structlog and the standard library write the same lines."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        # A beat each few seconds, or a request that went well, is no news; a failure is.
        "loggers": {name: {"level": "WARNING"} for name in ("celery", "httpx", "httpcore")},
        "root": {"handlers": ["console"], "level": level},
    }
