"""The trail as a whole at the command line: compared, written out, signed, taken over; keys encrypted anew."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from sqlalchemy import create_engine, text

from certs.ground import checkpoint
from certs.keyring import KeyFolder
from certs.keyring.private import open_private
from certs.keyring.record import PRIVATE
from certs.model import Purpose
from tests.unit.cli.certified import does
from tests.unit.cli.conftest import Operator

KINDS = ("claim", "credential", "link")


@pytest.fixture
def keyed(operator: Operator) -> Operator:
    """Return somebody whose register has three keys, each entered and signed."""
    for purpose in KINDS:
        assert operator.types("keys", "new", purpose, "--as", "Ana").code == 0
    return operator


def test_the_whole_trail_is_written_with_its_newest_checkpoint_last(keyed: Operator) -> None:
    """A line each, so that whoever keeps it needs nothing of ours to check the chain."""
    *entries, last = map(json.loads, does(keyed, "audit", "export").splitlines())
    assert [(one[0], one[4]) for one in entries] == [(1, "key.new"), (2, "key.new"), (3, "key.new")]
    assert checkpoint.read(last["checkpoint"]).entries == len(entries)
    assert "--csv is for the trail of one event" in does(keyed, "audit", "export", "--csv", code=2)


def test_a_checkpoint_is_printed_to_be_kept_and_compared(keyed: Operator, tmp_path: Path) -> None:
    """What it says holds later, too; one that somebody else wrote is refused."""
    (tmp_path / "minutes.txt").write_text(does(keyed, "audit", "checkpoint", "--as", "Ana"))
    assert keyed.types("keys", "new", "seal", "--organisation", "Institute", "--as", "Ana").code == 0
    verify = ("audit", "verify", "--checkpoint", str(tmp_path / "minutes.txt"))
    assert "The audit trail is whole: " in does(keyed, *verify)
    note = (tmp_path / "minutes.txt").read_text()
    (tmp_path / "minutes.txt").write_text(note.replace("\n3\n", "\n2\n"))
    assert keyed.types(*verify).code == 2
    assert "is for certs audit verify" in does(keyed, "audit", "export", "--checkpoint", "x", code=2)


def test_what_differs_is_taken_over_with_a_reason_and_a_yes(keyed: Operator, tmp_path: Path) -> None:
    """Not before somebody has said how it comes; then the trail is whole again, and says what was shown."""
    with create_engine(f"sqlite:///{keyed.home}/instance/certs.db").begin() as connection:
        connection.execute(text("DROP TRIGGER checkpoint_never_goes"))
        connection.execute(text("DELETE FROM checkpoint"))
    (keyed.home / "signing_keys/checkpoint").unlink()
    assert keyed.types("audit", "verify").code == 1
    assert "Say how it comes" in does(keyed, "audit", "adopt", "--as", "Ana", code=2)
    because = ("--reason", "restored by hand", "--as", "Ana")
    assert keyed.types("audit", "adopt", *because).code != 0
    assert "nobody who holds our keys has signed" in keyed.types("audit", "adopt", *because, "--yes").err
    assert "whole" in does(keyed, "audit", "verify")
    entry = json.loads(does(keyed, "audit", "export").splitlines()[-2])
    assert (entry[4], entry[9]) == ("trail.adopt", "restored by hand")
    assert "nothing to adopt" in does(keyed, "audit", "adopt", *because, "--yes")


def test_keys_of_before_are_encrypted_anew_once(keyed: Operator) -> None:
    """What was encrypted by fewer rounds is named, done, and not done again."""
    passphrase = (keyed.home / "instance/key_passphrase").read_bytes().strip()
    folder = KeyFolder(keyed.home / "signing_keys", lambda: passphrase)
    key = folder.trusted(Purpose.CLAIM)[0]
    private = open_private(folder.folder_of(key), key, passphrase)
    (folder.folder_of(key) / PRIVATE).write_bytes(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
    )
    assert f"Claim key {key.kid} is encrypted anew" in does(keyed, "keys", "rewrap")
    assert json.loads(keyed.types("keys", "rewrap", "--json").out) == {"rewrapped": []}
    assert "All private keys are encrypted" in does(keyed, "keys", "rewrap")
    assert "whole" in does(keyed, "audit", "verify")
