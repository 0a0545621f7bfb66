"""``papers check``, ``papers example`` and ``papers preview``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language
from packstation.cli.running import told as input_told

if TYPE_CHECKING:
    from packstation.domain.customs.findings import Checked, Finding
    from packstation.domain.customs.pack import Pack
    from packstation.domain.customs.previewing import Preview
    from packstation.domain.errors import PackstationError


def check(args: Namespace, out: Out) -> int:
    """What the rules say of each order; refused where one blocks."""
    from packstation.cli.screening import tables
    from packstation.domain.customs import checking
    from packstation.domain.errors import InputInvalid

    pack, now, reference = pack_at(args.pack), moment(args.at), tables()
    said, status = language(args), DONE
    bad: list[PackstationError | Unreadable] = []
    for name in args.orders:
        try:
            raw = order(name)
        except (InputInvalid, Unreadable) as exc:  # named at the end; the others are looked at
            bad.append(exc)
            continue
        found = checking.check(raw, pack, reference, now)
        out.show(document(found, said), told(found, said))
        status = status if found.ok else REFUSED
    if len(bad) > 1:
        raise Unreadable("\n".join(_why(one) for one in bad))
    if bad:
        raise bad[0]
    return status


def _why(exc: PackstationError | Unreadable) -> str:
    return str(exc) if isinstance(exc, Unreadable) else input_told(exc)


def order(name: str) -> dict[str, Any]:
    """The order of a file as JSON values.

    Raises:
        InputInvalid: it is no JSON, or of another schema; the file is named.
    """
    from packstation.customs.orders import read_order

    with naming(name):
        return read_order(read(name))


def pack_at(name: str | None) -> Pack:
    """The rule pack of a folder or a signed file, else the installed one."""
    from packstation.customs.packs import installed, read_pack
    from packstation.domain.errors import InputInvalid

    if not name:
        return installed()
    if not Path(name).exists():
        raise Unreadable(f"{name}: there is no such file")
    try:
        return read_pack(Path(name))
    except InputInvalid as exc:
        exc.fields.setdefault("file", name)
        raise


def moment(text: str | None) -> datetime:
    """When it is looked at: now here, or as asked for (with a zone)."""
    try:
        at = datetime.fromisoformat(text) if text else datetime.now().astimezone()
    except ValueError as exc:
        raise Unreadable(f"--at {text}: a moment as 2026-11-22T09:00:00Z is wanted") from exc
    if at.tzinfo is None:
        raise Unreadable(f"--at {text}: with its zone, as 2026-11-22T09:00:00Z")
    return at


def document(found: Checked, said: str) -> dict[str, Any]:
    """The answer as FORMATS.md has it."""
    return {
        "order_id": found.order_id,
        "ok": found.ok,
        "findings": [finding(one, said) for one in found.findings],
        "form": found.form,
        "rule_pack": found.pack,
        "estimates": [
            {"code": one.code, "amount": str(one.amount.amount), "currency": one.amount.currency}
            for one in found.estimates
        ],
    }


def finding(one: Finding, said: str) -> dict[str, Any]:
    """One of them as FORMATS.md has it; ``suggestion`` only where there is one."""
    return {
        "rule": one.rule,
        "severity": one.severity,
        "field": one.field,
        "value": one.value,
        "message": one.message(said),
        "allowed": one.allowed,
        **({"suggestion": one.suggestion} if one.suggestion else {}),
    }


def told(found: Checked, said: str) -> str:
    """The same for people, what stops the parcel first."""
    head = f"{found.order_id or '-'}: {found.form or '-'}, {found.pack}"
    return headed(head, found.findings, said)


def headed(head: str, findings: Sequence[Finding], said: str) -> str:
    """A head and its findings; where there are none that is said too."""
    from packstation.i18n import load

    if not findings:
        return f"{head}: {load(said).say('papers.good')}"
    return "\n".join((head, *rows(findings, said)))


def rows(findings: Iterable[Finding], said: str) -> Iterator[str]:
    """Findings for people, what stops first, with what they may start from."""
    from packstation.domain.customs.findings import SEVERITIES

    for one in sorted(findings, key=lambda one: SEVERITIES.index(one.severity)):
        yield f"  {one.severity} {one.rule} {one.message(said)}"
        allowed = f" ({one.needed(said)})" if one.allowed else ""
        yield f"    {one.field} = {one.value or '-'}{allowed}"
        if one.suggestion:
            yield f"    -> {one.suggestion}"


def example(args: Namespace, out: Out) -> int:
    """An order that breaks just one rule, or with --ok one that does not."""
    import json

    from packstation.assets import resource
    from packstation.customs.examples import order_of, read_examples
    from packstation.i18n import load

    folder = resource("customs", "examples")
    known = {one.rule: one for one in read_examples(folder)}
    if (rule := args.rule.upper()) not in known:
        raise Unreadable(f"{args.rule}: one of {' '.join(known) or '-'} is wanted")
    cases = known[rule].ok if args.ok else known[rule].bad
    plain = sorted(cases, key=lambda one: bool(one.also))  # first those that nothing else finds
    named = [one for one in plain if args.name in {"", one.name}]
    if not named:
        raise Unreadable(f"{args.name}: one of {', '.join(one.name for one in cases)} is wanted")
    made = order_of(folder, named[0])
    shown = json.dumps(made, ensure_ascii=False, indent=1, default=str)
    out.show(made, shown)
    at = named[0].at.isoformat().replace("+00:00", "Z")
    out.remark(load(language(args)).say("papers.example_at", at=at))
    return DONE


def preview(args: Namespace, out: Out) -> int:
    """What another rule pack would stop and free among some orders; refused where it has faults."""
    from datetime import UTC

    from packstation.cli.linting import products
    from packstation.customs.lint import BREAKS, lint
    from packstation.customs.tables import Tables
    from packstation.domain.customs import previewing

    now, new = moment(args.at), pack_at(args.new)
    found_faults = lint(new, now.astimezone(UTC).date())
    faults = [str(one) for one in found_faults]
    known = list(products(args.catalog)) if args.catalog else []
    orders = [{"products": known, **order(name)} for name in args.orders]
    if any(one.kind in BREAKS for one in found_faults):
        out.show({"ok": False, "faults": faults}, "\n".join(faults))
        return REFUSED
    found = previewing.preview(orders, pack_at(args.pack), new, Tables(), now)
    out.show({"ok": not faults, "faults": faults, **_previewed(found)}, _compared(found, faults))
    return REFUSED if faults else DONE


def _previewed(found: Preview) -> dict[str, Any]:
    rows = {"stops": found.stops, "frees": found.frees, "others": found.others}
    return {
        "old": found.old,
        "new": found.new,
        "orders": found.orders,
        **{
            name: [
                {"order_id": one.order_id, "new": list(one.new), "gone": list(one.gone)}
                for one in moved
            ]
            for name, moved in rows.items()
        },
    }


def _compared(found: Preview, faults: list[str]) -> str:
    rows = [f"{found.old} -> {found.new}, orders looked at: {found.orders};"]
    rows[0] += f" stops {len(found.stops)}, frees {len(found.frees)}"
    rows += [f"  fault: {one}" for one in faults]
    for word, moved in (("stops", found.stops), ("frees", found.frees), ("other", found.others)):
        for one in moved:
            told = [*(f"+{rule}" for rule in one.new), *(f"-{rule}" for rule in one.gone)]
            rows.append(f"  {word} {one.order_id or '-'}: {' '.join(told)}")
    return "\n".join(rows)
