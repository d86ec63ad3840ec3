"""The pages' Jinja templates, with what every page of the site knows already in them.

An environment of our own: Flask's would bring its request, session and helpers into each page, and Jinja copies all
that is global for every answer. Macros of `parts.html` are global too, for importing them takes longer than using them.
What never changes is written into the templates when they are compiled: looked up and escaped for every answer, it took
a quarter of the time of rendering.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from certs.ground import places

FOLDER = places.shipped("templates") / "web"
STATIC = Path(__file__).with_name("static")
_MACROS = ("symbol", "headline", "name", "paper", "numberform")
_FEW_ANSWERS = ("symbol", "headline")
"""Macros that give the same for all certificates of one standing."""


class _Constants(Extension):
    """Puts a text in the place of each name of `known`, as if the template had it in quotes."""

    known: Mapping[str, str] = {}

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template."""
        for token in stream:
            constant = token.type == "name" and token.value in self.known
            yield Token(token.lineno, "string", self.known[token.value]) if constant else token


def environment(base_url: str) -> Environment:
    """Return the templates for the site at *base_url*: they know its path as `root`, its `host`, and the `style`.

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
    made.add_extension(_constants(root="/" + path[0] if path else "", host=host, style=_style_version()))
    parts = made.get_template("parts.html").module
    macros = {name: getattr(parts, name) for name in _MACROS}
    made.globals.update(macros, **{name: lru_cache(macros[name]) for name in _FEW_ANSWERS})
    return made


def _constants(**known: str) -> type[Extension]:
    return type("_Known", (_Constants,), {"known": known})


def _style_version() -> str:
    """Return a short digest of the style sheet, so that browsers may keep it for ever."""
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:8]
