"""What somebody typed about a patient and did not send yet."""

import json
import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from lzc.crypto import open_draft, seal_draft
from lzc.models import Actor, Membership
from triage.models.guarded import PatientData

#: After this long without a word added, nobody will go on with it.
KEPT = timedelta(hours=24)


class DraftQuerySet(PatientData):
    def of(self, actor: Actor, case_id: uuid.UUID | None) -> "DraftQuerySet":
        """Of nobody but who typed it, in the role they typed it in."""
        return self.filter(membership=actor.pk, case=case_id)

    def fresh(self) -> "DraftQuerySet":
        """Not of yesterday, also when nobody swept."""
        return self.filter(kept_at__gt=Now() - KEPT)


class Draft(models.Model):
    """Concept: a form half filled in. Sealed: it may hold a person whom no case knows yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    #: The case it is about; none when the person is new.
    case = models.ForeignKey("triage.Case", models.CASCADE, null=True, related_name="+")
    sealed = models.BinaryField(editable=False)
    kept_at = models.DateTimeField(db_default=Now())

    objects = DraftQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "case"], nulls_distinct=False, name="draft_one_per_form"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kept_at"], name="draft_kept_at")]

    def __str__(self) -> str:
        return f"{self.kept_at:%F %R}"

    @property
    def fields(self) -> dict[str, Any]:
        """What was typed, by the names of the form."""
        said: dict[str, Any] = json.loads(open_draft(bytes(self.sealed), *self._whose()))
        return said

    def seal(self, fields: dict[str, Any]) -> "Draft":
        self.sealed = seal_draft(json.dumps(fields), *self._whose())
        return self

    def _whose(self) -> list[uuid.UUID]:
        return [one for one in (self.membership_id, self.case_id) if one]
