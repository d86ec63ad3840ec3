"""The event file: TOML text in, a checked `Event` out.

    slug = "cgmp-2026"                  # lower-case letters, digits, hyphens
    title = "cGMP Training Marathon 2026"
    issuer = "…"                        # optional, like place, zone, language, design, logo, valid_until, approval
    short_title = "GMP 2026"            # optional: what the QR code calls an event whose title is too long for it
    list_sessions = false               # optional: leave the list of sessions out of the certificates
    [rule]                              # who earns a certificate: see `certs.eventfile.rules`
    sessions = 6
    share = 0.5
    [[sessions]]
    id = "1"
    title = "Quality risk management"
    zone = "Europe/Zurich"              # optional: the event's
    start = 2026-10-06T13:00:00         # without an offset: local time of the zone
    end = 2026-10-06T15:00:00

Every problem is reported at once, with its line. A key nobody knows is a problem: it would be a rule that does not
apply.
"""

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache

from certs.eventfile import keys
from certs.eventfile.rules import ATTENDANCE, read_kinds, read_near_miss
from certs.eventfile.sessions import read_sessions
from certs.eventfile.table import Document, Table
from certs.model import Approval, Event, Kind, Partner, Session, SessionsRule, Signatory, unnamed_issuer

__all__ = ["ATTENDANCE", "NO_RULE", "SLUG", "parse", "stored"]

NO_RULE = "none"
"""Name of the kind in an event file without a rule, read to look at exports only."""

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FOLDER = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_FILE = re.compile(r"([A-Za-z0-9_][A-Za-z0-9 _.-]*/)*[A-Za-z0-9_][A-Za-z0-9 _.-]*\.(svg|png)", re.IGNORECASE)
_A_PICTURE = "the name of an .svg or .png file in the folder of the event file, like logo.svg or pictures/logo.png"
_MAX_TEXT = 300


def parse(text: str, name: str, *, for_reading: bool = False, strict: bool = False) -> Event:
    """Read the event file *text*, called *name* in messages.

    With *for_reading* the file may lack a rule and sessions: enough to look at exports, not to decide. With *strict* no
    local time may be one that the clocks leave out or show twice; files that the register holds may have such.

    Raises:
        InputError: every problem found, with its line where it can be told.
    """
    document = Document(text, name, strict=strict)
    top = document.top
    top.only(*keys.EVENT)
    sessions = read_sessions(top, needed=not for_reading)
    kinds = _kinds(top, [s.id for s in sessions], sum(s.window_seconds for s in sessions), for_reading)
    title = top.text("title", _MAX_TEXT, needed=True)
    event = Event(
        slug=top.pattern("slug", SLUG, "lower-case letters, digits and hyphens, like cgmp-2026", needed=True),
        title=title,
        sessions=tuple(sessions),
        kinds=tuple(kinds),
        issuer=top.text("issuer", _MAX_TEXT) or unnamed_issuer(title),
        place=top.text("place", _MAX_TEXT),
        zone=top.text("zone", _MAX_TEXT) or (sessions[0].zone if sessions else "UTC"),
        language=top.pattern("language", _LANGUAGE, "a language tag like en or pt-BR") or "en",
        design=top.pattern("design", _FOLDER, "the folder name of a design") or "classic",
        logo=top.pattern("logo", _FILE, _A_PICTURE),
        signatories=tuple(_signatories(top)),
        valid_until=_valid_until(top, sessions),
        approval=Approval(top.choice("approval", [a.value for a in Approval]) or Approval.ONE),
        signed_in=top.flag("signed_in", default=False),
        near_miss=read_near_miss(top),
        short_title=top.text("short_title", _MAX_TEXT),
        list_sessions=top.flag("list_sessions", default=True),
        partners=tuple(_partners(top)),
    )
    document.finish()
    return event


@lru_cache(maxsize=8)
def stored(text: str, slug: str) -> Event:
    """Read *text*, which the register holds for the event *slug*; the same text again costs nothing.

    Raises:
        InputError: it is wrong, which `parse` said before it was stored.
    """
    return parse(text, slug)


def _valid_until(top: Table, sessions: list[Session]) -> date | None:
    """Read the last day on which certificates are valid; none may be expired before it is earned."""
    day = top.day("valid_until")
    if day is not None and any(day < window.end.date() for session in sessions for window in session.windows):
        top.report('"valid_until" is before the last session: no certificate would ever be valid.', "valid_until")
    return day


def _kinds(top: Table, ids: list[str], window_seconds: int, for_reading: bool) -> list[Kind]:
    """Read the rules; a file that only serves for reading may have none."""
    if for_reading and "rule" not in top and "kinds" not in top:
        return [Kind(NO_RULE, "", SessionsRule(1, Fraction(0)))]
    return read_kinds(top, ids, window_seconds)


def _signatories(top: Table) -> list[Signatory]:
    """Read whose names stand at the foot of the certificate."""
    found = []
    for table in top.tables("signatories"):
        table.only(*keys.SIGNATORY)
        signature = table.pattern("signature", _FILE, _A_PICTURE)
        found.append(Signatory(table.text("name", _MAX_TEXT, needed=True), table.text("role", _MAX_TEXT), signature))
    return found


def _partners(top: Table) -> list[Partner]:
    """Read whose logos stand beside the issuer's."""
    found = []
    for table in top.tables("partners"):
        table.only(*keys.PARTNER)
        logo = table.pattern("logo", _FILE, _A_PICTURE, needed=True)
        found.append(Partner(table.text("name", _MAX_TEXT, needed=True), logo))
    return found
