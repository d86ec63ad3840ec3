"""Signing in: who belongs together, how often one may try, what a second factor and a link are good for."""

import re

import pyotp
import pytest

from certs.errors import ConflictError
from certs.model import Act, UserRole
from certs.work import users
from certs.work.users import secret as secrets
from tests.web.console.conftest import PASSWORD, SLUG, Desk

ANA = "ana@example.org"
TOGETHER = "Address and password do not belong together."


def test_whoever_signs_in_sees_her_events(desk: Desk) -> None:
    """And nobody else's."""
    page = desk.browser(ANA).get("/desk/").text
    assert SLUG in page
    assert "others-2026" not in page


def test_who_is_not_signed_in_is_asked_to(desk: Desk) -> None:
    """And comes back to where she wanted to go."""
    browser = desk.browser()
    answer = browser.get("/desk/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/desk/me")
    answer = browser.submit("/sign-in", email=ANA, password=PASSWORD, next="/desk/me")
    assert answer.headers["Location"] == "/desk/me"


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example/desk",
        "//evil.example/desk",
        "/\\evil.example",
        "/desk//evil",
        "javascript:alert(1)",
        "/V/x",
        "/desk\r\nSet-Cookie: a=b",
        "desk",
    ],
)
def test_nobody_is_sent_elsewhere(desk: Desk, wish: str) -> None:
    """What stands in *next* is a path of the console, or nothing."""
    answer = desk.browser().submit("/sign-in", email=ANA, password=PASSWORD, next=wish)
    assert answer.headers["Location"] == "/desk/"


@pytest.mark.parametrize("email", [ANA, "nobody@example.org", "ANA@EXAMPLE.ORG ", ""])
def test_a_wrong_password_and_an_unknown_address_say_the_same(desk: Desk, email: str) -> None:
    answer = desk.browser().submit("/sign-in", email=email, password="some other words of mine")
    assert answer.status_code == 403
    assert TOGETHER in answer.text
    assert "Error:" in answer.text.partition("</title>")[0]


def test_unknown_addresses_cost_a_hash_as_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the time would tell who has an account."""
    from certs.work.users import passwords

    hashed: list[str] = []

    def fits(kept: str, _: str) -> bool:
        hashed.append(kept)
        return False

    monkeypatch.setattr(passwords, "fits", fits)
    for email in (ANA, "nobody@example.org"):
        desk.browser().submit("/sign-in", email=email, password=PASSWORD)
    assert len(hashed) == 2


def test_five_tries_by_account_then_a_pause(desk: Desk) -> None:
    """The right password is not even looked at meanwhile; addresses that nobody has are counted alike."""
    for email in (ANA, "nobody@example.org"):
        stranger = desk.browser()
        answers = [stranger.submit("/sign-in", email=email, password="x" * 12).status_code for _ in range(6)]
        assert answers == [403] * 5 + [429]
    assert stranger.submit("/sign-in", email=ANA, password=PASSWORD).status_code == 429


def test_the_owner_is_not_locked_out_by_strangers(desk: Desk) -> None:
    """Her browser has signed in before, and is counted apart."""
    hers = desk.browser(ANA)
    hers.submit("/sign-out", "/desk/")
    stranger = desk.browser()
    for _ in range(7):
        stranger.submit("/sign-in", email=ANA, password="x" * 12)
    assert hers.submit("/sign-in", email=ANA, password=PASSWORD).status_code == 303


def test_twenty_tries_by_visitor(desk: Desk) -> None:
    """Who tries one password against many accounts is slowed as well."""
    stranger = desk.browser()
    codes = [stranger.submit("/sign-in", email=f"{n}@example.org", password="x" * 12).status_code for n in range(21)]
    assert codes == [403] * 20 + [429]


def test_the_cookie_is_another_after_signing_in(desk: Desk) -> None:
    """A planted one is worth nothing; the register does not hold what the browser carries."""
    browser = desk.browser()
    browser.get("/sign-in")
    before = browser.get_cookie("__Host-desk", domain="certs.example.org")
    browser.submit("/sign-in", email=ANA, password=PASSWORD)
    after = browser.get_cookie("__Host-desk", domain="certs.example.org")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert (after.secure, after.http_only, after.same_site, after.path) == (True, True, "Lax", "/")
    user = users.find(desk.store, ANA)
    assert [one.digest for one in desk.store.sign_ins.sign_ins(user.ref, desk.now)] == [secrets.digest(after.value)]


def test_a_sign_in_ends(desk: Desk) -> None:
    """After twelve idle hours, and after seven days of use."""
    idle, busy = desk.browser(ANA), desk.browser(ANA)
    for hour in range(1, 24 * 7):
        desk.later(hours=1)
        assert busy.get("/desk/").status_code == 200, hour
        if hour == 11:
            assert idle.get("/desk/me").status_code == 200
        if hour == 24:
            assert idle.get("/desk/").status_code == 303
    desk.later(hours=1)
    assert busy.get("/desk/").status_code == 303


def test_signing_out_ends_it_in_the_register(desk: Desk) -> None:
    """A copied cookie opens nothing any more; looking at the address does not sign out."""
    browser = desk.browser(ANA)
    copied = browser.get_cookie("__Host-desk", domain="certs.example.org")
    assert browser.get("/sign-out").status_code == 405
    assert browser.submit("/sign-out", "/desk/").status_code == 303
    thief = desk.browser()
    assert copied is not None
    thief.set_cookie("__Host-desk", copied.value, domain="certs.example.org", secure=True)
    assert thief.get("/desk/").status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://certs.example.org.evil.example"])
def test_a_form_from_elsewhere_does_nothing(desk: Desk, origin: str) -> None:
    """Even with the token of the page."""
    browser = desk.browser(ANA)
    token = browser.token("/desk/")
    answer = browser.post("/sign-out", data={"csrf_token": token}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert browser.get("/desk/").status_code == 200


def test_a_form_needs_the_token_of_this_browser(desk: Desk) -> None:
    """None, another's and an invented one are refused."""
    browser, other = desk.browser(ANA), desk.browser("ben@example.org")
    for token in ("", other.token("/desk/"), "invented"):
        assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 403
    assert browser.get("/desk/").status_code == 200


