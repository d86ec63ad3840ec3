"""Engines that share what SQLAlchemy compiled: a statement is compiled once in a process, not once for every test.

SQLAlchemy keeps compiled statements by engine and dialect, and each test has a database, hence an engine, of its own.
"""

from sqlalchemy import Engine, create_engine

_FIRST: dict[str, Engine] = {}
"""By driver, the engine whose dialect and compiled statements all others use."""


def compiled_once(engine: Engine) -> Engine:
    """Let *engine*, whose file need not be there yet, use what earlier ones compiled; return it."""
    driver = engine.dialect.driver
    if driver not in _FIRST:
        first = create_engine("sqlite://") if driver == "pysqlite" else engine
        first.connect().close()  # now its dialect knows the server
        if first is not engine:
            first.dispose()
        _FIRST[driver] = first
    engine.dialect = engine.pool._dialect = _FIRST[driver].dialect
    engine._compiled_cache = _FIRST[driver]._compiled_cache
    return engine
