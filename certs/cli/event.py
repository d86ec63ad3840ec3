"""`certs event`: events by their file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from certs.cli.context import begin, open_app
from certs.cli.how import AS, JSON, REASON, YES, How, echo, shared
from certs.eligibility.words import count
from certs.errors import ConflictError, InputError
from certs.model import Event
from certs.views import events as views
from certs.work import events

_LISTED = 10
"""People shown whose decisions change; --json has them all."""


@click.group()
def event() -> None:
    """Write, add and list events.

    \b
    Example:
      certs event new gmp-2027
      certs event add marathon.toml --as Ana
    """


@event.command()
@click.argument("slug")
def new(slug: str) -> None:
    """Write SLUG.toml, a commented event file with every key, to fill in and then add.

    \b
    Example:
      certs event new gmp-2027
    """
    text = events.new(slug, datetime.now(UTC).date())
    file = Path(f"{slug}.toml")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise ConflictError(f"{file} is there already, and nothing was written. Move it away, or edit it.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{file} is written. Fill in what [example] marks, then: certs event add {file}")


@event.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared(REASON, YES, AS, JSON)
def add(file: Path, how: How) -> None:
    """Add the event that FILE describes, or take over a changed FILE.

    What is odd is asked about. Of a changed file it is shown what changes and for whom, and you are asked; certificates
    that are ordered or issued already stay as they are.

    \b
    Example:
      certs event add demo/marathon.toml
      certs event add demo/marathon.toml --reason "the institute has a new name" --yes
    """
    source = events.Source.of(read_text(file), file)
    app = open_app()
    begin(app)
    proposal = events.propose(app.store, source, app.clock(), app.settings.base_url)
    echo(*_told(proposal), err=True)
    if proposal.questions or proposal.differences:
        how.confirm(_question(proposal))
    changed = not proposal.same and events.accept(app.store, proposal, how.act(app))
    how.tell(views.change(proposal, changed=changed), f"{_called(proposal.event)} {_outcome(proposal)}.")


def _called(added: Event) -> str:
    return f"Event {added.slug} ({added.title}, {count(len(added.sessions), 'session')})"


def _question(proposal: events.Proposal) -> str:
    """Return what is asked before anything is stored."""
    what = f"Add event {proposal.event.slug}" if proposal.is_new else f"Change event {proposal.event.slug}"
    return f"{what} all the same?" if proposal.questions else f"{what}?"


def _outcome(proposal: events.Proposal) -> str:
    if proposal.same:
        return "was in the register already, just so"
    if proposal.is_new:
        return "is in the register"
    return "is changed in the register" if proposal.differences else "says the same in other words, which are kept"


def _told(proposal: events.Proposal) -> Iterator[str]:
    """Yield what a person must know before she agrees."""
    if proposal.differences:
        yield f"{_called(proposal.event)} is in the register; this file says otherwise:"
        yield from (f"  {line}" for line in proposal.differences)
        yield from _effect(proposal)
    yield from (f"Look at this: {line}" for line in proposal.questions)


def _effect(proposal: events.Proposal) -> Iterator[str]:
    """Yield whom a changed event concerns."""
    effect = proposal.effect
    if effect.issued or effect.ordered:
        concerned = f"{effect.issued:,} issued, {effect.ordered:,} ordered"
        yield f"Certificates: {concerned}. They stay as they are: each says what was frozen with its order."
        if effect.issued:
            yield '  To print it anew on one: certs correct NUMBER --event --reason "…"'
        if effect.ordered:
            yield "  What is ordered and not issued can be cancelled and ordered again: certs cancel BATCH"
    for kind in dict.fromkeys(one.kind for one in (*effect.before, *effect.after)):
        old, new = effect.eligible(kind)
        gained, lost = (sum(one.kind == kind for one in some) for some in (effect.gained, effect.lost))
        if gained or lost:
            yield f"Decisions on {kind}: {old:,} eligible → {new:,} ({gained:,} more, {lost:,} fewer)"
    for word, some in (("eligible now", effect.gained), ("eligible no more", effect.lost)):
        yield from (f"  {word}: {one.name} <{one.person}>, {one.kind}" for one in some[:_LISTED])
        if len(some) > _LISTED:
            yield f"  … and {len(some) - _LISTED:,} more {word}; --json lists them all."
    if effect.before and not effect.gained and not effect.lost:
        yield "Decisions: nobody's changes."
    if effect.rulings_lost:
        lost_rulings = count(effect.rulings_lost, "ruling counts", "rulings count")
        yield f"{lost_rulings} no more, made under another rule: certs near-misses {proposal.event.slug}"


@event.command(name="list")
@shared(JSON)
def list_(how: How) -> None:
    """List the events of the register.

    \b
    Example:
      certs event list
    """
    slugs = open_app().store.events.slugs()
    how.tell(views.listed(slugs), "\n".join(slugs) or "There are no events yet. Add one with: certs event add FILE")


def read_bytes(file: Path) -> bytes:
    """Return what *file* holds.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def read_text(file: Path) -> str:
    """Return the text that *file* holds in UTF-8.

    Raises:
        InputError: it cannot be read or is no UTF-8.
    """
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not in UTF-8.") from error
