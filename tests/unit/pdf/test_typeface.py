"""Which fonts there are, and which letters they have."""

from pathlib import Path

import pytest

import certs.pdf
from certs.pdf import bidi, typeface
from certs.pdf.legible import illegible
from certs.pdf.text import split_runs
from certs.pdf.typeface import face_for, han_language, mixes_forms, plate_group

FONTS = Path(certs.pdf.__file__).parent / "fonts"
RARE = "堃頔嬀鱻㛃䶮𬭎𬙂玥喆珺㑇㑊䴓䴙鿍𠅤𫄧𬺓"
"""Of GBK, and of China's general list beyond it."""
SCRIPTS = {
    "thaana": "ދިވެހި",
    "nko": "ߒߞߏ",
    "tifinagh": "ⵜⵉⴼⵉⵏⴰⵖ",
    "adlam": "𞤀𞤤𞤢𞤥𞤭𞤲",
    "syriac": "ܝܘܚܢܢ",
    "ol-chiki": "ᱚᱞᱪᱤᱠᱤ",
    "meetei": "ꯃꯩꯇꯩ",
    "canadian": "ᐃᓄᒃᑎᑐᑦ",
    "cherokee": "ᏣᎳᎩ",
    "javanese": "ꦗꦮ",
    "balinese": "ᬩᬮᬶ",
    "lisu": "ꓡꓲꓢꓴ",
    "yi": "ꆈꌠ",
    "chakma": "𑄌𑄋𑄴𑄟𑄳𑄦",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ",
}


def test_fonts_are_not_heavier_than_agreed() -> None:
    """25 MB in all; each comes with its licence and origin."""
    files = [*FONTS.glob("*.tt[fc]")]
    assert sum(file.stat().st_size for file in files) <= 25_000_000
    origin = (FONTS / "ORIGIN.md").read_text(encoding="utf-8")
    assert [file.name for file in files if file.name not in origin] == []
    assert typeface.unusable_fonts() == {}


@pytest.mark.parametrize("language", ["", "zh-Hans"])
@pytest.mark.parametrize("name", RARE)
def test_rare_characters_of_china_are_set_in_its_forms(name: str, language: str) -> None:
    """Together with simplified ones, which no other font has."""
    assert han_language(f"刘{name}", language) == "zh-hans"
    assert not mixes_forms(f"刘{name}", language)


def test_every_korean_syllable_is_set() -> None:
    """All 11,172 of them, by the Korean font alone."""
    faces = {face_for(chr(point), "serif", "ko") for point in range(0xAC00, 0xD7A4)}
    assert [face.group for face in faces if face] == ["han-ko"]
    assert None not in faces
    assert illegible("최쎠뢔믜", "") == []


def test_every_character_of_gbk_is_set() -> None:
    """In one of the fonts at least."""
    missing = [chr(point) for point in range(0x4E00, 0x9FA6) if not face_for(chr(point), "serif", "zh-hans")]
    assert missing == []


@pytest.mark.parametrize(("group", "name"), SCRIPTS.items())
def test_names_in_less_common_scripts_are_set(group: str, name: str) -> None:
    """Each by a font of its own."""
    assert plate_group(name, "") == group
    assert illegible(name, "") == []


def test_a_name_that_would_mix_the_forms_of_two_countries_is_held() -> None:
    """If no font has all of it; it is set in another country's forms if that one has all."""
    assert han_language("𠮷田", "zh-Hans") == "ja"
    assert not mixes_forms("𠮷田", "zh-Hans")
    assert mixes_forms("𠮷𬭎", "")
    assert "two countries" in illegible("𠮷𬭎", "")[0]


@pytest.mark.parametrize(
    ("name", "bracketed"),
    [
        ("محمد (Mo) علي", "(Mo)"),
        ("علي (Ali)", "(Ali)"),
        ("יוסף [Yossi] לוי", "[Yossi]"),
        ("سارة (Sara) أحمد (Ahmed)", "(Ahmed)"),
    ],
)
def test_brackets_go_with_what_they_enclose(name: str, bracketed: str) -> None:
    """In one run and one typeface, with the spaces outside."""
    runs = split_runs(name, "serif", "")
    assert bracketed in [run.text for run in runs]


def test_brackets_around_words_of_both_directions_follow_the_name() -> None:
    """Rule N0 of the annex."""
    name = "علي (Ali رضا)"
    levels = bidi.levels(name)
    assert isinstance(levels, list)
    assert levels[name.index("(")] == levels[-1] == 1
    assert bidi.levels("Ali (علي) Reza") == [0] * 5 + [1] * 3 + [0] * 6
