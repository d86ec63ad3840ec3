"""`certs decide`: who is eligible, and why."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from certs import eligibility
from certs.cli import use
from certs.cli.check import odd
from certs.cli.declare import SLUG, Words, option, together
from certs.cli.how import JSON, How, command
from certs.cli.questions import still_open
from certs.cli.tables import aligned, write_csv, write_json
from certs.eligibility import Pick, Sort
from certs.eligibility.words import count
from certs.errors import InputError
from certs.ground.number import printed
from certs.model import Basis, Decision, Event, Tally, Totals
from certs.views import accounts
from certs.views import decisions as views

MARKS = {True: "yes", False: "no"}
_IN_MEMORY = 20_000
"""Lines of a table that are kept between measuring and printing; more are made twice."""


@together
def _pick(
    earned: bool = option("--earned", "Only who is eligible."),
    near: bool = option("--near", "Only near misses."),
    not_earned: bool = option("--not", "Only who is not eligible, near misses among them."),
    kinds: Words = option("--kind", "Only this kind of certificate; may be given several times."),
    search: str = option("--search", "Only names and addresses with all these words in them.", metavar="TEXT"),
    sort: Sort | None = option("--sort", "distance: who is nearest to the rule first."),
) -> Pick:
    return Pick(earned, near, not_earned, kinds, search, sort)


@command(JSON)
def decide(
    how: How,
    slug: str = SLUG,
    wants_csv: bool = option("--csv", "Print CSV for a spreadsheet."),
    person: str | None = option("--explain", "Show the arithmetic behind the decision on one person.", metavar="EMAIL"),
    pick: Pick = _pick,
) -> None:
    """Show everybody of event SLUG: seconds in each session, eligible or not, and why. Nothing is changed.

    Example:
      certs decide cgmp-2026
      certs decide cgmp-2026 --not --sort distance
      certs decide cgmp-2026 --search souza
      certs decide cgmp-2026 --explain ana@example.org
      certs decide cgmp-2026 --csv > decision.csv
    """
    if person is not None and (wants_csv or pick != Pick()):
        raise InputError("--explain prints lines on one person, or JSON with --json: it takes nothing else beside it.")
    store = how.store
    if person is not None:
        found = use.account.of(store, slug, person)
        how.tell(accounts.accounts(found), _explained(found))
        return
    decisions = use.counts.counted(store, slug, how.app.clock())
    event = decisions.event
    for kind in pick.kinds:
        use.orders.kind_of(event, kind)
    if how.wants_json:
        shown = _shown(decisions, pick)
        write_json(views.decisions(event, decisions.totals(), decisions, shown, store.imports.unusable(slug)))
    elif wants_csv:
        _print_csv(event, eligibility.picked(event, decisions, pick))
    else:
        _print(how, decisions, pick)
        how.note(still_open(slug, use.questions.unanswered(store, slug)), odd(how, slug), f"Next: certs check {slug}")


def _shown(decisions: "use.counts.Counted", pick: Pick) -> Callable[[], Iterable[Decision]]:
    """Return what gives those that *pick* wants; only where it puts them in an order of its own, all are held."""
    if pick.sort is None:
        return lambda: eligibility.sifted(decisions, pick)
    found = eligibility.picked(decisions.event, decisions, pick)
    return lambda: found


def _explained(found: "use.account.Accounts") -> Iterator[str]:
    """Yield every row that speaks of a person, what counts of it, what the rule demands, and what was frozen."""
    for one in found.kinds:
        yield from eligibility.lines(one)
    for frozen in found.frozen:
        ordered = f"{frozen.ordered_by}, {frozen.ordered_at:%Y-%m-%d}"
        yield f"Certificate {printed(frozen.number)} ({frozen.kind}, {frozen.state}; ordered by {ordered})"
        yield f"  {frozen.reason or 'The reason was not kept by the program of that time.'}"


def _print_csv(event: Event, decisions: Sequence[Decision]) -> None:
    """Print one line for each person and kind."""
    per_session = [f"{what}_{s.id}" for s in event.sessions for what in ("seconds", "seconds_in_window")]
    header = ["email", "name", "kind", *per_session, "eligible", "near_miss", "reason", "evidence", "ruled"]
    write_csv(header, (_csv_row(event, one) for one in decisions))


def _csv_row(event: Event, one: Decision) -> "list[use.spreadsheet.Cell]":
    seconds: list[use.spreadsheet.Cell] = []
    for session in event.sessions:
        tally = one.tallies.get(session.id)
        seconds += [None, None] if tally is None else [tally.seconds, tally.seconds_in_window]
    on_evidence = "; ".join(f"session {piece.session}: {piece.kind} ({piece.note})" for piece in one.evidence)
    ruled = f"{one.ruling.ruled} by {one.ruling.author}: {one.ruling.reason}" if one.ruling else ""
    near = MARKS[one.near_miss]
    return [one.person, one.name, one.kind, *seconds, MARKS[one.eligible], near, one.reason, on_evidence, ruled]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The table of decisions, row by row whenever it is gone through: seconds in all and in each window."""

    event: Event
    decisions: Callable[[], Iterable[Decision]]

    def __iter__(self) -> Iterator[Sequence[str]]:
        several = len(self.event.kinds) > 1
        ids = [session.id for session in self.event.sessions]
        yield ["", "name", "address", *["kind"] * several, *(f"session {id_}" for id_ in ids), "why"]
        for one in self.decisions():
            mark = "yes" if one.eligible else "near" if one.near_miss else "no"
            seconds = [_cell(one.tallies[id_]) if id_ in one.tallies else "-" for id_ in ids]
            yield [mark, one.name, one.person, *[one.kind] * several, *seconds, one.reason]


def _print(how: How, decisions: "use.counts.Counted", pick: Pick) -> None:
    """Print a table of those picked, and how many of all are eligible."""
    event, totals, shown = decisions.event, decisions.totals(), _shown(decisions, pick)
    rows: Iterable[Sequence[str]] = _Rows(event, shown)
    if totals.people * len(event.kinds) <= _IN_MEMORY:
        rows = list(rows)
    how.show(aligned(rows))
    if not pick.is_everybody:
        how.note(f"{count(len({one.person for one in shown()}), 'person', 'people')} shown. Of all:")
    near, came = count(totals.people_near, "near miss", "near misses"), count(totals.came, "person", "people")
    how.note(
        f"{_eligible(event, totals)}, {near}; {came} attended, {totals.people - totals.came} registered and never "
        "came. Seconds: all/in the window, * by evidence."
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
