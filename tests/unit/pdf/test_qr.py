"""The QR table gives the same symbols as `qrcode`, and readers read them."""

import pytest
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from certs.pdf import qr

URL = "HTTPS://CERTS.EXAMPLE.ORG/V/"


def modules(symbol: qr.Symbol) -> list[list[bool]]:
    row_bytes = len(symbol.image) // symbol.modules
    rows = [symbol.image[i : i + row_bytes] for i in range(0, len(symbol.image), row_bytes)]
    return [[bool(row[c // 8] >> (7 - c % 8) & 1) for c in range(symbol.modules)] for row in rows]


def by_library(version: int, *segments: QRData) -> list[list[bool]]:
    code = QRCode(version, ERROR_CORRECT_M, mask_pattern=2)
    for segment in segments:
        code.add_data(segment)
    code.makeImpl(False, 2)
    return code.modules


@pytest.mark.parametrize("length", [60, 150, 221, 222, 260, 300, 301, 400, 520, 640])
def test_table_gives_the_symbol_of_the_library(length: int) -> None:
    """Across block structures, both count widths, and odd and even lengths."""
    text = (URL + "7K3M9QXZ2P4C.-" * 60)[:length]
    symbol = qr.symbol(text)
    assert modules(symbol) == by_library((symbol.modules - 17) // 4, QRData(text.encode(), MODE_ALPHA_NUM))


def test_path_in_lower_case_goes_into_a_byte_segment() -> None:
    """Only what comes after the last such character is alphanumeric."""
    prefix, rest = "HTTPS://EXAMPLE.ORG/certs", "/V/" + "ABC9" * 60
    symbol = qr.symbol(prefix + rest)
    version = (symbol.modules - 17) // 4
    expected = by_library(version, QRData(prefix.encode(), MODE_8BIT_BYTE), QRData(rest.encode(), MODE_ALPHA_NUM))
    assert modules(symbol) == expected


def test_reader_reads_what_was_written() -> None:
    """One pixel a module, scaled four times, with the quiet zone."""
    text = URL + "Q2" * 100 + "." + "Z7" * 51
    symbol = qr.symbol(text)
    picture = Image.new("L", (symbol.modules + 8, symbol.modules + 8), 255)
    for row, line in enumerate(modules(symbol)):
        for column, dark in enumerate(line):
            if dark:
                picture.putpixel((column + 4, row + 4), 0)
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4)))
    assert [code.text for code in found] == [text]


def test_too_much_text_is_refused() -> None:
    """Rather than a symbol that no telephone reads."""
    assert not qr.fits("A" * 2000)
    with pytest.raises(ValueError, match="too much text"):
        qr.symbol("A" * 2000)
