"""``tariffs import / export / publish``."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.cli.files import folder_at, naming, read, write, write_all
from packstation.cli.running import DONE, REFUSED, Out, Unreadable

if TYPE_CHECKING:
    from packstation.carriers.tariff_files import Kind
    from packstation.carriers.tariff_files import Read as Tariffs
    from packstation.domain.tariffs import Tariff


def _tariffs(name: str, given: Kind | None = None) -> Tariffs:
    from packstation.carriers import tariff_files

    data = read(name)
    with naming(name):
        return tariff_files.read(data, given or tariff_files.kind_of(name, data))


def import_tariffs(args: Namespace, out: Out) -> int:
    """A file's tariffs, each as a JSON file of its own in a folder."""
    from packstation.carriers.lint import lint, to_json
    from packstation.carriers.tariff_files import file_name
    from packstation.carriers.tariff_text import written

    found = _tariffs(args.file, args.format)
    folder = Path(args.out)
    files: dict[Path, bytes] = {}
    rejected = [one.to_json() for one in found.rejected]
    for at, tariff in enumerate(found.tariffs):
        path = folder / file_name(tariff)
        if path in files:
            rejected.append(_twice(at, path.name))
        files.setdefault(path, written(tariff))
    counts = _placed(folder, files)
    linted = lint([(path.name, data) for path, data in files.items()], datetime.now(UTC).date())
    answer = {
        **{name: counts[name] for name in ("accepted", "changed", "unchanged")},
        "rejected": rejected,
        "files": [str(path) for path in files],
        "findings": to_json(linted)["findings"],
    }
    out.show(answer, told(answer))
    return REFUSED if rejected else DONE


def _twice(record: int, name: str) -> dict[str, Any]:
    message = f"{name}: the same carrier, service and valid_from twice"
    value, allowed = name, "each tariff once"
    where = {"sheet": "", "row": 0, "column": "", "letter": "", "path": "valid_from"}
    return {"record": record, **where, "value": value, "allowed": allowed, "message": message}


def _placed(folder: Path, files: dict[Path, bytes]) -> Counter[str]:
    """Write what is new or other; says how many of each."""
    counts: Counter[str] = Counter()
    if files:
        folder_at(folder)
    news = {}
    for path, data in files.items():
        try:
            before = path.read_bytes() if path.is_file() else None
        except OSError as exc:
            raise Unreadable(f"{path}: {exc.strerror}") from exc
        verdict = "accepted" if before is None else "unchanged" if before == data else "changed"
        counts[verdict] += 1
        if before != data:
            news[path] = data
    try:
        write_all(news)
    except OSError as exc:
        raise Unreadable(f"{folder}: {exc.strerror}") from exc
    return counts


def told(answer: dict[str, Any]) -> str:
    """An answer for people."""
    counts = ", ".join(f"{answer[name]} {name}" for name in ("accepted", "changed", "unchanged"))
    rows = [f"{counts}, {len({one['record'] for one in answer['rejected']})} rejected"]
    rows += [f"tariff {one['record']}: {one['message']}" for one in answer["rejected"]]
    rows += [
        f"{one['file']}: {one['kind']}: {one['where']}: {one['message']}"
        for one in answer.get("findings", ())
    ]
    return "\n".join([*rows, *answer.get("files", ())])


def export_tariffs(args: Namespace, out: Out) -> int:
    """Tariffs of any files in one: a workbook, a table, or JSON."""
    from packstation.carriers import tariff_files

    tariffs: list[Tariff] = []
    rejected: list[dict[str, Any]] = []
    for name in args.files:
        found = _tariffs(name)
        tariffs += found.tariffs
        rejected += [{"file": name, **one.to_json()} for one in found.rejected]
    answer = {"tariffs": len(tariffs), "file": args.out, "rejected": rejected}
    if tariffs and not rejected:
        kind = args.format or tariff_files.kind_of(args.out)
        with naming(args.out):
            data = tariff_files.write(tariffs, kind)
        write(args.out, data)
    rows = [f"{one['file']}: {one['message']}" for one in rejected]
    done = [] if rejected else [f"{len(tariffs)} tariffs in {args.out}"]
    out.show(answer, "\n".join([*rows, *done]))
    return REFUSED if rejected else DONE
