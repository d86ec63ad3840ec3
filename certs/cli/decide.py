"""`certs decide`: who is eligible, and why."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict, Unpack

import click

from certs import eligibility
from certs.cli import accounts, check, evidence, questions, rulings
from certs.cli.context import aligned, as_json, open_app, write_json, write_lines
from certs.eligibility import Pick, Sort
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Basis, Decision, Event, PersonKey, Role, Tally, UnusableRow
from certs.work import orders
from certs.work import questions as doubts
from certs.work.deliver.spreadsheet import Cell, as_csv

MARKS = {True: "yes", False: "no"}
_HALF = Fraction(1, 2)
_ROLES = (Role.HOST, Role.PANELIST, Role.ATTENDEE)


class _Whom(TypedDict):
    earned: bool
    near: bool
    not_earned: bool
    search: str


@click.command()
@click.argument("slug")
@as_json
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
def decide(
    slug: str,
    wants_json: bool,
    wants_csv: bool,
    person: str | None,
    kinds: tuple[str, ...],
    sort: str | None,
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
        accounts.explain(store, slug, person, wants_json=wants_json)
        return
    event, decisions = orders.decide(store, slug)
    for kind in kinds:
        orders.kind_of(event, kind)
    shown = eligibility.picked(event, decisions, pick)
    if wants_json:
        write_json(_as_json(event, decisions, shown, store.imports.unusable(slug)))
    elif wants_csv:
        sys.stdout.buffer.write(_as_csv(event, shown))
    else:
        _print(event, decisions, shown, pick)
        if left := questions.still_open(slug, doubts.unanswered(store, slug)):
            click.echo(left, err=True)
        for line in check.odd(app, slug):
            click.echo(line, err=True)
        click.echo(f"Next: certs check {slug}", err=True)


def _as_json(
    event: Event, decisions: Sequence[Decision], shown: Sequence[Decision], unusable: Sequence[UnusableRow]
) -> dict[str, object]:
    return {
        "event": event.slug,
        "sessions": [{"id": s.id, "title": s.title, "window_seconds": s.window_seconds} for s in event.sessions],
        "kinds": [{"name": kind.name, "title": kind.title or None} for kind in event.kinds],
        "totals": _totals(decisions, unusable),
        "people": [_person(event, one) for one in shown if one.tallies],
        "registered_never_attended": sorted(_absent(decisions) & {one.person for one in shown}),
        "unusable_rows": [
            {
                "file": r.file,
                "line": r.line,
                "reason": r.reason,
                "section": r.section,
                "name": r.name,
                "seconds": r.seconds,
            }
            for r in unusable
        ],
    }


def _totals(decisions: Sequence[Decision], unusable: Sequence[UnusableRow]) -> dict[str, int]:
    return {
        "people_with_attendance": len(_present(decisions)),
        "registered_never_attended": len(_absent(decisions)),
        "eligible": sum(one.eligible for one in decisions),
        "people_eligible": len({one.person for one in decisions if one.eligible}),
        "near_misses": sum(one.near_miss for one in decisions),
        "ruled": sum(one.ruling is not None for one in decisions),
        "unusable_rows": len(unusable),
    }


def _present(decisions: Sequence[Decision]) -> set[PersonKey]:
    """Return who was there, whether or not that counts for a kind of certificate."""
    return {one.person for one in decisions if one.tallies or one.roles}


def _absent(decisions: Sequence[Decision]) -> set[PersonKey]:
    return {one.person for one in decisions} - _present(decisions)


def _person(event: Event, one: Decision) -> dict[str, object]:
    half = sum(
        Fraction(one.tallies[s.id].seconds_in_window, s.window_seconds) >= _HALF
        for s in event.sessions
        if s.id in one.tallies
    )
    said: dict[str, object] = {
        "email": one.person,
        "name": one.name,
        "name_certain": one.name_certain,
        "roles": [role for role in _ROLES if role in one.roles] if one.roles - {Role.ATTENDEE} else [],
        "kind": one.kind,
        "sessions": {id_: _tally(tally) for id_, tally in one.tallies.items()},
        "sessions_attended_any": sum(tally.seconds > 0 for tally in one.tallies.values()),
        "sessions_attended_50pct": half,
        "pct": round(100 * sum(t.seconds_in_window for t in one.tallies.values()) / event.window_seconds, 3),
        "eligible": one.eligible,
        "near_miss": one.near_miss,
        "reason": one.reason,
    }
    if one.evidence:
        said["evidence"] = [evidence.as_dict(piece) for piece in one.evidence]
    return said if one.ruling is None else {**said, "ruling": rulings.as_dict(one.ruling)}


def _tally(tally: Tally) -> dict[str, object]:
    counts: dict[str, object] = {
        "seconds": tally.seconds,
        "seconds_in_window": tally.seconds_in_window,
        "rows": tally.rows,
        "merged": tally.merged,
    }
    return counts if tally.basis is Basis.TIMES else {**counts, "basis": tally.basis.value}


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
    vouched = "; ".join(f"session {piece.session}: {piece.kind} ({piece.note})" for piece in one.evidence)
    ruled = f"{one.ruling.ruled} by {one.ruling.author}: {one.ruling.reason}" if one.ruling else ""
    near = MARKS[one.near_miss]
    return [one.person, one.name, one.kind, *seconds, MARKS[one.eligible], near, one.reason, vouched, ruled]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The table of *decisions*, row by row whenever it is gone through: seconds in all and in each window."""

    event: Event
    decisions: Sequence[Decision]

    def __iter__(self) -> Iterator[Sequence[str]]:
        several = len(self.event.kinds) > 1
        kind = ["kind"] if several else []
        yield ["", "name", "address", *kind, *(f"session {s.id}" for s in self.event.sessions), "why"]
        for one in self.decisions:
            mark = "yes" if one.eligible else "near" if one.near_miss else "no"
            cells = (one.tallies.get(s.id) for s in self.event.sessions)
            seconds = (_cell(tally) if tally else "-" for tally in cells)
            kind = [one.kind] if several else []
            yield [mark, one.name, one.person, *kind, *seconds, one.reason]


def _print(event: Event, decisions: Sequence[Decision], shown: Sequence[Decision], pick: Pick) -> None:
    """Print a table of those *shown*, and how many of all are eligible."""
    write_lines(aligned(_Rows(event, shown)))
    if not pick.is_everybody:
        people = len({one.person for one in shown})
        click.echo(f"{count(people, 'person', 'people')} shown. Of all:", err=True)
    totals = _totals(decisions, [])
    came, never = totals["people_with_attendance"], totals["registered_never_attended"]
    near = len({one.person for one in decisions if one.near_miss})
    click.echo(
        f"{_eligible(event, decisions)}, {count(near, 'near miss', 'near misses')}; "
        f"{count(came, 'person', 'people')} attended, "
        f"{never} registered and never came. Seconds: all/in the window, * by evidence.",
        err=True,
    )


def _eligible(event: Event, decisions: Sequence[Decision]) -> str:
    """Say how many people are eligible, and for how many of each kind where the event has several."""
    people = f"{count(len({one.person for one in decisions if one.eligible}), 'person', 'people')} eligible"
    if len(event.kinds) == 1:
        return people
    numbers = Counter(one.kind for one in decisions if one.eligible)
    several = (
        f"{numbers[kind.name]:,} {kind.name}" + (f": {kind.title}" if kind.title else "") for kind in event.kinds
    )
    return f"{people} ({', '.join(several)})"


def _cell(tally: Tally) -> str:
    return f"{tally.seconds}/{tally.seconds_in_window}{'*' if tally.basis is Basis.EVIDENCE else ''}"
