"""The audit trail beside everything that it tells of: rows, checkpoints, keys and published status lists.

Whoever writes the database without our keys can change rows, entries or both; what he cannot do is sign. So here what
is under our signature is compared with what is not.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from certs.errors import ConflictError, InputError, SigningError
from certs.ground import checkpoint as checkpoints
from certs.ground.number import printed
from certs.model import Act, AuditEntry, Checkpoint
from certs.ports import Keys, Store, Voucher
from certs.wording import Sentence, facts_in, hint, hints_in, joined, say, say_n
from certs.work import enrol, publishing, reason, record
from certs.work import keys as keeping


def faults(register: Store, keys: Keys, voucher: Voucher, outside: Sequence[Checkpoint] = ()) -> Iterator[str]:
    """Yield everything in which trail, rows, checkpoints (those *outside* too), keys and status lists differ.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    yield from register.trail.faults(voucher, outside)
    yield from keeping.contradictions(register.key_trail, keys)
    yield from publishing.contradictions(register, keys)


def everything(
    register: Store, keys: Keys, voucher: Voucher, outside: Sequence[Checkpoint] = ()
) -> Iterator[str | Sentence]:
    """Yield what `faults` does, and which certificates and rolls are not what is under our signature.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    yield from faults(register, keys, voucher, outside)
    yield from enrol.faults(register, keys)
    yield from _of_records(register, keys)


def _of_records(register: Store, keys: Keys) -> Iterator[str | Sentence]:
    """Yield which certificates are not as signed, and how many are on no roll."""
    ring, codes = keys.ring(), Counter[str]()
    for number, certificate in register.stated():
        garbled = "garbled", say("Its row in the register cannot be read.")
        odd = garbled if certificate is None else record.oddity(certificate, register, ring)
        if odd is None:
            continue
        code, text = odd
        codes["none" if code == record.ON_NO_ROLL else "wrong"] += 1
        if code != record.ON_NO_ROLL and codes["wrong"] <= _NAMED:
            yield say("{number}: {text}", number=printed(number), text=text)
    if codes["wrong"] > _NAMED:
        more = codes["wrong"] - _NAMED
        yield say_n("And {n:,} more certificate.", "And {n:,} more certificates.", more)
    if codes["none"]:
        yield say_n(
            "{n:,} certificate is on no roll, so nobody can check what it states beyond its code: {enrol}.",
            "{n:,} certificates are on no roll, so nobody can check what they state beyond their codes: {enrol}.",
            codes["none"],
            enrol=hint("enrol"),
        )


def given(note: str, voucher: Voucher) -> Checkpoint:
    """Return the checkpoint that somebody kept outside.

    Raises:
        InputError: it is none, or no key of ours that was safe by then signed it.
        SigningError: the key folder cannot be read.
    """
    checkpoints.read(note)
    found = voucher.read(note)
    if found is None:
        raise InputError(say("No credential key that lies here and was safe by then signed this checkpoint."))
    return found


def take(register: Store, keys: Keys, voucher: Voucher, act: Act, seen: Sequence[AuditEntry]) -> str:
    """Sign the head of the trail and return the checkpoint; *seen* are unsigned acts that somebody looked at.

    Raises:
        ConflictError: something differs, or was entered meanwhile; says what.
        SigningError: no key can sign.
        StorageError: the database fails.
    """
    entries, _ = register.trail.head()
    unseen = {one.id for one in register.trail.unvouched()} - {one.id for one in seen}
    if unseen:
        raise ConflictError(say("Something was entered meanwhile; nothing was signed. Look, then try again."))
    wrong = [one for one in faults(register, keys, voucher) if _UNSIGNED not in hints_in(one)]
    if wrong:
        last = say("Nothing was signed. If all of this is explained: {adopt}", adopt=hint("trail_adopt"))
        raise ConflictError(joined([*wrong, last], "\n"))
    return _signed(register, voucher, act, entries)


def adopt(register: Store, keys: Keys, voucher: Voucher, act: Act) -> int:
    """Enter what differs as it stands, because a person can explain it, and sign the trail; return how much differed.

    Raises:
        InputError: no reason.
        ConflictError: the chain itself is broken: nothing can be built on it.
        SigningError: no key can sign; what was entered stays, and a checkpoint is due.
        StorageError: the database fails.
    """
    demand_reason(act)
    told = list(faults(register, keys, voucher))
    if any(_BROKEN in facts_in(one) for one in told):
        last = say("Nothing can be entered behind a broken chain: restore a backup.")
        raise ConflictError(joined([*told, last], "\n"))
    count = register.trail.adopt(act, told)
    entries, _ = register.trail.head()
    _signed(register, voucher, act, entries)
    return count


def demand_reason(act: Act) -> None:
    """Refuse to enter anything as it stands without a reason.

    Raises:
        InputError: there is none.
    """
    reason.demand(act, say("Say how it comes, with {by}: it stays in the audit trail.", by=hint("reason")))


def settle_clock(register: Store, act: Act) -> datetime:
    """Enter that the clock is right now and was wrong when later moments were entered; return the latest of them.

    Raises:
        ConflictError: nothing is later.
        InputError: no reason.
        StorageError: the database fails.
    """
    newest = register.newest_moment()
    if newest is None or newest <= act.at:
        raise ConflictError(say("Nothing on record is later than the clock says: there is nothing to settle."))
    why = say(
        "Say how you know that the clock is right now, with {by}: it stays in the audit trail.", by=hint("reason")
    )
    reason.demand(act, why)
    register.settle_clock(act)
    return newest


_NAMED = 20
"""So many certificates are named."""
_UNSIGNED = "trail_sign"
"""What is hinted at where nothing is wrong but that a signature is due."""
_BROKEN = "broken"
"""The fact of the sentence that says that the chain is broken."""


def _signed(register: Store, voucher: Voucher, act: Act, entries: int) -> str:
    if not entries:
        raise ConflictError(say("The trail is empty: there is nothing to sign."))
    signed = register.trail.vouch(voucher, act, entries)
    if signed is None:
        raise SigningError(
            say(
                "No credential key can sign the trail: make one: {new}.",
                new=hint("new_key", purpose="credential"),
            )
        )
    return signed
