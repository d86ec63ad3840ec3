"""The page that works without the site: from disk, without a network, with the browser's cryptography and without."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page
from werkzeug.serving import make_server

from certs import claim
from certs.offline.page import bare
from tests.e2e.browsers import SMALL_PHONE, fits
from tests.e2e.offline import ARCHIVE, CASES, NO_WEBCRYPTO, ask, carried, opened, summary_after
from tests.e2e.site import free_port
from tests.e2e.test_browser import AXE
from tests.web.cast import site
from tests.world import World

MOST_BYTES = 70 * 1024
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.fixture(params=["browser", "page"])
def by(request: pytest.FixtureRequest) -> str:
    """Whose cryptography judges: the browser's own, or what is bundled."""
    kind: str = request.param
    return kind


@pytest.fixture
def context(chromium: Browser, by: str) -> Iterator[BrowserContext]:
    """A browser in which nothing may go wrong or ask for anything."""
    made = chromium.new_context(locale="en-GB")
    if by == "page":
        made.add_init_script(NO_WEBCRYPTO)
    wrong: list[str] = []
    made.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    made.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)
    yield made
    made.close()
    assert wrong == []


@pytest.fixture
def tab(context: BrowserContext, tmp_path: Path, by: str) -> Page:
    """The page of the vectors' archive, on a day on which its list is new."""
    made = opened(context, tmp_path)
    assert made.locator("body").get_attribute("data-ready") == by
    return made


