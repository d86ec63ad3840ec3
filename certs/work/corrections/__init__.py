"""Correct certificates that were issued: a new one supersedes the old, which then reads "replaced".

    wanted = [Wanted(number, Changes(name="Zoë"))]          or asked(store, rows of a sheet, ...)
    proposal = propose(store, keys, wanted)                 old and new, to be looked at
    place(store, proposal, act, demo=False)                 orders what is new of it

A correction is a batch like any other: ordered with a reason, approved, issued; by two people where the event demands
that. The old certificate stays as it is and leads to the new one as soon as that is issued. All that is asked for at
once is ordered at once, or nothing. Asked for again, what was ordered goes on, and what is done is said to be done.
"""

from certs.work.corrections.asked import COLUMNS, asked, quarter_hours, sessions
from certs.work.corrections.changes import Changes, Wanted
from certs.work.corrections.counted import outdated
from certs.work.corrections.gathered import Waiting, gather, look, order, take_out, waiting
from certs.work.corrections.proposal import Correction, Proposal, go_on, place, propose
from certs.work.corrections.reissue import Reissue, demand_successor, reissue, to_reissue

__all__ = [
    "COLUMNS",
    "Changes",
    "Correction",
    "Proposal",
    "Reissue",
    "Waiting",
    "Wanted",
    "asked",
    "demand_successor",
    "gather",
    "go_on",
    "look",
    "order",
    "outdated",
    "place",
    "propose",
    "quarter_hours",
    "reissue",
    "sessions",
    "take_out",
    "to_reissue",
    "waiting",
]
