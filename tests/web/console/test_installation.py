"""Keys and settings: what administrators see and change of the installation, with the real key folder."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certs.build import App
from certs.config import Settings
from certs.config.shown import shown
from certs.model import ErrandKind, KeyState, Purpose
from certs.web.console.installation import INSTALLATION, Installation
from certs.work.errands import outcomes
from tests import crowd
from tests.web.console.conftest import Browser, Desk

KEYS, SETTINGS = "/desk/keys", "/desk/settings"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A deployment with keys."""
    made = crowd.opened(crowd.environment(tmp_path_factory.mktemp("installed")))
    yield made
    made.close()


@pytest.fixture
def ada(app: App, desk: Desk) -> Browser:
    """The administrator at that deployment's pages; users and sign-ins are the desk's own."""
    settings = shown(app.settings, {"CERTS_BASE_URL": "https://certs.example.org"})
    desk.flask.extensions[INSTALLATION] = Installation(app.keys, app.lists, app.make_key, "Institute", settings)
    return desk.browser("ada@example.org")


def newest(app: App, purpose: Purpose) -> str:
    return app.keys.trusted(purpose)[0].kid


def made(app: App, ada: Browser, purpose: Purpose) -> str:
    """Make a key by the form, and return its name."""
    before = {key.kid for key in app.keys.trusted(purpose)}
    assert ada.submit(KEYS, purpose=purpose.value).status_code == 303
    (kid,) = {key.kid for key in app.keys.trusted(purpose)} - before
    return kid


def said(app: App, kid: str) -> KeyState:
    return app.keys.named(kid).state


def test_keys_are_listed_and_nothing_of_their_private_parts(app: App, ada: Browser) -> None:
    made(app, ada, Purpose.RECEIPT)
    page = ada.get(KEYS).text
    for purpose in Purpose:
        assert newest(app, purpose) in page
    assert "PRIVATE" not in page
    assert "signs personal links" in page
    assert re.search(r"ends\s*<time", page), "of a seal"


def test_a_new_key_signs_from_now_on_and_the_trail_has_it(app: App, ada: Browser) -> None:
    after = made(app, ada, Purpose.LINK)
    assert f"Key {after} is made" in ada.get(KEYS).text
    assert app.store.key_trail.state_of(app.keys.named(after).kid) is KeyState.ACTIVE


@pytest.mark.parametrize("purpose", ["root", "", "everything"])
def test_no_key_is_made_for_anything_else(app: App, ada: Browser, purpose: str) -> None:
    before = len(app.keys.trusted(Purpose.ROOT))
    assert ada.submit(KEYS, purpose=purpose).status_code == 400
    assert len(app.keys.trusted(Purpose.ROOT)) == before


def test_what_is_refused_of_keys_is_said_in_her_language(ada: Browser) -> None:
    assert ada.get(f"{KEYS}?lang=fr").status_code == 200
    assert "Choisissez à quoi sert la clé." in ada.submit(KEYS, purpose="everything").text


def test_a_retired_key_signs_no_more(app: App, ada: Browser) -> None:
    kid = made(app, ada, Purpose.LINK)
    assert ada.submit(f"{KEYS}/{kid}/retire", KEYS, reason="rotation").status_code == 303
    assert said(app, kid) is KeyState.RETIRED
    assert ada.submit(f"{KEYS}/{kid}/retire", KEYS, reason="rotation").status_code == 409


def test_a_key_is_declared_compromised_only_after_a_look_and_with_its_name_typed(app: App, ada: Browser) -> None:
    kid, since = made(app, ada, Purpose.CLAIM), "2026-11-30 09:00"
    page = ada.submit(f"{KEYS}/{kid}/compromise", KEYS, since=since).text
    assert f"Type {kid} to go on" in page
    assert "No verdict changes." in page
    assert said(app, kid) is KeyState.ACTIVE
    there, typed = f"{KEYS}/{kid}/compromise", {"since": since, "do": "declare"}
    assert ada.submit(there, KEYS, **typed, reason="stolen laptop", kid="another").status_code == 400
    assert ada.submit(there, KEYS, **typed, reason="", kid=kid).status_code == 400
    assert said(app, kid) is KeyState.ACTIVE
    answer = ada.submit(there, KEYS, **typed, reason="stolen laptop", kid=kid)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{KEYS}/{kid}")
    assert said(app, kid) is KeyState.COMPROMISED
    assert "Nothing that it signed has to be issued anew." in ada.get(f"{KEYS}/{kid}").text


