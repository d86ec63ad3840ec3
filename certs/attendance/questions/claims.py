"""Rows without an address: which of them are one question, whose they may be, and what speaks for it.

All rows that bear one full name are one question. What names nobody (a device, a number, *Zoom user*) may be another
person's each time, and one word alone may be another's in each session: those are asked about apart, so that no answer
credits the rows of several people to one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from certs.attendance.questions.question import Evidence, Question, QuestionKind, RowsKey, rows_keys
from certs.attendance.questions.telephones import Telephones
from certs.ground import names
from certs.model import Candidate, Join, PersonKey, SessionId

MOST_SHARING = 200
"""A word that more people have in their names tells nothing about whose a row is."""
_MOST_CANDIDATES = 5
_FULL = 2
"""Words that tell one person from another."""


@dataclass(slots=True)
class Rows:
    """Rows that are one question: how many, the first of them, and their sessions, a bit for each."""

    count: int = 0
    first: list[Evidence] = field(default_factory=list)
    sessions: int = 0
    numbers: set[str] = field(default_factory=set)
    """Their telephone numbers, a few."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with an address: *sessions* has a bit for each that she joined under it."""

    person: PersonKey
    name: str
    is_registered: bool
    sessions: int


def key_of(join: Join, answered: Collection[RowsKey]) -> RowsKey:
    """Return the key of the question that *join* belongs to; what was *answered* for a session stays its own."""
    one, session, everywhere = rows_keys(join)
    if one in answered or session in answered:
        return one if one in answered else session
    return (one, session, everywhere)[_told(join.name)]


@lru_cache(maxsize=8192)
def _told(name: str) -> int:
    """Return how far a name as listed tells people apart: 0 not at all, 1 within a session, 2 within an event."""
    plain = names.from_display(name)[0]
    if names.is_nobody(plain):
        return 0
    return 2 if len(names.words(plain)) >= _FULL else 1


def questions(
    rows: Mapping[RowsKey, Rows], people: Iterable[Known], sessions: Sequence[SessionId], telephones: Telephones
) -> Iterator[Question]:
    """Ask whose the *rows* are, with those of *people* who may be meant; *sessions* are those of the bits.

    Those whose telephone a row has, by *telephones*, may be meant whatever their names.

    Raises:
        Nothing.
    """
    called = {key: _owners(found, telephones) for key, found in rows.items() if found.numbers}
    sought = {person for owners in called.values() for person in owners}
    directory = _Directory(people, {word for _, name, _ in rows for word in names.searched(name)}, sought)
    for key, found in rows.items():
        session, name, which = key
        claims = directory.claims(name, found.sessions, called.get(key, {}))
        whom = tuple(claim.candidate() for claim in claims[:_MOST_CANDIDATES])
        yield Question(
            QuestionKind.NO_EMAIL,
            name,
            _text(key, found, [id_ for bit, id_ in enumerate(sessions) if found.sessions >> bit & 1]),
            session=session,
            candidates=tuple(one.person for one in whom),
            assumed="nobody",
            evidence=tuple(found.first),
            rows=which,
            whom=whom,
            suggestion=_suggested(key, claims),
        )


def _owners(rows: Rows, telephones: Telephones) -> Mapping[PersonKey, str]:
    """Return whose the telephone of *rows* is, nobody's where they have several."""
    return telephones.owners(next(iter(rows.numbers))) if len(rows.numbers) == 1 else {}


def _text(key: RowsKey, rows: Rows, sessions: Sequence[SessionId]) -> str:
    session, name, which = key
    if which:
        return f'Whose is "{name}" in session {session}, without an address: {which}?'
    number = "a row" if rows.count == 1 else f"{rows.count:,} rows"
    if session is not None:
        return f'Whose is "{name}" in session {session}, {number} without an address?'
    listed = f"sessions {', '.join(sessions[:-1])} and {sessions[-1]}" if sessions[1:] else f"session {sessions[0]}"
    return f'Who is "{name}", {number} without an address in {listed}?'


