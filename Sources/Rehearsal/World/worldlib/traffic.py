"""The traffic model: who served how much, when, and how well.

A *service* is where users come in. Its traffic is split over *shares* `[track, version, weight]`: a track is a
revision, a deployment or an environment, a version says how the code behaves. Every change of the shares
is one entry of the service's history; a measurement integrates requests over it, exactly, segment by segment.
"""

from __future__ import annotations

import re

from . import times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .store import World

BEFORE = 30 * 86_400_000  # how long the first shares had been in place when the world began
DOWN = "(down)"  # the version of a share that nothing serves
BUILT_IN: dict[str, Any] = {"error_percent": 0.0, "p50_ms": 20.0, "p95_ms": 80.0, "p99_ms": 150.0, "health": 200}
GONE = {**BUILT_IN, "error_percent": 100.0, "health": 503}


def version_of(state: dict[str, Any], *labels: str) -> str:
    """The version that an image, revision name or label stands for: the first whose `match` (or name) is in it."""
    for name, version in state["versions"].items():
        pattern = version.get("match")
        for label in labels:
            if re.search(pattern, label) if pattern else name in label:
                return name
    return "(unknown)"


def shares_of(state: dict[str, Any], name: str, source: dict[str, str]) -> list[list[Any]]:
    """How traffic from this source is split now: `{"azure": APP}`, `{"live": VERSION}`, `{"service": "ns/name"}`, …"""
    from . import azure, kubernetes, repository

    if "program" in source:
        return repository.shares(state, source["program"])
    if {"azure", "container", "traffic_manager"} & set(source):
        return azure.shares(state, source)
    if "live" in source:
        # A webhook names what it deploys by its image.
        live = source["live"] or DOWN
        named = live if live in state["versions"] or live == DOWN else version_of(state, live)
        return [[name, live if named == "(unknown)" else named, 100.0]]
    return kubernetes.shares(state, source)


def refresh(world: World) -> None:
    """Appends to the history of each service whose shares are no longer what they were."""
    for name, service in world.state["services"].items():
        shares = shares_of(world.state, name, service["from"])
        history = world.state["history"].setdefault(name, [])
        if not history:
            history.append([world.state["start"] - BEFORE, shares])
        elif history[-1][1] != shares:
            if history[-1][0] == world.now:
                history.pop()
            if history[-1][1] != shares:
                history.append([world.now, shares])


def current(state: dict[str, Any], service: str) -> list[list[Any]]:
    return state["history"][service][-1][1]


def _first_traffic(state: dict[str, Any], service: str, version: str) -> int | None:
    for at, shares in state["history"].get(service, []):
        if any(name == version and weight > 0 for _, name, weight in shares):
            return at
    return None


def _rule_bounds(rule: dict[str, Any], start: int, first: int | None) -> tuple[int, int] | None:
    """When a rule of a version holds; None when it waits for traffic that never came."""
    begin, end = start, 1 << 62
    if "from" in rule:
        begin = start + times.duration(rule["from"])
    if "after_traffic" in rule:
        if first is None:
            return None
        begin = max(begin, first + times.duration(rule["after_traffic"]))
    if "until" in rule:
        end = start + times.duration(rule["until"])
    if "lasts" in rule:
        end = min(end, begin + times.duration(rule["lasts"]))
    return begin, end


def behaviour(state: dict[str, Any], service: str, version: str, at: int, weight: float) -> dict[str, Any]:
    """How a version behaves at a moment under a weight: its own values, with those of its rules that hold laid over."""
    if version == DOWN:
        return GONE
    known = state["versions"].get(version, {})
    result = {**BUILT_IN, **known, "metrics": dict(known.get("metrics", {}))}
    first = _first_traffic(state, service, version) if known.get("rules") else None
    for rule in known.get("rules", []):
        bounds = _rule_bounds(rule, state["start"], first)
        if bounds is None or not bounds[0] <= at < bounds[1]:
            continue
        if weight < rule.get("weight_at_least", 0) or weight >= rule.get("weight_below", 101):
            continue
        result.update({key: value for key, value in rule.items() if key != "metrics"})
        result["metrics"].update(rule.get("metrics", {}))
    return result


def restarts(state: dict[str, Any], version: str, at: int) -> int:
    """How often containers of a version have restarted by a moment, with the rules of the version that hold then."""
    for service, history in state["history"].items():
        for _, name, weight in history[-1][1]:
            if name == version:
                return int(behaviour(state, service, version, at, weight).get("restarts", 0))
    return int(state["versions"].get(version, {}).get("restarts", 0))


