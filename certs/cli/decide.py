"""`certs decide`: who is eligible, and why."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import click

from certs import eligibility
from certs.cli import check, questions
from certs.cli.context import aligned, open_app, write_json, write_lines
from certs.cli.how import JSON, How, echo, shared
from certs.eligibility import Pick, Sort
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.model import Basis, Decision, Event, Tally, Totals
from certs.views import accounts
from certs.views import decisions as views
from certs.work import account, counts, orders
from certs.work import questions as asking
from certs.work.deliver.spreadsheet import Cell, as_csv

MARKS = {True: "yes", False: "no"}
_IN_MEMORY = 20_000
"""Lines of a table that are kept between measuring and printing; more are made twice."""


class _Whom(TypedDict):
    earned: bool
    near: bool
    not_earned: bool
    search: str


@click.command()
@click.argument("slug")
@click.option("--csv", "wants_csv", is_flag=True, help="Print CSV for a spreadsheet.")
@click.option("--explain", "person", metavar="EMAIL", help="Show the arithmetic behind the decision on one person.")
@click.option("--earned", is_flag=True, help="Only who is eligible.")
@click.option("--near", is_flag=True, help="Only near misses.")
@click.option("--not", "not_earned", is_flag=True, help="Only who is not eligible, near misses among them.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of certificate; may be given several times.")
@click.option("--search", default="", metavar="TEXT", help="Only names and addresses with all these words in them.")
@click.option(
    "--sort", type=click.Choice([one.value for one in Sort]), help="distance: who is nearest to the rule first."
)
@shared(JSON)
def decide(
    slug: str,
    wants_csv: bool,
    person: str | None,
    kinds: tuple[str, ...],
    sort: str | None,
    how: How,
    **whom: Unpack[_Whom],
) -> None:
    """Show everybody of event SLUG: seconds in each session, eligible or not, and why. Nothing is changed.

    \b
    Example:
      certs decide cgmp-2026
      certs decide cgmp-2026 --not --sort distance
      certs decide cgmp-2026 --search souza
      certs decide cgmp-2026 --explain ana@example.org
      certs decide cgmp-2026 --csv > decision.csv
    """
    pick = Pick(kinds=kinds, sort=Sort(sort) if sort else None, **whom)
    if person is not None and (wants_csv or pick != Pick()):
        raise InputError("--explain prints lines on one person, or JSON with --json: it takes nothing else beside it.")
    app = open_app()
    store = app.store
    if person is not None:
        _explain(account.of(store, slug, person), wants_json=how.wants_json)
        return
    decisions = counts.counted(store, slug, app.clock())
    event = decisions.event
    for kind in kinds:
        orders.kind_of(event, kind)
    if how.wants_json:
        shown = _shown(decisions, pick)
        write_json(views.decisions(event, decisions.totals(), decisions, shown, store.imports.unusable(slug)))
    elif wants_csv:
        sys.stdout.buffer.write(_as_csv(event, eligibility.picked(event, decisions, pick)))
    else:
        _print(decisions, pick)
        if left := questions.still_open(slug, asking.unanswered(store, slug)):
            click.echo(left, err=True)
        echo(*check.odd(app, slug), err=True)
        click.echo(f"Next: certs check {slug}", err=True)


def _shown(decisions: counts.Counted, pick: Pick) -> Callable[[], Iterable[Decision]]:
    """Return what gives those that *pick* wants; only where it puts them in an order of its own, all are held."""
    if pick.sort is None:
        return lambda: eligibility.sifted(decisions, pick)
    found = eligibility.picked(decisions.event, decisions, pick)
    return lambda: found


def _explain(found: account.Accounts, *, wants_json: bool) -> None:
    """Print every row that speaks of a person, what counts of it, what the rule demands, and what was frozen."""
    if wants_json:
        write_json(accounts.accounts(found))
        return
    echo(*("\n".join(eligibility.lines(one)) for one in found.kinds))
    for frozen in found.frozen:
        ordered = f"{frozen.ordered_by}, {frozen.ordered_at:%Y-%m-%d}"
        click.echo(f"Certificate {printed(frozen.number)} ({frozen.kind}, {frozen.state}; ordered by {ordered})")
        click.echo(f"  {frozen.reason or 'The reason was not kept by the program of that time.'}")


def _as_csv(event: Event, decisions: Sequence[Decision]) -> bytes:
    """Return one line for each person and kind."""
    per_session = [f"{what}_{s.id}" for s in event.sessions for what in ("seconds", "seconds_in_window")]
    header = ["email", "name", "kind", *per_session, "eligible", "near_miss", "reason", "evidence", "ruled"]
    return as_csv(header, (_csv_row(event, one) for one in decisions))


def _csv_row(event: Event, one: Decision) -> list[Cell]:
    seconds: list[Cell] = []
    for session in event.sessions:
        tally = one.tallies.get(session.id)
        seconds += [None, None] if tally is None else [tally.seconds, tally.seconds_in_window]
    on_evidence = "; ".join(f"session {piece.session}: {piece.kind} ({piece.note})" for piece in one.evidence)
    ruled = f"{one.ruling.ruled} by {one.ruling.author}: {one.ruling.reason}" if one.ruling else ""
    near = MARKS[one.near_miss]
    return [one.person, one.name, one.kind, *seconds, MARKS[one.eligible], near, one.reason, on_evidence, ruled]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The table of *decisions*, row by row whenever it is gone through: seconds in all and in each window."""

    event: Event
    decisions: Iterable[Decision]

    def __iter__(self) -> Iterator[Sequence[str]]:
        several = len(self.event.kinds) > 1
        kind = ["kind"] if several else []
        ids = [session.id for session in self.event.sessions]
        yield ["", "name", "address", *kind, *(f"session {id_}" for id_ in ids), "why"]
        for one in self.decisions:
            mark = "yes" if one.eligible else "near" if one.near_miss else "no"
            tallies = one.tallies
            seconds = [_cell(tallies[id_]) if id_ in tallies else "-" for id_ in ids]
            kind = [one.kind] if several else []
            yield [mark, one.name, one.person, *kind, *seconds, one.reason]


