"""Many questions in one request: each is answered by itself, and none fails the others.

What is no number or one miss too many is unread among the rest. When register or keys go away meanwhile, so are all
that are left: they are not waited for one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from werkzeug.exceptions import TooManyRequests

from certs.errors import InputError, SigningError, StorageError
from certs.model import Verdict
from certs.web.edge import errors
from certs.web.edge.limits import MISSES
from certs.web.edge.shared import site
from certs.web.public.verification import is_guess, is_held
from certs.wording import say
from certs.work.verify import Named, verify_named

_Question = TypeVar("_Question")
TOO_OFTEN = "http_429"


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be answered: *code* as errors have it, *detail* a sentence."""

    code: str
    detail: str


def answers(
    questions: Iterable[_Question], judge: Callable[[_Question], Verdict]
) -> Iterator[tuple[_Question, Verdict | Unread]]:
    """Yield each question with what *judge* says of it."""
    away: StorageError | SigningError | None = None
    for question in questions:
        try:
            if away is not None:
                raise away
            yield question, judge(question)
        except InputError as error:
            yield question, Unread(error.code, error.sentences[0] if error.sentences else str(error))
        except TooManyRequests:
            yield question, Unread(TOO_OFTEN, say("Too many of these do not exist. Ask again in a minute."))
        except (StorageError, SigningError) as error:
            if away is None:
                errors.note(error)
            away = error
            yield question, Unread(error.code, say("We could not check at the moment. Ask again later."))


def judged(asked: Named) -> Verdict:
    """Return the verdict on what somebody named; what may be a guess is counted.

    Raises:
        StorageError: the register is out of reach.
        SigningError: the key folder cannot be read.
        TooManyRequests: one miss too many.
    """
    here = site()
    verdict = verify_named(asked, here.register, here.keys, here.clock())
    if is_guess(verdict) if asked.number is None else not is_held(verdict):
        here.limits.spend(MISSES)
    return verdict
