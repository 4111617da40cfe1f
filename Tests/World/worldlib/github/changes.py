"""Paths about code and talk: commits, checks, statuses, pull requests, issues, labels."""

from __future__ import annotations

import re

from .. import times
from .model import add_issue, clone, fresh
from .routing import NotFound, Rejected, Request, route

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
    return {"total_count": len(runs), "check_runs": runs}


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


@route("GET", "issues")
def issues(request: Request, _: re.Match[str]) -> Any:
    wanted = [name for name in request.query.get("labels", "").split(",") if name]
    state = request.query.get("state", "open")
    return [
        {**issue, "comments": len(issue["comments"])}
        for issue in reversed(request.state["issues"])
        if state in ("all", issue["state"])
        and all(name in [label["name"] for label in issue["labels"]] for name in wanted)
    ]


@route("POST", "issues")
def create_issue(request: Request, _: re.Match[str]) -> Any:
    if not request.body.get("title"):
        raise Rejected(422, "Validation Failed")
    return add_issue(request.state, request.body, request.call.world.now)


def commented(request: Request, number: str) -> dict[str, Any]:
    """The issue or pull request of this number: both take comments."""
    for item in [*request.state["issues"], *request.state["pulls"].values()]:
        if str(item["number"]) == number:
            return item
    raise NotFound


@route("GET", "issues/{number}")
def issue(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    return {**item, "comments": len(item["comments"])}


@route("PATCH", "issues/{number}")
def edit_issue(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    for key in ("title", "body", "state"):
        if key in request.body:
            item[key] = request.body[key]
    if "labels" in request.body:
        item["labels"] = [{"name": name} for name in request.body["labels"]]
    return item


@route("GET", "issues/{number}/comments")
def comments(request: Request, match: re.Match[str]) -> Any:
    return commented(request, match["number"])["comments"]


@route("POST", "issues/{number}/comments")
def comment(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    made = {
        "id": fresh(request.state),
        "body": request.body["body"],
        "user": {"login": request.state["viewer"]},
        "created_at": request.now,
        "html_url": f"https://github.com/{request.state['repository']}/issues/{match['number']}#issuecomment-1",
    }
    item["comments"].append(made)
    return made


@route("POST", "issues/{number}/labels")
def add_labels(request: Request, match: re.Match[str]) -> Any:
    item = commented(request, match["number"])
    names = request.body["labels"] if isinstance(request.body, dict) else request.body
    item["labels"] += [{"name": name} for name in names if {"name": name} not in item["labels"]]
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
