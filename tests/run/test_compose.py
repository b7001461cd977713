"""The containers, proved without a container engine: their rules, and their very commands."""

import os
import re
import subprocess

import pytest
import yaml

from coordination.tasks import send_notices
from lzc.celery import app
from lzc.run import healthy, postgres, processes, roles, soundness
from lzc.run.var import BASE
from lzc.tasks import deliver_to

COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "live", "worker", "webhooks", "beat", "migrate")
every_service = pytest.mark.parametrize(
    "service", [pytest.param(s, id=n) for n, s in SERVICES.items()]
)


@every_service
def test_it_runs_without_privileges(service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service and "privileged" not in service
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])


@every_service
def test_it_has_limits_and_writes_to_memory_only(service):
    assert service["pids_limit"] and service["mem_limit"]
    assert any(place.startswith("/tmp:noexec,nosuid") for place in service["tmpfs"])
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES.keys() - {"migrate"})
def test_it_is_watched_and_restarted(name):
    assert SERVICES[name]["restart"] == "always"
    assert SERVICES[name]["healthcheck"]["test"]


def test_migrating_is_done_once_by_the_owner_before_anything_serves():
    migrate = SERVICES["migrate"]
    assert migrate["restart"] == "no"
    assert migrate["environment"]["LZC_AS_OWNER"] == "1"
    for name in ("web", "live", "worker", "webhooks", "beat"):
        assert (
            SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        )
        assert "LZC_AS_OWNER" not in SERVICES[name]["environment"]
        assert "database_owner_url" not in SERVICES[name]["secrets"]


@pytest.mark.parametrize("kind", processes.COMMANDS)
def test_the_commands_are_those_of_make_run(kind):
    assert SERVICES[kind]["command"] == processes.COMMANDS[kind]
    assert SERVICES[kind]["healthcheck"]["test"][-2:] == ["lzc.run.healthy", kind]
    assert kind in healthy.CHECKS


def test_what_other_systems_answer_keeps_no_sweep_waiting():
    """Each worker takes its own queue, and together they take all there are."""
    queues = {
        kind: re.search(r"--queues (\S+)", processes.COMMANDS[kind])[1]
        for kind in ("worker", "webhooks")
    }
    routes = {name: route["queue"] for name, route in app.conf.task_routes.items()}
    outside = {deliver_to.name, send_notices.name}
    assert routes == dict.fromkeys(outside, queues["webhooks"])
    assert app.conf.task_default_queue == queues["worker"] != queues["webhooks"]


def test_the_database_keeps_statements_and_refused_rows_out_of_its_log():
    said = SERVICES["db"]["command"]
    told = dict(part.split("=") for part in re.findall(r"-c (\S+)", said))
    ours = {name: value for name, value in postgres.SETTINGS.items() if name.startswith("log_")}
    assert told == {name: value for name, value in ours.items() if name != "log_timezone"}
    for name, silent in soundness.DISCREET.items():
        assert told.get(name, silent[0]) in silent


def test_secrets_are_files_and_no_value_stands_in_the_text():
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"deploy/secrets/{name}"}
    for name in OURS:
        said = SERVICES[name]["environment"]
        bare = {name.upper() for name in SERVICES["migrate"]["secrets"]}
        assert len(bare) == 7 and not bare & said.keys()
        files = {value for key, value in said.items() if key.endswith("_FILE")}
        assert files == {f"/run/secrets/{secret}" for secret in SERVICES[name]["secrets"]}


def test_only_the_proxy_is_reached_from_outside_and_only_webhooks_go_out():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["data"] == {"internal": True}
    outward = {"front": "proxy", "out": "webhooks"}
    for network, name in outward.items():
        assert [other for other, s in SERVICES.items() if network in s["networks"]] == [name]
    assert "data" not in SERVICES["proxy"]["networks"]


def test_the_secrets_are_made_once_and_are_all_there(tmp_path):
    script = tmp_path / "make-secrets"
    script.write_bytes((BASE / "deploy" / "make-secrets").read_bytes())
    first = subprocess.run(["sh", script], capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    made = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert made.keys() == COMPOSE["secrets"].keys()
    assert len(set(made.values())) == len(made)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert made["app_password"] in made["database_url"]
    again = subprocess.run(["sh", script], capture_output=True, text=True)
    assert again.returncode == 1 and "kept" in again.stderr
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == made


def test_the_database_is_made_with_the_same_grants():
    script = (BASE / "deploy" / "database" / "roles.sh").read_text()
    for grant in roles.GRANTS:
        assert f"{grant};" in script


@pytest.mark.parametrize(
    "path", ["build", "entrypoint", "make-secrets", "valkey.sh", "database/roles.sh"]
)
def test_the_scripts_are_shell_and_can_be_run(path):
    script = BASE / "deploy" / path
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


def test_the_image_is_not_root_and_checks_before_it_starts():
    text = (BASE / "Dockerfile").read_text()
    lzc = text[text.index("AS lzc") : text.index("AS proxy")]
    assert "USER 10001:10001" in lzc and 'ENTRYPOINT ["/app/deploy/entrypoint"]' in lzc
    assert "--require-hashes" in text
    assert "check_start" in (BASE / "deploy" / "entrypoint").read_text()
