"""Questions with keys, in whatever order, by whomever: each is answered once and done once."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity import services as capacity
from capacity.models import Place
from lzc.errors import NotNow, NotValid
from lzc.events import act, fingerprint
from lzc.models import IdempotencyKey, LogCounter
from tests.cast import assemble

WHO = ("planner", "other_planner")


@dataclass(frozen=True)
class Question:
    who: int
    key: int
    count: int
    #: Something goes wrong after it was done, before it is answered.
    breaks: bool


questions = st.lists(
    st.builds(
        Question,
        who=st.integers(0, 1),
        key=st.integers(0, 3),
        count=st.integers(1, 3),
        breaks=st.booleans(),
    ),
    max_size=20,
)


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(questions)
def test_each_question_is_done_once_and_answered_the_same(committed, questions):
    cast = assemble()
    answered: dict[tuple[int, int], tuple[int, str]] = {}
    free = [0, 0]
    began, done = LogCounter.objects.get().n, 0
    for asked in questions:
        known = answered.get((asked.who, asked.key))
        came = ask(cast, asked, turn=len(answered))
        if known is None and asked.breaks:
            assert came == "broken"
        elif known is None:
            answered[asked.who, asked.key] = (asked.count, came)
            free[asked.who] += asked.count
            done += 1
        elif known[0] != asked.count:
            assert came == "key_reused"
        else:
            assert came == known[1]
    wards = (cast.ward, cast.other_ward)
    assert [Place.objects.filter(unit=ward).count() for ward in wards] == free
    assert LogCounter.objects.get().n == began + done
    actors = [getattr(cast, who).actor.pk for who in WHO]
    assert IdempotencyKey.objects.filter(actor__in=actors).count() == done


def ask(cast, asked: Question, turn: int) -> str:
    """The answer, or how it was refused."""
    by = getattr(cast, WHO[asked.who]).actor
    ward = (cast.ward, cast.other_ward)[asked.who]
    body = fingerprint(b"POST", b"/places", str(asked.count).encode())
    try:
        with act(by=by, key=f"key-{asked.key}", fingerprint=body) as this:
            if not this.replayed:
                capacity.release(ward.pk, count=asked.count, by=by)
                this.answer = (201, f"answer {turn}")
                if asked.breaks:
                    raise NotNow("it broke", code="broken")
            assert this.answer
            return this.answer[1]
    except (NotNow, NotValid) as refusal:
        return refusal.code
