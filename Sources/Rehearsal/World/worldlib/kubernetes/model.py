"""The cluster: objects as JSON, deployments that roll pod by pod in virtual time, and who serves whom."""

from __future__ import annotations

import hashlib
import json
import math

from .. import registry, times, traffic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..store import World

# Kind, its API version, its name in messages, what people may call it.
KINDS = {
    "Deployment": ("apps/v1", "deployment.apps", "deployment deployments deploy deployments.apps deployment.apps"),
    "Service": ("v1", "service", "service services svc"),
    "HTTPRoute": (
        "gateway.networking.k8s.io/v1",
        "httproute.gateway.networking.k8s.io",
        "httproute httproutes httproutes.gateway.networking.k8s.io httproute.gateway.networking.k8s.io",
    ),
    "Ingress": (
        "networking.k8s.io/v1",
        "ingress.networking.k8s.io",
        "ingress ingresses ing ingresses.networking.k8s.io ingress.networking.k8s.io",
    ),
    "Namespace": ("v1", "namespace", "namespace namespaces ns"),
    "ConfigMap": ("v1", "configmap", "configmap configmaps cm"),
    "Secret": ("v1", "secret", "secret secrets"),
    "Lease": (
        "coordination.k8s.io/v1",
        "lease.coordination.k8s.io",
        "lease leases lease.coordination.k8s.io leases.coordination.k8s.io",
    ),
    "Job": ("batch/v1", "job.batch", "job jobs job.batch jobs.batch"),
    "HorizontalPodAutoscaler": (
        "autoscaling/v2",
        "horizontalpodautoscaler.autoscaling",
        "hpa horizontalpodautoscaler horizontalpodautoscalers horizontalpodautoscalers.autoscaling",
    ),
    "Pod": ("v1", "pod", "pod pods po"),
}
CUSTOM = {"HTTPRoute"}  # custom resources know no strategic merge patch
ALIASES = {alias: kind for kind, (_, _, aliases) in KINDS.items() for alias in aliases.split()}


def plural(kind: str) -> str:
    """How the server names a kind in its errors: `deployments.apps`."""
    head, dot, group = KINDS[kind][1].partition(".")
    return f"{head}{'es' if head.endswith('s') else 's'}{dot}{group}"


def key(kind: str, namespace: str, name: str) -> str:
    return f"{kind}/{'' if kind == 'Namespace' else namespace}/{name}"


def build(text: dict[str, Any], start: int) -> dict[str, Any]:
    """The scenario's `kubernetes` part as state; its deployments have been running for long."""
    cluster: dict[str, Any] = {
        "namespace": text.get("namespace", "default"),
        "contexts": text.get("contexts"),
        "denied": text.get("denied", []),
        "require_kubeconfig": text.get("require_kubeconfig", False),
        "objects": {},
        "rollouts": {},
        "version": 1000,
    }
    namespaces = set(text.get("namespaces", [])) | {"default", cluster["namespace"]}
    made: list[dict[str, Any]] = [{"kind": "Namespace", "metadata": {"name": name}} for name in sorted(namespaces)]
    made += [_deployment(item, cluster["namespace"]) for item in text.get("deployments", [])]
    for item in text.get("services", []):
        made.append(
            {
                "kind": "Service",
                "metadata": _metadata(item, cluster["namespace"]),
                "spec": {"selector": item["selector"], "ports": [{"name": "http", "port": item.get("port", 80)}]},
            }
        )
    for item in text.get("httproutes", []):
        backends = [
            {"name": entry["service"], "port": entry.get("port", 80), "weight": entry["weight"]}
            for entry in item["backends"]
        ]
        made.append(
            {
                "kind": "HTTPRoute",
                "metadata": _metadata(item, cluster["namespace"]),
                "spec": {"hostnames": item.get("hostnames", []), "rules": [{"backendRefs": backends}]},
            }
        )
    for item in text.get("ingresses", []):
        backend = {"service": {"name": item["service"], "port": {"number": item.get("port", 80)}}}
        made.append(
            {
                "kind": "Ingress",
                "metadata": _metadata(item, cluster["namespace"]),
                "spec": {
                    "rules": [
                        {
                            "host": item["host"],
                            "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]},
                        }
                    ]
                },
            }
        )
    for item in made + text.get("objects", []):
        namespace = item["metadata"].get("namespace", cluster["namespace"])
        put(cluster, item, namespace, start, settled=True)
    return cluster


def _metadata(item: dict[str, Any], namespace: str) -> dict[str, Any]:
    metadata = {"name": item["name"], "namespace": item.get("namespace", namespace)}
    for name in ("annotations", "labels"):
        if name in item:
            metadata[name] = item[name]
    return metadata


def _deployment(item: dict[str, Any], namespace: str) -> dict[str, Any]:
    labels = item.get("pod_labels", {"app": item["name"]})
    containers = [{"name": name, "image": image} for name, image in item["containers"].items()]
    return {
        "kind": "Deployment",
        "metadata": _metadata(item, namespace),
        "spec": {
            "replicas": item.get("replicas", 1),
            "selector": {"matchLabels": item.get("selector", labels)},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
            "progressDeadlineSeconds": item.get("progress_deadline", 600),
            "paused": item.get("paused", False),
        },
        "history": item.get("history", []),
    }


