"""Where the codes of a batch lead is settled by its first certificates, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from certs.db.engine import writing
from certs.db.migrate import migrate
from certs.db.store import Store
from certs.errors import ConflictError, StorageError
from certs.model import Number
from tests.ports.conftest import opened
from tests.register import BASE, LATER, NOW, act, draft, finished, ordered

ELSEWHERE = "https://elsewhere.example"


def test_nothing_issued_settles_nothing(store: Store) -> None:
    """An order has no address yet, and what a check holds back gives it none."""
    batch = ordered(store, [draft("ana")])
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet
    store.sheets.store(sheet, finished(sheet, held=list(sheet.todo)), act())
    assert store.batches.get(batch).base_url == ""


def test_the_first_certificates_settle_it_for_the_others(store: Store) -> None:
    """A second process with another address stores nothing, and is told so."""
    batch = ordered(store, [draft("ana", "latin/1"), draft("ben", "thai/1")])
    ana, ben = (store.sheets.claim(batch, token, NOW, LATER) for token in ("a", "b"))
    assert ana
    assert ben
    assert store.sheets.store(ana, finished(ana), act())
    with pytest.raises(ConflictError, match="issues batch gmp-2026/1 under another CERTS_BASE_URL"):
        store.sheets.store(ben, replace(finished(ben), base_url=ELSEWHERE), act())
    assert store.batches.get(batch).remaining == 1
    assert store.sheets.store(ben, finished(ben), act())
    assert store.batches.get(batch).base_url == BASE
    assert store.certificate(next(iter(ben.todo)))


def test_the_database_itself_keeps_it(store: Store) -> None:
    """Whoever writes to it by hand is refused."""
    batch = ordered(store, [draft("ana")])
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet
    store.sheets.store(sheet, finished(sheet), act())
    with pytest.raises((ConflictError, StorageError)), writing(store.engine) as connection:
        connection.execute(text("UPDATE batch SET base_url = ''"))
    store.batches.pause(batch, "something else about it may change")
    assert store.batches.get(batch).base_url == BASE


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("HTTPS://OLD.EXAMPLE.ORG", "https://old.example.org"),
        ("HTTP://OLD.EXAMPLE.ORG:8000/Certs", "http://old.example.org:8000/Certs"),
        (r"HTTPS://OLD.EXAMPLE.ORG/a\(b\)", "https://old.example.org/a(b)"),
    ],
)
def test_a_batch_of_an_older_program_has_it_from_its_files(empty_url: str, printed: str, kept: str) -> None:
    """From the link beside the code; a batch of which nothing was issued has none."""
    engine = opened(empty_url)
    migrate(engine, "0004")
    link = f"<</Type/Annot/A<</S/URI/URI({printed}/V/CLAIM.SIG)>>>>".encode()
    with engine.begin() as connection:
        for statement in OLD_BATCHES:
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO tail VALUES (1, :link)"), {"link": link})
    migrate(engine)
    store = Store(engine)
    assert [one.base_url for one in store.batches.of_event("old")] == [kept, ""]
    found = store.certificate(Number("000000000001"))
    assert found
    assert found.base_url == kept
    engine.dispose()


_FACTS = (
    '{"slug": "old", "title": "Old", "issuer": "I", "place": "", "language": "en", "zone": "UTC", "first_day": '
    '"2026-01-01", "last_day": "2026-01-01", "sessions": [], "signatories": [], "criteria": "", "design": "classic"}'
).replace(":", "\\:")
_BATCH = f"'attendance', '{_FACTS}', '2026-01-01', 'one', '2026-01-01 00\\:00\\:00', 'ana', '', NULL, NULL, ''"
_CERTIFICATE = "'attendance', 1, '000000000001', 'Ana', '', '[]', 8, 'latin/1', NULL, 'issued', NULL, NULL, ''"
OLD_BATCHES = (
    "INSERT INTO event VALUES (1, 'old', 'Old', 'definition', '2026-01-01 00\\:00\\:00')",
    "INSERT INTO person VALUES (1, 'ana@example.org', 'ref')",
    f"INSERT INTO batch VALUES (1, 1, {_BATCH}), (2, 1, {_BATCH})",
    f"INSERT INTO certificate VALUES (1, 1, 1, 1, {_CERTIFICATE})",
    "INSERT INTO plate VALUES ('p', 'plate')",
    "INSERT INTO issued VALUES (1, '2026-01-01 00\\:00\\:00', 'CLAIM.SIG', 'c', 's', '', 'p', 'd', 9)",
)


def test_the_newest_batch_with_certificates_says_where_they_lead(store: Store) -> None:
    """An order alone says nothing."""
    assert store.batches.newest_address() == ""
    for name, address in (("ana", BASE), ("ben", ELSEWHERE)):
        batch = ordered(store, [draft(name)])
        sheet = store.sheets.claim(batch, name, NOW, LATER)
        assert sheet
        assert store.sheets.store(sheet, replace(finished(sheet), base_url=address), act())
    ordered(store, [draft("cy")])
    assert store.batches.newest_address() == ELSEWHERE
