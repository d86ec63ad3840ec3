"""A plate serves every certificate it was drawn for, and only those."""

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace

import pikepdf
import pytest

from certs.errors import InputError
from certs.model import Statement
from certs.pdf import Design, check_structure, draw_plate, lint, plate_group, unprintable
from certs.pdf.plate import Imprint
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")


def everybody() -> list[Statement]:
    return [cast.statement(name, serial) for serial, name in enumerate(cast.NAMES.values())]


def test_every_script_is_imprinted_on_one_plate() -> None:
    """Sound structure, and the page reads back from the raster as it was ordered."""
    statements = everybody()
    plate = draw_plate(CLASSIC, statements, cast.BASE_URL, cast.sealer())
    for statement in statements:
        imprint = plate.imprint(statement, cast.claim_url(statement))
        assert check_structure(plate, imprint) == []
        assert lint(plate.data + imprint.tail, statement, cast.claim_url(statement)) == []


def test_digest_and_size_are_those_of_the_file() -> None:
    """What the register notes is what a verifier computes."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    file = plate.data + imprint.tail
    assert (imprint.sha256, imprint.size) == (hashlib.sha256(file).hexdigest(), len(file))
    assert plate.sha256 == hashlib.sha256(plate.data).hexdigest()


def test_a_stranger_is_not_imprinted() -> None:
    """Neither an unknown number nor a known number with another name."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    for stranger in (cast.statement(serial=2), replace(statement, name="Somebody Else")):
        with pytest.raises(ValueError, match="not drawn for"):
            plate.imprint(stranger, cast.claim_url(stranger))


def test_two_events_share_no_plate() -> None:
    """Their words differ."""
    other = cast.statement(serial=2, event=replace(cast.EVENT, title="Another"))
    with pytest.raises(ValueError, match="share one event"):
        draw_plate(CLASSIC, [cast.statement(), other], cast.BASE_URL, cast.sealer())


def test_the_credential_is_attached_as_it_is() -> None:
    """Its bytes stand in the file uncompressed, under the media type of verifiable credentials."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer(), with_credential=True)
    imprint = plate.imprint(statement, cast.claim_url(statement), b'{"type": []}')
    assert b"application#2Fvc" in imprint.tail
    assert b'\nstream\n{"type": []}\nendstream' in imprint.tail
    with pytest.raises(ValueError, match="credential"):
        plate.imprint(statement, cast.claim_url(statement))


def test_structure_check_finds_a_flipped_byte() -> None:
    """In any part of the tail that the seal covers."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    good = plate.imprint(statement, cast.claim_url(statement))
    for place in (100, 2_000, good.tail.index(b"/Reason")):
        tail = bytearray(good.tail)
        tail[place] ^= 1
        bad = Imprint(bytes(tail), plate.digest(bytes(tail)).hexdigest(), good.size)
        assert check_structure(plate, bad) == ["The seal holds another digest than the file's."]


def test_structure_check_finds_a_wrong_note_of_size_or_digest() -> None:
    """The register would keep what cannot be found again."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    good = plate.imprint(statement, cast.claim_url(statement))
    assert check_structure(plate, good) == []
    assert check_structure(plate, replace(good, size=1)) == ["The file's size is not what was noted."]
    assert check_structure(plate, replace(good, sha256="0" * 64)) == ["The file's digest is not what was noted."]


def test_structure_check_finds_a_seal_that_is_no_hex() -> None:
    """A reader would not find the container, though the right digest stands in it."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    good = plate.imprint(statement, cast.claim_url(statement))
    place = good.tail.index(b"/Contents<") + 20
    spoilt = good.tail[:place] + b"-" + good.tail[place + 1 :]
    assert check_structure(plate, Imprint(spoilt, good.sha256, good.size)) == ["The tail has no seal."]


def test_structure_check_finds_what_the_seal_does_not_cover() -> None:
    """A byte after the end, even when digest and size were noted with it."""
    statement = cast.statement()
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    good = plate.imprint(statement, cast.claim_url(statement))
    longer = good.tail + b"\n"
    faults = check_structure(plate, Imprint(longer, plate.digest(longer).hexdigest(), good.size + 1))
    assert "The seal does not cover the whole file." in faults


