"""Read the files of an errand into the register, each all or nothing; one that was read before a crash stays read."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from certs.errors import CertsError, ConflictError, StorageError
from certs.model import Act, Errand, ErrandFile
from certs.ports import Store
from certs.wording import joined, say, say_n
from certs.work import amend, imports, questions
from certs.work.errands.how import Reading
from certs.work.errands.outcomes import told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files: how many count now, and why others do not, a sentence each."""

    read: int
    here_already: int
    refused: Sequence[str]
    open_questions: int

    @property
    def sentence(self) -> str:
        """Say it."""
        parts: list[str] = [say_n("{n:,} file was read.", "{n:,} files were read.", self.read)]
        if self.here_already:
            parts.append(
                say_n(
                    "{n:,} file was here already and changes nothing.",
                    "{n:,} files were here already and change nothing.",
                    self.here_already,
                )
            )
        if self.refused:
            parts.append(say_n("{n:,} file was refused:", "{n:,} files were refused:", len(self.refused)))
            parts.append(joined(self.refused, "\n"))
        elif self.open_questions:
            parts.append(say_n("{n:,} question is open.", "{n:,} questions are open.", self.open_questions))
        return joined(parts, " ")


def read(store: Store, errand: Errand, act: Callable[[], Act], tell: Callable[[int, int], None]) -> Outcome:
    """Read the files of *errand*, one after the other; *tell* hears how many of how many are done.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails; what was read so far stays.
    """
    how, files = Reading.of(errand.wish.options), store.errands.files(errand.id)
    read_now, here_already, refused = 0, 0, list[str]()
    for place, file in enumerate(files):
        tell(place, len(files))
        try:
            if _is_here(store, errand, file) or _one(store, errand.wish.slug, file, how, act()):
                read_now += 1
            else:
                here_already += 1
        except StorageError:
            raise
        except CertsError as error:
            refused.append(_named(file.name, told(error)))
    tell(len(files), len(files))
    left = len(questions.unanswered(store, errand.wish.slug))
    return Outcome(read_now, here_already, refused, left)


def _named(name: str, refusal: str) -> str:
    return refusal if name in refusal else joined([f"{name}: ", refusal], "")


def _is_here(store: Store, errand: Errand, file: ErrandFile) -> bool:
    """Say whether this errand has read *file* before its worker died."""
    digest = hashlib.sha256(file.data).hexdigest()
    listed = store.imports.listed(errand.wish.slug)
    return any(one.sha256 == digest and one.counts and one.received_at >= errand.asked_at for one in listed)


def _one(store: Store, slug: str, file: ErrandFile, how: Reading, act: Act) -> bool:
    """Read one file; false where it is here already.

    Raises:
        InputError: it cannot be used.
        ConflictError: certificates would change, and nobody agreed to it; or somebody else imported it meanwhile.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    answers = replace(
        how.answers,
        sessions={name: id_ for name, id_ in how.answers.sessions.items() if name.partition(":")[0] == file.name},
        registered=how.answers.registered & {file.name},
    )
    undone = amend.chosen(store, slug, how.replaced)
    sifted = imports.sift(store, slug, [imports.Upload(file.name, file.data)], answers.sessions, undone)
    if not sifted.new:
        return False
    readings = imports.read_files(store, slug, sifted.new, answers, undone, beside=how.beside)
    amendment = None
    if undone or store.batches.of_event(slug):
        foreseen = amend.foresee(store, slug, undone, readings)
        if (foreseen.certified or foreseen.amendment.given_up) and not how.agreed:
            raise ConflictError(
                say(
                    "This changes certificates that are ordered or issued. Look at what would change, then agree to it."
                )
            )
        amendment = foreseen.amendment
    imports.store_files(store, slug, sifted.new, readings, act, amendment)
    return True
