"""`certs preview`: specimens of what an order would print."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import click

from certs.cli.context import as_json, open_app, write_json
from certs.eligibility.words import count
from certs.errors import ConflictError, StorageError
from certs.model import Statement


@click.command()
@click.argument("slug")
@click.argument("people", nargs=-1, metavar="[EMAIL]...")
@click.option("--kind", default=None, help="The kind of certificate, where the event has several.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("specimen.pdf"), show_default=True,
    help="Where the pages go: FILE.pdf for one PDF, or a folder for one each.",
)  # fmt: skip
@as_json
def preview(slug: str, people: tuple[str, ...], kind: str | None, out: Path, wants_json: bool) -> None:
    """Print specimens of event SLUG's certificates to look at before an order: for EMAIL..., or for the hardest names.

    Each page says SPECIMEN and is sealed by nobody; its code says that it is a specimen. Nothing is changed.

    \b
    Example:
      certs preview cgmp-2026
      certs preview cgmp-2026 ana@example.org ben@example.org --out look.pdf
      certs preview cgmp-2026 --out specimens/
    """
    from certs.work import preview as previewing  # noqa: PLC0415 -- fonts, which help does not need

    app = open_app()
    folder = out.is_dir() or (out.suffix.lower() != ".pdf" and not out.exists())
    if not folder:
        _demand_ours(out)
    press = previewing.Press(app.settings.base_url, app.clock(), SystemRandom())
    made = previewing.preview(app.store, slug, people, press, kind, apart=folder)
    paths = _in_folder(out, made.people) if folder else [out]
    for path in paths:
        _demand_ours(path)
    for path, data in zip(paths, made.files, strict=True):
        _write(path, data)
    if wants_json:
        names = [{"name": one.name, "kind": one.kind} for one in made.people]
        if folder:
            names = [{**name, "file": str(path)} for name, path in zip(names, paths, strict=True)]
        write_json({"file": str(out), "pages": names, "left_out": list(made.left_out)})
        return
    for line in made.left_out:
        click.echo(line, err=True)
    for one in made.people:
        click.echo(f"  {one.name} ({one.kind})")
    click.echo(f"{count(len(made.people), 'specimen')} in {out}. It certifies nothing; nothing was ordered.")


def _demand_ours(out: Path) -> None:
    """Refuse to write over a file that is no preview.

    Raises:
        ConflictError: it is something else.
    """
    from certs.pdf.specimen import END  # noqa: PLC0415

    try:
        if out.exists() and not (out.is_file() and _end(out, len(END)) == END):
            raise ConflictError(f"{out} was not written by certs preview. Move it away, or name another file.")
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}.") from error


def _in_folder(folder: Path, people: Sequence[Statement]) -> list[Path]:
    """Return where the specimen of each goes in *folder*, which is made if it is not there.

    Raises:
        StorageError: it cannot be made.
    """
    from certs.work.deliver import plain_name  # noqa: PLC0415

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}.") from error
    return [folder / f"{place:02} {plain_name(one.name)} {one.kind}.pdf" for place, one in enumerate(people, 1)]


def _end(file: Path, size: int) -> bytes:
    """Return the last bytes of *file*."""
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - size, 0))
        return opened.read(size)


def _write(out: Path, data: bytes) -> None:
    """Put a file that holds names in place in one step, for its owner alone.

    Raises:
        StorageError: it cannot be written.
    """
    beside = out.with_name(f".{out.name}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 -- of a descriptor
            file.write(data)
        beside.replace(out)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StorageError(f"{out} cannot be written: {error.strerror}.") from error
