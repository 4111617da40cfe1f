"""Workflow runs: lists by workflow and status, what they wait for, approvals, cancelling, running again, dispatches."""

from __future__ import annotations

import re

from .. import times
from .routing import NotFound, Rejected, Request, paged, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "skipped", "stale", "success", "timed_out"}
STATUSES = {"completed", "in_progress", "queued", "requested", "waiting", "pending"}


def build(state: dict[str, Any], identity: int, text: dict[str, Any], start: int) -> dict[str, Any]:
    """A run from the scenario; `waiting` lists the environments that have not let it through yet."""
    workflow = text.get("workflow", "release.yml")
    if workflow not in state["workflows"]:
        state["workflows"].append(workflow)
    created = times.moment(text.get("created_at", 0), start)
    known = {key: value for key, value in text.items() if key not in ("workflow", "actor", "waiting", "jobs", "updated_at")}
    waiting = [
        {"environment": entry["environment"], "since": times.text(times.moment(entry.get("since", created), start))}
        if "since" in entry
        else {"environment": entry["environment"], "since": times.text(created)}
        for entry in text.get("waiting", [])
    ]
    jobs = [
        {
            **job,
            **{
                key: times.text(times.moment(job[key], start))
                for key in ("created_at", "started_at", "completed_at")
                if key in job
            },
        }
        for job in text.get("jobs", [])
    ]
    return {
        "id": identity,
        "name": workflow.partition(".")[0],
        "display_title": workflow.partition(".")[0],
        "path": f".github/workflows/{workflow}",
        "event": "push",
        "status": "waiting" if waiting else "in_progress",
        "conclusion": None,
        "run_attempt": 1,
        "run_number": 1,
        "head_branch": "main",
        **known,
        "actor": {"login": text.get("actor", state["viewer"])},
        "triggering_actor": {"login": text.get("actor", state["viewer"])},
        "created_at": times.text(created),
        "run_started_at": times.text(times.moment(text["run_started_at"], start) if "run_started_at" in text else created),
        "updated_at": times.text(times.moment(text["updated_at"], start) if "updated_at" in text else created),
        "html_url": f"https://github.com/{state['repository']}/actions/runs/{identity}",
        "waiting": waiting,
        "jobs": jobs,
    }


def _named(request: Request, identity: str) -> dict[str, Any]:
    if identity not in request.state["runs"]:
        raise NotFound
    item = request.state["runs"][identity]
    later = item.get("later")
    if later and request.call.world.elapsed >= times.duration(later["at"]):
        conclusion = later.get("conclusion")
        status = later.get("status", "completed" if conclusion else item["status"])
        item.update(status=status, conclusion=conclusion, updated_at=request.now)
        del item["later"]
    return item


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("waiting", "jobs", "later", "inputs")}


def _workflow(request: Request, name: str) -> str:
    """The file of a workflow by its file or by its number."""
    for number, file in enumerate(request.state["workflows"], start=1):
        if name in (file, str(number)):
            return file
    raise NotFound


def _workflow_json(request: Request, file: str) -> dict[str, Any]:
    return {
        "id": request.state["workflows"].index(file) + 1,
        "name": file.partition(".")[0],
        "path": f".github/workflows/{file}",
        "state": "active",
    }


def _created(text: str, wanted: str) -> bool:
    """A date as the search has it: `>=2026-06-01`, `<2026-06-02T09:00:00Z`, `2026-06-01..2026-06-02`."""
    first, dots, last = wanted.partition("..")
    if dots:
        return _created(text, f">={first}") and _created(text, f"<={last}")
    test = re.match(r"[<>]?=?", wanted).group()
    moment, other = times.moment(text), times.moment(wanted[len(test) :])
    day = 86_400_000 - 1 if len(wanted) - len(test) == 10 else 0
    return {
        ">=": moment >= other,
        ">": moment > other + day,
        "<": moment < other,
        "<=": moment <= other + day,
    }.get(test, other <= moment <= other + day)


