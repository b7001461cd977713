"""The token of a wall screen: who may make one, and what the operator's command says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lzc import walls
from lzc.errors import NotAllowed, NotSeen, NotValid
from lzc.models import Event, WallToken
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_only_the_desk_of_the_organisation_itself_makes_one(cast: Cast) -> None:
    house = cast.coordinator.house.row
    assert cast.colleague.does(walls.issue, house, name="hal", days=1).wall.organisation == house
    for other in (cast.triagist, cast.planner, cast.adviser, cast.clock):
        with pytest.raises(NotAllowed):
            other.does(walls.issue, house, name="hal", days=1)
    with pytest.raises(NotAllowed):
        cast.planner.does(walls.issue, cast.planner.house.row, name="hal", days=1)


@pytest.mark.parametrize(("name", "days"), [("", 9), ("  ", 9), ("hal", 0), ("hal", 367)])
def test_a_screen_has_a_place_and_an_end(cast: Cast, name: str, days: int) -> None:
    with pytest.raises(NotValid):
        cast.coordinator.does(walls.issue, cast.coordinator.house.row, name=name, days=days)


def test_what_is_revoked_once_is_not_there_to_be_revoked_again(cast: Cast) -> None:
    made = cast.coordinator.does(walls.issue, cast.coordinator.house.row, name="hal", days=1)
    cast.coordinator.does(walls.revoke, made.pk)
    assert walls.opened(made.token) is None
    with pytest.raises(NotSeen):
        cast.coordinator.does(walls.revoke, made.pk)


def test_no_token_is_kept(cast: Cast) -> None:
    made = cast.coordinator.does(walls.issue, cast.coordinator.house.row, name="hal", days=1)
    secret = made.token.split("_", 2)[2]
    (row,) = WallToken.objects.filter(pk=made.pk).values()
    assert secret not in str(row) and bytes(row["key_hash"]) != secret.encode()
    assert walls.opened(made.token) == made.wall


def test_the_operator_makes_one_on_the_command_line(cast: Cast) -> None:
    token, told = StringIO(), StringIO()
    house = cast.coordinator.house.row
    call_command("issue_wall_token", str(house.pk), "hal", "--days=3", stdout=token, stderr=told)
    opened = walls.opened(token.getvalue().strip())
    assert opened and opened.organisation == house and "/wand/" in told.getvalue()
    event = Event.objects.get(subject=opened.pk)
    assert (event.type, event.actor_kind, event.audience) == ("wall.issued", "operator", [house.pk])
    with pytest.raises(CommandError, match="1 to 366"):
        call_command("issue_wall_token", str(house.pk), "hal", "--days=400")
    with pytest.raises(CommandError, match="Nothing has"):
        call_command("issue_wall_token", "Nergens", "hal")
