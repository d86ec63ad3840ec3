"""The page that works without the site, in a browser without a network, from disk."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from certs.offline.page import Carried, page
from tests.vectors.archive import make

ARCHIVE = Path(make.__file__).parent
CASES: dict[str, dict[str, dict[str, str]]] = json.loads((ARCHIVE / "cases.json").read_text(encoding="utf-8"))
TODAY = "2026-12-01T10:00:00Z"
NO_WEBCRYPTO = "Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })"
"""As in a browser of before 2025, or a page that came by plain http."""
_ASK = """async (codes) => {
  const answer = document.querySelector('#answer'), told = []
  const line = new MessageChannel()
  const next = () => new Promise((done) => { line.port1.onmessage = done; line.port2.postMessage(0) })
  for (const code of codes) {
    delete answer.dataset.summary
    document.querySelector('#code').value = code
    document.querySelector('#check').click()
    while (!answer.dataset.summary) await next()
    told.push([answer.dataset.summary, answer.querySelectorAll('.name').length])
  }
  return told
}"""


def carried(listed: str | None = None, status: str | None = None) -> Carried:
    """Return what the page of the vectors' archive carries; with another list or status list where these are given."""

    def read(name: str) -> str:
        return (ARCHIVE / name).read_text(encoding="utf-8")

    jwks, did, lists = (json.loads(one) for one in (read("jwks.json"), read("did.json"), status or read("status/1")))
    note = read("list.txt") if listed is None else listed
    return Carried("certs.example.org", "2026-11-22T12:00:00Z", jwks, did, note, [lists], "cGMP Training Marathon 2026")


def opened(context: BrowserContext, folder: Path, what: Carried | None = None, today: str = TODAY) -> Page:
    """Open the page from disk, on that day, and take the network away; return it when it is ready."""
    file = folder / "index.html"
    file.write_bytes(page(what or carried()))
    tab = context.new_page()
    tab.clock.set_fixed_time(today)
    context.set_offline(offline=True)
    tab.goto(file.as_uri())
    tab.locator("body[data-ready]").wait_for(state="attached")
    return tab


def ask(tab: Page, codes: Sequence[str]) -> list[tuple[str, bool]]:
    """Return of each code the summary, and whether its facts are shown."""
    told: list[Any] = tab.evaluate(_ASK, list(codes))
    return [(summary, bool(named)) for summary, named in told]


def summary_after(tab: Page) -> str:
    """Return the summary of what was given last."""
    answer = tab.locator("#answer[data-summary]")
    answer.wait_for()
    return answer.get_attribute("data-summary") or ""