@dataclass(frozen=True, slots=True)
class _Sifted:
    """The decisions that are picked, in the order in which they are kept, whenever they are gone through."""

    decisions: counts.Counted
    pick: Pick

    def __iter__(self) -> Iterator[Decision]:
        return eligibility.sifted(self.decisions, self.pick)


def _print(decisions: counts.Counted, pick: Pick) -> None:
    """Print a table of those picked, and how many of all are eligible."""
    event = decisions.event
    shown: Iterable[Decision] = _Sifted(decisions, pick)
    if pick.sort is not None:
        shown = eligibility.picked(event, shown, pick)
    rows: Iterable[Sequence[str]] = _Rows(event, shown)
    totals = decisions.totals()
    if totals.people * len(event.kinds) <= _IN_MEMORY:
        rows = list(rows)
    write_lines(aligned(rows))
    if not pick.is_everybody:
        people = len({one.person for one in shown})
        click.echo(f"{count(people, 'person', 'people')} shown. Of all:", err=True)
    near = count(totals.people_near, "near miss", "near misses")
    click.echo(
        f"{_eligible(event, totals)}, {near}; {count(totals.came, 'person', 'people')} attended, "
        f"{totals.people - totals.came} registered and never came. Seconds: all/in the window, * by evidence.",
        err=True,
    )


def _eligible(event: Event, totals: Totals) -> str:
    """Say how many people are eligible, and for how many of each kind where the event has several."""
    people = f"{count(totals.people_eligible, 'person', 'people')} eligible"
    if len(event.kinds) == 1:
        return people
    several = (
        f"{totals.eligible.get(kind.name, 0):,} {kind.name}" + (f": {kind.title}" if kind.title else "")
        for kind in event.kinds
    )
    return f"{people} ({', '.join(several)})"


def _cell(tally: Tally) -> str:
    return f"{tally.seconds}/{tally.seconds_in_window}{'*' if tally.basis is Basis.EVIDENCE else ''}"
