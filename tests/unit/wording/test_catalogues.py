"""Found, formattable and used, or the build fails."""

import ast
import gettext
import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from certs import errors
from certs.cli import COMMANDS
from certs.cli.hints import RENDERED
from certs.wording import LANGUAGES, NEUTRAL, Voice, say
from tests.unit.wording.source import CERTS, Said, constants, holes, said, templated, trees

CATALOGUES = CERTS / "wording/catalogues"
TRANSLATED = LANGUAGES[1:]
_EDGES = ("cli", "web")
"""What they say is said at once, by themselves."""
_ALONE = "offline/verify.py"
"""A program that travels without the rest, its command line with it."""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {one.id if isinstance(one.id, tuple) else (str(one.id),) for one in catalogue if one.id}


def in_source() -> set[tuple[str, ...]]:
    called = {tuple(text for text in one.texts if text is not None) for one in said() if one.by != "hint"}
    return called | templated("web") | templated("desk")


def catalogue_of(language: str) -> Catalog:
    return read(CATALOGUES / language / "LC_MESSAGES/certs.po")


def test_the_text_of_every_sentence_stands_in_its_call() -> None:
    """Extraction finds nothing else."""
    assert [one.place for one in said() if None in one.texts] == []


def test_the_braces_of_every_sentence_are_the_facts_that_it_is_given() -> None:
    assert [one.place for one in said() if one.by in ("say", "say_n") and _wanted(one) != _given(one)] == []


def _wanted(one: Said) -> frozenset[str]:
    return frozenset[str]().union(*(holes(text) for text in one.texts if text)) - {"n"}


def _given(one: Said) -> frozenset[str]:
    return one.facts - {"n"}


def test_the_template_of_catalogues_is_what_the_source_says() -> None:
    """Else: make messages."""
    held = ids(read(CATALOGUES / "certs.pot"))
    assert held == in_source()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_no_message_that_nobody_says(language: str) -> None:
    assert ids(catalogue_of(language)) <= in_source()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_facts_of_its_message(language: str) -> None:
    for message in catalogue_of(language):
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = holes(message.id[-1] if isinstance(message.id, tuple) else str(message.id))
        for text in filter(None, texts if message.id else ()):
            assert holes(text) == wanted or (holes(text) | {"n"} == wanted and isinstance(message.id, tuple)), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES/certs.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue_of(language):
        if message.id and not isinstance(message.id, tuple):
            assert compiled.gettext(str(message.id)) == (message.string or message.id)


_ANSWERS = (
    "web/public/", "web/edge/", "web/participant/", "work/verify/", "work/record.py", "claim/text.py", "pdf/compare.py",
    "ground/number.py", "roll.py", "offline/", "db/requests.py",
    "work/requests/asking.py", "work/requests/attached.py", "work/requests/names.py", "receipt.py", "work/receipts.py",
)  # fmt: skip
"""Where what the public pages say stands, beside their templates."""


def said_at(*places: str) -> set[tuple[str, ...]]:
    """Return the messages that stand in files of the package whose paths begin so."""
    found = (one for one in said() if one.by != "hint" and one.place.startswith(places))
    return {tuple(text for text in one.texts if text) for one in found}


def untranslated(language: str, wanted: set[tuple[str, ...]]) -> list[str]:
    """Return those of *wanted* that lack a translation, or one of its plural forms."""
    catalogue = catalogue_of(language)
    known = {one.id if isinstance(one.id, tuple) else (str(one.id),): one.string for one in catalogue if one.id}

    def whole(message: tuple[str, ...]) -> bool:
        forms = known.get(message, "")
        return all(forms) and len(forms) == catalogue.num_plurals if isinstance(forms, tuple | list) else bool(forms)

    return sorted(message[0] for message in wanted if not whole(message))


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_public_pages_say_is_translated(language: str) -> None:
    """Every page without sign-in, every verdict, step and error on it."""
    assert untranslated(language, said_at(*_ANSWERS) | templated("web")) == []


def test_french_is_whole() -> None:
    """The console speaks it: its templates, and what any room says."""
    assert untranslated("fr", in_source()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_the_facts_that_it_is_given(language: str) -> None:
    """Numbers and moments by their formats, in every plural form."""
    facts = {"n": 5, "at": datetime(2026, 10, 6, 12, 30, tzinfo=UTC), "part": 13.5}
    for message in catalogue_of(language):
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        for form in filter(None, forms if message.id and "%(" not in str(message.id) else ()):
            specs = {name: spec for _, name, spec, _ in string.Formatter().parse(form) if name}
            given = {name: facts.get(name, 7 if spec and spec[-1] in ",%fgoX" else "x") for name, spec in specs.items()}
            if not any("%Y" in (spec or "") or "%H" in (spec or "") for spec in specs.values()):
                assert form.format_map(given)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_spoken(language: str) -> None:
    assert Voice(language).say(say("{n:,} of {name}", n=3, name="Ana"))


_ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CertsError)]
_RAISED = {kind.__name__ for kind in _ERRORS}


def test_errors_say_sentences() -> None:
    """A text that is formatted on the spot could not be said in another language."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if path.parts[0] not in _EDGES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*_RAISED, "Problem"}
        for text in node.args[:1]
        if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and isinstance(text.value, str))
    ]
    assert found == []


def test_steps_and_findings_say_sentences() -> None:
    """What a verification or a rule finds is read by strangers, in their language."""
    place = {"Step": 2, "Finding": 2, "_Odd": 1}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if path.parts[0] in ("work", "eligibility")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place
        for text in node.args[place[node.func.id] :][:1]
        if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and isinstance(text.value, str))
    ]
    assert found == []


def test_every_hint_has_its_words_at_every_edge_and_is_given_somewhere() -> None:
    given = {one.texts[0] for one in said() if one.by == "hint"}
    assert set(NEUTRAL) == set(RENDERED) == given


def test_every_hint_is_given_the_facts_that_its_words_want() -> None:
    assert [
        one.place
        for one in said()
        for key in one.texts
        if one.by == "hint" and holes(NEUTRAL[key or ""]) | holes(RENDERED[key or ""]) != one.facts
    ] == []


_TYPED = re.compile(rf"(?:^|\s)--[a-z]|\bcerts (?:{'|'.join(COMMANDS)})\b")


def test_no_text_below_the_edges_says_what_to_type() -> None:
    """That is the command line's to say; below it is a hint."""
    assert [place for place, text in constants(*_EDGES, _ALONE) if _TYPED.search(text)] == []
