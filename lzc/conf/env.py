"""What the environment may say to LZC: each variable is read here once, with its meaning.

The register that results is what `docs/settings.md` is generated from. `NAME_FILE` may stand for
any secret `NAME`: the file that holds it, as containers hand secrets over.
"""

import os
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = "required outside development"


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str
    secret: bool = False


register: dict[str, Variable] = {}


def in_production() -> bool:
    """Everything that does not say to be development or test is taken seriously."""
    mode = text("LZC_ENV", "development", "development, test or production")
    return mode not in {"development", "test"}


def text(name: str, default: str, meaning: str) -> str:
    register[name] = Variable(name, default, meaning)
    return os.environ.get(name, default)


def number(name: str, default: int, meaning: str) -> int:
    said = text(name, str(default), meaning)
    if not said.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {said!r} ({meaning}).")
    return int(said)


def flag(name: str, default: bool, meaning: str) -> bool:
    return text(name, "1" if default else "0", meaning).lower() in {"1", "true", "yes", "on"}


def tiles(name: str, meaning: str) -> str:
    """An address of map tiles: of one host, and with the three numbers of a tile in it."""
    said = text(name, "", meaning)
    parts = urlsplit(said)
    here = parts.hostname in {"127.0.0.1", "localhost"} and not in_production()
    whole = all(part in parts.path for part in ("{z}", "{x}", "{y}"))
    # It becomes a word of the content security policy, where other signs mean something.
    one_host = re.fullmatch(r"[\w-]+(\.[\w-]+)*(:\d+)?", parts.netloc, re.ASCII)
    if said and not (whole and one_host and (parts.scheme == "https" or here)):
        raise ImproperlyConfigured(
            f"{name} must be an https:// address of one host with {{z}}, {{x}} and {{y}} in its "
            f"path, not {said!r} ({meaning})."
        )
    return said


def required(name: str, meaning: str, otherwise: Callable[[], str]) -> str:
    """Said by the operator in production; in development `otherwise` provides it."""
    register[name] = Variable(name, REQUIRED, meaning)
    return said(name) or ("" if in_production() else otherwise())


def secret(name: str, meaning: str, otherwise: Callable[[], str]) -> str:
    """Like `required`, and not to be shown to anyone."""
    value = required(name, meaning, otherwise)
    register[name] = Variable(name, REQUIRED, meaning, secret=True)
    return value


def key(name: str, meaning: str, otherwise: Callable[[], str]) -> bytes:
    """A secret in base64; what is no base64 is no key."""
    try:
        return b64decode(secret(name, meaning, otherwise), validate=True)
    except ValueError:
        return b""


def said(name: str) -> str:
    """What the environment, or the file that it names, says; empty when it says nothing."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text().strip() if file else os.environ.get(name, "")


def refuse_when_unsafe(signing: str, keys: dict[str, bytes], debug: bool, owner: bool) -> None:
    """Outside development nothing starts on a missing, short or repeated secret."""
    if not in_production():
        return
    faults = [_please_set(variable) for variable in register.values() if _lacks(variable, owner)]
    if 0 < len(signing) < 50:
        faults.append("SECRET_KEY is too short: give it 50 random characters or more.")
    faults += [
        f"{name} must be 32 random bytes in base64 (for example from `openssl rand -base64 32`)."
        for name, value in keys.items()
        if said(name) and len(value) != 32
    ]
    if len({*keys.values()}) < len(keys) and all(keys.values()):
        faults.append(f"{' and '.join(keys)} must differ: make one of them anew.")
    if debug:
        faults.append("Unset DEBUG: its error pages would show patient data.")
    if faults:
        raise ImproperlyConfigured("\n".join(faults))


def _lacks(variable: Variable, owner: bool) -> bool:
    """Who migrates says where as the owner; who serves requests has no business knowing that."""
    needed = variable.default == REQUIRED and (variable.name != "DATABASE_OWNER_URL" or owner)
    return needed and not said(variable.name)


def _please_set(variable: Variable) -> str:
    file = f", or {variable.name}_FILE to the file that holds it" if variable.secret else ""
    return f"Set {variable.name}{file} ({variable.meaning})."
