"""A scenario file to the world's first state; unknown keys are errors, so that a misspelt rule cannot stay silent."""

from __future__ import annotations

import re

from . import azure, faults, github, kubernetes, receivers, repository, times, traffic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ScenarioError(Exception):
    """The scenario file is wrong; the text says where."""


TOP = {
    "start",
    "versions",
    "services",
    "azure",
    "kubernetes",
    "github",
    "registry",
    "http",
    "queries",
    "faults",
    "webhooks",
    "prometheus",
    "programs",
    "latency_scale",
    "about",
}
RULE = {"from", "until", "lasts", "after_traffic", "weight_at_least", "weight_below"}
VERSION = {
    "match",
    "ready",
    "ready_seconds",
    "rules",
    "metrics",
    "paths",
    "body",
    "latency_ms",
    "restarts",
    *traffic.BUILT_IN,
}
SERVICE = {"requests_per_second", "hosts", "from", "tracks", "bearer"}
FAULT = {
    "command",
    "match",
    "nth",
    "from",
    "until",
    "at",
    "kind",
    "exit",
    "stderr",
    "stdout",
    "when",
    "delay",
    "times",
    "signal",
    "status",
    "until_login",
}
QUERY = {
    "match",
    "value",
    "columns",
    "service",
    "track",
    "window",
    "scale",
    "result",
    "from",
    "until",
    "lag",
    "without_traffic",
    "without_errors",
    "status",
}
ROUTE = {
    "host",
    "path",
    "method",
    "status",
    "json",
    "body",
    "headers",
    "latency",
    "sequence",
    "set",
    "set_after",
    "error",
    "service",
    "track",
    "window",
    "lag",
    "from",
    "until",
    "require_headers",
    "match_body",
}


def _keys(found: dict[str, Any], known: set[str], where: str) -> None:
    for key in found:
        if key not in known:
            raise ScenarioError(f"{where}: unknown key `{key}`; it knows {', '.join(sorted(known))}")


def _expression(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ScenarioError(f"{where}: {error}") from error


def build(text: dict[str, Any]) -> dict[str, Any]:
    """The state in which a world with this scenario begins."""
    _keys(text, TOP, "scenario")
    try:
        start = times.moment(text.get("start", "2026-06-02T09:00:00Z"))
    except ValueError as error:
        raise ScenarioError(f"start: {error}") from error
    if start < 10**12:
        raise ScenarioError("start: the world begins after September 2001")
    state: dict[str, Any] = {
        "start": start,
        "versions": text.get("versions", {}),
        "services": {},
        "history": {},
        "effects": [],
        "notes": {},
        "queries": text.get("queries", []),
        "faults": text.get("faults", []),
        "http": text.get("http", []),
        "webhooks": text.get("webhooks", []),
        "prometheus": text.get("prometheus", {}),
        "latency_scale": text.get("latency_scale", 1),
        "registry": {"images": {}, "logins": [], "require_login": False, **text.get("registry", {})},
    }
    for name, version in state["versions"].items():
        _keys(version, VERSION, f"versions.{name}")
        _expression(version.get("match", ""), f"versions.{name}.match")
        for rule in version.get("rules", []):
            _keys(rule, RULE | VERSION - {"match", "rules"}, f"versions.{name}.rules")
    for name, service in text.get("services", {}).items():
        _keys(service, SERVICE, f"services.{name}")
        if len(service.get("from", {})) != 1 or not set(service["from"]) <= {
            "azure",
            "container",
            "traffic_manager",
            "live",
            "service",
            "httproute",
            "ingress",
            "program",
        }:
            raise ScenarioError(
                f"services.{name}.from: one of azure, container, traffic_manager, live, service, httproute, ingress, program"
            )
        for entry in service.get("hosts", []):
            if not isinstance(entry, str):
                _keys(entry, {"host", "track", "from"}, f"services.{name}.hosts")
        state["services"][name] = service
    for index, rule in enumerate(state["faults"]):
        check_fault(rule, f"faults[{index}]")
    for index, rule in enumerate(state["queries"]):
        _keys(rule, QUERY, f"queries[{index}]")
        _expression(rule["match"], f"queries[{index}].match")
        if rule.get("result", "value") not in ("value", "nan", "empty", "error", "hang", "garbage"):
            raise ScenarioError(f"queries[{index}].result: value, nan, empty, error, hang or garbage")
        named = [rule.get("value")] if "value" in rule else list(rule.get("columns", {}).values())
        for wanted in named:
            if isinstance(wanted, str) and wanted not in traffic.QUANTITIES and not wanted.startswith(traffic.OWN):
                raise ScenarioError(f"queries[{index}]: `{wanted}` is none of {', '.join(sorted(traffic.QUANTITIES))}")
    for index, route in enumerate(state["http"]):
        _check_route(route, f"http[{index}]", state["services"])
    for index, entry in enumerate(state["webhooks"]):
        problem = receivers.check(entry, f"webhooks[{index}]")
        if problem:
            raise ScenarioError(problem)
        _expression(entry if isinstance(entry, str) else entry["match"], f"webhooks[{index}]")
    state["programs"] = {path: repository.build(path, program) for path, program in text.get("programs", {}).items()}
    state["azure"] = azure.build(text.get("azure", {}), start)
    state["kubernetes"] = kubernetes.build(text.get("kubernetes", {}), start)
    state["github"] = github.build(text.get("github", {}), start)
    return state


def _check_route(route: dict[str, Any], where: str, services: dict[str, Any]) -> None:
    _keys(route, ROUTE, where)
    for name in ("host", "path", "match_body"):
        _expression(route.get(name, ""), f"{where}.{name}")
    if "service" in route and route["service"] not in services:
        raise ScenarioError(f"{where}.service: no service is called {route['service']}")
    for answer in [route, *route.get("sequence", [])]:
        if answer is not route:
            _keys(answer, {"status", "json", "body", "headers", "latency", "error", "set", "set_after"}, f"{where}.sequence")
        if answer.get("error") not in (None, "hang", "reset", "empty"):
            raise ScenarioError(f"{where}.error: hang, reset or empty")


def check_fault(rule: dict[str, Any], where: str) -> None:
    _keys(rule, FAULT, where)
    if rule.get("kind") not in faults.KINDS:
        raise ScenarioError(f"{where}.kind: one of {', '.join(sorted(faults.KINDS))}")
    if "command" not in rule:
        raise ScenarioError(f"{where}: needs `command` (or `*`)")
    _expression(rule.get("match", ""), f"{where}.match")
