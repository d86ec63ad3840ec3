"""The full look finds what a visitor would: another code, another name, text that lies over text."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from certs.model import EventFacts, SessionId, Signatory, Statement
from certs.pdf import Design, draw_plate, lint, unprintable
from certs.pdf.expected import Expected
from certs.pdf.raster import look
from tests.unit.pdf import cast

STATEMENT = cast.statement()
URL = cast.claim_url(STATEMENT)


@cache
def made() -> bytes:
    plate = draw_plate(Design.load("classic"), [STATEMENT], cast.BASE_URL, cast.sealer())
    return plate.data + plate.imprint(STATEMENT, URL).tail


@pytest.mark.parametrize("name", [*cast.NAMES.values(), "علی‌رضا Ali", "گودرزی‌نژاد-رضایی (P.)", "ݸݴݰ„}{ݧݥ"])
def test_every_script_is_seen_rightly(name: str) -> None:
    """All letters, one over nothing, the code as it was written."""
    statement = cast.statement(name)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    file = plate.data + plate.imprint(statement, cast.claim_url(statement)).tail
    assert lint(file, statement, cast.claim_url(statement)) == []


@pytest.mark.parametrize("words", ["ខ្ញុំ ស្ត្រី", "བསྟན་འཛིན།", "မြန်မာ စီမံခန့်ခွဲမှု"])
def test_an_event_in_a_tall_script_has_no_line_over_another(words: str) -> None:
    """Title and place, who signs and as what: what stands lower moves down."""
    event = replace(cast.EVENT, title=words, place=words, criteria=words, signatories=(Signatory(words, words),))
    statement = cast.statement(event=event)
    file, expected = file_of(statement)
    assert lint(file, statement, cast.claim_url(statement), expected) == []


def test_another_code_is_found() -> None:
    """And said as it reads."""
    (sentence,) = lint(made(), STATEMENT, URL.replace("example.org", "example.com"))
    assert URL in sentence


def test_an_unreadable_code_is_found() -> None:
    """The same page with its code painted white on white."""
    blank = made().replace(b"q 0 g ", b"q 1 g ")
    assert blank != made()
    assert lint(blank, STATEMENT, URL) == ["The QR code on the page reads ''."]


@pytest.mark.parametrize("length", [200, 400, 600])
def test_the_largest_codes_are_read(length: int) -> None:
    """More modules in the same place."""
    url = URL + "A" * (length - len(URL))
    plate = draw_plate(Design.load("classic"), [STATEMENT], cast.BASE_URL, cast.sealer())
    assert lint(plate.data + plate.imprint(STATEMENT, url).tail, STATEMENT, url) == []


def test_a_placeholder_that_was_left_is_found() -> None:
    """As if a fact had not been filled in."""
    statement = cast.statement(event=replace(cast.EVENT, title="Marathon {year}"))
    faults = lint(*file_of(statement)[:1], STATEMENT, cast.claim_url(statement))
    assert faults == ["The page still has the placeholder {year}."]


@pytest.mark.parametrize("name", ["{name}", "Ana {x} Souza", "{}", "—", "-", ".", "1", "Ⅻ", "ﬁne", "½"])
def test_nobodys_own_name_is_a_fault(name: str) -> None:
    """Braces, or no letter at all: odd, but so they registered, and one of them must not stop the others."""
    statement = cast.statement(name)
    file, expected = file_of(statement)
    assert lint(file, statement, cast.claim_url(statement), expected) == []


@pytest.mark.parametrize("name", ["مُحَمَّدٍ عَلِيٍّ", "عَلِيٍّ", "بِسْمِ اللّٰه", "བསྒྲུབས་རྫོང་", "Ọ̀ṣúnĺ̩", "ស្ត្រី"])
def test_marks_over_and_under_letters_keep_clear_of_other_lines(name: str) -> None:
    """A pointed name is set smaller rather than over the words below it."""
    statement = cast.statement(name)
    file, expected = file_of(statement)
    assert lint(file, statement, cast.claim_url(statement), expected) == []


@pytest.mark.parametrize("name", ["\u0327Ana", "\u0313", "\u17b8 ក"])
def test_a_name_that_begins_with_a_mark_is_said_before_issue(name: str) -> None:
    """It would hang over the edge of its place and stop the batch."""
    statement = cast.statement(name)
    assert "begins with a mark" in unprintable([statement], Design.load("classic"), cast.BASE_URL)[statement.number][0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王\U0002ebf0", "U+2EBF0"),
        ("𱍐明", "U+31350"),
        ("张\ue815文", "U+E815"),
        ("Anna\ue000", "U+E000"),
        ("\U0001e4d0\U0001e4d1", "U+1E4D1"),
        ("Ana \U0001fae8", "U+1FAE8"),
        ("\U0001f1e7\U0001f1f7 João", "U+1F1E7"),
        ("Ana 😀", "U+1F600"),
        ("Name\ufffc", "U+FFFC"),
        ("Jos\ufffd", "U+FFFD"),
        ("ခင္ေမာင္၀င္း", "Zawgyi"),
        ("လွလွ၀င္း", "Zawgyi"),
        ("ေမာင္ေမာင္", "Zawgyi"),
        ("राम िक", "dotted circle"),
        ("ក្្ក", "dotted circle"),
    ],
)
def test_a_name_that_no_font_sets_as_it_is_meant_is_said_before_issue(name: str, said: str) -> None:
    """Whatever a font has in the place of a character for private use; and no page shows a dotted circle in a name."""
    statement = cast.statement(name)
    ((sentence,),) = unprintable([statement], Design.load("classic"), cast.BASE_URL).values()
    assert said in sentence
    assert name in sentence


@pytest.mark.parametrize(
    "name", ["渡邉\U000e0104 一郎", "葛\U000e0100城 二郎", "\ufa19谷 花子", "Ana\ufe0f Roux", "കുമാര്\u200d", "ক্\u200d"]
)
def test_what_chooses_the_form_of_a_letter_holds_nobody(name: str) -> None:
    """The usual form is drawn where a font lacks the one chosen; the text is whole."""
    statement = cast.statement(name)
    file, expected = file_of(statement)
    assert unprintable([statement], Design.load("classic"), cast.BASE_URL) == {}
    assert lint(file, statement, cast.claim_url(statement), expected) == []


def test_marks_without_end_are_said_before_issue() -> None:
    """They hold one certificate, not the batch."""
    piled = cast.statement("Z" + "\u0330\u0324\u032e" * 20 + "oe")
    ((sentence,),) = unprintable([piled], Design.load("classic"), cast.BASE_URL).values()
    assert "pile up" in sentence


def file_of(statement: Statement) -> tuple[bytes, Expected]:
    """Return the file of *statement*, and what its page must show."""
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    return plate.data + plate.imprint(statement, cast.claim_url(statement)).tail, plate.expected(statement)


EVENTS = {
    "one session": cast.with_sessions(1),
    "many sessions": cast.with_sessions(24),
    "long titles": cast.long_titles(),
    "French": replace(cast.EVENT, language="fr"),
    "an Arabic title": replace(cast.EVENT, language="es", title="دورة التدريب على ممارسات التصنيع الجيد 2026"),
    "many scripts": replace(
        cast.EVENT, title="การฝึกอบรม 2569", criteria="प्रशिक्षण में उपस्थिति", issuer="医薬品品質研究所"
    ),
    "signs": replace(cast.EVENT, title="ﬁne ½ № 5 x² “q” İıſß", place="A–B / C-D"),
    "for some years": replace(cast.EVENT, valid_until=date(2029, 12, 31), demo=True),
    "no signatory": replace(cast.EVENT, signatories=(), criteria=""),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("name", ["J. Ångström-Ljf", cast.NAMES["arabic"], cast.NAMES["myanmar"]])
def test_all_words_of_any_event_are_found_between_their_sides(event: EventFacts, name: str) -> None:
    statement = cast.statement(name, event=event)
    file, expected = file_of(statement)
    assert lint(file, statement, cast.claim_url(statement), expected) == []
    assert event.title in expected.words


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(STATEMENT, event=replace(cast.EVENT, title="cGMP Training Marathon 2025")), "Marathon 2025"),
        (replace(STATEMENT, event=replace(cast.EVENT, last_day=date(2026, 10, 30))), "6–30 October"),
        (replace(STATEMENT, event=replace(cast.EVENT, issuer="Another Institute")), "Another Institute"),
        (replace(STATEMENT, quarter_hours=1), "0.25 hours"),
        (replace(STATEMENT, attended=frozenset({SessionId("1")})), "attended 1 of the 8"),
        (replace(STATEMENT, issued_on=date(2026, 11, 21)), "21 November"),
        (
            replace(STATEMENT, attended=STATEMENT.attended - {"3"} | {SessionId("2")}),
            "of the sessions “attended attended not attended",
        ),
    ],
)
def test_a_page_that_says_something_else_than_the_claim_is_found(other: Statement, said: str) -> None:
    """Title, dates, issuer, hours, how many sessions and which, day of issue: whatever the code in its corner signs."""
    faults = lint(made(), other, URL, file_of(other)[1])
    assert any(said in fault for fault in faults)
    assert all(fault.startswith("The page does not say") for fault in faults)


@pytest.mark.parametrize("x", [380, 40])
def test_text_outside_its_box_is_found(x: int) -> None:
    """On the page still, and over nothing: a name pushed into the margin between its box and the next."""
    moved = made().replace(b"42 0 0 42 62 357.28 Tm", b"42 0 0 42 %d 357.28 Tm" % x)
    assert moved != made()
    assert lint(moved, STATEMENT, URL) == []
    (fault,) = lint(moved, STATEMENT, URL, file_of(STATEMENT)[1])
    assert "outside its box" in fault


def test_a_code_outside_its_box_is_found() -> None:
    """It reads as well there, but is not where the design has it."""
    moved = re.sub(rb"(?<=q 0 g )(\S+ 0 0 \S+) (\S+) ", rb"\1 690 ", made())
    assert moved != made()
    assert lint(moved, STATEMENT, URL) == []
    assert lint(moved, STATEMENT, URL, file_of(STATEMENT)[1]) == ["On the page a picture stands outside its box."]


def test_a_font_that_is_not_embedded_is_found() -> None:
    """As if its program had been left out."""
    assert "A font is not embedded." in lint(made().replace(b"/FontFile2", b"/FontFile9"), STATEMENT, URL)


def test_glyphs_without_characters_are_found() -> None:
    """Nobody could copy, search or read aloud the text."""
    faults = lint(made().replace(b"/ToUnicode", b"/ToUnicorn"), STATEMENT, URL)
    assert "The page does not show the certificate's number." in faults
    assert f"The page does not show the name “{STATEMENT.name}”." in faults


def test_a_name_without_a_glyph_is_found() -> None:
    """As if a letter had been lost on the way to the page."""
    longer = replace(STATEMENT, name=f"{STATEMENT.name}x")
    assert lint(made(), longer, URL) == [f"The page does not show the name “{longer.name}”."]


def test_another_persons_page_is_found() -> None:
    """By the name and the number."""
    faults = lint(made(), replace(STATEMENT, name="Wolfgang Quirk", number=cast.statement(serial=9).number), URL)
    assert "The page does not show the name “Wolfgang Quirk”." in faults
    assert "The page does not show the certificate's number." in faults


def test_text_over_text_is_found() -> None:
    """The same page with a name moved down onto the line below."""
    moved = made().replace(b"42 0 0 42 62 357.28 Tm", b"42 0 0 42 62 311.28 Tm")
    assert moved != made()
    assert any(" stands over text " in fault for fault in lint(moved, STATEMENT, URL))


def test_a_code_over_text_is_found() -> None:
    """The same page with its QR code moved down onto the words that explain it."""
    moved = re.sub(rb"(?<= )(\S+) \S+ cm /QR", rb"\1 240 cm /QR", made())
    assert moved != made()
    faults = lint(moved, STATEMENT, URL)
    assert any(" stands over a picture." in fault or "a picture stands over text " in fault for fault in faults)


def test_a_code_partly_outside_the_page_is_found() -> None:
    """The same page with its QR code pushed over the edge; what is left of it reads as nothing."""
    moved = re.sub(rb"(?<= )\S+ (\S+) cm /QR", rb"787 \1 cm /QR", made())
    assert moved != made()
    faults = lint(moved, STATEMENT, URL)
    assert "On the page a picture stands outside its edges." in faults
    assert "The QR code on the page reads ''." in faults


def test_a_damaged_code_is_found() -> None:
    """The same page with a band painted over the code: more is lost than it can mend."""
    struck = made().replace(b" cm /QR Do Q", b" cm /QR Do 1 g 0 .3 1 .4 re f Q ")
    (sentence,) = lint(struck, STATEMENT, URL)
    assert sentence == "The QR code on the page reads ''."


def test_the_same_text_twice_in_one_place_is_found() -> None:
    """As if a block had been printed two times."""
    line = made()[made().index(b"/P<</MCID 4>>BDC") :].split(b"EMC", 1)[0]
    again = line.replace(b"/MCID 4>>", b"/MCID 99>>")
    doubled = made().replace(line + b"EMC", line + b"EMC " + again + b"EMC")
    assert any("stands over text" in fault for fault in lint(doubled, STATEMENT, URL))


def test_a_name_that_is_not_painted_on_the_page_is_found() -> None:
    """The same page with the name's operator turned into a comment."""
    hidden = made().replace(b"/H2<</MCID 3>>BDC BT", b"/H2<</MCID 3>>BDC % ")
    assert hidden != made()
    assert f"The page does not show the name “{STATEMENT.name}”." in lint(hidden, STATEMENT, URL)


def test_a_glyph_that_reads_as_no_character_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers give a zero or a replacement character for it."""
    seen = look(made())
    assert seen is not None
    for unknown in "\x00\ufffd\ufffe":
        broken = replace(seen, text=f"{seen.text[:99]}{unknown}{seen.text[99:]}")
        monkeypatch.setitem(lint.__globals__, "look", {made(): broken}.get)
        assert lint(made(), STATEMENT, URL) == ["A glyph on the page stands for no character."]


def test_text_outside_the_page_is_found() -> None:
    """The same page with a name pushed over its edge."""
    moved = made().replace(b"42 0 0 42 62 357.28 Tm", b"42 0 0 42 -9 357.28 Tm")
    assert moved != made()
    assert any("outside its edges" in fault for fault in lint(moved, STATEMENT, URL))


def test_a_file_that_does_not_open_is_found() -> None:
    """Not an exception."""
    assert lint(b"", STATEMENT, URL) == ["The file cannot be opened."]
