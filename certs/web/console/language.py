"""In which language the console speaks, and how its pages say numbers, days and the sentences of use cases.

What a page's address asks for (`?lang=fr`) is kept in a cookie of this browser; without it, what the browser prefers
counts. The switch shows languages alone in which every page is complete.
"""

from datetime import date, datetime

from babel.dates import format_skeleton
from flask import Response, request

from certs.eligibility import Phrases
from certs.web.edge.language import ASKED, NAMES, VOICES, preferred
from certs.wording import Sentence, Spoken, Voice, say, short_day

COMPLETE = ("en", "fr")
"""Languages in which the console can be read whole."""
_COOKIE = "lang"
_YEAR_SECONDS = 365 * 24 * 3600


def language() -> str:
    """Return the language of the page that is being answered."""
    for wish in (request.args.get(ASKED), request.cookies.get(_COOKIE)):
        if wish in COMPLETE:
            return str(wish)
    return preferred(request.headers.get("Accept-Language", ""), COMPLETE)


def voice() -> Voice:
    """Return who speaks on the page that is being answered."""
    return VOICES[language()]


def keep(answer: Response, *, secure: bool) -> Response:
    """Let the browser keep the language that the address asked for."""
    wish = request.args.get(ASKED)
    if wish in COMPLETE:
        answer.set_cookie(_COOKIE, str(wish), _YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return answer


def switch() -> list[tuple[str, str, bool]]:
    """Return every language that can be chosen: its code, its name, and whether it is spoken here.

    The answer to a form has an address of its own, which shows nothing, so there is nothing to choose.
    """
    here = language()
    if request.method not in {"GET", "HEAD"}:
        return []
    return [(code, NAMES[code], code == here) for code in COMPLETE]


def gettext(message: str) -> str:
    """Return *message* of a template in the page's language."""
    return voice().message_as_it_is(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a template's message that suits *n*."""
    return voice().counted_as_it_is(one, many, n)


def spoken(value: object) -> object:
    """Return what a template shows: a sentence said in the page's language, everything else as it is."""
    return voice().say(value) if isinstance(value, Spoken) else value


def figure(number: float) -> str:
    """Return a number as the language writes it."""
    return voice().say(say("{n:,}", n=number))


def weekday(on: date) -> str:
    """Return a day with its weekday: "Tue 6 Oct"."""
    here = language()
    return f"{on:%a} {short_day(on)}" if here == "en" else format_skeleton("MMMEd", on, locale=here)


def brief_moment(at: datetime) -> Sentence:
    """Return day and time by the clock of *at*: "6 Oct 2026, 13:00"."""
    return say("{day}, {at:%H:%M}", day=short_day(at.date(), with_year=True), at=at)


def phrases() -> Phrases:
    """Return what rules are said with in the page's language."""
    return Phrases.said_by(voice())
