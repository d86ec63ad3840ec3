"""`certs decide --explain`: the arithmetic behind the decisions on one person."""

import click

from certs import eligibility
from certs.cli import evidence, rulings
from certs.cli.context import write_json
from certs.ground.number import printed
from certs.model import FrozenDecision, Mark
from certs.ports import Store
from certs.work import account


def explain(store: Store, slug: str, person: str, *, wants_json: bool) -> None:
    """Print every row that speaks of *person*, what counts of it, what the rule demands, and what was frozen.

    Raises:
        NotFoundError: no such event, or nobody of that address in it.
        StorageError: the database fails.
    """
    found = account.of(store, slug, person)
    if wants_json:
        write_json(_as_json(found))
        return
    for one in found.kinds:
        click.echo("\n".join(eligibility.lines(one)))
    for frozen in found.frozen:
        ordered = f"{frozen.ordered_by}, {frozen.ordered_at:%Y-%m-%d}"
        click.echo(f"Certificate {printed(frozen.number)} ({frozen.kind}, {frozen.state}; ordered by {ordered})")
        click.echo(f"  {frozen.reason or 'The reason was not kept by the program of that time.'}")


def _as_json(found: account.Accounts) -> dict[str, object]:
    return {
        "event": found.slug,
        "email": found.person,
        "kinds": [_kind(one) for one in found.kinds],
        "certificates": [frozen_as_dict(one) for one in found.frozen],
    }


def _kind(one: eligibility.Account) -> dict[str, object]:
    decision = one.decision
    return {
        "kind": one.kind.name,
        "name": decision.name,
        "eligible": decision.eligible,
        "eligible_by_rule": decision.by_rule,
        "near_miss": decision.near_miss,
        "reason": decision.reason,
        "criteria": eligibility.criteria(one.event, one.kind),
        "roles": sorted(one.kind.roles),
        "sessions": [_sitting(sitting, one) for sitting in one.sittings],
        "seconds_in_windows": one.seconds_in_windows,
        "window_seconds": one.event.window_seconds,
        "demand": _demand(one.demand),
        "ruling": None if decision.ruling is None else rulings.as_dict(decision.ruling),
    }


def _sitting(sitting: eligibility.Sitting, one: eligibility.Account) -> dict[str, object]:
    session, tally = sitting.session, sitting.tally
    counted = one.decision.evidence
    return {
        "id": session.id,
        "title": session.title,
        "window": {"start": session.window.start.isoformat(), "end": session.window.end.isoformat()},
        "zone": session.zone,
        "window_seconds": session.window_seconds,
        "rows": [_row(row) for row in sitting.rows],
        "evidence": [{**evidence.as_dict(piece), "counts": piece in counted} for piece in sitting.evidence],
        "seconds": tally.seconds if tally else 0,
        "seconds_in_window": tally.seconds_in_window if tally else 0,
        "stretches": tally.merged if tally else 0,
        "basis": tally.basis.value if tally else None,
        "share": round(tally.seconds_in_window / session.window_seconds, 6) if tally else 0.0,
        "least_seconds": sitting.least_seconds,
        "attended": sitting.attended,
    }


def _row(row: eligibility.Row) -> dict[str, object]:
    record = row.record
    said: dict[str, object] = {"file": row.file, "line": record.line, "listed_as": row.listed_as, "counts": row.counts}
    if isinstance(record, Mark):
        return {**said, "mark": record.letter}
    ends = (record.interval.start, record.interval.end) if record.interval else ()
    times = [moment.isoformat() for moment in ends]
    return {**said, "role": record.role.value, "times": times, "stated_seconds": record.stated_seconds}


def _demand(one: eligibility.Demand) -> dict[str, object]:
    said: dict[str, object] = {"text": one.text, "holds": one.holds}
    if one.parts:
        return {**said, "parts": [_demand(part) for part in one.parts]}
    return {**said, "got": one.got, "needed": one.needed, "unit": one.unit}


def frozen_as_dict(one: FrozenDecision) -> dict[str, object]:
    """Return what a certificate was ordered for, for --json."""
    return {
        "number": printed(one.number),
        "name": one.name,
        "kind": one.kind,
        "state": one.state.value,
        "ordered_at": one.ordered_at.isoformat(),
        "ordered_by": one.ordered_by,
        "reason": one.reason,
        "evidence": list(one.evidence),
        "ruling": one.ruling or None,
    }
