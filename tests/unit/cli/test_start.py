import subprocess
import sys
from importlib import import_module

import pytest

from certs.cli import COMMANDS

HEAVY = {"alembic", "cryptography", "pypdfium2", "pyld", "reportlab", "uharfbuzz", "zxingcpp"}
"""Libraries for keys, pages and migrations: each takes a tenth of a second to load, or nearly."""


def loaded(*modules: str) -> set[str]:
    """Return which libraries a fresh interpreter has once it has imported *modules*."""
    script = f"import sys, {', '.join(modules)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("command", ["import", "questions", "status", "decide"])
def test_commands_of_every_day_load_neither_keys_nor_fonts(command: str) -> None:
    """They begin in half a second; whoever needs more loads it then."""
    module = COMMANDS[command][0].partition(":")[0]
    assert loaded(module, "certs.build") & HEAVY == set()


def test_help_loads_no_database() -> None:
    """It is there at once."""
    assert loaded("certs.cli") & {"flask", "sqlalchemy", *HEAVY} == set()


def test_the_libraries_go_by_these_names() -> None:
    """Else the tests above would hold whatever is loaded."""
    for name in HEAVY:
        assert import_module(name)
