"""A real browser on the real site: code to page, number to page, personal page to file, at a desk and on a phone.

Chromium is Debian's; everything it loads comes from the site, and what it sees fits its screen.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsers import DESK, PHONE, SMALL_PHONE, fits
from tests.e2e.site import Deployment, lines_with

AXE = Path(__file__).parents[1] / "interop" / "node" / "node_modules" / "axe-core" / "axe.min.js"
MOST_BYTES = 20_000
LEFT = "net::ERR_ABORTED"
"""Of what was still loading when the page was left, or is a download."""
BROKEN_WORDS = """() => [...document.querySelectorAll("table bdi")].flatMap(title => {
  const text = title.firstChild, range = document.createRange();
  return [...text.data.matchAll(/[^\\s-]+/g)].filter(word => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]);
})"""


@dataclass(frozen=True)
class Sample:
    """One certificate of the marathon and where its pages are."""

    code: str
    number: str
    personal: str
    file: Path
    log: Path

    @property
    def base(self) -> str:
        return self.number.rpartition("/c/")[0]


@pytest.fixture(scope="module")
def sample(marathon: Deployment) -> Iterator[Sample]:
    said = marathon.certs("demo", "--no-serve")
    shown = r"^(?:What its code opens|By its number|Its personal page)\s+(https?://\S+)$"
    code, number, personal = re.findall(shown, said, re.MULTILINE | re.IGNORECASE)
    (file,) = (marathon.folder / "instance").glob("*.pdf")
    with marathon.served() as log:
        yield Sample(code, number, personal, file, log)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab without JavaScript that notes what goes wrong in its console."""
    context = chromium.new_context(viewport=request.param, java_script_enabled=False, accept_downloads=True)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" and "400" not in said.text else None)
    tab.on("requestfailed", lambda failed: wrong.append(failed.url) if failed.failure != LEFT else None)
    yield tab
    context.close()
    assert wrong == []


def test_the_code_opens_the_verdict(page: Page, sample: Sample) -> None:
    """As a phone's camera does: the address from the paper, nothing to accept, the answer first."""
    page.goto(sample.code)
    assert page.locator("h1").inner_text() == "Valid"
    assert page.locator(".steps li.passed").count() == page.locator(".steps li").count() >= 7
    assert page.get_by_text("DEMO").is_visible()
    assert fits(page)


def test_every_printed_fact_is_on_the_page(page: Page, sample: Sample, marathon: Deployment) -> None:
    page.goto(sample.code)
    shown = page.locator("main").inner_text()
    statement = json.loads(marathon.certs("verify", sample.number, "--json"))["statement"]
    facts = [statement[name] for name in ("name", "event", "issuer", "place", "criteria", "number")]
    facts += [person["name"] for person in statement["signatories"]] + [s["title"] for s in statement["sessions"]]
    assert [fact for fact in facts if fact not in shown] == []


def test_no_word_of_a_session_breaks_on_a_small_phone(chromium: Browser, sample: Sample) -> None:
    """The table neither cuts its words nor hides its last column."""
    tab = chromium.new_page(viewport=SMALL_PHONE)
    tab.goto(sample.code)
    assert tab.locator("table td bdi").count() == 8
    assert tab.evaluate(BROKEN_WORDS) == []
    assert tab.evaluate("() => document.querySelector('.sessions').scrollWidth <= innerWidth")
    assert fits(tab)
    tab.close()


def test_a_typed_number_leads_to_the_same(page: Page, sample: Sample) -> None:
    """In small letters, with blanks where the paper has hyphens."""
    page.goto(f"{sample.base}/verify")
    typed = sample.number.rpartition("/")[2].lower()
    page.get_by_label("Certificate number").fill(f"{typed[:4]} {typed[4:8]} {typed[8:]}")
    page.get_by_role("button", name="Check").click()
    assert page.locator("h1").inner_text() == "Valid"
    assert fits(page)


