"""Every fact printed on a certificate, in the words of the page, ready to be compared with the paper.

What all certificates of a batch share is put into HTML once and kept: escaping it anew would take longer than checking
the signature. Whatever comes from an event or a person is escaped here or by the template.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from certs.ground import number as numbers
from certs.model import Claim, EventFacts, SessionId, Statement
from certs.wording import day, period

_ROW = Markup("<div><dt>{}</dt><dd><bdi{}>{}</bdi></dd></div>\n")
_SESSION = Markup('<tr{}><td><bdi{}>{}</bdi> <span class="day">{}</span></td><td>{}</td></tr>\n')
_IN_ENGLISH = ("Held", "Valid until")
"""Rows that hold dates, which are in the page's words."""
_LANGUAGES = {
    "CYRILLIC": "und-Cyrl",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "THAI": "th",
    "ETHIOPIC": "am",
    "KHMER": "km",
    "MYANMAR": "my",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "ORIYA": "or",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "LAO": "lo",
    "TIBETAN": "bo",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
}
"""By the first word of a letter's name in Unicode, as the tags of the PDF have it; Latin letters tell nothing."""
_LANGUAGE = Markup(' lang="{}"')
_MISSED = Markup(' class="missed"')


@dataclass(frozen=True, slots=True)
class Facts:
    """What the template shows."""

    number: str
    name: str
    language: str
    """BCP 47 tag of the name, empty where nothing tells."""
    rows: Markup
    sessions: Markup
    """Rows of the table, empty where the event has no sessions."""
    did: Markup
    """What people did at the sessions, as the table's heading."""
    demo: bool


def facts(statement: Statement) -> Facts:
    """Return what the paper says."""
    event = statement.event
    before, after = _event_rows(event)
    return Facts(
        number=numbers.printed(statement.number),
        name=statement.name,
        language=spoken(statement.name, statement.language),
        rows=Markup("".join((before, _own_rows(statement), after))),  # noqa: S704 - each is Markup already
        sessions=_session_rows(event, statement.attended),
        did=_did(event),
        demo=event.demo,
    )


@lru_cache(maxsize=4096)
def spoken(name: str, language: str) -> str:
    """Return the BCP 47 tag in which *name* is read aloud: *language* if known, else what its script suggests."""
    if language or name.isascii():
        return language
    scripts = dict.fromkeys(unicodedata.name(letter, " ").partition(" ")[0] for letter in filter(str.isalpha, name))
    known = [script for script in scripts if script in _LANGUAGES]
    known.sort(key="CJK".__eq__)  # kana and hangul tell more
    return _LANGUAGES[known[0]] if known and "LATIN" not in scripts else ""


def claimed(claim: Claim, *, demo: bool) -> Facts:
    """Return what the QR code says, which is less than the paper does."""
    rows = (
        ("Kind", claim.kind),
        ("Event", claim.event),
        ("Held", period(claim.first_day, claim.last_day)),
        ("Attended", f"{claim.sessions_attended} of {claim.sessions_in_all} sessions"),
        ("Time present", hours(claim.quarter_hours)),
        ("Issued on", day(claim.issued_on)),
        ("Number", numbers.printed(claim.number)),
    )
    nothing = Markup("")
    return Facts(
        number=numbers.printed(claim.number),
        name=claim.name,
        language=spoken(claim.name, ""),
        rows=_rows(rows, nothing),
        sessions=nothing,
        did=nothing,
        demo=demo,
    )


def _own_rows(statement: Statement) -> Markup:
    """Return what differs from person to person; nothing in it needs escaping but what the event says people did."""
    rows = (
        (_did(statement.event), f"{statement.sessions_attended} of {statement.sessions_in_all} sessions"),
        ("Time present", hours(statement.quarter_hours)),
        ("Issued on", day(statement.issued_on)),
    )
    number = f'<div><dt>Number</dt><dd class="number">{numbers.printed(statement.number)}</dd></div>\n'
    plain = "".join(f"<div><dt>{label}</dt><dd>{text}</dd></div>\n" for label, text in rows)
    return Markup(plain + number)  # noqa: S704 - our own words, digits and dates


@lru_cache(maxsize=256)
def _did(event: EventFacts) -> Markup:
    """Return what people did at the sessions."""
    said = event.attended or ("Spoke at" if event.spoke else "Attended")
    return escape(said[0].upper() + said[1:])


@lru_cache(maxsize=256)
def _event_rows(event: EventFacts) -> tuple[Markup, Markup]:
    """Return the rows before and after a person's own."""
    held = period(event.first_day, event.last_day) + (f", {event.place}" if event.place else "")
    after = [("Requirement", event.criteria), ("Issued by", event.issuer)]
    after += [("Signed by", f"{who.name}, {who.role}" if who.role else who.name) for who in event.signatories]
    if event.valid_until:
        after.append(("Valid until", day(event.valid_until)))
    before = [
        ("Certificate", event.heading),
        ("Event", event.title),
        ("In the code", event.short_title),
        ("Held", held),
    ]
    return _rows(before, _tag(event)), _rows(after, _tag(event))


def _rows(rows: Iterable[tuple[str, str]], language: Markup) -> Markup:
    return Markup("").join(
        _ROW.format(label, "" if label in _IN_ENGLISH else language, text) for label, text in rows if text
    )


def _tag(event: EventFacts) -> Markup:
    """Return the attribute that tells the language of the event's own words, where it is not the page's."""
    return Markup("") if event.language.partition("-")[0] == "en" else _LANGUAGE.format(event.language)


@lru_cache(maxsize=2048)
def _session_rows(event: EventFacts, attended: frozenset[SessionId]) -> Markup:
    """Return the rows of the table of sessions."""
    tag = _tag(event)
    marks = [("", "yes") if one.id in attended else (_MISSED, "no") for one in event.sessions]
    return Markup("").join(
        _SESSION.format(missed, tag, one.title, ", ".join(map(day, one.days)), word)
        for one, (missed, word) in zip(event.sessions, marks, strict=True)
    )


def hours(quarter_hours: int) -> str:
    """Return `13.5 hours`."""
    return f"{quarter_hours / 4:g} hour{'' if quarter_hours == 4 else 's'}"
