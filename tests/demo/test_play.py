"""`manage.py play pietersen` against the real processes."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command

from coordination.management.commands.play import speed
from tests.demo.conftest import DemoStack
from tests.stack import free_port


class Night(NamedTuple):
    code: int
    told: str
    wrong: str


Play = Callable[..., Night]


@pytest.fixture
def play(played: DemoStack, settings) -> Play:
    """The command itself, here; whom it talks to is another process."""

    def run(*arguments: str, base: str = played.url, var: Path = played.var) -> Night:
        settings.VAR_DIR = var
        told, wrong = StringIO(), StringIO()
        options = ("--speed", "10000", "--base", base, *arguments)
        try:
            call_command("play", "pietersen", *options, stdout=told, stderr=wrong)
            code = 0
        except SystemExit as end:
            code = int(str(end.code))
        return Night(code, told.getvalue(), wrong.getvalue())

    return run


CASES = "SELECT count(*) FROM triage_case"
IN_BED = """
SELECT count(*) FROM capacity_place p JOIN capacity_careunit u ON u.id = p.unit_id
WHERE p.state = 'occupied' AND u.care_type = 'elv_laag'
"""


def test_the_night_ends_in_a_bed_and_can_be_played_again(played: DemoStack) -> None:
    """As somebody types it, twice."""
    (cases,), (beds,) = played.rows(CASES)[0], played.rows(IN_BED)[0]
    for round_ in (1, 2):
        night = played.manage("play", "pietersen", "--speed", "10000", "--base", played.url)
        assert night.returncode == 0, night.stdout + night.stderr
        assert "✗" not in night.stdout
        assert night.stdout.count("✓") == 7
        assert played.rows(CASES) == [(cases + round_,)]
        assert played.rows(IN_BED) == [(beds + round_,)]


def test_the_night_as_the_records_have_it(played: DemoStack, play: Play) -> None:
    """Seen from the tables, not from the answers of the API."""
    night = play()
    assert night.code == 0, night.wrong
    case = played.rows("SELECT id FROM triage_case ORDER BY opened_at DESC LIMIT 1")[0][0]
    owners = f"SELECT count(*) FROM triage_involvement WHERE case_id = '{case}' AND kind = 'owner'"
    assert played.rows(owners) == [(5,)]
    contacts = played.rows(
        "SELECT kind, outcomes, reentered, occurred_at FROM triage_contact"
        f" WHERE case_id = '{case}' ORDER BY occurred_at"
    )
    calls = [occurred_at for kind, _, _, occurred_at in contacts if kind == "call"]
    assert len(calls) == 3
    assert (calls[2] - calls[0]).total_seconds() < 72 * 3600
    assert sum("police_lift" in outcomes for _, outcomes, _, _ in contacts) == 3
    assert not any(reentered for _, _, reentered, _ in contacts)
    triage = f"SELECT how FROM triage_triagerecord WHERE case_id = '{case}' ORDER BY number"
    assert [how for (how,) in played.rows(triage)] == ["new", "supplemented", "supplemented"]
    offers = played.rows(
        "SELECT o.state, o.reason FROM coordination_offer o"
        " JOIN coordination_carerequest r ON r.id = o.request_id"
        f" WHERE r.case_id = '{case}' ORDER BY o.created_at"
    )
    assert offers == [("completed", ""), ("declined", "no_staff"), ("started", "")]
    bsn = "SELECT bsn_sealed FROM triage_patient p JOIN triage_case c ON c.patient_id = p.id"
    assert played.rows(f"{bsn} WHERE c.id = '{case}'") == [(None,)]


def test_the_same_person_is_not_played_twice(played: DemoStack, play: Play) -> None:
    assert play("--seed", "7").code == 0
    before = played.rows(CASES)
    again = play("--seed", "7")
    assert again.code == 2
    assert "--seed" in again.wrong
    assert played.rows(CASES) == before


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("http://127.0.0.1:{free}", "make run"),
        ("http://127.0.0.1:{web}/elsewhere", "--base"),
        ("ftp://127.0.0.1", "--base"),
        ("http://127.0.0.1:99999", "--base"),
        ("http://127.0.0.1:word", "geen adres"),
    ],
)
def test_a_wrong_address_is_a_sentence(played: DemoStack, play: Play, base: str, told: str) -> None:
    night = play(base=base.format(free=free_port(), web=played.port))
    assert night.code == 2
    assert told in night.wrong


def test_without_keys_it_says_where_they_come_from(play: Play, tmp_path: Path) -> None:
    night = play(var=tmp_path)
    assert night.code == 2
    assert "manage.py demo" in night.wrong
    for broken in ("{}", "[]", "not json", '{"meldkamer": "key"}'):
        (tmp_path / "demo-keys.json").write_text(broken)
        night = play(var=tmp_path)
        assert night.code == 2
        assert "--keys" in night.wrong


def test_keys_that_were_replaced_are_a_sentence(
    played: DemoStack, play: Play, tmp_path: Path
) -> None:
    old = (played.var / "demo-keys.json").read_text()
    (tmp_path / "demo-keys.json").write_text(old)
    assert played.manage("demo", "--keys").returncode == 0
    night = play(var=tmp_path)
    assert night.code == 2
    assert "--keys" in night.wrong
    assert play().code == 0


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "fast", ""])
def test_a_speed_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="snelheid"):
        speed(text)
