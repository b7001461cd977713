"""Keys for the machines that play the night: made once, kept in a file for this user only.

They are never printed. Who they belong to, LZC says itself (`GET /api/v1/me`).
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from coordination.demo.ground import made_id
from lzc import keys
from lzc.models import ApiClient, Desk, Organisation
from lzc.rights import Duty

Keys = dict[str, dict[str, str]]
VALID = timedelta(days=365)
DESK = (Duty.DESK, Duty.ASK)


@dataclass(frozen=True)
class Machine:
    """What plays a part: whose system it is, and what it may do."""

    part: str
    slug: str
    scopes: tuple[Duty, ...]


MACHINES = (
    Machine("meldkamer", "kievit", DESK),
    Machine("hap", "ooievaar", DESK),
    Machine("zorgcentrale", "vuurtoren", DESK),
    Machine("zcc", "brug", DESK),
    Machine("team", "zilverdraad", (*DESK, Duty.ANSWER, Duty.VISIT)),
    Machine("huisarts", "linde", DESK),
    Machine("house_full", "mistelgaard", (Duty.ANSWER,)),
    Machine("house", "wolkenveld", (Duty.ANSWER,)),
)


def file() -> Path:
    return Path(settings.VAR_DIR) / "demo-keys.json"


def issue() -> Keys:
    """New keys for every machine; the ones it had no longer open anything."""
    made: Keys = {}
    for machine in MACHINES:
        organisation = Organisation.objects.get(pk=made_id("organisation", machine.slug))
        desk = Desk.objects.filter(organisation=organisation).first()
        name = f"demo {machine.part}"
        ApiClient.objects.filter(organisation=organisation, name=name, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        issued = keys.issue(organisation, name=name, scopes=machine.scopes, desk=desk, valid=VALID)
        made[machine.part] = {"key": issued.key, "name": organisation.name}
    return made


def write(made: Keys) -> Path:
    """In one step, and readable by its owner only from the first byte."""
    target = file()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(made, indent=1))
    return draft.replace(target)
