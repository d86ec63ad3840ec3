"""A person's link, withdrawn and renewed, in both databases; and after a restore."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db.backup import backup
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import ConflictError, InputError, NotFoundError
from certs.model import PersonKey
from certs.work.deliver import personal
from tests.register import RING, act, issued

ANA = PersonKey("ana@example.org")


@pytest.fixture
def ana(store: Store) -> Store:
    issued(store, [ANA, "ben@example.org"])
    return store


def ref(store: Store) -> str:
    return store.links.of(ANA).ref


def test_a_withdrawn_link_leads_nowhere(ana: Store) -> None:
    """And is known as one that was withdrawn; nobody else's is touched, and the certificate is found as before."""
    old, bens = ref(ana), ana.links.of(PersonKey("ben@example.org")).ref
    number = ana.certificates_of(old)[0].number
    withdrawn = personal.withdraw(ana, "ANA@example.org", act(reason="lost"))
    assert withdrawn.withdrawn_at == act().at
    assert (ana.certificates_of(old), ana.link_withdrawn(old)) == ([], True)
    assert (len(ana.certificates_of(bens)), ana.link_withdrawn(bens)) == (1, False)
    assert ana.certificate(number) is not None
    assert {one.person: one.linked for one in ana.addressed("gmp-2026")} == {ANA: False, "ben@example.org": True}
    assert personal.find(ana, RING, ANA).certificates[0].number == number


@pytest.mark.parametrize("withdrawn_before", [False, True])
def test_a_renewed_link_takes_its_place(ana: Store, withdrawn_before: bool) -> None:
    old = ref(ana)
    if withdrawn_before:
        personal.withdraw(ana, ANA, act(reason="lost"))
    new = personal.renew(ana, ANA, act(reason="lost")).ref
    assert new != old
    assert (ana.certificates_of(old), ana.link_withdrawn(old)) == ([], True)
    assert (len(ana.certificates_of(new)), ana.link_withdrawn(new)) == (1, False)
    again = personal.renew(ana, ANA, act(reason="again")).ref
    assert [ana.link_withdrawn(one) for one in (old, new, again)] == [True, True, False]
    assert all(one.linked for one in ana.addressed("gmp-2026"))


def test_the_trail_says_who_and_why_and_not_which(ana: Store) -> None:
    """A reference in the trail would be half a secret."""
    old = ref(ana)
    personal.withdraw(ana, ANA, act(reason="lost"))
    personal.renew(ana, ANA, act("ben", reason="asked for it"))
    entries = [entry for entry in ana.audit("") if entry.act.startswith("link.")]
    said = [(entry.act, entry.actor, entry.subject, entry.reason) for entry in entries]
    assert said == [("link.withdraw", "ana", ANA, "lost"), ("link.renew", "ben", ANA, "asked for it")]
    assert not any(one in entry.old + entry.new for entry in entries for one in (old, ref(ana)))


@pytest.mark.parametrize(
    ("typed", "error", "says"),
    [
        ("nobody@example.org", NotFoundError, "knows nobody"),
        ("ana", InputError, "no e-mail address"),
        ("", InputError, "no e-mail address"),
        ("a@b.org, c@d.org", InputError, "no e-mail address"),
    ],
)
def test_who_is_not_known_is_said(ana: Store, typed: str, error: type[Exception], says: str) -> None:
    for act_on in (personal.withdraw, personal.renew):
        with pytest.raises(error, match=says):
            act_on(ana, typed, act(reason="x"))
    with pytest.raises(error, match=says):
        personal.find(ana, RING, typed)


def test_what_cannot_be_done_changes_nothing(ana: Store) -> None:
    """No reason, a second withdrawal, an event without her."""
    for act_on in (personal.withdraw, personal.renew):
        with pytest.raises(InputError, match="a reason"):
            act_on(ana, ANA, act(reason=" "))
    personal.withdraw(ana, ANA, act(reason="x"))
    with pytest.raises(ConflictError, match="withdrawn on 2026-11-22 already"):
        personal.withdraw(ana, ANA, act(reason="x"))
    with pytest.raises(NotFoundError, match="no event"):
        personal.find(ana, RING, ANA, "nope")


def test_a_withdrawal_is_never_forgotten(ana: Store) -> None:
    personal.withdraw(ana, ANA, act(reason="x"))
    for change in ("UPDATE withdrawn_link SET ref = 'x'", "DELETE FROM withdrawn_link"):
        with pytest.raises(DBAPIError), ana.engine.begin() as connection:
            connection.execute(text(change))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_restore_brings_no_withdrawn_link_back(ana: Store, tmp_path: Path, when: str) -> None:
    """Whether the backup is older or newer than the withdrawal; renewing works then."""
    old = ref(ana)
    if when == "after":
        personal.renew(ana, ANA, act(reason="x"))
    backup(ana.engine, tmp_path / "backup.db")
    if when == "before":
        personal.renew(ana, ANA, act(reason="x"))
    restore(ana.engine, tmp_path / "backup.db", act())
    fresh = Store(ana.engine)
    assert (fresh.certificates_of(old), fresh.link_withdrawn(old)) == ([], True)
    new = personal.renew(fresh, ANA, act(reason="x")).ref
    assert len(fresh.certificates_of(new)) == 1
