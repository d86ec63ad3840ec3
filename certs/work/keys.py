"""Keys and the register that knows them: a key's life is in the trail, or it did not happen.

An act on a key is entered before the key changes on disk, and undone there if the entry cannot be kept. What a register
does not know, or what it knows and is lost, is found here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from certs.errors import ConflictError, StorageError
from certs.model import Act, KeyState, Kid, Purpose, TrustedKey
from certs.ports import KeyTrail, Register, Trusted
from certs.wording import hint, say
from certs.work.publishing import Lists

SIGNING = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK, Purpose.RECEIPT)
"""Purposes whose keys a register must know; roots came without an entry once."""
Enter = Callable[[TrustedKey, TrustedKey | None], None]
"""Told of each key that is about to appear or change, and what it was before."""


class Shelf(Trusted, Protocol):
    """Where keys lie."""

    def new(
        self, purpose: Purpose, now: datetime, *, organisation: str, rsa: bool, demo: bool, tell: Enter
    ) -> TrustedKey:
        """Make a key; *tell* hears of it, and of a root that it needs, just before it appears."""
        ...

    def take_back(self, key: TrustedKey, before: TrustedKey | None) -> None:
        """Let *key* be as it was *before*: gone, if it was not there."""
        ...


@contextmanager
def entered(trail: KeyTrail, shelf: Shelf, act: Act, what: str, *, keeps_before: bool = False) -> Iterator[Enter]:
    """Yield what must be told of each key that *act* makes or changes; all of it is in the trail at the end, or undone.

    With *keeps_before* the entry also says what the key was before.

    Raises:
        StorageError: the entry cannot be kept; the keys are as they were.
    """
    done: list[tuple[TrustedKey, TrustedKey | None]] = []
    try:
        with trail.entering(act, what) as enter:

            def tell(key: TrustedKey, before: TrustedKey | None) -> None:
                enter(key, before if keeps_before else None)
                done.append((key, before))

            yield tell
    except BaseException:
        for key, before in reversed(done):
            shelf.take_back(key, before)
        raise


def finish(trail: KeyTrail, act: Act, what: str, key: TrustedKey) -> None:
    """Enter what an act did to *key* that was stopped before it was entered; nothing where it was entered.

    Raises:
        StorageError: the database is out of reach or refuses.
    """
    if trail.state_of(key.kid) is not key.state:
        with trail.entering(act, what) as enter:
            enter(key, None)


class Cabinet(Shelf, Protocol):
    """Where keys lie whose life goes on."""

    def named(self, kid: str) -> TrustedKey:
        """Return the key that *kid* names, or the beginning of it."""
        ...

    def retire(self, kid: str, now: datetime, reason: str = "", *, tell: Enter) -> TrustedKey:
        """Let the key sign no more; *tell* hears of it just before."""
        ...

    def compromise(
        self, kid: str, since: datetime, reason: str, now: datetime, *, correction: bool, tell: Enter
    ) -> TrustedKey:
        """Distrust what the key signed from *since* on; *tell* hears of it just before."""
        ...

    def certify(self, kid: str, certificates: bytes, now: datetime, *, tell: Enter) -> TrustedKey:
        """Let the seal stand under the chain that an authority returned; *tell* hears of it just before."""
        ...


def is_half_retired(key: TrustedKey, lists: Lists) -> bool:
    """Say whether an act that retired *key* was stopped before the trail or the status lists knew it.

    Raises:
        StorageError: the database is out of reach.
    """
    if key.state is not KeyState.RETIRED:
        return False
    is_late = key.purpose is Purpose.CREDENTIAL and lists.are_stale()
    return is_late or lists.store.key_trail.state_of(key.kid) is not key.state


def retire(cabinet: Cabinet, lists: Lists, key: TrustedKey, act: Act) -> TrustedKey:
    """Let *key* sign no more, entered in the trail; the status lists are signed by the one that signs now.

    What an act that was stopped left undone is done.

    Raises:
        ConflictError: it is not active.
        SigningError: the folder cannot be written, or the lists cannot be signed; then the rest is done.
        StorageError: it cannot be entered; then it is active still.
    """
    if is_half_retired(key, lists):
        finish(lists.store.key_trail, act, "key.retire", key)
    else:
        with entered(lists.store.key_trail, cabinet, act, "key.retire") as tell:
            key = cabinet.retire(key.kid, act.at, act.reason, tell=tell)
    lists.publish_under(key)
    return key


def compromise(
    cabinet: Cabinet, lists: Lists, kid: Kid, since: datetime, act: Act, *, correction: bool = False
) -> TrustedKey:
    """Distrust what the key signed from *since* on, entered in the trail; the lists are signed by another one.

    Raises:
        ConflictError, InputError, NotFoundError: as the *cabinet* has it.
        SigningError: the folder cannot be written, or the lists cannot be signed; then the rest is done.
        StorageError: it cannot be entered; then nothing is changed.
    """
    what = "key.correct" if correction else "key.compromise"
    with entered(lists.store.key_trail, cabinet, act, what, keeps_before=True) as tell:
        key = cabinet.compromise(kid, since, act.reason, act.at, correction=correction, tell=tell)
    lists.publish_under(key)
    return key


def certify(trail: KeyTrail, cabinet: Cabinet, kid: str, certificates: bytes, act: Act) -> TrustedKey:
    """Let the seal *kid* stand under the chain that an authority returned, entered in the trail.

    Raises:
        InputError, NotFoundError, SigningError: as the *cabinet* has it.
        StorageError: it cannot be entered; then it stands as before.
    """
    with entered(trail, cabinet, act, "key.chain") as tell:
        return cabinet.certify(kid, certificates, act.at, tell=tell)


def make(
    trail: KeyTrail,
    shelf: Shelf,
    act: Act,
    purpose: Purpose,
    *,
    organisation: str,
    rsa: bool = False,
    demo: bool = False,
) -> TrustedKey:
    """Make a key for *purpose*, entered in the trail.

    Raises:
        InputError: a seal without *organisation*.
        SigningError: the folder cannot be written, or the root cannot be opened.
        StorageError: it cannot be entered; then it is not there.
    """
    with entered(trail, shelf, act, "key.new") as tell:
        return shelf.new(purpose, act.at, organisation=organisation, rsa=rsa, demo=demo, tell=tell)


def adopt(trail: KeyTrail, register: Register, key: TrustedKey, act: Act) -> None:
    """Enter *key*, which is here and which the register does not know.

    Raises:
        ConflictError: it knows the key.
        StorageError: the database is out of reach or refuses.
    """
    if register.knows_key(key.kid):
        raise ConflictError(say("The register knows key {kid} already; nothing was changed.", kid=key.kid))
    with trail.entering(act, "key.adopt") as enter:
        enter(key, None)


def demand_known(register: Register, keys: Trusted) -> None:
    """Check that *register* is the one of *keys*.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: it does not know one of them; says what to look at.
    """
    if strangers := unknown(register, keys):
        raise StorageError(not_ours(strangers))


def not_ours(strangers: Sequence[TrustedKey]) -> str:
    """Return what is to be said and done about keys that the register does not know."""
    which = ", ".join(f"{key.purpose} key {key.kid}" for key in strangers)
    return say(
        "The register does not know {which}: it is another deployment's, or older than the key. Check "
        "CERTS_DATABASE_URL and CERTS_SIGNING_KEYS. If both are right, make the key known: {adopt}.",
        which=which,
        adopt=hint("adopt"),
    )


def unknown(register: Register, keys: Trusted, purposes: Sequence[Purpose] = SIGNING) -> list[TrustedKey]:
    """Return the keys of *purposes* that *register* does not know: it is not, or no longer, the register of these.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the register cannot be read.
    """
    return [key for purpose in purposes for key in keys.trusted(purpose) if not register.knows_key(key.kid)]


def contradictions(trail: KeyTrail, keys: Trusted) -> Iterator[str]:
    """Yield in which key folder and trail say different things of a key's life: an older folder was put back, say.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the register cannot be read.
    """
    lives = trail.lives()
    for purpose in Purpose:
        for key in keys.trusted(purpose):
            said = lives.get(key.kid)
            if said is None:
                if purpose in SIGNING:
                    yield say(
                        "The trail says nothing of {purpose} key {kid}, which lies in the key folder.",
                        purpose=purpose,
                        kid=key.kid,
                    )
            elif (said.state, said.compromised_since) != (key.state, key.compromised_since):
                told, here = _standing(said.state, said.compromised_since), _standing(key.state, key.compromised_since)
                yield say(
                    "The trail says that {purpose} key {kid} is {told}, and its record in the folder says {here}: "
                    "an older one was put back, or somebody changed one. Say it anew: {again}.",
                    purpose=purpose,
                    kid=key.kid,
                    told=told,
                    here=here,
                    again=hint("key_life"),
                )


def ends(key: TrustedKey) -> datetime | None:
    """Return when the X.509 certificate of *key* ends, None where it has none."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 -- help needs no keys

    return load_der_x509_certificate(key.certificates[0]).not_valid_after_utc if key.certificates else None


def _standing(state: KeyState, since: datetime | None) -> str:
    return state.value if since is None else f"{state.value} since {since:%Y-%m-%d %H:%M} UTC"


def lost(trail: KeyTrail, keys: Trusted, purpose: Purpose) -> Kid | None:
    """Return the newest key of *purpose* that the trail knows, if it is not among *keys*.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the register cannot be read.
    """
    known = [kid for kid, of in trail.known_keys().items() if of is purpose]
    return known[-1] if known and keys.find(purpose, known[-1]) is None else None
