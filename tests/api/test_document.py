"""The OpenAPI document: right, whole, its examples true (`test_docs`: and current)."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from openapi_spec_validator import validate

from lzc.api.answers import Out
from lzc.api.openapi import OF_ALL, OF_WRITES, PROBLEM, WHY_NOT
from lzc.api.parsing import CsvParser
from lzc.api.shapes import In
from tests.api import contract
from tests.api.addresses import ADDRESSES, Address

KEPT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def test_it_is_valid_openapi() -> None:
    validate(yaml.safe_load(KEPT.read_text()))


def test_it_is_served(db: None) -> None:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["openapi"] == "3.1.0"


def operation(address: Address) -> dict[str, Any]:
    template = "/api/v1/" + address.path({})
    found: dict[str, Any] = contract.document()["paths"][template][address.method.lower()]
    return found


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
class TestEachAddress:
    def test_is_described(self, address: Address) -> None:
        said = operation(address)
        assert said["summary"] and said["operationId"] == address.endpoint.run.__name__

    def test_says_why_it_may_refuse(self, address: Address) -> None:
        statuses = {*OF_ALL, *(OF_WRITES if address.method in ("POST", "PUT") else ())}
        assert {str(status) for status in statuses} <= set(operation(address)["responses"])

    def test_takes_its_own_example(self, address: Address) -> None:
        takes = address.endpoint.takes
        if address.endpoint.parser is CsvParser:
            assert list(operation(address)["requestBody"]["content"]) == ["text/csv"]
            return
        if takes is None:
            assert "requestBody" not in operation(address)
            return
        assert takes.example, "an example says more than a list of fields"
        takes.take(takes.example)
        shape = operation(address)["requestBody"]["content"]["application/json"]["schema"]
        assert contract.faults(shape, takes.example) == []

    def test_gives_its_own_example(self, address: Address) -> None:
        gives = address.endpoint.gives
        if gives is not None and gives.example:
            status = str(address.endpoint.status)
            content = operation(address)["responses"][status]["content"]
            assert contract.faults(content["application/json"]["schema"], gives.example) == []


def test_no_two_operations_have_one_name() -> None:
    names = [address.endpoint.run.__name__ for address in ADDRESSES]
    assert len(set(names)) == len(names)


def test_a_problem_looks_as_it_says() -> None:
    responses = contract.document()["components"]["responses"]
    assert {f"Problem{status}" for status in WHY_NOT} == set(responses)
    example = responses["Problem409"]["content"][PROBLEM]["examples"]["too_late"]["value"]
    assert contract.faults({"$ref": "#/components/schemas/Problem"}, example) == []


@pytest.mark.parametrize("base", [In, Out])
def test_each_shape_says_what_it_is(base: type) -> None:
    shapes = [base]
    for shape in shapes:
        shapes += shape.__subclasses__()
    silent = [shape.__name__ for shape in shapes if not (shape.__dict__.get("__doc__") or "")]
    assert silent == []
