"""Names that are none or that a form bent, and hosts who are counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from certs.eligibility.words import count
from certs.ground import names
from certs.model import Finding, PersonKey, Role, Severity
from certs.wording import hint, say
from certs.work.readiness.seen import Due, Seen

_SHOWN = 5
"""People that a sentence names."""


def findings(seen: Seen) -> Iterator[Finding]:
    """Yield what is odd about the names that would be printed, and about roles."""
    yield from of_names(seen)
    yield from _hosts(seen)


@dataclass(slots=True)
class _Some:
    """People of whom something is said: how many they are, and the first few."""

    count: int = 0
    first: list[Due] = field(default_factory=list)

    def see(self, one: Due) -> None:
        """Take note of one more."""
        self.count += 1
        if self.count <= _SHOWN:
            self.first.append(one)

    def listed(self) -> str:
        """Return who they are, the first of them."""
        more = f" and {self.count - _SHOWN:,} more" if self.count > _SHOWN else ""
        return ", ".join(f"{one.name} ({one.person})" for one in self.first) + more


def of_names(seen: Seen) -> Iterator[Finding]:
    """Yield what is odd about the names that would be printed; who is due is gone through once, and nobody kept."""
    odd: dict[str, tuple[str, str, Callable[[str], bool], _Some]] = {
        "name_filler": ("ends in a filler", "end in a filler", _has_filler, _Some()),
        "name_capitals": ("is all in capitals", "are all in capitals", names.in_capitals, _Some()),
        "name_lower": ("is all in lower case", "are all in lower case", names.in_lower_case, _Some()),
    }
    uncertain = _Some()
    for one in _once(seen):
        if names.doubtful(one.name) and not _is_given(seen, one):
            yield _none(seen, one)
            continue
        for _, _, is_odd, some in odd.values():
            if is_odd(one.name):
                some.see(one)
        if not one.name_certain:
            uncertain.see(one)
    for code, (single, many, _, some) in odd.items():
        yield from _said(seen, some, code, single, many)
    yield from _uncertain(seen, uncertain)


def _once(seen: Seen) -> Iterator[Due]:
    """Yield who is due, everybody once, whatever kinds she is due for."""
    met: set[PersonKey] = set()
    alone = len(seen.event.kinds) == 1
    for one in seen.due:
        if alone or one.person not in met:
            yield one
        if not alone:
            met.add(one.person)


def _is_given(seen: Seen, one: Due) -> bool:
    """Say whether somebody said that this is the name, whatever it looks like."""
    return one.name == seen.given.get(one.person, "") != ""


def _has_filler(name: str) -> bool:
    return names.without_filler(name) != name


def _none(seen: Seen, one: Due) -> Finding:
    return Finding(
        "name_none",
        Severity.STOPS,
        (
            say(
                '"{name}" {why_doubtful}; it would be printed on the certificate of {person}.',
                name=one.name,
                why_doubtful=names.why_doubtful(one.name),
                person=one.person,
            )
            if one.name
            else say("{person} has no name; nothing would be printed on the certificate.", person=one.person)
        ),
        say(
            "Say what to print: {name}; or let {person} have none: {withhold}",
            person=one.person,
            name=hint("name", event=seen.event.slug, person=one.person),
            withhold=hint("withhold", event=seen.event.slug, person=one.person),
        ),
        one.person,
        acceptable=bool(one.name),
    )


def _said(seen: Seen, found: _Some, code: str, one: str, many: str) -> Iterator[Finding]:
    if found.count:
        yield Finding(
            code,
            Severity.SAID,
            say("{count}: {listed}.", count=count(found.count, f"name {one}", f"names {many}"), listed=found.listed()),
            say("See them: {place}. Names are printed as they were typed.", place=hint("names", event=seen.event.slug)),
        )


def _uncertain(seen: Seen, found: _Some) -> Iterator[Finding]:
    if found.count:
        said = count(found.count, "name comes from a display name", "names come from display names")
        yield Finding(
            "name_uncertain",
            Severity.SAID,
            say("{said} and may hold more than a name: {listed}.", said=said, listed=found.listed()),
            say(
                "See them: {place}. A registration list names people as they typed it.",
                place=hint("names", event=seen.event.slug),
            ),
        )


def _hosts(seen: Seen) -> Iterator[Finding]:
    """Say who runs the event and would be given a certificate, where the event file does not say so itself."""
    open_kinds = {kind.name for kind in seen.event.kinds if not kind.names_roles and Role.HOST in kind.roles}
    found = _Some()
    for one in seen.due if open_kinds else ():
        if one.kind in open_kinds and one.roles - {Role.ATTENDEE}:
            found.see(one)
    if found.count:
        said = count(found.count, "host or panelist is counted", "hosts and panelists are counted")
        yield Finding(
            "hosts_counted",
            Severity.SAID,
            say("{said} like everybody else and would have a certificate: {listed}.", said=said, listed=found.listed()),
            say(
                'Leave them out with roles = ["attendee"] in the event file, or say that they count with roles = '
                '["attendee", "panelist", "host"]: {add}',
                add=hint("event_add"),
            ),
        )
