"""What the tail writes into the places that the page keeps: name, number, what was attended, date.

Texts are the person's own where they hold name or number. All others say the same for many people: whatever depends on
the sessions attended, the hours and the day alone is set once, neighbouring pieces together. Most of it needs no glyph
that the page itself lacks, so it stands alike on every plate. The page's own glyphs include all that numbers, counts,
hours and dates may need. Whatever needs more is set by the typesetter of the plate, whose fonts have what its names
need.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from certs.ground.number import ALPHABET, from_bits, printed
from certs.model import SessionId, Statement
from certs.pdf.design import Style, TextBlock
from certs.pdf.layout import first_baseline, piles_up, set_plain, set_text, widest
from certs.pdf.structure import marked
from certs.pdf.text import Typesetter
from certs.pdf.words import Words, attended_facts, facts_in, fill, specimen

_KEPT_TEXTS = 2048
Facts = Mapping[str, str]
"""What texts may state, by name."""


class Attended(NamedTuple):
    """What many statements have in common: which sessions, how long, and the day of issue."""

    sessions: frozenset[SessionId]
    quarter_hours: int
    issued_on: date


OwnPiece = Callable[[Typesetter, Statement], bytes]
"""What one piece of the tail's content is for a statement, on the plate of a typesetter."""
SharedPiece = Callable[[Typesetter, Attended], bytes]
"""What one piece is for all who attended the same, on the plate of a typesetter."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptText:
    """A text that the tail prints: its words with facts in braces, its style and its place.

    *complete* are the words for a person who attended every session.
    """

    block: TextBlock
    pattern: str
    complete: str
    style: Style
    x: float
    baseline: float

    @property
    def is_name(self) -> bool:
        """Say whether this is the person's name."""
        return self.pattern == "{name}"

    @property
    def is_number(self) -> bool:
        """Say whether this is the certificate's number."""
        return self.pattern == "{number}"

    @property
    def is_shared(self) -> bool:
        """Say whether many certificates have the same words here."""
        return not facts_in(self.pattern) & {"name", "number"}