def _segments(state: dict[str, Any], service: str, begin: int, end: int) -> list[tuple[int, int, list[list[Any]]]]:
    """The window cut wherever shares or behaviour can change."""
    history = state["history"].get(service, [])
    cuts = {begin, end}
    for at, shares in history:
        cuts.add(at)
        for _, version, _ in shares:
            for rule in state["versions"].get(version, {}).get("rules", []):
                bounds = _rule_bounds(rule, state["start"], _first_traffic(state, service, version))
                if bounds:
                    cuts.update(bounds)
    inside = sorted(cut for cut in cuts if begin <= cut <= end)
    segments: list[tuple[int, int, list[list[Any]]]] = []
    for left, right in zip(inside, inside[1:]):
        acting: list[list[Any]] = next((entry for at, entry in reversed(history) if at <= left), [])
        segments.append((left, right, acting))
    return segments


def selects(state: dict[str, Any], service: str, selector: str, track: str, version: str) -> bool:
    """Whether a query's track label (`canary`, a revision's name, a version) means this share."""
    alias = state["services"][service].get("tracks", {}).get(selector)
    if alias is not None:
        return bool(re.search(alias, f"{track} {version}"))
    return selector in (track, version)


class Sample:
    """What a window holds. Percentiles are weighted by requests; None when there were none."""

    __slots__ = ("seconds", "requests", "errors", "percentiles", "metrics", "means", "matched")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.requests = 0.0
        self.errors = 0.0
        self.percentiles: dict[str, float] = {}
        self.metrics: dict[str, float] = {}
        self.means: dict[str, float] = {}
        self.matched = False

    def value(self, name: str) -> float | None:
        """A quantity by the name that query rules use; None where the source would have no data."""
        if name.startswith("metric:"):
            return self.metrics.get(name[7:])
        # The same metrics over the whole window, each request counting once: its mean, and that percentage of the requests.
        if name.startswith("mean:"):
            return self.means.get(name[5:]) if self.requests > 0 else None
        if name.startswith("share:"):
            return self.requests * self.means.get(name[6:], 0.0) / 100
        if name == "requests":
            return self.requests
        if name == "errors":
            return self.errors
        if name == "rate":
            return self.requests / self.seconds if self.seconds else None
        if name == "error_rate":
            return self.errors / self.seconds if self.seconds else None
        if self.requests <= 0:
            return None
        ratio = self.errors / self.requests
        ratios = {
            "error_ratio": ratio,
            "error_percent": 100 * ratio,
            "success_ratio": 1 - ratio,
            "success_percent": 100 * (1 - ratio),
        }
        if name in ratios:
            return ratios[name]
        if name.endswith("_s"):
            return self.percentiles[f"{name[:-2]}_ms"] / 1000
        return self.percentiles[name]


# What stands before the name of one of a version's own metrics.
OWN = ("metric:", "mean:", "share:")

QUANTITIES = {
    "requests",
    "errors",
    "rate",
    "error_rate",
    "error_ratio",
    "error_percent",
    "success_ratio",
    "success_percent",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "p50_s",
    "p95_s",
    "p99_s",
}


def measure(state: dict[str, Any], service: str, begin: int, end: int, selector: str | None = None) -> Sample:
    """What `service` (or one track of it) saw from `begin` to `end`."""
    sample = Sample(max(0, end - begin) / 1000)
    per_second = float(state["services"][service].get("requests_per_second", 10))
    sums = dict.fromkeys(("p50_ms", "p95_ms", "p99_ms"), 0.0)
    means: dict[str, float] = {}
    for left, right, shares in _segments(state, service, begin, end):
        last: dict[str, float] = {}
        for track, version, weight in shares:
            if selector is not None and not selects(state, service, selector, track, version):
                continue
            sample.matched = True
            acting = behaviour(state, service, version, left, weight)
            requests = per_second * weight / 100 * (right - left) / 1000
            sample.requests += requests
            sample.errors += requests * acting["error_percent"] / 100
            for name in sums:
                sums[name] += requests * acting[name]
            # A gauge of several tracks is as bad as its worst.
            for name, value in acting.get("metrics", {}).items():
                last[name] = max(value, last.get(name, value))
                means[name] = means.get(name, 0.0) + requests * value
        if last:
            sample.metrics = last
    if sample.requests > 0:
        sample.means = {name: total / sample.requests for name, total in means.items()}
        sample.percentiles = {name: total / sample.requests for name, total in sums.items()}
    return sample


def route(state: dict[str, Any], service: str, selector: str | None = None) -> tuple[str, str, float]:
    """The share that serves the next request: by weight, evenly spread, the same on every run."""
    shares = [
        share
        for share in current(state, service)
        if (share[2] > 0 if selector is None else selects(state, service, selector, share[0], share[1]))
    ]
    if not shares:
        return service, DOWN, 0.0
    if selector is not None:
        return tuple(shares[0])
    debts = state.setdefault("routing", {}).setdefault(service, {})
    for track, version, weight in shares:
        key = f"{track} {version}"
        debts[key] = debts.get(key, 0.0) + weight
    chosen = max(shares, key=lambda share: debts[f"{share[0]} {share[1]}"])
    debts[f"{chosen[0]} {chosen[1]}"] -= sum(share[2] for share in shares)
    return tuple(chosen)
