"""The report to those who paid: how many came, from where, for how long, and what they were given; nobody's name.

Figures come from the register alone. What it does not know is said to be unknown, never taken for nothing.
"""

from certs.work.report.figures import Edition, Report, counted
from certs.work.report.files import NAMES, files, write
from certs.work.report.folding import Folding

__all__ = ["NAMES", "Edition", "Folding", "Report", "counted", "files", "write"]
