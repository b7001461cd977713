"""`manage.py demo`, on a real database."""

import json
import stat

from coordination.demo.people import CAST, PASSWORD
from coordination.demo.stories import STORIES
from tests.demo.conftest import DemoStack


def test_the_demo_is_there(demo: DemoStack) -> None:
    counts = {
        table: demo.rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("lzc_region", "lzc_postalarea", "lzc_policy", "triage_case")
    }
    assert counts == {
        "lzc_region": 11,
        "lzc_postalarea": 316,
        "lzc_policy": 3,
        "triage_case": len(STORIES),
    }


def test_boards_are_not_empty(demo: DemoStack) -> None:
    requests = dict(demo.rows("SELECT state, count(*) FROM coordination_carerequest GROUP BY 1"))
    assert {"submitted", "searching", "waiting", "assigned"} <= requests.keys()
    offers = dict(demo.rows("SELECT state, count(*) FROM coordination_offer GROUP BY 1"))
    assert {"sent", "accepted", "assigned", "declined"} <= offers.keys()
    assert demo.rows("SELECT count(*) FROM coordination_handover WHERE state = 'offered'") == [(1,)]
    assert demo.rows("SELECT count(*) FROM triage_case WHERE state = 'redirected'") == [(1,)]
    late = "SELECT count(*) FROM coordination_carerequest WHERE needed_by < now() + interval '3 s'"
    assert demo.rows(f"{late} AND state = 'submitted'") == [(1,)]


def test_what_the_demo_did_is_in_the_logs(demo: DemoStack) -> None:
    """The stories went through the verbs: facts with an actor, and who looked at whom."""
    nameless = "SELECT count(*) FROM lzc_event WHERE organisation IS NULL OR actor_kind = 'clock'"
    assert demo.rows(nameless) == [(0,)]
    seen = "SELECT count(DISTINCT p) FROM lzc_accessrecord, unnest(patients) p"
    assert demo.rows(seen) == demo.rows("SELECT count(*) FROM triage_patient")


def test_most_patients_have_no_bsn_and_none_is_readable(demo: DemoStack) -> None:
    with_bsn = "SELECT bsn_sealed FROM triage_patient WHERE bsn_sealed IS NOT NULL"
    sealed = [bytes(row[0]) for row in demo.rows(with_bsn)]
    assert len(sealed) == 3
    assert all(b"9999" not in value for value in sealed)


def test_it_is_not_put_beside_anything_else(demo: DemoStack) -> None:
    before = demo.rows("SELECT count(*) FROM lzc_event")
    again = demo.manage("demo")
    assert again.returncode == 1
    assert "not empty" in again.stderr
    quiet = demo.manage("demo", "--if-empty")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert demo.rows("SELECT count(*) FROM lzc_event") == before


def test_not_in_production_unless_somebody_knows(demo: DemoStack) -> None:
    """The refusal comes first, whatever there is in the database."""
    secrets = {
        "LZC_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "lzc.settings",
        "SECRET_KEY": "s" * 60,
        "BSN_KEY": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
        "BSN_INDEX_KEY": "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=",
        "OUTAGE_KEY": "Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0M=",
        "ALLOWED_HOSTS": "lzc.example.nl",
    }
    refused = demo.manage("demo", "--skip-checks", **secrets)
    assert refused.returncode == 1, refused.stderr
    assert "--i-know" in refused.stderr


def test_a_dry_run_says_what_would_be_made(demo: DemoStack) -> None:
    before = demo.rows("SELECT count(*) FROM lzc_region")
    said = demo.manage("demo", "--dry-run")
    assert said.returncode == 0
    assert "316 areas" in said.stdout
    assert f"{len(STORIES)} stories" in said.stdout
    assert demo.rows("SELECT count(*) FROM lzc_region") == before


def test_log_ins_are_told_and_open_the_door(demo: DemoStack) -> None:
    told = demo.manage("demo", "--logins").stdout
    assert PASSWORD in told
    assert all(worker.username in told for worker in CAST)
    assert {"/werklijst/", "/taken/", "/aanvraag/", "/capaciteit/"} <= set(told.split())
    check = (
        "from django.contrib.auth.hashers import check_password;"
        "from lzc.models import User;"
        f"print(all(check_password({PASSWORD!r}, u.password) for u in User.objects.all()[:3]))"
    )
    assert demo.manage("shell", "-v0", "-c", check).stdout.strip() == "True"


def test_keys_are_for_this_user_only_and_never_told(demo: DemoStack) -> None:
    file = demo.var / "demo-keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = {part: told["key"] for part, told in json.loads(file.read_text()).items()}
    said = demo.manage("demo", "--keys")
    after = {part: told["key"] for part, told in demo.keys().items()}
    assert said.returncode == 0
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    assert not any(key in said.stdout + said.stderr for key in after.values())
    revoked = "SELECT count(*) FROM lzc_apiclient WHERE revoked_at IS NOT NULL"
    assert demo.rows(revoked)[0][0] >= len(before)
