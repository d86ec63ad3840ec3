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

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select

from certs.db import audit, tables
from certs.db.engine import log_acts, writing
from certs.db.restore import spend
from certs.db.restore.backups import Watch, copied, demand_bytes
from certs.db.restore.carry import Carried, Named, carry, descends
from certs.db.restore.present import Gone, Present, held, looked_at
from certs.db.restore.swap import name_aside, rehearse_schema, single_file, swap_file, swap_schema
from certs.db.restore.workplace import clean, file_of, left_behind, workplace
from certs.model import Act, Number
from certs.number import printed

__all__ = ["Carried", "Named", "Restored", "Unknown", "clean", "left_behind", "rehearse", "restore"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that a restore cannot know: a stable *kind*, what it is about, and a sentence."""

    kind: str
    subject: str
    text: str


@dataclass(slots=True)
class Restored:
    """What restoring does: said before it happens, and what it did afterwards."""

    certificates: int = 0
    """In the register that comes back, what was carried over included."""
    spent: int = 0
    """Numbers that only other registers had given."""
    put_aside: str = ""
    """Where the register before is; empty where there was none."""
    backup_until: str = ""
    """The moment of the last entry in the backup's trail."""
    carried: Carried | None = None
    """What the register before knew; None where it could not be read or is another one."""
    given_up: list[Named] = field(default_factory=list)
    """Ordered in the backup, and perhaps issued since."""
    unknown: list[Unknown] = field(default_factory=list)
    margin: bool = False
    """Whether places and batches go on far beyond what is known."""


Agree = Callable[[Restored], None]
"""Is told what will happen; whatever it raises, nothing does."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be restored, by whom, and what the register before will be called."""

    file: Path
    act: Act
    aside: str
    nothing_since: bool


def restore(
    engine: Engine,
    file: Path,
    act: Act,
    *,
    nothing_since: bool = False,
    agree: Agree = lambda _: None,
    gone: Gone = lambda _: False,
    watch: Watch = lambda _, __: None,
) -> Restored:
    """Make the backup *file* the register, and put the present one aside, once *agree* let it pass.

    With *nothing_since* somebody knows that nothing was done after the backup, as when a register moves.

    Raises:
        InputError: *file* is no backup, or a damaged one.
        ConflictError: somebody uses the register, or restores.
        StorageError: the database or the disk fails, or a newer program wrote the backup; nothing was changed.
    """
    acts: list[audit.Facts] = []
    with workplace(engine) as folder, copied(file, folder, "incoming.db") as incoming:
        demand_bytes(incoming, file, watch)  # 1
        with held(engine, act.at, gone) as present:  # 2
            aside = name_aside(engine, f"{act.at:%Y%m%dT%H%M%SZ}") if present.is_there else ""
            done, place = _prepared(incoming, present, _Asked(file, act, aside, nothing_since), acts)  # 3, 4, 5
            agree(done)  # 6
            _swap(engine, incoming, present, done.put_aside, place)  # 7
    log_acts(acts)
    return done


def rehearse(
    engine: Engine, file: Path, act: Act, *, nothing_since: bool = False, watch: Watch = lambda _, __: None
) -> Restored:
    """Do all that `restore` does but the last step, beside the register, which others may go on using.

    Raises:
        InputError: *file* is no backup, or a damaged one.
        ConflictError: somebody restores.
        StorageError: the database or the disk fails, or a newer program wrote the backup.
    """
    with workplace(engine) as folder, copied(file, folder, "incoming.db") as incoming:
        demand_bytes(incoming, file, watch)
        with looked_at(engine) as present:
            done, place = _prepared(incoming, present, _Asked(file, act, "", nothing_since), [])
            single_file(incoming)
            if file_of(engine) is None and present.connection is not None:
                rehearse_schema(present.connection, incoming, place)
    return done


def _prepared(incoming: Engine, present: Present, asked: _Asked, acts: list[audit.Facts]) -> tuple[Restored, int]:
    """Make the copy of the backup what the register is to be; return what that means, and the highest place given."""
    done, given = Restored(put_aside=asked.aside), spend.Given()
    with writing(incoming, later=acts) as target:
        last = target.execute(select(tables.Audit.at).order_by(tables.Audit.id.desc()).limit(1)).scalar()
        done.backup_until = str(last or "")
        spend.note(target, given)
        if present.connection is not None:
            spend.note(present.connection, given)
        _carry(target, present, asked, done)
        spend.release(target)
        if done.carried is None and not asked.nothing_since:
            done.margin = True
            given.widen()
            done.given_up = [Named(*one) for one in spend.give_up_waiting(target, asked.act)]
        done.spent = spend.spend(target, given, asked.file.name, asked.act)
        done.certificates = int(target.execute(select(func.count()).select_from(tables.Issued)).scalar_one())
        _enter(target, done, asked)
    return done, given.place


def _carry(target: Connection, present: Present, asked: _Asked, done: Restored) -> None:
    """Carry over what the register before knows, and say what cannot be known."""
    if present.connection is not None and present.readable and descends(present.connection, target):
        done.carried = carry(present.connection, target)
        for number in done.carried.damaged:
            text = f"The register before holds {printed(Number(number))}, but not its bytes. Look for the file."
            done.unknown.append(Unknown("damaged", number, text))
        return
    if asked.nothing_since:
        return
    since = done.backup_until[:16].replace("T", " ")
    text = (
        f"What was issued, revoked, corrected or withdrawn after the backup ended ({since} UTC) is not known to this "
        "register. Look through exports, mails and notes of that time; revoke and order anew what they show."
    )
    done.unknown.append(Unknown("lost_time", asked.file.name, text))


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
    if asked.nothing_since:
        new["nothing_since"] = True
    if done.carried is not None:
        new["carried"] = _numbers_of(done.carried)
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
