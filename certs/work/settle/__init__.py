"""Questions about people settled many at a time: looked at, agreed to, then kept all or none.

    found = settle.suggested(store, "cgmp-2026")
    settle.keep(store, "cgmp-2026", found, act)

Apart from `work.questions`, which is lower: reading exports and every decision stand on what is asked and answered,
while settling looks at decisions (what follows from an answer), at tables and at other events.

What a console or a command shows are values: a question with its candidates, the reasons for each, the suggestion, and
what follows from each answer (`outcomes`).
"""

from certs.work.settle.outcomes import Outcome, outcomes
from certs.work.settle.proposal import Settled, apart, keep, suggested, taken_from
from certs.work.settle.table import HEADER, from_table, table

__all__ = [
    "HEADER",
    "Outcome",
    "Settled",
    "apart",
    "from_table",
    "keep",
    "outcomes",
    "suggested",
    "table",
    "taken_from",
]
