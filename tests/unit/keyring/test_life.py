"""The steps of a key's life: as pure changes, and on disk where others read and write at the same time."""

import multiprocessing
import os
import stat
from datetime import timedelta

import pytest

from certs.errors import ConflictError, InputError, SigningError
from certs.keyring import KeyFolder, disk, life, record
from certs.model import KeyState, Purpose, TrustedKey
from tests.world import NOW, World

EARLIER, LATER = NOW - timedelta(days=3), NOW + timedelta(days=3)


@pytest.fixture
def key() -> TrustedKey:
    return World().keys.trusted(Purpose.CLAIM)[0]


def test_a_retired_key_keeps_the_moment_and_the_reason(key: TrustedKey) -> None:
    retired = life.retired(key, NOW, "yearly rotation")
    assert (retired.state, retired.retired_at, retired.reason) == (KeyState.RETIRED, NOW, "yearly rotation")


def test_no_step_leads_back(key: TrustedKey) -> None:
    """A retired key is not retired again, a compromised one not retired."""
    for ended in (life.retired(key, NOW), life.compromised(key, EARLIER, "theft", NOW)):
        with pytest.raises(ConflictError, match=f"already {ended.state}"):
            life.retired(ended, NOW)


def test_a_retired_key_may_turn_out_compromised(key: TrustedKey) -> None:
    """When it was retired stays known."""
    both = life.compromised(life.retired(key, NOW), EARLIER, "theft", NOW)
    assert (both.state, both.retired_at, both.compromised_since) == (KeyState.COMPROMISED, NOW, EARLIER)


def test_a_compromise_may_be_found_to_have_begun_earlier_and_never_later(key: TrustedKey) -> None:
    """A later moment would make certificates valid that were announced as doubtful."""
    known = life.compromised(key, EARLIER, "theft", NOW)
    assert life.compromised(known, EARLIER, "theft, report 7", NOW).reason == "theft, report 7"
    assert life.compromised(known, EARLIER - timedelta(1), "theft", NOW).compromised_since == EARLIER - timedelta(1)
    with pytest.raises(ConflictError, match="only an earlier time may replace it"):
        life.compromised(known, EARLIER + timedelta(microseconds=1), "theft", NOW)


def test_a_moment_taken_too_early_is_corrected_on_demand_alone(key: TrustedKey) -> None:
    """Both ways; and only where there is something to correct, with a reason, and a moment that has been."""
    known = life.compromised(key, EARLIER, "theft", NOW)
    corrected = life.compromised(known, NOW, "it was stolen today", NOW, correction=True)
    assert (corrected.state, corrected.compromised_since) == (KeyState.COMPROMISED, NOW)
    assert corrected.reason == "it was stolen today"
    sooner = life.compromised(known, EARLIER - timedelta(1), "x", NOW, correction=True)
    assert sooner.compromised_since == EARLIER - timedelta(1)
    with pytest.raises(ConflictError, match="no time to correct"):
        life.compromised(key, EARLIER, "theft", NOW, correction=True)
    with pytest.raises(InputError, match="still to come"):
        life.compromised(known, LATER, "theft", NOW, correction=True)
    with pytest.raises(InputError, match="Say why"):
        life.compromised(known, NOW, " ", NOW, correction=True)


def test_a_compromise_needs_a_reason_and_a_moment_that_has_been(key: TrustedKey) -> None:
    with pytest.raises(InputError, match="still to come"):
        life.compromised(key, LATER, "theft", NOW)
    with pytest.raises(InputError, match="Say why"):
        life.compromised(key, EARLIER, "  ", NOW)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_changed_record_keeps_its_mode(folder: KeyFolder, mode: int) -> None:
    """A site that runs as another user reads public parts by group; a step of life must not lock it out."""
    key = folder.new(Purpose.CLAIM, NOW)
    path = folder.folder_of(key) / record.RECORD
    path.chmod(mode)
    folder.retire(key.kid, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_step_that_the_disk_refuses_changes_nothing(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new record is on disk before it takes the old one's place."""
    key = folder.new(Purpose.CLAIM, NOW)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SigningError, match="No space left on device"):
        folder.compromise(key.kid, EARLIER, "theft", NOW)
    monkeypatch.undo()
    assert KeyFolder(folder.path, lambda: b"").named(key.kid) == key


def _compromise(folder: KeyFolder, kid: str, hours: int) -> None:
    folder.compromise(kid, NOW - timedelta(hours=hours), "theft", NOW)


def test_two_who_change_one_key_take_turns(folder: KeyFolder) -> None:
    """Who comes second waits, and then decides from what the first one wrote: a later moment is refused."""
    key = folder.new(Purpose.CLAIM, NOW)
    second = multiprocessing.get_context("fork").Process(target=_compromise, args=(folder, key.kid, 1))
    with disk.changing(folder.path):
        second.start()
        second.join(0.5)
        assert second.is_alive()
        disk.change(folder.path, life.compromised(key, NOW - timedelta(hours=8), "theft", NOW))
    second.join(60)
    assert second.exitcode == 1
    assert folder.named(key.kid).compromised_since == NOW - timedelta(hours=8)


def test_a_compromised_key_signs_no_more_at_once(folder: KeyFolder) -> None:
    """Also in a process that had it open."""
    key = folder.new(Purpose.CLAIM, NOW)
    folder.signer(Purpose.CLAIM).sign(b"while it was safe")
    KeyFolder(folder.path, lambda: b"").compromise(key.kid, EARLIER, "theft", NOW)
    with pytest.raises(SigningError, match="no active claim key"):
        folder.signer(Purpose.CLAIM)