def payload(name: str, data: bytes) -> FilePayload:
    """Return a file that somebody chooses."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_every_code_and_every_file_is_what_the_archive_says(tab: Page) -> None:
    codes, files = CASES["codes"], CASES["files"]
    told = dict(
        zip(codes, (summary for summary, _ in ask(tab, [case["code"] for case in codes.values()])), strict=True)
    )
    for label, case in files.items():
        tab.set_input_files("#pdf", payload("a.pdf", case["file"].encode()))
        told[f"file {label}"] = summary_after(tab)
    wanted = {label: case["summary"] for label, case in codes.items()}
    assert told == wanted | {f"file {label}": case["summary"] for label, case in files.items()}


def test_no_bit_of_a_claim_can_be_changed(tab: Page) -> None:
    """Every bit of payload and signature: never valid, and nothing of it is shown."""
    code = CASES["codes"]["in force"]["code"]
    changed = [
        code[:place] + LETTERS[LETTERS.index(letter) ^ 1 << bit] + code[place + 1 :]
        for place, letter in enumerate(code) if letter != "." for bit in range(5)
    ]  # fmt: skip
    told = ask(tab, [code, *changed])
    assert told[0] == ("valid", True)
    assert {summary for summary, _ in told[1:]} == {"altered", "unknown"}
    assert [place for place, (_, named) in enumerate(told[1:]) if named] == []
    assert len(changed) > 1_000


def test_a_photo_of_a_code_is_read(tab: Page) -> None:
    picture = io.BytesIO()
    qrcode.make(claim.url("https://certs.example.org", CASES["codes"]["withdrawn"]["code"])).save(picture, "PNG")
    tab.set_input_files("#photo", payload("a.png", picture.getvalue()))
    assert summary_after(tab) == "revoked"
    assert tab.locator("#headline").inner_text() == "Withdrawn"
    tab.set_input_files("#photo", payload("a.png", b"no picture"))
    tab.get_by_text("No code could be read in that picture.").wait_for()


def test_it_says_of_which_day_it_speaks_and_what_our_key_signed_alone(tab: Page) -> None:
    """Who has a code that is not on the list is not told that it is valid, nor that it is false."""
    told = tab.inner_text("#about")
    assert "of 10 certificates of cGMP Training Marathon 2026 as they stood on 22 November 2026" in told
    ask(tab, [CASES["codes"]["in force"]["code"]])
    assert tab.locator("#headline").inner_text() == "Valid as of 22 November 2026"
    assert "Zoë Ångström" in tab.inner_text("#answer")
    ask(tab, [CASES["codes"]["not on the list"]["code"]])
    assert tab.locator("#headline").inner_text() == "Signed by us, not checked further"
    assert ask(tab, [CASES["codes"]["under a key that signs receipts"]["code"]]) == [("unknown", False)]
    tab.get_by_role("button", name="中文").click()
    assert "截至2026年11月22日" in tab.inner_text("#about")


@pytest.mark.parametrize("by", ["browser"], indirect=True)
def test_a_list_older_than_ninety_days_warns(context: BrowserContext, tmp_path: Path) -> None:
    for today, warned in (("2027-02-20T11:00:00Z", False), ("2027-02-20T13:00:00Z", True)):
        tab = opened(context, tmp_path, today=today)
        assert ("more than 90 days old" in tab.inner_text("#about")) == warned


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("list.txt", " valid ", " valie "),
        ("list.txt", "2026-11-22T12", "2026-11-23T12"),
        ("list.txt", "\n10\n", "\n11\n"),
        ("list.txt", "=\n", "A\n"),
        ("status/1", "2026-11-25T09", "2026-11-26T09"),
        ("status/1", '"encodedList":"uH', '"encodedList":"uI'),
        ("status/1", '"proofValue":"z', '"proofValue":"z1'),
    ],
)
def test_of_which_a_byte_was_changed_it_tells_nothing(
    context: BrowserContext, tmp_path: Path, file: str, old: str, new: str
) -> None:
    text = (ARCHIVE / file).read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    tab = opened(context, tmp_path, carried(changed) if file == "list.txt" else carried(status=changed))
    assert tab.locator("body").get_attribute("data-ready") == "damaged"
    assert "is not as we signed it" in tab.inner_text("#about")
    assert tab.locator("#ask").is_hidden()


@pytest.mark.parametrize("by", ["browser"], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_the_smallest_phone_and_everybody_in_every_language(
    chromium: Browser, tmp_path: Path, theme: str, by: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is missing: make judges")
    context = chromium.new_context(viewport=SMALL_PHONE, color_scheme=theme, bypass_csp=True)  # type: ignore[arg-type]
    tab = opened(context, tmp_path, today="2027-06-01T10:00:00Z")
    tab.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    ask(tab, [CASES["codes"]["in force"]["code"]])
    for button in tab.locator("#languages button").all():
        button.click()
        assert fits(tab)
        assert tab.evaluate("async () => (await axe.run(document)).violations.map((one) => one.id)") == []
    context.close()
    assert by == "browser"


def test_it_is_small() -> None:
    """Without what it carries."""
    assert len(bare()) <= MOST_BYTES


@pytest.fixture
def served() -> Iterator[tuple[World, str]]:
    """A site at an address of its own, as far as a browser is concerned."""
    world, base = World(), f"http://127.0.0.1:{free_port()}"
    server = make_server("127.0.0.1", int(base.rpartition(":")[2]), site(world, base))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield world, base
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_browser_keeps_the_page_of_the_site(chromium: Browser, served: tuple[World, str]) -> None:
    """It opens without the network afterwards, and tells what our keys signed."""
    world, base = served
    ana = world.issue("Ana Souza")
    context = chromium.new_context()
    wrong: list[str] = []
    context.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab = context.new_page()
    tab.goto(f"{base}/offline/")
    assert tab.evaluate("async () => (await navigator.serviceWorker.ready).scope") == f"{base}/offline/"
    tab.reload()
    context.set_offline(offline=True)
    tab.goto(f"{base}/offline/")
    tab.locator("body[data-ready=browser]").wait_for(state="attached")
    changed = ana.claim_text[:-1] + ("A" if ana.claim_text.endswith("Q") else "Q")
    assert ask(tab, [ana.claim_text, changed]) == [("unknown", True), ("altered", False)]
    assert wrong == []
    context.close()
