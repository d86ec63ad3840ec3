"""The use cases, each module imported when a command first uses it: `use.orders.plan(...)`.

So the help of a command loads neither fonts nor keys, and whoever reads a command sees where a rule comes from.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certs.work import (
        account,
        amend,
        answers,
        archive,
        corrections,
        counts,
        deliver,
        ending,
        enrol,
        errands,
        events,
        evidence,
        guards,
        herself,
        imports,
        issue,
        keys,
        naming,
        orders,
        preview,
        questions,
        readiness,
        reason,
        report,
        review,
        revocations,
        rulings,
        salvage,
        settle,
        sheet,
        trail,
        users,
        verify,
    )
    from certs.work.deliver import spreadsheet
else:
    _DEEPER = {"spreadsheet": "deliver.spreadsheet"}

    def __getattr__(name: str) -> object:
        """Import the module of `certs.work` that is asked for."""
        return importlib.import_module(f"certs.work.{_DEEPER.get(name, name)}")
