"""No log, no data: a row about a person is read only after it was written down who looks.

Every way to read that Django knows is tried without an access record. What cannot be guarded from
Python (a join from another table, SQL by hand) is watched by `tests/watch.py` over every verb, and
is for row-level security to refuse.
"""

import uuid

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from coordination.models import Handover, Note
from lzc import access
from lzc.access import NoAccessRecord
from lzc.errors import NotNow, NotSeen
from lzc.events import act
from lzc.models import CLOCK, AccessRecord, Action
from tests import paths, watch
from tests.cast import assemble
from tests.watch import ReadInSecret, looking_on
from triage import gateway
from triage import services as triage
from triage.gateway import Known
from triage.models import CareAssessment, Case, Contact, Patient, PatientData, TriageRecord
from triage.services import ContactIn

ABOUT_A_PERSON = (Patient, Contact, TriageRecord, CareAssessment, Handover, Note)

READS = {
    "list": lambda rows: list(rows.all()),
    "filter": lambda rows: list(rows.filter(pk=uuid.uuid4())),
    "exclude": lambda rows: list(rows.exclude(pk=uuid.uuid4())),
    "get": lambda rows: rows.get(pk=uuid.uuid4()),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("pk"),
    "slice": lambda rows: rows.all()[0],
    "step": lambda rows: rows.all()[:4:2],
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "in_bulk": lambda rows: rows.in_bulk([uuid.uuid4()]),
    "iterator": lambda rows: list(rows.iterator()),
    "aiterator": lambda rows: rows.aiterator(),
    "async for": lambda rows: async_to_sync(_all)(rows),
    "aget": lambda rows: async_to_sync(_one)(rows),
    "only": lambda rows: list(rows.only("pk")),
    "defer": lambda rows: list(rows.defer("pk")),
    "distinct": lambda rows: list(rows.distinct()),
    "order_by": lambda rows: list(rows.order_by("pk")),
    "reverse": lambda rows: list(rows.order_by("pk").reverse()),
    "union": lambda rows: list(rows.all().union(rows.all())),
    "for update": lambda rows: list(rows.select_for_update()),
    "annotate": lambda rows: list(rows.annotate(newest=Max("pk"))),
    "aggregate": lambda rows: rows.aggregate(Max("pk")),
    "count": lambda rows: rows.count(),
    "len": lambda rows: len(rows.all()),
    "bool": lambda rows: bool(rows.all()),
    "exists": lambda rows: rows.exists(),
    "in": lambda rows: rows.model(pk=uuid.uuid4()) in rows.all(),
    "contains": lambda rows: rows.contains(rows.model(pk=uuid.uuid4())),
    "raw": lambda rows: list(rows.raw(f"SELECT * FROM {rows.model._meta.db_table}")),
    "get_or_create": lambda rows: rows.get_or_create(pk=uuid.uuid4()),
    "base manager": lambda rows: list(rows.model._base_manager.all()),
    "default manager": lambda rows: list(rows.model._default_manager.all()),
    "refresh": lambda rows: rows.model(pk=uuid.uuid4()).refresh_from_db(),
    "a field left out": lambda rows: _left_out(rows.model),
    "pickled": lambda rows: rows.all().__reduce_ex__(2),
    "printed": lambda rows: repr(rows.all()),
}


async def _all(rows):
    return [row async for row in rows.all()]


async def _one(rows):
    return await rows.aget(pk=uuid.uuid4())


def _left_out(model):
    name = next(f.attname for f in model._meta.concrete_fields if not f.primary_key)
    return getattr(model.from_db("default", ["id"], [uuid.uuid4()]), name)


@pytest.mark.parametrize("model", ABOUT_A_PERSON)
@pytest.mark.parametrize("way", READS)
def test_no_way_to_read_leads_past_the_access_record(way, model, committed):
    with pytest.raises(NoAccessRecord), act(by=CLOCK):
        READS[way](model.objects)
    with pytest.raises(NoAccessRecord):  # and not outside an act at all
        READS[way](model.objects)