def _listed(request: Request, workflow: str | None = None) -> dict[str, Any]:
    query = request.query
    status = query.get("status")
    if status is not None and status not in STATUSES | CONCLUSIONS:
        raise Rejected(422, f"Validation Failed: {status} is not a status")
    found = [_named(request, identity) for identity in list(request.state["runs"])]
    found = [
        _shown(item)
        for item in found
        if (workflow is None or item["path"] == f".github/workflows/{workflow}")
        and status in (None, item["status"], item["conclusion"])
        and query.get("branch", item["head_branch"]) == item["head_branch"]
        and query.get("event", item["event"]) == item["event"]
        and query.get("head_sha", item.get("head_sha")) == item.get("head_sha")
        and query.get("actor", item["actor"]["login"]) == item["actor"]["login"]
        and ("created" not in query or _created(item["created_at"], query["created"]))
    ]
    found.sort(key=lambda item: (item["created_at"], item["id"]), reverse=True)
    return paged(request, "workflow_runs", found)


@route("GET", "actions/runs")
def runs(request: Request, _: re.Match[str]) -> Any:
    return _listed(request)


@route("GET", "actions/workflows")
def workflows(request: Request, _: re.Match[str]) -> Any:
    return paged(request, "workflows", [_workflow_json(request, file) for file in request.state["workflows"]])


@route("GET", "actions/workflows/{file}")
def workflow(request: Request, match: re.Match[str]) -> Any:
    return _workflow_json(request, _workflow(request, match["file"]))


@route("GET", "actions/workflows/{file}/runs")
def workflow_runs(request: Request, match: re.Match[str]) -> Any:
    return _listed(request, _workflow(request, match["file"]))


@route("POST", "actions/workflows/{file}/dispatches")
def dispatch(request: Request, match: re.Match[str]) -> Any:
    state, file, body = request.state, _workflow(request, match["file"]), request.body
    ref, inputs = body.get("ref"), body.get("inputs") or {}
    if not ref:
        raise Rejected(422, "Invalid request. \"ref\" wasn't supplied.")
    branches = {state["default_branch"], *state["protected_branches"], *state["branches"], *state["tags"]}
    if ref.removeprefix("refs/heads/").removeprefix("refs/tags/") not in branches:
        raise Rejected(422, f"No ref found for: {ref}")
    if len(inputs) > 25 or any(not isinstance(value, (str, bool, int)) for value in inputs.values()):
        raise Rejected(422, "Invalid value for input")
    state["next_id"] += 1
    text = {"workflow": file, "event": "workflow_dispatch", "status": "queued", "inputs": inputs}
    tag = state["tags"].get(ref.removeprefix("refs/tags/"))
    text["head_branch"] = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    text["head_sha"] = tag["sha"] if tag else None
    state["runs"][str(state["next_id"])] = build(state, state["next_id"], text, request.call.world.now)
    state["dispatches"].append({"workflow": file, "ref": ref, "inputs": inputs, "at": request.now})
    return None


@route("POST", "dispatches")
def repository_dispatch(request: Request, _: re.Match[str]) -> Any:
    if not request.body.get("event_type"):
        raise Rejected(422, "Invalid request")
    if len(request.body.get("client_payload") or {}) > 10:
        raise Rejected(422, "Invalid request. No more than 10 properties are allowed; client_payload")
    request.state["dispatches"].append({**request.body, "at": request.now})
    return None


@route("GET", "actions/runs/{id}")
def run(request: Request, match: re.Match[str]) -> Any:
    return _shown(_named(request, match["id"]))


@route("GET", "actions/runs/{id}/attempts/{attempt}")
def run_attempt(request: Request, match: re.Match[str]) -> Any:
    return {**_shown(_named(request, match["id"])), "run_attempt": int(match["attempt"])}


@route("GET", "actions/runs/{id}/jobs")
def jobs(request: Request, match: re.Match[str]) -> Any:
    item = _named(request, match["id"])
    # A job that waits for an environment has a beginning of its own: since when it waits.
    waiting = [
        {
            "name": entry["environment"],
            "status": "waiting",
            "conclusion": None,
            "created_at": entry["since"],
            "started_at": entry["since"],
        }
        for entry in item["waiting"]
    ]
    rows = [
        {"id": number, "run_id": item["id"], "run_attempt": item["run_attempt"], **job}
        for number, job in enumerate(item["jobs"] + waiting, start=item["id"] * 100 + 1)
    ]
    return paged(request, "jobs", rows)


