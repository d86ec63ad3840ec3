"""`certs near-misses`, `grant`, `withhold` and `lift`: decisions of people in place of the rule."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from certs.cli.context import open_app, write_json
from certs.cli.how import AS, JSON, YES, How, because, echo, shared
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Decision, Ruled
from certs.views import rulings as views
from certs.work.deliver.spreadsheet import as_csv

if TYPE_CHECKING:
    from certs.work import rulings as grants

_SHOWN = 20
"""People whose decisions are shown after a ruling on many; --json has them all."""
_KIND = "The kind of certificate; without it near-misses and grant are about the first, withhold and lift about all."
_QUESTIONS = {
    Ruled.GRANTED: "Grant {kind} of {title} to {people} who miss the rule?",
    Ruled.WITHHELD: "Withhold {kind} of {title} from {people}?",
    Ruled.LIFTED: "Let the rule of {kind} of {title} decide again on {people}?",
}


class _Reach(TypedDict):
    sessions: int | None
    percent: int | None


def _reaching(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options that say what a near miss is."""
    for option in (
        click.option("--kind", default="", help=_KIND),
        click.option("--percent", type=click.IntRange(0, 100), help="Close means within so many % of a threshold."),
        click.option("--sessions", type=click.IntRange(0, 100), help="Close means at most so many sessions short."),
    ):
        command = option(command)
    return command


_RULING = (
    click.argument("slug"),
    click.argument("people", nargs=-1, metavar="EMAIL..."),
    because("Why; it stands in each of these decisions."),
    YES,
    AS,
    JSON,
)
_ALL = click.option("--all-near", is_flag=True, help="Everybody in the list of near misses.")


@click.command(name="near-misses")
@click.argument("slug")
@_reaching
@click.option("--csv", "wants_csv", is_flag=True, help="Print CSV for a spreadsheet.")
@shared(JSON)
def near_misses(slug: str, sessions: int | None, percent: int | None, kind: str, wants_csv: bool, how: How) -> None:
    """List who misses the rule of event SLUG by little, and on whom somebody has ruled. Nothing is changed.

    \b
    Example:
      certs near-misses cgmp-2026 --sessions 1 --percent 10
    """
    from certs.work import rulings as grants  # noqa: PLC0415 -- fonts, which help does not need

    found = grants.near_misses(open_app().store, slug, kind, grants.Reach(sessions, percent))
    if how.wants_json:
        write_json(views.near_misses(found))
    elif wants_csv:
        sys.stdout.buffer.write(_as_csv(found.near))
    else:
        _print(found)


@click.command()
@shared(*_RULING, _ALL, _reaching)
def grant(slug: str, people: tuple[str, ...], all_near: bool, kind: str, how: How, **reach: Unpack[_Reach]) -> None:
    """Let the near misses EMAIL... of event SLUG have a certificate all the same, in one decision with its reason.

    \b
    Example:
      certs grant cgmp-2026 ana@example.org ben@example.org --reason "power cut in Accra" --as Ana
      certs grant cgmp-2026 --all-near --sessions 0 --percent 5 --reason "within five percent" --as Ana
    """
    _rule(slug, Ruled.GRANTED, (_chosen(people, all_near=all_near), kind, reach), how)


@click.command()
@shared(*_RULING, _ALL, _reaching)
def withhold(slug: str, people: tuple[str, ...], all_near: bool, kind: str, how: How, **reach: Unpack[_Reach]) -> None:
    """Let EMAIL... of event SLUG have no certificate whatever the rules say, of no kind unless you name one.

    Certificates that are issued stay as they are.

    \b
    Example:
      certs withhold cgmp-2026 eve@example.org --reason "two people, one voice" --as Ana
    """
    _rule(slug, Ruled.WITHHELD, (_chosen(people, all_near=all_near), kind, reach), how)


@click.command()
@shared(*_RULING, click.option("--kind", default="", help=_KIND))
def lift(slug: str, people: tuple[str, ...], kind: str, how: How) -> None:
    """Take back what was granted to EMAIL... of event SLUG or withheld from them: the rules of all kinds decide again.

    \b
    Example:
      certs lift cgmp-2026 eve@example.org --reason "two devices, one person" --as Ben
    """
    _rule(slug, Ruled.LIFTED, (_chosen(people), kind, {"sessions": None, "percent": None}), how)


def _chosen(people: tuple[str, ...], *, all_near: bool = False) -> tuple[str, ...]:
    """Return *people*, none for every near miss.

    Raises:
        InputError: both or neither were given.
    """
    if all_near == bool(people):
        raise InputError("Say whom: addresses, or --all-near, not both.")
    return people


def _rule(slug: str, ruled: Ruled, whom: tuple[Sequence[str], str, _Reach], how: How) -> None:
    """Ask, then decide on *people*, none for every near miss; show their decisions as they are then."""
    from certs.work import orders  # noqa: PLC0415
    from certs.work import rulings as grants  # noqa: PLC0415

    app = open_app()
    people, kind, reach = whom
    planned = grants.plan(app.store, slug, ruled, people, kind, grants.Reach(**reach))
    concerned = count(len(planned.people), "person", "people")
    kinds = [kind.name for kind in planned.kinds]
    said = {"kind": " and ".join(kinds), "title": planned.event.title, "people": concerned}
    how.confirm(_QUESTIONS[ruled].format(**said))
    grants.rule(app.store, planned, how.act(app))
    ruled_on = {(one.person, one.kind) for one in planned.decisions}
    decisions = [one for one in orders.decide(app.store, slug)[1] if (one.person, one.kind) in ruled_on]
    if how.wants_json:
        write_json(views.ruled_on(planned, decisions))
    else:
        _say(planned, decisions)


def _say(planned: "grants.Plan", decisions: Sequence[Decision]) -> None:
    several = len(planned.kinds) > 1
    echo(*(f"{one.person}{f', {one.kind}' if several else ''}: {one.reason}" for one in decisions[:_SHOWN]))
    if len(decisions) > _SHOWN:
        click.echo(f"… and {len(decisions) - _SHOWN} more; --json lists them all.")
    if planned.amendment.given_up:
        click.echo(f"Ordered certificates that are given up: {len(planned.amendment.given_up)}.", err=True)
    if planned.certified:
        click.echo(
            f"{count(len(planned.certified), 'of them has', 'of them have')} a certificate, to which nothing happens.",
            err=True,
        )


def _print(found: "grants.NearMisses") -> None:
    echo(*(f"{one.person}  {one.name}: {one.reason}" for one in found.near))
    ruled = f"on {count(len(found.ruled), 'person', 'people')} somebody has ruled (--json lists them)"
    click.echo(f"{count(len(found.near), 'near miss', 'near misses')} that nobody has ruled on; {ruled}.", err=True)


def _as_csv(decisions: Sequence[Decision]) -> bytes:
    header = ("email", "name", "kind", "reason")
    return as_csv(header, [(one.person, one.name, one.kind, one.reason) for one in decisions])
