"""The document says whose an operation is, as the tables of moves have it."""

from typing import Any

import pytest

from coordination.api.who import ELSEWHERE, NAMED, moves_of, sentence
from coordination.states import HANDOVER_MOVES, OFFER_MOVES, OfferState, Side
from lzc.api.document import document
from lzc.moves import Moves, move
from lzc.rights import Duty


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        said["operationId"]: (path, method, said)
        for path, methods in document()["paths"].items()
        for method, said in methods.items()
    }


def test_it_is_said_as_the_table_has_it() -> None:
    *_, said = operations()["accept_offer"]
    assert said["description"] == (
        "**Who may:** the provider, with the scope `answer`. **When:** the offer is `asked` or "
        "`sent`, and then it is `accepted`. **Fact:** `offer.accepted`."
    )


def test_what_may_be_new_need_not_be_in_a_state() -> None:
    *_, said = operations()["release_places"]
    assert said["description"] == (
        "**Who may:** the planner, with the scope `answer`. **Fact:** `place.released`."
    )


def test_what_was_described_stays_in_front_of_it() -> None:
    *_, said = operations()["add_triage"]
    before, *_ = said["description"].split("\n\n")
    assert before == "U0 and U1 redirect the case to 112."


@pytest.mark.parametrize(("of", "table"), [("offers", OFFER_MOVES), ("handovers", HANDOVER_MOVES)])
def test_every_move_that_somebody_can_make_is_said_once(of: str, table: Moves) -> None:
    made = [
        found.event
        for name, (path, method, _) in operations().items()
        if method == "post" and path.startswith(f"/api/v1/{of}/")
        for found in moves_of(path, name)[1].values()
    ]
    assert sorted(made) == sorted(m.event for m in table.values() if m.by - ELSEWHERE)


def test_each_name_of_its_own_is_an_operation() -> None:
    assert set(NAMED) <= set(operations())


def test_a_question_moves_nothing() -> None:
    silent = [said for _, method, said in operations().values() if method == "get"]
    assert len(silent) > 20
    assert not [said for said in silent if "**Fact:**" in said.get("description", "")]


def test_the_clock_is_nobody_to_ask() -> None:
    both = move({Side.CLOCK, Side.DESK}, Duty.DESK, {OfferState.SENT}, None, "offer.shown")
    assert sentence("offer", both) == (
        "**Who may:** the desk, with the scope `desk`. **When:** the offer is `sent`. "
        "**Fact:** `offer.shown`."
    )
