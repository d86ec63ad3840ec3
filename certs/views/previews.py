"""Specimens that were printed, by whose they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

from certs.work.preview import Preview


class SpecimenView(TypedDict):
    """Whose certificate a page shows, and in which file it is, where each has its own."""

    name: str
    kind: str
    file: NotRequired[str]


class PreviewView(TypedDict):
    """Where the specimens are, their pages, and a sentence for everybody who has none."""

    file: str
    pages: list[SpecimenView]
    left_out: list[str]


def preview(out: Path, made: Preview, files: Sequence[Path]) -> PreviewView:
    """Return what was *made* and put *out*, each page in one of *files* if there are any."""
    pages: list[SpecimenView] = [{"name": one.name, "kind": one.kind} for one in made.people]
    for page, file in zip(pages, files, strict=False):
        page["file"] = str(file)
    return {"file": str(out), "pages": pages, "left_out": list(made.left_out)}
