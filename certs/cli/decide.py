"""`certs decide`: who is eligible, and why."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import click

from certs import order
from certs.cli import accounts, evidence, rulings
from certs.cli.context import aligned, as_json, open_app, write_json, write_lines
from certs.deliver.names import neutral
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Basis, Decision, Event, PersonKey, Role, Tally, UnusableRow

MARKS = {True: "yes", False: "no"}
_HALF = Fraction(1, 2)
_ROLES = (Role.HOST, Role.PANELIST, Role.ATTENDEE)


@click.command()
@click.argument("slug")
@as_json
@click.option("--csv", "wants_csv", is_flag=True, help="Print CSV for a spreadsheet.")
@click.option("--explain", "person", metavar="EMAIL", help="Show the arithmetic behind the decision on one person.")
def decide(slug: str, wants_json: bool, wants_csv: bool, person: str | None) -> None:
    """Show everybody of event SLUG: seconds in each session, eligible or not, and why. Nothing is changed.

    \b
    Example:
      certs decide cgmp-2026
      certs decide cgmp-2026 --explain ana@example.org
      certs decide cgmp-2026 --csv > decision.csv
    """
    if person is not None and wants_csv:
        raise InputError("--explain prints lines, or JSON with --json, but no CSV.")
    store = open_app().store
    if person is not None:
        accounts.explain(store, slug, person, wants_json=wants_json)
        return
    event, decisions = order.decide(store, slug)
    if wants_json:
        write_json(_as_json(event, decisions, store.imports.unusable(slug)))
    elif wants_csv:
        sys.stdout.buffer.write(_as_csv(event, decisions).encode())
    else:
        _print(event, decisions)


def _as_json(event: Event, decisions: Sequence[Decision], unusable: Sequence[UnusableRow]) -> dict[str, object]:
    return {
        "event": event.slug,
        "sessions": [{"id": s.id, "title": s.title, "window_seconds": s.window_seconds} for s in event.sessions],
        "kinds": [{"name": kind.name, "title": kind.title or None} for kind in event.kinds],
        "totals": _totals(decisions, unusable),
        "people": [_person(event, one) for one in decisions if one.tallies],
        "registered_never_attended": sorted(_absent(decisions)),
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


def _as_csv(event: Event, decisions: Sequence[Decision]) -> str:
    """Return one line for each person; cells that a spreadsheet would run as formulas are neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    per_session = [f"{what}_{s.id}" for s in event.sessions for what in ("seconds", "seconds_in_window")]
    writer.writerow(["email", "name", "kind", *per_session, "eligible", "near_miss", "reason", "evidence", "ruled"])
    for one in decisions:
        seconds: list[str] = []
        for session in event.sessions:
            tally = one.tallies.get(session.id)
            seconds += ["", ""] if tally is None else [str(tally.seconds), str(tally.seconds_in_window)]
        near = MARKS[one.near_miss]
        vouched = "; ".join(f"session {piece.session}: {piece.kind} ({piece.note})" for piece in one.evidence)
        cells = [one.person, one.name, one.kind, *seconds, MARKS[one.eligible], near, one.reason, vouched]
        cells.append(f"{one.ruling.ruled} by {one.ruling.author}: {one.ruling.reason}" if one.ruling else "")
        writer.writerow([neutral(cell) for cell in cells])
    return out.getvalue()


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


def _print(event: Event, decisions: Sequence[Decision]) -> None:
    """Print a table, and how many are eligible."""
    write_lines(aligned(_Rows(event, decisions)))
    totals = _totals(decisions, [])
    came, never = totals["people_with_attendance"], totals["registered_never_attended"]
    click.echo(
        f"{_eligible(event, decisions)}, {count(totals['near_misses'], 'near miss', 'near misses')}; "
        f"{count(came, 'person', 'people')} attended, "
        f"{never} registered and never came. Seconds: all/in the window, * by evidence.",
        err=True,
    )


def _eligible(event: Event, decisions: Sequence[Decision]) -> str:
    """Say how many are eligible, of each kind where the event has several."""
    numbers = Counter(one.kind for one in decisions if one.eligible)
    several = ", ".join(
        f"{numbers[kind.name]:,} {kind.name}" + (f": {kind.title}" if kind.title else "") for kind in event.kinds
    )
    return f"{numbers.total():,} eligible" + (f" ({several})" if len(event.kinds) > 1 else "")


def _cell(tally: Tally) -> str:
    return f"{tally.seconds}/{tally.seconds_in_window}{'*' if tally.basis is Basis.EVIDENCE else ''}"
