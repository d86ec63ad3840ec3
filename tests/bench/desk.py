"""`python -m tests.bench.desk [PEOPLE]`: what each page and form of the console costs with so many people.

CPU of the process that answers, which is promised to stay below 300 ms with 10,000 people; queries beside it. Half of
the people have a certificate. What a worker does meanwhile is done between the requests, and not counted.
"""

import hashlib
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import event as signals
from werkzeug.test import TestResponse

from certs.build import App
from certs.model import Act, Interval, Join, PersonKey, Received, Registration, Session, UserRole
from certs.queue import Queue
from certs.web import attach, console
from certs.work import counts, imports, users
from certs.worker import Worker
from tests import crowd
from tests.bench import sample
from tests.bench.measure import cpu_seconds
from tests.web.console.conftest import PASSWORD, Browser

PEOPLE = 10_000
MOST_SECONDS = 0.3
SLUG = "cgmp-2026"
DOUBTS = 1_500
"""Pairs of addresses that bear one name."""
_ACT = Act("Ana", crowd.NOW)
_BASE = "https://certs.example.org"
_DESK = f"/desk/{SLUG}"


def main(people: int = PEOPLE) -> None:
    """Measure and print; say what took longer than is promised."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Measured(opened(Path(folder), people))
        late = [one for one in _walk(desk) if one.seconds > MOST_SECONDS]
    for one in late:
        print(f"too slow: {one}")
    sys.exit(bool(late))


@dataclass(frozen=True, slots=True)
class Took:
    """What one request took."""

    name: str
    status: int
    seconds: float
    queries: int
    size: int

    def __str__(self) -> str:
        took = f"{self.seconds * 1e3:>6.0f} ms {self.queries:>4} queries {self.size:>9,} bytes"
        return f"{self.name:<44} {self.status} {took}"


@dataclass
class Measured:
    """A desk whose requests are measured."""

    app: App
    took: list[Took] = field(default_factory=list)
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        flask = attach(self.app)
        ours = (_BASE, lambda: self.app.store, self.app.clock, lambda: b"a secret of measurements", self.app.keys)
        console.install(flask, *ours)
        flask.test_client_class = Browser
        made = flask.test_client()
        assert isinstance(made, Browser)
        self.browser = made
        self.worker = Worker(self.app, Queue(1))

    def work(self) -> None:
        """Do what waits for a worker."""
        while self.worker.once():
            pass

    def sign_in(self, email: str) -> None:
        assert self.browser.submit("/sign-in", email=email, password=PASSWORD).status_code == 303

    def get(self, name: str, address: str) -> TestResponse:
        """Ask for a page, the second time measured: the first may compile its template."""
        self.browser.get(address)
        return self._measured(f"GET {name}", partial(self.browser.get, address))

    def post(self, name: str, address: str, page: str, **fields: Any) -> TestResponse:
        """Send a form, measured."""
        token = self.browser.token(page)
        send = partial(self.browser.post, address, data={"csrf_token": token, **fields})
        return self._measured(f"POST {name}", send)

    def _measured(self, name: str, ask: Callable[[], TestResponse]) -> TestResponse:
        seen: list[object] = []

        def note(*args: object) -> None:
            seen.append(args[2])

        signals.listen(self.app.engine, "before_cursor_execute", note)
        before = cpu_seconds()
        answer = ask()
        size = len(answer.data)
        seconds = cpu_seconds() - before
        signals.remove(self.app.engine, "before_cursor_execute", note)
        self.took.append(Took(name, answer.status_code, seconds, len(seen), size))
        print(self.took[-1], flush=True)
        return answer


def opened(folder: Path, people: int) -> App:
    """Return a deployment with the sample's event, so many people, doubts, and certificates for half of them."""
    app = crowd.opened(crowd.environment(folder))
    event, _ = imports.add_event(app.store, (sample.DEMO / "marathon.toml").read_text(), "marathon.toml", _ACT)
    for email, role in (("ana@example.org", UserRole.ORGANISER), ("ben@example.org", UserRole.APPROVER)):
        user = users.add(
            app.store, email, email.partition("@")[0].title(), _ACT, administrator=role == UserRole.ORGANISER
        )
        app.store.locks.set_password(user.ref, users.passwords.hashed(PASSWORD), _ACT)
        app.store.users.give(user.ref, SLUG, role, _ACT)
    _attend(app, event.sessions, people)
    counts.refresh(app.store, SLUG)
    return app


