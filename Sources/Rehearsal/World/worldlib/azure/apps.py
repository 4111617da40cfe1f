"""Container Apps: revisions, their readiness, and the split of ingress traffic."""

from __future__ import annotations


from .. import times, traffic
from ..command import CommandError
from .naming import KINDS, resource_id as identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def build(name: str, text: dict[str, Any], start: int) -> dict[str, Any]:
    """An app from the scenario; its revisions and traffic name suffixes only."""
    revisions = [
        {
            "name": f"{name}--{revision['suffix']}",
            "image": revision["image"],
            "env": revision.get("env", {}),
            "active": revision.get("active", True),
            "created": times.moment(revision.get("created", "-7d"), start),
            "ready_at": start,
            "failed": revision.get("failed", False),
        }
        for revision in text.get("revisions", [])
    ]
    split = []
    for entry in text.get("traffic", [{"latest": True, "weight": 100}]):
        target = {"latestRevision": True} if entry.get("latest") else {"revisionName": f"{name}--{entry['revision']}"}
        split.append({**target, "weight": entry["weight"]})
    return {
        "resource_group": text["resource_group"],
        "mode": text.get("mode", "Multiple"),
        "fqdn": text.get("fqdn", f"{name}.happyhill-12345678.westeurope.azurecontainerapps.io"),
        "container": text.get("container", name),
        "tags": text.get("tags", {}),
        "revisions": revisions,
        "traffic": split,
    }


# --- the model --------------------------------------------------------------------------------


def _ready(revision: dict[str, Any], now: int) -> bool:
    return revision["active"] and not revision["failed"] and now >= revision["ready_at"]


def _latest_ready(app: dict[str, Any], now: int) -> dict[str, Any] | None:
    return next((revision for revision in reversed(app["revisions"]) if _ready(revision, now)), None)


def _weights(app: dict[str, Any]) -> dict[str, int]:
    """Weight by revision name; what is meant for the latest counts for the newest active revision."""
    weights: dict[str, int] = {}
    newest = next((item["name"] for item in reversed(app["revisions"]) if item["active"] and not item["failed"]), None)
    for entry in app["traffic"]:
        name = newest if entry.get("latestRevision") else entry["revisionName"]
        if name:
            weights[name] = weights.get(name, 0) + entry["weight"]
    return weights


def shares(state: dict[str, Any], name: str) -> list[list[Any]]:
    app = state["azure"]["apps"][name]
    now = state["azure"].get("now", state["start"])
    result: list[list[Any]] = []
    for entry in app["traffic"]:
        if entry.get("latestRevision"):
            revision = _latest_ready(app, now)
        else:
            revision = next((item for item in app["revisions"] if item["name"] == entry["revisionName"]), None)
        if entry["weight"] > 0:
            result.append(_share(state, revision, now, entry["weight"]))
    # What gets nothing yet can still be reached by its own host name.
    served = {share[0] for share in result}
    waiting = [item for item in app["revisions"] if item["active"] and item["name"] not in served]
    return result + [_share(state, revision, now, 0) for revision in waiting]


def _share(state: dict[str, Any], revision: dict[str, Any] | None, now: int, weight: float) -> list[Any]:
    if revision is None:
        return ["(none)", traffic.DOWN, float(weight)]
    serves = _ready(revision, now)
    version = traffic.version_of(state, revision["name"], revision["image"]) if serves else traffic.DOWN
    return [revision["name"], version, float(weight)]


def events(state: dict[str, Any]) -> list[int]:
    return [
        revision["ready_at"]
        for app in state["azure"]["apps"].values()
        for revision in app["revisions"]
        if revision["active"]
    ]


def named_by_host(state: dict[str, Any], name: str, host: str) -> str | None:
    """The revision of an app behind its own host name, `app--suffix.…`."""
    app = state["azure"]["apps"].get(name)
    for revision in app["revisions"] if app else []:
        if host.lower() == app["fqdn"].lower().replace(name.lower(), revision["name"].lower(), 1):
            return revision["name"]
    return None


