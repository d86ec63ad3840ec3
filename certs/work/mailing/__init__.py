"""Mails: who is to get one, what it says, and sending it so that nobody gets two.

    plan = mailing.certificates(store, slug)          an edge: who would get one
    mailing.queue(store, plan, act)                   keeps the letters
    mailing.send_next(mailer, token)                  the worker: sends one

A letter that belongs to an act of its own, the answer to a request say, is kept in the act's own transaction.
"""

from certs.work.mailing.asking import Plan, ask_approvers, certificates, queue, tell_issued
from certs.work.mailing.compose import Foot, mail
from certs.work.mailing.sending import Mailer, send_next

__all__ = [
    "Foot",
    "Mailer",
    "Plan",
    "ask_approvers",
    "certificates",
    "mail",
    "queue",
    "send_next",
    "tell_issued",
]
