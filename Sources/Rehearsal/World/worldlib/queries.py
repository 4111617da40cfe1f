"""Query texts (PromQL, KQL) to numbers: the rules say what a text asks, the traffic model what it answers."""

from __future__ import annotations

import re

from . import times, traffic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .store import World

RANGE = re.compile(r"\[(\d+(?:ms|s|m|h|d)(?:\d+(?:ms|s|m|h|d))*)(?::[^\]]*)?\]")
AGO = re.compile(r"\bago\((\d+(?:ms|s|m|h|d))\)")


class NoRule(Exception):
    """The scenario has no rule for this query."""


class Answer:
    """`kind` is value, nan, empty, error, hang or garbage; `columns` only where the rule names some (KQL)."""

    __slots__ = ("kind", "value", "columns", "rule")

    def __init__(
        self,
        kind: str,
        rule: dict[str, Any],
        value: float | None = None,
        columns: dict[str, float | None] | None = None,
    ) -> None:
        self.kind, self.rule, self.value, self.columns = kind, rule, value, columns


def _holds(world: World, rule: dict[str, Any]) -> bool:
    elapsed = world.elapsed
    if "from" in rule and elapsed < times.duration(rule["from"]):
        return False
    return not ("until" in rule and elapsed >= times.duration(rule["until"]))


def answer(world: World, text: str, at: int | None = None, span: tuple[int, int] | None = None) -> Answer:
    """Evaluates a query at `at` (default now); the window is the rule's, the text's own, `span`, or a minute."""
    state = world.state
    for rule in state["queries"]:
        match = re.search(rule["match"], text, re.DOTALL)
        if not match or not _holds(world, rule):
            continue
        rule["asked"] = rule.get("asked", 0) + 1
        kind = rule.get("result", "value")
        if kind != "value":
            return Answer(kind, rule)
        end = min(at if at is not None else world.now, world.now)
        visible = world.now - times.duration(rule.get("lag", 0))
        ranged = RANGE.search(text) or AGO.search(text)
        if "window" in rule:
            begin = end - times.duration(rule["window"])
        elif ranged:
            begin = end - times.duration(ranged.group(1))
        elif span:
            begin, end = span[0], min(span[1], world.now)
        else:
            begin = end - 60_000
        end = min(end, visible)
        selector = rule.get("track")
        if selector is not None:
            selector = match.expand(selector.replace("$", "\\"))
        service = rule.get("service") or next(iter(state["services"]))
        if begin >= end:
            return Answer("empty", rule)
        sample = traffic.measure(state, service, begin, end, selector)
        if "columns" in rule:
            if sample.requests <= 0 and rule.get("without_traffic", "empty") == "empty":
                return Answer("empty", rule)
            columns = {name: _number(sample, wanted, rule) for name, wanted in rule["columns"].items()}
            return Answer("value", rule, columns=columns)
        wanted = rule.get("value")
        if not isinstance(wanted, (int, float)):
            counted = wanted in ("requests", "errors", "rate", "error_rate") or str(wanted).startswith("share:")
            if sample.requests <= 0 and not str(wanted).startswith("metric:"):
                return Answer(rule.get("without_traffic", "empty" if counted else "nan"), rule, 0.0)
            if wanted in ("errors", "error_rate") and sample.errors <= 0:
                return Answer(rule.get("without_errors", "value"), rule, 0.0)
        value = _number(sample, wanted, rule)
        return Answer("empty", rule) if value is None else Answer("value", rule, value)
    world.problem(f"no rule under `queries` for: {text}")
    raise NoRule(text)


def _number(sample: traffic.Sample, wanted: str | float, rule: dict[str, Any]) -> float | None:
    value = float(wanted) if isinstance(wanted, (int, float)) else sample.value(wanted)
    return None if value is None else value * rule.get("scale", 1)


def plain(value: float) -> str:
    """A number as Prometheus prints it: `12`, `0.05`."""
    return f"{value:.12g}"