class Inscription:
    """All own texts of one page, in reading order; *typesetter* is the page's, *facts* are its event's."""

    def __init__(self, typesetter: Typesetter, words: Words, facts: Facts, language: str, sessions_in_all: int) -> None:
        self._typesetter = typesetter
        self._words = words
        self._facts = facts
        self._language = language
        self._in_all = sessions_in_all
        self._own: list[KeptText] = []
        self._shared: list[KeptText] = []
        self._choices: list[tuple[SessionId, str, str]] = []
        self._runs: list[OwnPiece | _Run] = []
        self._check_shared_once = lru_cache(maxsize=_KEPT_TEXTS)(self._check_shared)
        self._takes_any_number = lru_cache(maxsize=_KEPT_TEXTS)(_takes_any_number)

    def choose(self, session: SessionId, attended: tuple[str, bytes], missed: tuple[str, bytes]) -> None:
        """Let the next piece be *attended* where *session* was attended, else *missed*: each a word and its content."""
        self._choices.append((session, attended[0], missed[0]))
        self._share(lambda _, who: attended[1] if session in who.sessions else missed[1])

    def keep(self, kept: KeptText, role: str, mcid: int) -> None:
        """Let *kept* be the next piece, the content of a structure element, and give the page the glyphs it may need.

        A name's glyphs are its plate's.
        """
        self._foresee(kept)
        if kept.is_shared:
            self._shared.append(kept)
            self._share(lambda typesetter, who: marked(role, mcid, self._show_shared(typesetter, kept, who)))
        else:
            self._own.append(kept)
            self._runs.append(lambda typesetter, one: marked(role, mcid, self._show_own(typesetter, kept, one)))

    def _share(self, piece: SharedPiece) -> None:
        """Let *piece* be the next, and part of a run where it follows another that is shared."""
        if not self._runs or not isinstance(self._runs[-1], _Run):
            self._runs.append(_Run(self._typesetter))
        run = self._runs[-1]
        if isinstance(run, _Run):
            run.pieces.append(piece)

    def _foresee(self, kept: KeptText) -> None:
        """Let the page's typesetter hand out codes for what *kept* may say."""
        facts = {**self._facts, **specimen(self._words)}
        if kept.is_number:
            self._typesetter.plain(facts["number"], kept.style.face)
        elif not kept.is_name:
            for pattern in (kept.pattern, kept.complete):
                self._typesetter.line(fill(pattern, facts), kept.style.face, self._language)

    def content(self, typesetter: Typesetter, statement: Statement) -> bytes:
        """Return what the tail prints for *statement*, except its QR code.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        who = _attended(statement)
        return b"".join(
            [run.show(typesetter, who) if isinstance(run, _Run) else run(typesetter, statement) for run in self._runs]
        )

    def words(self, statement: Statement) -> list[str]:
        """Return the texts that the tail shows for *statement*; its name and number, which all see to, among them."""
        who = _attended(statement)
        own = [self._own_text(kept, statement) for kept in self._own]
        return own + [self._shared_text(kept, who) for kept in self._shared]

    def marks(self, statement: Statement) -> str:
        """Return the words that say of each session whether *statement*'s person attended it, one after the other."""
        return " ".join(yes if session in statement.attended else no for session, yes, no in self._choices)

    def check_fit(self, statement: Statement) -> None:
        """Make sure that every text of *statement* fits; costs little unless one comes near its place's limits.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        self._check_shared_once(_attended(statement))
        for kept in self._own:
            if not (kept.is_number and self._takes_any_number(kept)):
                language = statement.language if kept.is_name else self._language
                self._check(kept, self._own_text(kept, statement), language)

    def name_setting(self, statement: Statement) -> tuple[int, bool]:
        """Return on how many lines the name stands, and whether it is smaller than the style has it.

        Raises:
            InputError: it does not fit, or has a character without glyph.
        """
        kept = next((one for one in self._own if one.is_name), None)
        if kept is None or widest(statement.name, kept.style, statement.language) <= kept.block.width:
            return 1, False
        typesetter = self._typesetter.copy()
        setting = set_text(typesetter, statement.name, kept.style, kept.block.width, statement.language)
        return len(setting.lines), setting.size < kept.style.size

    def _check_shared(self, who: Attended) -> None:
        """Make sure that what is said of all who attended the same fits.

        Raises:
            InputError: it does not, or has a character without glyph.
        """
        for kept in self._shared:
            self._check(kept, self._shared_text(kept, who), self._language)

    def _check(self, kept: KeptText, text: str, language: str) -> None:
        """Make sure that *text* fits the place kept for it.

        Raises:
            InputError: it does not, or has a character without glyph.
        """
        if widest(text, kept.style, language) > kept.block.width or piles_up(text, kept.style):
            self._show(self._typesetter.copy(), kept, text, language)

    def _own_text(self, kept: KeptText, statement: Statement) -> str:
        """Return the words of *kept* for *statement*."""
        if kept.is_name:
            return statement.name
        if kept.is_number:
            return printed(statement.number)
        who, own = _attended(statement), {"name": statement.name, "number": printed(statement.number)}
        return fill(self._pattern(kept, who), {**self._facts_of(who), **own})

    def _shared_text(self, kept: KeptText, who: Attended) -> str:
        """Return the words of *kept* for all who attended the same."""
        return fill(self._pattern(kept, who), self._facts_of(who))

    def _pattern(self, kept: KeptText, who: Attended) -> str:
        """Return the words of *kept* with facts in braces, those for a person who attended all where that is so."""
        return kept.complete if len(who.sessions) == self._in_all else kept.pattern

    def _facts_of(self, who: Attended) -> Facts:
        """Return the event's facts and those of all who attended the same."""
        return {**self._facts, **attended_facts(len(who.sessions), who.quarter_hours, who.issued_on, self._words)}

    def _show_own(self, typesetter: Typesetter, kept: KeptText, statement: Statement) -> bytes:
        """Return the operators that show *kept* for *statement*."""
        language = statement.language if kept.is_name else self._language
        return self._show(typesetter, kept, self._own_text(kept, statement), language)

    def _show_shared(self, typesetter: Typesetter, kept: KeptText, who: Attended) -> bytes:
        """Return the operators that show *kept* for all who attended the same."""
        return self._show(typesetter, kept, self._shared_text(kept, who), self._language)

    def _show(self, typesetter: Typesetter, kept: KeptText, text: str, language: str) -> bytes:
        """Return the operators that show *text* in the place kept for it."""
        style, width = kept.style, kept.block.width
        if kept.is_number:
            setting = set_plain(typesetter, text, style, width)
        else:
            setting = set_text(typesetter, text, style, width, language)
        return setting.show(kept.x, first_baseline(kept.baseline, setting, kept.block.anchor), style)


class _Run:
    """Neighbouring pieces that many certificates share; made once for all plates if the page's glyphs suffice."""

    def __init__(self, typesetter: Typesetter) -> None:
        self.pieces: list[SharedPiece] = []
        self._typesetter = typesetter
        self._alike = lru_cache(maxsize=_KEPT_TEXTS)(self._show_alike)

    def show(self, typesetter: Typesetter, who: Attended) -> bytes:
        """Return the operators of all pieces, on the plate of *typesetter*."""
        return self._alike(who) or self._show(typesetter, who)

    def _show_alike(self, who: Attended) -> bytes:
        """Return the operators that serve on any plate; nothing if they need a glyph that the page lacks."""
        typesetter = self._typesetter.copy()
        shown = self._show(typesetter, who)
        return shown if typesetter.codes == self._typesetter.codes else b""

    def _show(self, typesetter: Typesetter, who: Attended) -> bytes:
        return b"".join([piece(typesetter, who) for piece in self.pieces])


def _attended(statement: Statement) -> Attended:
    """Return what *statement* has in common with others."""
    return Attended(statement.attended, statement.quarter_hours, statement.issued_on)


def _takes_any_number(kept: KeptText) -> bool:
    """Say whether every certificate's number surely fits the place of *kept*."""
    length = len(printed(from_bits(0)))
    return max(widest(digit * length, kept.style, "") for digit in ALPHABET) <= kept.block.width
