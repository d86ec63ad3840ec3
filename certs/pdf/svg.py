"""Vector artwork: SVG as drawing programs export it becomes PDF operators; reportlab writes the outlines.

Read are `g`, shapes, `use` of anything with an id, `clipPath` of one shape, gradients as fills, paint as `svgstyle` has
it, and `transform`. What is used is written out each time: compressed that takes less than a form of its own, and
viewers, which read a form anew whenever it is shown, are quicker.
What programs note for themselves (namedview, metadata, other namespaces) is passed over. Anything else, such as text,
pictures, filters and masks, is refused by name, never left out silently.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from certs.errors import InputError
from certs.pdf import svgstyle
from certs.pdf.drawing import Drawing
from certs.pdf.gradient import Gradient, Matrix
from certs.pdf.objects import number, numbers
from certs.pdf.outline import bounds, floats
from certs.pdf.svgplace import IDENTITY, inverse, measure, moved, product, transforms
from certs.pdf.svgshape import SHAPES, length, outline_of
from certs.wording import say

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_GRADIENTS = ("linearGradient", "radialGradient")
_SILENT = frozenset(
    {
        "title",
        "desc",
        "metadata",
        "defs",
        "style",
        "clipPath",
        "symbol",
        "filter",
        "mask",
        "marker",
        "pattern",
        "script",
    }
    | {*_GRADIENTS}
)
"""What shows nothing where it stands; filters, masks, markers and patterns are refused where something wants them."""
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_REFERENCE = re.compile(r"url\(\s*['\"]?(#[^'\")]+)['\"]?\s*\)\s*(.*)")
_MOST_USES = 10_000
"""Of shapes in one drawing; uses of uses grow without bound."""
_MOST_DEPTH = 64
"""Of elements in elements."""
_LEAST_SHARE = 0.001
"""Of opacity that makes a difference."""


def load(path: Path) -> Drawing:
    """Read the drawing in *path*.

    Raises:
        InputError: it is no SVG, or uses what is not read; says what and where.
    """
    return parse(path.read_bytes(), path.name)


@lru_cache(maxsize=32)
def parse(data: bytes, name: str) -> Drawing:
    """Read a drawing; *name* stands in messages.

    Raises:
        InputError: as `load`.
    """
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 -- expat bounds what entities grow to
    except ElementTree.ParseError as error:
        line, column = error.position
        raise InputError(
            say(
                "{name}:{line}:{column}: this is no SVG file: {msg}.",
                name=name,
                line=line,
                column=column + 1,
                msg=error.msg,
            )
        ) from error
    return _Reader(name, root).drawing()


class _Reader:
    """One SVG file being read."""

    def __init__(self, name: str, root: ElementTree.Element) -> None:
        self._name = name
        self._root = root
        box = floats(root.get("viewBox", ""))
        self._size = (box[2], box[3]) if len(box) == 4 else (0.0, 0.0)
        self._defined = {f"#{element.get('id')}": element for element in root.iter() if element.get("id")}
        self._sheet = self._style_sheet()
        self._gradients: list[Gradient] = []
        self._opacities: list[tuple[float, float]] = []
        self._uses = 0
        self._inside: list[str] = []
        self._depth = 0

    def drawing(self) -> Drawing:
        """Return the whole drawing."""
        if self._root.tag != f"{_NAMESPACE}svg":
            raise self._error("its root must be an svg element")
        left, top, width, height = self._view()
        shift = b"" if left == top == 0 else b"%b cm\n" % numbers(1, 0, 0, 1, -left, -top)
        own = self._own(self._root, "svg")
        look = svgstyle.inherited(svgstyle.INHERITED, own)
        operators = (
            b"4 M\n"
            + shift
            + self._state(svgstyle.INHERITED, look)
            + self._group(self._root, look, float(own.get("opacity", "1")))
        )
        return Drawing(width, height, operators, tuple(self._gradients), tuple(self._opacities))

    def _view(self) -> tuple[float, float, float, float]:
        """Return the left and upper edge of what is shown, and its size."""
        box = floats(self._root.get("viewBox", ""))
        if len(box) != 4:
            box = [0, 0, self._length(self._root, "width"), self._length(self._root, "height")]
        if box[2] <= 0 or box[3] <= 0:
            raise self._error("its svg element needs a viewBox, or width and height")
        return box[0], box[1], box[2], box[3]

    def _style_sheet(self) -> list[svgstyle.Rule]:
        """Return the rules of all style elements."""
        sheet: list[svgstyle.Rule] = []
        for element in self._root.iter(f"{_NAMESPACE}style"):
            try:
                sheet += svgstyle.rules(element.text or "")
            except ValueError as error:
                raise self._error(f"<style> has {error}, which is not read") from None
        return sheet

    def _error(self, what: str) -> InputError:
        """Return the error that says what is wrong with this file."""
        return InputError(say("{name}: {what}.", name=self._name, what=what))

    def _own(self, element: ElementTree.Element, kind: str) -> dict[str, str]:
        """Return what *element* says of its look."""
        try:
            return svgstyle.style_of(element, kind, self._sheet)
        except ValueError as error:
            raise self._error(f"<{kind}> has {error}, which is not read") from None

    def _group(self, group: ElementTree.Element, look: svgstyle.Style, opacity: float) -> bytes:
        """Return the operators of everything inside *group*."""
        return b"".join(self._element(child, look, opacity) for child in group)

    def _element(self, element: ElementTree.Element, above: svgstyle.Style, opacity: float) -> bytes:
        """Return the operators of one element, with its own paint and place."""
        kind = str(element.tag).removeprefix(_NAMESPACE)
        if kind in _SILENT or kind.startswith("{") or not isinstance(element.tag, str):
            return b""
        own = self._own(element, kind)
        if own.get("display") == "none":
            return b""
        look = svgstyle.inherited(above, own)
        share = self._share(own.get("opacity", "1"))
        if share < 1 and kind in ("g", "a", "use") and _shapes(element) > 1:
            raise self._error(f"the opacity of a <{kind}> that holds several shapes is not read; give it to each shape")
        state = self._matrix(element) + self._clip(own) + self._state(above, look)
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise self._error(f"elements stand in one another more than {_MOST_DEPTH} deep")
        body = self._body(element, kind, look, opacity * share)
        self._depth -= 1
        return b"q %b%bQ\n" % (state, body) if state else body

    def _body(self, element: ElementTree.Element, kind: str, look: svgstyle.Style, opacity: float) -> bytes:
        """Return the operators of an element's content."""
        if kind in ("g", "a"):
            return self._group(element, look, opacity)
        if kind == "switch":
            shown = next((child for child in element if child.get("requiredExtensions") is None), None)
            return b"" if shown is None else self._element(shown, look, opacity)
        if kind == "use":
            return self._use(element, look, opacity)
        if look["visibility"] != "visible":
            return b""
        return self._painted(self._outline(element, kind), look, opacity)

    def _use(self, element: ElementTree.Element, look: svgstyle.Style, opacity: float) -> bytes:
        """Return the operators of a defined element, painted as the place where it is used says."""
        link = element.get("href") or element.get(_HREF) or ""
        target = self._defined.get(link)
        if target is None:
            raise self._error(f"<use> wants {link!r}, which is not in the file")
        self._uses += 1
        if self._uses > _MOST_USES:
            raise self._error(f"more than {_MOST_USES} shapes are used")
        if link in self._inside:
            raise self._error(f"{link!r} uses itself")
        self._inside.append(link)
        if target.tag == f"{_NAMESPACE}symbol":
            if target.get("viewBox"):
                raise self._error(f"the viewBox of the <symbol> {link!r} is not read")
            operators = self._group(target, svgstyle.inherited(look, self._own(target, "symbol")), opacity)
        else:
            operators = self._element(target, look, opacity)
        self._inside.pop()
        return operators

    # ------------------------------------------------------------ places

    def _matrix(self, element: ElementTree.Element) -> bytes:
        """Return the `cm` operators of an element's transform."""
        matrices = self._transforms(element.get("transform", ""))
        if element.tag == f"{_NAMESPACE}use":
            x, y = self._length(element, "x"), self._length(element, "y")
            if x or y:
                matrices.append((1, 0, 0, 1, x, y))
        return b"".join(map(moved, matrices))

    def _transforms(self, text: str) -> list[Matrix]:
        """Return the matrices of a transform attribute."""
        try:
            return list(transforms(text))
        except ValueError as error:
            raise self._error(f"{error} is not read") from None

    def _clip(self, own: svgstyle.Style) -> bytes:
        """Return the operators that keep an element inside its clip path."""
        wanted = own.get("clip-path", "none")
        if wanted in ("none", ""):
            return b""
        clip = self._referred(wanted, "clip-path")
        if clip.tag != f"{_NAMESPACE}clipPath":
            raise self._error(f"clip-path={wanted!r} names no <clipPath>")
        if (
            clip.get("clipPathUnits", "userSpaceOnUse") != "userSpaceOnUse"
            or self._own(clip, "clipPath").get("clip-path", "none") != "none"
        ):
            raise self._error(f"the <clipPath> {clip.get('id')!r} is of a kind that is not read")
        shapes = [child for child in clip if str(child.tag).removeprefix(_NAMESPACE) not in _SILENT]
        if len(shapes) != 1 or (clip.get("transform") and shapes[0].get("transform")):
            raise self._error(f"the <clipPath> {clip.get('id')!r} is not of one shape")
        shape = shapes[0]
        if shape.tag == f"{_NAMESPACE}use":
            shape = self._referred(f"url({shape.get('href') or shape.get(_HREF)})", "href")
        return self._clipped(clip, shape)

    def _clipped(self, clip: ElementTree.Element, shape: ElementTree.Element) -> bytes:
        """Return the operators that clip to *shape*, which may be moved; what follows is not."""
        kind = str(shape.tag).removeprefix(_NAMESPACE)
        rule = b"*" if self._own(shape, kind).get("clip-rule") == "evenodd" else b""
        there = self._transforms(clip.get("transform", "") + shape.get("transform", ""))
        try:
            back = [inverse(matrix) for matrix in reversed(there)]
        except ValueError as error:
            raise self._error(f"the <clipPath> {clip.get('id')!r} has {error}") from None
        outline = b"%b W%b n " % (self._outline(shape, kind), rule)
        return b"".join((*map(moved, there), outline, *map(moved, back)))

    def _referred(self, text: str, key: str) -> ElementTree.Element:
        """Return the element that `url(#…)` names."""
        found = _REFERENCE.fullmatch(text)
        target = self._defined.get(found[1]) if found else None
        if target is None:
            raise self._error(f"{key}={text!r} names nothing in the file")
        return target

    # ------------------------------------------------------------ paint

    def _state(self, above: svgstyle.Style, look: svgstyle.Style) -> bytes:
        """Return the operators that set what differs from *above*."""
        changed = [key for key in look if look[key] != above[key] or look[key].lower() == "currentcolor"]
        return b"".join(self._set(key, look[key], look) for key in changed)

    def _set(self, key: str, value: str, look: svgstyle.Style) -> bytes:
        """Return the operator that sets one property."""
        try:
            match key:
                case "fill" | "stroke":
                    colour = self._colour(value, look)
                    return b"%b %b " % (colour.operands, b"rg" if key == "fill" else b"RG") if colour else b""
                case "stroke-width":
                    return b"%b w " % number(measure(value))
                case "stroke-linecap":
                    return b"%d J " % _CAPS[value]
                case "stroke-linejoin":
                    return b"%d j " % _JOINS[value]
                case "stroke-miterlimit":
                    return b"%b M " % number(float(value))
                case "stroke-dasharray" | "stroke-dashoffset":
                    return self._dashes(look)
        except (KeyError, ValueError):
            raise self._error(f"{key}={value!r} is not read") from None
        return b""

    def _dashes(self, look: svgstyle.Style) -> bytes:
        """Return the operator that sets dashes."""
        text = look["stroke-dasharray"]
        dashes = [] if text == "none" else [measure(part) for part in re.split(r"[\s,]+", text.strip())]
        if any(dash < 0 for dash in dashes):
            raise ValueError(text)
        whole = dashes if any(dashes) else []
        return b"[%b]%b d " % (numbers(*whole), number(measure(look["stroke-dashoffset"])))

    def _colour(self, value: str, look: svgstyle.Style) -> svgstyle.Colour | None:
        """Return the colour that *value* names; nothing for none, or for a gradient.

        Raises:
            ValueError: it is no colour.
        """
        if value in ("none", "transparent") or value.startswith("url("):
            return None
        return svgstyle.paint(look["color"] if value.lower() == "currentcolor" else value)

    def _share(self, text: str) -> float:
        """Return an opacity."""
        try:
            share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            raise self._error(f"the opacity {text!r} is not read") from None
        return min(max(share, 0), 1)

    def _painted(self, outline: bytes, look: svgstyle.Style, opacity: float) -> bytes:
        """Return the operators that fill *outline* and draw its line."""
        if look["stroke"].startswith("url("):
            raise self._error(f"stroke={look['stroke']!r}: a line has one colour; make an area of it")
        area, line = (self._opacity(key, look) * opacity for key in ("fill", "stroke"))
        rule = b"*" if look["fill-rule"] == "evenodd" else b""
        filled, drawn = look["fill"] not in ("none", "transparent"), look["stroke"] not in ("none", "transparent")
        if filled and look["fill"].startswith("url("):
            body = self._shaded(outline, rule, look, area) + (b"%b S\n" % outline if drawn else b"")
        else:
            paint = {(True, True): b"B", (True, False): b"f", (False, True): b"S", (False, False): b"n"}[filled, drawn]
            body = b"%b %b%b\n" % (outline, paint, rule if filled else b"")
        return self._see_through(body, area, line)

    def _see_through(self, body: bytes, area: float, line: float) -> bytes:
        """Return *body* with areas and lines as opaque as they are to be."""
        shares = round(area, 3), round(line, 3)
        if min(shares) > 1 - _LEAST_SHARE:
            return body
        if shares not in self._opacities:
            self._opacities.append(shares)
        return b"q /O%d gs %bQ\n" % (self._opacities.index(shares), body)

    def _opacity(self, key: str, look: svgstyle.Style) -> float:
        """Return how opaque areas (`fill`) or lines (`stroke`) are by themselves."""
        colour = self._colour(look[key], look)
        return self._share(look[f"{key}-opacity"]) * (colour.opacity if colour else 1)

    # ------------------------------------------------------------ gradients

    def _shaded(self, outline: bytes, rule: bytes, look: svgstyle.Style, area: float) -> bytes:
        """Return the operators that fill *outline* with a gradient."""
        gradient = self._gradient(self._referred(look["fill"], "fill"), look)
        if gradient is None:
            return b"%b n\n" % outline
        if gradient not in self._gradients:
            self._gradients.append(gradient)
        name = b"S%d" % self._gradients.index(gradient)
        return gradient.operators(outline, rule, bounds(outline), name) if area else b""

    def _gradient(self, element: ElementTree.Element, look: svgstyle.Style) -> Gradient | None:
        """Return the gradient that *element* describes; nothing if it has no stops."""
        kind = str(element.tag).removeprefix(_NAMESPACE)
        if kind not in _GRADIENTS:
            raise self._error(f"fill={look['fill']!r} names a <{kind}>, which is not read as paint")
        chain = self._chain(element)
        said = {key: value for one in reversed(chain) for key, value in one.attrib.items()}
        stops = next((found for one in chain if (found := self._stops(one, look))), ())
        if said.get("spreadMethod", "pad") != "pad":
            raise self._error(f"spreadMethod={said['spreadMethod']!r} of a <{kind}> is not read")
        of_box = said.get("gradientUnits", "objectBoundingBox") == "objectBoundingBox"
        matrix = IDENTITY
        for one in self._transforms(said.get("gradientTransform", "")):
            matrix = product(matrix, one)
        return Gradient(self._coords(kind, said, of_box=of_box), stops, matrix, of_box) if stops else None

    def _chain(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        """Return a gradient and those that it goes on from."""
        chain = [element]
        while (link := chain[-1].get("href") or chain[-1].get(_HREF)) and len(chain) < _MOST_DEPTH:
            chain.append(self._referred(f"url({link})", "href"))
        return chain

    def _coords(self, kind: str, said: Mapping[str, str], *, of_box: bool) -> tuple[float, ...]:
        """Return the ends of a line, or two circles."""
        width, height = self._view()[2:]

        def at(key: str, default: str, whole: float) -> float:
            return measure(said.get(key, default), 1 if of_box else whole)

        if kind == "linearGradient":
            return at("x1", "0%", width), at("y1", "0%", height), at("x2", "100%", width), at("y2", "0%", height)
        cx, cy, radius = at("cx", "50%", width), at("cy", "50%", height), at("r", "50%", max(width, height))
        fx = at("fx", "0", width) if "fx" in said else cx
        fy = at("fy", "0", height) if "fy" in said else cy
        return fx, fy, at("fr", "0", width), cx, cy, radius

    def _stops(self, gradient: ElementTree.Element, look: svgstyle.Style) -> tuple[tuple[float, bytes], ...]:
        """Return the colours of a gradient and where they stand."""
        found: list[tuple[float, bytes]] = []
        for stop in gradient.iter(f"{_NAMESPACE}stop"):
            own = self._own(stop, "stop")
            try:
                colour = self._colour(own.get("stop-color", "#000000"), look)
            except ValueError:
                raise self._error(f"stop-color={own['stop-color']!r} is not read") from None
            if colour is None or self._share(own.get("stop-opacity", "1")) * colour.opacity < 1 - _LEAST_SHARE:
                raise self._error("a gradient that fades into nothing is not read; let it fade into a colour")
            offset = min(max(self._share(stop.get("offset", "0")), found[-1][0] if found else 0), 1)
            found.append((offset, colour.operands))
        return tuple(found)

    # ------------------------------------------------------------ outlines

    def _outline(self, element: ElementTree.Element, kind: str) -> bytes:
        """Return the path operators of a shape."""
        if kind not in SHAPES:
            hint = "; turn it into paths" if kind in ("text", "flowRoot") else ""
            raise self._error(f"the element <{kind}> is not read{hint}")
        try:
            return outline_of(element, kind, self._size)
        except ValueError as error:
            raise self._error(f"the outline of a <{kind}> cannot be read: {error}") from error

    def _length(self, element: ElementTree.Element, key: str) -> float:
        """Return a length, 0 if absent."""
        try:
            return length(element, key, self._size)
        except ValueError:
            kind = str(element.tag).removeprefix(_NAMESPACE)
            raise self._error(f"{key}={element.get(key)!r} of a <{kind}> is not read") from None


def _shapes(element: ElementTree.Element) -> int:
    """Count what an element shows; what it uses counts as several."""
    kinds = [str(one.tag).removeprefix(_NAMESPACE) for one in element.iter()]
    return sum(2 if kind == "use" else kind not in ("g", "a") and kind not in _SILENT for kind in kinds)


def colour(text: str) -> bytes:
    """Return `#rgb` or `#rrggbb` as three numbers from 0 to 1.

    Raises:
        ValueError: it is neither.
    """
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or not text.startswith("#"):
        raise ValueError(text)
    return numbers(*(int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)))
