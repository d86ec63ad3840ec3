"""The audit trail is what its documentation says: a checker written from the page finds the chain whole."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.site import Deployment

COLUMNS = "id, at, actor, role, act, event, subject, old, new, reason, software, previous, sha256"


def rows(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT {COLUMNS} FROM audit ORDER BY id").fetchall()


def broken(trail: list[tuple[object, ...]]) -> list[object]:
    """Return the ids of rows whose digest or predecessor does not fit."""
    previous, wrong = "0" * 64, []
    for row in trail:
        text = json.dumps(row[:-1], ensure_ascii=False, separators=(",", ":"))
        if (row[-2], row[-1]) != (previous, hashlib.sha256(text.encode()).hexdigest()):
            wrong.append(row[0])
        previous = str(row[-1])
    return wrong


def test_every_act_of_the_marathon_is_in_a_whole_chain(marathon: Deployment) -> None:
    trail = rows(marathon.folder / "instance/certs.db")
    assert [row[0] for row in trail] == list(range(1, len(trail) + 1))
    assert broken(trail) == []
    acts = {row[4] for row in trail}
    assert {act.split(".")[0] for act in map(str, acts)} >= {"event", "import", "batch"}


def test_the_command_names_the_head_of_the_same_chain(marathon: Deployment) -> None:
    said = json.loads(marathon.certs("audit", "verify", "--json"))
    trail = rows(marathon.folder / "instance/certs.db")
    assert (said["whole"], said["entries"], said["sha256"]) == (True, len(trail), trail[-1][-1])


def test_whoever_rewrites_the_file_breaks_the_chain(marathon: Deployment, tmp_path: Path) -> None:
    """Triggers gone, the owner of the file can change a row; the chain then says which."""
    copy = tmp_path / "certs.db"
    marathon.certs("backup", str(copy))
    with closing(sqlite3.connect(copy)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE audit SET actor = 'somebody else' WHERE id = 2")
    assert broken(rows(copy)) == [2]
