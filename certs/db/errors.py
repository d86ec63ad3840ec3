"""What a database says when it fails, in our words and as our exceptions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from certs.errors import ConflictError, ReadOnlyError, StorageError
from certs.wording import hint, mark, say, say_marked

CONFLICT = say(
    "Somebody else changed the same part of the register a moment ago; nothing was changed. Look, then try again."
)

_PRIMARY = 0xFF
"""The part of SQLite's codes that says what, before how: https://www.sqlite.org/rescode.html."""
_SENTENCES = (
    ("is locked", say("The database is locked by another program. Run the command again when that one has finished.")),
    ("does not answer", say("The database does not answer. Look after its server, then run the command again.")),
    ("connection timeout", say("The database does not answer. Look after its server, then run the command again.")),
    ("is full", say("The disk of the database is full. Free some space, then run the command again.")),
    ("no space left", say("The disk of the database is full. Free some space, then run the command again.")),
    (
        "unable to open",
        say("The database file cannot be opened. Check CERTS_DATABASE_URL and who may write to its folder."),
    ),
    (
        "readonly",
        say("The database may not be written to. Check who may write to its folder, its file, -wal and -shm."),
    ),
    ("i/o error", say("The disk of the database fails or is full. Look after it, then run the command again.")),
    ("malformed", say("The database file is damaged. Restore the last backup: {by}.", by=hint("restore_file"))),
    ("not a database", say("The database file is no database of certs. Check CERTS_DATABASE_URL.")),
    ("authentication failed", say("The database refuses the user or password in CERTS_DATABASE_URL.")),
    ("fatal:  role ", say("The database refuses the user or password in CERTS_DATABASE_URL.")),
    ("fatal:  database ", say("The server has no such database. Create it, or check CERTS_DATABASE_URL.")),
)
_STATES = {
    "42501": mark(
        "The role in CERTS_DATABASE_URL may not do this: {said}. docs/operations.md has the rights it needs."
    ),
    "57014": mark("The database did not finish in time. Look after it, then run the command again."),
    "55P03": mark(
        "Another command or program holds what this one needs, and does not let go of it. Run the command again when "
        "that one has finished."
    ),
    "25P03": mark("The database ended the work because nothing was asked of it for minutes. Run the command again."),
    "25006": mark("The database takes no changes: {said}. CERTS_DATABASE_URL must name the server that does."),
}
"""What is said by SQLSTATE, whatever language the server speaks."""
_TAKE_NO_CHANGES = {"42501", "25006"}
"""Those of them that say so to whoever would change anything."""
_UNREACHABLE_BY = {"OperationalError", "ConnectionTimeout", "AdminShutdown", "CannotConnectNow"}
"""Exceptions of drivers that come from a server that is not there, or no longer."""
_UNREACHABLE = say("The database cannot be reached. Start it or check CERTS_DATABASE_URL, then run the command again.")


def sentence(error: BaseException) -> str:
    """Return what *error* of a database means for the operator, and what to do."""
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if state in _STATES:
        return say_marked(_STATES[state], said=str(getattr(error, "orig", error)).splitlines()[0])
    said = str(error).lower()
    for fragment, meaning in _SENTENCES:
        if fragment in said:
            return meaning
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or error.orig is None:
            return _UNREACHABLE
        error = error.orig
    if isinstance(error, SQLAlchemyError) or type(error).__name__ in _UNREACHABLE_BY:
        return _UNREACHABLE
    return say("The database refused a statement: {said}.", said=str(error).splitlines()[0])


@contextmanager
def translated(conflict: str = CONFLICT) -> Iterator[None]:
    """Raise our exceptions instead of the database's.

    Raises:
        ConflictError: a constraint refused a row; says *conflict*.
        ReadOnlyError: the database takes no changes from here.
        StorageError: anything else that a database or its driver reports.
    """
    try:
        yield
    except IntegrityError as error:
        raise ConflictError(conflict) from error
    except SQLAlchemyError as error:
        raise (ReadOnlyError if _takes_no_changes(error) else StorageError)(sentence(error)) from error


def _takes_no_changes(error: BaseException) -> bool:
    cause = getattr(error, "orig", error)
    code: int | None = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & _PRIMARY == sqlite3.SQLITE_READONLY
    return getattr(cause, "sqlstate", None) in _TAKE_NO_CHANGES
