"""No burgerservicenummer and no refused row comes into a log line, wherever it stands."""

import json
import logging
import logging.config
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from capacity import reminders
from lzc.conf import logs
from lzc.models import Region

BSN = "999990019"


@pytest.mark.parametrize(
    "value",
    [
        BSN,
        int(BSN),
        f"patient {BSN} called",
        {"patient": {"numbers": [BSN]}},
        {BSN: "as a key"},
        ValueError(f"no such patient: {BSN}"),
        (BSN,),
    ],
)
def test_a_bsn_is_blacked_out_however_deep_it_lies(value):
    assert BSN not in repr(logs.discreet(value))


@pytest.mark.parametrize("said", ["GET {}", "Not Found: {}", "{}?gezegd=1"])
def test_the_signed_part_of_a_link_is_blacked_out(said):
    path = reverse("capacity_link", args=[reminders.sign(uuid.uuid4())])
    token = path.split("/")[2]
    told = logs.discreet(said.format(path))
    assert token not in told and token.partition(":")[0] not in told
    assert "/klopt-nog/■/" in told


@pytest.mark.parametrize("slash", ["%2F", "%2f", "%252F", "/%2F"])
def test_a_link_that_was_spelled_another_way_is_blacked_out_as_well(slash):
    token = reminders.sign(uuid.uuid4())
    told = logs.discreet(f"Not Found: /KLOPT%2Dnog{slash}{token}{slash} of http")
    assert told.endswith("■ of http") or told.endswith("■/%2F of http")
    assert token.partition(":")[0] not in told
    both = logs.discreet(f"next=%2Fklopt-nog{slash}{token.replace(':', '%3A')}&x")
    assert token.partition(":")[0] not in both


@pytest.mark.parametrize("value", ["999990018", 418, 12.5, None, True, "tel. 0318-123456", "x" * 9])
def test_what_is_no_bsn_stays(value):
    assert logs.discreet(value) == value


@given(st.integers(min_value=10_000_000, max_value=999_999_999))
def test_a_number_stays_exactly_when_it_fails_the_eleven_test(number):
    digits = f"{number:09d}"
    weighed = sum((9 - place) * int(digit) for place, digit in enumerate(digits[:8]))
    is_bsn = (weighed - int(digits[8])) % 11 == 0
    assert (str(number) in logs.discreet(f"see {number}.")) is not is_bsn


def test_what_the_database_says_of_a_refused_row_is_left_out(capsys, db):
    """In the text of the error, in a traceback, and in that of what it caused."""
    configuration = logs.configure("INFO")
    handler = configuration["handlers"]["console"] | {"stream": "ext://sys.stderr"}
    logging.config.dictConfig(configuration | {"handlers": {"console": handler}})
    slug = f"kanarie-{uuid.uuid4().hex[:8]}"  # a traceback shows the lines of this very test
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        regions = [Region(slug=slug, name="Een\n\nTwee") for _ in range(2)]
        Region.objects.bulk_create(regions)
    with pytest.raises(ProgrammingError) as odd, transaction.atomic():
        connection.cursor().execute(f"SELECT '{slug}', nothing")
    capsys.readouterr()
    for error in (broken.value, odd.value):
        assert slug in str(error)
        logging.getLogger("lzc").error("it broke: %s", error, exc_info=error)
    said = capsys.readouterr().err
    assert "duplicate key value" in said and "IntegrityError" in said
    assert slug not in said


def test_a_line_is_one_json_object_without_the_bsn(capsys):
    configuration = logs.configure("INFO")
    handler = configuration["handlers"]["console"] | {"stream": "ext://sys.stderr"}
    logging.config.dictConfig(configuration | {"handlers": {"console": handler}})
    reference = str(uuid.uuid4())
    logging.getLogger("lzc").error("patient %s of case %s", BSN, reference, extra={"bsn": BSN})
    line = json.loads(capsys.readouterr().err)
    assert line["level"] == "error"
    assert reference in line["event"]
    assert BSN not in json.dumps(line)
