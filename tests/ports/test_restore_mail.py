"""After a restore nobody gets a mail that she got already."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from certs.db.backup import backup
from certs.db.restore import restore
from certs.db.store import Store
from certs.model import Letter, MessageKind, MessageState, PersonKey, Reply
from tests.ports.conftest import opened
from tests.ports.test_messages import LEASE, LETTER, MANY, to
from tests.register import EVENT, act

pytestmark = pytest.mark.usefixtures("database_clock")
SENT = Reply(MessageState.SENT, "250 ok")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = opened(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def elsewhere(empty_url: str) -> Iterator[Engine]:
    engine = opened(empty_url)
    yield engine
    engine.dispose()


def backed_up(engine: Engine, file: Path) -> Store:
    """Let two mails wait, and back that up."""
    store = Store(engine)
    store.events.add(EVENT, "x", act())
    store.messages.queue(to("ana", "ben"), act())
    backup(engine, file)
    return store


def states(store: Store) -> dict[str, MessageState]:
    found = store.messages.listed(EVENT.slug, None, None).items
    return {one.letter.person.partition("@")[0]: one.state for one in found}


def test_what_was_sent_since_the_backup_is_known(engine: Engine, tmp_path: Path) -> None:
    """The register that is replaced says so; what it does not say is sent is sent still."""
    store = backed_up(engine, tmp_path / "b.db")
    store.messages.queue(to("cyd"), act())
    assert store.messages.claim("one", LEASE, MANY) is not None
    store.messages.settle("one", SENT)
    restore(engine, tmp_path / "b.db", act(reason="drill"))
    after = {"ana": MessageState.SENT, "ben": MessageState.QUEUED, "cyd": MessageState.QUEUED}
    assert states(store) == after
    assert store.messages.queue([LETTER], act()) == 0


def test_without_the_register_of_before_a_person_decides(engine: Engine, elsewhere: Engine, tmp_path: Path) -> None:
    """Nobody knows what was sent since the backup."""
    backed_up(engine, tmp_path / "b.db")
    restore(elsewhere, tmp_path / "b.db", act(reason="lost the machine"))
    store = Store(elsewhere)
    assert states(store) == {"ana": MessageState.UNKNOWN, "ben": MessageState.UNKNOWN}
    assert store.messages.claim("one", LEASE, MANY) is None


def test_a_letter_to_nobody_of_an_event_comes_over(engine: Engine, tmp_path: Path) -> None:
    """An invitation, say."""
    store = backed_up(engine, tmp_path / "b.db")
    letter = Letter(
        MessageKind.INVITATION, PersonKey("ben@example.org"), "today", facts={"who": "Ana"}, link="https://x.example"
    )
    store.messages.queue([letter], act())
    restore(engine, tmp_path / "b.db", act(reason="drill"))
    assert [one.letter for one in store.messages.of_person(letter.person) if not one.letter.slug] == [letter]
