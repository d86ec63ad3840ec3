"""Lists that come a page at a time, and what is sought in them; decisions in short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from certs.model.ids import PersonKey, SessionId

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of a list; *after* is where the next page begins, empty at the end. It means something to its list alone."""

    items: Sequence[Item]
    after: str = ""


class By(StrEnum):
    """In which order people come."""

    ADDRESS = "address"
    NAME = "name"
    """Without case and accents; who has no name comes first."""
    SECONDS = "seconds"
    """Who was longest in the windows comes first."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which decisions of an event somebody wants to see: those on *kind*, narrowed by what is said further.

    Of *search* every word must stand in the name or the address, whatever its case and accents.
    """

    kind: str
    eligible: bool | None = None
    near_miss: bool | None = None
    came: bool | None = None
    """Whether she was there for any second, whether or not that counts."""
    ruled: bool | None = None
    """Whether somebody's ruling stands in place of the rule."""
    search: str = ""
    by: By = By.ADDRESS


@dataclass(frozen=True, slots=True)
class Totals:
    """How many decisions of an event say what; *eligible* by kind, the others over all kinds.

    *people* are all, *came* those who were there, whether or not that counts. *people_eligible* and *people_near* count
    each person once, *near_misses* and *ruled* decisions.
    """

    people: int = 0
    came: int = 0
    people_eligible: int = 0
    people_near: int = 0
    near_misses: int = 0
    ruled: int = 0
    eligible: Mapping[str, int] = field(default_factory=dict)


class Entitled(NamedTuple):
    """What a certificate of somebody who earned one would state, and what that rests on, by ids; 0 for no ruling."""

    person: PersonKey
    name: str
    attended: frozenset[SessionId]
    seconds: int
    """In the windows of all sessions together."""
    evidence: tuple[int, ...]
    ruling: int
