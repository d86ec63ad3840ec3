"""What somebody may ask about herself: everything that is held about her, and that she be erased."""

from certs.work.herself.erasing import Plan, erase, plan
from certs.work.herself.held import Data, collect, readable

__all__ = ["Data", "Plan", "collect", "erase", "plan", "readable"]
