"""Account for decisions: every row that speaks of a person, what counts of it, and what the rule makes of it.

account.of(store, "cgmp-2026", "ana@example.org")      one person, as the register has her
account.kept(store, "cgmp-2026", key)                  the same from what is kept, quickly
account.of_files(event, files, answers)                everybody whom files name, without a register
"""

from certs.work.account.files import FilesAccount, of_files
from certs.work.account.person import Accounts, kept, of

__all__ = ["Accounts", "FilesAccount", "kept", "of", "of_files"]
