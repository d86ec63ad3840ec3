"""What certificates of an event will say, and whether page and QR code have room for it, before anybody attends.

    facts = facts_of(event, kind, demo=False)       what all certificates of the kind say alike
    check(event, base_url, "event.toml")            refuses an event whose certificates could not be made
    name_fault(facts, kind.name, base_url, name)    says whether the QR code has room for a name

Pages are the design's; what a code can hold depends on the event's title, on the name and on the public address.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from certs import claim, eligibility
from certs.eligibility import Phrases
from certs.errors import InputError, Problem
from certs.ground.number import from_bits
from certs.model import Claim, Event, EventFacts, Kid, Kind, Session, SessionLine
from certs.wording import say

if TYPE_CHECKING:
    from certs.pdf.design import Design

NAME_BYTES = 120
"""For which a code must have room, in UTF-8: 60 letters of most alphabets, 40 of India's."""
_LONGEST = 2000
_SHORT = 'short_title = "…"'
_MOST_QUARTER_HOURS = 0xFFFF
_ANY_KID = Kid("0" * 8)
_SOMEWHERE = "https://certs.example.org"


def facts_of(event: Event, kind: Kind, *, demo: bool, granted: bool = False) -> EventFacts:
    """Return what all certificates of *kind* say about *event*, to be frozen; some may be *granted* beside the rule.

    Raises:
        InputError: the design is missing, or has no words in the event's language.
    """
    from certs.pdf.design import Design  # noqa: PLC0415 -- who only decides needs no design

    design = Design.load(event.design)
    lines = tuple(_line(one) for one in event.sessions)
    return EventFacts(
        slug=event.slug,
        title=event.title,
        issuer=event.issuer,
        place=event.place,
        language=event.language,
        zone=event.zone,
        first_day=min(line.day for line in lines),
        last_day=max(day for line in lines for day in line.days),
        sessions=lines,
        signatories=event.signatories,
        criteria=eligibility.criteria(event, kind, granted=granted, phrases=_phrases(design, event.language)),
        design=event.design,
        design_file=design.kept,
        logo="" if event.logo_picture else event.logo,
        logo_picture=event.logo_picture,
        valid_until=event.valid_until,
        demo=demo,
        heading=kind.title,
        attended=kind.attended,
        spoke=kind.spoke,
        short_title=event.short_title,
        list_sessions=event.list_sessions,
        partners=event.partners,
    )


def phrases(design: str, language: str) -> Phrases:
    """Return what *design* says rules with in *language*.

    Raises:
        InputError: it does not exist, or lacks words.
    """
    from certs.pdf.design import Design  # noqa: PLC0415 -- who only decides needs no design

    return _phrases(Design.load(design), language)


def _phrases(design: "Design", language: str) -> Phrases:
    words = design.language(language)
    missing = [field.name for field in fields(Phrases) if not words.has(_key(field.name))]
    if missing:
        raise InputError(
            say("words.toml has no text “{key}” in [{language}].", key=_key(missing[0]), language=words.language)
        )
    return Phrases(**{field.name: words.text(_key(field.name)) for field in fields(Phrases)})


def granted(facts: EventFacts) -> bool:
    """Say whether the criteria in *facts* tell that some certificates were granted beside the rule.

    Raises:
        InputError: as `phrases`.
    """
    from certs.pdf.design import Design  # noqa: PLC0415

    said = _phrases(Design.of(facts), facts.language)
    return facts.criteria.endswith((eligibility.BY_GRANT, said.granted))


def check(event: Event, base_url: str, name: str) -> None:
    """Make sure that certificates of *event*, whose file is called *name*, can be made at *base_url*.

    Raises:
        InputError: everything that keeps them from being printed, each once.
    """
    from certs.pdf.design import Design  # noqa: PLC0415

    try:
        Design.load(event.design).check(event.language, "" if event.logo_picture else event.logo)
        found = [fault for kind in event.kinds for fault in _faults(event, kind, base_url or _SOMEWHERE)]
    except InputError as error:
        raise InputError(*(Problem(str(problem), name) for problem in error.problems)) from None
    if found:
        raise InputError(*(Problem(fault, name) for fault in dict.fromkeys(found)))


