"""kubectl commands that only look: get, auth can-i, version, config current-context."""

from __future__ import annotations

import copy
import json

from .. import traffic
from ..command import CommandError
from ..options import Options
from .jsonpath import render
from .model import complete, template_of
from .naming import kind_of, labelled, lookup, targets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def with_status(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    """The object as the server would show it now."""
    shown = copy.deepcopy(item)
    cluster = call.world.state["kubernetes"]
    place = f"{item['kind']}/{item['metadata'].get('namespace', '')}/{item['metadata']['name']}"
    rollout = cluster["rollouts"].get(place)
    if item["kind"] == "Job" and rollout:
        shown["status"] = (
            {"conditions": [{"type": "Complete", "status": "True"}], "succeeded": 1}
            if rollout["done"]
            else {"active": 1}
        )
    if item["kind"] == "Deployment":
        shown["status"] = _deployment_status(call, item, rollout)
    return shown


def _deployment_status(call: Call, item: dict[str, Any], rollout: dict[str, Any]) -> dict[str, Any]:
    wanted, target = item["spec"]["replicas"], rollout["target"]
    ready, updated = sum(rollout["ready"].values()), rollout["ready"].get(target, 0)
    done = complete(item, rollout)
    stuck = not done and rollout["next_at"] is None
    # A pod that never becomes ready still counts as updated: it is the surge pod.
    surge = 1 if not done and not item["spec"].get("paused") else 0
    late = call.world.now - rollout["changed_at"] >= item["spec"]["progressDeadlineSeconds"] * 1000
    if item["spec"].get("paused"):
        progress = ("Unknown", "DeploymentPaused")
    elif done:
        progress = ("True", "NewReplicaSetAvailable")
    else:
        progress = ("False", "ProgressDeadlineExceeded") if stuck and late else ("True", "ReplicaSetUpdated")
    available = (
        ("True", "MinimumReplicasAvailable") if ready >= wanted * 3 // 4 else ("False", "MinimumReplicasUnavailable")
    )
    status = {
        "availableReplicas": ready,
        "conditions": [
            {"type": "Available", "status": available[0], "reason": available[1]},
            {"type": "Progressing", "status": progress[0], "reason": progress[1]},
        ],
        "observedGeneration": item["metadata"]["generation"],
        "readyReplicas": ready,
        "replicas": ready + surge,
        "updatedReplicas": min(wanted, updated + surge),
        "unavailableReplicas": max(0, wanted - ready) + surge,
    }
    return {name: value for name, value in status.items() if value != 0}


def pods(call: Call, namespace: str) -> list[dict[str, Any]]:
    """The pods behind the deployments, made up on demand."""
    state, found = call.world.state, []
    for place, rollout in state["kubernetes"]["rollouts"].items():
        item = state["kubernetes"]["objects"][place]
        if item["kind"] != "Deployment" or item["metadata"]["namespace"] != namespace:
            continue
        counts = [(name, count, True) for name, count in rollout["ready"].items()]
        if not complete(item, rollout) and not item["spec"].get("paused"):
            counts.append((rollout["target"], 1, False))
        for name, count, ready in counts:
            template = template_of(rollout, name)
            image = template["spec"]["containers"][0]["image"]
            version = traffic.version_of(state, image)
            for number in range(count):
                found.append(
                    {
                        "apiVersion": "v1",
                        "kind": "Pod",
                        "metadata": {
                            "name": f"{item['metadata']['name']}-{name}-{number}{'' if ready else 'p'}",
                            "namespace": namespace,
                            "labels": {**template["metadata"].get("labels", {}), "pod-template-hash": name},
                        },
                        "spec": template["spec"],
                        "status": {
                            "phase": "Running" if ready else "Pending",
                            "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
                            "containerStatuses": [
                                {
                                    "name": container["name"],
                                    "image": container["image"],
                                    "ready": ready,
                                    "restartCount": traffic.restarts(state, version, call.world.now),
                                }
                                for container in template["spec"]["containers"]
                            ],
                        },
                    }
                )
    return found


def get(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if "raw" in values:
        return "ok"
    if not words:
        raise CommandError(1, "error: Required resource not specified.")
    namespace = values["namespace"]
    named = "/" in words[0] or len(words) > 1
    items: list[dict[str, Any]] = []
    if named:
        for kind, name in targets(words)[0]:
            if kind == "Pod":
                items += [pod for pod in pods(call, namespace) if pod["metadata"]["name"] == name]
                continue
            try:
                items.append(with_status(call, lookup(call, kind, name, namespace)))
            except CommandError:
                if not values.get("ignore-not-found"):
                    raise
        if not items:
            return ""
    else:
        for kind in (kind_of(word) for word in words[0].split(",")):
            if kind == "Pod":
                items += pods(call, namespace)
                continue
            items += [
                with_status(call, item)
                for item in call.world.state["kubernetes"]["objects"].values()
                if item["kind"] == kind
                and (
                    values.get("all-namespaces")
                    or kind == "Namespace"
                    or item["metadata"].get("namespace") == namespace
                )
            ]
        items = [item for item in items if labelled(item, values["selector"])] if "selector" in values else items
    if named and len(items) == 1:
        return printed(call, items[0], values.get("output", ""))
    return printed(
        call,
        {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}},
        values.get("output", ""),
    )


def printed(call: Call, item: dict[str, Any], output: str) -> str:
    items = item.get("items", [item]) if item["kind"] == "List" else [item]
    if output == "json":
        return json.dumps(item, indent=4) + "\n"
    if output.startswith("jsonpath="):
        return render(output[9:], item)
    if output == "name":
        from .naming import shown

        return "".join(f"{shown(each['kind'], each['metadata']['name'])}\n" for each in items)
    if output in ("", "wide"):
        if not items:
            call.warn("No resources found in default namespace.\n")
            return ""
        return "NAME\n" + "".join(f"{each['metadata']['name']}\n" for each in items)
    raise CommandError(
        1,
        f'error: unable to match a printer suitable for the output format "{output}", '
        "allowed formats in the test world are: json,jsonpath,name,wide",
    )


def can_i(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if len(words) < 2:
        raise CommandError(
            1,
            "error: you must specify two arguments: verb resource or verb resource/resourceName.\n"
            "See 'kubectl auth can-i -h' for help and examples.",
        )
    kind = kind_of(words[1].partition("/")[0])
    denied = call.world.state["kubernetes"]["denied"]
    refused = any(entry.split()[0] in (words[0], "*") and kind_of(entry.split()[1]) == kind for entry in denied)
    answer = "" if values.get("quiet") else "no\n" if refused else "yes\n"
    if refused:
        raise CommandError(1, "", answer)
    return answer


def version(_: Call, values: dict[str, Any], __: list[str]) -> str:
    info = {"gitVersion": "v1.32.4", "major": "1", "minor": "32"}
    found = {"clientVersion": info, "kustomizeVersion": "v5.5.0"}
    if not values.get("client"):
        found["serverVersion"] = info
    if values.get("output") == "json":
        return json.dumps(found, indent=2) + "\n"
    return "Client Version: v1.32.4\nKustomize Version: v5.5.0\n" + (
        "" if values.get("client") else "Server Version: v1.32.4\n"
    )


def current_context(call: Call, _: dict[str, Any], __: list[str]) -> str:
    return (call.world.state["kubernetes"]["contexts"] or ["world"])[0] + "\n"


COMMANDS = {
    "get": (
        Options(
            value="--output,-o --selector,-l --field-selector --sort-by --raw --chunk-size --subresource",
            flag="--ignore-not-found --all-namespaces,-A --no-headers --show-labels --show-managed-fields",
        ),
        get,
    ),
    "auth can-i": (Options(value="--subresource", flag="--quiet,-q --all-namespaces,-A --list --no-headers"), can_i),
    "version": (Options(value="--output,-o", flag="--client"), version),
    "config current-context": (Options(), current_context),
}
