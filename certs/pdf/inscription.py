"""What the tail writes into the places that the page keeps: name, number, what was attended, date.

Most texts but names and numbers need no glyph that the page itself lacks; such a text is set once and stands alike on
every plate. The page's own glyphs include all that numbers, counts, hours and dates may need. Whatever needs more is
set by the typesetter of the plate, whose fonts have what its names need.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from certs.model import SessionId, Statement
from certs.pdf.design import Style, TextBlock
from certs.pdf.layout import first_baseline, set_plain, set_text, widest
from certs.pdf.structure import marked
from certs.pdf.text import Typesetter
from certs.pdf.words import Words, facts_in, fill, own_facts, specimen

_KEPT_TEXTS = 2048
Facts = Mapping[str, str]
"""What texts may state, by name."""
Content = Callable[[Typesetter, Statement, Facts], bytes]
"""What one piece of the tail's content is for a statement, on the plate of a typesetter."""
Check = Callable[["KeptText", str, str], None]
"""Makes sure that a text in a language fits the place kept for it."""


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

    def text(self, statement: Statement, facts: Facts) -> str:
        """Return the words for *statement*."""
        everything = statement.sessions_attended == statement.sessions_in_all
        return fill(self.complete if everything else self.pattern, facts)

    def language(self, statement: Statement) -> str:
        """Return the language of the words: the person's for the name, else the event's."""
        return statement.language if self.is_name else statement.event.language


class Inscription:
    """All own texts of one page, in reading order; *typesetter* is the page's."""

    def __init__(self, typesetter: Typesetter, words: Words, facts: Facts, language: str) -> None:
        self._typesetter = typesetter
        self._words = words
        self._facts = facts
        self._language = language
        self._kept: list[tuple[KeptText, Check]] = []
        self._pieces: list[Content] = []
        self._alike = lru_cache(maxsize=_KEPT_TEXTS)(self._show_alike)
        self._check_once = lru_cache(maxsize=_KEPT_TEXTS)(self._check)

    def add(self, role: str, mcid: int, content: Content) -> None:
        """Let *content* be the next piece, marked as the content of a structure element."""
        self._pieces.append(
            lambda typesetter, statement, facts: marked(role, mcid, content(typesetter, statement, facts))
        )

    def choose(self, session: SessionId, attended: bytes, missed: bytes) -> None:
        """Let the next piece be *attended* where *session* was attended, else *missed*."""
        self._pieces.append(lambda _, statement, __: attended if session in statement.attended else missed)

    def keep(self, kept: KeptText) -> Content:
        """Give the page the glyphs that *kept* may need, names apart, and return what fills it in."""
        self._kept.append((kept, self._check_once if kept.is_shared else self._check))
        self._foresee(kept)
        show = self._show_once if kept.is_shared else self._show

        def content(typesetter: Typesetter, statement: Statement, facts: Facts) -> bytes:
            return show(typesetter, kept, kept.text(statement, facts), kept.language(statement))

        return content

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
        facts = self._all_facts(statement)
        return b"".join([piece(typesetter, statement, facts) for piece in self._pieces])

    def check_fit(self, statement: Statement) -> None:
        """Make sure that every text of *statement* fits; costs little unless one comes near its place's limits.

        Raises:
            InputError: a text does not fit, or has a character without glyph.
        """
        facts = self._all_facts(statement)
        for kept, check in self._kept:
            check(kept, kept.text(statement, facts), kept.language(statement))

    def _check(self, kept: KeptText, text: str, language: str) -> None:
        """Make sure that *text* fits the place kept for it.

        Raises:
            InputError: it does not, or has a character without glyph.
        """
        if widest(text, kept.style, language) > kept.block.width:
            self._show(self._typesetter.copy(), kept, text, language)

    def _all_facts(self, statement: Statement) -> Facts:
        """Return all facts that texts may state of *statement*."""
        return {**self._facts, **own_facts(statement, self._words)}

    def _show_once(self, typesetter: Typesetter, kept: KeptText, text: str, language: str) -> bytes:
        """Return the operators that show *text*, made once for all plates if the page's glyphs suffice."""
        return self._alike(kept, text, language) or self._show(typesetter, kept, text, language)

    def _show_alike(self, kept: KeptText, text: str, language: str) -> bytes:
        """Return the operators that show *text* on any plate; nothing if they need a glyph that the page lacks."""
        typesetter = self._typesetter.copy()
        shown = self._show(typesetter, kept, text, language)
        return shown if typesetter.codes == self._typesetter.codes else b""

    def _show(self, typesetter: Typesetter, kept: KeptText, text: str, language: str) -> bytes:
        """Return the operators that show *text* in the place kept for it."""
        style, width = kept.style, kept.block.width
        if kept.is_number:
            setting = set_plain(typesetter, text, style, width)
        else:
            setting = set_text(typesetter, text, style, width, language)
        return setting.show(kept.x, first_baseline(kept.baseline, setting, kept.block.anchor), style)
