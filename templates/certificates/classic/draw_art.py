"""Draw `art.svg` of this folder: `python templates/certificates/classic/draw_art.py`.

The guilloche is one curve shown many times: a wave for the ribbon, a petal line for the rosette. Any vector editor
could have drawn it; this script only spares the arithmetic. Its lines have as few curves as can be, because each is
shown two dozen times on the page and read as often.
"""

from math import cos, pi, sin
from pathlib import Path

WIDTH, HEIGHT = 841.89, 595.28
INK, TEAL, GOLD, MIST, TINT = "#12303f", "#0f6070", "#b8913c", "#c5d7da", "#f5f8f8"
PANEL_LEFT, PANEL_RIGHT = 634.0, WIDTH - 27.0
PANEL_TOP, PANEL_BOTTOM = 27.0, HEIGHT - 27.0
ROSETTE = 737.0, 95.0, 0.74
"""Its middle, and its size."""
CODE = 662.0, 170.0, 150.0
"""Left and upper edge of the white square behind the QR code, and its side."""


def wave() -> str:
    """Return a tall wave about x = 0, every other swing further to the right; each curve is one swing to and fro."""
    middle, across, period = 3.2, 25.1, (PANEL_BOTTOM - PANEL_TOP) / 9
    down = 0.478 * period
    x, y = -middle, PANEL_TOP - period / 2
    out = [f"M{x:.2f} {y:.2f}"]
    for _ in range(10):
        controls = x - across, y + down, across - x, y + period - down, -x, y + period
        out.append("C" + " ".join(f"{value:.2f}" for value in controls))
        x, y = -x, y + period
    return "".join(out)


def petals(tip: float, foot: float, lobes: int) -> str:
    """Return a closed line of *lobes* petals about the origin; each is one curve from foot to foot.

    Both its handles end in the same point beyond its tip.
    """
    half = pi / lobes
    beyond = (4 * tip - foot * cos(half)) / 3
    out = [f"M{foot * cos(half):.2f} {-foot * sin(half):.2f}"]
    for i in range(lobes):
        axis, next_foot = 2 * i * half, (2 * i + 1) * half
        handle, end = (beyond * cos(axis), beyond * sin(axis)), (foot * cos(next_foot), foot * sin(next_foot))
        out.append("C" + " ".join(f"{value:.2f}" for value in (*handle, *handle, *end)))
    return "".join(out) + "Z"


def star(rays: int) -> str:
    """Return a star of *rays*."""
    outline = ((0, -15), (3.1, -4.6), (0, 0), (-3.1, -4.6))
    turns = [(cos(2 * pi * i / rays), sin(2 * pi * i / rays)) for i in range(rays)]
    return "".join(
        "M" + "L".join(f"{c * x - s * y:.2f} {s * x + c * y:.2f}" for x, y in outline) + "Z" for c, s in turns
    )


def uses(link: str, transforms: list[str]) -> str:
    """Return *link* shown under each of *transforms*."""
    return "".join(f'<use href="#{link}" transform="{transform}"/>' for transform in transforms)


def rosette() -> str:
    """Return the rosette at the head of the panel."""
    outer = uses("outer", [f"rotate({i * 1.25:g})" for i in range(12)])
    inner = uses("inner", [f"rotate({i * 1.5:g})" for i in range(12)])
    return (
        f'<g transform="translate({ROSETTE[0]:.2f} {ROSETTE[1]:.2f}) scale({ROSETTE[2]:g})">'
        f'<circle cx="0" cy="0" r="63" fill="#ffffff"/>'
        f'<g fill="none" stroke-width="0.35" stroke-linejoin="round">'
        f'<g stroke="{TEAL}">{outer}</g><g stroke="{GOLD}">{inner}</g></g>'
        f'<circle cx="0" cy="0" r="21.5" fill="#ffffff" stroke="{GOLD}" stroke-width="0.7"/>'
        f'<circle cx="0" cy="0" r="19.2" fill="none" stroke="{TEAL}" stroke-width="0.35"/>'
        f'<path d="{star(8)}" fill="{TEAL}"/><circle cx="0" cy="0" r="2.2" fill="#ffffff"/></g>'
    )


def ribbon() -> str:
    """Return the guilloche down the panel's left edge."""
    steps = range(12)
    there = uses("wave", [f"translate({PANEL_LEFT + 13:.2f} {(i - 6) * 2.4:g})" for i in steps])
    back = uses("wave", [f"translate({PANEL_LEFT + 13:.2f} {(i - 6) * 2.4:g}) scale(-1 1)" for i in steps])
    lines = f'<g stroke="{TEAL}">{there}</g><g stroke="{GOLD}">{back}</g>'
    return f'<g clip-path="url(#panel)" fill="none" stroke-width="0.3">{lines}</g>'


def frame(box: tuple[float, float, float, float], colour: str, weight: float) -> str:
    """Return four lines around *box*: a viewer that shows a part of the page passes over those outside it."""
    left, top, right, bottom = box
    before, after = left - weight / 2, right + weight / 2
    across = [f'<line x1="{before:.2f}" y1="{y:.2f}" x2="{after:.2f}" y2="{y:.2f}"/>' for y in (top, bottom)]
    down = [f'<line x1="{x:.2f}" y1="{top:.2f}" x2="{x:.2f}" y2="{bottom:.2f}"/>' for x in (left, right)]
    return f'<g stroke="{colour}" stroke-width="{weight}">' + "".join(across + down) + "</g>"


def drawing() -> str:
    """Return the whole artwork."""
    left, top, side = CODE
    panel_width, panel_height = PANEL_RIGHT - PANEL_LEFT, PANEL_BOTTOM - PANEL_TOP
    panel = f'x="{PANEL_LEFT}" y="{PANEL_TOP}" width="{panel_width:.2f}" height="{panel_height:.2f}"'
    parts = (
        f'<rect {panel} fill="{TINT}"/>',
        ribbon(),
        frame((18, 18, WIDTH - 18, HEIGHT - 18), INK, 1.6),
        frame((22.5, 22.5, WIDTH - 22.5, HEIGHT - 22.5), GOLD, 0.5),
        rosette(),
        f'<rect x="{left:g}" y="{top:g}" width="{side:g}" height="{side:g}" fill="#ffffff"/>',
        frame((left, top, left + side, top + side), MIST, 0.6),
        f'<line x1="62" y1="266" x2="602" y2="266" stroke="{GOLD}" stroke-width="0.8"/>',
    )
    definitions = (
        f'<path id="wave" d="{wave()}"/><path id="outer" d="{petals(60, 38.8, 24)}"/>'
        f'<path id="inner" d="{petals(44, 22.2, 20)}"/><clipPath id="panel"><rect {panel}/></clipPath>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n<defs>{definitions}</defs>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    Path(__file__).with_name("art.svg").write_text(drawing(), encoding="utf-8")
