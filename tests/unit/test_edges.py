"""Edges see the register by its ports, and nothing of the database behind them."""

import ast
from collections.abc import Iterator
from inspect import get_annotations
from pathlib import Path

import certs
from certs import ports
from certs.build import App

EDGES = ("cli", "web")
INNER = {"engine", "tables"}
"""The database, which the program put together holds for its own room."""


def reached(tree: ast.AST) -> Iterator[str]:
    """Yield what of `INNER` is taken of a value called app."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in INNER and ast.unparse(node.value).endswith("app"):
            yield ast.unparse(node)


def test_no_edge_reaches_behind_the_ports() -> None:
    """Neither a command nor a page takes the engine or the tables."""
    root = Path(certs.__file__).parent
    sources = [file for edge in EDGES for file in (root / edge).rglob("*.py")]
    assert len(sources) > 40
    assert [f"{file.name}: {one}" for file in sources for one in reached(ast.parse(file.read_text()))] == []


def test_what_would_be_reached_is_seen() -> None:
    """The search finds what it looks for."""
    tree = ast.parse("self._app.tables.trail, app.engine, staff.tables")
    assert sorted(reached(tree)) == ["app.engine", "self._app.tables"]


def test_the_program_gives_edges_a_port() -> None:
    """So the type checker refuses an edge that calls what only the database has."""
    getter = App.__dict__["store"].fget
    assert get_annotations(getter, eval_str=True)["return"] is ports.Store
