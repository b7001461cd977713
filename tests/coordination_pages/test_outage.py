"""The outage list: enough to go on by telephone, sealed before it leaves, and written down."""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from coordination.outage import writing
from coordination.states import OfferState
from lzc.models import AccessRecord, Organisation, Policy
from lzc.run.var import BASE
from lzc.sealing import NotOpened, code_of, opened, unwrapped
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage.gateway import attach_patients
from triage.models import Case

LIST, FILE = "/noodlijst/", "/noodlijst/bestand/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.OUTAGE_DIR = tmp_path / "nood"
    return settings.OUTAGE_DIR


def of(cast: Cast) -> QuerySet[Organisation]:
    """Those of this region: other tests leave theirs behind."""
    return writing.with_a_desk().filter(region=cast.subregion)


def people(cast: Cast) -> list[Any]:
    with cast.coordinator.looks():
        cases = list(Case.objects.visible_to(cast.coordinator.actor))
        attach_patients(cases)
        return [case.patient for case in cases]


def newest() -> AccessRecord:
    return AccessRecord.objects.order_by("-at")[0]


def test_it_holds_what_is_needed_to_go_on_by_telephone(cast: Cast, at: Any) -> None:
    values = {"escalation": {"on_call": "038-0001234"}}
    Policy.objects.create(region=cast.region, version=1, values=values)
    type(cast.ward).objects.filter(pk=cast.ward.pk).update(telephone="038-0005678")
    offer = paths.offer_at(cast, OfferState.SENT)
    (person,) = people(cast)
    told = text_of(at.coordinator.get(LIST))
    request = offer.request
    assert "regionale dienst 038-0001234" in told
    for word in (person.name, person.address, person.telephone, request.case.reference,
                 request.need, "038-0001234", "038-0005678", "De Linde ELV", "Zorgcentrale",
                 "038-4550100", "Overdracht op papier"):  # fmt: skip
        assert word in told, word
    assert person.bsn not in told


def test_who_prints_and_who_takes_a_file_along_is_written_down(cast: Cast, at: Any) -> None:
    patients = {paths.a_request(cast).patient_id for _ in range(2)}
    for path, action in ((LIST, "print"), (FILE, "export")):
        at.coordinator.get(path)
        record = newest()
        assert (record.action, set(record.patients)) == (action, patients)
        assert record.actor == cast.coordinator.actor.pk


@pytest.mark.parametrize("who", ["planner", "adviser"])
def test_only_a_desk_has_one(who: str, at: Any) -> None:
    for path in (LIST, FILE):
        assert getattr(at, who).get(path).status_code == 404


def test_another_desk_has_other_cases(cast: Cast, at: Any) -> None:
    paths.a_request(cast)
    (person,) = people(cast)
    assert person.name not in text_of(at.stranger.get(LIST))
    assert not AccessRecord.objects.filter(actor=cast.stranger.actor.pk).exists()
    assert cast.stranger.house.row.name in text_of(at.stranger.get(LIST))


def test_a_file_opens_with_the_key_of_its_organisation_and_no_other(
    cast: Cast, at: Any, settings: Any
) -> None:
    paths.a_request(cast)
    (person,) = people(cast)
    answer = at.coordinator.get(FILE)
    text = answer.content.decode()
    name = r'attachment; filename="noodlijst-[\d-]+\.html"'
    assert re.fullmatch(name, answer["Content-Disposition"])
    assert person.name not in text
    mine = code_of(settings.OUTAGE_KEY, cast.coordinator.house.pk)
    assert mine in text_of(at.coordinator.get(LIST))
    assert person.name in opened(unwrapped(text), mine)
    with pytest.raises(NotOpened):
        opened(unwrapped(text), code_of(settings.OUTAGE_KEY, cast.triagist.house.pk))


def test_the_clock_writes_one_for_every_desk_and_says_whom_it_took_along(
    cast: Cast, folder: Path
) -> None:
    made = paths.a_request(cast)
    folder.mkdir()
    (folder / "noodlijst-gone-00000000.html").write_text("of a desk that is no more")
    (folder / "anders.html").write_text("of somebody else")
    done = writing.write_all(of(cast))
    files = {file.name for file in folder.iterdir()}
    assert done == of(cast).count() == 6
    assert len(files) == done + 1 and "anders.html" in files
    assert writing.file_of(cast.coordinator.house.row).name in files
    assert not any("linde" in name for name in files)  # a house without a desk
    record = AccessRecord.objects.get(
        organisation=cast.coordinator.house.pk, actor_kind="keeper", ground="continuity"
    )
    assert (record.action, record.patients) == ("export", [made.patient_id])


def test_one_that_cannot_be_made_keeps_no_other_waiting(
    cast: Cast, folder: Path, monkeypatch: Any, caplog: Any
) -> None:
    real, broken = writing.outage_list, cast.coordinator.house.pk

    def sometimes(organisation: Organisation, **more: Any) -> Any:
        if organisation.pk == broken:
            raise RuntimeError("on purpose")
        return real(organisation, **more)

    monkeypatch.setattr(writing, "outage_list", sometimes)
    assert writing.write_all(of(cast)) == of(cast).count() - 1
    assert str(broken) in caplog.text


def test_the_page_says_how_old_the_file_is(cast: Cast, at: Any) -> None:
    assert "nog geen bestand" in text_of(at.coordinator.get(LIST))
    house = cast.coordinator.house.row
    file = writing.write(house)
    page = at.coordinator.get(LIST)
    assert file.name in text_of(page) and not page.context["too_old"]
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 660))
    assert "hoogstens 5 minuten oud" in text_of(at.coordinator.get(LIST))


def test_the_command_opens_it_where_nothing_runs(cast: Cast, tmp_path: Path) -> None:
    """In a copy of LZC of its own, whose servers do not exist."""
    paths.a_request(cast)
    (person,) = people(cast)
    house = cast.coordinator.house.row
    file = writing.write(house)
    told = StringIO()
    call_command("outage_key", str(house.pk), stdout=told)
    card, page = tmp_path / "kaartje", tmp_path / "open.html"
    card.write_text(told.getvalue())
    command = [sys.executable, "manage.py", "open_outage_list", str(file)]
    nowhere = {
        "LZC_VAR": str(tmp_path / "var"),
        "DATABASE_URL": "postgres://x@127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [*command, "--key-file", str(card), "--output", str(page)],
        cwd=BASE,
        env={"PATH": os.defpath} | nowhere,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert person.name in page.read_text() and page.stat().st_mode & 0o777 == 0o600
    assert house.name in done.stdout


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "brief.html").write_text("<p>Geachte")
    (tmp_path / "kaartje").write_text("AAAA-AAAA")
    for file, told in (("brief.html", "no outage list"), ("er-niet.html", "No such file")):
        with pytest.raises(CommandError, match=told):
            call_command("open_outage_list", str(tmp_path / file), key_file=tmp_path / "kaartje")
