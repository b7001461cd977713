"""A plan of a whole region, reading included: from a real database to who would get which place.

Filled by SQL, past the verbs. What is measured is all that `make_plan` does before it writes: the
open requests, what they tried, the free places, who may go where, the plan beside first come,
first served, and the hard rules of every pair. The second solver gets the very same question.
"""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.rows import Row

REPEATS = 5
SIZES = {(500, 2_000): 100, (2_000, 10_000): 300}
QUICK = {(100, 400): 100}

GROUND = """
WITH region AS (
    INSERT INTO lzc_region (id, slug, name) VALUES (gen_random_uuid(), %(slug)s, 'Bank')
    RETURNING id
), house AS (
    INSERT INTO lzc_organisation (id, name, kind, region_id, town, agb_code, ura)
    SELECT gen_random_uuid(), 'Huis', 'zcc', id, '', '', '' FROM region RETURNING id, region_id
), desk AS (
    INSERT INTO lzc_desk (id, organisation_id, region_id, name, telephone, opening_hours)
    SELECT gen_random_uuid(), id, region_id, 'Desk', '', '' FROM house RETURNING id
)
SELECT house.region_id, house.id, desk.id FROM house, desk
"""
AREAS = """
INSERT INTO lzc_postalarea (pc4, town, region_id, x, y, lat, lon)
SELECT n, 'Dorp ' || n / 10, %(region)s, 150000 + random() * 60000, 450000 + random() * 60000, 52, 6
FROM generate_series(7000, 7399) n ON CONFLICT DO NOTHING
"""
#: Kinds of care, attributes and how full it is as in `benchmarks.nearest`; every tenth by day only.
UNITS = """
INSERT INTO capacity_careunit (id, organisation_id, region_id, name, care_type, town, pc4, x, y,
    lat, lon, telephone, attributes, service_area, main_practitioner, beds, source, admits,
    shift_areas, direct_booking, observed_at, admits_from, admits_until)
SELECT gen_random_uuid(), %(house)s, %(region)s, 'afdeling ' || n,
    (ARRAY['elv_laag', 'elv_hoog', 'grz', 'wlz_crisis', 'respijt'])[1 + n %% 5], '', 7000,
    150000 + random() * 60000, 450000 + random() * 60000, 52, 6, '',
    array_remove(ARRAY['insulin', CASE WHEN random() < 0.9 THEN 'transfer_1' END,
        CASE WHEN random() < 0.05 THEN 'oxygen' END], NULL),
    '{}', '', 20, '', '{}', '{}', false, now(),
    CASE WHEN n %% 10 = 0 THEN 480 END, CASE WHEN n %% 10 = 0 THEN 1020 END
FROM generate_series(1, %(units)s::int) n
"""
PLACES = """
INSERT INTO capacity_place (id, unit_id, state, attributes, source, care_type, x, y, gives)
SELECT gen_random_uuid(), id, CASE WHEN random() < 0.15 THEN 'free' ELSE 'occupied' END,
    CASE WHEN random() < 0.3 THEN ARRAY['single_room'] ELSE '{}' END, 'api', '', 0, 0, '{}'
FROM capacity_careunit, generate_series(1, 2) WHERE region_id = %(region)s
"""
#: A tenth U2, each seen by a physician; one in ten asks for a single room, one in twenty oxygen.
REQUESTS = """
WITH person AS (
    INSERT INTO triage_patient (id, no_bsn, foreign_id, name, birth_date, sex, address, postcode,
        town, telephone, access_notes, person_key, address_key)
    SELECT gen_random_uuid(), 'unknown', '', 'Bank ' || n, '1940-01-01', 'female', 'Straat ' || n,
        '8017ZZ', 'Zwolle', '', '', %(slug)s::text || n || '|19400101', '8017ZZ|' || n
    FROM generate_series(1, %(requests)s::int) n RETURNING id
), old AS (
    INSERT INTO triage_case (id, patient_id, region_id, owner_id, state, close_reason, ritnummer,
        version, sensitivity)
    SELECT gen_random_uuid(), id, %(region)s, %(desk)s, 'open', '', '', 1, '' FROM person
    RETURNING id, patient_id
), owned AS (
    INSERT INTO triage_involvement (case_id, organisation_id, desk_id, kind)
    SELECT id, %(house)s, %(desk)s, 'owner' FROM old
), asked AS (
    INSERT INTO coordination_carerequest (id, case_id, patient_id, kind, care_types, urgency,
        needed_by, need, requirements, wishes, pc4, requester_id, requested_by, callback, consent,
        desk_id, state, interim_plan, end_reason, submitted_at, version, watcher, worst_case,
        escalated_to, told_units, cascade, wish_codes, sex, beyond, legal_ground, who_treats)
    SELECT gen_random_uuid(), id, patient_id, 'placement',
        (ARRAY['{elv_laag,elv_hoog}', '{elv_hoog,grz}', '{wlz_crisis,respijt}'])[
            1 + floor(random() * 3)::int]::varchar[],
        (ARRAY['U2', 'U3', 'U3', 'U3', 'U3', 'U4', 'U4', 'U4', 'U5', 'U4'])[
            1 + floor(random() * 10)::int],
        now() + random() * interval '6 hours', 'hulp',
        array_remove(ARRAY[CASE WHEN random() < 0.1 THEN 'single_room' END,
            CASE WHEN random() < 0.05 THEN 'oxygen' END], NULL), '',
        7000 + (random() * 399)::int, %(house)s, %(house)s, '', 'given', %(desk)s, 'submitted', '',
        '', now() - random() * interval '10 hours', 1, '', '', '', '{}', '{}',
        '{}', 'female', false, '', ''
    FROM old RETURNING case_id, urgency
)
INSERT INTO triage_triagerecord (id, case_id, number, how, reason, system, code, urgency,
    complaint, abcde, treatment_limits, physician, organisation_id, actor,
    alarm_signals)
SELECT gen_random_uuid(), case_id, 1, 'new', '', '', '', urgency, '', '{}', '', 'arts', %(house)s,
    %(house)s, '{}' FROM asked
"""


