"""docs/customs-unverified.md: every rule, figure and row of law that nobody has verified.

`python -m setup.customs_unverified` writes it; `setup.customs_pack` does so with every signature.
Which rules read a figure, table or list is watched while their own examples are judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from packstation.customs.examples import order_of, read_examples
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.pack import Figure, Pack, Rule
from packstation.domain.customs.registry import case_of

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "resources" / "customs"
PAGE: Final = ROOT / "docs" / "customs-unverified.md"
LISTS: Final = "list_sources"
# What names a row, the first that is there; a rate has two.
_NAMES: Final = "id name list agreement code carrier kind category edition".split()
_MANY: Final = 12
# Rules that nearly all others stand on are not counted one by one.
_MOST: Final = 20

_HEAD: Final = """# What is law here, and what is not verified

Made of rule pack {version} by `python -m setup.customs_unverified`; a test compares. **Verified**
means: somebody compared the row with the law's own text. All that
stands below is *not*: it stands as in the project's reference, which was put together from public
copies, or from general knowledge (marked [K]). `reference: customs, 1.1 [7]` is a section and
a source of that reference, which is no part of this repository. Before you rely on a rule in a
customs matter, look at its row, its figures and its tables, and ask your broker.

| | verified | not verified | no law, or without a mark |
|---|---|---|---|
| rules | {rules[0]} | {rules[1]} | |
| figures | {figures[0]} | {figures[1]} | |
| rows of tables | {rows[0]} | {rows[1]} | {rows[2]} |