FROM_A_CASE = {
    "its patient": lambda case: case.patient.name,
    "its contacts": lambda case: list(case.contacts.all()),
    "its triage": lambda case: case.newest_triage,
    "its assessments": lambda case: case.assessments.first(),
    "its handovers": lambda case: case.handovers.count(),
    "its notes": lambda case: [n.text for n in case.notes.all()],
    "prefetched": lambda case: list(Case.objects.filter(pk=case.pk).prefetch_related("patient")),
    "whether it may be matched": lambda case: case.may_be_matched,
}


@pytest.mark.parametrize("way", FROM_A_CASE)
def test_nor_does_a_way_through_the_case(way, committed):
    cast = assemble()
    pk = paths.a_case(cast).pk
    with pytest.raises(NoAccessRecord), act(by=cast.coordinator.actor):
        FROM_A_CASE[way](Case.objects.get(pk=pk))


def test_after_the_access_record_they_are_read(committed):
    cast = assemble()
    pk = paths.a_case(cast).pk
    with act(by=cast.coordinator.actor):
        case = gateway.read_case(pk, by=cast.coordinator.actor)
        for way in FROM_A_CASE.values():
            way(case)


def test_what_was_opened_in_one_act_is_closed_in_the_next(committed):
    cast = assemble()
    pk = paths.a_case(cast).pk
    with act(by=cast.coordinator.actor):
        rows = Patient.objects.all()
        gateway.read_case(pk, by=cast.coordinator.actor)
    with pytest.raises(NoAccessRecord):
        list(rows)
    with pytest.raises(NoAccessRecord), act(by=cast.coordinator.actor):
        list(Patient.objects.filter(pk=pk))


def test_outside_an_act_nothing_can_be_opened(committed):
    with pytest.raises(NoAccessRecord, match="inside an act"):
        access.opened(Action.READ, [])


# What is written down --------------------------------------------------------------------------


def looked_at(patient: uuid.UUID) -> list[tuple[str, uuid.UUID]]:
    rows = AccessRecord.objects.filter(patients__contains=[patient]).order_by("at")
    return list(rows.values_list("action", "actor"))


def test_each_look_is_written_down_with_who_looked(committed):
    cast = assemble()
    case = paths.a_case(cast, urgency="")
    with act(by=cast.coordinator.actor):
        gateway.read_case(case.pk, by=cast.coordinator.actor)
    with act(by=cast.huisarts.actor):
        gateway.read_case(case.pk, by=cast.huisarts.actor)
    assert looked_at(case.patient_id) == [
        ("create", cast.coordinator.actor.pk),
        ("read", cast.coordinator.actor.pk),
        ("read", cast.huisarts.actor.pk),
    ]


def test_a_list_is_one_record_with_all_its_patients(committed):
    cast = assemble()
    cases = [paths.a_case(cast, urgency="") for _ in range(3)]
    with act(by=cast.coordinator.actor, subject="work list"):
        shown = list(Case.objects.visible_to(cast.coordinator.actor))
        gateway.attach_patients(shown)
        assert {c.patient.pk for c in shown} == {c.patient_id for c in cases}
    (row,) = AccessRecord.objects.filter(actor=cast.coordinator.actor.pk, action="list")
    assert set(row.patients) == {c.patient_id for c in cases}
    assert row.subject == "work list"


def test_a_search_is_written_down_without_what_was_searched(committed):
    cast = assemble()
    known = cast.patient()
    cast.coordinator.does(
        triage.register, patient=known, contact=ContactIn(), desk=cast.coordinator.desk
    )
    (row,) = AccessRecord.objects.filter(actor=cast.coordinator.actor.pk, action="search")
    assert len(row.detail) == 64
    for term in (known.bsn, known.name, known.postcode):
        assert term not in row.detail


def test_a_refusal_is_written_down_though_the_act_was_undone(committed):
    cast = assemble()
    case = paths.a_case(cast)
    with pytest.raises(NotSeen), act(by=cast.stranger.actor, subject=f"case:{case.pk}", door="GET"):
        gateway.read_case(case.pk, by=cast.stranger.actor)
    (row,) = AccessRecord.objects.filter(actor=cast.stranger.actor.pk)
    assert (row.action, row.detail, row.subject) == ("refused", "not_found", f"case:{case.pk}")
    assert (row.organisation, row.role) == (cast.stranger.house.pk, "huisarts")


