"""Errands: long work that is asked for in one place and done in another, by a worker, in the name of who asked.

    errand = errands.read(store, slug, files, Reading(answers), act)      an edge: keeps the intent and answers
    done = doing.do(means, errand, tell)                                  the worker

What an errand changes, it changes by the use cases that commands call; each may be begun again after a crash, and then
does what is left of it.
"""

from certs.work.errands.asking import (
    AWAY,
    back_up,
    change,
    count,
    enrol,
    examine,
    foresee,
    foreseen,
    issue,
    nobody_works,
    order,
    publish,
    read,
    read_tray,
    rehearse,
    under_way,
    weights,
    worker_away,
)
from certs.work.errands.how import Agreed, Ordering, Reading

__all__ = [
    "AWAY",
    "Agreed",
    "Ordering",
    "Reading",
    "back_up",
    "change",
    "count",
    "enrol",
    "examine",
    "foresee",
    "foreseen",
    "issue",
    "nobody_works",
    "order",
    "publish",
    "read",
    "read_tray",
    "rehearse",
    "under_way",
    "weights",
    "worker_away",
]
