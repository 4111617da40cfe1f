"""Paths about talk: issues, their search, comments on issues, pull requests and commits, labels."""

from __future__ import annotations

import re
import shlex

from .changes import commit_named
from .model import add_issue, fresh
from .routing import NotFound, Rejected, Request, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_BODY = 65536


def _shown(request: Request, item: dict[str, Any]) -> dict[str, Any]:
    """An issue as lists have it; a pull request is one too, and says so."""
    shown = {key: value for key, value in item.items() if key not in ("reviews", "files")}
    shown["comments"] = len(item["comments"])
    if "head" in item:
        shown["pull_request"] = {"html_url": item["html_url"], "merged_at": item["merged_at"]}
    return shown


def _all(request: Request) -> list[dict[str, Any]]:
    """Issues and pull requests, the newest number first."""
    items = [*request.state["issues"], *request.state["pulls"].values()]
    return sorted(items, key=lambda item: item["number"], reverse=True)


def _labels(item: dict[str, Any]) -> list[str]:
    return [label["name"] for label in item["labels"]]


def _body(request: Request, field: str = "body") -> str:
    text = request.body.get(field) or ""
    if len(text) > LONGEST_BODY:
        raise Rejected(422, f"Validation Failed: body is too long (maximum is {LONGEST_BODY} characters)")
    return text


@route("GET", "issues")
def issues(request: Request, _: re.Match[str]) -> Any:
    query = request.query
    wanted = [name for name in query.get("labels", "").split(",") if name]
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise Rejected(422, "Validation Failed")
    found = [
        _shown(request, item)
        for item in _all(request)
        if state in ("all", item["state"])
        and all(name in _labels(item) for name in wanted)
        and query.get("creator", item["user"]["login"]) == item["user"]["login"]
        and ("since" not in query or item.get("updated_at", item.get("created_at", "")) >= query["since"])
    ]
    return found if query.get("direction", "desc") == "desc" else found[::-1]


def _meets(item: dict[str, Any], qualifier: str, value: str) -> bool:
    if qualifier in ("is", "type", "state"):
        if value in ("issue", "pr", "pull-request"):
            return ("head" in item) == (value != "issue")
        return item["state"] == value
    if qualifier == "label":
        return bool(set(value.split(",")) & set(_labels(item)))
    if qualifier == "author":
        return item["user"]["login"] == value
    raise ValueError(f"the search does not know `{qualifier}:`")


@route("GET", "/search/issues")
def search(request: Request, _: re.Match[str]) -> Any:
    found, places, words = _all(request), ("title", "body"), []
    for part in shlex.split(request.query.get("q", "")):
        qualifier, colon, value = part.lstrip("-").partition(":")
        if qualifier == "repo":
            found = found if value == request.state["repository"] else []
        elif qualifier == "in":
            places = tuple(value.split(","))
        elif colon and qualifier.isalpha():
            found = [item for item in found if _meets(item, qualifier, value) != part.startswith("-")]
        else:
            words.append(part.lower())
    found = [
        item
        for item in found
        if all(any(word in str(item.get(place, "")).lower() for place in places) for word in words)
    ]
    shown = [_shown(request, item) for item in found]
    size, page = min(100, int(request.query.get("per_page", 30))), int(request.query.get("page", 1))
    return {"total_count": len(shown), "incomplete_results": False, "items": shown[(page - 1) * size : page * size]}


@route("POST", "issues")
def create_issue(request: Request, _: re.Match[str]) -> Any:
    if not request.body.get("title"):
        raise Rejected(422, "Validation Failed")
    _body(request)
    # A label that nobody has made comes into being with the first issue that names it.
    request.state["labels"] += [name for name in request.body.get("labels", []) if name not in request.state["labels"]]
    return _shown(request, add_issue(request.state, request.body, request.call.world.now))


def commented(request: Request, number: str) -> dict[str, Any]:
    """The issue or pull request of this number: both take comments."""
    for item in [*request.state["issues"], *request.state["pulls"].values()]:
        if str(item["number"]) == number:
            return item
    raise NotFound