def _faults(event: Event, kind: Kind, base_url: str) -> Iterator[str]:
    """Yield what is wrong with certificates of *kind*."""
    from certs.pdf import rehearse  # noqa: PLC0415

    facts = facts_of(event, kind, demo=False)
    if sentence := title_fault(facts, kind.name, base_url):
        yield sentence
    else:
        sample = _fullest(len(facts.sessions), kind.name, rehearse.NAME, facts.short_title or facts.title)
        address = claim.url(base_url, claim.unsigned(sample))
        yield from rehearse.unfit(facts, base_url, address)


def title_fault(facts: EventFacts, kind: str, base_url: str) -> str:
    """Return a sentence where the event's title leaves a QR code too little room for names, else nothing."""
    title, room = facts.short_title or facts.title, _room(len(facts.sessions), kind, base_url) - NAME_BYTES
    if len(title.encode()) <= room:
        return ""
    most = len(title.encode()[: max(room, 0)].decode(errors="ignore"))
    what, instead = ("short title", "") if facts.short_title else ("title", f", or give a short one for it: {_SHORT}")
    return (
        f"The {what} “{title}” is too long for the QR code, which has to hold names too: "
        f"of its {len(title)} characters {most} fit. Shorten it{instead}."
    )


def name_fault(facts: EventFacts, kind: str, base_url: str, name: str) -> str:
    """Return a sentence where *name* is too long for the QR code, else nothing."""
    room, size = name_room(facts, kind, base_url), len(name.encode())
    if size <= room:
        return ""
    most = len(name.encode()[: max(room, 0)].decode(errors="ignore"))
    return (
        f"The name “{name}” is too long for the QR code, which holds the event’s title too: "
        f"of its {len(name)} characters {most} fit."
    )


def name_room(facts: EventFacts, kind: str, base_url: str) -> int:
    """Return how many bytes of UTF-8 a name may have in a certificate's QR code; below 0: the title is too long."""
    return _room(len(facts.sessions), kind, base_url) - len((facts.short_title or facts.title).encode())


@lru_cache(maxsize=64)
def _room(sessions: int, kind: str, base_url: str) -> int:
    """Return how many bytes title and name may have together, however large the numbers beside them are."""
    from certs.pdf import qr  # noqa: PLC0415

    def fits(length: int) -> bool:
        halves = "n" * (length // 2), "n" * (length - length // 2)
        return qr.fits(claim.url(base_url, claim.unsigned(_fullest(sessions, kind, *halves))))

    least, most = 0, _LONGEST
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fits(middle) else (least, middle)
    return least


def _fullest(sessions: int, kind: str, name: str, title: str) -> Claim:
    """Return a claim whose numbers take as many bytes as they can."""
    return Claim(
        kid=_ANY_KID,
        number=from_bits(0),
        kind=kind,
        name=name,
        event=title,
        first_day=date.max,
        last_day=date.max,
        quarter_hours=_MOST_QUARTER_HOURS,
        sessions_attended=sessions,
        sessions_in_all=sessions,
        issued_on=date.max,
    )


def _line(session: Session) -> SessionLine:
    """Return *session* as a certificate lists it."""
    zone = ZoneInfo(session.zone)
    start, end = session.window.start.astimezone(zone), session.window.end.astimezone(zone)
    further = {window.start.astimezone(zone).date() for window in session.again} - {start.date()}
    times = "" if session.again else f"{start:%H:%M}–{end:%H:%M}"
    return SessionLine(session.id, session.title, start.date(), times, tuple(sorted(further)))


def _key(name: str) -> str:
    """Return how words.toml calls a phrase."""
    return name if name == "decimal" else f"rule_{name}"
