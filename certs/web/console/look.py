"""How values look on the console's pages: masked addresses, moments in an event's zone, shares, drawn lengths."""

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from certs.eligibility.words import criteria, percent
from certs.ground.number import printed
from certs.web.console import language
from certs.wording import mark, say_marked

BAR_HEIGHT = 24
"""Of a session's bar, in units of its drawing."""


def address(person: str, masked: bool = False) -> str:
    """Return an address, or what a viewer sees of it: its first character and its domain."""
    name, at, domain = person.partition("@")
    return f"{name[:1]}…{at}{domain}" if masked else person


def moment(at: datetime, zone: str = "UTC") -> Markup:
    """Return when something was, by the clock of *zone*; `datetime` says it in UTC."""
    there = at.astimezone(ZoneInfo(zone))
    utc = at.astimezone(ZoneInfo("UTC"))
    shown = language.voice().say(language.brief_moment(there))
    return Markup('<time datetime="{}">{}</time>').format(f"{utc:%Y-%m-%dT%H:%MZ}", shown)


def bar(seconds: int, of: int, height: int = BAR_HEIGHT) -> float:
    """Return how tall the bar of *seconds* is."""
    return round(min(height * seconds / of, height), 1) if of else 0.0


def hours(quarters: int) -> str:
    """Return quarters of an hour as hours."""
    return language.figure(quarters / 4) if quarters % 4 else f"{language.figure(quarters // 4)}{_decimal()}0"


def _decimal() -> str:
    return language.figure(0.5)[1]


def whole_percent(share: Fraction) -> int:
    """Return a share in whole percent."""
    return int(share * 100)


def clock(at: datetime, zone: str) -> str:
    """Return the time of day in *zone*."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def counted(ngettext: Callable[[str, str, int], str]) -> Callable[..., str]:
    """Return *ngettext* for templates, where `num` is the number as it is read: 1,244.

    ngettext("%(num)d certificate", "%(num)d certificates", batch.count)
    """

    @pass_context
    def said(context: Context, one: str, many: str, number: int, /, **values: object) -> str:
        text = ngettext(one, many, number).replace("%(num)d", "%(num)s")
        return (Markup(text) if context.eval_ctx.autoescape else text) % {"num": language.figure(number), **values}  # noqa: S704 -- a sentence of the catalogue

    return said


_WORDS = {
    "organiser": mark("organiser"),
    "approver": mark("approver"),
    "viewer": mark("viewer"),
    "password": mark("password"),
    "passkey": mark("passkey"),
    "password and code": mark("password and code"),
    "password and recovery code": mark("password and recovery code"),
    "single sign-on": mark("single sign-on"),
    "first sign-in": mark("first sign-in"),
    "granted": mark("granted"),
    "withheld": mark("withheld"),
    "lifted": mark("lifted"),
    "ordered": mark("ordered"),
    "issued": mark("issued"),
    "held": mark("held"),
    "cancelled": mark("given up"),
    "error": mark("an error in it"),
    "fraud": mark("obtained by deceit"),
    "withdrawn": mark("withdrawn by the issuer"),
    "key_compromise": mark("a key was not safe"),
    "other": mark("another reason"),
}


def word(value: str) -> str:
    """Return the word for a state or a kind of reason that the register keeps; what is unknown as it is."""
    return say_marked(_WORDS[value]) if value in _WORDS else value


FILTERS: Mapping[str, Callable[..., object]] = {
    "address": address,
    "moment": moment,
    "clock": clock,
    "criteria": lambda kind, event: criteria(event, kind, phrases=language.phrases()),
    "bar": bar,
    "hours": hours,
    "share": percent,
    "whole_percent": whole_percent,
    "printed": printed,
    "word": word,
}
"""What templates write behind a bar."""
