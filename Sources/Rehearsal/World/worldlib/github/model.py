"""GitHub's state: what a scenario says about commits, pull requests, issues, deployments, runs, tags, environments."""

from __future__ import annotations

import hashlib
import json

from .. import times
from . import artifacts, environments, runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BOT = "github-actions[bot]"


def build(text: dict[str, Any], start: int) -> dict[str, Any]:
    """The scenario's `github` part as state, in the shapes that the API shows."""
    state: dict[str, Any] = {
        "repository": text.get("repository", "octo-org/shop"),
        "viewer": text.get("viewer", BOT),
        "commits": {},
        "pulls": {},
        "issues": [],
        "deployments": [],
        "runs": {},
        "approvals": text.get("approvals", {}),
        "workflows": list(text.get("workflows", [])),
        "branches": list(text.get("branches", [])),
        "artifacts": [],
        "dispatches": [],
        "collaborators": text.get("collaborators", {}),
        "tags": {},
        "teams": text.get("teams", {}),
        "labels": list(text.get("labels", [])),
        "code_scanning": text.get("code_scanning", []),
        "private": text.get("private", False),
        "default_branch": text.get("default_branch", "main"),
        "protected_branches": text.get("protected_branches", []),
        "users": {},
        "environments": {},
        "responses": text.get("responses", []),
        "rulesets": text.get("rulesets", []),
        "next_id": 9000,
    }
    for name in text.get("users", []):
        state["users"][name] = fresh(state)
    for name, environment in text.get("environments", {}).items():
        state["environments"][name] = environments.build(state, environment, start)
    for sha, commit in text.get("commits", {}).items():
        state["commits"][sha] = {
            "check_runs": [_check_run(state, run, start) for run in commit.get("check_runs", [])],
            "statuses": [_status(state, entry, start) for entry in commit.get("statuses", [])],
            "pulls": commit.get("pulls", []),
            "comments": [],
            "verified": commit.get("verified", True),
        }
    for number, pull in text.get("pulls", {}).items():
        state["pulls"][str(number)] = _pull(state, int(number), pull, start)
    for issue in text.get("issues", []):
        add_issue(state, issue, start)
    for deployment in text.get("deployments", []):
        _add_deployment(state, deployment, start)
    for identity, run in text.get("runs", {}).items():
        state["runs"][str(identity)] = runs.build(state, int(identity), run, start)
    for artifact in text.get("artifacts", []):
        state["artifacts"].append(artifacts.build(state, artifact, fresh(state), start))
    for name, tag in text.get("tags", {}).items():
        sha = tag["sha"]
        annotated = tag.get("annotated", True)
        state["tags"][name] = {
            "sha": sha,
            "annotated": annotated,
            "verified": tag.get("verified", True),
            "reason": tag.get("reason", "valid" if tag.get("verified", True) else "unsigned"),
            "object": hashlib.sha1(f"tag {name}".encode()).hexdigest() if annotated else sha,
        }
    return state


def fresh(state: dict[str, Any]) -> int:
    state["next_id"] += 1
    return state["next_id"]


def _check_run(state: dict[str, Any], run: dict[str, Any], start: int) -> dict[str, Any]:
    status = run.get("status", "completed")
    return {
        "id": fresh(state),
        "name": run["name"],
        "status": status,
        "conclusion": run.get("conclusion", "success") if status == "completed" else None,
        "started_at": times.text(times.moment(run.get("started_at", "-1h"), start)),
        "completed_at": times.text(times.moment(run.get("completed_at", "-30m"), start))
        if status == "completed"
        else None,
        "app": {"slug": run.get("app", "github-actions"), "id": run.get("app_id", 15368)},
        "html_url": f"https://github.com/{state['repository']}/runs/1",
        # Becomes this conclusion at this moment: for checks that are pending when a gate first looks.
        **({"later": run["later"]} if "later" in run else {}),
    }


def _status(state: dict[str, Any], entry: dict[str, Any], start: int) -> dict[str, Any]:
    return {
        "id": fresh(state),
        "context": entry["context"],
        "state": entry.get("state", "success"),
        "description": entry.get("description"),
        "target_url": entry.get("target_url"),
        "created_at": times.text(times.moment(entry.get("created_at", "-1h"), start)),
        "creator": {"login": entry.get("creator", BOT)},
    }


