"""What is wrong with the keys of a deployment, and what to do about it; for `certs doctor`.

Looks at every key folder by itself, so that one that is broken hides no other. The keys that sign today are opened and
sign once, which proves passphrase, PIN and pair. Nothing here shows a secret.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.x509 import load_der_x509_certificate

from certs.errors import SigningError
from certs.keyring import record, wrap
from certs.keyring.folder import KeyFolder
from certs.keyring.private import check_private_file, fits
from certs.model import KeyState, Purpose, TrustedKey
from certs.wording import hint, joined, say

NEEDED = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK)
ALMOST_OVER = timedelta(days=90)
"""A commercial authority may need weeks to certify a new seal."""
_PROBE = b"certs checkup"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing looked at: *good*, or *text* says what is wrong and what to do; a *doubt* is good, but not for long."""

    good: bool
    text: str
    doubt: bool = False


def examine(keys: KeyFolder, now: datetime, *, in_earnest: bool) -> list[Remark]:
    """Return what is to be said about *keys*; *in_earnest* demo keys are wrong.

    Raises:
        Nothing: what fails is a remark.
    """
    try:
        found, remarks = _folders(keys.path)
    except OSError as error:
        return [
            Remark(
                False,
                say(
                    "{path} cannot be read: {why}. {new} for each purpose.",
                    path=keys.path,
                    why=error.strerror,
                    new=hint("new_keys"),
                ),
            )
        ]
    for purpose in NEEDED:
        remarks += _signing(keys, purpose, [key for key in found if key.purpose is purpose], in_earnest=in_earnest)
    if weak := [key for key in found if _is_weak(keys.folder_of(key), key)]:
        text = say(
            "The private part of {which} is quicker to guess at than today's: {rewrap}.",
            which=", ".join(key.kid for key in weak),
            rewrap=hint("rewrap"),
        )
        remarks.append(Remark(True, text, doubt=True))
    for key in found:
        if key.purpose is Purpose.SEAL and key.state is KeyState.ACTIVE:
            remarks += _seal(key, found, now)
    return remarks


def _folders(root: Path) -> tuple[list[TrustedKey], list[Remark]]:
    """Return the keys that can be read, newest first, and a remark on each folder that is not as it should be."""
    found: list[TrustedKey] = []
    remarks: list[Remark] = []
    if root.stat().st_mode & 0o022:
        remarks.append(
            Remark(False, say("{root} may be written by others, who could add keys: run chmod 700 {root}.", root=root))
        )
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            key = record.read(folder)
            _check_private(folder, key)
            found.append(key)
        except SigningError as error:
            remarks.append(Remark(False, joined(error.sentences, "\n")))
    return sorted(found, key=lambda key: (key.created_at, key.kid), reverse=True), remarks


def _check_private(folder: Path, key: TrustedKey) -> None:
    """Check the files of a private part without opening it; a key that signs no more needs none.

    Raises:
        SigningError: it is not safe, or absent where the key is active.
    """
    in_token = record.read_reference(folder) is not None
    present = (folder / record.PRIVATE).is_symlink() or (folder / record.PRIVATE).exists()
    if in_token and present:
        raise SigningError(
            say(
                "{folder} has both a private part and a token's reference: remove the one that is wrong.", folder=folder
            )
        )
    if present or (not in_token and key.state is KeyState.ACTIVE and key.purpose is not Purpose.ROOT):
        check_private_file(folder)


def _is_weak(folder: Path, key: TrustedKey) -> bool:
    """Say whether a private part is a file that costs less to guess at than today's."""
    file = folder / record.PRIVATE
    return file.exists() and not wrap.is_of_today(record.read_regular(file), demo=key.demo)


def _signing(keys: KeyFolder, purpose: Purpose, known: Sequence[TrustedKey], *, in_earnest: bool) -> Iterator[Remark]:
    """Say which key of *purpose* signs, or why none does."""
    key = next((key for key in known if key.state is KeyState.ACTIVE), None)
    if key is None:
        last = f"the last one ({known[0].kid}) is {known[0].state}" if known else "there never was one"
        yield Remark(
            False,
            say(
                "No {purpose} key is active, {last}: {new}.",
                purpose=purpose,
                last=last,
                new=hint("make_key", purpose=purpose),
            ),
        )
        return
    try:
        signs = fits(key, keys.signer_of(key).sign(_PROBE), _PROBE)
    except SigningError as error:
        yield Remark(False, joined(error.sentences, "\n"))
        return
    if not signs:
        yield Remark(
            False,
            say(
                "{folder_of} holds a private part of another key: restore it from the backup.",
                folder_of=keys.folder_of(key),
            ),
        )
        return
    if key.demo:
        advice = say("Make a real one: {new}", new=hint("new_key", purpose=purpose))
        yield Remark(
            not in_earnest,
            say("{purpose} key {kid} signs. It is a demo key. {advice}", purpose=purpose, kid=key.kid, advice=advice),
        )
        return
    yield Remark(True, say("{purpose} key {kid} signs.", purpose=purpose, kid=key.kid))


def _seal(key: TrustedKey, known: Sequence[TrustedKey], now: datetime) -> Iterator[Remark]:
    """Say when the X.509 side of a seal ends, and whether its root is still ours alone."""
    ends = {load_der_x509_certificate(der).not_valid_after_utc for der in key.certificates}
    if not ends:
        yield Remark(
            False, say("Seal {kid} has no X.509 certificate: restore its chain.pem from the backup.", kid=key.kid)
        )
    elif min(ends) <= now:
        yield Remark(
            False,
            say(
                "Seal {kid} ended on {ends:%Y-%m-%d}: {new}.",
                kid=key.kid,
                ends=min(ends),
                new=hint("make_key", purpose=Purpose.SEAL),
            ),
        )
    elif min(ends) - now <= ALMOST_OVER:
        yield Remark(
            True,
            say(
                "Seal {kid} ends on {ends:%Y-%m-%d}: {new} in time.",
                kid=key.kid,
                ends=min(ends),
                new=hint("make_key", purpose=Purpose.SEAL),
            ),
            doubt=True,
        )
    unsafe = [root for root in known if root.purpose is Purpose.ROOT and root.state is KeyState.COMPROMISED]
    for root in unsafe:
        if root.certificates[0] in key.certificates:
            yield Remark(
                False,
                say(
                    "Seal {kid} stands under the compromised root {kid_2}: {new}.",
                    kid=key.kid,
                    kid_2=root.kid,
                    new=hint("make_key", purpose=Purpose.SEAL),
                ),
            )