@route("GET", "actions/runs/{id}/approvals")
def approvals(request: Request, match: re.Match[str]) -> Any:
    _named(request, match["id"])
    return [
        {
            "state": entry.get("state", "approved"),
            "comment": entry.get("comment", ""),
            "environments": [{"name": name} for name in entry["environments"]],
            "user": {"login": entry["user"]},
        }
        for entry in request.state["approvals"].get(match["id"], [])
    ]


def _may_approve(request: Request, environment: dict[str, Any]) -> bool:
    from . import environments

    viewer = request.state["viewer"]
    for reviewer in environment.get("reviewers", []):
        named = environments.name_of(request.state, reviewer)
        if viewer == named or viewer in request.state["teams"].get(named or "", []):
            return True
    return False


def _environment_number(request: Request, name: str) -> int:
    return 5000 + sorted({*request.state["environments"], name}).index(name)


@route("GET", "actions/runs/{id}/pending_deployments")
def pending(request: Request, match: re.Match[str]) -> Any:
    from . import environments

    rows = []
    for entry in _named(request, match["id"])["waiting"]:
        held = request.state["environments"].get(entry["environment"], {})
        rows.append(
            {
                "environment": {"id": _environment_number(request, entry["environment"]), "name": entry["environment"]},
                "wait_timer": held.get("wait_timer", 0),
                "wait_timer_started_at": entry["since"] if held.get("wait_timer") else None,
                "current_user_can_approve": _may_approve(request, held),
                "reviewers": [environments.shown_reviewer(request, reviewer) for reviewer in held.get("reviewers", [])],
            }
        )
    return rows


@route("POST", "actions/runs/{id}/pending_deployments")
def review(request: Request, match: re.Match[str]) -> Any:
    item, body = _named(request, match["id"]), request.body
    if body.get("state") not in ("approved", "rejected") or "comment" not in body or not body.get("environment_ids"):
        raise Rejected(422, "Validation Failed")
    chosen = [
        entry
        for entry in item["waiting"]
        if _environment_number(request, entry["environment"]) in body["environment_ids"]
    ]
    if len(chosen) != len(body["environment_ids"]):
        raise Rejected(422, "There are no pending deployment requests to approve or reject")
    for entry in chosen:
        if not _may_approve(request, request.state["environments"].get(entry["environment"], {})):
            raise Rejected(403, "Resource not accessible by integration")
    names = [entry["environment"] for entry in chosen]
    request.state["approvals"].setdefault(match["id"], []).append(
        {"user": request.state["viewer"], "state": body["state"], "comment": body["comment"], "environments": names}
    )
    item["waiting"] = [entry for entry in item["waiting"] if entry not in chosen]
    if body["state"] == "rejected":
        item.update(status="completed", conclusion="failure", waiting=[], updated_at=request.now)
    elif not item["waiting"]:
        item.update(status="in_progress", updated_at=request.now)
    return []


@route("POST", "actions/runs/{id}/cancel")
def cancel_run(request: Request, match: re.Match[str]) -> Any:
    item = _named(request, match["id"])
    if item["status"] == "completed":
        raise Rejected(409, "Cannot cancel a workflow run that is completed.")
    item.update(status="completed", conclusion="cancelled", waiting=[], updated_at=request.now)
    return {}


def _again(request: Request, match: re.Match[str]) -> Any:
    item = _named(request, match["id"])
    if item["status"] != "completed":
        raise Rejected(403, "This workflow is already running")
    item.update(
        status="queued",
        conclusion=None,
        run_attempt=item["run_attempt"] + 1,
        run_started_at=request.now,
        updated_at=request.now,
    )
    return {}


route("POST", "actions/runs/{id}/rerun")(_again)
route("POST", "actions/runs/{id}/rerun-failed-jobs")(_again)
