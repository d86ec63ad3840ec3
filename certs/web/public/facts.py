"""Every fact printed on a certificate, in the words of the page, ready to be compared with the paper.

What certificates of a batch share is put into HTML once for each language and kept: escaping it anew would take longer
than checking the signature, and asking CLDR for a day ten times as long. Whatever comes from an event or a person is
escaped here or by the template.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from certs.ground import number as numbers
from certs.model import Claim, EventFacts, SessionId, Statement
from certs.web.edge.language import VOICES
from certs.wording import day, mark, period, say, say_n

_ROW = Markup("<div><dt>{}</dt><dd>{}</dd></div>\n")
_SESSION = Markup('<tr{}><td><bdi{}>{}</bdi> <span class="day">{}</span></td><td>{}</td></tr>\n')
_QUOTED = Markup("<bdi{}>{}</bdi>")
_NUMBER = Markup('<bdi class="number" dir="ltr">{}</bdi>')
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
_NO_TAG = Markup("")
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


def facts(statement: Statement, language: str = "en") -> Facts:
    """Return what the paper says, on a page in *language*."""
    event = statement.event
    before, after = _event_rows(event, language)
    did, attended, in_all = _did(event, language), statement.sessions_attended, statement.sessions_in_all
    own = _own_rows(did, attended, in_all, statement.quarter_hours, statement.issued_on, language)
    number = numbers.printed(statement.number)
    return Facts(
        number=number,
        name=VOICES[language].say(statement.name),
        language=spoken(statement.name, statement.language),
        rows=Markup("".join((before, own, _number_row(number, language), after))),  # noqa: S704 - Markup already
        sessions=_session_rows(event, statement.attended, language),
        did=did,
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


def claimed(claim: Claim, language: str = "en", *, demo: bool) -> Facts:
    """Return what the QR code says, which is less than the paper does."""
    speak, number = VOICES[language].say, numbers.printed(claim.number)
    of = say("{attended} of {in_all} sessions", attended=claim.sessions_attended, in_all=claim.sessions_in_all)
    rows = (
        (say("Kind"), _quoted(claim.kind)),
        (say("Event"), _quoted(claim.event)),
        (say("Held"), speak(period(claim.first_day, claim.last_day))),
        (say("Attended"), speak(of)),
        (say("Time present"), speak(hours(claim.quarter_hours))),
        (say("Issued on"), speak(day(claim.issued_on))),
        (say("Number"), _NUMBER.format(number)),
    )
    nothing = Markup("")
    return Facts(
        number=number,
        name=claim.name,
        language=spoken(claim.name, ""),
        rows=_rows(rows, language),
        sessions=nothing,
        did=nothing,
        demo=demo,
    )


@lru_cache(maxsize=4096)
def _own_rows(did: Markup, attended: int, in_all: int, quarter_hours: int, issued_on: date, language: str) -> Markup:
    """Return what differs from person to person, but for many alike."""
    speak = VOICES[language].say
    rows = (
        (did, speak(say("{attended} of {in_all} sessions", attended=attended, in_all=in_all))),
        (say("Time present"), speak(hours(quarter_hours))),
        (say("Issued on"), speak(day(issued_on))),
    )
    return _rows(rows, language)


def _number_row(number: str, language: str) -> str:
    """Return the row of the number, which has digits, letters and hyphens."""
    before, after = _around_number(language)
    return f"{before}{number}{after}"


@lru_cache(maxsize=16)
def _around_number(language: str) -> tuple[str, str]:
    before, _, after = _ROW.format(VOICES[language].say(say("Number")), _NUMBER.format("\n")).partition("\n")
    return before, after


@lru_cache(maxsize=256)
def _did(event: EventFacts, language: str) -> Markup:
    """Return what people did at the sessions."""
    if event.attended:
        said, tag = event.attended[0].upper() + event.attended[1:], _tag(event, language)
        return _quoted(said, tag) if tag else escape(said)
    return escape(VOICES[language].say(say("Spoke at") if event.spoke else say("Attended")))


@lru_cache(maxsize=256)
def _event_rows(event: EventFacts, language: str) -> tuple[Markup, Markup]:
    """Return the rows before and after a person's own."""
    speak, tag = VOICES[language].say, _tag(event, language)
    after = [(say("Requirement"), _quoted(event.criteria, tag)), (say("Issued by"), _quoted(event.issuer, tag))]
    signed = (f"{who.name}, {who.role}" if who.role else who.name for who in event.signatories)
    after += [(say("Signed by"), _quoted(one, tag)) for one in signed]
    if event.valid_until:
        after.append((say("Valid until"), escape(speak(day(event.valid_until)))))
    before = [
        (say("Certificate"), _quoted(event.heading, tag)),
        (say("Event"), _quoted(event.title, tag)),
        (say("In the code"), _quoted(event.short_title, tag)),
        (say("Held"), _held(event, language)),
    ]
    return _rows(before, language), _rows(after, language)


def _held(event: EventFacts, language: str) -> Markup:
    """Return when and where the event was, the place in its own language."""
    voice, days = VOICES[language], period(event.first_day, event.last_day)
    if not event.place:
        return escape(voice.say(days))
    pattern = escape(voice.message_as_it_is(mark("{days}, {place}")))
    return pattern.format(days=voice.say(days), place=_quoted(event.place, _tag(event, language)))


def _rows(rows: Iterable[tuple[str, str]], language: str) -> Markup:
    """Return rows of label and content; those without content are left out."""
    speak = VOICES[language].say
    return Markup("").join(_ROW.format(speak(label), text) for label, text in rows if text)


def _quoted(text: str, tag: Markup = _NO_TAG) -> Markup:
    """Return what the certificate says itself, with the *tag* of its language; nothing of nothing."""
    return _QUOTED.format(tag, text) if text else _NO_TAG


def _tag(event: EventFacts, language: str) -> Markup:
    """Return the attribute that tells the language of the event's own words, where it is not the page's."""
    own = event.language
    return _NO_TAG if own.partition("-")[0] == language else _LANGUAGE.format(own)


@lru_cache(maxsize=2048)
def _session_rows(event: EventFacts, attended: frozenset[SessionId], language: str) -> Markup:
    """Return the rows of the table of sessions."""
    tag, speak = _tag(event, language), VOICES[language].say
    yes, no = ("", speak(say("yes"))), (_MISSED, speak(say("no")))
    marks = [yes if one.id in attended else no for one in event.sessions]
    return Markup("").join(
        _SESSION.format(missed, tag, one.title, ", ".join(speak(day(of)) for of in one.days), word)
        for one, (missed, word) in zip(event.sessions, marks, strict=True)
    )


def hours(quarter_hours: int) -> str:
    """Return `13.5 hours`."""
    whole, rest = divmod(quarter_hours, 4)
    if rest:
        return say("{part:,} hours", part=quarter_hours / 4)
    return say_n("{n:,} hour", "{n:,} hours", whole)
