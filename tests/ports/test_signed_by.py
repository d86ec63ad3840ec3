"""Which certificates a key signed, whatever its purpose; a compromise is weighed by them."""

from datetime import timedelta

import pytest

from certs.db import certificates
from certs.db.store import Store
from certs.model import Kid, Revocation, RevocationReason
from tests.register import LATER, NOW, act, draft, finished, issued, ordered, people


@pytest.mark.parametrize("kid", ["c1a1m000", "5ea10000", "c4ed0000"])
def test_a_key_of_any_purpose_leads_to_what_it_signed(store: Store, kid: str) -> None:
    """Claim, seal and credential keys alike; withdrawn ones too, because the key signed them."""
    numbers = issued(store, people(3))
    store.revocations.add(numbers[:1], Revocation(NOW, RevocationReason.ERROR, "wrong"), act())
    found = {one.number: one for one in store.certificates.signed_by(Kid(kid))}
    assert set(found) == set(numbers)
    assert found[numbers[0]].revocation is not None
    assert {found[n].credential_kid for n in numbers} == {Kid("c4ed0000")}


def test_what_is_only_ordered_was_signed_by_nobody(store: Store) -> None:
    ordered(store, [draft("ana@example.org")])
    assert list(store.certificates.signed_by(Kid("c1a1m000"))) == []


def test_another_key_signed_nothing(store: Store) -> None:
    """An empty kid is no key: certificates without a credential have none there."""
    issued(store, people(1))
    assert list(store.certificates.signed_by(Kid("00000000"))) == []


def test_many_stream_by(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than are read at once all come."""
    monkeypatch.setattr(certificates, "_ROWS_AT_ONCE", 2)
    numbers = issued(store, people(7))
    assert {one.number for one in store.certificates.signed_by(Kid("c1a1m000"))} == set(numbers)


def test_what_is_to_be_replaced_can_be_told_by_when_it_was_registered(store: Store) -> None:
    """From the very moment on; what was registered before stays out of it."""
    early, late = (ordered(store, [draft(name)]) for name in ("ana@example.org", "ben@example.org"))
    for batch, at in ((early, NOW), (late, LATER)):
        sheet = store.sheets.claim(batch, "t", NOW, LATER)
        assert sheet
        assert store.sheets.store(sheet, finished(sheet), act(at=at))
    kid = Kid("c1a1m000")
    found = [[one.person for one in store.batches.signed_by(kid, since)] for since in (None, NOW, LATER)]
    assert found == [["ana@example.org", "ben@example.org"]] * 2 + [["ben@example.org"]]
    assert not list(store.batches.signed_by(kid, LATER + timedelta(microseconds=1)))
