"""A backup becomes the register: one act that is either not begun or done, however it ends.

    1. check    the backup is copied, migrated and looked through, every certificate's bytes against their SHA-256
    2. hold     nobody works on the register that is there, and nobody can begin to
    3. carry    what that register knows beyond the backup comes over, where it is of the same history
    4. spend    nothing that was or may have been given since is ever given again
    5. note     the act enters the trail, and what stays unknown the list of the unsettled
    6. agree    whoever restores hears all of it and agrees, or nothing happens
    7. swap     the prepared register takes the place of the other, in one step; that one is put aside, never away

Steps 1 to 6 write to a folder of their own alone. A restore that was killed there was never begun; the next one clears
away what it left. Restoring the same backup again carries over everything, so it does no harm.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select

from certs.db import audit, packs, tables
from certs.db.engine import log_acts, writing
from certs.db.restore import mail, salvaged, spend
from certs.db.restore.again import forget
from certs.db.restore.backups import Watch, copied, demand_bytes
from certs.db.restore.carry import carry, descends
from certs.db.restore.newer import Newer, newer
from certs.db.restore.present import Gone, Present, held, looked_at
from certs.db.restore.swap import name_aside, rehearse_schema, single_file, swap_file, swap_schema
from certs.db.restore.workplace import clean, file_of, left_behind, workplace
from certs.errors import InputError
from certs.ground.number import printed
from certs.model import Act, Number
from certs.model.restored import Carried, Named, Restored, Unknown
from certs.wording import say
from certs.work.salvage import Beside

__all__ = ["Beside", "Carried", "Named", "Restored", "Unknown", "clean", "left_behind", "rehearse", "restore"]


Agree = Callable[[Restored], None]
"""Is told what will happen; whatever it raises, nothing does."""


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be restored, by whom, with what beside it, and what the register before will be called."""

    file: Path
    act: Act
    beside: Beside
    newer: Sequence[Newer]
    aside: str
    opened: packs.Opened | None = None


def restore(
    engine: Engine,
    file: Path,
    act: Act,
    *,
    beside: Beside = NOTHING,
    agree: Agree = lambda _: None,
    gone: Gone = lambda _: False,
    watch: Watch = lambda _, __: None,
) -> Restored:
    """Make the backup *file* the register, and put the present one aside, once *agree* let it pass.

    Raises:
        InputError: *file* is no backup, or a damaged one; a newer register is of another history.
        ConflictError: somebody uses the register, or restores.
        StorageError: the database or the disk fails, or a newer program wrote the backup; nothing was changed.
    """
    acts: list[audit.Facts] = []
    with ExitStack() as stack:
        folder = stack.enter_context(workplace(engine))
        incoming = stack.enter_context(copied(file, folder, "incoming.db"))
        demand_bytes(packs.with_tails(incoming, packs.opened_of(engine)), file, watch)  # 1
        others = [
            stack.enter_context(newer(one, folder, n, packs.opened_of(engine))) for n, one in enumerate(beside.newer, 1)
        ]
        with held(engine, gone) as present:  # 2
            aside = name_aside(engine, f"{act.at:%Y%m%dT%H%M%SZ}") if present.is_there else ""
            done, place = _prepared(
                incoming, present, _Asked(file, act, beside, others, aside, packs.opened_of(engine)), acts
            )  # 3, 4, 5
            agree(done)  # 6
            _swap(engine, incoming, present, done.put_aside, place)  # 7
    log_acts(acts)
    return done


