"""Remake the pictures of docs/organiser.md from the real product: `.venv/bin/python docs/pictures/desk.py`.

Issues the sample marathon in a temporary folder, takes nine exports of the practice event through the four screens as
Ana and Ben, and looks at each screen on the way. Needs what the browser's tests need.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.e2e.browsers import DESK, FLAGS, PHONE  # noqa: E402 -- the tests lie beside the package
from tests.e2e.test_desk import EXPORTS, SLUG, Person, served_demo  # noqa: E402

MOST_BYTES = 60_000
WIDTH = 960
COLOURS = (64, 32, 16)


def main() -> None:
    """Write desk-NAME.png for each screen."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with served_demo(Path(folder) / "site") as site:
            links = (site.links["Ana"], site.links["Ben"])
            ana, ben = (Person.signed_in(browser, link, DESK, "light", script=True) for link in links)
            tell(ana, ben, site.desk)
        browser.close()


def tell(ana: Person, ben: Person, desk: str) -> None:
    """Take the exports to an approved order, with a picture of each screen."""
    ana.page.goto(f"{desk}/{SLUG}/attendance")
    ana.choose(EXPORTS)
    ana.sees(f"{len(EXPORTS)} files were read.")
    keep(ana, "attendance")
    ana.press("Go on to the doubts", "link")
    keep(ana, "doubts")
    ana.press("Leave all # as they are")
    ana.sees("# questions were left as they are.")
    ana.press("Go on", "link")
    ana.sees("Sessions attended")
    keep(ana, "earned")
    ana.page.set_viewport_size(PHONE)
    keep(ana, "phone")
    ana.page.set_viewport_size(DESK)
    ana.press("Go on to issue #", "link")
    ana.sees("Check before you order")
    ana.page.get_by_role("button", name="Order").wait_for()
    keep(ana, "issue")
    ana.press("Order # certificates")
    ben.page.goto(desk)
    keep(ben, "home")
    ben.press("Look and decide", "link")
    ben.sees("asks to approve # certificates")
    keep(ben, "approve")
    ana.page.goto(f"{desk}/cgmp-2026/certificates")
    keep(ana, "certificates")


def keep(person: Person, name: str) -> None:
    """Write what is on the screen, with as many colours as a small file holds.

    Raises:
        ValueError: even a few are too many.
    """
    person.page.evaluate("scrollTo(0, 0)")
    seen = Image.open(io.BytesIO(person.page.screenshot())).convert("RGB")
    width = min(WIDTH, seen.width)
    small = seen.resize((width, seen.height * width // seen.width), Image.Resampling.LANCZOS)
    for colours in COLOURS:
        data = io.BytesIO()
        small.quantize(colours, dither=Image.Dither.NONE).save(data, "png", optimize=True)
        if data.tell() <= MOST_BYTES:
            (HERE / f"desk-{name}.png").write_bytes(data.getvalue())
            return
    raise ValueError(f"{name} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
