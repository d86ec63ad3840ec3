"""Look at what a deployment rests on outside its own machine: a copy of the register, time stamps, shared counts."""

import hashlib
import time
from collections.abc import Iterator

from certs.build import App
from certs.build.finding import Finding
from certs.config import without_password
from certs.model import SealLevel
from certs.wording import say

_LOOKS_AT_COPY = 5
"""A second apart: a copy that follows has then replayed what it had not at first."""
_PATIENCE_SECONDS = 5.0


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