def rehearse(
    engine: Engine, file: Path, act: Act, *, beside: Beside = NOTHING, watch: Watch = lambda _, __: None
) -> Restored:
    """Do all that `restore` does but the last step, beside the register, which others may go on using.

    Raises:
        InputError: *file* is no backup, or a damaged one.
        ConflictError: somebody restores.
        StorageError: the database or the disk fails, or a newer program wrote the backup.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(workplace(engine))
        incoming = stack.enter_context(copied(file, folder, "incoming.db"))
        demand_bytes(packs.with_tails(incoming, packs.opened_of(engine)), file, watch)
        others = [
            stack.enter_context(newer(one, folder, n, packs.opened_of(engine))) for n, one in enumerate(beside.newer, 1)
        ]
        with looked_at(engine) as present:
            done, place = _prepared(
                incoming, present, _Asked(file, act, beside, others, "", packs.opened_of(engine)), []
            )
            single_file(incoming)
            if file_of(engine) is None and present.connection is not None:
                rehearse_schema(present.connection, incoming, place)
    return done


def _prepared(incoming: Engine, present: Present, asked: _Asked, acts: list[audit.Facts]) -> tuple[Restored, int]:
    """Make the copy of the backup what the register is to be; return what that means, and the highest place given."""
    done, given = Restored(put_aside=asked.aside), spend.Given()
    with writing(incoming, later=acts) as target:
        done.backup_until = _last_entry(target)
        spend.note(target, given)
        proven = _carry(target, present, asked, done, given)
        done.known_until = _last_entry(target)
        _salvage(target, asked, done, given)
        done.erased = forget(target, asked.beside.erased, asked.act)
        spend.release(target)
        if not proven and not asked.beside.nothing_since:
            mail.hold(target)
            done.margin = True
            given.widen()
            done.given_up = [Named(*one) for one in spend.give_up_waiting(target, asked.act)]
            done.unknown.append(_lost_time(asked.file.name, done.known_until))
        done.spent = spend.spend(target, given, asked.file.name, asked.act)
        done.certificates = int(target.execute(select(func.count()).select_from(tables.Issued)).scalar_one())
        _enter(target, done, asked)
    return done, given.place


def _last_entry(target: Connection) -> str:
    row = tables.Audit
    return str(target.execute(select(row.at).order_by(row.id.desc()).limit(1)).scalar() or "")


def _carry(target: Connection, present: Present, asked: _Asked, done: Restored, given: spend.Given) -> bool:
    """Carry over what newer registers know; say whether the one that is held shows all that was done since.

    Raises:
        InputError: a newer register is of another history.
    """
    proven = False
    if present.connection is not None:
        packs.lend(present.connection, asked.opened)
        spend.note(present.connection, given)
        if present.readable and descends(present.connection, target):
            done.carried, proven = carry(present.connection, target), True
            mail.carry(present.connection, target)
    for one in asked.newer:
        spend.note(one.connection, given)
        if descends(one.connection, target):
            done.carried = done.carried or Carried()
            done.carried.add(carry(one.connection, target))
            mail.carry(one.connection, target)
            proven = False
        elif not descends(target, one.connection):
            raise InputError(
                say("{name} is no later state of the backup's register, so nothing can come over.", name=one.name)
            )
    for number in done.carried.damaged if done.carried else ():
        text = f"A newer register holds {printed(Number(number))}, but not its bytes. Look for the file."
        done.unknown.append(Unknown("damaged", number, text))
    return proven


def _salvage(target: Connection, asked: _Asked, done: Restored, given: spend.Given) -> None:
    """Bring in what files say, and list what they leave open."""
    salvage = asked.beside.salvage
    given.numbers |= salvage.ordered
    given.place = max(given.place, *salvage.places, 0)
    for slug, ordinal in salvage.batches.items():
        given.reach(slug, ordinal)
    done.from_trails = salvaged.revoke(target, salvage, asked.act)
    done.unknown.extend(salvaged.unknown(target, salvage))


def _lost_time(name: str, until: str) -> Unknown:
    text = (
        f"What was issued, revoked, corrected or withdrawn after {until[:16].replace('T', ' ')} UTC is not known to "
        "this register. Look through exports, mails and notes of that time; revoke and order anew what they show."
    )
    return Unknown("lost_time", name, text)


def _enter(target: Connection, done: Restored, asked: _Asked) -> None:
    """Keep what is unknown, and append the restore to the trail."""
    row = tables.Unsettled
    for one in done.unknown:
        found = {"kind": one.kind, "subject": one.subject, "text": one.text, "found_at": asked.act.at}
        target.execute(insert(row), {**found, "settled_at": None, "settled_by": "", "settled_reason": ""})
    new: dict[str, object] = {
        "backup": asked.file.name,
        "backup_until": done.backup_until,
        "certificates": done.certificates,
        "spent_numbers": done.spent,
        "put_aside": done.put_aside,
        "given_up": len(done.given_up),
        "unsettled": [one.text for one in done.unknown],
    }
    if done.erased:
        new["erased_again"] = done.erased
    if asked.beside.nothing_since:
        new["nothing_since"] = True
    if done.carried is not None:
        new["carried"] = _numbers_of(done.carried)
    if done.from_trails:
        new["revoked_from_trails"] = [one.number for one in done.from_trails]
    audit.append(target, asked.act, audit.Change("register.restore", "", asked.file.name, new=new))


def _numbers_of(carried: Carried) -> dict[str, object]:
    listed = {"issued": carried.issued, "revoked": carried.revoked, "reinstated": carried.reinstated}
    numbers: dict[str, object] = {name: [one.number for one in found] for name, found in listed.items()}
    return numbers | {"links": carried.links, "evidence": carried.evidence, "rulings": carried.rulings}


def _swap(engine: Engine, incoming: Engine, present: Present, aside: str, place: int) -> None:
    file = file_of(engine)
    if file is not None:
        swap_file(file, single_file(incoming), aside, present.connection)
    elif present.connection is not None:
        swap_schema(present.connection, incoming, aside, place)
