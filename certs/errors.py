"""Every error that certs raises on purpose, named by who must act.

Each class has a stable `code`. The web edge maps it once to an HTTP status (RFC 9457), the command line once to an exit
code. A message is a sentence for a person: what is wrong and what to do. Made by `certs.wording.say` it keeps its
facts, and each edge says in its own words what it hints at. An untrue certificate is no error but a
`certs.model.Verdict`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certs.wording import Speaker


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what the caller gave; *line* and *column* count from 1, 0 where unknown."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def said_by(self, speaker: "Speaker") -> "Problem":
        """Return the problem as *speaker* says it."""
        return replace(self, message=speaker.say(self.message))

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}" if place else f"line {self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}" if place else self.message


class CertsError(Exception):
    """The root of the tree; never raised itself."""

    code = "error"

    @property
    def sentences(self) -> Sequence[str]:
        """What is said, without places in files."""
        return tuple(one for one in self.args if isinstance(one, str))

    @property
    def facts(self) -> Mapping[str, object]:
        """The facts of all sentences, by name; of two with the same name the first."""
        from certs.wording import facts_in  # noqa: PLC0415 -- who raises nothing needs no sentences

        return {name: fact for one in reversed(self.sentences) for name, fact in facts_in(one).items()}

    @property
    def hints(self) -> Sequence[str]:
        """The keys of what the sentences hint at, in their order; `hint` is the first."""
        from certs.wording import hints_in  # noqa: PLC0415

        return tuple(dict.fromkeys(key for one in self.sentences for key in hints_in(one)))

    @property
    def hint(self) -> str:
        """The key of what to use or to look at, empty where nothing is hinted at."""
        return next(iter(self.hints), "")

    def parts_within(self) -> Sequence[str]:
        """Return what is said, for a sentence that has the error as a fact."""
        return self.sentences

    def said_by(self, speaker: "Speaker") -> str:
        """Return the message as *speaker* says it."""
        return "\n".join(speaker.say(one) for one in self.sentences)


class InputError(CertsError):
    """The caller gave something that cannot be used; carries every problem found, not just the first."""

    code = "input"

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem] = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    @property
    def sentences(self) -> Sequence[str]:
        """What is said of each problem, without places in files."""
        return tuple(one.message for one in self.problems)

    def said_by(self, speaker: "Speaker") -> str:
        """Return the problems as *speaker* says them, each in a line with its place."""
        return "\n".join(str(one.said_by(speaker)) for one in self.problems)


class DeniedError(CertsError):
    """The caller may not do this."""

    code = "denied"


class NotFoundError(CertsError):
    """What the caller named does not exist."""

    code = "not_found"


class ConflictError(CertsError):
    """The register's state forbids this act now; nothing was changed."""

    code = "conflict"


class BusyError(CertsError):
    """Every place is taken for the moment; nothing is wrong and nothing was changed. Ask again in so many *seconds*."""

    code = "busy"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class SigningError(CertsError):
    """A key is missing, unreadable or refuses; the operator must act."""

    code = "signing"


class PageError(SigningError):
    """The finished page of one certificate, that of *number*, is not right."""

    def __init__(self, message: str, number: str = "") -> None:
        super().__init__(message)
        self.number = number


class StorageError(CertsError):
    """The database or the disk fails; the operator must act."""

    code = "storage"


class MissingError(StorageError):
    """There is no register where one is looked for; none begins by looking."""


class AwayError(StorageError):
    """What holds some bytes cannot be asked now; what they are, nobody can tell meanwhile."""


class ReadOnlyError(StorageError):
    """The database takes no changes from here: a replica, a file that only others may write, a role that may not."""


class ClaimFault(StrEnum):
    """What is wrong with a claim that cannot be believed."""

    MALFORMED = "malformed"
    """Not the one canonical form: a character, a length or a field that certs never writes."""
    UNKNOWN_KEY = "unknown_key"
    """Names a key that does not exist for claims."""
    WRONG_SIGNATURE = "wrong_signature"
    """Names one of our keys, but its signature does not fit."""


class ClaimError(CertsError):
    """A claim that is not to be believed; `verify` turns it into a verdict.

    *number* is what an unbelievable claim says its number is, where that much can be read; never show it as a fact.
    """

    code = "claim"

    def __init__(self, fault: ClaimFault, message: str, number: str = "") -> None:
        super().__init__(message)
        self.fault = fault
        self.number = number


class CredentialFault(StrEnum):
    """What is wrong with a credential that cannot be believed."""

    MALFORMED = "malformed"
    """No JSON, too large, or not the one form that certs writes; also what other issuers write."""
    UNKNOWN_KEY = "unknown_key"
    """Names a key that does not exist for credentials."""
    WRONG_SIGNATURE = "wrong_signature"
    """Names one of our keys, but its proof does not fit."""


class CredentialError(CertsError):
    """A credential that is not to be believed; `verify` turns it into a verdict."""

    code = "credential"

    def __init__(self, fault: CredentialFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
