"""What the document promises of an answer: each one that a test of the API gets is held to it."""

import json
import re
from copy import deepcopy
from functools import cache
from typing import Any

from django.urls import Resolver404, resolve
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from lzc.api import document as served

DOCUMENT = "urn:lzc:openapi"


@cache
def document() -> dict[str, Any]:
    """The document as it is served, with one promise more: nothing that is not listed."""
    made = deepcopy(served.document())
    for name, shape in made["components"]["schemas"].items():
        if "properties" in shape and name != "Problem":
            shape["additionalProperties"] = False
    return made


@cache
def _registry() -> Registry[Any]:
    resource = Resource(contents=document(), specification=DRAFT202012)
    return Registry().with_resource(DOCUMENT, resource)


def faults(shape: dict[str, Any], value: Any) -> list[str]:
    """Where a value is not what the shape says, if anywhere."""
    validator = Draft202012Validator(
        _absolute(shape), registry=_registry(), format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def _absolute(shape: Any) -> Any:
    return json.loads(json.dumps(shape).replace('"#/', f'"{DOCUMENT}#/'))


def check(method: str, path: str, response: Any) -> None:
    """This answer, of an address that there is, is one the document knows."""
    operation = _operation(method, path)
    if operation is None or response.status_code in (405, 500):
        return
    promised = operation["responses"].get(str(response.status_code))
    assert promised, f"{method} {path} may not answer {response.status_code}: {response.content!r}"
    if "$ref" in promised:
        promised = document()["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    if "content" not in promised:
        assert response.content == b"", f"{method} {path}: {response.content!r}"
        return
    content = promised["content"][response["Content-Type"]]
    wrong = faults(content["schema"], json.loads(response.content))
    assert not wrong, f"{method} {path} {response.status_code}: {wrong}"


def _operation(method: str, path: str) -> dict[str, Any] | None:
    try:
        route = resolve(path.split("?")[0]).route
    except Resolver404:
        return None
    template = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
    found: dict[str, Any] | None = document()["paths"].get(template, {}).get(method.lower())
    return found
