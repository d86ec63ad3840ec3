"""The desk in a real browser: two people take nine exports to certificates, with a script and without.

Each act is counted as a person counts it: a file chosen or dropped, a field filled, a button or link pressed;
signing in is not. Afterwards every page that is linked from the desk is looked at by axe-core, in both
themes, wide and narrow.
"""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

from tests.e2e.browsers import DESK, FLAGS, PHONE
from tests.e2e.site import Deployment

SLUG = "cgmp-2026-practice"
PASSWORD = "four invented words together"
DEMO = Path(__file__).parents[2] / "demo"
EXPORTS = sorted(DEMO.glob("*.csv"))
AXE = Path(__file__).parents[1] / "interop" / "node" / "node_modules" / "axe-core" / "axe.min.js"
MOST_ACTIONS = 12
PATIENCE_MILLISECONDS = 300_000
"""However slow the machine is; nothing here measures time."""
Theme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Site:
    """A served copy of the demo, and the two people's links."""

    deployment: Deployment
    links: dict[str, str]

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.deployment.desk_port}/desk"


@pytest.fixture
def site(marathon: Deployment, tmp_path: Path) -> Iterator[Site]:
    """The demo with an event to work on; its port is free, for tests of one process come one after the other."""
    shutil.copytree(marathon.folder, tmp_path / "site")
    deployment = Deployment(tmp_path / "site", marathon.port)
    said = deployment.certs("demo", "--no-serve")
    links = dict(re.findall(r"^(\w+) .* signs in at (\S+)$", said, re.MULTILINE))
    with deployment.served():
        yield Site(deployment, links)


@dataclass
class Person:
    """Somebody at the desk, and what she did there."""

    page: Page
    actions: list[str] = field(default_factory=list)

    @classmethod
    def signed_in(cls, browser: Browser, link: str, size: ViewportSize, theme: Theme, *, script: bool) -> "Person":
        """Let her choose a password by her *link*; that is not counted."""
        context = browser.new_context(viewport=size, color_scheme=theme, java_script_enabled=script)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        page.goto(link)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Keep this password").click()
        page.get_by_role("link", name="Later").click()
        return cls(page)

    def press(self, name: str, role: Literal["button", "link"] = "button") -> None:
        """Press what bears *name*, in which `#` stands for a number."""
        pattern = re.compile(re.escape(name).replace(r"\#", r"[\d,]+"))
        found = self.page.get_by_role(role, name=pattern).first
        self.actions.append(re.sub(r"\s+", " ", found.inner_text()).strip())
        found.click()

    def choose(self, files: Sequence[Path]) -> None:
        self.page.get_by_label("Drop all exports here").set_input_files(files)
        self.actions.append(f"{len(files)} files")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.actions.append(label)

    def sees(self, words: str) -> Locator:
        """Wait until *words* stand on the page, which looks again by itself; `#` stands for a number."""
        found = self.page.get_by_text(re.compile(re.escape(words).replace(r"\#", r"[\d,]+"))).first
        found.wait_for()
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        return found


def story(ana: Person, ben: Person, site: Site, *, script: bool) -> None:
    """Take the nine exports to certificates."""
    ana.page.goto(f"{site.desk}/{SLUG}/attendance")
    ana.choose(EXPORTS)
    if not script:
        ana.press("Read the files")
    ana.sees(f"{len(EXPORTS)} files were read.")
    ana.press("Go on to the doubts", "link")
    ana.press("Leave all # as they are")
    ana.sees("# questions were left as they are.")
    ana.press("Go on", "link")
    ana.sees("Sessions attended")
    ana.press("Go on to issue #", "link")
    ana.sees("Check before you order")
    ana.press("Order # certificates")
    ana.sees("# certificates are ordered. Nothing is signed yet.")
    ben.page.goto(site.desk)
    ben.press("Look and decide", "link")
    ben.sees("asks to approve # certificates")
    ben.fill("Your password, once more", PASSWORD)
    ben.press("Approve and issue # certificates")
    ben.sees("# certificates are issued")


@pytest.mark.parametrize(
    ("size", "theme", "script"),
    [(DESK, "light", True), (PHONE, "dark", False)],
    ids=["desk-with-a-script", "phone-in-the-dark-without"],
)
def test_two_people_take_nine_exports_to_certificates(
    chromium: Browser, site: Site, size: ViewportSize, theme: Theme, script: bool
) -> None:
    ana, ben = (
        Person.signed_in(chromium, link, size, theme, script=script) for link in (site.links["Ana"], site.links["Ben"])
    )
    story(ana, ben, site, script=script)
    done = [*(f"Ana: {one}" for one in ana.actions), *(f"Ben: {one}" for one in ben.actions)]
    print(*(f"{n:3} {one}" for n, one in enumerate(done, 1)), sep="\n")
    assert len(done) <= MOST_ACTIONS + (not script)
    (batch,) = json.loads(site.deployment.certs("status", SLUG, "--json"))["batches"]
    assert int(re.sub(r"\D", "", ben.actions[-1])) == batch["counts"]["issued"] > 1_000
