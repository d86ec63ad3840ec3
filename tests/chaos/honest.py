"""`make honest`: honest copies and restores of a register that lives on; nothing of it may be called false.

Certificates are issued, revoked, reinstated; backups are made, and now and then one of them is restored beside the
register that knows more. After each step the whole trail is compared with rows, rolls, keys and lists, and the verdict
on some certificates with what is true of them.
"""

import random
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from certs.cli.verify import judge
from certs.db.backup import backup
from certs.db.restore import Beside
from certs.model import Act, Number, Revocation, RevocationReason, Summary
from certs.queue import Queue
from certs.work import issue, record, trail
from tests import crowd

HOW_MANY = 200
PEOPLE = 3
LOOKED_AT = 5
"""So many certificates are judged after each step."""


class Life:
    """A register, and what is true of its certificates."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice, self._folder, self._people = random.Random(seed), folder, 0
        self.app = crowd.opened(crowd.environment(folder))
        self._now = crowd.NOW
        self._truth: dict[Number, Summary] = {}
        self._backups: list[Path] = []
        self.done: Counter[str] = Counter()

    def step(self) -> list[str]:
        """Do one thing or another; return what is called false afterwards."""
        acts = [self.issue, self.revoke, self.revoke, self.reinstate, self.back_up, self.restore, self.restore]
        act = self._dice.choice(acts) if self._truth else self.issue
        act()
        self.done[act.__name__] += 1
        self.app.lists.publish()
        return self._called_false()

    def _act(self) -> Act:
        self._now += timedelta(minutes=1)
        return Act("Ana", self._now, "honest")

    def _one(self, summary: Summary) -> list[Number]:
        found = sorted(number for number, stands in self._truth.items() if stands is summary)
        return self._dice.sample(found, 1) if found else []

    def issue(self) -> None:
        """Issue a batch to new people."""
        batch = crowd.approved(self.app, PEOPLE, self._people)
        self._people += PEOPLE
        office = issue.Office(self.app.store, Queue(1), lambda: self._now)
        issue.issue(office, self.app.tools(), batch, self._act())
        for one in self.app.store.addressed("cgmp-2026"):
            self._truth.setdefault(one.certificate.number, Summary.VALID)

    def revoke(self) -> None:
        """Withdraw one that counts."""
        for number in self._one(Summary.VALID):
            act = self._act()
            self.app.store.revocations.add([number], Revocation(act.at, RevocationReason.ERROR, ""), act)
            self._truth[number] = Summary.REVOKED

    def reinstate(self) -> None:
        """Let one count again."""
        for number in self._one(Summary.REVOKED):
            self.app.store.revocations.reinstate([number], self._act())
            self._truth[number] = Summary.VALID

    def back_up(self) -> None:
        """Make a backup."""
        self._backups.append(self._folder / f"backup{len(self._backups)}.db")
        backup(self.app.engine, self._backups[-1])

    def restore(self) -> None:
        """Bring a backup back: what was done since is known beside it, and comes over."""
        if self._backups:
            file = self._dice.choice(self._backups)
            self.app.tables.engine.dispose()
            beside = Beside(nothing_since=False)
            self.app.restore(file, self._act(), beside, agree=lambda _: None, watch=lambda done, of: None)
            record._memory._rolls.clear()

    def _called_false(self) -> list[str]:
        app = self.app
        wrong = [str(one) for one in trail.everything(app.store, app.keys, app.voucher)]
        for number in self._dice.sample(sorted(self._truth), min(LOOKED_AT, len(self._truth))):
            if (found := judge(app, number).summary) is not self._truth[number]:
                wrong.append(f"{number} is {self._truth[number]}, and is called {found}")
        return wrong


def main() -> int:
    """Live for so many steps; return 1 if anything honest was called false."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else HOW_MANY
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
        for step in range(steps):
            if wrong := life.step():
                print(f"after step {step}, {dict(life.done)}:", *wrong, sep="\n  ")
                return 1
        life.app.engine.dispose()
    print(f"{steps} steps, {dict(life.done)}: nothing was called false", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
