"""A question to the API as a line for a shell: `curl`, ready to paste. Pure."""

import re
import shlex
from collections.abc import Iterable


def command(
    method: str, path: str, *, query: Iterable[str], once: bool, media: str, example: str
) -> str:
    """Where it asks, with which key, and what only the reader knows, stand in variables."""
    address = f"$LZC{re.sub(r'{(.*?)}', lambda found: variable(found[1]), path)}"
    asked = "&".join(f"{name}={variable(name)}" for name in query)
    verb = "" if method == "GET" else f"-X {method} "
    lines = [f'curl {verb}"{address}{"?" if asked else ""}{asked}"']
    lines.append('-H "Authorization: Bearer $KEY"')
    if once:
        lines.append('-H "Idempotency-Key: $ONCE"')
    if media:
        lines.append(f'-H "Content-Type: {media}"')
        lines.append(f"-d {shlex.quote(example)}" if example else "--data-binary @list")
    return " \\\n  ".join(lines)


def variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name).upper()