# --- storing --------------------------------------------------------------------------------


def put(cluster: dict[str, Any], item: dict[str, Any], namespace: str, now: int, settled: bool = False) -> str:
    """Stores an object as new or changed; a deployment's pods start to follow. Returns its key."""
    kind = item["kind"]
    place = key(kind, namespace, item["metadata"]["name"])
    history = item.pop("history", [])
    item = json.loads(json.dumps(item))
    item.pop("status", None)
    item["apiVersion"] = item.get("apiVersion", KINDS[kind][0])
    metadata = item["metadata"]
    if kind != "Namespace":
        metadata["namespace"] = namespace
    old = cluster["objects"].get(place)
    if (
        old is not None
        and {**metadata, "resourceVersion": ""} == {**old["metadata"], "resourceVersion": ""}
        and ({**item, "metadata": None} == {**old, "metadata": None})
    ):
        return place
    cluster["version"] += 1
    metadata["resourceVersion"] = str(cluster["version"])
    metadata.setdefault("uid", hashlib.sha1(f"{place} {cluster['version']}".encode()).hexdigest()[:32])
    metadata.setdefault("creationTimestamp", times.text(now))
    changed = old is None or old.get("spec") != item.get("spec")
    metadata["generation"] = (old["metadata"].get("generation", 1) if old else 0) + (1 if changed else 0)
    cluster["objects"][place] = item
    if kind == "Deployment":
        _template_changed(cluster, place, item, now, settled, history)
    if kind == "Job" and old is None:
        cluster["rollouts"][place] = {"next_at": now + 5000, "done": False}
    return place


def remove(cluster: dict[str, Any], place: str) -> None:
    del cluster["objects"][place]
    cluster["rollouts"].pop(place, None)


def _hash(template: dict[str, Any]) -> str:
    return hashlib.sha1(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]


def _template_changed(
    cluster: dict[str, Any], place: str, item: dict[str, Any], now: int, settled: bool, history: list[dict[str, str]]
) -> None:
    spec = item["spec"]
    spec.setdefault("replicas", 1)
    spec.setdefault("progressDeadlineSeconds", 600)
    state = cluster["rollouts"].setdefault(
        place, {"revisions": [], "ready": {}, "target": None, "next_at": None, "changed_at": now}
    )
    for number, images in enumerate(history, start=1):
        template = json.loads(json.dumps(spec["template"]))
        for container in template["spec"]["containers"]:
            container["image"] = images.get(container["name"], container["image"])
        state["revisions"].append({"revision": number, "hash": _hash(template), "template": template})
    target = _hash(spec["template"])
    if spec.get("paused") and state["target"] is not None:
        # A paused deployment takes note of a new template only when it is resumed.
        state.update(next_at=None, round_started=False)
        return
    if target != state["target"]:
        number = max((entry["revision"] for entry in state["revisions"]), default=0) + 1
        # Going back to an older template renumbers its revision, as the controller does.
        state["revisions"] = [entry for entry in state["revisions"] if entry["hash"] != target]
        state["revisions"].append({"revision": number, "hash": target, "template": spec["template"]})
        state.update(target=target, changed_at=now, next_at=None, round_started=False)
    item["metadata"].setdefault("annotations", {})["deployment.kubernetes.io/revision"] = str(
        state["revisions"][-1]["revision"]
    )
    if settled:
        state["ready"] = {target: spec["replicas"]}
        return
    _shrink(state, spec["replicas"])
    if complete(item, state):
        state["next_at"] = None
    elif state["next_at"] is None:
        state["next_at"] = now


def complete(item: dict[str, Any], state: dict[str, Any]) -> bool:
    return {name: count for name, count in state["ready"].items() if count} == (
        {state["target"]: item["spec"]["replicas"]} if item["spec"]["replicas"] else {}
    )


def _shrink(state: dict[str, Any], wanted: int) -> None:
    """Scaling down takes effect at once, from the old pods first."""
    surplus = sum(state["ready"].values()) - wanted
    for name in sorted(state["ready"], key=lambda item: item == state["target"]):
        taken = min(max(surplus, 0), state["ready"][name])
        state["ready"][name] -= taken
        surplus -= taken


# --- time --------------------------------------------------------------------------------


def next_event(state: dict[str, Any]) -> int | None:
    return min(
        (entry["next_at"] for entry in state["kubernetes"]["rollouts"].values() if entry["next_at"] is not None),
        default=None,
    )


def step(world: World) -> None:
    """What is due at this moment: a batch of pods becomes ready, a job ends."""
    cluster = world.state["kubernetes"]
    for place, state in cluster["rollouts"].items():
        if state["next_at"] is None or state["next_at"] > world.now:
            continue
        if place.startswith("Job/"):
            state.update(done=True, next_at=None)
        else:
            _roll(world.state, cluster["objects"][place], state, world.now)


def template_of(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry["template"] for entry in state["revisions"] if entry["hash"] == name)


