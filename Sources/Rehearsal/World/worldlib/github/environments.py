"""Environments: their protection rules, the branches and tags that they let through, the names of their secrets."""

from __future__ import annotations

import re
import zlib

from .. import times
from .routing import NotFound, Rejected, Request, paged, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ENVIRONMENT = {
    "wait_timer",
    "prevent_self_review",
    "reviewers",
    "deployment_branch_policy",
    "can_admins_bypass",
    "policies",
    "secrets",
}
PROTECTED = {"protected_branches": True, "custom_branch_policies": False}
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}


def build(state: dict[str, Any], text: dict[str, Any], start: int) -> dict[str, Any]:
    """A scenario's environment as state: reviewers by name, `policies` as `branch main`, or `"protected"`."""
    unknown = set(text) - ENVIRONMENT
    if unknown:
        raise ValueError(f"unknown keys of an environment: {', '.join(sorted(unknown))}")
    made = _fresh()
    made.update({key: text[key] for key in ("wait_timer", "prevent_self_review", "can_admins_bypass") if key in text})
    secrets = text.get("secrets", [])
    made["secrets"] = list(secrets)
    # Secrets with a date: `{"TOKEN": {"updated_at": "-40d"}}`.
    for name, dates in secrets.items() if isinstance(secrets, dict) else []:
        if set(dates) - {"created_at", "updated_at"}:
            raise ValueError(f"unknown keys of the secret {name}: it has created_at and updated_at")
        updated = dates.get("updated_at", dates.get("created_at", 0))
        made["secret_times"][name] = {
            "created_at": times.text(times.moment(dates.get("created_at", updated), start)),
            "updated_at": times.text(times.moment(updated, start)),
        }
    made["reviewers"] = [
        {"type": "Team" if "/" in name else "User", "id": identity(state, name)} for name in text.get("reviewers", [])
    ]
    policies = text.get("policies")
    if policies == "protected":
        made["deployment_branch_policy"] = PROTECTED
    elif policies is not None:
        made["deployment_branch_policy"] = CUSTOM
        for policy in policies:
            kind, _, name = policy.partition(" ")
            _add_policy(state, made, kind, name)
    return made


def identity(state: dict[str, Any], name: str) -> int:
    """The number of a user or a team; a team's comes from its name, for teams are kept without one."""
    if name in state["users"]:
        return state["users"][name]
    if name in state["teams"]:
        return zlib.crc32(name.encode())
    raise ValueError(f"nobody is called {name}: name users under github.users, teams under github.teams")


def _fresh() -> dict[str, Any]:
    return {
        "wait_timer": 0,
        "prevent_self_review": False,
        "reviewers": [],
        "deployment_branch_policy": None,
        "can_admins_bypass": True,
        "policies": [],
        "secrets": [],
        "secret_times": {},
    }


