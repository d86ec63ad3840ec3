"""Issue certificates, so that a crash at any moment leaves a row that says where, and running again finishes.

1. decide            `order.decide`
2. order             `order.place`: numbers reserved, statements frozen
3. approve           `order.approve`
4. check             every glyph exists, the text fits; otherwise the certificate is held and a person must act
5. sign              claim and credential
6. imprint           the person's own part on the plate that many share
7. seal              the whole file, with the last bytes of the imprint
8. verify            every file by structure and digest; the first of each plate and one in fifty by its raster, the
                     public verifier, the seal's signature and the proof of its credential; the first credential of a
                     batch in each process as a stranger's; a page that alone is not right is held, two stop the batch
9. store             bytes, digest, status and audit entry in one transaction; only then is it public

Steps 4 to 8 are one pure function of frozen statements, `make`, which runs wherever the queue runs it. Step 9 is done
by this process alone. A row is claimed by a lease, which its holder extends while it works. What a dead process of this
machine held is taken over at once, what any other held when its lease ends.
"""

from certs.work.issue.making import ONE_IN, Tools, make
from certs.work.issue.run import LEASE, POLL_SECONDS, Office, assist, issue, opened, pause
from certs.work.issue.steps import Step

__all__ = ["LEASE", "ONE_IN", "POLL_SECONDS", "Office", "Step", "Tools", "assist", "issue", "make", "opened", "pause"]