@route("GET", "issues/{number}")
def issue(request: Request, match: re.Match[str]) -> Any:
    return _shown(request, commented(request, match["number"]))


@route("PATCH", "issues/{number}")
def edit_issue(request: Request, match: re.Match[str]) -> Any:
    item, body = commented(request, match["number"]), request.body
    if body.get("state", "open") not in ("open", "closed"):
        raise Rejected(422, "Validation Failed")
    if body.get("state_reason") not in (None, "completed", "not_planned", "reopened", "duplicate"):
        raise Rejected(422, "Validation Failed")
    _body(request)
    for key in ("title", "body", "state"):
        if key in body:
            item[key] = body[key]
    if "state" in body:
        closed = body["state"] == "closed"
        item["closed_at"] = request.now if closed else None
        item["state_reason"] = body.get("state_reason", "completed" if closed else "reopened")
    if "labels" in body:
        item["labels"] = [{"name": name} for name in body["labels"]]
    if "assignees" in body:
        item["assignees"] = [{"login": name} for name in body["assignees"]]
    item["updated_at"] = request.now
    return _shown(request, item)


@route("GET", "issues/{number}/comments")
def comments(request: Request, match: re.Match[str]) -> Any:
    return commented(request, match["number"])["comments"]


def _comment(request: Request, place: str) -> dict[str, Any]:
    if not request.body.get("body"):
        raise Rejected(422, "Validation Failed")
    identity = fresh(request.state)
    return {
        "id": identity,
        "body": _body(request),
        "user": {"login": request.state["viewer"]},
        "created_at": request.now,
        "updated_at": request.now,
        "html_url": f"https://github.com/{request.state['repository']}/{place}{identity}",
    }


@route("POST", "issues/{number}/comments")
def comment(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    made = _comment(request, f"issues/{match['number']}#issuecomment-")
    item["comments"].append(made)
    item["updated_at"] = request.now
    return made


def _holder(request: Request, identity: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    for item in [*request.state["issues"], *request.state["pulls"].values()]:
        for found in item["comments"]:
            if str(found["id"]) == identity:
                return item["comments"], found
    raise NotFound


@route("GET", "issues/comments/{id}")
def one_comment(request: Request, match: re.Match[str]) -> Any:
    return _holder(request, match["id"])[1]


@route("PATCH", "issues/comments/{id}")
def edit_comment(request: Request, match: re.Match[str]) -> Any:
    _, found = _holder(request, match["id"])
    if not request.body.get("body"):
        raise Rejected(422, "Validation Failed")
    found.update(body=_body(request), updated_at=request.now)
    return found


@route("DELETE", "issues/comments/{id}")
def remove_comment(request: Request, match: re.Match[str]) -> Any:
    comments_, found = _holder(request, match["id"])
    comments_.remove(found)
    return None


@route("GET", "commits/{sha}/comments")
def commit_comments(request: Request, match: re.Match[str]) -> Any:
    return commit_named(request, match["sha"])["comments"]


@route("POST", "commits/{sha}/comments")
def comment_commit(request: Request, match: re.Match[str]) -> Any:
    made = {**_comment(request, f"commit/{match['sha']}#commitcomment-"), "commit_id": match["sha"]}
    commit_named(request, match["sha"])["comments"].append(made)
    return made


@route("POST", "issues/{number}/labels")
def add_labels(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    names = request.body["labels"] if isinstance(request.body, dict) else request.body
    item["labels"] += [{"name": name} for name in names if {"name": name} not in item["labels"]]
    return item["labels"]


@route("DELETE", "issues/{number}/labels/{name}")
def remove_label(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    if {"name": match["name"]} not in item["labels"]:
        raise NotFound
    item["labels"].remove({"name": match["name"]})
    return item["labels"]


@route("GET", "labels")
def labels(request: Request, _: re.Match[str]) -> Any:
    return [{"name": name} for name in request.state["labels"]]


@route("POST", "labels")
def create_label(request: Request, _: re.Match[str]) -> Any:
    if request.body["name"] in request.state["labels"]:
        raise Rejected(422, "Validation Failed")
    request.state["labels"].append(request.body["name"])
    return {"name": request.body["name"]}