@dataclass(frozen=True, slots=True)
class _Claim:
    """How well the name of somebody *known* fits rows in *sessions*."""

    known: Known
    is_exact: bool
    shared: int
    sessions: int
    telephone: str = ""
    """That a telephone is hers, in words."""

    @property
    def is_absent(self) -> bool:
        """Whether her address joined none of the sessions of the rows: one is not in two places."""
        return not self.known.sessions & self.sessions

    @property
    def rank(self) -> tuple[bool, bool, bool, int, bool, PersonKey]:
        """What claims are sorted by, the best first."""
        return (
            not self.telephone,
            not self.is_exact,
            not self.is_absent,
            -self.shared,
            not self.known.is_registered,
            self.known.person,
        )

    def candidate(self) -> Candidate:
        """Return her with what speaks for her."""
        words = f"{self.shared} of the words" if self.shared > 1 else "a word"
        name = "the same name" if self.is_exact else f"shares {words} of the name" if self.shared else ""
        reasons = [
            *filter(None, (self.telephone, name)),
            "registered" if self.known.is_registered else "not registered",
            self._presence(),
        ]
        return Candidate(self.known.person, self.known.name, tuple(reasons))

    def _presence(self) -> str:
        if not self.known.sessions:
            return "this address joined no session"
        if both := (self.known.sessions & self.sessions).bit_count():
            return f"this address joined {both} of these sessions itself"
        return f"this address joined {self.known.sessions.bit_count()} other sessions, and none of these"


class _Directory:
    """People by the words of their names that are looked for."""

    def __init__(self, people: Iterable[Known], searched: Collection[str], sought: Collection[PersonKey]) -> None:
        self._by_word: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[frozenset[str], list[Known]] = defaultdict(list)
        self._sought: dict[PersonKey, Known] = {}
        for one in people:
            if one.person in sought:
                self._sought[one.person] = one
            words = names.words(one.name)
            if not words.isdisjoint(searched):
                self._by_name[words].append(one)
                for word in words & frozenset(searched):
                    self._by_word[word].append(one)

    def claims(self, name: str, sessions: int, called: Mapping[PersonKey, str]) -> list[_Claim]:
        """Return whose rows of that *name* may be, best first: who shares two words with it, or all there are.

        Those whose telephone it is, *called* so in words, may be meant anyhow.
        """
        words = names.searched(name)
        same = self._by_name.get(words, []) if words else []
        shared: dict[PersonKey, int] = dict.fromkeys((one.person for one in same), len(words))
        found = {one.person: one for one in same}
        for word in words:
            bearers = self._by_word.get(word, ())
            for one in bearers if len(bearers) <= MOST_SHARING else ():
                found[one.person] = one
                shared[one.person] = min(shared.get(one.person, 0) + 1, len(words))
        found |= {person: self._sought[person] for person in called if person in self._sought}
        plain = names.comparable(names.from_display(name)[0])
        claims = [
            _Claim(one, names.comparable(one.name) == plain, shared.get(person, 0), sessions, called.get(person, ""))
            for person, one in found.items()
            if person in called or shared[person] >= min(_FULL, len(words))
        ]
        return sorted(claims, key=lambda claim: claim.rank)


def _suggested(key: RowsKey, claims: Sequence[_Claim]) -> str:
    """Return the one person who has exactly that full name, and whose address joined none of these sessions.

    Nobody is suggested if another has that name, too, or its words in another order and was not there herself.
    """
    if key[0] is not None or not claims:
        return ""
    best, words = claims[0], names.words(claims[0].known.name)
    rivals = [one for one in claims[1:] if names.words(one.known.name) == words]
    ruled_out = not any(one.is_exact or one.is_absent for one in rivals)
    return best.known.person if best.is_exact and best.is_absent and ruled_out else ""