def _pull(state: dict[str, Any], number: int, pull: dict[str, Any], start: int) -> dict[str, Any]:
    merged = pull.get("merged", True)
    return {
        "number": number,
        "title": pull.get("title", f"Change {number}"),
        "body": pull.get("body", ""),
        "state": pull.get("state", "closed" if merged else "open"),
        "merged": merged,
        "draft": False,
        "merged_at": times.text(times.moment(pull.get("merged_at", "-1h"), start)) if merged else None,
        "merge_commit_sha": pull.get("merge_commit_sha"),
        "user": {"login": pull.get("user", "author")},
        "head": {"sha": pull.get("head_sha", ""), "ref": pull.get("head_ref", "change")},
        "base": {"ref": pull.get("base", "main")},
        "labels": [{"name": name} for name in pull.get("labels", [])],
        "html_url": f"https://github.com/{state['repository']}/pull/{number}",
        "reviews": [
            {
                "id": fresh(state),
                "user": {"login": review["user"]},
                "state": review.get("state", "APPROVED"),
                "commit_id": review.get("commit_id", pull.get("head_sha", "")),
                "body": review.get("body", ""),
                "submitted_at": times.text(times.moment(review.get("submitted_at", "-2h"), start)),
            }
            for review in pull.get("reviews", [])
        ],
        "files": [{"filename": name, "status": "modified"} for name in pull.get("files", [])],
        "comments": _comments(state, pull.get("comments", []), start),
    }


def _comments(state: dict[str, Any], texts: list[dict[str, Any]], start: int) -> list[dict[str, Any]]:
    made = []
    for text in texts:
        created = times.text(times.moment(text.get("created_at", 0), start))
        made.append(
            {
                "id": fresh(state),
                "body": text["body"],
                "user": {"login": text.get("user", state["viewer"])},
                "created_at": created,
                "updated_at": times.text(times.moment(text["updated_at"], start)) if "updated_at" in text else created,
                "html_url": f"https://github.com/{state['repository']}/issues#issuecomment-{state['next_id']}",
            }
        )
    return made


def add_issue(state: dict[str, Any], issue: dict[str, Any], now: int) -> dict[str, Any]:
    taken = [entry["number"] for entry in state["issues"]] + [int(number) for number in state["pulls"]]
    number = issue.get("number", max(taken, default=0) + 1)
    made = {
        "number": number,
        "title": issue["title"],
        "body": issue.get("body", ""),
        "state": issue.get("state", "open"),
        "labels": [{"name": name} for name in issue.get("labels", [])],
        "assignees": [{"login": name} for name in issue.get("assignees", [])],
        "user": {"login": issue.get("user", state["viewer"])},
        "author_association": issue.get("association", "MEMBER"),
        "created_at": times.text(times.moment(issue.get("created_at", 0), now)),
        "updated_at": times.text(times.moment(issue.get("updated_at", issue.get("created_at", 0)), now)),
        "closed_at": times.text(times.moment(issue["closed_at"], now)) if issue.get("closed_at") else None,
        "html_url": f"https://github.com/{state['repository']}/issues/{number}",
        "comments": _comments(state, issue.get("comments", []), now),
    }
    state["issues"].append(made)
    return made


def _add_deployment(state: dict[str, Any], text: dict[str, Any], start: int) -> None:
    created = times.text(times.moment(text.get("created_at", "-1d"), start))
    statuses = [
        {
            "id": fresh(state),
            "state": entry["state"],
            "description": entry.get("description", ""),
            "created_at": times.text(times.moment(entry.get("created_at", text.get("created_at", "-1d")), start)),
            "environment": text["environment"],
            "creator": {"login": BOT},
            "log_url": entry.get("log_url", ""),
            "environment_url": "",
            "target_url": entry.get("log_url", ""),
        }
        for entry in text.get("statuses", [{"state": "success"}])
    ]
    state["deployments"].append(
        {
            "id": text.get("id", fresh(state)),
            "sha": text["sha"],
            "ref": text.get("ref", "main"),
            "task": text.get("task", "deploy"),
            "environment": text["environment"],
            "created_at": created,
            "updated_at": created,
            "payload": text.get("payload", {}),
            "description": text.get("description"),
            "creator": {"login": text.get("creator", BOT)},
            "statuses": statuses,
        }
    )


def clone(value: Any) -> Any:
    return json.loads(json.dumps(value))