def _add_policy(state: dict[str, Any], environment: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    state["next_id"] += 1
    made = {"id": state["next_id"], "name": name, "type": kind}
    environment["policies"].append(made)
    return made


def name_of(state: dict[str, Any], reviewer: dict[str, Any]) -> str | None:
    """The user or team that a reviewer's number means."""
    for name in [*state["users"], *state["teams"]]:
        if reviewer == {"type": "Team" if "/" in name else "User", "id": identity(state, name)}:
            return name
    return None


def shown_reviewer(request: Request, reviewer: dict[str, Any]) -> dict[str, Any] | None:
    name = name_of(request.state, reviewer)
    if name is None:
        return None
    key = "slug" if "/" in name else "login"
    return {"type": reviewer["type"], "reviewer": {"id": reviewer["id"], key: name.rpartition("/")[2]}}


def _shown(request: Request, name: str) -> dict[str, Any]:
    environment = request.state["environments"][name]
    rules: list[dict[str, Any]] = []
    if environment["wait_timer"]:
        rules.append({"id": 1, "type": "wait_timer", "wait_timer": environment["wait_timer"]})
    if environment["reviewers"]:
        rules.append(
            {
                "id": 2,
                "type": "required_reviewers",
                "prevent_self_review": environment["prevent_self_review"],
                "reviewers": [shown_reviewer(request, reviewer) for reviewer in environment["reviewers"]],
            }
        )
    if environment["deployment_branch_policy"]:
        rules.append({"id": 3, "type": "branch_policy"})
    return {
        "id": 100,
        "name": name,
        "can_admins_bypass": environment["can_admins_bypass"],
        "protection_rules": rules,
        "deployment_branch_policy": environment["deployment_branch_policy"],
    }


def _environment(request: Request, name: str) -> dict[str, Any]:
    if name not in request.state["environments"]:
        raise NotFound
    return request.state["environments"][name]


@route("GET", "environments")
def environments(request: Request, _: re.Match[str]) -> Any:
    names = list(request.state["environments"])
    return {"total_count": len(names), "environments": [_shown(request, name) for name in names]}


@route("GET", "environments/{name}")
def environment(request: Request, match: re.Match[str]) -> Any:
    _environment(request, match["name"])
    return _shown(request, match["name"])


@route("PUT", "environments/{name}")
def set_environment(request: Request, match: re.Match[str]) -> Any:
    body = request.body or {}
    unknown = set(body) - (ENVIRONMENT - {"policies", "secrets"})
    if unknown:
        raise Rejected(422, f"Invalid request. {sorted(unknown)[0]} is not a permitted key.")
    reviewers = body.get("reviewers") or []
    wait = body.get("wait_timer") or 0
    if request.state["private"] and (reviewers or "reviewers" in body or "wait_timer" in body):
        rule = "required reviewers" if "reviewers" in body else "wait timer"
        raise Rejected(
            422,
            f"Failed to create the environment protection rule. Please ensure the billing plan supports the {rule} "
            "protection rule.",
        )
    if len(reviewers) > 6 or not 0 <= wait <= 43200 or any(shown_reviewer(request, entry) is None for entry in reviewers):
        raise Rejected(422, "Validation Failed")
    policy = body.get("deployment_branch_policy")
    if policy not in (None, PROTECTED, CUSTOM):
        raise Rejected(422, "Validation Failed: protected_branches and custom_branch_policies cannot be the same")
    # What is not sent goes back to what it was at first, except the secrets and, while they count, the policies.
    made = request.state["environments"].setdefault(match["name"], _fresh())
    made.update(
        wait_timer=wait,
        prevent_self_review=bool(body.get("prevent_self_review")),
        reviewers=reviewers,
        deployment_branch_policy=policy,
        can_admins_bypass=body.get("can_admins_bypass", True),
    )
    if policy != CUSTOM:
        made["policies"] = []
    return _shown(request, match["name"])


@route("DELETE", "environments/{name}")
def remove_environment(request: Request, match: re.Match[str]) -> Any:
    _environment(request, match["name"])
    del request.state["environments"][match["name"]]
    return None


@route("GET", "environments/{name}/deployment-branch-policies")
def policies(request: Request, match: re.Match[str]) -> Any:
    return paged(request, "branch_policies", _environment(request, match["name"])["policies"])


@route("POST", "environments/{name}/deployment-branch-policies")
def add_policy(request: Request, match: re.Match[str]) -> Any:
    environment = _environment(request, match["name"])
    if environment["deployment_branch_policy"] != CUSTOM:
        raise NotFound
    name, kind = request.body.get("name"), request.body.get("type", "branch")
    if not name or kind not in ("branch", "tag"):
        raise Rejected(422, "Validation Failed")
    if any(policy["name"] == name and policy["type"] == kind for policy in environment["policies"]):
        raise Rejected(303, "See Other")
    return _add_policy(request.state, environment, kind, name)


@route("DELETE", "environments/{name}/deployment-branch-policies/{id}")
def remove_policy(request: Request, match: re.Match[str]) -> Any:
    found = _environment(request, match["name"])["policies"]
    for policy in found:
        if str(policy["id"]) == match["id"]:
            found.remove(policy)
            return None
    raise NotFound


def _secret(request: Request, environment: dict[str, Any], name: str) -> dict[str, Any]:
    now = {"created_at": request.now, "updated_at": request.now}
    return {"name": name, **environment["secret_times"].get(name, now)}


@route("GET", "environments/{name}/secrets")
def secrets(request: Request, match: re.Match[str]) -> Any:
    found = _environment(request, match["name"])
    return paged(request, "secrets", [_secret(request, found, name) for name in found["secrets"]], 10)


@route("GET", "environments/{name}/secrets/{secret}")
def secret(request: Request, match: re.Match[str]) -> Any:
    found = _environment(request, match["name"])
    if match["secret"] not in found["secrets"]:
        raise NotFound
    return _secret(request, found, match["secret"])


@route("GET", "/users/{name}")
def user_named(request: Request, match: re.Match[str]) -> Any:
    for name, number in request.state["users"].items():
        # Names of users are the same in capitals.
        if name.lower() == match["name"].lower():
            return {"login": name, "id": number, "type": "User"}
    if any(team.partition("/")[0] == match["name"] for team in request.state["teams"]):
        return {"login": match["name"], "id": 1, "type": "Organization"}
    raise NotFound


@route("GET", "/orgs/{org}/teams/{team}")
def team_named(request: Request, match: re.Match[str]) -> Any:
    name = f"{match['org']}/{match['team']}"
    if name not in request.state["teams"]:
        raise NotFound
    return {"id": identity(request.state, name), "slug": match["team"], "type": "organization"}