# --- what the commands show --------------------------------------------------------------------------------


def resource_id(call: Call, app: str) -> str:
    return identity(call, call.world.state["azure"]["apps"][app]["resource_group"], KINDS["apps"], app)


def _template(app: dict[str, Any], revision: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "containers": [
            {
                "env": [{"name": key, "value": value} for key, value in revision["env"].items()],
                "image": revision["image"],
                "name": app["container"],
                "resources": {"cpu": 0.5, "memory": "1Gi"},
            }
        ],
        "revisionSuffix": revision["name"].removeprefix(f"{name}--"),
        "scale": {"maxReplicas": 10, "minReplicas": 1},
    }


def app_json(call: Call, name: str) -> dict[str, Any]:
    app = call.world.state["azure"]["apps"][name]
    latest = app["revisions"][-1] if app["revisions"] else None
    ready = _latest_ready(app, call.world.now)
    return {
        "id": resource_id(call, name),
        "identity": {"type": "None"},
        "location": "West Europe",
        "name": name,
        "properties": {
            "configuration": {
                "activeRevisionsMode": app["mode"],
                "ingress": {
                    "allowInsecure": False,
                    "external": True,
                    "fqdn": app["fqdn"],
                    "targetPort": 8080,
                    "traffic": app["traffic"],
                    "transport": "Auto",
                },
                "maxInactiveRevisions": 100,
            },
            "latestReadyRevisionName": ready["name"] if ready else None,
            "latestRevisionFqdn": _fqdn(app, name, latest["name"]) if latest else None,
            "latestRevisionName": latest["name"] if latest else None,
            "provisioningState": "Succeeded",
            "runningStatus": "Running",
            "template": _template(app, latest, name) if latest else None,
        },
        "resourceGroup": app["resource_group"],
        "tags": app["tags"],
        "type": "Microsoft.App/containerApps",
    }


def _fqdn(app: dict[str, Any], name: str, revision: str) -> str:
    return app["fqdn"].replace(name, revision, 1)


def revision_json(call: Call, name: str, revision: dict[str, Any]) -> dict[str, Any]:
    app = call.world.state["azure"]["apps"][name]
    running = _ready(revision, call.world.now)
    state = (
        "Running" if running else "Failed" if revision["failed"] else "Activating" if revision["active"] else "Stopped"
    )
    return {
        "id": f"{resource_id(call, name)}/revisions/{revision['name']}",
        "name": revision["name"],
        "properties": {
            "active": revision["active"],
            "createdTime": times.text(revision["created"]).replace("Z", "+00:00"),
            "fqdn": _fqdn(app, name, revision["name"]),
            "healthState": "Unhealthy" if revision["failed"] else "Healthy" if running else "None",
            "provisioningState": "Failed" if revision["failed"] else "Provisioned",
            "replicas": 1 if running else 0,
            "runningState": state,
            "template": _template(app, revision, name),
            "trafficWeight": _weights(app).get(revision["name"], 0),
        },
        "resourceGroup": app["resource_group"],
        "type": "Microsoft.App/containerapps/revisions",
    }


def find_app(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    app = call.world.state["azure"]["apps"].get(values["name"])
    if app is None or app["resource_group"].lower() != values["resource-group"].lower():
        raise CommandError(
            3,
            (
                f"ERROR: (ResourceNotFound) The Resource 'Microsoft.App/containerApps/{values['name']}' under resource group "
                f"'{values['resource-group']}' was not found. For more details please go to "
                "https://aka.ms/ARMResourceNotFoundFix"
            ),
        )
    return app


def find_revision(call: Call, values: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    # The real CLI, too, finds the app from the revision's name when --name is not given.
    values.setdefault("name", values["revision"].rpartition("--")[0])
    app = find_app(call, values)
    for revision in app["revisions"]:
        if revision["name"] == values["revision"]:
            return values["name"], app, revision
    raise CommandError(
        1,
        (
            f"ERROR: (RevisionNotFound) Revision '{values['revision']}' was not found in container app '{values['name']}'."
        ),
    )