Verified are: {good}. Rows without a mark are counted with those that are not: nobody says that
they are. `shapes`, `shape_words`, `field_words` and `phrases` are no law but this program's words.
A rule rests on all that it reads: "rules" below are those that read the row's table, list or
figure while their examples are judged; - where only papers, estimates or exports do.
"""


class _Seen(dict[str, Any]):
    """A mapping that remembers what was asked of it."""

    def __init__(self, known: Mapping[str, Any], asked: set[str]) -> None:
        super().__init__(known)
        self.asked = asked

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict has it
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as dict has it
        self.asked.add(key)
        return super().__getitem__(key)


class _Watched(Pack, frozen=True, kw_only=True):
    """A pack that remembers which figures were asked for."""

    asked: set[str] = msgspec.field(default_factory=set)

    def figure(self, name: str, on: date) -> Figure | None:
        self.asked.add(name)
        return super().figure(name, on)


def readers(pack: Pack, examples: Path) -> Mapping[str, Sequence[str]]:
    """Figure, table, list or group -> ids of the rules that read it."""
    found: dict[str, list[str]] = defaultdict(list)
    cases = {one.rule: (*one.bad, *one.ok) for one in read_examples(examples)}
    reference = Tables()
    for rule in pack.rules:
        asked: set[str] = set()
        watched = _watched(pack, rule, asked)
        for one in cases.get(rule.id, ()):
            evaluate(case_of(order_of(examples, one), watched, reference, one.at))
        for name in asked:
            found[name].append(rule.id)
    return found


def _watched(pack: Pack, rule: Rule, asked: set[str]) -> Pack:
    known = {name: getattr(pack, name) for name in pack.__struct_fields__}
    known["rules"] = (rule,)
    for name in ("tables", "lists", "groups"):
        known[name] = _Seen(known[name], asked)
    return _Watched(**known, asked=asked)


def page(pack: Pack, examples: Path) -> str:
    """The whole page."""
    by = readers(pack, examples)
    parts = [_head(pack), _figures(pack, by), _rules(pack), _tables(pack, by)]
    return "\n".join(parts)


def _head(pack: Pack) -> str:
    rows = [row for name, table in pack.tables.items() if name != LISTS for row in table]
    sure = sum(row.get("verified") is True for row in rows)
    false = sum(row.get("verified") is False for row in rows)
    good = [f"rule {one.id}" for one in pack.rules if one.verified]
    good += [f"figure `{one.name}`" for one in pack.figures if one.verified]
    good += [
        f"{count} of `{name}`"
        for name, table in pack.tables.items()
        if (count := sum(row.get("verified") is True for row in table))
    ]
    return _HEAD.format(
        version=pack.version,
        rules=_counted(pack.rules),
        figures=_counted(pack.figures),
        rows=(sure, false, len(rows) - sure - false),
        good=", ".join(good) or "nothing",
    )


def _counted(rows: Sequence[Rule] | Sequence[Figure]) -> tuple[int, int]:
    sure = sum(row.verified for row in rows)
    return sure, len(rows) - sure


def _figures(pack: Pack, by: Mapping[str, Sequence[str]]) -> str:
    rows = [
        (f"`{one.name}`", _worth(one), _days(one), _of(by.get(one.name, ())), one.source)
        for one in pack.figures
        if not one.verified
    ]
    return _table("Figures", ("figure", "is", "from, to", "rules", "source"), rows)


def _worth(one: Figure) -> str:
    return f"{one.money.amount} {one.money.currency}" if one.money else str(one.value)


def _days(one: Figure) -> str:
    return f"{one.valid_from or ''}, {one.valid_to or ''}" if one.valid_from or one.valid_to else ""


def _rules(pack: Pack) -> str:
    rows = [(one.id, one.title, one.source) for one in pack.rules if not one.verified]
    return _table("Rules", ("rule", "about", "source"), rows)


def _tables(pack: Pack, by: Mapping[str, Sequence[str]]) -> str:
    rows = [
        (f"`{name}`", str(len(found)), _few(found), _of(by.get(name, ())), source)
        for name, table in sorted(pack.tables.items())
        if name not in {LISTS, "shapes", "shape_words", "field_words"}
        for source, found in _by_source(table)
    ]
    rows += [
        (f"list `{row['list']}`", "", _note(row), _of(by.get(str(row["list"]), ())), row["source"])
        for row in pack.tables.get(LISTS, ())
        if row.get("verified") is not True
    ]
    return _table("Tables and lists", ("table", "rows", "which", "rules", "source"), rows)


def _by_source(table: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """What is not verified, by where it comes from; a row may say in words what is not."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in table:
        if row.get("verified") is not True:
            open_ = row.get("unverified")
            source = str(row.get("source") or row.get("why") or "-")
            found[f"{source}; open: {_words(open_)}" if open_ else source].append(_name(row))
    yield from found.items()


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _name(row: Mapping[str, Any]) -> str:
    if "from" in row and "rate" in row:
        return f"{row['from']}-{row['to']}"
    if "un" in row and "pi" in row:
        return f"{row['un']} PI {row['pi']} {row.get('section', '')}".strip()
    if "slot" in row:
        return f"{row['slot']}: {row.get('kind') or 'none'}"
    if "script" in row:
        return f"{row['script']} ({_words(row.get('countries', ()))})"
    if "caption" in row:
        return f"{row['caption']} ({_words(row['to'])})"
    if "hs" in row:
        return str(row["hs"] or "all others")
    if "scheme" in row:
        return str(row["scheme"] or "no scheme")
    named = next((str(row[name]) for name in _NAMES if row.get(name)), "")
    return named or _words(row.get("countries") or row.get("country") or row.get("to") or "row")


def _few(names: Sequence[str]) -> str:
    once = list(dict.fromkeys(names))
    more = f" and {len(once) - _MANY} more" if len(once) > _MANY else ""
    return ", ".join(once[:_MANY]) + more


def _note(row: Mapping[str, Any]) -> str:
    return str(row.get("note") or ("" if row.get("complete") else "not complete"))


def _of(rules: Sequence[str]) -> str:
    """Ids, runs of three and more drawn together."""
    if len(rules) > _MOST:
        return f"{len(rules)} rules"
    runs: list[list[str]] = []
    for rule in rules:
        if runs and int(rule[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(rule)
        else:
            runs.append([rule])
    return " ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else " ".join(run) for run in runs) or "-"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"## {title}", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(_cell(one) for one in row)} |" for row in rows]
    return "\n".join((*lines, ""))


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def write(folder: Path, root: Path) -> None:
    """The page of the pack in a folder, in the manual below ``root``."""
    target = root / PAGE.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(read_folder(folder), folder / "examples"), "utf-8")


if __name__ == "__main__":
    write(FOLDER, ROOT)
