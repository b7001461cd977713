"""Fills an empty database with the demo, and takes nothing away, ever."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from coordination.demo import keys
from coordination.demo.ground import Ground, ground
from coordination.demo.stage import Stage
from coordination.demo.stories import STORIES
from lzc.models import Organisation, Region, User


@dataclass(frozen=True)
class Built:
    ground: Ground
    stories: int
    keys: Path


def is_empty() -> bool:
    return not (Region.objects.exists() or Organisation.objects.exists() or User.objects.exists())


def is_filled() -> bool:
    """Is it this demo that the database holds?"""
    wanted = [row.pk for row in ground(timezone.now()).organisations]
    return Organisation.objects.filter(pk__in=wanted).count() == len(wanted)


def build() -> Built:
    """Regions, people and places at once; then what happens there, each verb in its own act."""
    now = timezone.now()
    made = ground(now)
    with transaction.atomic():
        made.write()
        issued = keys.issue()
    written = keys.write(issued)
    stage = Stage(now)
    for story in STORIES:
        story(stage)
    return Built(made, len(STORIES), written)
