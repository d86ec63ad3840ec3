"""A visitor reads the page in her language: by her browser, or by the switch, without a cookie."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from certs.ground.number import printed
from certs.model import Certificate
from certs.web.edge import language
from certs.wording import LANGUAGES
from tests.web.cast import BASE, personal_path, visitor
from tests.world import EVENT, World

MOST_BYTES = 20_000
HEADLINES = {"en": "Valid", "ar": "صالحة", "es": "Válido", "fr": "Valable", "ru": "Действителен", "zh": "有效"}
ENGLISH = re.compile(r"\b(?:the|and|of|was|is|not|this|with|that|certificate|Sessions?|Held)\b")
"""Words that no other language here has."""


@pytest.fixture
def employer(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana Souza")


def spoken(page: str) -> str:
    """Return the text of a page without what is quoted, in whatever language it is."""
    page = page.replace("Wrong date of birth.", "")  # the issuer's own words
    page = re.sub(r"(?s)<style.*?</style>|<bdi.*?</bdi>|<nav.*?</nav>|<b lang=.*?</b>", "", page)
    return re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("by", ["browser", "switch"])
def test_the_answer_is_in_her_language(employer: FlaskClient, ana: Certificate, code: str, by: str) -> None:
    """Title, steps and labels; the switch goes before what the browser prefers."""
    asked = {"browser": f"/c/{ana.number}", "switch": f"/c/{ana.number}?lang={code}"}[by]
    browser = code if by == "browser" else "ru"
    answer = employer.get(asked, headers={"Accept-Language": f"{browser}-XX,{browser};q=0.9,en;q=0.1"})
    assert f'<h1 id="headline">{HEADLINES[code]}</h1>' in answer.text
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in answer.text
    assert (ENGLISH.search(spoken(answer.text)) is None) is (code != "en")
    assert "Accept-Language" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_nothing_on_any_page_is_left_in_english(world: World, employer: FlaskClient, code: str) -> None:
    """Also of what was revoked, replaced or altered, of the keys, of a link of one's own, and of errors."""
    old, new, gone = world.issue("Ana"), world.issue("Ana"), world.issue("Ana")
    world.supersede(old, new)
    world.revoke(gone)
    garbled = new.claim_text[:-9] + ("A" if new.claim_text[-9] != "A" else "B") + new.claim_text[-8:]
    public = ["/verify", "/verify/stack", "/keys", "/nope", "/c/x", "/V/x", "/verify?number=abc", "/me/x"]
    ours = [f"/c/{one}" for one in (old.number, gone.number, world.statement().number)]
    for path in (*public, *ours, f"/V/{garbled}", personal_path(world, new)):
        text = spoken(employer.get(path, headers={"Accept-Language": code}).text)
        assert ENGLISH.search(text) is None, (path, text)


def test_the_switch_leads_to_the_same_answer_and_stays_in_the_links(employer: FlaskClient, ana: Certificate) -> None:
    page = employer.get(f"/verify?number={printed(ana.number)}").text
    assert f'href="?number={printed(ana.number)}&amp;lang=fr" hreflang="fr" lang="fr">Français</a>' in page
    assert '<a href="/verify">' in page
    french = employer.get(f"/verify?number={printed(ana.number)}&lang=fr").text
    assert HEADLINES["fr"] in french
    assert '<a href="/verify?lang=fr">' in french
    assert '<input type="hidden" name="lang" value="fr">' in employer.get("/verify?lang=fr").text


def test_what_an_address_asks_for_wrongly_counts_as_not_asked(employer: FlaskClient) -> None:
    for wish in ("tlh", "", "fr'><b>", "../fr"):
        page = employer.get("/verify", query_string={"lang": wish}, headers={"Accept-Language": "es"}).text
        assert '<html lang="es"' in page
        assert "?lang=es" in page
        assert "<b>" not in page.partition("<main")[0]


@pytest.mark.parametrize(
    ("accept", "code"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7", "fr"),
        ("de, zh-Hans-CN;q=0.5", "zh"),
        ("de-DE,de;q=0.9", "en"),
        ("en;q=0.2, ar;q=0.9", "ar"),
        ("q=;;,,\x00,fr", "fr"),
        ("de, " * 40 + "fr", "fr"),
        ("de, " * 60 + "fr", "en"),
    ],
)
def test_what_a_browser_prefers_is_read_as_the_standard_says(accept: str, code: str) -> None:
    """And of what is endless the beginning alone."""
    assert language.preferred(accept) == code


def test_what_the_certificate_says_is_marked_by_its_own_language(world: World, employer: FlaskClient) -> None:
    """Read aloud, a French page says an English title in English; on an English page there is nothing to mark."""
    number = world.issue(event=replace(EVENT, language="en")).number
    french, english = (employer.get(f"/c/{number}?lang={code}").text for code in ("fr", "en"))
    assert f'<bdi lang="en">{EVENT.title}</bdi>' in french
    assert f"<bdi>{EVENT.title}</bdi>" in english


def test_the_address_of_an_answer_is_one_in_every_language(employer: FlaskClient, ana: Certificate) -> None:
    for code in LANGUAGES:
        page = employer.get(f"/c/{ana.number}?lang={code}").text
        assert f'<link rel="canonical" href="{BASE}/c/{printed(ana.number)}">' in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_answer_is_small_in_every_language(employer: FlaskClient, ana: Certificate, code: str) -> None:
    """With all that it loads."""
    page = employer.get(f"/V/{ana.claim_text}?lang={code}")
    loaded = [
        page.data,
        *(employer.get(path).data for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)),
    ]
    assert sum(map(len, loaded)) <= MOST_BYTES


def test_what_programs_read_is_the_same_for_every_visitor(employer: FlaskClient, ana: Certificate) -> None:
    """The language is the page's alone."""
    answers = [
        employer.get(path, headers={"Accept": "application/json", "Accept-Language": code}).get_data()
        for code in ("en", "ar")
        for path in (f"/c/{ana.number}", "/nope")
    ]
    assert answers[:2] == answers[2:]


def test_numbers_keep_their_direction_on_an_arabic_page(employer: FlaskClient, ana: Certificate) -> None:
    """Between Arabic words a number that begins with a digit would be turned round."""
    page = employer.get(f"/c/{ana.number}?lang=ar").text
    assert f'<bdi class="number" dir="ltr">{printed(ana.number)}</bdi>' in page
    assert f"\u2068{printed(ana.number)}\u2069" in page
