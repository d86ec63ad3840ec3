"""The desk in a real browser: two people take nine exports to certificates, with a script and without.

Each act is counted as a person counts it: a file chosen or dropped, a field filled, a button or link pressed;
signing in is not. Afterwards every page that is linked from the desk is looked at by axe-core, in both
themes, wide and narrow.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from tests.e2e.browsers import DESK, PHONE, SMALL_PHONE
from tests.e2e.site import Deployment, free_port

SLUG = "cgmp-2026-practice"
PASSWORD = "four invented words together"
DEMO = Path(__file__).parents[2] / "demo"
EXPORTS = sorted(DEMO.glob("*.csv"))
AXE = Path(__file__).parents[1] / "interop" / "node" / "node_modules" / "axe-core" / "axe.min.js"
MOST_ACTIONS = 12
PATIENCE_MILLISECONDS = 300_000
"""However slow the machine is; nothing here measures time."""
Theme = Literal["light", "dark"]


@dataclass
class Site:
    """A served copy of the demo, and the two people's links."""

    deployment: Deployment
    links: dict[str, str]

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.deployment.desk_port}/desk"


@contextmanager
def served_demo(folder: Path) -> Iterator[Site]:
    """Make the demo in a new *folder* and serve it, at an address of its own: others may be served meanwhile."""
    folder.mkdir()
    deployment = Deployment(folder, free_port())
    said = deployment.certs("demo", "--no-serve")
    links = dict(re.findall(r"^(\w+) .* signs in at (\S+)$", said, re.MULTILINE))
    added = deployment.certs("user", "add", "ada@meridian.example", "--name", "Ada", "--administrator")
    with deployment.served():
        yield Site(deployment, {**links, "Ada": re.findall(r"http\S+/sign-in/first/\S+", added)[0]})


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


@dataclass
class Told:
    """The site after the story, and who was there."""

    site: Site
    ana: Person
    ben: Person

    @property
    def actions(self) -> list[str]:
        return [*(f"Ana: {one}" for one in self.ana.actions), *(f"Ben: {one}" for one in self.ben.actions)]

    def demand_counted(self, most: int) -> None:
        """Print what was done, and hold it to so many acts and to the number that was approved."""
        print(*(f"{n:3} {one}" for n, one in enumerate(self.actions, 1)), sep="\n")
        (batch,) = json.loads(self.site.deployment.certs("status", SLUG, "--json"))["batches"]
        assert int(re.sub(r"\D", "", self.ben.actions[-1])) == batch["counts"]["issued"] > 1_000
        assert len(self.actions) <= most


def told_by(chromium: Browser, site: Site, size: ViewportSize, theme: Theme, *, script: bool) -> Told:
    links = (site.links["Ana"], site.links["Ben"])
    ana, ben = (Person.signed_in(chromium, link, size, theme, script=script) for link in links)
    story(ana, ben, site, script=script)
    return Told(site, ana, ben)


