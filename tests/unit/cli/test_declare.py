"""What is typed for a command is declared once, where the parameter is that it is given to."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner

from certs.cli.declare import PORT, SLUG, Paths, Words, argument, option, together
from certs.cli.how import AS, BECAUSE, JSON, REASON, YES, How, command, group
from certs.errors import InputError


class Colour(StrEnum):
    """An enumeration whose names are not its values."""

    RED = "dark red"
    BLUE = "blue"


@dataclass(frozen=True)
class Reach:
    """What is made of two parameters."""

    sessions: int | None
    percent: int | None


@together
def reach(
    sessions: int | None = option("--sessions", "How many."), percent: int | None = option("--percent", "%.")
) -> Reach:
    return Reach(sessions, percent)


GIVEN: list[tuple[object, ...]] = []


@command(REASON, YES, AS, JSON)
def paint(
    how: How,
    slug: str = SLUG,
    files: Paths = argument("FILE..."),
    said: str = option("--said", "A text."),
    maybe: str | None = option("--maybe", "Perhaps a text."),
    kinds: Words = option("--kind", "Several."),
    colour: Colour | None = option("--colour", "One of an enumeration."),
    only: Literal["desk"] | None = option("--only", "One word."),
    since: datetime | None = option("--since", "A moment."),
    port: int = option("--port", "A number.", default=8000, type=PORT),
    all_: bool = option("--all", "A flag."),
    within: Reach = reach,
) -> int:
    """Paint SLUG.

    Example:
      certs paint one two
    """
    GIVEN.append((slug, files, said, maybe, kinds, colour, only, since, port, all_, within))
    GIVEN.append((how.reason, how.yes, how.actor, how.wants_json))
    return 3


def painted(*typed: str) -> tuple[object, ...]:
    """Return what the command was given."""
    GIVEN.clear()
    assert paint.main(list(typed), standalone_mode=False) == 3
    return GIVEN[0]


def test_what_is_not_said_is_empty_none_or_nothing() -> None:
    nothing = ("one", (), "", None, (), None, None, None, 8000, False, Reach(None, None))
    assert painted("one") == nothing
    assert GIVEN[1] == ("", False, None, False)


def test_the_type_of_a_parameter_says_what_may_be_typed() -> None:
    said = ("--said", "a", "--maybe", "b", "--kind", "c", "--kind", "d", "--colour", "dark red", "--only", "desk")
    more = ("--since", "2026-11-20", "--port", "1", "--all", "--sessions", "2", "--percent", "5")
    values = painted("one", "x.csv", "y.csv", *said, *more)
    day = datetime(2026, 11, 20, tzinfo=UTC)
    files = (Path("x.csv"), Path("y.csv"))
    assert values == ("one", files, "a", "b", ("c", "d"), Colour.RED, "desk", day, 1, True, Reach(2, 5))


def test_what_is_shared_is_known_to_the_call() -> None:
    painted("one", "--reason", " why ", "--yes", "--as", "Ana", "--json")
    assert GIVEN[1] == ("why", True, "Ana", True)


@pytest.mark.parametrize("typed", [(), ("one", "--colour", "RED"), ("one", "--only", "worker"), ("one", "--port", "0")])
def test_what_may_not_be_typed_is_refused_as_usage(typed: tuple[str, ...]) -> None:
    assert CliRunner().invoke(paint, list(typed)).exit_code == 2


def test_a_moment_that_is_none_is_refused_with_what_to_write() -> None:
    with pytest.raises(InputError, match="write 2026-11-20T14:00Z"):
        painted("one", "--since", "yesterday")


def test_help_wraps_no_example_and_names_values_as_they_are_typed() -> None:
    help_ = CliRunner().invoke(paint, ["--help"]).output
    assert "  Example:\n    certs paint one two\n" in help_
    assert "--colour [dark red|blue]" in help_
    assert "paint [OPTIONS] SLUG FILE..." in help_


def test_a_group_has_the_commands_that_say_they_are_of_it() -> None:
    @group
    def kennel() -> None:
        """Keep dogs."""

    @command(of=kennel, name="list")
    def list_(how: How) -> None:
        """List them."""
        how.show("Rex")

    assert kennel.commands == {"list": list_}
    assert CliRunner().invoke(kennel, ["list"]).output == "Rex\n"


def test_a_reason_that_is_needed_must_be_said() -> None:
    @command(BECAUSE)
    def dare(how: How) -> None:
        """Do it."""
        how.show(how.reason)

    assert CliRunner().invoke(dare, []).exit_code == 2
    assert CliRunner().invoke(dare, ["--reason", "for a bet"]).output == "for a bet\n"