def test_who_was_looked_at_stays_written_when_the_act_is_refused(committed):
    cast = assemble()
    case = paths.a_case(cast)
    before = AccessRecord.objects.filter(patients__contains=[case.patient_id]).count()
    with pytest.raises(NotNow), act(by=cast.coordinator.actor):
        gateway.read_case(case.pk, by=cast.coordinator.actor)
        raise NotNow("no")
    assert AccessRecord.objects.filter(patients__contains=[case.patient_id]).count() == before + 1


def test_who_was_looked_at_stays_written_when_the_act_breaks_off(committed):
    cast = assemble()
    case = paths.a_case(cast, urgency="")
    with pytest.raises(RuntimeError), act(by=cast.coordinator.actor):
        gateway.read_case(case.pk, by=cast.coordinator.actor)
        raise RuntimeError("something is wrong here")
    assert [action for action, _ in looked_at(case.patient_id)] == ["create", "read"]


def test_whom_nobody_may_see_is_not_told_from_whom_does_not_exist(committed):
    cast = assemble()
    case = paths.a_case(cast)
    told = []
    for pk in (case.pk, uuid.uuid4()):
        with pytest.raises(NotSeen) as refusal, act(by=cast.stranger.actor):
            gateway.read_case(pk, by=cast.stranger.actor)
        told.append((str(refusal.value), refusal.value.code, refusal.value.status))
    assert told[0] == told[1]


def test_the_bsn_rests_sealed(committed):
    cast = assemble()
    case = paths.a_case(cast, bsn="999999990")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p)::text, bsn_sealed FROM triage_patient p WHERE id = %s",
            [case.patient_id],
        )
        row, sealed = cursor.fetchone()
    assert "999999990" not in row
    assert b"999999990" not in bytes(sealed)
    with cast.coordinator.looks():
        assert Patient.objects.get(pk=case.patient_id).bsn == "999999990"


def test_erased_and_merged_people_are_not_found(committed):
    cast = assemble()
    known = cast.patient()
    row = Patient.objects.filter(pk=paths.a_case(cast, bsn=known.bsn).patient_id)

    def found() -> int:
        with act(by=cast.coordinator.actor):
            return len(gateway.find(Known(bsn=known.bsn)))

    assert found() == 1
    row.update(erased_at=timezone.now())
    assert found() == 0
    row.update(erased_at=None, merged_into=row.values("pk"))
    assert found() == 0


SIDEWAYS = {
    "a join": lambda: list(Case.objects.select_related("patient")),
    "a value": lambda: list(Case.objects.values_list("patient__name")),
    "a condition": lambda: Case.objects.filter(patient__name="P. Pietersen").exists(),
    "an annotation": lambda: list(Case.objects.annotate(who=F("patient__name"))),
    "SQL by hand": lambda: connection.cursor().execute("SELECT name FROM triage_patient"),
    "an update": lambda: Patient.objects.filter(name="P. Pietersen").update(town="Zwolle"),
}


@pytest.mark.parametrize("way", SIDEWAYS)
def test_control_what_looks_on_at_every_verb_sees_what_django_does_not_guard(way, committed):
    """Without this, `looking_on` around the verbs of all these tests would prove nothing."""
    with pytest.raises(ReadInSecret), looking_on(), act(by=CLOCK):
        SIDEWAYS[way]()
    with looking_on(), act(by=CLOCK):
        access.opened(Action.LIST, [])
        SIDEWAYS[way]()


def test_what_is_watched_is_what_is_guarded():
    """A draft is guarded as well; writing in one's own is no look (`watch.READS`)."""
    guarded = {
        model._meta.db_table
        for app in ("lzc", "triage", "capacity", "coordination")
        for model in apps.get_app_config(app).get_models()
        if isinstance(model._default_manager.all(), PatientData)
        and isinstance(model._base_manager.all(), PatientData)
    }
    guarded.remove("triage_draft")
    assert guarded == set(watch.ABOUT_A_PERSON) == {m._meta.db_table for m in ABOUT_A_PERSON}
