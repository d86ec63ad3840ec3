"""The shapes of SVG as outlines; percentages are of the drawing's width or height."""

from xml.etree import ElementTree

from certs.pdf.outline import ellipse, floats, path, polygon, rectangle, rounded
from certs.pdf.svgplace import measure

SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_ACROSS = frozenset({"x", "x1", "x2", "cx", "rx", "width"})

Size = tuple[float, float]


def outline_of(element: ElementTree.Element, kind: str, size: Size) -> bytes:
    """Return the path operators of a shape, one of `SHAPES`.

    Raises:
        ValueError: they cannot be read.
    """
    match kind:
        case "path":
            return path(element.get("d", ""))
        case "rect":
            return _rectangle(element, size)
        case "circle":
            x, y, radius = (length(element, key, size) for key in ("cx", "cy", "r"))
            return ellipse(x, y, radius, radius)
        case "ellipse":
            return ellipse(*(length(element, key, size) for key in ("cx", "cy", "rx", "ry")))
        case "line":
            return polygon([length(element, key, size) for key in ("x1", "y1", "x2", "y2")], closed=False)
        case "polyline" | "polygon":
            return polygon(floats(element.get("points", "")), closed=kind == "polygon")
    raise ValueError(kind)


def length(element: ElementTree.Element, key: str, size: Size) -> float:
    """Return a length, 0 if absent.

    Raises:
        ValueError: it is none.
    """
    return measure(element.get(key, "0"), size[0] if key in _ACROSS else size[1])


def _rectangle(element: ElementTree.Element, size: Size) -> bytes:
    """Return a rectangle; where one radius of its corners is given, the other is alike."""
    x, y, width, height = (length(element, key, size) for key in ("x", "y", "width", "height"))
    given = [length(element, key, size) for key in ("rx", "ry") if element.get(key, "auto") != "auto"]
    if not given or min(given) <= 0:
        return rectangle(x, y, width, height)
    return rounded(x, y, width, height, given[0], given[-1])