def test_a_suspended_user_is_out_at_once(desk: Desk) -> None:
    """Her sign-ins end and her password opens nothing."""
    browser, user = desk.browser(ANA), users.find(desk.store, ANA)
    users.change(desk.store, user, Act("Ada", desk.now), suspended=True)
    assert browser.get("/desk/").status_code == 303
    assert TOGETHER in desk.browser().submit("/sign-in", email=ANA, password=PASSWORD).text


def test_the_last_administrator_stays(desk: Desk) -> None:
    """She alone could make another."""
    ada = users.find(desk.store, "ada@example.org")
    with pytest.raises(ConflictError):
        users.change(desk.store, ada, Act("Ada", desk.now), suspended=True)
    with pytest.raises(ConflictError):
        users.change(desk.store, ada, Act("Ada", desk.now), administrator=False)


def app_of(desk: Desk, email: str) -> pyotp.TOTP:
    """Set an authenticator app up in the browser, as its owner would; return it."""
    browser = desk.browser(email)
    seed = re.findall(r'name="seed" value="([A-Z2-7]{32})"', browser.get("/desk/me/second").text)[0]
    app = pyotp.TOTP(seed)
    answer = browser.submit("/desk/me/second", seed=seed, code=app.at(desk.now))
    assert answer.status_code == 200
    desk.codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", answer.text)  # type: ignore[attr-defined]
    return app


def test_with_an_app_the_password_alone_opens_nothing(desk: Desk) -> None:
    """A code works once, also within its half minute; the one before is allowed for slow clocks."""
    app, browser = app_of(desk, ANA), desk.browser()
    desk.later(minutes=2)

    def tried(code: str) -> int:
        return browser.submit("/sign-in", email=ANA, password=PASSWORD, code=code).status_code

    assert tried("") == 403
    assert tried("000000") == 403
    code = app.at(desk.now)
    assert tried(f"{code[:3]} {code[3:]}") == 303
    browser = desk.browser()
    assert tried(code) == 403


def test_a_recovery_code_works_once(desk: Desk) -> None:
    """However it is typed."""
    app_of(desk, ANA)
    code: str = desk.codes[0]  # type: ignore[attr-defined]
    assert len(set(desk.codes)) == 8  # type: ignore[attr-defined]
    for expected in (303, 403):
        answer = desk.browser().submit("/sign-in", email=ANA, password=PASSWORD, code=code.lower().replace("-", " "))
        assert answer.status_code == expected


