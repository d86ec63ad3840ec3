"""What SVG says about paint: presentation attributes, `style` attributes and a `<style>` element, as one table.

Read is what drawing programs write: simple selectors (`.a`, `#b`, `path`, `path.a`, several with commas) and the
properties of `PROPERTIES`. What changes nothing on paper is passed over; what would and is not read is refused by name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from PIL import ImageColor

from certs.pdf.objects import numbers

INHERITED = {
    "fill": "#000000",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "fill-rule": "nonzero",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "clip-rule": "nonzero",
    "visibility": "visible",
    "color": "#000000",
}
"""Properties that an element hands on to what it holds, and what they are at first."""
OWN = {"opacity": "1", "display": "inline", "clip-path": "none", "stop-color": "#000000", "stop-opacity": "1"}
"""Properties of an element alone."""
PROPERTIES = frozenset(INHERITED) | frozenset(OWN)
_PLAIN = {
    "filter": {"none"},
    "mask": {"none"},
    "marker": {"none"},
    "marker-start": {"none"},
    "marker-mid": {"none"},
    "marker-end": {"none"},
    "mix-blend-mode": {"normal"},
    "transform": {"none"},
    "transform-origin": {"0 0", "0px 0px"},
    "vector-effect": {"none"},
    "paint-order": {"normal", "fill", "fill stroke", "fill stroke markers"},
    "stroke-alignment": {"center"},
}
"""Properties that are not read, with the values that ask for nothing."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_RGB = re.compile(r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)\s*(?:[,/]\s*([\d.]+%?)\s*)?\)")

Style = Mapping[str, str]


class Colour(NamedTuple):
    """Three numbers from 0 to 1 as operands, and how opaque it is."""

    operands: bytes
    opacity: float


class Rule(NamedTuple):
    """What elements of one selector look like; *tag* is empty for any, *weight* tells which of two rules counts."""

    tag: str
    marks: frozenset[str]
    weight: tuple[int, int, int]
    style: Style


def rules(text: str) -> Iterator[Rule]:
    """Yield the rules of a style sheet, in their order.

    Raises:
        ValueError: it has what is not read, which the message names.
    """
    text = _COMMENT.sub("", text).replace("<!--", "").replace("-->", "")
    if "@" in text:
        raise ValueError(text[text.index("@") :].split(None, 1)[0])
    if _RULE.sub("", text).strip():
        raise ValueError(_RULE.sub("", text).strip()[:40])
    for selectors, body in _RULE.findall(text):
        style = declarations(body)
        for selector in selectors.split(","):
            found = _SELECTOR.fullmatch(selector.strip())
            if not found or not selector.strip():
                raise ValueError(f"selector {selector.strip()}")
            marks = frozenset(re.findall(r"[.#][\w-]+", found[2]))
            tag = "" if found[1] in (None, "*") else found[1]
            ids = sum(mark.startswith("#") for mark in marks)
            yield Rule(tag, marks, (ids, len(marks) - ids, bool(tag)), style)


def declarations(text: str) -> dict[str, str]:
    """Return the properties in a `style` attribute or a rule's body that are read.

    Raises:
        ValueError: one would change the picture and is not read; the message names it.
    """
    found = {}
    for declaration in _COMMENT.sub("", text).split(";"):
        key, colon, value = (part.strip() for part in declaration.partition(":"))
        if colon:
            found[key.lower()] = value.removesuffix("!important").strip()
    return {key: value for key, value in found.items() if _known(key, value)}


def _known(key: str, value: str) -> bool:
    """Say whether a property is one that is read.

    Raises:
        ValueError: it is not, and would change the picture.
    """
    if key in PROPERTIES:
        return True
    if key in _PLAIN and value.lower() not in _PLAIN[key]:
        raise ValueError(f"{key}:{value}")
    return False


def style_of(element: ElementTree.Element, tag: str, sheet: list[Rule]) -> dict[str, str]:
    """Return what *element* itself says: its attributes, before them the sheet's rules, before all its `style`.

    Raises:
        ValueError: as `declarations`.
    """
    plain = {key: value.strip() for key, value in element.attrib.items() if _known_attribute(key, value)}
    marks = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id', '')}"}
    fitting = [rule for rule in sheet if rule.tag in ("", tag) and rule.marks <= marks]
    for rule in sorted(fitting, key=lambda rule: rule.weight):
        plain.update(rule.style)
    return plain | declarations(element.get("style", ""))


def _known_attribute(key: str, value: str) -> bool:
    """Say whether an attribute is a property that is read; `transform` has a place of its own."""
    return key != "transform" and _known(key, value.strip())


def inherited(above: Style, own: Style) -> dict[str, str]:
    """Return what an element below *above* looks like that says *own*."""
    return {key: above[key] if own.get(key, "inherit") == "inherit" else own[key] for key in INHERITED}


def paint(text: str) -> Colour:
    """Return a colour by name, in hex, as `rgb()` or `rgba()`.

    Raises:
        ValueError: it is none of these.
    """
    if found := _RGB.fullmatch(text.strip().lower()):
        red, green, blue = (_share(part, 255) for part in found.groups()[:3])
        return Colour(numbers(red, green, blue), _share(found[4], 1) if found[4] else 1)
    parts = ImageColor.getrgb(text.strip())
    return Colour(numbers(*(part / 255 for part in parts[:3])), parts[3] / 255 if len(parts) > 3 else 1)


def _share(text: str, whole: float) -> float:
    """Return a number, or a percentage, as a share of *whole* from 0 to 1."""
    share = float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole
    return min(max(share, 0), 1)
