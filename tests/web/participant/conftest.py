"""Maria, who earned a certificate, and Pedro, who did not; whoever wants it has hers issued for real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from certs.model import Act, CertificatesSought, Number, PersonKey, Purpose
from certs.queue import Queue
from certs.work import counts, issue, orders
from certs.work.deliver import Links
from tests.web.console.conftest import BASE, SLUG, Browser, Desk, cheap_passwords, desk, desk_on
from tests.web.console.exports import report, send
from tests.world import MemoryKeys

__all__ = ["cheap_passwords", "desk"]
MARIA, PEDRO = ("Maria Lopez", "maria@example.org"), ("Pedro Ruiz", "pedro@example.org")
EARLY = "10/06/2026 01:20:00 PM"
"""When Pedro left: after twenty minutes of two hours."""


@dataclass
class Marathon:
    """An event that was held, and everybody's way to it."""

    desk: Desk

    def key(self, person: tuple[str, str]) -> PersonKey:
        return PersonKey(person[1])

    def path(self, person: tuple[str, str]) -> str:
        """Return where the personal link of *person* leads."""
        return f"/me/{Links(self.desk.keys).token(self.desk.store.links.of(PersonKey(person[1])).ref)}"

    def page(self, person: tuple[str, str], language: str = "en") -> str:
        return self.browser().get(self.path(person), headers={"Accept-Language": language}).text

    def browser(self, email: str = "") -> Browser:
        return self.desk.browser(email)

    def count(self) -> None:
        """Count as the worker does."""
        counts.refresh(self.desk.store, SLUG, self.desk.now)

    def issue(self) -> Number:
        """Order as Ana does, approve as Ben does, issue; return the newest number."""
        store = self.desk.store
        batch = orders.place(store, orders.plan(store, SLUG), Act("Ana", self.desk.now), demo=False)
        return self.finish(batch)

    def finish(self, batch: int) -> Number:
        """Approve and issue a batch; return the newest number."""
        store = self.desk.store
        orders.approve(store, batch, Act("Ben", self.desk.now))
        office = issue.Office(store, Queue(1), lambda: self.desk.now)
        issue.issue(office, issue.Tools.of(self.desk.keys, BASE), batch, Act("Ben", self.desk.now))
        return store.lists.certificates(SLUG, CertificatesSought()).items[0].number


@pytest.fixture
def held(desk: Desk) -> Marathon:
    """The event, held and counted; nothing is issued."""
    made = Marathon(desk)
    with desk.store.key_trail.entering(Act("Ada", desk.now), "key.new") as enter:
        enter(desk.keys.signer(Purpose.LINK).key, None)
    ana = desk.browser("ana@example.org")
    send(ana, ("first.csv", report(MARIA)), ("second.csv", report(PEDRO, leave=EARLY)))
    made.count()
    return made


@pytest.fixture
def issued(
    request: pytest.FixtureRequest, database_clock: object, tmp_path: Path, cheap_passwords: None
) -> Iterator[Marathon]:
    """The same, and Maria's certificate is issued: for real, once in a process."""
    if not _ISSUED:
        made: Marathon = request.getfixturevalue("held")
        made.issue()
        kept = request.getfixturevalue("tmp_path_factory").mktemp("issued") / "certs.db"
        with made.desk.store.engine.begin() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{kept}'")
        _ISSUED.append((kept, made.desk.keys))
    kept, keys = _ISSUED[0]
    (folder := tmp_path / "issued").mkdir()
    with desk_on(kept, folder, keys) as desk:
        yield Marathon(desk)


_ISSUED: list[tuple[Path, MemoryKeys]] = []
