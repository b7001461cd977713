"""The documentation says what is true: what is generated is current, what is named exists."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from coordination.management import reference

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
APPS = ("lzc", "triage", "capacity", "coordination")


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_what_the_code_says(name: str):
    assert (DOCS / name).read_text() == reference.PAGES[name]()


def test_the_description_of_the_api_is_what_the_code_says():
    assert (DOCS / "openapi.yaml").read_text() == reference.openapi()


EVENT = re.compile(
    r"(case|care_request|offer|handover|passing|shift|place|unit|emergency|subscription|plan|notice"
    r"|wall)\.[a-z_]+"
)
TELLING = {"record", "_tell", "tell", "move"}


def told(node: ast.AST) -> list[ast.expr]:
    """What is written out where a fact is recorded: in the call, in a table, or as a constant."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in TELLING:
        return node.args
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return [node.value] if node.targets[0].id.isupper() else []
    return []


def recorded() -> set[str]:
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    texts = [e.value for node in nodes for e in told(node) if isinstance(e, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and EVENT.fullmatch(text)}


def test_every_event_that_is_recorded_is_documented_and_the_other_way_round():
    assert recorded() == {name for name, _ in reference.event_names()}


def test_every_event_says_what_happened():
    assert [name for name, meaning in reference.event_names() if not meaning] == []


def test_every_local_link_leads_somewhere():
    dead = []
    for page in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                dead.append(f"{page.name} → {target}")
    assert dead == []


def test_every_file_that_the_architecture_names_exists():
    named = re.findall(
        r"`((?:lzc|triage|capacity|coordination)/[\w/]+\.py)`",
        (DOCS / "architecture.md").read_text(),
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(p.name[:4]) for p in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_term_of_the_code_in_the_glossary_exists():
    from lzc.rights import OrganisationKind, Role

    text = (DOCS / "glossary.md").read_text()
    assert set(re.findall(r"`Role\.(\w+)`", text)) <= set(Role.__members__)
    assert set(re.findall(r"`OrganisationKind\.(\w+)`", text)) <= set(OrganisationKind.__members__)
