"""Paths about releasing: deployments, tags, rulesets, alerts, teams."""

from __future__ import annotations

import re

from .changes import commit_named, latest_statuses
from .model import BOT, fresh
from .routing import NotFound, Rejected, Request, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


DEPLOYMENT = {
    "ref",
    "task",
    "auto_merge",
    "required_contexts",
    "payload",
    "environment",
    "description",
    "transient_environment",
    "production_environment",
}


@route("GET", "deployments")
def deployments(request: Request, _: re.Match[str]) -> Any:
    found = sorted(request.state["deployments"], key=lambda item: (item["created_at"], item["id"]), reverse=True)
    return [
        {key: value for key, value in item.items() if key != "statuses"}
        for item in found
        if all(request.query.get(key, item[key]) == item[key] for key in ("environment", "sha", "ref", "task"))
    ]


@route("POST", "deployments")
def create_deployment(request: Request, _: re.Match[str]) -> Any:
    body = request.body
    if not body.get("ref"):
        raise Rejected(422, "Validation Failed")
    tag = request.state["tags"].get(body["ref"])
    if set(body) - DEPLOYMENT:
        raise Rejected(422, f"Invalid request. {sorted(set(body) - DEPLOYMENT)[0]} is not a permitted key.")
    if len(body.get("description") or "") > 140:
        raise Rejected(422, "Validation Failed: description is too long (maximum is 140 characters)")
    # Without `required_contexts: []` GitHub insists on green commit statuses.
    contexts = body.get("required_contexts")
    if contexts != [] and body["ref"] in request.state["commits"]:
        found = {entry["context"]: entry["state"] for entry in latest_statuses(commit_named(request, body["ref"]))}
        wanted = list(found) if contexts is None else contexts
        if any(found.get(context) != "success" for context in wanted):
            raise Rejected(409, f"Conflict: Commit status checks failed for {body['ref']}.")
    made = {
        "id": fresh(request.state),
        "sha": tag["sha"] if tag else body["ref"],
        "ref": body["ref"],
        "task": body.get("task", "deploy"),
        "environment": body.get("environment", "production"),
        "created_at": request.now,
        "updated_at": request.now,
        "payload": body.get("payload", {}),
        "description": body.get("description"),
        "transient_environment": bool(body.get("transient_environment")),
        "production_environment": body.get("production_environment", body.get("environment") in (None, "production")),
        "creator": {"login": request.state["viewer"]},
        "statuses": [],
    }
    request.state["deployments"].append(made)
    return {key: value for key, value in made.items() if key != "statuses"}


def _deployment(request: Request, identity: str) -> dict[str, Any]:
    for item in request.state["deployments"]:
        if str(item["id"]) == identity:
            return item
    raise NotFound


@route("GET", "deployments/{id}")
def deployment(request: Request, match: re.Match[str]) -> Any:
    return {key: value for key, value in _deployment(request, match["id"]).items() if key != "statuses"}


@route("GET", "deployments/{id}/statuses")
def deployment_statuses(request: Request, match: re.Match[str]) -> Any:
    return _deployment(request, match["id"])["statuses"]


@route("POST", "deployments/{id}/statuses")
def create_deployment_status(request: Request, match: re.Match[str]) -> Any:
    body, item = request.body, _deployment(request, match["id"])
    if body.get("state") not in ("error", "failure", "inactive", "in_progress", "queued", "pending", "success"):
        raise Rejected(422, "Validation Failed")
    if len(body.get("description") or "") > 140:
        raise Rejected(422, "Validation Failed: description is too long (maximum is 140 characters)")
    made = {
        "id": fresh(request.state),
        "state": body["state"],
        "description": body.get("description", ""),
        "created_at": request.now,
        "environment": body.get("environment", item["environment"]),
        "creator": {"login": BOT},
        "log_url": body.get("log_url", ""),
        "environment_url": body.get("environment_url", ""),
        "target_url": body.get("log_url", ""),
    }
    if body["state"] == "success" and body.get("auto_inactive", True):
        # GitHub retires the earlier successes of the same environment by itself.
        for other in request.state["deployments"]:
            if (
                other is not item
                and other["environment"] == item["environment"]
                and other["statuses"]
                and (other["statuses"][0]["state"] == "success")
            ):
                other["statuses"].insert(
                    0,
                    {
                        **other["statuses"][0],
                        "id": fresh(request.state),
                        "state": "inactive",
                        "created_at": request.now,
                    },
                )
    item["statuses"].insert(0, made)
    return made


def _tag(request: Request, name: str) -> dict[str, Any]:
    if name not in request.state["tags"]:
        raise NotFound
    return request.state["tags"][name]


@route("GET", "git/ref/tags/{name+}")
def tag_ref(request: Request, match: re.Match[str]) -> Any:
    tag = _tag(request, match["name"])
    kind = "tag" if tag["annotated"] else "commit"
    return {"ref": f"refs/tags/{match['name']}", "object": {"type": kind, "sha": tag["object"]}}


@route("GET", "git/matching-refs/tags/{name+}")
def matching_tags(request: Request, match: re.Match[str]) -> Any:
    return [
        {"ref": f"refs/tags/{name}", "object": {"type": "tag" if tag["annotated"] else "commit", "sha": tag["object"]}}
        for name, tag in sorted(request.state["tags"].items())
        if name.startswith(match["name"])
    ]


@route("GET", "git/tags/{sha}")
def tag_object(request: Request, match: re.Match[str]) -> Any:
    for name, tag in request.state["tags"].items():
        if tag["annotated"] and tag["object"] == match["sha"]:
            verification = {"verified": tag["verified"], "reason": tag["reason"], "signature": None, "payload": None}
            return {
                "tag": name,
                "sha": tag["object"],
                "object": {"type": "commit", "sha": tag["sha"]},
                "verification": verification,
            }
    raise NotFound


@route("GET", "rulesets")
def rulesets(request: Request, _: re.Match[str]) -> Any:
    wanted = request.query.get("targets")
    return [
        {key: value for key, value in rule.items() if key not in ("rules", "conditions")}
        for rule in request.state["rulesets"]
        if wanted in (None, rule.get("target", "branch"))
    ]


@route("GET", "rulesets/{id}")
def ruleset(request: Request, match: re.Match[str]) -> Any:
    for rule in request.state["rulesets"]:
        if str(rule["id"]) == match["id"]:
            return rule
    raise NotFound


@route("GET", "code-scanning/alerts")
def alerts(request: Request, _: re.Match[str]) -> Any:
    query = request.query
    return [
        alert
        for alert in request.state["code_scanning"]
        if query.get("state", alert.get("state", "open")) == alert.get("state", "open")
        and query.get("tool_name", alert.get("tool", {}).get("name")) == alert.get("tool", {}).get("name")
        and query.get("severity", alert.get("rule", {}).get("security_severity_level"))
        in (alert.get("rule", {}).get("security_severity_level"), alert.get("rule", {}).get("severity"))
    ]


@route("GET", "/orgs/{org}/teams/{team}/memberships/{user}")
def membership(request: Request, match: re.Match[str]) -> Any:
    if match["user"] not in request.state["teams"].get(f"{match['org']}/{match['team']}", []):
        raise NotFound
    return {"state": "active", "role": "member"}


@route("GET", "/orgs/{org}/teams/{team}/members")
def members(request: Request, match: re.Match[str]) -> Any:
    found = request.state["teams"].get(f"{match['org']}/{match['team']}")
    if found is None:
        raise NotFound
    return [{"login": name} for name in found]
