"""Everything that is held about one person, for her: as a value for programs, and as a page that she can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from certs.errors import InputError
from certs.ground import address
from certs.model import PersonKey
from certs.model.herself import Cell, Holding
from certs.ports import Store
from certs.wording import Voice, mark, say, say_marked

_TITLES: Mapping[str, str] = {
    "person": mark("Who you are to this register"),
    "registrations": mark("Your registrations, as files listed them"),
    "joins": mark("When you joined sessions, as files listed it"),
    "marks": mark("Marks of attendance, as files listed them"),
    "unmatched": mark("Rows without an address that an organiser took for yours"),
    "evidence": mark("What organisers noted about your attendance"),
    "rulings": mark("What organisers decided about your certificate"),
    "decisions": mark("What was counted"),
    "certificates": mark("Certificates that were ordered for you"),
    "questions": mark("What was unclear about you, and how it was answered"),
    "links": mark("Personal links of yours that were withdrawn"),
    "requests": mark("What you asked for"),
    "messages": mark("Mails to you"),
    "declined": mark("That you want no mail"),
    "corrections": mark("Corrections that wait"),
    "trail": mark("Acts in the audit trail that name you"),
}
PAGE = "data.html"


@dataclass(frozen=True, slots=True)
class Data:
    """What is held about somebody, by whom and as of when."""

    holding: Holding
    held_by: str
    """The address of the site that holds it."""
    at: datetime


def collect(store: Store, typed: str, site: str, now: datetime) -> Data:
    """Return everything that is held about the person with the address *typed*.

    Raises:
        InputError: it is no address.
        NotFoundError: nobody has that address.
        StorageError: the database fails.
    """
    return Data(store.people.held(person(typed)), site, now)


def person(typed: str) -> PersonKey:
    """Return whose address was *typed*.

    Raises:
        InputError: it is none.
    """
    found = address.read(typed)
    if isinstance(found, address.BadAddress):
        raise InputError(say("{typed!r} is no e-mail address.", typed=typed))
    return found


def readable(data: Data, voice: Voice) -> str:
    """Return *data* as one page of HTML that needs nothing beside it, said by *voice*.

    Raises:
        Nothing.
    """
    parts = [(voice.say(say_marked(_TITLES[part.kind])), *_table(part.rows)) for part in data.holding.parts]
    said = {
        "title": say("What we hold about {person}", person=data.holding.person),
        "intro": say(
            "Everything that the register at {site} holds about this address, as of {at:%Y-%m-%d %H:%M} UTC. The file "
            "beside this page holds the same for programs.",
            site=data.held_by,
            at=data.at,
        ),
        "others": say(
            "Files as they were received hold other people, too; of them, the rows that are yours stand here. Of "
            "questions that mention others, their addresses are left out."
        ),
    }
    return _template().render(
        language=voice.language, parts=parts, **{name: voice.say(text) for name, text in said.items()}
    )


def _table(rows: Sequence[Mapping[str, Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """Return headings and rows, without columns in which nothing stands."""
    names = [name for name in rows[0] if any(row[name] not in {None, ""} for row in rows)]
    return [name.removesuffix("_us").replace("_", " ") for name in names], [
        [row[name] for name in names] for row in rows
    ]


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(resources.files("certs.work.herself").joinpath(PAGE).read_text("utf-8"))
