"""Exports of the desk's event, as a platform makes them, and browsers that send them."""

from io import BytesIO

from werkzeug.test import TestResponse

from tests.web.console.conftest import SLUG, Browser

PAGE = f"/desk/{SLUG}/attendance"
ANA = ("Ana Silva", "ana.silva@clinic.example.org")
LEAVE = "10/06/2026 02:55:00 PM"


def report(*people: tuple[str, str], leave: str = LEAVE, zone: str = "(GMT+02:00)") -> bytes:
    """Return a report of the session in which *people* stayed from the beginning to *leave*."""
    rows = [f'"{name}",{email},10/06/2026 01:00:00 PM {zone},{leave} {zone}' for name, email in people]
    return "\n".join(["Name,Email,Join Time,Leave Time", *rows, ""]).encode()


def send(browser: Browser, *files: tuple[str, bytes], address: str = PAGE, **fields: str) -> TestResponse:
    """Drop *files* as the form at *address* does."""
    given = [(BytesIO(data), name) for name, data in files]
    token = browser.token(PAGE)
    return browser.post(address, data={"csrf_token": token, "files": given, **fields})