def version_of_template(world: dict[str, Any], template: dict[str, Any]) -> str:
    return traffic.version_of(world, *(container["image"] for container in template["spec"]["containers"]))


def _becomes_ready(world: dict[str, Any], template: dict[str, Any]) -> bool:
    if world["registry"].get("strict"):
        images = [container["image"] for container in template["spec"]["containers"]]
        if any(registry.digest(world, image) is None for image in images):
            return False
    return world["versions"].get(version_of_template(world, template), {}).get("ready", True)


def _roll(world: dict[str, Any], item: dict[str, Any], state: dict[str, Any], now: int) -> None:
    """One round of a rolling update: a quarter of the pods, at least one, each taking `ready_seconds`."""
    replicas, target = item["spec"]["replicas"], state["target"]
    template = template_of(state, target)
    if not _becomes_ready(world, template):
        # The surge pod never becomes ready, so the old ones stay.
        state["next_at"] = None
        return
    version = world["versions"].get(version_of_template(world, template), {})
    wait = times.duration(version.get("ready_seconds", 10))
    if state.get("round_started"):
        old = sum(count for name, count in state["ready"].items() if name != target)
        batch = max(1, math.ceil(replicas / 4)) if old else replicas
        state["ready"][target] = min(replicas, state["ready"].get(target, 0) + batch)
        _shrink(state, replicas)
        if complete(item, state):
            state.update(next_at=None, round_started=False)
            return
    elif item["spec"].get("strategy", {}).get("type") == "Recreate":
        state["ready"] = {}
    state.update(next_at=now + wait, round_started=True)


# --- who serves --------------------------------------------------------------------------------


def _service(world: dict[str, Any], namespace: str, name: str) -> list[list[Any]]:
    """Shares of one Service, by ready pods; none when no pod matches its selector."""
    cluster = world["kubernetes"]
    service = cluster["objects"].get(key("Service", namespace, name))
    if service is None:
        return []
    selector = service["spec"].get("selector") or {}
    found: dict[tuple[str, str], int] = {}
    for place, item in cluster["objects"].items():
        if item["kind"] != "Deployment" or item["metadata"]["namespace"] != namespace:
            continue
        for name_, count in cluster["rollouts"][place]["ready"].items():
            template = template_of(cluster["rollouts"][place], name_)
            labels = template["metadata"].get("labels", {})
            if count and selector.items() <= labels.items():
                share = (item["metadata"]["name"], version_of_template(world, template))
                found[share] = found.get(share, 0) + count
    total = sum(found.values())
    return [[track, version, 100 * count / total] for (track, version), count in found.items()]


def shares(world: dict[str, Any], source: dict[str, str]) -> list[list[Any]]:
    ((kind, place),) = source.items()
    namespace, _, name = place.rpartition("/")
    namespace = namespace or world["kubernetes"]["namespace"]
    if kind == "service":
        backends = [(name, 1.0)]
    elif kind == "httproute":
        backends = _route_backends(world, namespace, name)
    else:
        backends = _ingress_backends(world, namespace, name)
    total = sum(weight for _, weight in backends)
    result: dict[tuple[str, str], float] = {}
    for backend, weight in backends:
        served = _service(world, namespace, backend) or [[backend, traffic.DOWN, 100.0]]
        for track, version, part in served:
            # A backend without weight stays in the list: its track can be asked about.
            share = weight / total * part if total else 0.0
            result[track, version] = result.get((track, version), 0.0) + share
    if not total:
        return [[name, traffic.DOWN, 100.0]]
    return [[track, version, round(weight, 6)] for (track, version), weight in result.items()]


def _route_backends(world: dict[str, Any], namespace: str, name: str) -> list[tuple[str, float]]:
    route = world["kubernetes"]["objects"].get(key("HTTPRoute", namespace, name))
    if route is None or not route["spec"].get("rules"):
        return []
    return [
        (entry["name"], float(entry.get("weight", 1))) for entry in route["spec"]["rules"][0].get("backendRefs", [])
    ]


NGINX = "nginx.ingress.kubernetes.io/"


def _ingress_backends(world: dict[str, Any], namespace: str, name: str) -> list[tuple[str, float]]:
    """ingress-nginx: the canary is a second ingress for the same host, with a weight of its own."""
    objects = world["kubernetes"]["objects"]
    primary = objects.get(key("Ingress", namespace, name))
    if primary is None:
        return []
    stable = [(_backend(primary), 100.0)]
    for item in objects.values():
        if item["kind"] != "Ingress" or item is primary or item["metadata"]["namespace"] != namespace:
            continue
        notes = item["metadata"].get("annotations", {})
        if notes.get(f"{NGINX}canary") != "true" or _host(item) != _host(primary):
            continue
        total = float(notes.get(f"{NGINX}canary-weight-total", 100))
        weight = min(100.0, 100 * float(notes.get(f"{NGINX}canary-weight", 0)) / total)
        return [(stable[0][0], 100 - weight), (_backend(item), weight)]
    return stable


def _backend(ingress: dict[str, Any]) -> str:
    return ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"]


def _host(ingress: dict[str, Any]) -> str:
    return ingress["spec"]["rules"][0].get("host", "")
