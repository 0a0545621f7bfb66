"""Sample views of the rating screen: picked by a person, and without the server."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.views import ServiceRow, StationView, Words
from tests.ui.sample_steps import SERVICES, rating

_RULES = {
    "en": "Dear goods not by UNI",
    "zh_Hans": "贵重货不走 UNI",
    "ru": "Дорогое не через UNI",
}


def _day(language: str, month: int, day: int) -> str:
    return f"{month}月{day}日" if language == "zh_Hans" else f"{day:02}.{month:02}"


def _possible(language: str) -> tuple[ServiceRow, ...]:
    names = SERVICES[language]
    days = [_day(language, *day) for day in ((12, 6), (12, 11), (11, 29))]
    risk = Words("choice.risk", (("m", "¥2.31"),))
    edge = Words("rate.edge", (("g", 104), ("m", "¥15.00")))
    insured = Words("choice.insured", (("m", "¥3.20"),))
    in_time = Words("choice.why.cheapest_in_time")
    dearer = [Words("choice.dearer", (("m", more),)) for more in ("¥4.02", "¥71.80")]
    post = ServiceRow("chinapost", "e-packet", names[0], "postal", in_time, "", "", "possible")
    first = replace(post, days="10–15", price="¥78.24", more=(risk,), arrives=days[0], key="1")
    second = replace(
        first,
        service="saver",
        name=names[1],
        why=dearer[0],
        days="15–20",
        price="¥82.50",
        more=(edge,),
        arrives=days[1],
        key="2",
    )
    third = ServiceRow(
        carrier="dhl",
        service="paket",
        name="DHL Paket International",
        channel="express",
        why=dearer[1],
        days="5–8",
        price="€18.99",
        state="possible",
        more=(insured,),
        arrives=days[2],
        key="3",
        home="¥155.72",
    )
    return first, second, third


def _refused(language: str) -> tuple[ServiceRow, ...]:
    names = SERVICES[language]
    told = (("day", _day(language, 12, 19)), ("by", _day(language, 12, 12)))
    late = Words("choice.no.late", told)
    never = Words("choice.no.never", (("rule", _RULES[language]),))
    heavy = Words("rate.refused.weight", (("g", 1104), ("limit", 500)))
    line = "dedicated_line"
    return (
        ServiceRow("uni", "std", names[3], line, late, "20–25", "¥54.64", "refused"),
        ServiceRow("uni", "xs", "UNI Express", line, never, "10–15", "¥61.10", "refused"),
        ServiceRow("chinapost", "pickup", names[4], "postal", heavy, "10–15", "", "refused"),
    )


def rating_pick(language: str) -> StationView:
    """A person may pick: reasons, days of arrival, a foreign price, what is not possible."""
    return replace(rating(language), services=(*_possible(language), *_refused(language)))


def rating_offline(language: str) -> StationView:
    """Without the server only what has numbers here."""
    first, *others = _possible(language)
    offline = Words("rate.no.offline", (("detail", ""),))
    greyed = [
        replace(row, state="refused", why=offline, more=(), arrives="", key="", home="")
        for row in others
    ]
    notes = (Words("choice.note.offline"), Words("choice.note.amber"))
    services = (first, *greyed, *_refused(language))
    return replace(rating(language), services=services, service_notes=notes)
