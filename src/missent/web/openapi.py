"""The API for compose windows described (OpenAPI 3.1), its question made from the code that reads it."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from missent.nouns.action import Action
from missent.nouns.finding import Severity
from missent.web.drafts import Draft
from missent.words.draft import SCHEMA

_TEXT: Mapping[str, Any] = {"type": "string"}
_MAYBE: Mapping[str, Any] = {"type": ["string", "null"]}
_SURE: Mapping[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
_ACTION: Mapping[str, Any] = {"enum": [action.word for action in Action]}
_REFUSED: Mapping[int, str] = {
    400: "The draft is not as described; `error` says what was expected.",
    401: "No token, or one that is not known.",
    403: "This network may not ask, or the token does not speak for that sender.",
    408: "The draft took too long to arrive.",
    413: "The draft is too large.",
    415: "The draft is not sent as application/json.",
    429: "Too many questions in a minute; Retry-After says when.",
    500: "Judging failed. The mail is judged on its way.",
    503: "The store or the list of tokens is away. The mail is judged on its way.",
}


def described() -> dict[str, Any]:
    """The whole description, as it is served."""
    refused = {str(status): {"description": why, "content": _json("Refusal")} for status, why in _REFUSED.items()}
    judge = {
        "summary": "Judge a draft; nothing of it is kept.",
        "operationId": "judge",
        "requestBody": {"required": True, "content": _json("Draft")},
        "responses": {"200": {"description": "What to ask the sender.", "content": _json("Answer")}, **refused},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "missent: drafts", "version": "1", "summary": "What a compose window asks before a mail is sent."},
        "security": [{"token": []}],
        "paths": {"/v1/judge": {"post": judge}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Draft": _draft(),
                "Answer": _ANSWER,
                "Recipient": _RECIPIENT,
                "Finding": _FINDING,
                "Refusal": _REFUSAL,
            },
        },
    }


def _draft() -> dict[str, Any]:
    hints, said = get_type_hints(Draft), _said(Draft)
    shapes: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [f.name for f in fields(Draft) if f.default is MISSING],
        "properties": {f.name: shapes[hints[f.name]] | {"description": said[f.name]} for f in fields(Draft)},
    }


def _said(of: type) -> dict[str, str]:
    """The Attributes section of a docstring: name -> text; "a, b: text" speaks of both."""
    section = inspect.cleandoc(of.__doc__ or "").partition("Attributes:\n")[2]
    entries = (entry.partition(": ") for entry in re.split(r"\n    (?! )", "\n" + section)[1:])
    return {name: " ".join(text.split()) for names, _, text in entries for name in re.split(r",\s*", names)}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_FINDING = _object(
    id=_TEXT,
    severity={"enum": [severity.word for severity in Severity]},
    confidence=_SURE,
    suggestion=_MAYBE,
    explanation=_TEXT,
    advice=_TEXT,
)
_RECIPIENT = _object(
    address=_TEXT,
    action=_ACTION,
    rule=_TEXT,
    decide={"enum": ["sender", "reviewer", None]},
    suggestion=_MAYBE,
    findings=_list({"$ref": "#/components/schemas/Finding"}),
)
_ANSWER = _object(
    schema={"const": SCHEMA},
    action=_ACTION,
    observing={"type": "boolean"},
    policy=_TEXT,
    elapsed_ms={"type": "number"},
    recipients=_list({"$ref": "#/components/schemas/Recipient"}),
    findings=_list({"$ref": "#/components/schemas/Finding"}),
    missing=_list(_object(address=_TEXT, beside=_TEXT, confidence=_SURE, explanation=_TEXT)),
    not_read=_list(_object(where=_TEXT, reason=_TEXT)),
)
_REFUSAL = _object(schema={"const": "missent.refusal/1"}, error=_TEXT)
