"""Do an errand, and say in a sentence how it went."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from certs.ground import reference
from certs.model import Act, Batch, CertificateState, Errand, ErrandKind
from certs.ports import Clock, Queue, Store
from certs.wording import hint, joined, say, say_n
from certs.work import counts, doubts, mailing, questions, receive, specimens
from certs.work import issue as issuing
from certs.work.enrol import Enrolled
from certs.work.errands import acting, asking, outcomes, reading
from certs.work.errands.outcomes import Seen

Tell = Callable[[int, int], None]
"""Hears how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker has to do errands with."""

    store: Store
    queue: Queue
    clock: Clock
    base_url: str
    tools: Callable[[Batch], issuing.Tools]
    """What issuing a batch needs, with the keys open."""
    publish: Callable[[], int]
    """Brings the status lists up to date; returns how many were not."""
    examine: Callable[[], Sequence[Seen]]
    """Looks at everything that the deployment rests on."""
    back_up: Callable[[datetime], tuple[Path, int]]
    """Writes the whole register to a file beside it; returns that and its size in bytes."""
    enrol: Callable[[Act, Callable[[int], None]], Enrolled]
    """Puts certificates of before under our signature, with the keys open."""
    mails: bool = False
    """Whether mails are sent."""


@dataclass(frozen=True, slots=True)
class Done:
    """How an errand ended; *code* as of an error where it did not go well."""

    sentence: str
    code: str = ""
    outcome: str = ""
    """What it found, for the page that shows it."""


def do(means: Means, errand: Errand, tell: Tell) -> Done:
    """Do *errand*, or what is left of it.

    Raises:
        CertsError: it cannot be done; says why.
    """
    return _DO[errand.wish.kind](means, errand, tell)


def _read(means: Means, errand: Errand, tell: Tell) -> Done:
    def act() -> Act:
        return errand.act(means.clock())

    outcome = reading.read(means.store, errand, act, tell)
    if outcome.read:
        asking.count(means.store, errand.wish.slug, act())
    return Done(outcome.sentence, "input" if outcome.refused else "")


def _tray(means: Means, errand: Errand, tell: Tell) -> Done:
    """Read what waits in the tray, look for doubts, and let the decisions be counted."""
    store, slug, act = means.store, errand.wish.slug, errand.act(means.clock())
    read = _read_before(store, errand) + len(receive.read_kept(store, slug, act, tell).readings)
    if read:
        asking.count(store, slug, act)
    left = sum(not one.is_unread for one in store.tray.listed(slug))
    return Done(_received(read, left, len(questions.unanswered(store, slug))))


def _read_before(store: Store, errand: Errand) -> int:
    """Return how many files count since *errand* was asked for, where another worker has died over it."""
    if errand.tries <= 1:
        return 0
    return sum(one.counts and one.received_at >= errand.asked_at for one in store.imports.listed(errand.wish.slug))


def _received(read: int, left: int, doubts: int) -> str:
    parts = [say_n("{n:,} file was read.", "{n:,} files were read.", read)]
    if left:
        parts.append(say_n("{n:,} file waits for you below.", "{n:,} files wait for you below.", left))
    if doubts and read:
        parts.append(say_n("{n:,} question is open.", "{n:,} questions are open.", doubts))
    return joined(parts)


def _count(means: Means, errand: Errand, tell: Tell) -> Done:
    """Bring the counts up to date; where doubts are many, what hangs on each is kept for the page that shows them."""
    slug = errand.wish.slug
    counts.refresh(means.store, slug, means.clock())
    weights = doubts.weights(means.store, slug)
    return Done(say("The counts are up to date."), outcome=json.dumps(dict(weights)) if weights else "")


def _foresee(means: Means, errand: Errand, tell: Tell) -> Done:
    found = acting.foresee(means.store, errand)
    return Done(say("What would change is worked out."), outcome=found.as_text())


def _change(means: Means, errand: Errand, tell: Tell) -> Done:
    said = acting.change(means.store, errand, errand.act(means.clock()))
    asking.count(means.store, errand.wish.slug, errand.act(means.clock()))
    return Done(said)


def _order(means: Means, errand: Errand, tell: Tell) -> Done:
    said, ordinal = acting.order(means.store, errand, errand.act(means.clock()))
    return Done(said, outcome=str(ordinal))


def _rehearse(means: Means, errand: Errand, tell: Tell) -> Done:
    """Try every page that an order would print."""
    slug, kind = errand.wish.slug, errand.wish.what
    tried = specimens.tried_out(means.store, slug, kind, means.base_url, means.clock(), tell)
    parts: list[str] = [say_n("{n:,} certificate would be ordered.", "{n:,} certificates would be ordered.", tried.due)]
    if held := tried.due - tried.fit:
        parts.append(say_n("{n:,} cannot be printed.", "{n:,} cannot be printed.", held))
    return Done(joined(parts, " "), outcome=tried.as_text())


def _issue(means: Means, errand: Errand, tell: Tell) -> Done:
    store = means.store
    batch = reference.batch(store.batches, errand.wish.what)
    made = batch.count - batch.remaining

    def watch(count: int) -> None:
        nonlocal made
        made += count
        tell(made, batch.count)

    tell(made, batch.count)
    tools = issuing.opened(store, batch, lambda: means.tools(batch))
    office = issuing.Office(store, means.queue, means.clock)
    after = issuing.issue(office, tools, batch.id, errand.act(means.clock()), watch=watch)
    if means.mails and not after.remaining:
        mailing.tell_issued(store, after, means.base_url, errand.act(means.clock()))
    return Done(_issued(after))


def _issued(batch: Batch) -> str:
    issued, held = (batch.counts.get(state, 0) for state in (CertificateState.ISSUED, CertificateState.HELD))
    parts = [say_n("{n:,} certificate is issued.", "{n:,} certificates are issued.", issued)]
    if held:
        parts.append(say_n("{n:,} is held back and needs a person.", "{n:,} are held back and need a person.", held))
    return joined(parts, " ")


def _publish(means: Means, errand: Errand, tell: Tell) -> Done:
    renewed = means.publish()
    if not renewed:
        return Done(say("The status lists are up to date."))
    return Done(say_n("{n:,} status list was signed anew.", "{n:,} status lists were signed anew.", renewed))


def _examine(means: Means, errand: Errand, tell: Tell) -> Done:
    found = means.examine()
    wrong = sum(not one.good for one in found)
    said = say_n("{n} thing is wrong.", "{n} things are wrong.", wrong) if wrong else say("Everything works.")
    return Done(said, outcome=outcomes.seen_as_text(found))


def _back_up(means: Means, errand: Errand, tell: Tell) -> Done:
    file, size = means.back_up(errand.asked_at)
    said = say(
        "The register is backed up to {file}, {mb:.1f} MB. Keep it, and the signing keys, on another machine.",
        file=file,
        mb=size / 1e6,
    )
    return Done(said)


def _enrol(means: Means, errand: Errand, tell: Tell) -> Done:
    seen, total = 0, means.store.rolls.missing()

    def watch(count: int) -> None:
        nonlocal seen
        seen += count
        tell(seen, total)

    done = means.enrol(errand.act(means.clock()), watch)
    said = say_n("{n:,} certificate of before was enrolled.", "{n:,} certificates of before were enrolled.", done.count)
    if not done.left_out:
        return Done(said)
    left = say_n(
        "{n:,} does not fit and was left out: {enrol} names it.",
        "{n:,} do not fit and were left out: {enrol} names them.",
        len(done.left_out),
        enrol=hint("enrol"),
    )
    return Done(joined([said, left], " "), "input")


_DO: dict[ErrandKind, Callable[[Means, Errand, Tell], Done]] = {
    ErrandKind.READ: _read,
    ErrandKind.TRAY: _tray,
    ErrandKind.COUNT: _count,
    ErrandKind.FORESEE: _foresee,
    ErrandKind.CHANGE: _change,
    ErrandKind.ORDER: _order,
    ErrandKind.REHEARSE: _rehearse,
    ErrandKind.ISSUE: _issue,
    ErrandKind.PUBLISH: _publish,
    ErrandKind.EXAMINE: _examine,
    ErrandKind.BACK_UP: _back_up,
    ErrandKind.ENROL: _enrol,
}
