"""The house rules of `docs/architecture.md`, held beside every file of the repository."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from lzc.run.var import BASE
from triage.identity import clean_bsn

APPS = ("lzc", "triage", "capacity", "coordination")
LONGEST_FILE = 500
LONGEST_FUNCTION = 30
BYTES = {".png", ".woff2", ".mo", ".ico"}
LOCKED = {"package-lock.json", *(f"requirements{which}.txt" for which in ("", "-dev", "-assets"))}


@lru_cache
def files() -> tuple[Path, ...]:
    """Everything that is, or is about to be, in the repository."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (BASE / name for name in found.stdout.splitlines())
    return tuple(path for path in paths if path.is_file())


def code(*, tests: bool = False) -> list[Path]:
    """Python that somebody wrote; migrations come from the models."""
    tops = (*APPS, "benchmarks", "tests") if tests else APPS
    return [
        path
        for path in files()
        if path.suffix == ".py"
        and path.relative_to(BASE).parts[0] in tops
        and "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return [path for path in files() if path.suffix == ".html"]


def named(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(BASE)}:{line}" if line else str(path.relative_to(BASE))


@lru_cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path, *names: str) -> Iterator[tuple[ast.Call, str]]:
    """Each call of something with one of these names, and where it is."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in names:
                yield node, named(path, node.lineno)


def in_text(pattern: str, paths: list[Path]) -> list[str]:
    sought = re.compile(pattern)
    return [
        named(path, number)
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if sought.search(line)
    ]


# Directions ------------------------------------------------------------------------------------


def test_imports_run_downward():
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=BASE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_module_is_a_drawer():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not [named(p) for p in code(tests=True) if drawers & {p.stem, p.parent.name}]


def test_an_app_is_a_few_rooms():
    """Ten modules; `lzc`, the ground floor that holds the plumbing, is allowed more."""
    for app in ("triage", "capacity", "coordination"):
        rooms = [p for p in code() if p.parent == BASE / app and p.stem != "__init__"]
        assert len(rooms) <= 12, [named(p) for p in rooms]


# Sizes -----------------------------------------------------------------------------------------


def test_no_file_is_too_long_to_read():
    long = {named(p): len(p.read_text().splitlines()) for p in code(tests=True)}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST_FILE}


def test_no_function_is_too_long_to_see_whole():
    assert not [
        f"{named(path, node.lineno)} {node.name}: {lines}"
        for path in code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for lines in [_lines(node)]
        if lines > LONGEST_FUNCTION
    ]


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of what it does: its docstring is for reading."""
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


# Habits ----------------------------------------------------------------------------------------


def test_nothing_happens_by_a_signal():
    assert not in_text(r"django\.dispatch|\.signals import|import signals|@receiver", code())


def test_a_row_that_exists_is_not_saved_whole():
    """`save()` would write back columns that somebody else just changed."""
    assert not [
        where
        for path in code()
        for call, where in calls(path, "save", "asave")
        if _of_a_row(call)
        and not {"update_fields", "force_insert"} & {k.arg for k in call.keywords}
    ]


def _of_a_row(call: ast.Call) -> bool:
    """A session, a form and a file are saved as well, and are no rows of ours."""
    owner = ast.unparse(call.func).rpartition(".")[0]
    return not owner.endswith(("session", "form", "super()", "storage"))


def test_a_row_is_locked_without_locking_what_points_to_it():
    """A plain FOR UPDATE waits for every foreign key that is checked: deadlocks."""
    assert not [
        where
        for path in code()
        for call, where in calls(path, "select_for_update")
        if "no_key" not in {k.arg for k in call.keywords}
    ]


def test_what_happens_after_the_commit_is_a_function():
    """Django 5.2 fails on a `partial` that fails."""
    assert not in_text(r"on_commit\((functools\.)?partial", code())


def test_no_generic_relations_no_eager_tasks_no_pretended_servers():
    banned = (
        r"GenericForeignKey|ATOMIC_REQUESTS|ALWAYS_EAGER|InMemoryChannelLayer|locmem|sqlite3?\b"
    )
    assert not in_text(banned, code())


def test_nothing_is_left_for_later():
    later = r"\b(TODO|FIXME|XXX|HACK)\b|pragma: no cover|# noqa(?!: [A-Z])|type: ignore(?!\[)"
    assert not in_text(later, [p for p in code(tests=True) if p.name != "test_architecture.py"])


def test_no_test_is_skipped_or_expected_to_fail():
    skipped = r"pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)|@unittest\.skip"
    assert not in_text(skipped, [p for p in code(tests=True) if p.name != "test_architecture.py"])


# Patient data ----------------------------------------------------------------------------------


def test_patients_are_reached_through_the_gateway():
    """Other code gets a case with its patient from there."""
    allowed = {"triage/gateway.py", "triage/services.py", "triage/models/__init__.py"}
    assert not [
        where
        for path in code()
        if named(path) not in allowed
        for where in in_text(r"\bPatient\.(objects|_base_manager|_default_manager)", [path])
    ]


