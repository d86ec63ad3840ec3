"""Private keys are encrypted so that a guess at the passphrase costs what it should today, and old ones can be."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from certs.config import is_easily_guessed
from certs.errors import SigningError
from certs.keyring import KeyFolder, wrap
from certs.keyring.private import open_private
from certs.keyring.record import PRIVATE
from certs.model import Purpose, TrustedKey
from tests.register import NOW
from tests.unit.keyring.conftest import PASSPHRASE

CHEAP = wrap.Cost(n=2)


@pytest.fixture(autouse=True)
def cheap_keys() -> None:
    """Keys cost here what they cost."""


def test_another_library_and_openssl_open_it(folder: KeyFolder) -> None:
    file = folder.folder_of(folder.new(Purpose.CLAIM, NOW)) / PRIVATE
    assert load_pem_private_key(file.read_bytes(), PASSPHRASE)
    command = ["openssl", "pkey", "-in", str(file), "-passin", f"pass:{PASSPHRASE.decode()}", "-noout"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_new_key_costs_what_it_should(folder: KeyFolder) -> None:
    """16 MiB, five times over; and the keys of a folder share their salt."""
    found = [
        wrap.read(_file(folder, folder.new(purpose, NOW)).read_bytes()) for purpose in (Purpose.CLAIM, Purpose.LINK)
    ]
    assert [one and one.cost for one in found] == [wrap.Cost(2**14, 8, 5)] * 2
    assert len({one and one.salt for one in found}) == 1
    assert len({one and one.initial for one in found}) == 2


def _file(folder: KeyFolder, key: TrustedKey) -> Path:
    return folder.folder_of(key) / PRIVATE


@pytest.mark.parametrize("size", [0, 1, 48, 100, 200, 2_000, 70_000])
def test_what_is_wrapped_comes_back(size: int) -> None:
    pem = wrap.wrapped(b"x" * size, b"pass", CHEAP)
    found = wrap.read(pem)
    assert found is not None
    assert wrap.unwrapped(found, b"pass") == b"x" * size


def test_another_passphrase_does_not_open_it(folder: KeyFolder) -> None:
    key = folder.new(Purpose.CLAIM, NOW)
    with pytest.raises(SigningError, match="does not open"):
        open_private(folder.folder_of(key), key, b"another passphrase")


def test_no_passphrase_is_refused() -> None:
    with pytest.raises(ValueError, match="without a passphrase"):
        wrap.wrapped(b"x", b"")


@pytest.mark.parametrize(
    "pem", [b"", b"x", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"]
)
def test_what_is_no_such_file_is_of_another_kind(pem: bytes) -> None:
    assert (wrap.read(pem), wrap.is_of_today(pem, demo=False)) == (None, False)


def test_a_file_that_asks_for_the_whole_memory_is_not_read_our_way() -> None:
    """Whoever can write the file could stop the machine."""
    greedy = wrap._der(wrap.Wrapping(b"s" * 16, wrap.Cost(2**30), b"i" * 16, b"x" * 16))
    import base64

    pem = wrap._HEAD + base64.b64encode(greedy) + b"\n" + wrap._FOOT
    assert wrap.read(pem) is None


def _as_before(folder: KeyFolder, purpose: Purpose) -> TrustedKey:
    """Make a key whose private part is encrypted as it was before: PBKDF2 of 2,048 rounds."""
    key = folder.new(purpose, NOW, organisation="Institute")
    private = open_private(folder.folder_of(key), key, PASSPHRASE)
    old = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE))
    _file(folder, key).write_bytes(old)
    return key


def test_old_ones_open_and_are_rewrapped_once(folder: KeyFolder) -> None:
    """The key stays the same, its file keeps its mode, and what is done is not done again."""
    old, new = _as_before(folder, Purpose.CLAIM), folder.new(Purpose.LINK, NOW)
    assert folder.outdated() == [old]
    before = open_private(folder.folder_of(old), old, PASSPHRASE)
    folder.rewrap(old)
    after = open_private(folder.folder_of(old), old, PASSPHRASE)
    assert isinstance(before, ed25519.Ed25519PrivateKey)
    assert isinstance(after, ed25519.Ed25519PrivateKey)
    assert before.private_bytes_raw() == after.private_bytes_raw()
    assert _file(folder, old).stat().st_mode & 0o777 == 0o600
    assert folder.outdated() == []
    assert KeyFolder(folder.path, lambda: PASSPHRASE).signer_of(new).sign(b"x")


def test_what_does_not_open_stays_as_it_is(folder: KeyFolder) -> None:
    old = _as_before(folder, Purpose.CLAIM)
    content = _file(folder, old).read_bytes()
    with pytest.raises(SigningError, match="does not open"):
        KeyFolder(folder.path, lambda: b"another passphrase").rewrap(old)
    assert _file(folder, old).read_bytes() == content


def test_where_the_new_one_does_not_open_the_old_one_stays(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _as_before(folder, Purpose.CLAIM)
    content = _file(folder, old).read_bytes()
    monkeypatch.setattr(wrap, "unwrapped", lambda *_: b"something else")
    with pytest.raises(SigningError, match="does not open again"):
        folder.rewrap(old)
    assert _file(folder, old).read_bytes() == content


def test_demo_keys_cost_less(folder: KeyFolder) -> None:
    key = folder.new(Purpose.CLAIM, NOW, demo=True)
    pem = _file(folder, key).read_bytes()
    assert (wrap.is_of_today(pem, demo=True), wrap.is_of_today(pem, demo=False)) == (True, False)
    assert folder.outdated() == []


@pytest.mark.parametrize(
    ("passphrase", "easy"),
    [
        (b"", True),
        (b"x", True),
        (b"correct horse", True),
        (b"aaaaaaaaaaaaaaaaaaaaaaaa", True),
        (b"abcabcabcabcabcabcabc", True),
        (b"correct horse battery", False),
        (b"0123456789abcdef", False),
        ("Zürich öffnet um 8 Uhr".encode(), False),
    ],
)
def test_a_passphrase_has_sixteen_characters_of_eight_kinds(passphrase: bytes, easy: bool) -> None:
    assert is_easily_guessed(passphrase) is easy


def test_a_private_key_alone_is_the_same(folder: KeyFolder) -> None:
    """What stands inside is plain PKCS#8."""
    key = folder.new(Purpose.CREDENTIAL, NOW)
    found = wrap.read(_file(folder, key).read_bytes())
    assert found is not None
    private = open_private(folder.folder_of(key), key, PASSPHRASE)
    assert wrap.unwrapped(found, PASSPHRASE) == private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
