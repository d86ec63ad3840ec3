"""What mails say, to whom they go, and what comes of each try."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import repeat

import pytest

from certs.db.store import Store
from certs.errors import ConflictError, SigningError
from certs.model import Letter, MessageKind, MessageState, PersonKey, Reply, Revocation, RevocationReason
from certs.wording import LANGUAGES, Voice, read_again
from certs.work import mailing
from certs.work.mailing.texts import text
from tests.memory import MemoryPost
from tests.register import BASE, EVENT, NOW, act, issued

FACTS: dict[str, str | int] = {
    "title": "Good Practice Marathon 2026",
    "name": "Ana Souza",
    "who": "Ben",
    "count": 1246,
    "words": "Your mother's name is not on your passport.",
    "until": "2026-12-01",
}
FOOT = mailing.Foot("https://certs.example.org/me/x", "https://certs.example.org/me/x/no-mail")


def letter(kind: MessageKind = MessageKind.CERTIFICATE, language: str = "en", **facts: str) -> Letter:
    return Letter(kind, PersonKey("ana@example.org"), slug=EVENT.slug, language=language, facts={**FACTS, **facts})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_is_said_in_every_language(kind: MessageKind, language: str) -> None:
    """Subject, paragraphs and button: none of them is left in English."""
    mail = mailing.mail(letter(kind, language), "token", FOOT, NOW)
    assert mail.subject
    assert FOOT.link in mail.text
    assert mail.html.count(FOOT.link) >= 3
    if language != "en":
        english, said = text(kind, FACTS), Voice(language)
        own = {str(FACTS["name"]), str(FACTS["words"])}
        sentences = [english.subject, *english.paragraphs, english.button]
        assert [one for one in sentences if str(one) == said.say(one) and one not in own] == []


@pytest.mark.parametrize("poison", ["<script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "a & b"])
@pytest.mark.parametrize("fact", ["title", "name", "words"])
def test_nothing_from_data_is_markup(fact: str, poison: str) -> None:
    kind = MessageKind.QUESTION if fact == "words" else MessageKind.CERTIFICATE
    mail = mailing.mail(letter(kind, **{fact: poison}), "token", FOOT, NOW)
    assert poison not in mail.html
    assert poison in mail.text


def test_a_mail_asks_nothing_of_the_net_and_has_one_button() -> None:
    """No picture, no font, no script: reading it tells nobody."""
    html = mailing.mail(letter(), "token", FOOT, NOW).html
    assert re.findall(r"src=|<img|<script|url\(|@import|<link", html) == []
    assert html.count("class='act'") == 1


def test_a_subject_is_one_line() -> None:
    """Whatever stands in a title."""
    assert "\n" not in mailing.mail(letter(title="Two\r\nlines"), "token", FOOT, NOW).subject


def test_arabic_reads_from_right_to_left() -> None:
    assert "dir='rtl'" in mailing.mail(letter(language="ar"), "token", FOOT, NOW).html


def test_a_mail_that_cannot_be_declined_says_nothing_of_that() -> None:
    mail = mailing.mail(letter(MessageKind.LIST), "token", mailing.Foot(FOOT.link), NOW)
    assert "no-mail" not in mail.html + mail.text


# ---------------------------------------------------------------- to whom


def test_everybody_with_a_certificate_gets_one_mail(store: Store) -> None:
    numbers = issued(store, ["ana@example.org", "ben@example.org"])
    plan = mailing.certificates(store, EVENT.slug)
    assert {one.occasion for one in plan.letters} == set(numbers)
    assert {one.kind for one in plan.letters} == {MessageKind.CERTIFICATE}
    assert mailing.queue(store, plan, act()) == 2
    again = mailing.certificates(store, EVENT.slug)
    assert (list(again.letters), again.before) == ([], 2)
    assert mailing.queue(store, plan, act()) == 0


def test_some_first(store: Store) -> None:
    """Then the others."""
    issued(store, ["ana@example.org", "ben@example.org", "cyd@example.org"])
    assert mailing.queue(store, mailing.certificates(store, EVENT.slug).first(2), act()) == 2
    assert len(mailing.certificates(store, EVENT.slug).letters) == 1


def test_whose_link_was_withdrawn_is_left_out(store: Store) -> None:
    issued(store, ["ana@example.org", "ben@example.org"])
    store.links.withdraw(PersonKey("ana@example.org"), act(reason="lost"))
    plan = mailing.certificates(store, EVENT.slug)
    assert ([one.person for one in plan.letters], plan.unlinked) == (["ben@example.org"], 1)


def test_nothing_is_queued_while_the_event_is_paused(store: Store) -> None:
    issued(store, ["ana@example.org"])
    store.messages.pause(EVENT.slug, act(), paused=True)
    with pytest.raises(ConflictError, match="paused"):
        mailing.queue(store, mailing.certificates(store, EVENT.slug), act())


# ---------------------------------------------------------------- sending


def address(ref: str) -> str:
    return f"{BASE}/me/{ref}.signed"


def mailer(store: Store, post: MemoryPost, page: Callable[[str], str] = address) -> mailing.Mailer:
    return mailing.Mailer(store, post, lambda: NOW, page, 1_000, lambda _: False)


@pytest.fixture
def waiting(store: Store) -> Store:
    """A register with one mail about a certificate."""
    issued(store, ["ana@example.org"])
    mailing.queue(store, mailing.certificates(store, EVENT.slug), act())
    return store


def state(store: Store) -> tuple[MessageState, str]:
    (message,) = store.messages.of_person(PersonKey("ana@example.org"))
    return message.state, read_again(message.said)


def test_a_mail_leads_to_her_own_page(waiting: Store) -> None:
    post = MemoryPost()
    assert mailing.send_next(mailer(waiting, post), "one") == Reply(MessageState.SENT, "250 taken")
    (mail,) = post.taken
    page = address(waiting.links.of(PersonKey("ana@example.org")).ref)
    assert (mail.to, mail.unsubscribe) == ("ana@example.org", f"{page}/no-mail")
    assert f"\n{page}\n" in mail.text
    assert mailing.send_next(mailer(waiting, post), "two") is None
    assert state(waiting) == (MessageState.SENT, "250 taken")


def test_a_certificate_that_was_withdrawn_meanwhile_is_not_announced(waiting: Store) -> None:
    (number,) = [one.certificate.number for one in waiting.addressed(EVENT.slug)]
    waiting.revocations.add([number], Revocation(NOW, RevocationReason.ERROR, ""), act(reason="wrong"))
    post = MemoryPost()
    mailing.send_next(mailer(waiting, post), "one")
    assert post.taken == []
    assert state(waiting) == (MessageState.NOT_TO_BE_MAILED, "The certificate was withdrawn meanwhile.")


def test_a_link_that_was_withdrawn_meanwhile_is_not_mailed(waiting: Store) -> None:
    waiting.links.withdraw(PersonKey("ana@example.org"), act(reason="lost"))
    post = MemoryPost()
    mailing.send_next(mailer(waiting, post), "one")
    assert post.taken == []
    assert state(waiting)[0] is MessageState.NOT_TO_BE_MAILED


def test_without_the_key_of_links_a_mail_waits(waiting: Store) -> None:
    def closed(_: str) -> str:
        raise SigningError("no key")

    with pytest.raises(SigningError):
        mailing.send_next(mailer(waiting, MemoryPost(), closed), "one")
    assert state(waiting)[0] is MessageState.DEFERRED


def test_a_text_that_lacks_a_fact_is_not_sent(store: Store) -> None:
    store.events.add(EVENT, "x", act())
    bad = replace(letter(MessageKind.QUESTION), facts={"title": "x"}, link="https://x.example")
    store.messages.queue([bad], act())
    post = MemoryPost()
    mailing.send_next(mailer(store, post), "one")
    assert post.taken == []
    assert state(store)[0] is MessageState.BOUNCED


def test_what_is_put_off_comes_again_later_each_time_and_ends(waiting: Store, database_clock: list[datetime]) -> None:
    """Three days, then a person must look."""
    post, moment, tries = MemoryPost(lambda _: Reply(MessageState.DEFERRED, "451 greylisted")), NOW, list[int]()
    while state(waiting)[0] is not MessageState.BOUNCED:
        database_clock[:] = [moment]
        sender = replace(mailer(waiting, post), clock=partial(next, repeat(moment)))
        if mailing.send_next(sender, f"try {len(tries)}") is not None:
            tries.append(int((moment - NOW).total_seconds() // 60))
        moment += timedelta(minutes=5)
        assert moment < NOW + timedelta(days=4)
    assert tries == [0, 5, 20, 80, 320, 1040, 2480, 3920]
    assert state(waiting) == (MessageState.BOUNCED, "451 greylisted")


def test_a_server_that_is_away_bounces_nobody(waiting: Store, database_clock: list[datetime]) -> None:
    """However long it is."""
    post = MemoryPost(lambda _: Reply(MessageState.DEFERRED, "not there", away=True))
    for n in range(20):
        database_clock[:] = [NOW + timedelta(hours=n)]
        clock = partial(next, repeat(NOW + timedelta(hours=n)))
        mailing.send_next(replace(mailer(waiting, post), clock=clock), f"try {n}")
    assert state(waiting) == (MessageState.DEFERRED, "not there")
