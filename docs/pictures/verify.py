"""Remake the pictures of docs/verify.md from the real product: `.venv/bin/python docs/pictures/verify.py`.

Issues the sample marathon under demo keys in a temporary folder, looks at one certificate's page on a phone, writes the
archive, and gives its page the file without a network. Needs what the browser's tests need.
"""

import io
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.e2e.browsers import FLAGS, PHONE  # noqa: E402 -- the tests lie beside the package
from tests.e2e.site import Deployment, free_port  # noqa: E402

COLOURS = 64


def main() -> None:
    """Write verify-phone.png and verify-offline.png."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        deployment = Deployment(Path(folder), free_port())
        said = deployment.certs("demo", "--no-serve")
        (number,) = re.findall(r"^By its number\s+(\S+)$", said, re.MULTILINE)
        (file,) = (deployment.folder / "instance").glob("*.pdf")
        deployment.certs("archive", "cgmp-2026", "--out", str(deployment.folder / "archive"))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with deployment.served():
            tab = browser.new_page(viewport=PHONE, locale="en-GB", device_scale_factor=2)
            tab.goto(number)
            keep(tab, "phone", 720)
        _offline(browser, deployment.folder / "archive/index.html", file.read_bytes())
        browser.close()


def _offline(browser: Browser, page: Path, data: bytes) -> None:
    """Give the archive's page the file."""
    context = browser.new_context(viewport={"width": 760, "height": 1000}, locale="en-GB")
    tab = context.new_page()
    tab.goto(page.as_uri())
    context.set_offline(offline=True)
    tab.set_input_files("#pdf", {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": data})
    tab.locator("#answer[data-summary=valid]").wait_for()
    keep(tab, "offline", 760)


def keep(tab: Page, name: str, width: int) -> None:
    """Write what is on the screen."""
    seen = Image.open(io.BytesIO(tab.screenshot(full_page=name == "offline"))).convert("RGB")
    small = seen.resize((width, seen.height * width // seen.width), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"verify-{name}.png", "png", optimize=True)


if __name__ == "__main__":
    main()
