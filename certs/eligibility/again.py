"""Decide again under another rule, from presence that was counted before: nothing is read of the exports.

That is right while the sessions, and the roles that the kind counts, are those of before.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from certs.eligibility import evidenced, ruled
from certs.eligibility.canonical import canonical
from certs.eligibility.rules import Attendance, Ruler, attended_share, examine
from certs.model import Decision, Event, Kind, PersonKey, Ruling


def again(
    event: Event,
    kind: Kind,
    before: Iterable[Decision],
    held: Collection[PersonKey],
    rulings: Mapping[tuple[PersonKey, str], Ruling],
) -> Iterator[Decision]:
    """Yield what *kind* of *event* gives the people of *before*, whose presence was counted in the same roles.

    Whoever is *held* stays so; *rulings* count as they do where everybody is decided on.
    """
    ruler, share, rule = Ruler(event), attended_share(kind.rule), canonical(event, kind)
    for one in before:
        if one.person in held:
            yield replace(one, kind=kind.name)
            continue
        attendance = Attendance(ruler, one.tallies)
        finding = examine(kind.rule, attendance)
        decision = replace(
            one,
            kind=kind.name,
            eligible=finding.holds,
            by_rule=finding.holds,
            near_miss=finding.near and not finding.holds,
            reason=evidenced.told(finding.text, one.evidence, ruler.labels) if one.evidence else finding.text,
            attended=attendance.attended(share),
            ruling=None,
            found="",
        )
        ruling = rulings.get((one.person, kind.name))
        yield ruled.applied(decision, ruling, rule) if ruling else decision
