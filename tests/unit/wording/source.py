"""What the source says: every call of `say`, `say_n`, `mark` and `hint`, found by its syntax."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2.ext import babel_extract

CERTS = Path(__file__).parents[3] / "certs"
TEMPLATES = CERTS.parent / "templates"
_TEXTS = {"say": 1, "say_n": 2, "mark": 1, "hint": 1}
"""How many literal texts each call begins with."""


@dataclass(frozen=True, slots=True)
class Said:
    """One call: *by* which function, its literal *texts* (None for one that is none), and the names of its facts."""

    place: str
    by: str
    texts: tuple[str | None, ...]
    facts: frozenset[str]


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    """Return every module of the package but those of `wording` that make sentences."""
    files = sorted(path for path in CERTS.rglob("*.py") if "migrations" not in path.parts)
    return tuple((path.relative_to(CERTS), ast.parse(path.read_text(encoding="utf-8"))) for path in files)


@cache
def said() -> tuple[Said, ...]:
    """Return every call."""
    return tuple(call for path, tree in trees() for call in _calls(path, tree))


def _calls(path: Path, tree: ast.Module) -> Iterator[Said]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            first = node.args[: _TEXTS[node.func.id]]
            texts = tuple(a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in first)
            facts = frozenset(word.arg or "**" for word in node.keywords)
            yield Said(f"{path}:{node.lineno}", node.func.id, texts, facts)


@cache
def templated(folder: str) -> frozenset[tuple[str, ...]]:
    """Return the messages that the pages of `templates/FOLDER` mark; of a counted one both forms."""
    found: set[tuple[str, ...]] = set()
    for path in (TEMPLATES / folder).glob("*.html"):
        with path.open("rb") as file:
            for _, _, texts, _ in babel_extract(file, ("_", "ngettext"), (), {}):
                forms = texts if isinstance(texts, tuple) else (texts,)
                found.add(tuple(text for text in forms if text))
    return frozenset(found)


def constants(*without: str) -> Iterator[tuple[str, str]]:
    """Yield every text of the package with its place, but docstrings and the rooms or files *without*."""
    for path, tree in trees():
        if path.parts[0] not in without and path.as_posix() not in without:
            nodes = list(ast.walk(tree))
            documented = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            for node in nodes:
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                    yield f"{path}:{node.lineno}", node.value


def holes(text: str) -> frozenset[str]:
    """Return the names of the facts in the braces of *text*."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
