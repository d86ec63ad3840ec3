"""Draw `art.svg` of this folder: `python templates/certificates/classic/draw_art.py`.

The guilloche is one curve shown many times: a wave for the ribbon, a petal line for the rosette. Any vector editor
could have drawn it; this script only spares the arithmetic.
"""

from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path

WIDTH, HEIGHT = 841.89, 595.28
INK, TEAL, GOLD, MIST, TINT = "#12303f", "#0f6070", "#b8913c", "#c5d7da", "#f5f8f8"
PANEL_LEFT, PANEL_RIGHT = 634.0, WIDTH - 27.0
PANEL_TOP, PANEL_BOTTOM = 27.0, HEIGHT - 27.0
_PIECES_PER_LOBE = 2
"""Few curves to a line are enough where its tangents are exact; viewers read them anew each time it is shown."""
ROSETTE = 737.0, 118.0

Point = tuple[float, float]


def curve(points: list[Point], slopes: list[Point]) -> str:
    """Return cubic curves through *points*, at each of which the curve runs along its slope (Hermite form)."""
    pairs = list(zip(points, slopes, strict=True))
    out = [f"M{points[0][0]:.2f} {points[0][1]:.2f}"]
    for ((x1, y1), (dx1, dy1)), ((x2, y2), (dx2, dy2)) in pairwise(pairs):
        controls = x1 + dx1 / 3, y1 + dy1 / 3, x2 - dx2 / 3, y2 - dy2 / 3, x2, y2
        out.append("C" + " ".join(f"{value:.2f}" for value in controls))
    return "".join(out)


def wave() -> str:
    """Return a tall wave about x = 0, of slowly changing amplitude; pieces join where the quicker part turns back."""
    (fast, wide), (slow, narrow) = (9, 7.2), (4.5, 3.2)
    step, down = pi / fast, (PANEL_BOTTOM - PANEL_TOP) / (2 * fast)
    points, slopes = [], []
    for i in range(2 * fast + 2):
        turn = (i - 0.5) * step
        points.append((wide * sin(fast * turn) + narrow * sin(slow * turn), PANEL_TOP + (i - 0.5) * down))
        slopes.append((step * slow * narrow * cos(slow * turn), down))
    return curve(points, slopes)


def petals(radius: float, depth: float, lobes: int) -> str:
    """Return a closed curve of *lobes* petals about the origin; pieces join their tips and feet."""
    step = 2 * pi / (lobes * _PIECES_PER_LOBE)
    points, slopes = [], []
    for i in range(lobes * _PIECES_PER_LOBE + 1):
        x, y = cos(i * step), sin(i * step)
        r = radius * (1 - depth + depth * cos(lobes * i * step))
        points.append((r * x, r * y))
        slopes.append((-r * y * step, r * x * step))
    return curve(points, slopes) + "Z"


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
        f'<g transform="translate({ROSETTE[0]:.2f} {ROSETTE[1]:.2f})">'
        f'<circle cx="0" cy="0" r="63" fill="#ffffff"/>'
        f'<g fill="none" stroke-width="0.35"><g stroke="{TEAL}">{outer}</g><g stroke="{GOLD}">{inner}</g></g>'
        f'<circle cx="0" cy="0" r="21.5" fill="#ffffff" stroke="{GOLD}" stroke-width="0.7"/>'
        f'<circle cx="0" cy="0" r="19.2" fill="none" stroke="{TEAL}" stroke-width="0.35"/>'
        f'<path d="{star(8)}" fill="{TEAL}"/><circle cx="0" cy="0" r="2.2" fill="#ffffff"/></g>'
    )


def ribbon() -> str:
    """Return the guilloche down the panel's left edge."""
    steps = range(12)
    there = uses("wave", [f"translate({PANEL_LEFT + 13:.2f} {(i - 6) * 2.4:g})" for i in steps])
    back = uses("wave", [f"translate({PANEL_LEFT + 13:.2f} {(i - 6) * 2.4:g}) scale(-1 1)" for i in steps])
    return f'<g fill="none" stroke-width="0.3"><g stroke="{TEAL}">{there}</g><g stroke="{GOLD}">{back}</g></g>'


def frame(inset: float, colour: str, weight: float) -> str:
    """Return a line around the page, *inset* from its edges."""
    size = f'width="{WIDTH - 2 * inset:.2f}" height="{HEIGHT - 2 * inset:.2f}"'
    return f'<rect x="{inset}" y="{inset}" {size} fill="none" stroke="{colour}" stroke-width="{weight}"/>'


def drawing() -> str:
    """Return the whole artwork."""
    panel_width, panel_height = PANEL_RIGHT - PANEL_LEFT, PANEL_BOTTOM - PANEL_TOP
    parts = (
        f'<rect x="{PANEL_LEFT}" y="{PANEL_TOP}" width="{panel_width:.2f}" height="{panel_height:.2f}" fill="{TINT}"/>',
        ribbon(),
        f'<rect x="{PANEL_LEFT - 8}" y="0" width="8" height="{HEIGHT}" fill="#ffffff"/>',
        f'<rect x="0" y="0" width="{WIDTH}" height="{PANEL_TOP}" fill="#ffffff"/>',
        f'<rect x="0" y="{PANEL_BOTTOM}" width="{WIDTH}" height="{HEIGHT - PANEL_BOTTOM:.2f}" fill="#ffffff"/>',
        frame(18, INK, 1.6),
        frame(22.5, GOLD, 0.5),
        rosette(),
        f'<rect x="676" y="226" width="122" height="122" fill="#ffffff" stroke="{MIST}" stroke-width="0.6"/>',
        f'<line x1="62" y1="260.5" x2="602" y2="260.5" stroke="{GOLD}" stroke-width="0.8"/>',
    )
    definitions = (
        f'<path id="wave" d="{wave()}"/><path id="outer" d="{petals(60, 0.17, 24)}"/>'
        f'<path id="inner" d="{petals(44, 0.24, 20)}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n<defs>{definitions}</defs>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    Path(__file__).with_name("art.svg").write_text(drawing(), encoding="utf-8")
