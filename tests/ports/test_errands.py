"""One contract for errands on SQLite and PostgreSQL."""

import threading
from datetime import datetime, timedelta

import pytest

from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import Errand, ErrandFile, ErrandKind, Wish
from certs.ports import Errands
from tests.register import EVENT, NOW, act

LEASE = timedelta(minutes=2)
READ = Wish(ErrandKind.READ, EVENT.slug, "a digest", "{}")
COUNT = Wish(ErrandKind.COUNT, EVENT.slug)
FILES = (ErrandFile("b.csv", b"second by name, first in order"), ErrandFile("a.csv", b"\0\xff"))


@pytest.fixture
def errands(store: Store, database_clock: list[datetime]) -> Errands:
    """Return the errands of a register with one event, by a clock that stands still."""
    database_clock[:] = [NOW]
    store.events.add(EVENT, "x", act())
    return store.errands


def claimed(errands: Errands, token: str = "one") -> Errand:
    errand = errands.claim(token, LEASE)
    assert errand is not None
    return errand


def test_what_is_asked_for_waits_with_who_asked_and_its_files(errands: Errands) -> None:
    """All that a worker needs is in the register before anybody is told that it will be done."""
    errand = errands.ask(READ, act("ana", "corrected"), FILES)
    assert errands.get(errand.id) == errand
    assert (errand.wish, errand.act(NOW), errand.waits) == (READ, act("ana", "corrected"), True)
    assert list(errands.files(errand.id)) == list(FILES)
    assert errands.waiting() == 1


def test_the_same_asked_twice_is_one_errand(errands: Errands) -> None:
    """A form sent twice, or by two people: the first who asked is who acts."""
    first = errands.ask(READ, act("ana"), FILES)
    again = errands.ask(READ, act("ben"), FILES)
    assert again == first
    assert [one.id for one in errands.of_event(EVENT.slug)] == [first.id]