def test_a_mistyped_number_is_explained(page: Page, sample: Sample) -> None:
    page.goto(f"{sample.base}/verify")
    page.get_by_label("Certificate number").fill("7K3M-9QXZ-2P4D")
    with page.expect_response(lambda answer: answer.status == 400):
        page.get_by_role("button", name="Check").click()
    assert "typing mistake" in page.get_by_role("alert").inner_text()
    assert fits(page)


def test_her_page_gives_her_the_file(page: Page, sample: Sample) -> None:
    """Two actions: open the link, press Download; what arrives is the issued file, under her name."""
    page.goto(sample.personal)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download PDF").click()
    arrived = waiting.value
    assert arrived.suggested_filename == sample.file.name
    assert hashlib.sha256(arrived.path().read_bytes()).digest() == hashlib.sha256(sample.file.read_bytes()).digest()
    assert fits(page)


def test_download_is_on_a_phones_first_screen(chromium: Browser, sample: Sample) -> None:
    tab = chromium.new_page(viewport=PHONE)
    tab.goto(sample.personal)
    box = tab.get_by_role("link", name="Download PDF").bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"]
    tab.close()


def test_the_answer_costs_little_and_comes_from_here_alone(chromium: Browser, sample: Sample) -> None:
    tab = chromium.new_page()
    loaded: dict[str, int] = {}
    tab.on("response", lambda answer: loaded.update({answer.url: len(answer.body())}))
    tab.goto(sample.code, wait_until="networkidle")
    tab.close()
    assert all(url.lower().startswith(sample.base) for url in loaded)
    assert 2 <= len(loaded) <= 3
    assert sum(loaded.values()) <= MOST_BYTES


def test_the_servers_log_holds_no_path_with_a_name_or_secret(chromium: Browser, sample: Sample) -> None:
    tab = chromium.new_page()
    for path in (sample.code, sample.personal, f"{sample.base}/V/BROKEN"):
        tab.goto(path)
    tab.close()
    assert lines_with(sample.log, r"Listening at")
    assert lines_with(sample.log, r"/V/|/me/|RQAU") == []


def stacked(page: Page) -> list[str]:
    """Return the summaries of the rows that are shown."""
    return [row.get_attribute("class") or "" for row in page.locator("#answers tbody tr").all() if row.is_visible()]


@pytest.mark.parametrize(("code", "theme"), [("en", "light"), ("ar", "dark")])
@pytest.mark.parametrize("script", [True, False], ids=["script", "form"])
def test_many_are_checked_on_one_page(
    chromium: Browser, sample: Sample, code: str, theme: Literal["light", "dark"], script: bool
) -> None:
    """On the smallest phone, with a script some at a time and without one at once: filtered, kept, clean for axe."""
    context = chromium.new_context(
        viewport=SMALL_PHONE, locale=code, color_scheme=theme, java_script_enabled=script, accept_downloads=True
    )
    tab, wrong = context.new_page(), list[str]()
    tab.on("console", lambda said: wrong.append(said.text))
    tab.goto(f"{sample.base}/verify")
    tab.locator("a[href*='/verify/stack']").click()
    tab.locator("#entries").fill("\n".join([sample.number, "7K3M-9QXZ-2P49", *[sample.code] * 230]))
    tab.locator("#stack button").click()
    tab.locator("#answered:focus" if script else "#answers").wait_for()
    assert Counter(stacked(tab)) == {"valid": 231, "unread": 1}
    if script and AXE.exists():
        tab.evaluate(AXE.read_text())
        assert tab.evaluate("async () => (await axe.run(document)).violations.map(one => one.id)") == []
    tab.locator("label:has(#show-unread)").click()
    assert stacked(tab) == ["unread"]
    with tab.expect_download() as kept:
        tab.locator("#keep button[value=csv]").click()
    assert Path(kept.value.path()).read_text("utf-8").count("\n") == 233
    assert tab.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"] if script else True
    context.close()
    assert wrong == []
