"""`certs event`: events by their file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from certs.cli import use
from certs.cli.declare import SLUG, argument, read_text, write_new
from certs.cli.hints import VOICE
from certs.cli.how import AS, JSON, REASON, YES, How, command, group
from certs.cli.tables import first
from certs.eligibility.words import count
from certs.views import events as views

_LISTED = 10
"""People shown whose decisions change; --json has them all."""


@group
def event() -> None:
    """Write, add and list events.

    Example:
      certs event new gmp-2027
      certs event add marathon.toml --as Ana
    """


@command(of=event)
def new(how: How, slug: str = SLUG) -> None:
    """Write SLUG.toml, a commented event file with every key, to fill in and then add.

    Example:
      certs event new gmp-2027
    """
    file = Path(f"{slug}.toml")
    write_new(file, use.events.new(slug, datetime.now(UTC).date()).encode())
    how.show(f"{file} is written. Fill in what [example] marks, then: certs event add {file}")


@command(REASON, YES, AS, JSON, of=event)
def add(how: How, file: Path = argument()) -> None:
    """Add the event that FILE describes, or take over a changed FILE.

    What is odd is asked about. Of a changed file it is shown what changes and for whom, and you are asked; certificates
    that are ordered or issued already stay as they are.

    Example:
      certs event add demo/marathon.toml
      certs event add demo/marathon.toml --reason "the institute has a new name" --yes
    """
    source = use.events.Source.of(read_text(file), file)
    how.begin()
    proposal = use.events.propose(how.store, source, how.app.clock(), how.app.settings.base_url)
    added = proposal.event
    called = f"Event {added.slug} ({added.title}, {count(len(added.sessions), 'session')})"
    if proposal.differences:
        how.note(f"{called} is in the register; this file says otherwise:")
        how.note((f"  {line}" for line in proposal.differences), _effect(proposal))
    how.note(f"Look at this: {VOICE.say(line)}" for line in proposal.questions)
    if proposal.questions or proposal.differences:
        what = f"{'Add' if proposal.is_new else 'Change'} event {added.slug}"
        how.confirm(f"{what} all the same?" if proposal.questions else f"{what}?")
    changed = not proposal.same and use.events.accept(how.store, proposal, how.act())
    how.tell(views.change(proposal, changed=changed), f"{called} {_outcome(proposal)}.")


def _outcome(proposal: "use.events.Proposal") -> str:
    if proposal.same:
        return "was in the register already, just so"
    if proposal.is_new:
        return "is in the register"
    return "is changed in the register" if proposal.differences else "says the same in other words, which are kept"


def _effect(proposal: "use.events.Proposal") -> Iterator[str]:
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
        people = [f"  {word}: {one.name} <{one.person}>, {one.kind}" for one in some]
        yield from first(people, _LISTED, f"  … and {{left:,}} more {word}; --json lists them all.")
    if effect.before and not effect.gained and not effect.lost:
        yield "Decisions: nobody's changes."
    if effect.rulings_lost:
        lost_rulings = count(effect.rulings_lost, "ruling counts", "rulings count")
        yield f"{lost_rulings} no more, made under another rule: certs near-misses {proposal.event.slug}"


@command(JSON, name="list", of=event)
def list_(how: How) -> None:
    """List the events of the register.

    Example:
      certs event list
    """
    slugs = how.store.events.slugs()
    how.tell(views.listed(slugs), slugs or "There are no events yet. Add one with: certs event add FILE")
