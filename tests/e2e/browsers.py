"""What tests in a real browser share: how Chromium is started, screens, and whether a page fits one."""

from playwright.sync_api import Page, ViewportSize

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
SMALL_PHONE = ViewportSize(width=320, height=568)


def fits(page: Page) -> bool:
    """Say whether nothing hangs over the right edge."""
    box = page.locator("main").bounding_box()
    size = page.viewport_size
    assert box
    assert size
    boxes = [element.bounding_box() for element in page.locator("main *").all()]
    widest = max(inner["x"] + inner["width"] for inner in boxes if inner)
    return box["width"] <= size["width"] and widest <= size["width"]
