"""The server and the office round the demo's bench, over HTTP on the loopback."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from packstation.assets import resource
from packstation.demo import samples
from packstation.demo.kept import SERVER_FILE
from packstation.demo.lanes import CARRIER_FILE, SOLD_ONLINE, sent
from packstation.domain.errors import ServerUnreachable
from packstation.domain.orders import Order
from packstation.server.gates import SandboxGate
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.run import Running, serve

SITE: Final = {
    "code": "GZ-1",
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "name": "Guangzhou 1",
}
POOL: Final = {
    "pools": [
        {
            "carrier": "chinapost",
            "service": "e-packet",
            "prefix": "LP",
            "country": "CN",
            "first": 74200000,
            "last": 74299999,
        }
    ]
}
BEGUN_FILE: Final = "begun"
TOKEN_FILE: Final = "office-token"  # noqa: S105 - a file name


class DemoOffice:
    """Starts, stops and talks to the embedded server of DIR/server.sqlite3."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._carrier = SandboxCarrier(folder / CARRIER_FILE)
        self._token = _token(folder / TOKEN_FILE)
        self._running: Running | None = None
        self._port = 0
        self.server_up()

    @property
    def url(self) -> str:
        """Where it answers; the same after every restart."""
        return f"http://127.0.0.1:{self._port}"

    def server_up(self) -> None:
        """Start it, again on the port it had."""
        if self._running is None:
            database = f"sqlite:///{self._folder / SERVER_FILE}"
            self._running = serve(
                "127.0.0.1",
                self._port,
                database,
                Options(
                    first_token=self._token,
                    gate=SandboxGate(),
                    carriers=dict.fromkeys(SOLD_ONLINE, self._carrier),
                ),
            )
            self._port = self._running.port

    def server_down(self) -> None:
        """Stop it."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    def close(self) -> None:
        """Stop it for good."""
        self.server_down()
        self._carrier.close()

    def fill(self, orders: Sequence[Order], pools: Sequence[Mapping[str, Any]] = ()) -> None:
        """Site, products, boxes, people, numbers and orders; known ones stay as they are.

        ``pools`` are more numbers than those of the e-packet.
        """
        self.post("/v1/import/site", SITE | {"sender": _sender(orders)})
        for name in ("catalog", "cartons", "people"):
            body = json.loads(resource("samples", f"{name}.json").read_bytes())
            self.post(f"/v1/import/{name}", body)
        self.post("/v1/import/packing", _packing())
        self.post("/v1/import/pools", {"pools": [*POOL["pools"], *pools]})
        self.post("/v1/import/orders", msgspec.to_builtins(list(orders)))

    def enrol_token(self) -> str:
        """A one-time token for the bench."""
        return str(self.post("/v1/enrol-tokens", None)["token"])

    def hold(self, order_id: str) -> None:
        """A supervisor stops an order."""
        self.post(f"/v1/orders/{order_id}/hold", {"reason": "customs question"})

    def fold(self, session: str) -> dict[str, Any]:
        """A session as the server folds it, which it does a moment after it has its facts."""
        if self._running is not None:
            self._running.settle()
        return dict(self._call("GET", f"/v1/sessions/{session}", None)["fold"])

    def post(self, path: str, body: object) -> dict[str, Any]:
        """POST as the office."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            answer = httpx.request(
                method,
                f"{self.url}{path}",
                params={"site": SITE["code"]},
                json=body,
                headers=headers,
                timeout=30,
                trust_env=False,
            )
            answer.raise_for_status()
        except httpx.HTTPError as exc:
            raise ServerUnreachable(cause=str(exc)) from exc
        found: dict[str, Any] = answer.json()
        return found


def _token(path: Path) -> str:
    if not path.exists():
        path.write_text(secrets.token_hex(24))
        path.chmod(0o600)
    return path.read_text()


def _packing() -> dict[str, Any]:
    """The sample's rules, less those that wait for a word of their own: the robot says none."""
    sample: dict[str, Any] = json.loads(resource("samples", "packing-rules.json").read_bytes())
    calm = [one for one in sample["rules"] if not one.get("collect") and not one.get("confirm")]
    return sample | {"rules": calm}


def _sender(orders: Sequence[Order]) -> object:
    return msgspec.to_builtins(orders[0].ship_from) if orders else {}


def sample_shift(count: int, folder: Path, *, abroad: bool = False) -> tuple[Order, ...]:
    """The first ``count`` sample orders; their deadlines count from the run's first start.

    ``abroad``: those to twelve destinations.
    """
    mark = folder / BEGUN_FILE
    if not mark.exists():
        mark.write_text(datetime.now(UTC).isoformat())
    now = datetime.fromisoformat(mark.read_text())
    return (samples.destinations(now) if abroad else sent(samples.orders(now)))[:count]
