"""A decision as a row of the register, and back; what is odd about attendance as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row

from certs.db import evidence, rulings, tables
from certs.ground import names
from certs.model import (
    Basis,
    Decision,
    ExtraEvidence,
    Finding,
    PersonKey,
    Role,
    Ruling,
    SessionId,
    Severity,
    Tally,
)
from certs.wording import read_again, written

_row = tables.Decision
_TIMED = 4
"""Numbers of a tally by times; one on another basis says so besides."""
COLUMNS = tuple(_row.__table__.c.keys())
KEPT = tuple(one for one in _row.__table__.c if one.key not in {"event_id", "folded"})
"""What a decision is read from."""
_TALLIES = [one.key for one in KEPT].index("tallies")
_ROLES = {role.value: role for role in Role}
_BASES = {basis.value: basis for basis in Basis}


@dataclass(slots=True)
class Beside:
    """What decisions name by its id, looked up once where one of them names any."""

    connection: Connection
    event_id: int
    _evidence: Mapping[int, ExtraEvidence] | None = None
    _rulings: Mapping[int, Ruling] | None = None
    _attended: dict[str, frozenset[SessionId]] = field(default_factory=dict)
    _roles: dict[str, frozenset[Role]] = field(default_factory=dict)

    def decisions(self, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Decision]:
        """Yield the decisions of *rows*, which have the columns of `KEPT`."""
        for row, packed in zip(rows, loaded([row[_TALLIES] for row in rows]), strict=True):
            yield self._decision(tuple(row), tallies_of(packed))

    def _decision(self, row: Sequence[Any], tallies: Mapping[SessionId, Tally]) -> Decision:
        """Return the decision in *row*, whose columns go by their places: names are looked up for each row anew."""
        kind, person, name, certain, eligible, near, by_rule, reason, found, roles, attended, _, pieces, ruling, *_ = (
            row
        )
        return Decision(
            person=person,
            name=name,
            eligible=eligible,
            reason=read_again(reason),
            near_miss=near,
            tallies=tallies,
            attended=self._sessions(attended),
            roles=self._had(roles),
            kind=kind,
            name_certain=certain,
            evidence=tuple(self._piece(id_, person) for id_ in json.loads(pieces)) if pieces else (),
            ruling=self._ruling(ruling) if ruling else None,
            by_rule=by_rule,
            found=read_again(found),
        )

    def _sessions(self, said: str) -> frozenset[SessionId]:
        """Return a set of sessions, one object for the many people who attended just these."""
        if said not in self._attended:
            self._attended[said] = frozenset(json.loads(said))
        return self._attended[said]

    def _had(self, said: str) -> frozenset[Role]:
        if said not in self._roles:
            self._roles[said] = frozenset(_ROLES[one] for one in said.split(",") if one)
        return self._roles[said]

    def _piece(self, id_: int, person: PersonKey) -> ExtraEvidence:
        """Return a piece of evidence under the address that its person goes by."""
        if self._evidence is None:
            self._evidence = {one.id: one for one in evidence.of_event(self.connection, self.event_id)}
        return replace(self._evidence[id_], person=person)

    def _ruling(self, id_: int) -> Ruling:
        if self._rulings is None:
            self._rulings = {one.id: one for one in rulings.of_event(self.connection, self.event_id)}
        return self._rulings[id_]


def fields_of(event_id: int, one: Decision) -> tuple[object, ...]:
    """Return the values of `COLUMNS`."""
    name = names.fold(one.name)
    return (
        event_id,
        one.kind,
        one.person,
        one.name,
        one.name_certain,
        one.eligible,
        one.near_miss,
        one.by_rule,
        written(one.reason),
        written(one.found),
        ",".join(sorted(one.roles)),
        json.dumps(sorted(one.attended)),
        _dumped(one.tallies),
        json.dumps([piece.id for piece in one.evidence]) if one.evidence else "",
        one.ruling.id if one.ruling else 0,
        sum(tally.seconds_in_window for tally in one.tallies.values()),
        name,
        f"{name} {names.fold(one.person)}",
    )


def _dumped(tallies: Mapping[SessionId, Tally]) -> str:
    packed = {
        id_: [tally.seconds, tally.seconds_in_window, tally.rows, tally.merged]
        + ([] if tally.basis is Basis.TIMES else [tally.basis.value])
        for id_, tally in tallies.items()
    }
    return json.dumps(packed, separators=(",", ":"))


def loaded(texts: Sequence[str]) -> list[dict[str, list[Any]]]:
    """Return what JSON *texts* say, read at once: one call for each would take twice as long."""
    found: list[dict[str, list[Any]]] = json.loads(f"[{','.join(texts)}]")
    return found


def tallies_of(packed: Mapping[str, Sequence[Any]]) -> dict[SessionId, Tally]:
    """Return the presence that was *packed* in a row."""
    return {
        SessionId(id_): Tally(*one) if len(one) == _TIMED else _tally(*one)  # the usual basis is Tally's own
        for id_, one in packed.items()
    }


def _tally(seconds: int, in_window: int, rows: int, merged: int, basis: str) -> Tally:
    return Tally(seconds, in_window, rows, merged, _BASES[basis])


def stated(one: Finding) -> Sequence[object]:
    """Return a finding as JSON holds it."""
    return one.code, one.severity.value, written(one.text), written(one.remedy), one.about, one.acceptable


def finding(said: Sequence[Any]) -> Finding:
    """Return the finding that `stated` wrote."""
    code, severity, text, remedy, about, acceptable = said
    return Finding(code, Severity(severity), read_again(text), read_again(remedy), about, acceptable)
