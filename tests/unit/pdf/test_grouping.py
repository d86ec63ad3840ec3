"""Few plates, and none heavy: how names are put on them."""

from collections import defaultdict

import pytest

from certs.pdf import Design, draw_plate
from certs.pdf.grouping import FEW, plate_labels
from tests.unit.pdf import cast

MOST = 500
LARGEST_PLATE = 60_000
"""Bytes, so that with its tail no file has more than 72,000."""


def plates(names: list[str], language: str = "", most: int = MOST) -> dict[str, list[str]]:
    """Return the names of each plate."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, label in zip(names, plate_labels([(name, language) for name in names], most), strict=True):
        found[label].append(name)
    return found


def plate_size(names: list[str], language: str = "") -> int:
    """Return the bytes of a plate with *names*."""
    statements = [cast.statement(name, serial, language=language) for serial, name in enumerate(names)]
    return len(draw_plate(Design.load("classic"), statements, cast.BASE_URL, cast.sealer()).data)


CHARSETS = {"zh-Hans": ("gb2312", 0xB0, 0xA1), "zh-Hant": ("big5", 0xA4, 0x40), "ja": ("euc_jp", 0xB0, 0xA1)}
"""A character set of each country, and the two bytes from which on it has common characters."""


def han_names(count: int, language: str) -> list[str]:
    """Return names of three common characters each, hardly one of them twice."""
    charset, row, column = CHARSETS[language]
    places = [[(3 * serial + place) * 7 % 1_200 for place in range(3)] for serial in range(count)]
    return ["".join(bytes([row + at // 60, column + at % 60]).decode(charset) for at in name) for name in places]


def test_a_group_has_plates_of_its_own() -> None:
    """Of nearly equal size, none with more names than asked."""
    found = plates(["Ana"] * 1_001 + ["สมชาย"] * FEW)
    assert {label: len(names) for label, names in found.items()} == {
        "latin/1": 333,
        "latin/2": 334,
        "latin/3": 334,
        "thai/1": FEW,
    }


def test_groups_of_few_names_share_a_plate() -> None:
    """Every one of them would take as long to draw as twenty certificates."""
    assert plates(["สมชาย", "김철수", *["Ana"] * FEW]) == {"mixed/1": ["สมชาย", "김철수"], "latin/1": ["Ana"] * FEW}


def test_a_single_small_group_keeps_its_name() -> None:
    """There is nothing to mix it with."""
    assert plates(["สมชาย"]) == {"thai/1": ["สมชาย"]}


def test_few_names_in_every_script_make_light_plates() -> None:
    """Each font has its own weight besides its glyphs."""
    for names in plates(list(cast.NAMES.values())).values():
        assert plate_size(names) <= LARGEST_PLATE


@pytest.mark.parametrize("language", CHARSETS)
def test_names_of_many_characters_make_light_plates(language: str) -> None:
    """A glyph of the Han script weighs some 300 bytes in every file."""
    for names in plates(han_names(70, language), language).values():
        assert plate_size(names, language) <= LARGEST_PLATE


def test_names_of_few_characters_need_no_second_plate() -> None:
    """However many names they make."""
    assert [len(names) for names in plates(["王小明", "李小明"] * 200, "zh-Hans").values()] == [400]


def test_no_plate_has_more_names_than_asked() -> None:
    """Even where characters would allow it."""
    assert max(map(len, plates(han_names(60, "ja") * 20, "ja", 30).values())) <= 30
