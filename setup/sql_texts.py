"""Writes packstation/storage/texts.py: the statements of SQLAlchemy Core as SQLite takes them.

Run after a change of ``packstation/storage/{schema,statements}.py``; the file is committed, so
a bench compiles none at its start. A test refuses a file that differs.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.expression import Executable

from packstation.storage.statements import STATEMENTS

TARGET: Final = Path(__file__).resolve().parent.parent / "packstation" / "storage" / "texts.py"
WIDTH: Final = 90  # of a line's words; quotes, indent and comma stay within 100
HEAD: Final = '''\
"""Statements of ``statements.py`` as texts; made by ``python -m setup.sql_texts``, not by hand."""

from __future__ import annotations

from typing import Final

from packstation.storage.database import Statement
'''
_DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="qmark")


def compiled(statement: Executable) -> tuple[str, tuple[str, ...]]:
    """The text on one line, and the parameters' names in its order.

    Raises:
        ValueError: a constant would become a parameter; it belongs into the text.
    """
    made = cast("Any", statement).compile(dialect=_DIALECT)
    preset = {name for name, value in made.params.items() if value is not None}
    if preset:
        raise ValueError(f"constants: {preset}")
    return " ".join(str(made).split()), tuple(made.positiontup or ())


def source() -> str:
    """The whole module."""
    return HEAD + "".join(_constant(name, *compiled(STATEMENTS[name])) for name in STATEMENTS)


def _constant(name: str, sql: str, names: tuple[str, ...]) -> str:
    lines = textwrap.wrap(sql, WIDTH, break_long_words=False, break_on_hyphens=False)
    parts = [f"{line} " for line in lines[:-1]] + lines[-1:]
    words = [f"    {_quoted(part)}" for part in parts]
    words[-1] += ","
    words += _names(names)
    return "\n".join([f"\n{name}: Final = Statement(", *words, ")", ""])


def _names(names: tuple[str, ...]) -> list[str]:
    """A tuple as the formatter leaves it."""
    if not names:
        return []
    row = ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "")
    if len(row) < WIDTH:
        return [f"    ({row}),"]
    return ["    (", *(f'        "{name}",' for name in names), "    ),"]


def _quoted(part: str) -> str:
    """A literal with the quotes that need the fewer escapes."""
    quote = "'" if part.count('"') > part.count("'") else '"'
    return quote + part.replace(quote, f"\\{quote}") + quote


def main() -> None:
    """Writes the file."""
    TARGET.write_text(source(), "utf-8")


if __name__ == "__main__":
    main()
