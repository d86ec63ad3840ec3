"""The commented event file that an organiser begins with: every key, the optional ones behind a #."""

import re
from datetime import date, timedelta
from pathlib import Path

from certs import eventfile
from certs.errors import InputError
from certs.work.events.odd import slug_faults

_FILE = Path(__file__).parent / "new.toml"
_AHEAD = timedelta(days=28)
_VALID = timedelta(days=3 * 365)
_OPTIONAL = re.compile(r"^#(?=[a-z_]+ = |\[)", re.MULTILINE)
EXAMPLE = "[example] "


def new(slug: str, today: date) -> str:
    """Return the text of an event file for the event *slug*, its sessions four weeks from *today*.

    Raises:
        InputError: no event may have that slug.
    """
    first = today + _AHEAD
    dates = {"first": first, "second": first + timedelta(days=2), "until": first + _VALID}
    text = _FILE.read_text(encoding="utf-8").replace("{slug}", slug)
    for name, day in dates.items():
        text = text.replace(f"{{{name}}}", day.isoformat())
    try:
        eventfile.parse(text, slug)
    except InputError as error:
        raise InputError(*dict.fromkeys(problem.message for problem in error.problems)) from None
    if faults := list(slug_faults(slug)):
        raise InputError(*faults)
    return text


def filled(text: str) -> str:
    """Return *text*, which `new` gave, with every optional key in it and its examples taken for the truth."""
    return _OPTIONAL.sub("", text).replace(EXAMPLE, "")
