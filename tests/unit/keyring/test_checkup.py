"""What `certs doctor` says about keys."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from certs.keyring import KeyFolder
from certs.keyring.checkup import NEEDED, examine
from certs.keyring.record import PRIVATE
from certs.keyring.x509 import LEAF_LIFE
from certs.model import Purpose, TrustedKey
from tests.unit.keyring.conftest import PASSPHRASE
from tests.world import NOW

THEFT = NOW - timedelta(days=1)


@pytest.fixture
def keys(folder: KeyFolder) -> KeyFolder:
    """Return a folder in which all is well."""
    for purpose in NEEDED:
        folder.new(purpose, NOW, organisation="Institute")
    return folder


def _wrong(keys: KeyFolder, *, in_earnest: bool = True, after: timedelta = timedelta()) -> list[str]:
    return [remark.text for remark in examine(keys, NOW + after, in_earnest=in_earnest) if not remark.good]


def _key(keys: KeyFolder, purpose: Purpose = Purpose.CLAIM) -> TrustedKey:
    return keys.trusted(purpose)[0]


def test_a_whole_key_set_is_well(keys: KeyFolder) -> None:
    assert [remark.text for remark in examine(keys, NOW, in_earnest=True)] == [
        f"{purpose} key {_key(keys, purpose).kid} signs." for purpose in NEEDED
    ]


def test_an_absent_folder_is_said(tmp_path: Path) -> None:
    assert "Make new keys" in _wrong(KeyFolder(tmp_path / "nowhere", lambda: PASSPHRASE))[0]


def test_every_missing_purpose_is_said(folder: KeyFolder) -> None:
    folder.new(Purpose.CLAIM, NOW)
    assert _wrong(folder) == [
        f"No {purpose} key is active, there never was one: make a new {purpose} key." for purpose in NEEDED[1:]
    ]


def test_an_ended_key_without_successor_is_said(keys: KeyFolder) -> None:
    """With a successor, a retired or compromised key is nothing to worry about."""
    claim, seal = _key(keys), _key(keys, Purpose.SEAL)
    keys.retire(claim.kid, NOW)
    keys.compromise(seal.kid, THEFT, "theft", NOW)
    assert _wrong(keys) == [
        f"No claim key is active, the last one ({claim.kid}) is retired: make a new claim key.",
        f"No seal key is active, the last one ({seal.kid}) is compromised: make a new seal key.",
    ]
    keys.new(Purpose.CLAIM, NOW)
    keys.new(Purpose.SEAL, NOW, organisation="Institute")
    assert _wrong(keys) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_loose_mode_is_said(keys: KeyFolder, mode: int) -> None:
    path = keys.folder_of(_key(keys)) / PRIVATE
    path.chmod(mode)
    assert f"{path} is open to others (mode {mode:04o}): run chmod 600 {path}." in _wrong(keys)


def test_a_folder_that_others_may_write_is_said(keys: KeyFolder) -> None:
    keys.path.chmod(0o770)
    assert _wrong(keys) == [f"{keys.path} may be written by others, who could add keys: run chmod 700 {keys.path}."]


def test_a_symbolic_link_and_a_broken_folder_hide_no_other_key(keys: KeyFolder, tmp_path: Path) -> None:
    """Each is said by itself, and the rest is still looked at."""
    claim, record = keys.folder_of(_key(keys)), keys.folder_of(_key(keys, Purpose.LINK)) / "key.json"
    claim.rename(tmp_path / "elsewhere")
    claim.symlink_to(tmp_path / "elsewhere")
    record.write_text("{")
    said = "\n".join(_wrong(keys))
    assert "is a symbolic link: key folders must be real folders" in said
    assert f"{record} is damaged" in said
    assert "No claim key is active" in said
    assert "seal key" not in said


def test_a_wrong_pair_is_said(keys: KeyFolder) -> None:
    claim = keys.folder_of(_key(keys)) / PRIVATE
    shutil.copy(keys.folder_of(_key(keys, Purpose.LINK)) / PRIVATE, claim)
    assert any("does not fit" in text for text in _wrong(keys))


def test_a_missing_private_part_is_said_for_keys_that_sign(keys: KeyFolder) -> None:
    """A retired key and a root kept offline need none."""
    claim, root = _key(keys), _key(keys, Purpose.ROOT)
    (keys.folder_of(claim) / PRIVATE).unlink()
    (keys.folder_of(root) / PRIVATE).unlink()
    assert any("Restore it from the backup" in text for text in _wrong(keys))
    keys.retire(claim.kid, NOW)
    keys.new(Purpose.CLAIM, NOW)
    assert _wrong(keys) == []


def test_a_passphrase_that_opens_nothing_is_said_and_not_shown(keys: KeyFolder) -> None:
    said = _wrong(KeyFolder(keys.path, lambda: b"another-canary"))
    assert len(said) == len(NEEDED)
    assert all("The passphrase does not open" in text and "canary" not in text for text in said)


@pytest.mark.parametrize(
    ("left", "says"), [(91, None), (90, "ends on"), (1, "ends on"), (0, "ended on"), (-1, "ended on")]
)
def test_a_seal_that_ends_is_said_ninety_days_before(keys: KeyFolder, left: int, says: str | None) -> None:
    """A doubt until it has ended: what is issued until then is well."""
    remarks = examine(keys, NOW + LEAF_LIFE - timedelta(days=left), in_earnest=True)
    said = [remark for remark in remarks if remark.doubt or not remark.good]
    assert len(said) == (says is not None)
    assert says is None or (says in said[0].text and said[0].good is (left > 0))


def test_a_seal_under_a_compromised_root_is_said(keys: KeyFolder) -> None:
    seal, root = _key(keys, Purpose.SEAL), _key(keys, Purpose.ROOT)
    keys.compromise(root.kid, THEFT, "theft", NOW)
    assert _wrong(keys) == [f"Seal {seal.kid} stands under the compromised root {root.kid}: make a new seal key."]
    keys.new(Purpose.SEAL, NOW + timedelta(minutes=1), organisation="Institute")
    keys.retire(seal.kid, NOW)
    assert _wrong(keys) == []


def test_demo_keys_are_wrong_only_in_earnest(folder: KeyFolder) -> None:
    for purpose in NEEDED:
        folder.new(purpose, NOW, organisation="Institute", demo=True)
    assert _wrong(folder, in_earnest=False) == []
    assert all("It is a demo key. Make a real one" in text for text in _wrong(folder))
    assert len(_wrong(folder)) == len(NEEDED)
