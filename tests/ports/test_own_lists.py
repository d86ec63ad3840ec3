"""Lists asked for by address, in both databases: who is known gets one mail, and its link opens once, for a day."""

from datetime import timedelta

import pytest

from certs.db.ownlists import MOST_A_DAY
from certs.db.store import Store
from certs.errors import InputError
from certs.model import MessageKind, PersonKey
from certs.model.ownlist import ListLink, Opened
from certs.work import herself
from certs.work.herself import listing
from tests.register import NOW, act, issued

ANA, BEN = PersonKey("ana.souza@example.org"), PersonKey("ben@example.org")
BASE = "https://certs.example.org"


@pytest.fixture
def both(store: Store) -> Store:
    issued(store, [ANA, BEN])
    return store


def secrets(store: Store, person: PersonKey = ANA) -> list[str]:
    """Return what is in the links of the mails that wait for *person*."""
    mails = [one.letter for one in store.messages.of_person(person) if one.letter.kind is MessageKind.LIST]
    return [one.link.removeprefix(f"{BASE}/mine/") for one in mails]


def asked(store: Store, typed: str = ANA) -> int:
    listing.ask(store, typed, "fr", NOW)
    return listing.answer(store, BASE, NOW)


def test_who_is_known_gets_a_mail_in_her_language(both: Store) -> None:
    assert asked(both, " Ana.Souza@example.org ") == 1
    (mail,) = both.messages.of_person(ANA)
    assert (mail.letter.kind, mail.letter.language, len(mail.letter.link)) == (MessageKind.LIST, "fr", len(BASE) + 49)
    assert both.own_lists.waits() is False


def test_who_is_not_known_gets_nothing_and_leaves_nothing(both: Store) -> None:
    assert asked(both, "nobody@example.org") == 0
    assert both.messages.of_person(PersonKey("nobody@example.org")) == []
    assert both.own_lists.waits() is False


def test_asking_writes_the_same_whoever_it_is(both: Store) -> None:
    """A page looks nobody up: what it does with an address does not depend on whose it is."""
    statements = list[str]()
    from sqlalchemy import event

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(both.engine, "before_cursor_execute", note)
    listing.ask(both, ANA, "en", NOW)
    known = statements[:]
    statements.clear()
    listing.ask(both, "nobody@example.org", "en", NOW)
    assert statements == known != []


@pytest.mark.parametrize("typed", ["", "ana", "a@b", "a@example.org, b@example.org", "x" * 400 + "@example.org"])
def test_what_is_no_address_is_refused_and_not_kept(both: Store, typed: str) -> None:
    with pytest.raises(InputError):
        listing.ask(both, typed, "en", NOW)
    assert both.own_lists.waits() is False


def test_a_link_opens_once(both: Store) -> None:
    """Looking at it does not use it up."""
    asked(both)
    (secret,) = secrets(both)
    for _ in range(2):
        assert listing.stands(both, secret, NOW) is ListLink.GOOD
    assert listing.opened(both, secret, NOW) == Opened(ANA, both.links.of(ANA).ref)
    assert listing.opened(both, secret, NOW) is ListLink.USED
    assert listing.stands(both, secret, NOW) is ListLink.USED


def test_a_link_is_good_for_a_day(both: Store) -> None:
    asked(both)
    (secret,) = secrets(both)
    later = NOW + timedelta(hours=24)
    assert listing.stands(both, secret, later - timedelta(seconds=1)) is ListLink.GOOD
    assert listing.opened(both, secret, later) is ListLink.ENDED


def test_links_of_others_and_of_other_purposes_open_nothing(both: Store) -> None:
    for typed in ("x" * 43, "", both.links.of(ANA).ref, f"{both.links.of(ANA).ref}.sig", "é" * 43):
        assert listing.opened(both, typed, NOW) is ListLink.NONE


def test_nobody_is_flooded(both: Store) -> None:
    """However often somebody asks; the next day she may again."""
    assert [asked(both) for _ in range(MOST_A_DAY + 2)] == [1] * MOST_A_DAY + [0, 0]
    listing.ask(both, ANA, "en", NOW)
    assert listing.answer(both, BASE, NOW + timedelta(hours=25)) == 1


def test_whoever_is_erased_gets_no_mail_and_her_link_opens_nothing(both: Store) -> None:
    asked(both)
    (secret,) = secrets(both)
    herself.erase(both, herself.plan(both, ANA), act(reason="her request"))
    assert listing.opened(both, secret, NOW) is ListLink.NONE
    assert asked(both) == 0
