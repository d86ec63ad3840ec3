"""One contract for mails on SQLite and PostgreSQL: each letter is sent once, or its fate is a person's to decide."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import EntriesSought, Letter, Message, MessageKind, MessageState, PersonKey, Reply
from certs.ports import Messages
from tests.register import EVENT, NOW, act

LEASE = timedelta(minutes=15)
MANY = 1_000
LETTER = Letter(
    MessageKind.CERTIFICATE,
    PersonKey("ana@example.org"),
    occasion="7K3M9QXZ2P4C",
    slug=EVENT.slug,
    language="fr",
    facts={"title": "Good Practice Marathon 2026 – é", "count": 2},
)
SENT = Reply(MessageState.SENT, "250 ok")


@pytest.fixture
def messages(store: Store, database_clock: list[datetime]) -> Messages:
    """Return the messages of a register with one event, by a clock that stands still."""
    database_clock[:] = [NOW]
    store.events.add(EVENT, "x", act())
    return store.messages


def to(*names: str) -> list[Letter]:
    return [replace(LETTER, person=PersonKey(f"{name}@example.org")) for name in names]


def claimed(messages: Messages, token: str = "one") -> Message:
    message = messages.claim(token, LEASE, MANY)
    assert message is not None
    return message


def states(messages: Messages) -> dict[MessageState, int]:
    return dict(messages.counts(EVENT.slug).get(MessageKind.CERTIFICATE, {}))


def test_a_letter_waits_with_all_that_its_text_needs(messages: Messages) -> None:
    assert messages.queue([LETTER], act("ana")) == 1
    (message,) = messages.of_person(LETTER.person)
    assert (message.letter, message.state, message.queued_by) == (LETTER, MessageState.QUEUED, "ana")
    assert messages.get(message.id) == message


def test_the_same_letter_is_kept_once(messages: Messages) -> None:
    """However often it is asked for, and whatever it would say by now."""
    messages.queue([LETTER], act())
    assert messages.queue([replace(LETTER, language="en", facts={}), *to("ben")], act()) == 1
    assert len(messages.of_person(LETTER.person)) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(LETTER, occasion="another"),
        replace(LETTER, kind=MessageKind.CORRECTION),
        replace(LETTER, person=PersonKey("ben@example.org")),
        replace(LETTER, slug=""),
    ],
)
def test_another_letter_is_another_message(messages: Messages, other: Letter) -> None:
    messages.queue([LETTER], act())
    assert messages.queue([other], act()) == 1
    assert other.token() != LETTER.token()


def test_eight_who_ask_at_once_mean_one_message(store: Store, messages: Messages) -> None:
    begin, made = threading.Barrier(8), list[int]()

    def ask() -> None:
        begin.wait()
        made.append(store.messages.queue([LETTER], act()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0] * 7 + [1]


def test_an_unknown_event_is_refused(messages: Messages) -> None:
    with pytest.raises(NotFoundError):
        messages.queue([LETTER, replace(LETTER, slug="nowhere")], act())
    assert states(messages) == {}


def test_what_is_queued_is_in_the_trail_by_its_count(store: Store, messages: Messages) -> None:
    """Whose they are is not: the trail forgets nothing."""
    messages.queue(to("ana", "ben"), act("ana"))
    messages.queue(to("ana", "ben"), act("ana"))
    entries = store.lists.entries(EntriesSought(act="message")).items
    assert [(one.act, one.event, one.subject, one.new) for one in entries] == [
        ("message.queue", EVENT.slug, "certificate", '{"count":2}')
    ]


def test_a_message_is_taken_by_one_and_settled(messages: Messages) -> None:
    messages.queue([replace(LETTER, link="https://certs.example.org/mine/secret")], act())
    message = claimed(messages)
    assert (message.state, message.letter.link) == (MessageState.SENDING, "https://certs.example.org/mine/secret")
    assert messages.claim("two", LEASE, MANY) is None
    assert messages.settle("one", SENT)
    settled = messages.get(message.id)
    assert (settled.state, settled.said, settled.changed_at) == (MessageState.SENT, "250 ok", NOW)
    assert settled.letter.link == ""
    assert messages.claim("two", LEASE, MANY) is None
    assert not messages.settle("one", Reply(MessageState.BOUNCED))


def test_eight_workers_at_once_take_each_message_once(store: Store, messages: Messages) -> None:
    messages.queue(to("ana", "ben", "cyd"), act())
    begin, taken = threading.Barrier(8), list[int]()

    def take(token: str) -> None:
        begin.wait()
        for n in range(4):
            if (message := store.messages.claim(f"{token}/{n}", LEASE, MANY)) is not None:
                taken.append(message.id)

    threads = [threading.Thread(target=take, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 3


def test_what_somebody_waits_for_goes_before_what_goes_to_everybody(messages: Messages) -> None:
    asked = replace(LETTER, kind=MessageKind.LIST, slug="", occasion="today")
    messages.queue([LETTER], act())
    messages.queue([asked], act())
    assert [claimed(messages, token).letter.kind for token in ("one", "two")] == [asked.kind, LETTER.kind]


def test_no_more_are_begun_within_a_minute_than_that(messages: Messages, database_clock: list[datetime]) -> None:
    """By all workers together."""
    messages.queue(to("ana", "ben", "cyd"), act())
    assert [messages.claim(token, LEASE, 2) is not None for token in "abc"] == [True, True, False]
    database_clock[:] = [NOW + timedelta(seconds=61)]
    assert messages.claim("c", LEASE, 2) is not None


def test_what_is_put_off_is_taken_again_when_its_time_has_come(
    messages: Messages, database_clock: list[datetime]
) -> None:
    messages.queue([LETTER], act())
    claimed(messages)
    messages.settle("one", Reply(MessageState.DEFERRED, "450 later"), NOW + timedelta(minutes=5))
    assert messages.claim("two", LEASE, MANY) is None
    database_clock[:] = [NOW + timedelta(minutes=5)]
    assert (claimed(messages, "two").tries, states(messages)) == (1, {MessageState.SENDING: 1})


def test_that_the_server_is_away_is_no_try_of_this_message(messages: Messages) -> None:
    messages.queue([LETTER], act())
    message = claimed(messages)
    messages.settle("one", Reply(MessageState.DEFERRED, "not there", away=True), NOW)
    assert messages.get(message.id).tries == 0


def test_what_a_dead_worker_held_is_unknown_and_never_sent_by_itself(
    messages: Messages, database_clock: list[datetime]
) -> None:
    messages.queue(to("ana", "ben"), act())
    dead = claimed(messages, "dead")
    claimed(messages, "alive")
    assert messages.strand(lambda token: token == "dead") == 1
    assert messages.get(dead.id).state is MessageState.UNKNOWN
    assert not messages.settle("dead", SENT)
    assert messages.claim("three", LEASE, MANY) is None
    assert messages.settle("alive", SENT)


def test_what_is_held_for_too_long_is_unknown(messages: Messages, database_clock: list[datetime]) -> None:
    """Its machine is not heard of any more."""
    messages.queue([LETTER], act())
    claimed(messages)
    assert messages.strand(lambda _: False) == 0
    database_clock[:] = [NOW + LEASE + timedelta(seconds=1)]
    assert messages.strand(lambda _: False) == 1


def test_a_person_lets_what_is_unknown_be_sent_again_under_the_same_id(messages: Messages) -> None:
    """A mail server that has it already knows it by that."""
    messages.queue([LETTER], act())
    message = claimed(messages)
    messages.settle("one", Reply(MessageState.UNKNOWN))
    assert messages.again(EVENT.slug, [message.id], act("ben")) == 1
    assert claimed(messages, "two").token == message.token


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.BOUNCED])
def test_a_person_lets_what_is_settled_be_sent_again_as_another_mail(messages: Messages, state: MessageState) -> None:
    messages.queue([LETTER], act())
    message = claimed(messages)
    messages.settle("one", Reply(state))
    messages.again(EVENT.slug, [message.id], act("ben"))
    again = claimed(messages, "two")
    assert (again.id, again.edition) == (message.id, 2)
    assert again.token != message.token


@pytest.mark.parametrize("slug", [EVENT.slug, "another"])
def test_what_is_on_its_way_or_of_another_event_is_not_sent_again(messages: Messages, slug: str) -> None:
    messages.queue([LETTER], act())
    message = claimed(messages)
    assert messages.again(slug, [message.id], act()) == 0
    messages.settle("one", SENT)
    assert messages.again("another", [message.id], act()) == 0


def test_a_returned_mail_is_found_by_its_id(messages: Messages) -> None:
    messages.queue([LETTER], act())
    message = claimed(messages)
    messages.settle("one", SENT)
    bounced = messages.bounce(message.token, "550 5.1.1 unknown user", act())
    assert bounced is not None
    assert (bounced.id, bounced.state, bounced.said) == (message.id, MessageState.BOUNCED, "550 5.1.1 unknown user")
    assert messages.bounce("another", "550", act()) is None


def test_mails_of_an_event_wait_until_somebody_lets_them_go_on(messages: Messages) -> None:
    other = replace(LETTER, kind=MessageKind.LIST, slug="")
    messages.queue([LETTER, other], act())
    messages.pause(EVENT.slug, act(), paused=True)
    assert messages.paused(EVENT.slug)
    assert claimed(messages, "one").letter.kind is MessageKind.LIST
    assert messages.claim("two", LEASE, MANY) is None
    messages.pause(EVENT.slug, act(), paused=False)
    assert not messages.paused(EVENT.slug)
    assert claimed(messages, "two").letter == LETTER


def test_who_wants_no_mail_gets_what_she_asked_for_alone(messages: Messages) -> None:
    messages.queue([LETTER], act())
    messages.decline(LETTER.person, act("ana@example.org"))
    messages.decline(LETTER.person, act("ana@example.org"))
    answer = replace(LETTER, kind=MessageKind.ANSWER)
    messages.queue([replace(LETTER, occasion="later"), answer], act())
    assert claimed(messages).letter == answer
    assert messages.claim("two", LEASE, MANY) is None
    assert states(messages) == {MessageState.NOT_TO_BE_MAILED: 2}


def test_what_is_forgotten_names_nobody_and_is_not_sent(messages: Messages) -> None:
    messages.queue([replace(LETTER, address="other@example.org", link="https://x.example"), *to("ben")], act("ops"))
    assert messages.forget(LETTER.person) == 1
    assert list(messages.of_person(LETTER.person)) == []
    assert claimed(messages).letter.person == "ben@example.org"
    assert messages.claim("two", LEASE, MANY) is None
    forgotten = messages.listed(EVENT.slug, None, MessageState.NOT_TO_BE_MAILED).items[0]
    assert "ana" not in repr(forgotten)
    assert "example" not in f"{forgotten.letter.to}{forgotten.letter.facts}{forgotten.letter.link}"


def test_a_list_comes_a_page_at_a_time_newest_first(messages: Messages) -> None:
    messages.queue(to("ana", "ben", "cyd"), act())
    first = messages.listed(EVENT.slug, None, None, limit=2)
    rest = messages.listed(EVENT.slug, MessageKind.CERTIFICATE, MessageState.QUEUED, first.after, 2)
    names = [one.letter.person.partition("@")[0] for one in (*first.items, *rest.items)]
    assert (names, rest.after) == (["cyd", "ben", "ana"], "")
    assert messages.listed(EVENT.slug, MessageKind.CONFIRM, None).items == []


def test_what_was_meant_before_is_known(messages: Messages) -> None:
    messages.queue([LETTER], act())
    assert messages.known(EVENT.slug, MessageKind.CERTIFICATE) == {(LETTER.person, LETTER.occasion)}
    assert messages.known(EVENT.slug, MessageKind.CONFIRM) == set()


def test_an_unknown_message_is_refused(messages: Messages) -> None:
    with pytest.raises(NotFoundError):
        messages.get(7)
