"""Lists come a page at a time: all pages together are the whole list, whatever is sought, in both databases."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import event

from certs.db.store import Store
from certs.errors import InputError, NotFoundError
from certs.ground.number import printed
from certs.model import (
    AskedQuestion,
    AuditEntry,
    BatchesSought,
    BatchStands,
    CertificatesSought,
    End,
    EntriesSought,
    EventsSought,
    Listed,
    Order,
    Page,
    PersonKey,
    QuestionsSought,
    Revocation,
    RevocationReason,
    Stands,
)
from tests.register import EVENT, LATER, NOW, act, draft, finished, people
from tests.world import EVENT as FACTS

SLUG = EVENT.slug
NAMES = ("Ana Souza", "Łukasz Żak", "zoë Alm", "Ørjan Å_b", "100% Ali", "İpek Işık", "Émile Zola", "奥田 直子")
Item = TypeVar("Item")


def paged(page: Callable[[str, int], Page[Item]], limit: int) -> list[Item]:
    """Return all pages of *limit* together."""
    found: list[Item] = []
    after = ""
    while True:
        one = page(after, limit)
        assert len(one.items) <= limit
        found += one.items
        if not (after := one.after):
            return found


def certificates(store: Store, sought: CertificatesSought, limit: int = 7) -> list[Listed]:
    """Return those that are sought."""
    return paged(lambda after, most: store.lists.certificates(SLUG, sought, after, most), limit)


@pytest.fixture
def full(store: Store) -> Store:
    """Return a register with a batch of eight of all sorts, and one of two that waits for its approval."""
    drafts = [replace(draft(who), name=name) for who, name in zip(people(8), NAMES, strict=True)]
    store.events.add(EVENT, "x", act())
    first = store.batches.order(order(drafts), act())
    sheet = store.sheets.claim(first, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet, held=[drafts[7].number]), act())
    store.revocations.add([drafts[0].number], Revocation(NOW, RevocationReason.ERROR, ""), act())
    newer = replace(draft(people(8)[1], supersedes=drafts[1].number), name="Lukasz Zak")
    second = store.batches.order(order([newer]), act())
    sheet = store.sheets.claim(second, "u", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act("ben"))
    third = store.batches.order(order([draft("late@example.org"), draft("later@example.org")]), act("ben"))
    store.batches.end(third, End.REJECTED, act(reason="too early"))
    store.batches.order(order([draft("latest@example.org")]), act())
    return store


def order(drafts: Sequence[object]) -> Order:
    """Return an order of *drafts*."""
    return Order("attendance", FACTS, EVENT.approval, date(2026, 11, 22), drafts)  # type: ignore[arg-type]


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("limit", [1, 5, 11, 12, 13])
def test_pages_of_certificates_are_the_list(full: Store, limit: int, by_name: bool) -> None:
    """Newest first, or by name without case and accents, though two have the same name then."""
    found = certificates(full, CertificatesSought(by_name=by_name), limit)
    assert len(found) == len({one.number for one in found}) == 12
    names = [one.name for one in found]
    assert names[:2] == (["100% Ali", "Ana Souza"] if by_name else ["Latest@Example.Org", "Later@Example.Org"])
    if by_name:
        assert names.index("Łukasz Żak") + 1 == names.index("Lukasz Zak")


def test_how_certificates_stand_is_told_and_found(full: Store) -> None:
    """Revoked, replaced, held, given up, on its way, or none of these."""
    found = {one.name: one for one in certificates(full, CertificatesSought())}
    stands = {one.name: one.stands for one in found.values()}
    assert stands == dict.fromkeys(NAMES, Stands.VALID) | {
        "Ana Souza": Stands.REVOKED,
        "Łukasz Żak": Stands.REPLACED,
        "奥田 直子": Stands.HELD,
        "Lukasz Zak": Stands.VALID,
        "Late@Example.Org": Stands.CANCELLED,
        "Later@Example.Org": Stands.CANCELLED,
        "Latest@Example.Org": Stands.ORDERED,
    }
    assert found["Łukasz Żak"].superseded_by == found["Lukasz Zak"].number
    assert (found["奥田 直子"].error, found["奥田 直子"].issued_at) == ("no font", None)
    assert (found["zoë Alm"].issued_at, found["zoë Alm"].batch) == (NOW, f"{SLUG}/1")
    for one in Stands:
        alone = certificates(full, CertificatesSought(stands=one), 2)
        assert {each.name for each in alone} == {name for name, what in stands.items() if what is one}


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("souza ANA", {"Ana Souza"}),
        ("lukasz", {"Łukasz Żak", "Lukasz Zak"}),
        ("zoe", {"zoë Alm"}),
        ("ORJAN a_b", {"Ørjan Å_b"}),
        ("100%", {"100% Ali"}),
        ("a%b", set()),
        ("P00006@example.org", {"Émile Zola"}),
        ("奥田", {"奥田 直子"}),
        ("\\", set()),
        ("'; DROP TABLE certificate", set()),
    ],
)
def test_certificates_are_found_by_name_and_address(full: Store, search: str, names: set[str]) -> None:
    """Signs that mean something to a database are letters like others."""
    assert {one.name for one in certificates(full, CertificatesSought(search=search))} == names


def test_certificates_are_found_by_number_however_it_is_typed(full: Store) -> None:
    """Whole or in part, in small letters, with blanks or hyphens, O for 0 and L for 1."""
    (ana,) = certificates(full, CertificatesSought(search="souza"))
    whole = printed(ana.number)
    ways = (whole, whole.lower(), whole.replace("-", " "), ana.number.replace("0", "o").replace("1", "l"), whole[5:])
    for typed in ways:
        assert certificates(full, CertificatesSought(search=typed)) == [ana]


def test_filters_narrow_together(full: Store) -> None:
    assert {one.name for one in certificates(full, CertificatesSought(batch=2))} == {"Lukasz Zak"}
    hers = certificates(full, CertificatesSought(person=PersonKey(people(8)[1])))
    assert [one.name for one in hers] == ["Lukasz Zak", "Łukasz Żak"]
    assert certificates(full, CertificatesSought(person=PersonKey(people(8)[1]), stands=Stands.HELD)) == []
    assert certificates(full, CertificatesSought(kind="speaker")) == []


def entries(store: Store, sought: EntriesSought, limit: int) -> list[AuditEntry]:
    """Return those that are sought."""
    return paged(lambda after, most: store.lists.entries(sought, after, most), limit)


def test_the_trail_comes_newest_first(full: Store) -> None:
    """All of it, of an event, or what somebody did in a time."""
    everything = entries(full, EntriesSought(), 3)
    assert everything == list(reversed(list(full.audit(SLUG))))
    for sought, expected in (
        (EntriesSought(actor="ben"), [one for one in everything if one.actor == "ben"]),
        (EntriesSought(act="batch"), [one for one in everything if one.act.startswith("batch.")]),
        (EntriesSought(act="batch.order"), [one for one in everything if one.act == "batch.order"]),
        (EntriesSought(act="batch.ord"), []),
        (EntriesSought(event="other"), []),
        (EntriesSought(event=SLUG, subject=f"batch {SLUG}/3", actor="ben"), [everything[2]]),
        (EntriesSought(since=NOW, until=NOW), []),
        (EntriesSought(since=NOW, until=NOW + timedelta(microseconds=1)), everything),
        (EntriesSought(since=NOW + timedelta(microseconds=1)), []),
    ):
        assert entries(full, sought, 2) == expected, sought


def question(key: str, text: str, kind: str = "name") -> AskedQuestion:
    """Return a question about whoever *key* names."""
    return AskedQuestion(key, kind, key, text, None, (), "", ("a.csv, line 2",), frozenset())


def test_questions_come_in_order_and_are_found(store: Store) -> None:
    """Open and answered ones; words are found in text, subject and evidence, whatever their accents."""
    store.events.add(EVENT, "x", act())
    asked = [question(f"p{n}", f"Is “Zoë {n}” a name?", "name" if n % 2 else "no_email") for n in range(9)]
    store.questions.ask(SLUG, asked, 0)
    store.questions.answer(SLUG, "p3", "keep", act())
    store.questions.ask(SLUG, asked[1:], 0)

    def found(sought: QuestionsSought, limit: int = 2) -> list[str]:
        return [one.id for one in paged(lambda after, most: store.lists.questions(SLUG, sought, after, most), limit)]

    assert found(QuestionsSought()) == ["p1", "p3", "p5", "p7", "p0", "p2", "p4", "p6", "p8"]
    assert found(QuestionsSought(open=False)) == ["p0"]
    assert found(QuestionsSought(kind="no_email", open=True), 3) == ["p2", "p4", "p6", "p8"]
    assert found(QuestionsSought(answered=True)) == ["p3"]
    assert found(QuestionsSought(search="ZOE 7")) == ["p7"]
    assert found(QuestionsSought(search="a.csv p5"), 1) == ["p5"]
    assert found(QuestionsSought(search="nobody")) == []


def test_batches_come_newest_first(full: Store) -> None:
    """Waiting for approval, under way, done, and ended."""

    def found(sought: BatchesSought) -> list[str]:
        return [one.reference for one in paged(lambda after, most: full.lists.batches(sought, after, most), 1)]

    assert found(BatchesSought()) == [f"{SLUG}/{n}" for n in (4, 3, 2, 1)]
    assert found(BatchesSought(stands=BatchStands.WAITING)) == [f"{SLUG}/4"]
    assert found(BatchesSought(stands=BatchStands.ENDED)) == [f"{SLUG}/3"]
    assert found(BatchesSought(events=[SLUG], stands=BatchStands.DONE)) == [f"{SLUG}/2", f"{SLUG}/1"]
    full.batches.approve(full.batches.at(SLUG, 4).id, act("ben"))
    assert found(BatchesSought(stands=BatchStands.UNDER_WAY)) == [f"{SLUG}/4"]
    assert found(BatchesSought(events=[])) == []


def test_events_come_newest_first_and_are_found(store: Store) -> None:
    """Of those that somebody may see."""
    for n in range(7):
        store.events.add(replace(EVENT, slug=f"gmp-{n}", title=f"Formación {n}"), "x", act())

    def found(sought: EventsSought) -> list[str]:
        return [one.slug for one in paged(lambda after, most: store.lists.events(sought, after, most), 2)]

    assert found(EventsSought()) == [f"gmp-{n}" for n in range(6, -1, -1)]
    assert found(EventsSought(slugs=["gmp-2", "gmp-5", "none"])) == ["gmp-5", "gmp-2"]
    assert found(EventsSought(search="formacion GMP-3")) == ["gmp-3"]
    assert found(EventsSought(slugs=[], search="gmp")) == []


@pytest.mark.parametrize("place", ["x", "e30", "WzFd1", "WyJhIiwiYiJd", "bnVsbA", "W10", "é"])
def test_a_place_that_is_none_is_refused(store: Store, place: str) -> None:
    """Whether it is no cursor at all or one of another list."""
    store.events.add(EVENT, "x", act())
    lists = store.lists
    for ask in (
        lambda: lists.certificates(SLUG, CertificatesSought(), place),
        lambda: lists.certificates(SLUG, CertificatesSought(by_name=True), place),
        lambda: lists.entries(EntriesSought(), place),
        lambda: lists.questions(SLUG, QuestionsSought(), place),
        lambda: lists.batches(BatchesSought(), place),
        lambda: lists.events(EventsSought(), place),
    ):
        with pytest.raises(InputError, match="no place in this list"):
            ask()


def test_an_unknown_event_is_named(store: Store) -> None:
    for ask in (
        lambda: store.lists.certificates("cgmp", CertificatesSought()),
        lambda: store.lists.questions("cgmp", QuestionsSought()),
    ):
        with pytest.raises(NotFoundError, match="cgmp"):
            ask()


def test_a_page_reads_no_more_than_it_shows(full: Store) -> None:
    """Two statements, wherever it stands: the event and one page."""
    page = full.lists.certificates(SLUG, CertificatesSought(), limit=3)
    said: list[str] = []
    event.listen(full.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    for after in ("", page.after):
        said.clear()
        assert len(full.lists.certificates(SLUG, CertificatesSought(), after, 3).items) == 3
        assert len(said) == 2
