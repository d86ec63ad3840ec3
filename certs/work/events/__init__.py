"""Events as organisers change them: proposed with everything that is odd or would change, then accepted.

    proposal = propose(store, Source.of(file), base_url, now)     changes nothing
    proposal.questions, proposal.differences, proposal.effect     what a person must know before she agrees
    accept(store, proposal, act)

`new` gives the commented file to begin with. What cannot be right is refused, what may be right is asked about.
Certificates that are ordered or issued say what was frozen with their order, whatever the event file says afterwards.
"""

from certs.work.events.new import new
from certs.work.events.proposal import Effect, Proposal, accept, propose
from certs.work.events.source import Source

__all__ = ["Effect", "Proposal", "Source", "accept", "new", "propose"]
