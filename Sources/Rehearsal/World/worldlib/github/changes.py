"""Paths about code: the repository, commits, checks, statuses, pull requests, who may write."""

from __future__ import annotations

import re

from .. import times
from .model import clone, fresh
from .routing import NotFound, Rejected, Request, paged, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def commit_named(request: Request, sha: str) -> dict[str, Any]:
    state = request.state
    tag = state["tags"].get(sha.removeprefix("tags/"))
    found = state["commits"].get(tag["sha"] if tag else sha)
    if found is None:
        raise Rejected(422, f"No commit found for SHA: {sha}")
    return found


@route("GET", "")
def repository(request: Request, _: re.Match[str]) -> Any:
    return {
        "full_name": request.state["repository"],
        "default_branch": request.state["default_branch"],
        "private": request.state["private"],
        "permissions": {"push": True},
    }


@route("GET", "branches/{name+}")
def branch(request: Request, match: re.Match[str]) -> Any:
    # Of branches, only the default one and those that are protected are known.
    protected = match["name"] in request.state["protected_branches"]
    if not protected and match["name"] != request.state["default_branch"]:
        raise NotFound
    return {"name": match["name"], "protected": protected}


@route("GET", "/user")
def user(request: Request, _: re.Match[str]) -> Any:
    return {"login": request.state["viewer"]}


@route("GET", "commits/{sha}")
def commit(request: Request, match: re.Match[str]) -> Any:
    found = commit_named(request, match["sha"])
    verification = {"verified": found["verified"], "reason": "valid" if found["verified"] else "unsigned"}
    return {"sha": match["sha"], "commit": {"message": "", "verification": verification}}


@route("GET", "commits/{sha}/check-runs")
def check_runs(request: Request, match: re.Match[str]) -> Any:
    runs = []
    for run in clone(commit_named(request, match["sha"])["check_runs"]):
        later = run.pop("later", None)
        if later and request.call.world.elapsed >= times.duration(later["at"]):
            run.update(status="completed", conclusion=later["conclusion"], completed_at=request.now)
        if (
            request.query.get("check_name", run["name"]) == run["name"]
            and request.query.get("status", run["status"]) == run["status"]
        ):
            runs.append(run)
    return paged(request, "check_runs", runs)


def latest_statuses(found: dict[str, Any]) -> list[dict[str, Any]]:
    latest: dict[str, dict[str, Any]] = {}
    for entry in found["statuses"]:
        latest.setdefault(entry["context"], entry)
    return list(latest.values())


@route("GET", "commits/{sha}/status")
def combined_status(request: Request, match: re.Match[str]) -> Any:
    statuses = latest_statuses(commit_named(request, match["sha"]))
    states = {entry["state"] for entry in statuses}
    state = (
        "failure" if states & {"failure", "error"} else "pending" if "pending" in states or not states else "success"
    )
    return {"sha": match["sha"], "state": state, "statuses": statuses, "total_count": len(statuses)}


@route("GET", "commits/{sha}/statuses")
def list_statuses(request: Request, match: re.Match[str]) -> Any:
    return commit_named(request, match["sha"])["statuses"]


@route("GET", "statuses/{sha}")
def list_statuses_short(request: Request, match: re.Match[str]) -> Any:
    return commit_named(request, match["sha"])["statuses"]


@route("POST", "statuses/{sha}")
def create_status(request: Request, match: re.Match[str]) -> Any:
    body = request.body
    if body.get("state") not in ("error", "failure", "pending", "success"):
        raise Rejected(422, "Validation Failed")
    if len(body.get("description") or "") > 140:
        raise Rejected(422, "Validation Failed: description is too long (maximum is 140 characters)")
    made = {
        "id": fresh(request.state),
        "context": body.get("context", "default"),
        "state": body["state"],
        "description": body.get("description"),
        "target_url": body.get("target_url"),
        "created_at": request.now,
        "creator": {"login": request.state["viewer"]},
    }
    commit_named(request, match["sha"])["statuses"].insert(0, made)
    return made


@route("GET", "commits/{sha}/pulls")
def commit_pulls(request: Request, match: re.Match[str]) -> Any:
    return [_shown_pull(request.state["pulls"][str(number)]) for number in commit_named(request, match["sha"])["pulls"]]


def _pull(request: Request, number: str) -> dict[str, Any]:
    if number not in request.state["pulls"]:
        raise NotFound
    return request.state["pulls"][number]


def _shown_pull(pull: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pull.items() if key not in ("reviews", "files", "comments")}


@route("GET", "pulls/{number}")
def pull(request: Request, match: re.Match[str]) -> Any:
    return _shown_pull(_pull(request, match["number"]))


@route("GET", "pulls/{number}/reviews")
def reviews(request: Request, match: re.Match[str]) -> Any:
    return _pull(request, match["number"])["reviews"]


@route("GET", "pulls/{number}/files")
def pull_files(request: Request, match: re.Match[str]) -> Any:
    return _pull(request, match["number"])["files"]


@route("GET", "collaborators/{user}/permission")
def permission(request: Request, match: re.Match[str]) -> Any:
    # Whoever is not named may read, as anyone may in a public repository.
    held = request.state["collaborators"].get(match["user"], "none" if request.state["private"] else "read")
    return {"permission": held, "role_name": held, "user": {"login": match["user"]}}
