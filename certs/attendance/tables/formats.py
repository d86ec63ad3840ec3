"""The exports we know, told apart by the columns of their header rows: `formats.toml` as values."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Layout(StrEnum):
    """How a table tells presence."""

    TIMES = "times"
    STATED = "stated"
    ACTIONS = "actions"
    MARKS = "marks"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Format:
    """An export known by its columns, as `formats.toml` describes it."""

    name: str
    layout: Layout
    has: frozenset[str]
    lacks: frozenset[str] = frozenset()
    zone: str = ""
    ends: str = ""
    refusal: str = ""
    asked_after: tuple[str, ...] = ()
    """The platform's own columns end with the first of these that is there; behind stand the organiser's questions."""


def format_of(columns: Iterable[str]) -> Format | None:
    """Return the first format whose columns are there."""
    found = set(columns)
    return next((f for f in formats() if f.has <= found and not f.lacks & found), None)


@cache
def formats() -> tuple[Format, ...]:
    """Return the formats of `formats.toml`, in its order."""
    text = resources.files(__package__).joinpath("formats.toml").read_text(encoding="utf-8")
    return tuple(
        Format(
            entry["name"],
            Layout(entry["layout"]),
            frozenset(entry["has"]),
            frozenset(entry.get("lacks", ())),
            entry.get("zone", ""),
            entry.get("ends", ""),
            entry.get("refusal", ""),
            tuple(entry.get("asked_after", ())),
        )
        for entry in tomllib.loads(text)["formats"]
    )
