"""``doctor`` and ``config``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from packstation.cli.files import data_folder, settings
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language

if TYPE_CHECKING:
    from packstation.doctor import Finding

_MARK: Final = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def doctor(args: Namespace, out: Out) -> int:
    """Check this machine; exit status 1 where something fails."""
    from packstation.client.enrolment import ca_of, enrolment_of
    from packstation.doctor import examine
    from packstation.doctor.written import settings as written

    folder = data_folder(args.data)
    if args.data and not folder.is_dir():
        raise Unreadable(f"{args.data}: no such folder")  # the check of the disk would make it
    joined = enrolment_of(folder)
    found = settings()
    known = found.server
    url = args.server or (joined.server_url if joined else known.url)
    trust = args.ca or ca_of(folder) or known.ca_file
    findings = [*written(found), *examine(folder, url, trust, found.devices, found.customs.keys)]
    return _told(findings, args, out)


def check(args: Namespace, out: Out) -> int:
    """Names and values of all settings; exit status 1 where one cannot be used."""
    from packstation.doctor.written import settings as written

    return _told(list(written(settings())), args, out)


def _told(findings: list[Finding], args: Namespace, out: Out) -> int:
    from packstation.doctor import report
    from packstation.i18n import load

    answer = report(findings, load(language(args)))
    rows = [
        f"{_MARK[one['state']]} {one['check']:9} {one['message']}"
        + (f"\n{'':15}{one['cure']}" if one["cure"] else "")
        for one in answer["checks"]
    ]
    out.show(answer, "\n".join(rows))
    return DONE if answer["ok"] else REFUSED


def config(args: Namespace, out: Out) -> int:
    """A setting's value, where it comes from, whether policy locks it."""
    from packstation.cli.explaining import document_of, lines_of
    from packstation.domain.errors import SettingsError
    from packstation.i18n import load
    from packstation.settings import SettingInvalid

    if args.explain is None:
        raise Unreadable("--explain KEY is needed, or packstation config check")
    found = settings()
    try:
        one = found.explain(args.explain)
    except SettingInvalid as exc:
        raise SettingsError(exc.key, **exc.fields) from exc
    words = load(language(args))
    out.show(document_of(one, found, words), "\n".join(lines_of(one, found, words)))
    return DONE
