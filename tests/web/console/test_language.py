"""The console in the language of whoever uses it: by her browser, or by what she chose."""

import re

import pytest

from certs.model import UserRole
from tests.web.console.conftest import SLUG, Desk
from tests.web.console.exports import ANA, report, send


def test_the_browser_decides_where_nothing_was_chosen(desk: Desk) -> None:
    """A language that is not complete is not spoken."""
    ana = desk.browser("ana@example.org")
    for accept, code, title in (("fr-CH,fr;q=0.9", "fr", "Vos événements"), ("ru,ar;q=0.9", "en", "Your events")):
        page = ana.get("/desk/", headers={"Accept-Language": accept}, follow_redirects=True).text
        assert f'<html lang="{code}">' in page
        assert title in page


def test_what_was_chosen_is_kept_and_goes_before_the_browser(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    page = ana.get("/desk/?lang=fr", follow_redirects=True).text
    assert '<a href="?lang=fr" hreflang="fr" lang="fr" aria-current="true">Français</a>' in page
    assert '<a href="?lang=en" hreflang="en" lang="en">English</a>' in page
    later = ana.get(f"/desk/{SLUG}/attendance", headers={"Accept-Language": "en"}).text
    assert '<html lang="fr">' in later
    assert '<html lang="en">' in ana.get(f"/desk/{SLUG}/attendance?lang=en").text


def test_what_nobody_can_choose_is_not_kept(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    for wish in ("ar", "tlh", "fr;<b>"):
        answer = ana.get(f"/desk/{SLUG}/attendance", query_string={"lang": wish})
        assert "lang=" not in answer.headers.get("Set-Cookie", "")
        assert '<html lang="en">' in answer.text


def test_days_and_refusals_are_in_her_language_too(desk: Desk) -> None:
    """What a use case refuses is said as the page is."""
    ana = desk.browser("ana@example.org")
    page = ana.get(f"/desk/{SLUG}/attendance?lang=fr").text
    assert "6 octobre 2026" in page
    assert "mar. 6 oct." in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = ana.post(f"/desk/{SLUG}/earned/rule", data={"csrf_token": token[1], "ruled": "granted"})
    assert answer.status_code == 400
    assert '<html lang="fr">' in answer.text


@pytest.mark.parametrize(
    ("email", "address"), [("ada@example.org", "/desk/users"), ("ana@example.org", f"/desk/{SLUG}/setup")]
)
def test_a_role_is_read_in_her_language_and_sent_in_one(desk: Desk, email: str, address: str) -> None:
    """What a form sends is no word of a language: the role is given whatever she reads."""
    page = desk.browser(email).get(f"{address}?lang=fr").text
    choice = re.search(r'<select[^>]* name="role">(.*?)</select>', page)
    assert choice
    offered = dict(re.findall(r'<option value="(\w+)">(.*?)</option>', choice[1]))
    assert set(offered) == set(UserRole)
    assert offered["organiser"] == "organisateur"
    assert "organisateur" in re.sub(r"<select.*?</select>|<p class=\"hint\".*?</p>", "", page, flags=re.DOTALL)


def test_what_a_worker_said_is_said_in_the_language_of_whoever_reads_it(desk: Desk) -> None:
    """Kept once; two people read it in two languages, and why a file was refused as well."""
    ana = desk.browser("ana@example.org")
    read = send(ana, ("good.csv", report(ANA)), ("bad.csv", b"a,b\n1,2\n")).location
    page = ana.get(f"{read}&lang=fr").text
    assert "1 fichier a été lu. 1 fichier vous attend ci-dessous." in page
    assert "Ce n’est pas un rapport que nous connaissons" in page
    page = ana.get(f"{read}&lang=en").text
    assert "1 file was read. 1 file waits for you below." in page
    assert "Ce n’est pas" not in page
