"""The databases that the server's tests run on, and why some run on one."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Final

SQLITE: Final = "sqlite"
# PACKSTATION_TEST_DATABASES=sqlite leaves PostgreSQL out, where it is not installed.
KINDS: Final = tuple(os.environ.get("PACKSTATION_TEST_DATABASES", "sqlite postgresql").split())

# Parts of a test's name ("module.function", "*" of a module's end) and what it is about: these
# run on SQLite.
ONE: Final[Mapping[str, str]] = {
    "_shots.": "pictures of pages; what stands on them is tested beside",
    "test_reference_client.": "bytes that are signed and hashed in Node: no matter of a database",
    "test_backups.test_no_generation_comes_twice_where_the_file_is_lost": "deletes the file",
    "test_backups.test_a_database_that_is_garbage_is_put_aside": "writes into the file",
    "test_audit.test_any_flipped_bit_is_found": "writes into the file; chains are the same on both",
    "test_audit.test_a_lost_row_is_found": "as the one before",
    "test_smtp.": "letters to a mail server",
    "test_accounts.test_a_bench_buys_by_an_account_and_never_sees_its_key": "reads the file",
}


def kinds_of(module: str, function: str, fixtures: Collection[str]) -> tuple[str, ...]:
    """The kinds that one test runs on."""
    name = f"{module.rpartition('.')[2]}.{function}"
    # A browser's look at a page; a copy of the file that is put back.
    if not {"browser", "older_copy"}.isdisjoint(fixtures) or any(part in name for part in ONE):
        return (SQLITE,)
    return KINDS