def test_same_input_gives_same_bytes_in_any_process() -> None:
    """Whatever the hash seed and the time zone; the key of these tests signs alike each time."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_DIGEST],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"))
    }
    assert len(digests) == 1


_PRINT_DIGEST = """
import hashlib
from tests.unit.pdf import cast
from certs.pdf import Design, draw_plate
statements = [cast.statement(name, serial) for serial, name in enumerate(cast.NAMES.values())]
plate = draw_plate(Design.load("classic"), statements, cast.BASE_URL, cast.sealer())
digest = hashlib.sha256(plate.data)
for statement in statements:
    tail = plate.imprint(statement, cast.claim_url(statement)).tail
    digest.update(tail)
print(digest.hexdigest())
"""


@pytest.mark.parametrize("count", [1, 2, 5, 8, 18, 20, 24])
def test_every_session_is_listed(count: int) -> None:
    """Each with a mark of its own; a single one needs no list."""
    statement = cast.statement(event=cast.with_sessions(count))
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    shown = len(re.findall(rb"/TD<<", imprint.tail))
    assert shown == (count if count > 1 else 0)


@pytest.mark.parametrize(
    ("name", "language", "group"),
    [
        ("Jana Nováková", "", "latin"),
        ("Иван Петров", "", "latin"),
        ("Ελένη", "", "latin"),
        ("هالة البنا", "", "arabic"),
        ("山田 花子", "", "han-zh-hans"),
        ("山田 花子", "ja", "han-ja"),
        ("山田 はなこ", "zh-Hant", "han-ja"),
        ("王小明", "zh-TW", "han-zh-hant"),
        ("김철수", "", "han-ko"),
        ("金哲秀", "ko-KR", "han-ko"),
        ("Fatma فاطمة", "", "arabic"),
        ("𒀀", "", "other"),
    ],
)
def test_names_are_grouped_by_the_fonts_they_need(name: str, language: str, group: str) -> None:
    """Kana always means Japanese; for Han characters alone the language decides."""
    assert plate_group(name, language) == group


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a\u202eb", "𒀀", "Wolfeschlegelsteinhausenbergerdorff " * 6])
def test_what_cannot_be_printed_is_said_before_issue(name: str) -> None:
    """No name, a control character, a direction trick, a script without font, too long."""
    good, bad = cast.statement(), cast.statement(name, 2)
    assert unprintable([good, bad], CLASSIC, cast.BASE_URL).keys() == {bad.number}


@pytest.mark.parametrize("name", cast.NAMES.values())
def test_names_of_every_script_can_be_printed(name: str) -> None:
    """Nothing to say about them."""
    assert unprintable([cast.statement(name)], CLASSIC, cast.BASE_URL) == {}


def test_a_language_without_words_is_said() -> None:
    """With the languages there are."""
    finnish = cast.statement(event=replace(cast.EVENT, language="fi"))
    ((sentence,),) = unprintable([finnish], CLASSIC, cast.BASE_URL).values()
    assert "“fi”" in sentence
    assert "en, es, fr" in sentence


def test_an_unknown_design_is_said() -> None:
    """With the designs there are."""
    with pytest.raises(InputError, match="there is: classic"):
        Design.load("../classic")


def test_any_character_may_stand_in_an_address_or_a_name() -> None:
    """Per cent signs, brackets and backslashes mean something in PDF and in format strings."""
    statement = cast.statement(r"Ana (Annie) 100% \\ Nová")
    base_url = "https://certs.example.org/a%20b"
    plate = draw_plate(CLASSIC, [statement], base_url, cast.sealer())
    imprint = plate.imprint(statement, cast.claim_url(statement))
    assert check_structure(plate, imprint) == []
    with pikepdf.open(io.BytesIO(plate.data + imprint.tail)) as pdf:
        assert statement.name in str(pdf.docinfo["/Title"])
        assert [str(kid.ActualText) for kid in pdf.Root.StructTreeRoot.K[0].K if kid.S == "/H2"] == [statement.name]
        assert str(pdf.pages[0].Annots[0].Contents) == "certs.example.org/a%20b/verify"
