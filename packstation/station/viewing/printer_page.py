"""A printer's page: ladder of its job, its paper, the picture of what it printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from packstation.station.desk import DeviceRecord
from packstation.station.printer_pages import TEST, PrinterPages, Run, base_rungs
from packstation.station.viewing.units import seconds
from packstation.station.views import DeviceView, PrinterPageView, RungView, Words

# In the order in which a label goes up them.
LADDER: Final = ("spooled", "accepted", "idle", "counted", "fed", "taken", "printed")
_ENDS: Final = {"uncertain": "unsure", "failed": "failed"}
Facts = tuple[tuple[Words, str], ...]


def printer_page(
    pages: PrinterPages, record: DeviceRecord, device: DeviceView
) -> PrinterPageView | None:
    """None for what is no printer of the bench."""
    if not device.language:
        return None
    run, preview = pages.runs.get(device.id), pages.preview(device.id)
    sheet = pages.sheets.get(device.id)
    return PrinterPageView(
        job=_job(run),
        waybill=sheet.papers.waybill if sheet and run and sheet.job == run.job else "",
        rungs=_rungs(run, record) if run else (),
        shown=Words(f"dev.preview.{preview.of}") if preview else None,
        preview=preview.png if preview else b"",
        notes=_notes(device),
    )


def _notes(device: DeviceView) -> tuple[Words, ...]:
    """What is in the way, else what comes here; then what is said of its roll."""
    gets = tuple(Words(f"dev.printer.gets.{name}") for name in device.chosen)
    first = gets if device.confirmed else (Words("dev.printer.unproven"),)
    return (*first, device.note) if device.note else first


def _job(run: Run | None) -> Words | None:
    if run is None:
        return None
    return Words("dev.preview.test" if run.job.startswith(f"{TEST}/") else f"paper.{run.document}")


def _rungs(run: Run, record: DeviceRecord) -> tuple[RungView, ...]:
    """Those reached with their seconds, the one that runs or went wrong, those to come."""
    reached = dict(run.rungs)
    begun = min(reached.values(), default=0)
    least = (*base_rungs(record.info.options, record.info.address), *_last(run, record))
    rungs: list[RungView] = []
    state = _ENDS.get(run.end, "running")
    for name in LADDER:
        if name in reached:
            after = seconds((reached[name] - begun) / 1e9, signed=True)
            note = after if reached[name] > begun and after else ""
            rungs.append(RungView(Words(f"rung.{name}"), "done", note))
        elif name in least and run.end != "printed":
            rungs.append(RungView(Words(f"rung.{name}"), state))
            state = "waiting"
        elif name == run.end:
            rungs.append(RungView(Words(f"rung.{name}"), "done"))
    return tuple(rungs)


def _last(run: Run, record: DeviceRecord) -> Sequence[str]:
    """Nobody says "printed" of a job that nobody can watch; unless its end is known."""
    watched = "idle" in base_rungs(record.info.options, record.info.address)
    return ("printed",) if watched or run.end in _ENDS else ()


def paper_facts(device: DeviceView) -> Facts:
    """What lies in a printer and how far that is; nothing for other devices."""
    if not device.language:
        return ()
    left = "" if device.roll_left is None else str(device.roll_left)
    sheets = device.kind == "papers"
    rows = (
        ("left", left),
        ("printed", "" if sheets else str(device.printed)),
        ("sheet" if sheets else "stock", device.stock),
        ("dpi", str(device.dpi or "")),
        ("language", device.language.upper()),
        ("queue", " · ".join(f"{bench}: {jobs}" for bench, jobs in device.queue if jobs)),
    )
    return tuple((Words(f"dev.fact.{name}"), value) for name, value in rows if value)
