"""`certs check` and `preview`, what to look at before an order; and what other commands say of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from certs.cli import use
from certs.cli.declare import SLUG, Words, argument, option
from certs.cli.hints import VOICE
from certs.cli.how import JSON, How, command
from certs.cli.tables import first
from certs.eligibility.words import count
from certs.ground import reference
from certs.model import Finding, Severity
from certs.views import findings as views
from certs.views import previews

if TYPE_CHECKING:
    from certs.build import App

_TO_COME = ("session_missing", "session_ahead")
"""What is usual as long as exports are still to come."""
SPECIMEN = Path("specimen.pdf")
_ODD = 5
"""Odd things that other commands say; `check` has them all."""


@command(JSON)
def check(
    how: How, slug: str = SLUG, kind: str | None = option("--kind", "Look at the certificates of this kind alone.")
) -> int:
    """Look whether event SLUG is ready to be ordered for. Nothing is changed.

    What would make certificates untrue stops an order until it is mended, or accepted one by one where it is right all
    the same (certs order --accept); the rest is said. Leaves with exit code 1 while something stops it.

    Example:
      certs check cgmp-2026
    """
    seen = use.orders.survey(how.store, slug, kind)
    seen = replace(
        seen, besides=[*use.readiness.unnamed(seen.event), *_of_deployment(how.app, seen.event.named_issuer)]
    )
    found = use.readiness.findings(seen, how.app.clock())
    stops = use.readiness.stopping(found)
    due = f"{count(len(seen.due), 'certificate')} would be ordered"
    kinds = [] if stops else dict.fromkeys(each.kind for each in seen.due)
    said = f"{count(len(stops), 'finding stops', 'findings stop')} the order: {due}."
    how.tell(
        views.readiness(slug, len(seen.due), found),
        use.readiness.listed(found, reference.ordering(slug, kind or "")),
        said if stops else f"Nothing stops the order: {due}.{' Order with:' if kinds else ''}",
        (f"  {VOICE.say(reference.ordering(slug, one))}" for one in kinds),
    )
    return int(bool(stops))


def _of_deployment(app: "App", issuer: str) -> Iterator[Finding]:
    """Yield what is noticed about this deployment: its public address, and the keys that would sign for *issuer*."""
    found = use.guards.findings(app.settings.base_url, app.keys, issuer=issuer, used=app.store.batches.newest_address())
    return (Finding(one.code, Severity.SAID, one.says, one.advice) for one in found)


@command(JSON)
def preview(
    how: How,
    slug: str = SLUG,
    people: Words = argument("[EMAIL]..."),
    kind: str | None = option("--kind", "The kind of certificate, where the event has several."),
    out: Path = option(
        "--out",
        "Where the pages go: FILE.pdf for one PDF, or a folder for one each.",
        default=SPECIMEN,
        show_default=True,
    ),
) -> None:
    """Print specimens of event SLUG's certificates to look at before an order: for EMAIL..., or for the hardest names.

    Each page says SPECIMEN and is sealed by nobody; its code says that it is a specimen. Nothing is changed.

    Example:
      certs preview cgmp-2026
      certs preview cgmp-2026 ana@example.org ben@example.org --out look.pdf
      certs preview cgmp-2026 --out specimens/
    """
    place = use.preview.Place.named(out)
    press = use.preview.Press(how.app.settings.base_url, how.app.clock(), SystemRandom())
    made = use.preview.preview(how.store, slug, people, press, kind, apart=place.apart)
    paths = place.take(made)
    if not how.wants_json:
        how.note(made.left_out)
    how.tell(
        previews.preview(out, made, paths if place.apart else ()),
        (f"  {one.name} ({one.kind})" for one in made.people),
        f"{count(len(made.people), 'specimen')} in {out}. It certifies nothing; nothing was ordered.",
    )


def look_out(how: How, issuer: str) -> "list[use.guards.Finding]":
    """Say what is wrong or doubtful about issuing for *issuer* here, on standard error, and return it.

    An empty *issuer* is one whom the event file does not name: no seal is compared with that.

    Raises:
        SigningError: the keys cannot be read.
        StorageError: the database is out of reach.
    """
    app, used = how.app, how.store.batches.newest_address()
    found = use.guards.findings(app.settings.base_url, app.keys, issuer=issuer, used=used)
    found += use.guards.clock(app.clock(), app.store.newest_moment())
    how.note(f"{one.severity.upper()}: {VOICE.say(one.told)}" for one in found)
    return found


def ask_if_doubtful(how: How, issuer: str, question: str, *, refused_if_wrong: bool = False) -> None:
    """Say what is wrong or doubtful about issuing for *issuer* here; if anything is, ask *question*.

    What is wrong is not asked about where it is *refused_if_wrong*, whatever anybody answers.

    Raises:
        InputError: nobody can be asked.
        Exit: the answer is no.
    """
    found = look_out(how, issuer)
    if found and not (refused_if_wrong and any(one.severity is one.severity.WRONG for one in found)):
        how.confirm(question)


def odd(how: How, slug: str) -> Iterator[str]:
    """Yield in a line each what is odd about the attendance of an event, where there is any."""
    found = use.counts.odd(how.store, slug, how.app.clock())
    if missing := [one.about for one in found if one.code == "session_missing"]:
        which = "session" if len(missing) == 1 else "sessions"
        yield f"Nobody yet was in {which} {', '.join(missing)}, which took place."
    told = [f"Look at this ({one.key}): {VOICE.say(one.text)}" for one in found if one.code not in _TO_COME]
    yield from first(told, _ODD, f"… and {{left:,}} more such things: certs check {slug}")
