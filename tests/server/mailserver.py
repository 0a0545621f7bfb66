"""A mail server of few words (RFC 5321) on a loopback port, with STARTTLS; it fails when told."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast


class MailServer:
    """``script``: the reply to a verb in place of the usual one; "" hangs up before a reply.

    ``END`` is what follows the content. Each is used once. ``kept`` are messages that were taken,
    ``asked`` all that was said in clear or cipher, ``at_data`` how often content was asked for.
    """

    def __init__(self, certificate: Path | None = None, *, size: int = 0, user: str = "") -> None:
        self.certificate, self.size, self.user = certificate, size, user
        self.script: dict[str, list[str]] = {}
        self.kept: list[tuple[str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.asked: list[str] = []
        self.taken = threading.Event()
        mail = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                talk = _Talk(mail, self)
                try:
                    talk.run()
                finally:
                    talk.close()

        class Listening(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Listening(("127.0.0.1", 0), Talk)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Talk:
    def __init__(self, mail: MailServer, handler: socketserver.StreamRequestHandler) -> None:
        self.mail, self.socket = mail, handler.connection
        self.read, self.write = handler.rfile, handler.wfile
        self.secret, self.to = False, ""

    def say(self, text: str) -> None:
        self.write.write(text.encode() + b"\r\n")
        self.write.flush()

    def close(self) -> None:
        for one in (self.write, self.read, self.socket):
            with suppress(OSError):
                one.close()

    def run(self) -> None:
        self.say("220 post.test ESMTP")
        while line := self.read.readline():
            said = line.decode().strip()
            self.mail.asked.append(f"{'secret' if self.secret else 'clear'} {said}")
            verb = said.split(" ")[0].upper()
            if verb == "QUIT" or not self.answer(verb, said):
                return

    def answer(self, verb: str, said: str) -> bool:
        """Whether the talk goes on."""
        told = self.mail.script.get(verb, [])
        if told:
            reply = told.pop(0)
            if reply:
                self.say(reply)
            return bool(reply)
        return bool(getattr(self, f"on_{verb.lower()}", self.on_other)(said))

    def on_other(self, _: str) -> bool:
        self.say("250 ok")
        return True

    def on_ehlo(self, _: str) -> bool:
        offers = ["post.test"]
        if self.mail.certificate and not self.secret:
            offers.append("STARTTLS")
        if self.mail.size:
            offers.append(f"SIZE {self.mail.size}")
        if self.mail.user:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")
        return True

    def on_starttls(self, _: str) -> bool:
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cast("Path", self.mail.certificate))
        try:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        except ssl.SSLError:
            return False
        self.read, self.write = self.socket.makefile("rb"), self.socket.makefile("wb")
        self.secret = True
        return True

    def on_auth(self, said: str) -> bool:
        _, name, password = base64.b64decode(said.split(" ")[2]).decode().split("\0")
        good = (name, password) == (self.mail.user, "right")
        self.say("235 welcome" if good else "535 5.7.8 no")
        return True

    def on_rcpt(self, said: str) -> bool:
        self.to = said.partition("<")[2].partition(">")[0]
        return self.on_other(said)

    def on_data(self, _: str) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.read.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        content = b"".join(lines)
        if not line:
            return False
        told = self.mail.script.get("END", [])
        reply = told.pop(0) if told else "250 2.0.0 queued"
        if reply.startswith("250") or not reply:  # silent: taken, and nobody knows
            self.mail.raw.append(content)
            found = message_from_bytes(content, policy=default)
            self.mail.kept.append((self.to, found))
        if reply:
            self.say(reply)
        self.mail.taken.set()
        return bool(reply)
