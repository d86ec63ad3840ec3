"""poppler: `pdfsig` on the seal, `pdftotext` on the words, `pdftoppm` on the look."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.interop.judges.component import program, run

Words = Callable[[bytes], str]
"""How any reader's text of a file is asked for."""
Picture = Callable[[bytes, int], Image.Image]
"""How any reader's picture of the first page is asked for, at so many dots an inch."""


@dataclass(frozen=True, slots=True)
class SealLines:
    """What pdfsig says. "Valid" alone proves little: it says so of overlaid and of truncated files too."""

    valid: bool
    total_document: bool
    text: str


def seal_lines(pdf: bytes) -> SealLines:
    """Return pdfsig's verdict on the signatures of *pdf*."""
    pdfsig = program("pdfsig", "poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        said = run(pdfsig, "-nocert", path).stdout
    total = "Total document signed" in said and "Not total document signed" not in said
    return SealLines("Signature is Valid" in said, total, said)


def words(pdf: bytes) -> str:
    """Return the text of *pdf* in reading order."""
    pdftotext = program("pdftotext", "poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        return run(pdftotext, "-enc", "UTF-8", path, "-").stdout


def picture(pdf: bytes, dpi: int) -> Image.Image:
    """Return the first page at *dpi*."""
    pdftoppm = program("pdftoppm", "poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        run(pdftoppm, "-r", str(dpi), "-png", "-singlefile", path, path.with_suffix(""))
        return Image.open(path.with_suffix(".png")).copy()
