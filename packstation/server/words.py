"""The page's words, numbers and times in the reader's language and the site's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from packstation.domain.quantities import minor_units
from packstation.i18n import FALLBACK, LANGUAGES, Catalogue, load

TAGS: Final = {"en": "en", "zh_Hans": "zh-Hans", "ru": "ru"}
NAMES: Final = {"en": "English", "zh_Hans": "简体中文", "ru": "Русский"}
SIGNS: Final = {
    "CNY": "¥",
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "RUB": "₽",
    "JPY": "JP¥",
    "BRL": "R$",
}
THIN: Final = "\u2009"
CHANNELS: Final = {
    "ozon": "Ozon",
    "shopify": "Shopify",
    "aliexpress": "AliExpress",
    "chinapost": "China Post",
}
_PREFIXES: Final = {"en": "en", "zh": "zh_Hans", "ru": "ru"}


@cache
def catalogue(language: str) -> Catalogue:
    """The words of a language, read once."""
    return load(language)


def language_of(accept: str, kept: str = "") -> str:
    """The reader's language: the one they chose, else the first we have that the browser wants.

    ``accept`` is an Accept-Language field (RFC 9110 section 12.5.4).
    """
    if kept in LANGUAGES:
        return kept
    wanted = []
    for place, part in enumerate(accept.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        language = _PREFIXES.get(tag.strip().lower().partition("-")[0])
        try:
            wanted.append((-float(weight or 1), place, language))
        except ValueError:
            continue
    return next((language for _, _, language in sorted(wanted) if language), FALLBACK)


class Words:
    """What a template says."""

    def __init__(
        self, language: str, zone: ZoneInfo | None = None, now: datetime | None = None
    ) -> None:
        """Speak ``language``; times are of ``zone``, ages are since ``now``."""
        self.language = language
        self.tag = TAGS[language]
        self._catalogue = catalogue(language)
        self._zone = zone or ZoneInfo("UTC")
        self._now = now or datetime.now(UTC)

    def say(self, key: str, n: int | None = None, **args: str | int | Decimal) -> str:
        """The text of ``key``."""
        return self._catalogue.say(key, n, **args)

    def known(self, family: str, name: str, b: str = "") -> str:
        """The text of ``family.name`` at bench ``b``; of ``family.other`` where it has none."""
        key = f"{family}.{name}"
        return self.say(key if self._catalogue.has(key) else f"{family}.other", b=b)

    def named(self, family: str, name: str) -> str:
        """The text of ``family.name``, else the name as it is."""
        key = f"{family}.{name}"
        return self.say(key) if self._catalogue.has(key) else name

    def field(self, path: str) -> str:
        """A field of an order or product by the words for it, else by its path."""
        names = path.split(".")
        tries = (f"customs.field.{'.'.join(names[:end])}" for end in range(len(names), 0, -1))
        return next((self.say(key) for key in tries if self._catalogue.has(key)), path)

    def day(self, at: datetime) -> str:
        """Day, hours and minutes at the site."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def noted(self, text: str) -> str:
        """Day, hours and minutes at the site, of a time as it is kept."""
        return self.day(datetime.fromisoformat(text))

    def number(self, value: float, digits: int = 0) -> str:
        """A number as read by a person."""
        return self._catalogue.show(Decimal(f"{value:.{digits}f}"))

    def kilos(self, grams: int) -> str:
        """A weight in kilograms, to the gram."""
        return self.say("screen.kg", kg=self.number(grams / 1000, 3))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share 0..1; never rounded up to a full hundred."""
        shown = min(share * 100, 100 - 10**-digits) if share < 1 else 100.0
        return f"{self.number(shown, digits if share < 1 else 0)}{THIN}%"

    def money(self, sums: Mapping[str, Decimal], home: str = "") -> str:
        """Amounts of several currencies, the largest first; nothing is a zero of ``home``."""
        parts = sorted(sums.items(), key=lambda part: -part[1])
        shown = [self._amount(amount, currency) for currency, amount in parts]
        return " + ".join(shown) or f"{SIGNS.get(home, home + THIN if home else '')}0"

    def _amount(self, amount: Decimal, currency: str) -> str:
        quantum = Decimal(1).scaleb(-minor_units(currency))
        text = self._catalogue.show(amount.quantize(quantum))
        return f"{SIGNS.get(currency, currency + THIN)}{text}"

    def clock(self, at: datetime) -> str:
        """Hours and minutes at the site."""
        return f"{at.astimezone(self._zone):%H:%M}"

    def ago(self, at: datetime) -> Markup:
        """How long since; the page's script lets it grow."""
        seconds = max(0, int((self._now - at).total_seconds()))
        stamp = at.astimezone(UTC).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" data-ago>{}</time>').format(stamp, self.span(seconds))

    def span(self, seconds: int) -> str:
        """A span in its largest unit."""
        if seconds < 1:
            return self.say("web.ago.now")
        for unit, size in (("d", 172_800), ("h", 7_200), ("min", 60)):
            if seconds >= size:
                length = {"d": 86_400, "h": 3_600, "min": 60}[unit]
                return self.say(f"web.ago.{unit}", c=seconds // length)
        return self.say("web.ago.s", c=seconds)

    def handover(self, channel: str) -> str:
        """What a cut-off is called."""
        if not channel:
            return self.say("floor.handover.any")
        return self.say("floor.handover", c=self.channel(channel))

    def channel(self, channel: str) -> str:
        """A sales channel by its own name."""
        named = CHANNELS.get(channel, channel.capitalize())
        return named or self.say("floor.handover.any")
