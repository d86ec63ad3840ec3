"""Engines that share what SQLAlchemy compiled: a statement is compiled once in a process, not once for every test.

SQLAlchemy keeps compiled statements by engine and dialect, and each test has a database, hence an engine, of its own.
"""

from typing import Any

from sqlalchemy import Engine


class _Compiled(dict[Any, Any]):
    """What engines of one driver compiled, by statement: SQLAlchemy's keys begin with an engine's dialect."""

    def get(self, key: tuple[object, ...], default: object = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[object, ...], value: object) -> None:
        super().__setitem__(key[1:], value)


_BY_DRIVER: dict[str, _Compiled] = {}


def compiled_once(engine: Engine) -> Engine:
    """Let *engine* use what earlier ones compiled; return it. Its connections stay as they were set up."""
    engine._compiled_cache = _BY_DRIVER.setdefault(engine.dialect.driver, _Compiled())
    return engine
