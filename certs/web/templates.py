"""The pages' Jinja templates, with what every page of the site knows already in them.

An environment of our own: Flask's would bring its request, session and helpers into each page, and Jinja copies all
that is global for every answer. Macros of `parts.html` are global too, for importing them takes longer than using them.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

FOLDER = Path(__file__).parents[2] / "templates" / "web"
STATIC = Path(__file__).with_name("static")
_MACROS = ("symbol", "name", "paper", "numberform")


def environment(base_url: str) -> Environment:
    """Return the templates for the site at *base_url*: they know its path as `root`, and `host`.

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
    made.globals.update(root=escape("/" + path[0] if path else ""), host=escape(host), style=_style_version())
    parts = made.get_template("parts.html").module
    macros = {name: getattr(parts, name) for name in _MACROS}
    made.globals.update(macros, symbol=lru_cache(macros["symbol"]))
    return made


def _style_version() -> str:
    """Return a short digest of the style sheet, so that browsers may keep it for ever."""
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:8]
