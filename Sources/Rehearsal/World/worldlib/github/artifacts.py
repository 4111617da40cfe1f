"""Artifacts of workflow runs: their list, their zip, and `gh run download`."""

from __future__ import annotations

import fnmatch
import io
import json
import os
import re
import zipfile

from .. import times
from ..command import CommandError
from ..options import Options
from .routing import NotFound, Raw, Rejected, Request, paged, route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

ARTIFACT = {"name", "run", "created_at", "expires_at", "expired", "files"}


def build(state: dict[str, Any], text: dict[str, Any], identity: int, start: int) -> dict[str, Any]:
    """An artifact from the scenario: `files` are texts, or JSON values."""
    unknown = set(text) - ARTIFACT
    if unknown:
        raise ValueError(f"github.artifacts: unknown keys {', '.join(sorted(unknown))}")
    created = times.moment(text.get("created_at", 0), start)
    files = {
        name: value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        for name, value in text.get("files", {}).items()
    }
    for name in files:
        if name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f"github.artifacts: {name} is no place inside an artifact")
    return {
        "id": identity,
        "name": text["name"],
        "run": str(text["run"]),
        "created": created,
        "expires": times.moment(text["expires_at"], start) if "expires_at" in text else created + 90 * 86_400_000,
        "expired": text.get("expired", False),
        "files": files,
    }


def _packed(artifact: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in sorted(artifact["files"].items()):
            # A date of its own would make every download different.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return target.getvalue()


def _expired(artifact: dict[str, Any], now: int) -> bool:
    return artifact["expired"] or now >= artifact["expires"]


def _shown(request: Request, artifact: dict[str, Any]) -> dict[str, Any]:
    base = f"https://api.github.com/repos/{request.state['repository']}/actions/artifacts/{artifact['id']}"
    run = request.state["runs"].get(artifact["run"], {})
    created = times.text(artifact["created"])
    return {
        "id": artifact["id"],
        "name": artifact["name"],
        "size_in_bytes": len(_packed(artifact)),
        "url": base,
        "archive_download_url": f"{base}/zip",
        "expired": _expired(artifact, request.call.world.now),
        "created_at": created,
        "updated_at": created,
        "expires_at": times.text(artifact["expires"]),
        "workflow_run": {
            "id": int(artifact["run"]),
            "head_branch": run.get("head_branch"),
            "head_sha": run.get("head_sha"),
        },
    }


def _listed(request: Request, run: str | None = None) -> dict[str, Any]:
    found = [
        artifact
        for artifact in request.state["artifacts"]
        if run in (None, artifact["run"]) and request.query.get("name", artifact["name"]) == artifact["name"]
    ]
    found.sort(key=lambda artifact: (artifact["created"], artifact["id"]), reverse=True)
    return paged(request, "artifacts", [_shown(request, artifact) for artifact in found])


def _named(request: Request, identity: str) -> dict[str, Any]:
    for artifact in request.state["artifacts"]:
        if str(artifact["id"]) == identity:
            return artifact
    raise NotFound


@route("GET", "actions/artifacts")
def artifacts(request: Request, _: re.Match[str]) -> Any:
    return _listed(request)


@route("GET", "actions/runs/{id}/artifacts")
def run_artifacts(request: Request, match: re.Match[str]) -> Any:
    if match["id"] not in request.state["runs"]:
        raise NotFound
    return _listed(request, match["id"])


@route("GET", "actions/artifacts/{id}")
def artifact(request: Request, match: re.Match[str]) -> Any:
    return _shown(request, _named(request, match["id"]))


@route("GET", "actions/artifacts/{id}/zip")
def download(request: Request, match: re.Match[str]) -> Any:
    found = _named(request, match["id"])
    if _expired(found, request.call.world.now):
        raise Rejected(410, "Artifact has expired")
    return Raw(_packed(found))


def run_download(call: Call, values: dict[str, Any], words: list[str]) -> str:
    """`gh run download`: one artifact by name goes right into the folder, several into folders of their own."""
    state, names, patterns = call.world.state["github"], values.get("name", []), values.get("pattern", [])
    if not words and not names and not patterns:
        raise CommandError(1, "run ID or name required when not running interactively")
    if words and words[0] not in state["runs"]:
        raise CommandError(1, "error fetching artifacts: HTTP 404: Not Found")
    there = [
        artifact
        for artifact in state["artifacts"]
        if (not words or artifact["run"] == words[0]) and not _expired(artifact, call.world.now)
    ]
    if not there:
        raise CommandError(1, "no valid artifacts found to download")
    there.sort(key=lambda artifact: (artifact["created"], artifact["id"]), reverse=True)
    chosen: dict[str, dict[str, Any]] = {}
    for artifact in there:
        if (not names and not patterns) or artifact["name"] in names or any(
            fnmatch.fnmatchcase(artifact["name"], pattern) for pattern in patterns
        ):
            chosen.setdefault(artifact["name"], artifact)
    if not chosen:
        raise CommandError(1, "no artifact matches any of the names or patterns provided")
    # As the real one: only a single --name saves itself the folder.
    flat = len(names) == 1 and not patterns
    for name, artifact in chosen.items():
        folder = values.get("dir", ".") if flat else os.path.join(values.get("dir", "."), name)
        for file, content in artifact["files"].items():
            path = os.path.join(folder, file)
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            if os.path.exists(path):
                raise CommandError(
                    1, f"error downloading {name}: error extracting zip archive: open {path}: file exists"
                )
            with open(path, "w", encoding="utf-8") as target:
                target.write(content)
    return ""


COMMANDS = {
    "run download": (Options(value="--dir,-D --repo,-R", repeat="--name,-n --pattern,-p"), run_download),
}
