"""What an employer sees: the right verdict, every printed fact, and nothing to install, accept or leak."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from certs import claim
from certs.ground.number import printed
from certs.model import Certificate, Purpose, RevocationReason
from certs.web import attach
from certs.web.public import facts
from tests.web.cast import BASE, Assembled, settings, visitor
from tests.world import EVENT, NOW, World

JSON = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MOST_BYTES = 20_000


@pytest.fixture
def employer(world: World) -> FlaskClient:
    return visitor(world)


@pytest.fixture
def ana(world: World) -> Certificate:
    return world.issue("Ana <b>Souza</b> {{7*7}}")


def summary(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=JSON)
    assert response.mimetype == "application/json"
    found: str = response.get_json()["summary"]
    return found


def test_the_qr_address_shows_the_verdict_and_every_printed_fact(employer: FlaskClient, ana: Certificate) -> None:
    page = employer.get(f"/V/{ana.claim_text}", headers=BROWSER).get_data(as_text=True)
    assert '<h1 id="headline">Valid</h1>' in page
    facts = [
        "Ana &lt;b&gt;Souza&lt;/b&gt; {{7*7}}",
        EVENT.title,
        EVENT.issuer,
        EVENT.place,
        EVENT.criteria,
        "Dr Elin Falk",
    ]
    facts += [
        "6–29 October 2026",
        "6 of 8 sessions",
        "13.5 hours",
        "20 November 2026",
        printed(ana.number),
        "Session 8",
    ]
    assert [fact for fact in facts if fact not in page] == []


def test_the_steps_that_were_checked_are_listed(employer: FlaskClient, ana: Certificate) -> None:
    page = employer.get(f"/V/{ana.claim_text}").get_data(as_text=True)
    assert page.count('<li class="passed">') == 8


@pytest.mark.parametrize("spelling", [str, str.lower, lambda n: f" {n[:4]} {n[4:]} ", lambda n: n.replace("0", "o")])
def test_a_number_is_read_as_people_type_it(employer: FlaskClient, ana: Certificate, spelling: type[str]) -> None:
    response = employer.get("/verify", query_string={"number": spelling(ana.number)})
    assert "Valid</h1>" in response.get_data(as_text=True)


def test_a_typing_mistake_is_explained_in_the_form(employer: FlaskClient, ana: Certificate) -> None:
    wrong = ana.number[:-1] + ("A" if ana.number[-1] != "A" else "B")
    response = employer.get("/verify", query_string={"number": wrong})
    assert response.status_code == 400
    assert "typing mistake" in response.get_data(as_text=True)
    assert f'value="{wrong}"' in response.get_data(as_text=True)


def test_a_program_gets_a_typing_mistake_as_problem_details(employer: FlaskClient) -> None:
    response = employer.get("/verify?number=abc", headers=JSON)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.get_json()["code"] == "input"


def test_each_summary_has_its_word(world: World, employer: FlaskClient) -> None:
    old, new, bad = world.issue(), world.issue(), world.issue()
    world.supersede(old, new)
    world.revoke(bad, RevocationReason.FRAUD)
    late = world.issue(event=replace(EVENT, valid_until=EVENT.last_day))
    lost = world.issue()
    world.keys.new(Purpose.CLAIM)
    kept = world.issue()
    world.keys.forget(lost.claim_kid)
    found = {summary(employer, f"/c/{c.number}") for c in (kept, lost)}
    assert found == {"valid", "unknown"}
    for one in (old, bad, late):
        held = world.register.certificates[one.number]
        world.enrol(replace(held, claim_text=_again(world, one), claim_kid=kept.claim_kid))
    assert [summary(employer, f"/c/{c.number}") for c in (old, bad, late)] == ["replaced", "revoked", "expired"]
    assert summary(employer, f"/V/{_garbled(kept.claim_text)}") == "altered"
    assert summary(employer, f"/c/{world.statement().number}") == "not_issued"


def _garbled(text: str) -> str:
    """Return a claim with another character in its signature, whatever it was."""
    return text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:]


def _again(world: World, certificate: Certificate) -> str:
    return claim.Writer(world.keys.signer(Purpose.CLAIM)).text(certificate.statement)


def test_a_replaced_certificate_links_to_the_new_one(world: World, employer: FlaskClient) -> None:
    old, new = world.issue(), world.issue()
    world.supersede(old, new)
    page = employer.get(f"/c/{old.number}").get_data(as_text=True)
    assert f'href="/c/{printed(new.number)}"' in page


@pytest.mark.parametrize(("days", "title"), [(1, "Valid"), (3, "Could not be checked")])
def test_the_page_says_what_a_compromised_key_means_for_this_certificate(
    world: World, employer: FlaskClient, days: int, title: str
) -> None:
    """Registered two days ago: before the moment it stands and later it is unknown, and the reader learns why."""
    certificate = world.issue(registered_at=NOW - timedelta(days=2))
    world.keys.compromise(certificate.claim_kid, since=NOW - timedelta(days=days))
    page = employer.get(f"/V/{certificate.claim_text}").get_data(as_text=True)
    assert f'<h1 id="headline">{title}</h1>' in page
    assert f"The claim key {certificate.claim_kid} has not been safe since" in page
    assert ('<p class="why">The claim key' in page) is (title != "Valid")


def test_an_altered_code_shows_what_we_issued_as_such(employer: FlaskClient, ana: Certificate) -> None:
    """Its own facts are a forger's words; only the register's are shown, and named so."""
    page = employer.get(f"/V/{_garbled(ana.claim_text)}").get_data(as_text=True)
    assert "What we did issue under this number" in page
    assert "Compare with the paper" not in page


def test_demo_keys_show_on_the_page(world: World, employer: FlaskClient) -> None:
    demo = world.issue(event=replace(EVENT, demo=True))
    assert "DEMO" in employer.get(f"/c/{demo.number}").get_data(as_text=True)
    assert "DEMO" not in employer.get(f"/c/{world.issue().number}").get_data(as_text=True)


def test_the_page_and_all_it_loads_is_small_and_without_script(employer: FlaskClient, ana: Certificate) -> None:
    page = employer.get(f"/V/{ana.claim_text}", headers=BROWSER)
    text = page.get_data(as_text=True)
    assert "<script" not in text
    assert not re.search(r"\son\w+=", text)
    loaded = [page.data, *(employer.get(path).data for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', text))]
    assert len(loaded) == 3
    assert sum(map(len, loaded)) <= MOST_BYTES


@pytest.mark.parametrize("path", ["/verify", "/c/0000-0000-0000", "/V/x", "/nope", "/me/x", "/keys", "/healthz"])
def test_every_answer_keeps_to_itself(employer: FlaskClient, path: str) -> None:
    headers = employer.get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("host", ["evil.example", "certs.example.org.evil.example", "10.0.0.1"])
def test_unknown_hosts_are_refused(employer: FlaskClient, ana: Certificate, host: str) -> None:
    response = employer.get(f"/c/{ana.number}", base_url=f"https://{host}")
    assert response.status_code == 421
    assert "Valid" not in response.get_data(as_text=True)
    assert host not in response.get_data(as_text=True)


def test_a_forwarded_host_changes_nothing(employer: FlaskClient, ana: Certificate) -> None:
    page = employer.get(f"/c/{ana.number}", headers={"X-Forwarded-Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in page


@pytest.mark.parametrize("stripped", [False, True])
def test_a_site_under_a_path_works_whether_the_proxy_strips_it_or_not(world: World, stripped: bool) -> None:
    ana = world.issue()
    client = visitor(world, f"{BASE}/trust/certs")
    prefix = "" if stripped else "/trust/certs"
    page = client.get(f"{prefix}/V/{ana.claim_text}").get_data(as_text=True)
    assert "Valid</h1>" in page
    links = re.findall(r'(?:href|action)="([^"]+)"', page)
    assert all(link.startswith(("/trust/certs/", "#", "?lang=", f"{BASE}/trust/certs/")) for link in links)
    style = next(link for link in links if "site.css" in link)
    assert client.get(style).status_code == 200


def test_what_the_address_of_the_site_holds_is_text(world: World) -> None:
    """It is written into the templates themselves, and is neither markup nor a template there."""
    page = visitor(world, f"{BASE}/a&b{{{{7*7}}}}").get("/verify").get_data(as_text=True)
    assert 'href="/a&amp;b{{7*7}}/keys"' in page


GUESSES = {
    "a typed number": "/verify?number={number}",
    "an address": "/c/{number}",
    "a credential": "/c/{number}/credential.json",
    "a code that we did not sign": "/V/{strange}",
    "a code that was changed": "/V/{garbled}",
}


@pytest.fixture
def guessed(world: World, ana: Certificate) -> dict[str, str]:
    """Return what guesses are made of; the strange code bears the number of a certificate that is there."""
    strange = claim.Writer(World().keys.signer(Purpose.CLAIM)).text(ana.statement)
    return {"number": world.statement().number, "strange": strange, "garbled": _garbled(ana.claim_text)}


@pytest.mark.parametrize("path", GUESSES.values(), ids=GUESSES)
def test_guesses_are_limited_and_what_is_there_is_not(
    employer: FlaskClient, ana: Certificate, guessed: dict[str, str], path: str
) -> None:
    """However much somebody behind the same address guesses, genuine numbers, codes and status lists are answered."""
    guesses = [employer.get(path.format(**guessed)) for _ in range(31)]
    assert 429 not in {guess.status_code for guess in guesses[:30]}
    assert guesses[30].status_code == 429
    assert 0 < int(guesses[30].headers["Retry-After"]) <= 60
    genuine = [f"/verify?number={ana.number}", f"/c/{ana.number}", f"/V/{ana.claim_text}", "/status/7", "/verify"]
    assert [employer.get(one).status_code for one in genuine] == [200, 200, 200, 404, 200]


def test_what_is_there_is_never_counted(world: World, employer: FlaskClient, ana: Certificate) -> None:
    genuine = [f"/verify?number={ana.number}", f"/c/{ana.number}", f"/V/{ana.claim_text}"]
    assert {employer.get(path).status_code for path in genuine for _ in range(40)} == {200}
    assert employer.get("/verify?number=12345").status_code == 400
    guesses = [employer.get(f"/c/{world.statement().number}").status_code for _ in range(31)]
    assert guesses == [200] * 30 + [429]


def test_our_own_code_whose_key_is_lost_is_no_guess(world: World, employer: FlaskClient) -> None:
    lost = world.issue()
    world.keys.new(Purpose.CLAIM)
    world.keys.forget(lost.claim_kid)
    assert {employer.get(f"/V/{lost.claim_text}").status_code for _ in range(40)} == {200}


def test_limits_can_be_off_to_measure_the_load(world: World) -> None:
    chosen = replace(settings(), rate_limits=False)
    client = attach(Assembled(chosen, world.keys, world.register, lambda: world.now)).test_client()
    path = f"{BASE}/c/{world.statement().number}"
    assert {client.get(path, base_url=BASE).status_code for _ in range(40)} == {200}


@pytest.mark.parametrize(
    "path", ["/V/" + "A" * 65_536, "/V/%00", "/V/..%2f..%2fetc/passwd", "/c/%E2%80%AE", "/V/" + "%F0%9F%98%80"]
)
def test_odd_paths_are_answers_not_errors(employer: FlaskClient, path: str) -> None:
    response = employer.get(path, headers=JSON)
    assert response.status_code in {200, 400, 404}


def test_head_and_wrong_methods(employer: FlaskClient, ana: Certificate) -> None:
    assert employer.head(f"/V/{ana.claim_text}").status_code == 200
    response = employer.post(f"/V/{ana.claim_text}")
    assert (response.status_code, "GET" in response.headers["Allow"]) == (405, True)


def test_the_page_says_the_title_of_the_kind_and_what_people_did() -> None:
    """As the paper does; without them it says what it always said."""
    world = World()
    led = replace(EVENT, heading="Certificate of <b>contribution</b>", attended="led & closed")
    number = world.issue("Ana Souza", event=led).number
    text = visitor(world).get(f"/c/{number}").text
    assert "<dt>Certificate</dt><dd><bdi>Certificate of &lt;b&gt;contribution&lt;/b&gt;</bdi></dd>" in text
    assert "<dt>Led &amp; closed</dt><dd>6 of 8 sessions</dd>" in text
    assert '<th scope="col"><bdi>Led &amp; closed</bdi></th>' in text
    plain = visitor(world).get(f"/c/{world.issue('Ben').number}").text
    assert "<dt>Attended</dt>" in plain
    assert "<dt>Certificate</dt>" not in plain


def test_the_words_of_an_event_are_in_its_language() -> None:
    """Title, rule and sessions of a French one; the page's own words and dates stay English."""
    french = replace(EVENT, language="fr", criteria="A suivi les séances.", title="Marathon & co")
    shown = facts.facts(replace(World().issue().statement, event=french))
    assert '<dd><bdi lang="fr">Marathon &amp; co</bdi></dd>' in shown.rows
    assert '<dd><bdi lang="fr">A suivi les séances.</bdi></dd>' in shown.rows
    assert "<dt>Held</dt><dd>6–29 October 2026, <bdi" in shown.rows
    assert shown.sessions.count('<bdi lang="fr">') == len(EVENT.sessions)


def test_a_short_title_is_shown_beside_the_title() -> None:
    """It is what the code calls the event, and stands on the paper."""
    shown = facts.facts(replace(World().issue().statement, event=replace(EVENT, short_title="GMP 2026")))
    assert "<dt>In the code</dt><dd><bdi>GMP 2026</bdi></dd>" in shown.rows
    assert "In the code" not in facts.facts(World().issue().statement).rows
