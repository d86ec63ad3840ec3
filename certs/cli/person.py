"""`certs person`: everything that is held about one person, and its erasure at her request."""

import json
from pathlib import Path

from certs.cli import use
from certs.cli.declare import argument, option, write_new
from certs.cli.how import AS, BECAUSE, JSON, YES, How, command, group
from certs.eligibility.words import count
from certs.errors import InputError
from certs.views import herself as views
from certs.wording import LANGUAGES, Voice

EMAIL = argument()


@group
def person() -> None:
    """Hand out everything that is held about one person, or erase her at her request.

    Example:
      certs person export ana@example.org --out ana
      certs person erase ana@example.org --reason "her request of 3 May" --as Ana
    """


@command(JSON, of=person)
def export(
    how: How,
    email: str = EMAIL,
    out: Path | None = option("--out", "Write data.json and data.html to this new folder.", metavar="DIR"),
    language: str = option("--language", f"Of the page: {', '.join(LANGUAGES)}.", default="en"),
) -> None:
    """Write everything that the register holds about EMAIL: data.json for programs, data.html to be read.

    Example:
      certs person export ana@example.org --out ana --language fr
    """
    if language not in LANGUAGES:
        raise InputError(f"--language: there is no {language}; there are {', '.join(LANGUAGES)}.")
    if out is None and not how.wants_json:
        raise InputError("Say where to: --out DIR, or --json to print it.")
    app = how.app
    data = use.herself.collect(app.store, email, app.settings.base_url, app.clock())
    view = views.held(data)
    if out is not None:
        _write(out, {
            "data.json": json.dumps(view, ensure_ascii=False, indent=1),
            "data.html": use.herself.readable(data, Voice(language)),
        })  # fmt: skip
    how.tell(view, f"{count(data.holding.rows, 'row')} about {data.holding.person} written to {out}.")


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write *files* to a new folder that only its owner opens."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise InputError(f"{folder} is there already, and nothing was written. Name another folder.") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}.") from error
    for name, text in files.items():
        write_new(folder / name, text.encode())


@command(BECAUSE, YES, AS, JSON, of=person)
def erase(how: How, email: str = EMAIL) -> None:
    """Erase EMAIL at her request. What goes and what stays, why and for how long, is said before.

    Her certificates can still be checked by whoever holds them; the page shows no name. Nobody brings her back but a
    new import.

    Example:
      certs person erase ana@example.org --reason "her request of 3 May" --as Ana
    """
    app, act = how.app, how.act()
    planned = use.herself.plan(app.store, email)
    how.note(planned.removed, planned.kept)
    how.confirm("Erase her? This cannot be taken back.")
    done = use.herself.erase(app.store, planned, act)
    listed = app.forgotten.keep(app.store.people.erased())
    how.tell(views.erased(done), f"Erased. The trail knows her as person {done.ref}.")
    if not listed:
        how.note(
            "The key folder takes no changes here, so its list of erased people lacks her: run certs person forgotten "
            "where it does, or a restored backup brings her back."
        )


@command(JSON, of=person)
def forgotten(how: How) -> None:
    """Bring the key folder's list of erased people up to date, by which a restored backup is made to forget them again.

    Example:
      certs person forgotten
    """
    refs = how.store.people.erased()
    if not how.app.forgotten.keep(refs):
        raise InputError(f"{how.app.settings.signing_keys} takes no changes from here: run this as its owner.")
    listed = len(how.app.forgotten.read())
    how.tell({"listed": listed}, f"{count(listed, 'reference')} of erased people listed in the key folder.")
