"""The e-mail to a broker: the package itself, or where to take it after signing in.

Personal data are in the attachment only, never in subject, text or link.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.server.customs.consignments import Consignment
from packstation.server.customs.tables import MEMBER
from packstation.server.smtp import Smtp
from packstation.server.tables import PERSON
from packstation.server.words import Words

_BADGE: Final = "badge:"
_MB: Final = 1024 * 1024


class Letter(Struct, frozen=True, kw_only=True):
    """What stands in it; ``sha256`` and ``size`` (bytes) are the package's."""

    site: str
    consignment: Consignment
    to: str
    message: str
    at: datetime
    sha256: str
    size: int


def with_package(smtp: Smtp, words: Words, letter: Letter, content: bytes) -> bytes:
    """The package attached."""
    told = _text(words, smtp, letter, "customs.mail.attached")
    mail = _mail(smtp, words, letter, told)
    name = f"{letter.consignment.id}.zip"
    mail.add_attachment(content, maintype="application", subtype="zip", filename=name)
    return mail.as_bytes()


def with_link(smtp: Smtp, words: Words, letter: Letter) -> bytes:
    """Where it is to be had, for those who may sign in."""
    told = _text(words, smtp, letter, "customs.mail.link")
    return _mail(smtp, words, letter, told).as_bytes()


def language(connection: Connection, site: str, broker: str) -> str:
    """Of the first person who speaks for the broker; English where none says."""
    where = and_(MEMBER.c.site == site, MEMBER.c.broker == broker)
    members = connection.scalars(select(MEMBER.c.member).where(where).order_by(MEMBER.c.member))
    for member in members.all():
        badge = and_(PERSON.c.site == site, PERSON.c.badge == member.removeprefix(_BADGE))
        found = connection.scalar(select(PERSON.c.language).where(badge))
        if member.startswith(_BADGE) and found:
            return str(found)
    return ""


def _mail(smtp: Smtp, words: Words, letter: Letter, told: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    one = letter.consignment
    mail["Subject"] = _plain(words.say("customs.mail.subject", c=one.name, s=letter.site))
    mail["From"], mail["To"] = smtp.sender, letter.to
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.message}@{smtp.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(told)
    return mail


def _text(words: Words, smtp: Smtp, letter: Letter, key: str) -> str:
    one = letter.consignment
    query = urlencode({"site": letter.site, "id": one.id})
    lines = (
        words.say("customs.mail.what", n=len(one.orders), c=_plain(one.name), s=letter.site),
        words.say(key, m=words.number(letter.size / _MB, 1)),
        f"{smtp.url}/customs/consignment?{query}",
        f"SHA-256 {letter.sha256}",
        words.say("customs.mail.answer"),
    )
    return "\n\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """On one line: a name may hold anything."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
