"""Look at what a deployment rests on outside its own machine: a copy of the register, time stamps, counts, packs."""

import hashlib
import time
from collections.abc import Collection, Iterator
from datetime import timedelta

from certs.build import App
from certs.build.finding import Finding
from certs.config import without_password
from certs.model import SealLevel
from certs.wording import say, say_n

_LOOKS_AT_COPY = 5
"""A second apart: a copy that follows has then replayed what it had not at first."""
_PATIENCE_SECONDS = 5.0
_AT_WORK = timedelta(hours=1)
"""For which a pack may be there before the register knows it."""
_NAMED = 10
"""So many packs are named."""


def copy(app: App) -> Iterator[Finding]:
    """Say whether pages can be read from the copy that is named."""
    if not app.settings.database_read_url:
        return
    from certs.db.replica import ASK_SECONDS, Replica, why_not  # noqa: PLC0415 - the database, which help does not need
    from certs.db.store import Store  # noqa: PLC0415

    shown = app.copy.url.render_as_string(hide_password=True)
    if why := why_not(app.copy):
        yield Finding("replica", False, f"Pages are not read from {shown}: {why}.")
        return
    replica = Replica(Store(app.copy), app.tables)
    for _ in range(_LOOKS_AT_COPY):
        if replica.is_fresh:
            yield Finding("replica", True, f"{shown} follows the register: pages are read from there.")
            return
        time.sleep(ASK_SECONDS)
    yield Finding("replica", False, f"{shown} does not follow, or lags far behind: pages are read from the primary.")


def tails(app: App) -> Iterator[Finding]:
    """Say whether every pack is there in which certificates lie, and which are there that nobody asks for."""
    known = _known(app)
    if app.packs is None:
        yield from _unnamed(known)
        return
    place, total, strange = app.packs.tails.place, len(known), list[str]()
    for one in app.packs.tails.all():
        if known.get(one.sha256) == one.size:
            del known[one.sha256]
        elif one.sha256 not in known and one.at < app.clock() - _AT_WORK:
            strange.append(one.sha256)
    if known:
        missing = say_n("{n:,} pack of certificates is", "{n:,} packs of certificates are", len(known))
        text = say(
            "{missing} not in {place} as kept: {names}. Bring them back from its backup.",
            missing=missing,
            place=place,
            names=_some(known),
        )
        yield Finding("tails", False, text)
    else:
        there = say_n("{n:,} pack is", "{n:,} packs are", total)
        text = say("{there} in {place}, as certificates need them.", there=there, place=place)
        yield Finding("tails", True, text)
    if strange:
        more = say_n("{n:,} pack", "{n:,} packs", len(strange))
        text = say(
            "No certificate here is in {more} of {place}: issuing was interrupted there, or another register has them. "
            "They do no harm, so leave them: {names}.",
            more=more,
            place=place,
            names=_some(strange),
        )
        yield Finding("tails", True, text, doubt=True)


def tails_readable(app: App) -> Iterator[Finding]:
    """Say whether files of certificates can be given out: the beginning of a pack is read."""
    known = _known(app)
    if app.packs is None:
        yield from _unnamed(known)
    elif known:
        app.packs.tails.read(next(iter(known)), 0, 1)
        yield Finding("tails", True, say("{place} can be read.", place=app.packs.tails.place))


def _known(app: App) -> dict[str, int]:
    from certs.db import packs  # noqa: PLC0415 - the database, which help does not need

    return packs.kept(app.tables.engine)


def _unnamed(known: Collection[str]) -> Iterator[Finding]:
    if known:
        packs = say_n("{n:,} pack", "{n:,} packs", len(known))
        text = say(
            "Bytes of certificates are in {packs} outside the register: set CERTS_TAILS_URL to where.", packs=packs
        )
        yield Finding("tails", False, text)


def _some(names: Collection[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(sorted(names)[:_NAMED]) + more


def time_stamps(app: App) -> Iterator[Finding]:
    """Say whether the time-stamp authority stamps, where seals need one."""
    settings = app.settings
    if settings.seal_level is SealLevel.B_B:
        return
    from certs.keyring.authorities import Authorities  # noqa: PLC0415 - only such seals need it

    Authorities(settings.timestamp_url, _PATIENCE_SECONDS).stamp(hashlib.sha256(b"certs doctor").digest())
    yield Finding(
        "time stamps",
        True,
        say(
            "{timestamp_url} stamps, as level {seal_level} needs.",
            timestamp_url=settings.timestamp_url,
            seal_level=settings.seal_level,
        ),
    )


def counted(app: App) -> Iterator[Finding]:
    """Say whether pages count questions where they are to."""
    if not app.settings.rate_limits:
        text = say("Nobody who tries numbers out is slowed down: CERTS_RATE_LIMITS is off. That is for tests alone.")
        yield Finding("limits", True, text, doubt=True)
    if not (url := app.settings.limits_url):
        return
    from certs import limits  # noqa: PLC0415 - what speaks to Redis, which help does not need

    shown = without_password(url)
    if why := limits.fault(url):
        text = say("{shown} does not answer ({why}): each process counts by itself meanwhile.", shown=shown, why=why)
        yield Finding("limits", False, text)
    else:
        yield Finding("limits", True, say("{shown} answers: pages count there.", shown=shown))
