"""A desk with Ana, who organises, Ben, who approves, Vera, who looks, Olga of another event; Ada administers."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType
from typing import NoReturn, cast

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from certs import eventfile
from certs.db.engine import prepare
from certs.db.store import Store
from certs.errors import CertsError
from certs.model import Act, ErrandKind, User, UserRole
from certs.ports import Queue
from certs.web import attach, console
from certs.web.console.desk import DESK
from certs.work import users
from certs.work.errands import doing
from certs.work.errands.outcomes import told
from certs.work.users import passwords
from tests.engines import compiled_once
from tests.once import once
from tests.web.cast import Assembled, settings
from tests.world import MemoryKeys, World

BASE = "https://certs.example.org"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PASSWORD = "four invented words together"
_DONE = frozenset(
    {ErrandKind.TRAY, ErrandKind.COUNT, ErrandKind.REHEARSE, ErrandKind.FORESEE, ErrandKind.CHANGE, ErrandKind.ORDER}
)
"""What a worker of these tests does; it has no keys."""
SLUG, OTHERS = "gmp-2026", "others-2026"
DEFINITION = """
slug = "{slug}"
title = "Good Practice Marathon 2026"
issuer = "Institute of Invented Standards"
zone = "Europe/Zurich"
approval = "two"
rule = {{ sessions = 1, share = 0.5 }}

[[sessions]]
id = "1"
title = "Session 1"
start = 2026-10-06T13:00:00
end = 2026-10-06T15:00:00
"""


@dataclass
class Desk:
    """The site with its console, and the clock that it looks at."""

    store: Store
    now: datetime = NOW
    works: bool = True
    """Whether a worker is there, who reads and counts as soon as somebody asks."""
    keys: MemoryKeys = field(default_factory=lambda: World().keys)
    flask: Flask = field(init=False)

    def __post_init__(self) -> None:
        app = Assembled(settings(BASE), self.keys, World().register, lambda: self.now)
        self.flask = attach(app, lambda: self.store, whole=lambda: self.store)
        console.install(self.flask, BASE, lambda: self.store, lambda: self.now, lambda: b"a secret of tests", self.keys)
        self.flask.extensions["tests.desk"] = self
        self.flask.extensions[DESK].templates.bytecode_cache = _PAGES

    def work(self) -> None:
        """Read and count what was asked for, as a worker does."""
        while (errand := self.store.errands.claim("tests", timedelta(minutes=1))) is not None:
            if errand.wish.kind not in _DONE:
                self.store.errands.give_back("tests")
                break
            try:
                done = doing.do(self._means(), errand, lambda done, of: None)
            except CertsError as error:
                done = doing.Done(told(error), error.code)
            self.store.errands.end("tests", done.sentence, done.code, done.outcome)

    def _means(self) -> doing.Means:
        def never(*_: object) -> NoReturn:
            raise NotImplementedError

        queue = cast("Queue", None)  # which only issuing needs
        return doing.Means(self.store, queue, lambda: self.now, BASE, never, never, never, never, never)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def user(self, email: str, *roles: UserRole, slug: str = SLUG, administrator: bool = False) -> User:
        act = Act("Ada", self.now)
        user = users.add(self.store, email, email.partition("@")[0].title(), act, administrator=administrator)
        self.store.locks.set_password(user.ref, hashed(), act)
        for role in roles:
            self.store.users.give(user.ref, slug, role, act)
        return user

    def browser(self, email: str = "") -> "Browser":
        """Return a browser, signed in as *email* if given."""
        self.flask.test_client_class = Browser
        browser = self.flask.test_client()
        assert isinstance(browser, Browser)
        if email:
            answer = browser.submit("/sign-in", email=email, password=PASSWORD)
            assert answer.status_code == 303, answer.text
        return browser


class Browser(FlaskClient):
    """A test client under the site's own host, which fills in the token of the form that it was shown."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        kwargs.setdefault("base_url", BASE)
        answer = super().open(*args, **kwargs)  # type: ignore[arg-type]
        desk = self.application.extensions.get("tests.desk")
        if desk and desk.works and kwargs.get("method") == "POST":
            desk.work()
        return answer

    def token(self, page: str) -> str:
        """Return the token in the forms of *page*."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found is not None, page
        return found[1]

    def led(self, answer: TestResponse) -> str:
        """Return where the page of the errand leads that *answer* to a form goes to, once a worker has done it."""
        assert answer.status_code == 303, answer.text
        assert "/errands/" in answer.location
        return str(self.get(answer.location).location)

    def submit(self, address: str, page: str = "", **fields: str) -> TestResponse:
        """Send the form at *address*, as *page* shows it."""
        return self.post(address, data={"csrf_token": self.token(page or address), **fields})


_HASHED: list[str] = []
_CHEAP = PasswordHasher.from_parameters(CHEAPEST)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with a thousandth of the work; one test looks at what is really done."""
    monkeypatch.setattr(passwords, "_hasher", lambda: _CHEAP)
    monkeypatch.setattr(passwords, "_nobodys", lambda: _CHEAP.hash("nobody has this password"))


def hashed() -> str:
    """Return what is kept of PASSWORD, computed once."""
    if not _HASHED:
        _HASHED.append(passwords.hashed(PASSWORD))
    return _HASHED[0]


@pytest.fixture
def desk(migrated: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk with its cast."""

    def entered(folder: Path) -> None:
        with desk_on(migrated, folder) as empty:
            _enter(empty)

    with desk_on(once(tmp_path_factory, "desk", entered) / "certs.db", tmp_path) as made:
        yield made


@contextmanager
def desk_on(register: Path, folder: Path, keys: MemoryKeys | None = None) -> Iterator[Desk]:
    """A desk on a copy of *register* in *folder*, with *keys* or new ones."""
    file = folder / "certs.db"
    shutil.copy(register, file)
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    yield Desk(Store(compiled_once(engine)), keys=keys or World().keys)
    engine.dispose()


def _enter(made: Desk) -> None:
    for slug in (SLUG, OTHERS):
        text = DEFINITION.format(slug=slug)
        made.store.events.add(eventfile.parse(text, "event.toml"), text, Act("Ada", NOW))
    made.user("ana@example.org", UserRole.ORGANISER)
    made.user("ben@example.org", UserRole.APPROVER)
    made.user("vera@example.org", UserRole.VIEWER)
    made.user("olga@example.org", UserRole.ORGANISER, slug=OTHERS)
    made.user("ada@example.org", administrator=True)


class _InMemory(BytecodeCache):
    """Pages, compiled once for all desks of a process."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_PAGES = _InMemory()
