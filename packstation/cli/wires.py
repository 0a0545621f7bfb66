"""A server asked with the token in PACKSTATION_TOKEN."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from packstation.cli.running import Unreadable

if TYPE_CHECKING:
    import httpx


def asked(
    args: Namespace, method: str, path: str, data: bytes = b"", media: str = "application/json"
) -> httpx.Response:
    """The server's answer, which is JSON.

    Raises:
        Unreadable: no token.
        ServerUnreachable: no server answers, or none of ours.
        NotAuthorised: it does not take the token.
    """
    import httpx

    from packstation.client.wire import Access, open_http
    from packstation.domain.errors import NotAuthorised, ServerUnreachable

    token = os.environ.get("PACKSTATION_TOKEN", "").strip()
    if not token:
        raise Unreadable("PACKSTATION_TOKEN is empty: it holds the token for --server")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media}
    try:
        with open_http(Access(args.server, ca_file=args.ca)) as http:
            answer = http.request(method, path, content=data, headers=headers, timeout=60.0)
            document = answer.json()
    except (httpx.HTTPError, ValueError) as exc:
        raise ServerUnreachable(cause=str(exc) or type(exc).__name__) from exc
    if not isinstance(document, dict):
        raise ServerUnreachable(cause="no answer of ours: a JSON object is wanted")
    if answer.status_code in {401, 403}:
        raise NotAuthorised(
            "error.not_authorised.token",  # the words for a token; the code is that of a bench
            code="not-authorised",
            server=args.server,
            detail=str(document.get("detail", "")),
        )
    return answer
