"""The pages' Jinja templates, with what every page of the site knows already in them.

An environment of our own: Flask's would bring its request, session and helpers into each page, and Jinja copies all
that is global for every answer. Macros of `parts.html` are global too, for importing them takes longer than using them.
What never changes is written into the templates when they are compiled: looked up and escaped for every answer, it took
a quarter of the time of rendering. So are the page's own words: `_("…")` becomes the text in the language of the
templates, of which there are one environment for each, made when it is first spoken. Facts are put into a text behind
it: `{{ _("Checked at {host}.")|fill(host=host) }}`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from certs.ground import places
from certs.web.edge.language import NAMES, RIGHT_TO_LEFT, VOICES

FOLDER = places.shipped("templates") / "web"
STATIC = Path(__file__).with_name("static")
_MACROS = ("symbol", "headline", "name", "paper", "numberform", "linkedin", "demo", "bold", "strong", "top", "foot")
_FEW_ANSWERS = ("symbol", "headline", "demo", "bold", "strong", "top", "foot")
"""Macros that give the same for all certificates of one standing, or for all pages."""


class _Constants(Extension):
    """Puts a text in the place of each name of `known`, as if the template had it in quotes.

    What stands behind a dot, or names an argument, is another name.
    """

    known: Mapping[str, str] = {}

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template."""
        before = ""
        for token in stream:
            named = token.type == "name" and before != "dot" and stream.current.type != "assign"
            before = token.type
            constant = named and token.value in self.known
            yield Token(token.lineno, "string", self.known[token.value]) if constant else token


class _Words(Extension):
    """Puts the words of `language` in the place of `_("…")`, as if the template had them in quotes."""

    language: ClassVar[str] = ""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template."""
        for token in stream:
            if token.type == "name" and token.value == "_" and stream.current.type == "lparen":
                next(stream)
                text = next(stream)
                stream.expect("rparen")
                yield Token(text.lineno, "string", VOICES[self.language].message_as_it_is(text.value))
            else:
                yield token


class Pages:
    """The templates of the site at *base_url* in every language."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._made: dict[str, Environment] = {}

    def of(self, language: str) -> Environment:
        """Return the templates in *language*.

        Raises:
            OSError: the style sheet is not there.
        """
        found = self._made.get(language)
        if found is None:
            found = self._made[language] = environment(self._base_url, language)
        return found


def environment(base_url: str, language: str) -> Environment:
    """Return the templates for the site at *base_url* in *language*.

    They know its path as `root`, its `host`, its address as `base`, the `style`, the language `spoken` and its
    `direction`.

    Raises:
        OSError: the style sheet is not there.
    """
    _, _, host, *path = base_url.split("/", 3)
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.clear()
    made.filters["fill"] = _filled
    made.add_extension(type("_Spoken", (_Words,), {"language": language}))
    made.add_extension(
        _constants(
            root="/" + path[0] if path else "",
            host=host,
            base=base_url,
            style=_style_version(),
            spoken=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        )
    )
    made.globals["languages"] = _languages(language)
    parts = made.get_template("parts.html").module
    macros = {name: getattr(parts, name) for name in _MACROS}
    made.globals.update(macros, **{name: lru_cache(macros[name]) for name in _FEW_ANSWERS})
    return made


def _constants(**known: str) -> type[Extension]:
    return type("_Known", (_Constants,), {"known": known})


def _filled(text: str, **facts: object) -> Markup:
    """Return *text* with its facts; what is no markup in them is escaped."""
    return escape(text).format(**facts)


def _languages(here: str) -> Callable[[str], Markup]:
    """Return what gives the links to a page in every language, where the code of each follows *switch*."""
    link = Markup('<a href="{}{}" hreflang="{}" lang="{}"{}>{}</a>\n')

    def links(switch: str) -> Markup:
        current = {here: Markup(' aria-current="true"')}
        return Markup("").join(
            link.format(switch, code, code, code, current.get(code, ""), name) for code, name in NAMES.items()
        )

    return links


def _style_version() -> str:
    """Return a short digest of the style sheet, so that browsers may keep it for ever."""
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:8]
