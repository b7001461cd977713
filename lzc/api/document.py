"""The OpenAPI document of this installation. It says what the code says, so it is made once."""

from functools import cache
from threading import Lock
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
RENDERERS = {YAML: OpenApiYamlRenderer, JSON: OpenApiJsonRenderer}
#: The generator makes its extensions ready as it goes: two at once would meet half of them.
_alone = Lock()


def document() -> dict[str, Any]:
    """To read, not to write in: everybody in this process is given the same."""
    with _alone:
        return _made()


@cache
def _made() -> dict[str, Any]:
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


@cache
def written(media: str) -> bytes:
    made: str | bytes = RENDERERS[media]().render(document(), renderer_context={})
    return made.encode() if isinstance(made, str) else made
