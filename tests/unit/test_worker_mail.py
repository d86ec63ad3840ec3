"""The worker and mails: sent between errands, never twice, and what a dead one had in hand waits for a person."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from certs.build import App
from certs.model import Act, Letter, MessageKind, MessageState, PersonKey
from certs.queue import Queue
from certs.web import site
from certs.work import errands, imports
from certs.worker import Worker
from tests import crowd
from tests.bench import sample
from tests.sink import Sink, sink

SLUG = "cgmp-2026"
BASE = "https://certs.example.org"
ACT = Act("Ana", crowd.NOW)


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def app(tmp_path: Path, server: Sink) -> Iterator[App]:
    """Yield the program with the sample's event and mails by that server."""
    environ = crowd.environment(tmp_path) | {
        "CERTS_SMTP_URL": f"smtp://127.0.0.1:{server.port}?tls=off",
        "CERTS_MAIL_FROM": "certs@example.org",
    }
    app = crowd.opened(environ)
    imports.add_event(app.store, (sample.DEMO / "marathon.toml").read_text(), "marathon.toml", ACT)
    yield app
    if app.post is not None:
        app.post.close()
    app.engine.dispose()


def letters(*names: str) -> list[Letter]:
    facts = {"title": "Marathon", "words": "Is it you?"}
    return [
        Letter(MessageKind.QUESTION, PersonKey(f"{one}@example.org"), slug=SLUG, facts=facts, link="https://x.example")
        for one in names
    ]


def states(app: App) -> dict[MessageState, int]:
    return dict(app.store.messages.counts(SLUG).get(MessageKind.QUESTION, {}))


def test_what_waits_is_sent(app: App, server: Sink) -> None:
    app.store.messages.queue(letters("ana", "ben"), ACT)
    assert Worker(app, Queue(1)).once()
    assert sorted(to for to, _ in server.arrived) == ["ana@example.org", "ben@example.org"]
    assert states(app) == {MessageState.SENT: 2}
    assert not Worker(app, Queue(1)).once()
    assert len(server.arrived) == 2


def test_an_address_typed_on_the_site_gets_a_mail_whose_link_opens(app: App, server: Sink) -> None:
    """From the form of `/mine` to the mail server, and back to it by the mail; whoever is unknown gets none."""
    crowd.approved(app, 1)
    browser = site.attach(app, lambda: app.register, whole=lambda: app.store).test_client()
    for address in ("person0@example.org", "nobody@example.org"):
        assert browser.post("/mine", data={"address": address}, base_url=BASE).status_code == 200
    worker = Worker(app, Queue(1))
    while worker.once():
        pass
    assert [to for to, _ in server.arrived] == ["person0@example.org"]
    (text,) = [part.get_content() for part in server.mails[0].walk() if part.get_content_type() == "text/plain"]
    (path,) = re.findall(rf"{BASE}(/mine/\S+)", text)
    assert browser.post(path, base_url=BASE).status_code == 303


def test_an_errand_goes_first(app: App, server: Sink) -> None:
    """Nobody who waits before a screen waits for a thousand mails."""
    app.store.messages.queue(letters("ana"), ACT)
    errands.count(app.store, SLUG, ACT)
    worker = Worker(app, Queue(1))
    assert worker.once()
    assert server.arrived == []
    assert worker.once()
    assert len(server.arrived) == 1


def test_what_broke_off_is_unknown_and_not_sent_again(app: App, server: Sink) -> None:
    server.answer = lambda verb, to: "drop after" if verb == "TEXT" and to.startswith("ana") else ""
    app.store.messages.queue(letters("ana", "ben"), ACT)
    worker = Worker(app, Queue(1))
    worker.once()
    assert states(app) == {MessageState.UNKNOWN: 1, MessageState.SENT: 1}
    worker.once()
    assert len(server.arrived) == 2


def test_a_server_that_is_away_is_left_alone_for_some_time(app: App, server: Sink) -> None:
    """One mail was tried, not all, and none is lost."""
    server.answer = lambda verb, _: "421 too busy" if verb == "CONNECT" else ""
    app.store.messages.queue(letters("ana", "ben"), ACT)
    worker = Worker(app, Queue(1))
    assert not worker.once()
    assert not worker.once()
    assert server.connections == 1
    assert states(app) == {MessageState.DEFERRED: 1, MessageState.QUEUED: 1}


def test_what_a_dead_worker_had_in_hand_waits_for_a_person(
    app: App, server: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was killed after the mail was taken, before that was noted: nobody gets it twice."""
    app.store.messages.queue(letters("ana"), ACT)
    real = type(app.store.messages).settle

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(app.store.messages), "settle", killed)
    with pytest.raises(KeyboardInterrupt):
        Worker(app, Queue(1)).once()
    monkeypatch.setattr(type(app.store.messages), "settle", real)
    assert states(app) == {MessageState.SENDING: 1}
    monkeypatch.setattr(Queue, "gone", lambda self, token: True)
    assert not Worker(app, Queue(1)).once()
    assert states(app) == {MessageState.UNKNOWN: 1}
    assert len(server.arrived) == 1


def test_a_pool_of_issued_certificates_is_told_to_its_organiser(app: App) -> None:
    """Where nobody has that role, nobody is told, and nothing fails."""
    from certs.work import mailing

    batch = app.store.batches.get(crowd.approved(app, 2))
    assert mailing.tell_issued(app.store, batch, "https://certs.example.org", ACT) == 0