def test_the_same_asked_by_eight_at_once_is_one_errand(store: Store, errands: Errands) -> None:
    """Whatever the databases let happen at the same moment."""
    begin, found = threading.Barrier(8), set()

    def ask() -> None:
        begin.wait()
        found.add(store.errands.ask(READ, act(), FILES).id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == errands.waiting() == 1
    assert list(errands.files(found.pop())) == list(FILES)


@pytest.mark.parametrize("other", [Wish(ErrandKind.READ, EVENT.slug, "another"), COUNT, Wish(ErrandKind.PUBLISH)])
def test_another_wish_is_another_errand(errands: Errands, other: Wish) -> None:
    """Of other files, of another kind, of no event."""
    assert errands.ask(READ, act()).id != errands.ask(other, act()).id


def test_an_unknown_event_is_refused(errands: Errands) -> None:
    """Nothing is kept."""
    with pytest.raises(NotFoundError, match="no event nowhere"):
        errands.ask(Wish(ErrandKind.COUNT, "nowhere"), act())
    assert errands.waiting() == 0


def test_an_unknown_errand_is_refused(errands: Errands) -> None:
    """A number that somebody typed into an address."""
    with pytest.raises(NotFoundError, match="no errand 7"):
        errands.get(7)


def test_the_oldest_is_taken_first_and_by_one_worker_only(errands: Errands) -> None:
    """Two workers get two errands, a third gets none."""
    first, second = errands.ask(READ, act()), errands.ask(COUNT, act())
    assert (claimed(errands, "one").id, claimed(errands, "two").id) == (first.id, second.id)
    assert errands.claim("three", LEASE) is None
    assert sorted(errands.leases()) == ["one", "two"]


def test_eight_workers_at_once_take_an_errand_once(store: Store, errands: Errands) -> None:
    """Conditional updates decide, not luck."""
    errands.ask(READ, act())
    begin, won = threading.Barrier(8), []

    def take(token: str) -> None:
        begin.wait()
        if store.errands.claim(token, LEASE) is not None:
            won.append(token)

    threads = [threading.Thread(target=take, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert list(errands.leases()) == won


def test_a_lease_that_is_not_extended_ends(errands: Errands, database_clock: list[datetime]) -> None:
    """A dead machine's errand goes on elsewhere; what it says later is not heard."""
    errands.ask(READ, act())
    claimed(errands, "dead")
    database_clock[:] = [NOW + LEASE + timedelta(seconds=1)]
    assert claimed(errands, "alive").tries == 2
    assert not errands.extend("dead", LEASE)
    assert not errands.tell("dead", 1, 2)
    assert not errands.end("dead", "Read.")
    assert errands.end("alive", "Read.")


def test_a_lease_that_is_extended_holds(errands: Errands, database_clock: list[datetime]) -> None:
    """As long as its holder lives."""
    errands.ask(READ, act())
    claimed(errands)
    database_clock[:] = [NOW + LEASE - timedelta(seconds=1)]
    assert errands.extend("one", LEASE)
    database_clock[:] = [NOW + LEASE + timedelta(seconds=1)]
    assert errands.claim("two", LEASE) is None


@pytest.mark.parametrize(("died", "tries"), [(False, 1), (True, 2)])
def test_what_is_given_back_is_free_at_once(errands: Errands, died: bool, tries: int) -> None:
    """By a worker that ends, which is no try, or for one that died."""
    errands.ask(READ, act())
    claimed(errands, "one")
    errands.give_back("one", died=died)
    assert claimed(errands, "two").tries == tries


def test_progress_and_end_are_told(errands: Errands) -> None:
    """The bar, then the sentence; the files go, for what was read of them is in the register."""
    errand = errands.ask(READ, act(), FILES)
    claimed(errands)
    assert errands.tell("one", 3, 9)
    assert (errands.get(errand.id).done, errands.get(errand.id).total) == (3, 9)
    assert errands.end("one", "8 of 9 files were read.", "input")
    ended = errands.get(errand.id)
    assert (ended.sentence, ended.code, ended.ended_at) == ("8 of 9 files were read.", "input", NOW)
    assert errands.waiting() == 0
    assert list(errands.files(errand.id)) == []
    assert errands.claim("two", LEASE) is None


def test_asked_after_the_end_is_a_new_errand(errands: Errands) -> None:
    """A refused file may be given again."""
    first = errands.ask(READ, act(), FILES)
    claimed(errands)
    errands.end("one", "Refused.", "input")
    again = errands.ask(READ, act(), FILES)
    assert again.id > first.id
    newest = errands.newest(ErrandKind.READ, EVENT.slug)
    assert newest is not None
    assert newest.id == again.id
    assert [one.id for one in errands.of_event(EVENT.slug)] == [again.id, first.id]
    assert [one.id for one in errands.of_event(EVENT.slug, 1)] == [again.id]


def test_what_catches_up_is_done_once_more_if_asked_for_meanwhile(errands: Errands) -> None:
    """An import during a count: the count that was begun may have passed by what it changed."""
    errand = errands.ask(COUNT, act())
    claimed(errands)
    assert errands.ask(COUNT, act()).id == errand.id
    assert errands.end("one", "Counted.")
    assert errands.get(errand.id).waits
    claimed(errands)
    assert errands.end("one", "Counted.")
    assert errands.get(errand.id).ended_at == NOW


def test_nothing_of_a_kind_is_no_errand(errands: Errands) -> None:
    """Before anybody asked."""
    assert errands.newest(ErrandKind.ISSUE, EVENT.slug) is None


def test_a_worker_is_heard_of(errands: Errands, database_clock: list[datetime]) -> None:
    """By the database's clock, whichever worker it is."""
    assert errands.silence() is None
    errands.beat("one")
    database_clock[:] = [NOW + timedelta(seconds=40)]
    assert errands.silence() == timedelta(seconds=40)
    errands.beat("two")
    errands.beat("two")
    assert errands.silence() == timedelta()


def test_the_newest_of_a_kind_alone_keeps_what_it_found(errands: Errands) -> None:
    """What was found names people, and is of no use once it was looked for again."""
    first = errands.ask(Wish(ErrandKind.REHEARSE, EVENT.slug), act())
    claimed(errands)
    assert errands.end("one", "Tried.", outcome="[1]")
    assert errands.get(first.id).outcome == "[1]"
    other = errands.ask(Wish(ErrandKind.EXAMINE), act())
    claimed(errands)
    errands.end("one", "Looked.", outcome="[2]")
    second = errands.ask(Wish(ErrandKind.REHEARSE, EVENT.slug), act())
    claimed(errands)
    errands.end("one", "Tried again.", outcome="[3]")
    assert [errands.get(one.id).outcome for one in (first, other, second)] == ["", "[2]", "[3]"]


def test_what_was_found_is_there_while_it_is_looked_for_again(errands: Errands) -> None:
    """However many other errands came between, and whether or not the next look found anything."""
    rehearsal = Wish(ErrandKind.REHEARSE, EVENT.slug)
    assert errands.newest(ErrandKind.REHEARSE, EVENT.slug, found=True) is None
    tried = errands.ask(rehearsal, act())
    claimed(errands)
    errands.end("one", "Tried.", outcome="[1]")
    for place in range(21):
        errands.ask(Wish(ErrandKind.READ, EVENT.slug, f"digest {place}"), act())
    again = errands.ask(rehearsal, act())
    newest = [errands.newest(ErrandKind.REHEARSE, EVENT.slug, found=found) for found in (False, True)]
    assert [one and one.id for one in newest] == [again.id, tried.id]