def _attend(app: App, sessions: Sequence[Session], people: int) -> None:
    """Let people join sessions, most of them most sessions, as one export of each."""
    dice, named = random.Random(2026), list(islice(crowd.names(), people))
    keys = [PersonKey(f"person{place}@example.org") for place in range(people)]
    twins = [(PersonKey(f"twin{place}@example.net"), named[place]) for place in range(min(DOUBTS, people // 4))]
    everybody = [*zip(keys, named, strict=True), *twins]
    for session in sessions:
        joins = [one for line, who in enumerate(everybody, 2) for one in _joins(session, line, *who, dice)]
        listed = [Registration(key, name, line) for line, (key, name) in enumerate(everybody, 2)]
        data = f"an export of session {session.id}".encode()
        digest = hashlib.sha256(data).hexdigest()
        export = Received(f"s{session.id}.csv", digest, "test", session.id, data, joins, listed, ())
        app.store.imports.add(SLUG, [export], _ACT)


def _joins(session: Session, line: int, key: PersonKey, name: str, dice: random.Random) -> Iterator[Join]:
    if dice.random() < 0.3:
        return
    start = session.window.start
    for begin, minutes in ((0, dice.randint(20, 60)), (65, dice.randint(1, 55))):
        at = start + timedelta(minutes=begin)
        yield Join(session.id, key, Interval(at, at + timedelta(minutes=minutes)), line, name)


_SCREENS = [
    "attendance",
    "attendance/evidence",
    "doubts",
    "earned",
    "issue",
    "certificates",
    "downloads",
    "trail",
    "design",
    "setup",
]


def _walk(desk: Measured) -> list[Took]:
    """Ask for every page, and send its forms in the order of the work."""
    desk.sign_in("ana@example.org")
    desk.get("home", "/desk/")
    for name in _SCREENS:
        desk.get(name, f"{_DESK}/{name}")
    _rule(desk)
    _vouch(desk)
    return desk.took


def _rule(desk: Measured) -> None:
    """Grant one near miss, all of them, and take that back."""
    near = f"{_DESK}/earned?which=near"
    page = desk.get("earned, near misses", near).text
    ref = _first(r'name="person" value="([^"]+)"', page)
    because = {"which": "near", "ruled": "granted", "reason": "a power cut"}
    desk.get("a person", f"{_DESK}/people/{ref}")
    desk.post("grant one", f"{_DESK}/earned/rule", near, person=ref, **because)
    desk.work()
    every = _first(r'name="expected" value="(\d+)"', desk.browser.get(near).text)
    desk.post(f"grant all {every}", f"{_DESK}/earned/rule", near, whom="all", expected=every, **because)
    desk.work()
    at = desk.app.store.rulings.all(SLUG)[-1].at.isoformat()
    desk.post(f"undo all {every}", f"{_DESK}/earned/undo", near, at=at)
    desk.work()


def _vouch(desk: Measured) -> None:
    """Add evidence, for people who are known and for some who are not."""
    page = f"{_DESK}/attendance/evidence"
    sheet = {"session": "1", "minutes": "", "kind": "a list", "note": "room 3"}
    desk.post("evidence", page, page, people="person1@example.org person7@example.org", **sheet)
    desk.work()
    desk.post("evidence for unknown people", page, page, people="persom1@example.org nobody@example.org", **sheet)


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return str(found[1])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