def test_no_query_of_another_table_brings_a_patient_along():
    """A join would pass the guard that stands at the rows of patients."""
    columns = ("filter", "exclude", "order_by", "F", "get", "values", "values_list", "annotate")
    beyond = r"(^|__)patient__(?!in$|isnull$|pk$|id$)"
    assert not [
        f"{where}: {told}"
        for path in code()
        if named(path) != "triage/gateway.py"
        for names, pattern in ((BRINGING, r"(^|__)patient(__|$)"), (columns, beyond))
        for call, where in calls(path, *names)
        for told in _told(call)
        if re.search(pattern, told)
    ]


BRINGING = ("select_related", "prefetch_related", "Prefetch", "only", "defer")


def _told(call: ast.Call) -> list[str]:
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return words + [k.arg for k in call.keywords if k.arg]


def test_every_number_that_could_be_a_bsn_is_one_for_tests():
    """Nobody's number is written down here: only from the range 9999… that belongs to no one."""
    run = re.compile(r"(?<![\w.-])\d{9}(?![\w.-])")
    assert not [
        f"{named(path)}: {number}"
        for path in files()
        if path.name not in LOCKED and path.suffix not in BYTES
        for number in run.findall(path.read_text(errors="replace"))
        if clean_bsn(number) and not number.startswith("9999")
    ]


# What is said ----------------------------------------------------------------------------------

REFUSALS = {"Refused", "NotAllowed", "NotNow", "NotValid", "NotKnown", "Malformed", "Stale"}


def test_every_refusal_says_a_sentence_that_is_translated():
    """Marked with `N_`, or a name for such a sentence."""
    assert not [
        where
        for path in code()
        for call, where in calls(path, *REFUSALS)
        for sentence in call.args[-1:]
        if isinstance(sentence, ast.Constant | ast.JoinedStr)
    ]


def test_a_sentence_ends():
    """What happened, and what to do: not a word thrown at somebody."""
    sentences = [
        (where, call.args[0].value)
        for path in code()
        for call, where in calls(path, "N_")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert len(sentences) > 40
    assert not [f"{where}: {text}" for where, text in sentences if not text.endswith((".", "?"))]


# Pages -----------------------------------------------------------------------------------------


def scripts() -> list[Path]:
    own = BASE / "lzc" / "static"
    return [p for p in files() if p.suffix == ".js" and own in p.parents]


#: What is drawn outside templates by the hundred goes through it: it escapes, and then marks.
MARKS = "lzc/web/markup.py"


def test_text_from_people_stays_text():
    unsafe = r"mark_safe|SafeString\(|\|\s*safe\b|autoescape off|(format_html|drawn)\(f"
    found = in_text(unsafe, [*code(), *templates()])
    assert found and all(where.startswith(MARKS) for where in found)


def test_no_script_writes_markup():
    writes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not in_text(writes, [*scripts(), *templates()])


def test_no_style_and_no_handler_inside_a_page():
    """The content security policy refuses them; so the page would look or work otherwise."""
    assert not in_text(r"<[^>]*\s(style|on[a-z]+)\s*=", templates())
    assert not in_text(r"<style|javascript:", templates())


def test_a_script_of_a_page_is_a_file():
    pages = [named(p) for p in templates() for tag in _scripts_in(p) if "src=" not in tag]
    assert not pages


def _scripts_in(path: Path) -> list[str]:
    return [
        tag
        for tag in re.findall(r"<script\b[^>]*>", path.read_text())
        if 'type="application/json"' not in tag
    ]


#: Where rows are counted that never come or go.
ALWAYS_THE_SAME = {
    "templates/_form.html": "the sections of a form",
    "templates/coordination/_follow.html": "the steps of a request",
}


def test_an_id_of_a_page_is_the_same_every_time():
    """Morphing keeps what has the same id: one that counts rows moves the focus to another row."""
    counting = in_text(r"""\bid=["'][^"']*(forloop|random|{% now)""", templates())
    assert {where.partition(":")[0] for where in counting} == set(ALWAYS_THE_SAME)


def test_no_id_is_given_twice_in_one_template():
    for path in templates():
        # Either branch of a condition may give it.
        text = re.sub(r"{% else %}.*?{% endif %}", "", path.read_text(), flags=re.DOTALL)
        given = re.findall(r'\sid="([\w-]+)"', text)
        assert len(given) == len(set(given)), named(path)


# What belongs to one machine -------------------------------------------------------------------


def test_nothing_knows_the_machine_it_was_made_on():
    here = r"(?<![\w.)}])/(work|root|home|Users)/[\w.]"
    assert not in_text(here, [p for p in files() if p.suffix not in BYTES])


def test_no_address_of_a_package_index():
    index = r"pypi\.org/simple|files\.pythonhosted|registry\.npmjs|--index-url|--extra-index-url"
    ours = [p for p in files() if p.suffix not in BYTES]
    assert not [w for w in in_text(index, ours) if not w.startswith("tests/test_architecture.py")]


@pytest.mark.parametrize("suffix", [".exe", ".so", ".whl", ".zip", ".gz", ".min.js", ".sqlite3"])
def test_nobody_elses_file_is_copied_in(suffix):
    assert not [named(p) for p in files() if p.name.endswith(suffix)]
