"""Names that are none or that a form bent, and hosts who are counted."""

from collections.abc import Callable, Iterator, Sequence

from certs.eligibility.words import count
from certs.ground import names
from certs.model import Decision, Finding, Role, Severity
from certs.wording import hint, say
from certs.work.readiness.seen import Seen

_SHOWN = 5
"""People that a sentence names."""


def findings(seen: Seen) -> Iterator[Finding]:
    """Yield what is odd about the names that would be printed, and about roles."""
    yield from of_names(seen)
    yield from _hosts(seen)


def of_names(seen: Seen) -> Iterator[Finding]:
    """Yield what is odd about the names that would be printed."""
    due = {one.person: one for one in seen.due}.values()
    nameless = [one for one in due if names.doubtful(one.name) and not _is_given(seen, one)]
    yield from (_none(seen, one) for one in nameless)
    without = {one.person for one in nameless}
    named = [one for one in due if one.person not in without]
    yield from _said(seen, named, "name_filler", "ends in a filler", "end in a filler", _has_filler)
    yield from _said(seen, named, "name_capitals", "is all in capitals", "are all in capitals", names.in_capitals)
    yield from _said(seen, named, "name_lower", "is all in lower case", "are all in lower case", names.in_lower_case)
    yield from _uncertain(seen, named)


def _is_given(seen: Seen, one: Decision) -> bool:
    """Say whether somebody said that this is the name, whatever it looks like."""
    return (person := seen.roll.people.get(one.person)) is not None and one.name == person.given != ""


def _has_filler(name: str) -> bool:
    return names.without_filler(name) != name


def _none(seen: Seen, one: Decision) -> Finding:
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


def _said(
    seen: Seen, due: Sequence[Decision], code: str, one: str, many: str, odd: Callable[[str], bool]
) -> Iterator[Finding]:
    found = [decision for decision in due if odd(decision.name)]
    if found:
        yield Finding(
            code,
            Severity.SAID,
            say("{count}: {listed}.", count=count(len(found), f"name {one}", f"names {many}"), listed=_listed(found)),
            say("See them: {place}. Names are printed as they were typed.", place=hint("names", event=seen.event.slug)),
        )


def _uncertain(seen: Seen, due: Sequence[Decision]) -> Iterator[Finding]:
    found = [one for one in due if not one.name_certain]
    if found:
        said = count(len(found), "name comes from a display name", "names come from display names")
        yield Finding(
            "name_uncertain",
            Severity.SAID,
            say("{said} and may hold more than a name: {listed}.", said=said, listed=_listed(found)),
            say(
                "See them: {place}. A registration list names people as they typed it.",
                place=hint("names", event=seen.event.slug),
            ),
        )


def _hosts(seen: Seen) -> Iterator[Finding]:
    """Say who runs the event and would be given a certificate, where the event file does not say so itself."""
    open_kinds = {kind.name for kind in seen.event.kinds if not kind.names_roles and Role.HOST in kind.roles}
    found = [one for one in seen.due if one.kind in open_kinds and one.roles - {Role.ATTENDEE}]
    if found:
        said = count(len(found), "host or panelist is counted", "hosts and panelists are counted")
        yield Finding(
            "hosts_counted",
            Severity.SAID,
            say("{said} like everybody else and would have a certificate: {listed}.", said=said, listed=_listed(found)),
            say(
                'Leave them out with roles = ["attendee"] in the event file, or say that they count with roles = '
                '["attendee", "panelist", "host"]: {add}',
                add=hint("event_add"),
            ),
        )


def _listed(who: Sequence[Decision]) -> str:
    more = f" and {len(who) - _SHOWN:,} more" if len(who) > _SHOWN else ""
    return ", ".join(f"{one.name} ({one.person})" for one in who[:_SHOWN]) + more