@pytest.fixture(scope="module")
def told(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story with a script on a wide screen."""
    with served_demo(tmp_path_factory.mktemp("desk") / "site") as site:
        yield told_by(chromium, site, DESK, "light", script=True)


def test_with_a_script_nine_exports_become_certificates_in_few_acts(told: Told) -> None:
    told.demand_counted(MOST_ACTIONS)


def test_without_a_script_on_a_phone_in_the_dark_it_takes_one_act_more(chromium: Browser, tmp_path: Path) -> None:
    """Which is to press *Read the files*."""
    with served_demo(tmp_path / "site") as site:
        told_by(chromium, site, PHONE, "dark", script=False).demand_counted(MOST_ACTIONS + 1)


DROP = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["hello,world\\n1,2\\n"], "notes.csv"));
  document.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}"""


def test_files_are_dropped_and_what_does_not_arrive_is_said(told: Told) -> None:
    """Another file of it is sent when the line is there again, and read."""
    ana, address = told.ana, f"{told.site.desk}/{SLUG}/attendance"
    ana.page.goto(address)
    ana.page.route(address, lambda way: way.abort() if way.request.method == "POST" else way.continue_())
    ana.page.evaluate(DROP)
    ana.sees("0 of 1 files arrived and are safe. Drop the others again.")
    ana.page.unroute(address)
    ana.page.evaluate(DROP)
    ana.sees("was not read. Nothing else is affected.")


def test_another_rule_is_counted_as_it_is_typed_and_keys_lead_on(told: Told) -> None:
    page = told.ana.page
    page.goto(f"{told.site.desk}/{SLUG}/earned")
    would, first = page.locator("[data-would]"), page.locator("[data-would]").inner_text()
    page.get_by_label("Sessions", exact=True).fill("5")
    asked = f"{told.site.desk}/{SLUG}/earned?sessions=5&percent=50"
    typed = would.inner_text()
    assert page.get_by_text("Not the event’s rule, and before decisions of people.").is_visible()
    page.get_by_label("Sessions", exact=True).fill("6")
    assert would.inner_text() == first != typed
    page.goto(asked)
    assert would.inner_text() == typed
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/doubts")


PLACES = re.compile(r"(?<=/)(?:[0-9a-f]{16,}|[0-9A-Z]{12}|\d+|cgmp-2026[^/]*)(?=/|$)")
"""What in an address names one of many."""
NO_PAGES = (".csv", ".json", ".zip", ".toml", "/desk/me/second")
BESIDES = (
    "certificates/withdraw?whom=all&stands=valid",
    "earned?which=near&sessions=5&percent=40",
    "doubts?group=answered",
)
"""Pages that no link leads to, but forms."""
OWN = """() => [...document.querySelectorAll("*")].filter(one =>
  one.matches("style, script:not([src])") || [...one.attributes].some(a => /^(style|on.*)$/.test(a.name))
).map(one => one.outerHTML.slice(0, 120))"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map(one => one.href.split('#')[0])"
AXE_ON = """async rules => (await axe.run(document, rules ? {runOnly: rules} : {})).violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))"""


def kind_of(address: str) -> str:
    """Return what pages like this one have in common."""
    parts = urlsplit(address)
    asked = sorted(one.partition("=")[0] for one in parts.query.split("&"))
    return f"{PLACES.sub('#', parts.path)}?{','.join(asked)}"


def looked_at(page: Page) -> Iterator[str]:
    """Yield what is wrong with the page on the screen, in every theme and at every width."""
    yield from page.evaluate(OWN)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(AXE.read_text())
    corners: tuple[tuple[ViewportSize, Theme, list[str]], ...] = (
        (DESK, "light", []),
        (DESK, "dark", ["color-contrast"]),
        (SMALL_PHONE, "dark", []),
        (SMALL_PHONE, "light", ["color-contrast"]),
    )
    for size, theme, rules in corners:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        where = f"{size['width']} {theme}"
        yield from (f"{where} {one}" for one in page.evaluate(AXE_ON, rules or None))
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            yield f"{where}: scrolls sideways"


def test_axe_finds_nothing_on_any_page_in_either_theme_at_either_width(chromium: Browser, told: Told) -> None:
    """Every page that links lead to, one of a kind, as organiser, approver and administrator see them."""
    if not AXE.exists():
        pytest.skip("axe-core is missing: make judges")
    ada = Person.signed_in(chromium, told.site.links["Ada"], DESK, "light", script=True)
    seen: set[str] = set()
    wrong: list[str] = []
    for person in (told.ana, told.ben, ada):
        ways = [told.site.desk, *(f"{told.site.desk}/{SLUG}/{one}" for one in BESIDES if person is told.ana)]
        while ways:
            address = ways.pop(0)
            if kind_of(address) in seen or urlsplit(address).path.endswith(NO_PAGES):
                continue
            seen.add(kind_of(address))
            person.page.goto(address)
            wrong += [f"{kind_of(address)} {one}" for one in looked_at(person.page)]
            ways += [one for one in person.page.evaluate(LINKS) if one.startswith(f"{told.site.desk}")]
    print(*sorted(seen), sep="\n")
    assert len(seen) > 20
    assert wrong == []
