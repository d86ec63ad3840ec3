"""What a new event begins with where no file is written by hand: a few lines, or last year's event moved in time.

text = blank("gmp-2027", today)
copy = copied(store, "gmp-2026", "gmp-2027", date(2027, 10, 5))
source = source_of(store, copy.text, copy.pictures_of)
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from certs import eventfile
from certs.errors import ConflictError, DeniedError, InputError
from certs.eventfile import writing
from certs.model import Approval, Event
from certs.ports import Store
from certs.wording import hint, say
from certs.work import imports
from certs.work.events.differences import differences
from certs.work.events.odd import slug_faults
from certs.work.events.proposal import Proposal
from certs.work.events.source import Source

NAME = "event.toml"
"""What a file that nobody named is called in messages."""
WEEKS = 52
"""After which the next edition begins unless somebody says otherwise: on the same day of the week."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BLANK = """slug = "{slug}"
title = ""
issuer = ""
zone = ""
language = "en"
approval = "two"

[rule]
sessions = 1
share = 0.5
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an event that is not stored yet, and whose pictures it has, empty for nobody's."""

    text: str
    pictures_of: str = ""


def blank(slug: str, today: date) -> Draft:
    """Return an event of one session in four weeks.

    Raises:
        InputError: no event may have that slug.
    """
    return Draft(writing.with_session(_BLANK.format(slug=_named(slug)), today))


def copied(store: Store, slug: str, new_slug: str, first_day: date) -> Draft:
    """Return the event *slug* as its next edition, whose first session is on *first_day*.

    All sessions move by as many days and keep their hours; the year in its titles, and the last valid day, move along.

    Raises:
        InputError: no event may have the new slug, or the days would be in no year that there is.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event, text = imports.event_of(store, slug), store.events.definition(slug)
    was = first_day_of(event)
    moved = writing.moved(text, (first_day - was).days, first_day.year - was.year)
    titles = {"title": event.title, "short_title": event.short_title}
    later = {key: _in_year(title, was.year, first_day.year) for key, title in titles.items()}
    moved, _ = writing.edited(moved, {"slug": _named(new_slug), **later})
    return Draft(moved, slug if event.picture_names else "")


def first_day_of(event: Event) -> date:
    """Return the day on which an event begins, by the clocks of its first session."""
    first = event.sessions[0]
    return first.window.start.astimezone(ZoneInfo(first.zone)).date()


def next_day(event: Event) -> date:
    """Return when the next edition of an event begins unless somebody says otherwise."""
    return first_day_of(event) + timedelta(weeks=WEEKS)


def next_slug(slug: str) -> str:
    """Return what the next edition of *slug* may be called: gmp-2027 after gmp-2026."""
    years = _YEAR.findall(slug)
    return slug.replace(years[-1], str(int(years[-1]) + 1)) if years else f"{slug}-2"


def source_of(store: Store, text: str, slug: str, name: str = NAME) -> Source:
    """Return *text* with those pictures that the register holds for the event *slug*, if that is one.

    Raises:
        InputError: the text is wrong, or names a picture that is not among these.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = eventfile.parse(text, name, strict=True)
    pictures = store.events.pictures(slug) if slug else {}
    if missing := [one for one in event.picture_names if one not in pictures]:
        raise InputError(
            say(
                "There is no picture {missing} yet: pictures come with an event file, added by {add}.",
                missing=", ".join(missing),
                add=hint("event_add"),
            )
        )
    return Source(text, name, {one: pictures[one] for one in event.picture_names})


def differs_from(store: Store, slug: str, event: Event) -> Sequence[str]:
    """Return what *event* says otherwise than the one it was copied from.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return differences(imports.event_of(store, slug), event)


def seen(text: str) -> str:
    """Return what tells one event file from every other, for `demand_seen`."""
    return hashlib.sha256(text.encode()).hexdigest()


def demand_seen(proposal: Proposal, before: str) -> None:
    """Make sure that what a change began from is what the register holds still.

    Raises:
        ConflictError: somebody else changed the event meanwhile, or added one of that name.
    """
    if proposal.held and seen(proposal.held) != before:
        raise ConflictError(
            say("Somebody else changed {slug} meanwhile; nothing was changed. Look again.", slug=proposal.event.slug)
        )


def demand_may_loosen(before: Event, after: Event, *, administrator: bool) -> None:
    """Make sure that whoever organises an event does not let herself approve alone: only an administrator allows that.

    Raises:
        DeniedError: one person would suffice where two are demanded, or the word of a shell where people sign in.
    """
    alone = before.approval is Approval.TWO and after.approval is not Approval.TWO
    if not administrator and (alone or (before.signed_in and not after.signed_in)):
        raise DeniedError(
            say("That two people sign for certificates is taken back by an administrator alone. Nothing was changed.")
        )


def _named(slug: str) -> str:
    """Return *slug*, which a new event may have.

    Raises:
        InputError: none may.
    """
    if not eventfile.SLUG.fullmatch(slug):
        raise InputError(say("Name the event in lower-case letters, digits and hyphens, like gmp-2027."))
    if faults := list(slug_faults(slug)):
        raise InputError(*faults)
    return slug


def _in_year(title: str, was: int, will: int) -> str:
    return _YEAR.sub(lambda year: str(will) if year[0] == str(was) else year[0], title)
