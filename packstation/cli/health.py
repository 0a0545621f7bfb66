"""``doctor`` and ``config``."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from packstation.cli.files import data_folder, settings
from packstation.cli.running import DONE, REFUSED, Out, Unreadable

_MARK: Final = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def doctor(args: Namespace, out: Out) -> int:
    """Check this machine; exit status 1 where something fails."""
    from packstation.client.enrolment import ca_of, enrolment_of
    from packstation.doctor import examine, report
    from packstation.i18n import load

    folder = data_folder(args.data)
    if args.data and not folder.is_dir():
        raise Unreadable(f"{args.data}: no such folder")  # the check of the disk would make it
    joined = enrolment_of(folder)
    known = settings().server
    url = args.server or (joined.server_url if joined else known.url)
    trust = args.ca or ca_of(folder) or known.ca_file
    findings = list(examine(folder, url, trust, settings().devices))
    answer = report(findings, load(args.lang))
    rows = [
        f"{_MARK[one['state']]} {one['check']:9} {one['message']}"
        + (f"\n{'':15}{one['cure']}" if one["cure"] else "")
        for one in answer["checks"]
    ]
    out.show(answer, "\n".join(rows))
    return DONE if answer["ok"] else REFUSED


def config(args: Namespace, out: Out) -> int:
    """A setting's value, where it comes from, whether policy locks it."""
    from packstation.settings import SettingInvalid

    try:
        found = settings().explain(args.explain)
    except SettingInvalid as exc:
        raise Unreadable(f"{args.explain}: no such setting; {exc.fields['allowed']}") from exc
    document = {
        "key": found.name,
        "value": found.value,
        "source": found.source,
        "locked": found.locked,
        "about": found.about,
        "shadowed": [{"source": source, "value": value} for source, value in found.shadowed],
    }
    locked = ", managed by your organisation" if found.locked else ""
    rows = [f"{found.name} = {found.value!r} ({found.source}{locked})", found.about]
    rows += [f"  hidden by it: {value!r} ({source})" for source, value in found.shadowed]
    out.show(document, "\n".join(rows))
    return DONE