def run(*, quick: bool, say: Callable[[str], None]) -> list[Row]:
    rows: list[Row] = []
    for (requests, units), goal in (QUICK if quick else SIZES).items():
        say(f"a plan of {requests:,} requests and {units:,} units, read from the database")
        rows += _measured(requests, units, goal)
    return rows


def _measured(requests: int, units: int, goal: int) -> list[Row]:
    region = fill(requests, units)
    _planned(region)
    gc.freeze()  # As the web does once it is loaded.
    taken = [_timed(region) for _ in range(REPEATS)]
    wall, cpu = (median(each) for each in zip(*taken, strict=True))
    told, ours, second, floor = _beside(region)
    name = f"plan {requests:,} × {units:,}, read from the database"
    both = (f"{len(told.pairs)}", f"{len(told.first_come)}")
    return [
        Row(f"{name}: wall", f"{wall:.1f} ms", "", "", f"≤ {goal} ms"),
        Row(f"{name}: our own processor", f"{cpu:.1f} ms", "", "", "shown"),
        Row(f"{name}: value", str(ours), str(second), f"floor {floor:.0f} ms", "equal"),
        Row(f"{name}: placed, by asking first", *both, "", "shown"),
    ]


def fill(requests: int, units: int) -> Any:
    """A region of its own. The database is not told how much there is of what."""
    from django.db import connection, transaction

    from lzc.models import Region

    asked: dict[str, Any] = {"slug": f"bank-{requests}", "units": units, "requests": requests}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(GROUND, asked)
        asked |= dict(zip(("region", "house", "desk"), cursor.fetchone(), strict=True))
        for sql in (AREAS, UNITS, PLACES, REQUESTS):
            cursor.execute(sql, asked)
    return Region.objects.get(pk=asked["region"])


def _planned(region: Any) -> Any:
    """What `make_plan` does before it writes."""
    from django.utils import timezone

    from coordination.matching import Moment
    from coordination.sharing import reading
    from coordination.sharing.pairing import shared
    from lzc.events import act
    from lzc.hours import AMSTERDAM
    from lzc.models import CLOCK

    now, rules = timezone.now(), region.rules()
    with act(by=CLOCK, door="benchmark"):
        where = reading.regions_of(region)
        found = reading.matchable(reading.open_requests(where, now))
        at = Moment.of(now.astimezone(AMSTERDAM), rules)
        places = reading.free_places(region.root_id, now, at)
    return found, places, rules, shared(found, places, at=at, rules=rules)


def _timed(region: Any) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    _planned(region)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _beside(region: Any) -> tuple[Any, int, int, float]:
    """The plan's own last question, given to a solver that knows nothing of ours."""
    from benchmarks.assigning import by_linear_program
    from coordination.assignment import NOWHERE, best_pairs
    from coordination.sharing.asks import Asked
    from coordination.sharing.nearby import NEAR
    from coordination.sharing.pairing import Pairing

    found, places, rules, told = _planned(region)
    pairing = Pairing(Asked.of(found), places, rules, NEAR)
    question, _ = pairing.grown(best_pairs, pairing.turns())
    best = best_pairs(question)
    ours = int(question.weight[best[best != NOWHERE]].sum())
    began = time.perf_counter()
    second = by_linear_program(question)
    if ours != second:
        raise SystemExit(f"the solvers differ: {ours} and {second}. One of them is wrong")
    return told, ours, second, (time.perf_counter() - began) * 1000
