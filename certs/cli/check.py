"""`certs check`: what would make an event's certificates untrue, and what somebody should know, before an order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from certs.cli.context import open_app, write_json
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, echo, shared
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Event, Finding, Severity
from certs.views import findings

if TYPE_CHECKING:
    from certs.build import App

_TO_COME = ("session_missing", "session_ahead")
"""What is usual as long as exports are still to come."""
_ODD = 5
"""Odd things that other commands say; `check` has them all."""


@click.command()
@click.argument("slug")
@click.option("--kind", default=None, help="Look at the certificates of this kind alone.")
@shared(JSON)
def check(slug: str, kind: str | None, how: How) -> int:
    """Look whether event SLUG is ready to be ordered for. Nothing is changed.

    What would make certificates untrue stops an order until it is mended, or accepted one by one where it is right all
    the same (certs order --accept); the rest is said. Leaves with exit code 1 while something stops it.

    \b
    Example:
      certs check cgmp-2026
    """
    from certs.work import orders, readiness  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    seen = orders.survey(app.store, slug, kind)
    seen = replace(seen, besides=besides(app, seen.event))
    found = readiness.findings(seen, app.clock())
    stops = readiness.stopping(found)
    if how.wants_json:
        write_json(findings.readiness(slug, len(seen.due), found))
        return int(bool(stops))
    echo(*lines(found, reference.ordering(slug, kind or "")))
    due = f"{count(len(seen.due), 'certificate')} would be ordered"
    ordering = [reference.ordering(slug, one) for one in dict.fromkeys(each.kind for each in seen.due)]
    if stops:
        said = count(len(stops), "finding stops", "findings stop")
        click.echo(f"{said} the order: {due}.")
    else:
        click.echo(f"Nothing stops the order: {due}.{' Order with:' if ordering else ''}")
        echo(*(f"  {VOICE.say(command)}" for command in ordering))
    return int(bool(stops))


def besides(app: "App", event: Event) -> list[Finding]:
    """Return what is noticed about this deployment: its public address, and the keys that would sign for *event*.

    Raises:
        SigningError: the keys cannot be read.
    """
    from certs.work import guards, readiness  # noqa: PLC0415

    used = app.store.batches.newest_address()
    found = guards.findings(app.settings.base_url, app.keys, issuer=event.named_issuer, used=used)
    said = [Finding(one.code, Severity.SAID, one.says, one.advice) for one in found]
    return [*readiness.unnamed(event), *said]


def odd(app: "App", slug: str) -> Iterator[str]:
    """Yield in a line each what is odd about the attendance of an event, where there is any."""
    from certs.work import counts  # noqa: PLC0415

    found = counts.odd(app.store, slug, app.clock())
    if missing := [one.about for one in found if one.code == "session_missing"]:
        which = "session" if len(missing) == 1 else "sessions"
        yield f"Nobody yet was in {which} {', '.join(missing)}, which took place."
    found = [one for one in found if one.code not in _TO_COME]
    for one in found[:_ODD]:
        yield f"Look at this ({one.key}): {VOICE.say(one.text)}"
    if len(found) > _ODD:
        yield f"… and {len(found) - _ODD:,} more such things: certs check {slug}"


def lines(found: Sequence[Finding], command: str) -> Iterator[str]:
    """Yield *found* for people, what stops an order first; *command* orders."""
    from certs.work import readiness  # noqa: PLC0415

    return map(VOICE.say, readiness.listed(found, command))