def invited(desk: Desk) -> str:
    act = Act("Ada", desk.now)
    user = users.add(desk.store, "new@example.org", "Nina New", act)
    return f"/sign-in/first/{users.invite(desk.store, user, act)}"


def test_the_first_link_opens_once(desk: Desk) -> None:
    """Looking uses nothing up; a weak password is refused with the reason."""
    link = invited(desk)
    browser = desk.browser()
    for _ in range(3):
        assert browser.get(link).status_code == 200
    for weak in ("short", "password1234", "new@example.org", "qwertyuiopasdf", "aaaaaaaaaaaaaaaa"):
        assert browser.submit(link, password=weak).status_code == 400, weak
    answer = browser.submit(link, password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/me/second")
    assert browser.get("/desk/").status_code == 200
    assert desk.browser().get(link).status_code == 404


def test_a_link_opens_for_a_day_and_until_the_next(desk: Desk) -> None:
    first = invited(desk)
    user = users.find(desk.store, "new@example.org")
    second = f"/sign-in/first/{users.invite(desk.store, user, Act('Ada', desk.now))}"
    browser = desk.browser()
    assert (browser.get(first).status_code, browser.get(second).status_code) == (404, 200)
    desk.later(hours=24, seconds=1)
    assert browser.get(second).status_code == 404


def test_what_needs_a_fresh_proof_asks_for_it(desk: Desk) -> None:
    """After ten minutes; the page that was wanted comes after it."""
    browser = desk.browser("ada@example.org")
    fields = {"name": "Nina New", "email": "new@example.org"}
    desk.later(minutes=11)
    token = browser.token("/desk/users")
    answer = browser.post(
        "/desk/users", data={"csrf_token": token, **fields}, headers={"Referer": "https://certs.example.org/desk/users"}
    )
    assert answer.headers["Location"] == "/sign-in/again?next=/desk/users"
    assert desk.store.users.by_email("new@example.org") is None
    wrong = browser.submit("/sign-in/again", password="not her password", next="/desk/users")
    assert wrong.status_code == 403
    assert browser.submit("/sign-in/again", password=PASSWORD, next="/desk/users").headers["Location"] == "/desk/users"
    assert "/sign-in/first/" in browser.submit("/desk/users", **fields).text


def test_nobody_gives_herself_a_role(desk: Desk) -> None:
    """Fields that a form does not have change nothing, and the pages of administrators are not there for others."""
    browser, ana = desk.browser(ANA), users.find(desk.store, ANA)
    fields = {"role": "approver", "event": SLUG, "administrator": "yes"}
    assert browser.submit(f"/desk/users/{ana.ref}/roles", "/desk/", **fields).status_code == 404
    assert browser.submit(f"/desk/users/{ana.ref}/administrator", "/desk/", **fields).status_code == 404
    browser.submit("/desk/me/password", "/desk/me", password="five other invented words together", **fields)
    assert [one.role for one in desk.store.users.roles(ana.ref)] == [UserRole.ORGANISER]
    assert not users.find(desk.store, ANA).administrator


def test_a_new_password_ends_every_sign_in(desk: Desk) -> None:
    """Whoever had the old one is out."""
    other, browser = desk.browser(ANA), desk.browser(ANA)
    assert (
        browser.submit("/desk/me/password", "/desk/me", password="five other invented words together").status_code
        == 303
    )
    assert other.get("/desk/").status_code == 303


def test_every_act_is_in_the_trail(desk: Desk) -> None:
    """With who did it, and no secret."""
    app_of(desk, ANA)
    trail = list(desk.store.audit(""))
    done = {entry.act for entry in trail}
    assert {"user.add", "user.password", "user.sign_in", "user.app", "user.recovery"} <= done
    assert PASSWORD not in str(trail)


def test_public_pages_set_no_cookie(desk: Desk) -> None:
    """Nor may a script run there."""
    answer = desk.browser(ANA).get("/verify")
    assert "Set-Cookie" not in answer.headers
    assert "script-src" not in answer.headers["Content-Security-Policy"]
