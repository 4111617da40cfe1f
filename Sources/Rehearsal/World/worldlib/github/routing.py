"""The paths that the small GitHub knows, and what asks for them."""

from __future__ import annotations

import re

from .. import times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


class NotFound(Exception):
    pass


class Rejected(Exception):
    """Any other refusal, with its status: `Rejected(422, "Validation Failed")`."""


class Raw:
    """An answer that is no JSON: a file."""

    def __init__(self, content: bytes) -> None:
        self.content = content


class Request:
    __slots__ = ("call", "method", "query", "body", "state")

    def __init__(self, call: Call, method: str, query: dict[str, str], body: Any) -> None:
        self.call, self.method, self.query, self.body = call, method, query, body
        self.state: dict[str, Any] = call.world.state["github"]

    @property
    def now(self) -> str:
        return times.text(self.call.world.now)


def paged(request: Request, field: str, rows: list[Any], size: int = 30) -> dict[str, Any]:
    """One page of a list that GitHub wraps into an object with the number of all."""
    size, page = min(100, int(request.query.get("per_page", size))), int(request.query.get("page", 1))
    return {"total_count": len(rows), field: rows[(page - 1) * size : page * size]}


ROUTES: list[tuple[str, re.Pattern[str], Any]] = []


def route(method: str, path: str) -> Any:
    """Registers a handler for a path below `repos/OWNER/NAME/`, or from the root when it begins with `/`."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", pattern)
    full = (
        pattern[1:]
        if path.startswith("/")
        else f"repos/(?P<owner>[^/]+/[^/]+)/{pattern}"
        if path
        else "repos/(?P<owner>[^/]+/[^/]+)"
    )

    def register(function: Any) -> Any:
        ROUTES.append((method, re.compile(f"{full}$"), function))
        return function

    return register


def answer(request: Request, path: str) -> Any:
    for rule in request.state["responses"]:
        if rule.get("method", "GET") == request.method and re.search(rule["path"], path):
            if rule.get("status", 200) >= 400:
                raise Rejected(rule["status"], rule.get("message", "Error"))
            return rule.get("json")
    for method, pattern, function in ROUTES:
        match = pattern.match(path)
        if match and method == request.method:
            if match.groupdict().get("owner", request.state["repository"]) != request.state["repository"]:
                raise NotFound
            return function(request, match)
    raise NotFound