@pytest.mark.parametrize("since", ["", "yesterday", "2036-01-01 00:00"])
def test_a_moment_that_is_none_is_refused(app: App, ada: Browser, since: str) -> None:
    kid = newest(app, Purpose.CREDENTIAL)
    assert ada.submit(f"{KEYS}/{kid}/compromise", KEYS, since=since).status_code == 400
    assert said(app, kid) is KeyState.ACTIVE


def test_a_key_of_nobody_is_told_so(ada: Browser) -> None:
    assert ada.get(f"{KEYS}/00000000").status_code == 404
    assert ada.submit(f"{KEYS}/00000000/retire", KEYS).status_code == 404


@pytest.mark.parametrize("path", ["", "/{kid}/retire", "/{kid}/compromise", "/{kid}/reissue"])
def test_acts_on_keys_need_the_password_of_late(app: App, desk: Desk, ada: Browser, path: str) -> None:
    kid = newest(app, Purpose.SEAL)
    desk.later(minutes=11)
    answer = ada.submit(KEYS + path.format(kid=kid), KEYS, purpose="seal", since="2026-11-30", reason="x")
    assert answer.headers["Location"].startswith("/sign-in/again")
    assert said(app, kid) is KeyState.ACTIVE


def test_settings_are_shown_with_their_source_and_no_secret(app: App, ada: Browser) -> None:
    page = ada.get(SETTINGS).text
    assert "CERTS_BASE_URL" in page
    assert "a passphrase for tests" not in page
    assert "Nobody has looked yet." in page
    assert "None was made from here yet." in page


def test_what_was_found_is_shown_worst_first(desk: Desk, ada: Browser) -> None:
    assert ada.submit(f"{SETTINGS}/look", SETTINGS).status_code == 303
    assert "The worker looks at everything now." in ada.get(SETTINGS).text
    assert desk.store.errands.claim("w", timedelta(minutes=1)) is not None
    found = [outcomes.Seen("clock", True, False, "It is right."), outcomes.Seen("keys", False, False, "One <is> gone.")]
    desk.store.errands.end("w", "1 thing is wrong.", outcome=outcomes.seen_as_text(found))
    page = ada.get(SETTINGS).text
    assert page.index("One &lt;is&gt; gone.") < page.index("It is right.")


def test_a_backup_is_asked_for_with_the_password_of_late(desk: Desk, ada: Browser) -> None:
    assert ada.submit(f"{SETTINGS}/backup", SETTINGS).status_code == 303
    asked = desk.store.errands.newest(ErrandKind.BACK_UP)
    assert asked is not None
    assert (asked.asked_by, asked.ended_at) == ("Ada", None)
    desk.later(minutes=11)
    assert ada.submit(f"{SETTINGS}/backup", SETTINGS).headers["Location"].startswith("/sign-in/again")


def test_a_site_without_its_installation_shows_nothing_of_it(desk: Desk) -> None:
    ada = desk.browser("ada@example.org")
    assert [ada.get(page).status_code for page in (KEYS, SETTINGS)] == [404, 404]


def test_every_setting_says_what_it_is_and_who_says_so(tmp_path: Path) -> None:
    """A password in an address is a secret, too."""
    environ = {
        "CERTS_BASE_URL": "https://certs.example.org",
        "CERTS_DATABASE_URL": "postgresql://certs:hunter2@db/certs",
        "CERTS_LIMITS_URL": "redis://:hunter2@cache/0",
        "CERTS_KEY_PASSPHRASE": "hunter2 hunter2 hunter2",
        "CERTS_CONFIG": str(tmp_path / "certs.toml"),
    }
    (tmp_path / "certs.toml").write_text('organisation = "Institute"\nrate_limits = "off"\n')
    found = {one.name: one for one in shown(Settings.from_environ(environ), environ)}
    assert found["CERTS_DATABASE_URL"].value == "postgresql+psycopg://certs@db/certs"
    assert found["CERTS_KEY_PASSPHRASE"].value == "set"
    assert (found["CERTS_ORGANISATION"].value, found["CERTS_ORGANISATION"].source) == (
        "Institute",
        str(tmp_path / "certs.toml"),
    )
    assert (found["CERTS_RATE_LIMITS"].value, found["CERTS_PROXIES"].source) == ("off", "")
    assert "not there" in found["CERTS_SECRET_KEY"].value
    assert not [one for one in found.values() if "hunter2" in one.value + one.source]
