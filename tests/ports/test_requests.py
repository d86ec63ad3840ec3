"""One contract for what participants ask for, on SQLite and PostgreSQL."""

import pytest

from certs.db.store import Store
from certs.errors import ConflictError, InputError, NotFoundError
from certs.model import Asked, Attached, Number, PersonKey, RequestKind, RequestsSought, RequestState
from tests.register import EVENT, LATER, NOW, act, received

SLUG, ANA, BEN = EVENT.slug, PersonKey("ana@example.org"), PersonKey("ben@example.org")
NAME = Asked(RequestKind.NAME, ANA, "", "Ana Souza", "Ana Suza", Number("7K3M9QXZ2P4C"))
MORE = Asked(RequestKind.ATTENDANCE, ANA, "I sat beside Ben.")
ALL = RequestsSought()


@pytest.fixture
def asked(store: Store) -> Store:
    store.events.add(EVENT, "x", act())
    store.imports.add(SLUG, [received(people=[ANA, BEN])], act())
    return store


def test_what_was_asked_comes_back_with_its_file(asked: Store) -> None:
    first = asked.requests.ask(SLUG, NAME, act(ANA))
    second = asked.requests.ask(SLUG, MORE, act(ANA, at=LATER), Attached("photo.png", "image/png", b"pixels"))
    newest, oldest = asked.requests.of_person(ANA)
    assert (oldest.id, oldest.asked, oldest.state, oldest.asked_at) == (first, NAME, RequestState.ASKED, NOW)
    assert (newest.attached, newest.media, newest.bytes_attached) == ("photo.png", "image/png", 6)
    assert asked.requests.content(SLUG, second) == b"pixels"
    assert asked.requests.get(SLUG, first) == oldest
    assert asked.requests.of_person(BEN) == []
    with pytest.raises(NotFoundError, match="no file"):
        asked.requests.content(SLUG, first)


def test_of_one_person_event_and_kind_one_request_waits(asked: Store) -> None:
    """Another may be made once it is answered; others ask meanwhile."""
    first = asked.requests.ask(SLUG, NAME, act(ANA))
    with pytest.raises(ConflictError, match="asked for this already"):
        asked.requests.ask(SLUG, NAME, act(ANA))
    asked.requests.ask(SLUG, Asked(RequestKind.NAME, BEN, name="Ben O."), act(BEN))
    asked.requests.end(SLUG, first, RequestState.REFUSED, "It says that already.", act("luis"))
    asked.requests.ask(SLUG, NAME, act(ANA))
    assert [one.state.value for one in asked.requests.of_person(ANA)] == ["asked", "refused"]


def test_an_answer_is_given_once(asked: Store) -> None:
    one = asked.requests.ask(SLUG, NAME, act(ANA))
    asked.requests.end(SLUG, one, RequestState.ACCEPTED, "", act("luis", at=LATER))
    with pytest.raises(ConflictError, match="answered this request"):
        asked.requests.end(SLUG, one, RequestState.REFUSED, "no", act("ben"))
    found = asked.requests.get(SLUG, one)
    assert (found.state, found.ended_by, found.ended_at) == (RequestState.ACCEPTED, "luis", LATER)


def test_what_needs_nobody_is_granted_at_once(asked: Store) -> None:
    wish = Asked(RequestKind.NAME, ANA, name="Ana", before="Ana", granted=True)
    asked.requests.ask(SLUG, wish, act(ANA))
    (found,) = asked.requests.of_person(ANA)
    assert (found.asked, found.state, found.ended_by) == (wish, RequestState.ACCEPTED, ANA)
    assert asked.requests.waiting([SLUG]) == {}


def test_the_oldest_come_first_a_page_at_a_time(asked: Store) -> None:
    ids = [
        asked.requests.ask(SLUG, one, act(one.person))
        for one in (NAME, MORE, Asked(RequestKind.ATTENDANCE, BEN, "Me too."))
    ]
    page = asked.requests.listed(SLUG, ALL, limit=2)
    rest = asked.requests.listed(SLUG, ALL, page.after, limit=2)
    assert [one.id for one in (*page.items, *rest.items)] == ids
    assert rest.after == ""
    appeals = asked.requests.listed(SLUG, RequestsSought(RequestState.ASKED, RequestKind.ATTENDANCE))
    assert [one.id for one in appeals.items] == ids[1:]
    assert asked.requests.waiting([SLUG, "other"]) == {SLUG: (3, NOW)}
    with pytest.raises(InputError, match="no place in this list"):
        asked.requests.listed(SLUG, ALL, "x")


def test_it_is_of_its_event_alone(asked: Store) -> None:
    one = asked.requests.ask(SLUG, NAME, act(ANA))
    for ask in (asked.requests.get, asked.requests.content):
        with pytest.raises(NotFoundError):
            ask("other", one)
    with pytest.raises(NotFoundError):
        asked.requests.ask(SLUG, Asked(RequestKind.NAME, PersonKey("no@example.org")), act())


def test_the_trail_says_that_she_asked_and_not_what(asked: Store) -> None:
    """And nothing that rests on the event's entries is old by that."""
    before = asked.events.as_of(SLUG), asked.decisions.as_of(SLUG)
    one = asked.requests.ask(SLUG, MORE, act(ANA))
    asked.requests.end(SLUG, one, RequestState.REFUSED, "You left early.", act("luis"))
    said = [entry for entry in asked.audit(SLUG) if entry.act.startswith("request.")]
    assert [(entry.act, entry.actor, entry.subject) for entry in said] == [
        ("request.ask", ANA, ANA),
        ("request.end", "luis", ANA),
    ]
    assert not any(text in str(said) for text in ("beside", "early"))
    assert (asked.events.as_of(SLUG), asked.decisions.as_of(SLUG)) == before
