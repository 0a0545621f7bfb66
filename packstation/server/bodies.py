"""Bodies in and out: bounded decompression, msgspec both ways, shapes for the OpenAPI page."""

from __future__ import annotations

import zlib
from typing import Any, Final, TypeVar

import msgspec
import zstandard
from fastapi import Response

from packstation.server.problems import Problem

ENCODINGS: Final = ("gzip", "zstd")
T = TypeVar("T")


def answer(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def plain(content: bytes, encoding: str, limit: int) -> bytes:
    """The content of a body sent with this ``Content-Encoding``; at most ``limit`` bytes.

    Raises:
        Problem: 413 it grows beyond the limit; 415 an encoding we do not read; 422 torn.
    """
    match encoding.lower():
        case "" | "identity":
            text = content
        case "gzip":
            text = _gunzip(content, limit)
        case "zstd":
            text = _unzstd(content, limit)
        case _:
            raise Problem(415, "encoding", allowed=ENCODINGS)
    if len(text) > limit:
        raise Problem(413, "too_large", limit=limit)
    return text


def _gunzip(content: bytes, limit: int) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(content, limit + 1)
    except zlib.error as exc:
        raise Problem(422, "torn_body", str(exc)) from exc
    if not reader.eof and len(text) <= limit:
        raise Problem(422, "torn_body", "the gzip stream ends early")
    return text


def _unzstd(content: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(content) as reader:
            return reader.read(limit + 1)
    except zstandard.ZstdError as exc:
        raise Problem(422, "torn_body", str(exc)) from exc


def read(body: bytes, shape: type[T]) -> T:
    """A JSON body of a known shape.

    Raises:
        msgspec.DecodeError: no JSON, or another shape; answered as 422.
    """
    return msgspec.json.decode(body, type=shape)


def takes(shape: type) -> dict[str, Any]:
    """The OpenAPI description of a JSON request body that is answered with nothing (204)."""
    return {"requestBody": _content(shape), **NOTHING}


def gives(shape: type, taken: type | None = None, status: int = 200) -> dict[str, Any]:
    """The OpenAPI description of a JSON answer, and of the request body where one is taken."""
    answered = {**_content(shape), "description": shape.__name__}
    described: dict[str, Any] = {"responses": {str(status): answered}}
    if taken is not None:
        described["requestBody"] = _content(taken)
    return described


def sends(*media: str) -> dict[str, Any]:
    """The OpenAPI description of a file as the answer; none named: of any kind."""
    kinds = {one: {"schema": {"type": "string"}} for one in media or ("*/*",)}
    return {"responses": {"200": {"description": "a file", "content": kinds}}}


def uploads(shape: type, *media: str, status: int = 200) -> dict[str, Any]:
    """The OpenAPI description of a file that is sent, and of the JSON answer."""
    kinds = {one: {"schema": {"type": "string", "format": "binary"}} for one in media}
    if "application/json" in kinds:
        kinds["application/json"] = {"schema": {"type": "object"}}
    return {**gives(shape, status=status), "requestBody": {"content": kinds}}


ANY_FILE: Final = {
    "requestBody": {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    }
}
NOTHING: Final = {"responses": {"204": {"description": "done"}}}
PROBLEM: Final = {
    "description": "RFC 9457 problem document",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "field": {"type": "string"},
                    "allowed": {},
                },
            }
        }
    },
}


def _content(shape: type) -> dict[str, Any]:
    schema = msgspec.json.schema(shape)
    return {"content": {"application/json": {"schema": _inline(schema)}}}


def _inline(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its definitions in place of references (recursion is cut to object)."""
    named = schema.pop("$defs", {})

    def resolve(node: Any, above: tuple[str, ...]) -> Any:  # noqa: ANN401 - a JSON tree
        if isinstance(node, list):
            return [resolve(item, above) for item in node]
        if not isinstance(node, dict):
            return node
        name = str(node.get("$ref", "")).removeprefix("#/$defs/")
        if name in above:
            return {"type": "object"}
        if name:
            return resolve(named[name], (*above, name))
        if "prefixItems" in node:  # of a place in a tuple: few readers of the page know it
            places = [one for one in node["prefixItems"] if one]
            node = {key: value for key, value in node.items() if key != "prefixItems"}
            node["items"] = {"anyOf": places} if places else {}
        return {key: resolve(value, above) for key, value in node.items()}

    flat: dict[str, Any] = resolve(schema, ())
    return flat
