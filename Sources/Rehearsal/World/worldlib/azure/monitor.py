"""Azure Monitor: metrics per minute, and Log Analytics answered by the scenario's query rules."""

from __future__ import annotations

import re

from .. import queries, times, traffic
from ..command import CommandError
from ..options import Options
from ..store import TimedOut
from .apps import resource_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'([^']*)'\s*$")
DIMENSIONS = {"revisionname", "podname", "statuscodecategory", "statuscode"}
# What a platform metric of a Container App means in the traffic model.
METRICS = {"Requests": "Count", "ResponseTime": "MilliSeconds", "Replicas": "Count", "RestartCount": "Count"}
AGGREGATIONS = {"Average", "Count", "Maximum", "Minimum", "None", "Total"}


def metrics(call: Call, values: dict[str, Any]) -> Any:
    world = call.world
    state = world.state
    app = next(
        (name for name in state["azure"]["apps"] if resource_id(call, name).lower() == values["resource"].lower()), None
    )
    if app is None:
        raise CommandError(1, f"ERROR: (ResourceNotFound) The Resource '{values['resource']}' was not found.")
    service = next((name for name, item in state["services"].items() if item["from"].get("azure") == app), None)
    if service is None:
        world.problem(f"no service has its traffic from the container app {app}")
        raise CommandError(1, "ERROR: (InternalServerError) no traffic model for this app")
    aggregation = values.get("aggregation", ["Average"])[0]
    if aggregation not in AGGREGATIONS:
        raise CommandError(2, f"ERROR: argument --aggregation: invalid choice: '{aggregation}'")
    interval = times.iso_duration(values.get("interval", "PT1M"))
    try:
        end = times.moment(values["end-time"]) if "end-time" in values else world.now
        begin = (
            times.moment(values["start-time"])
            if "start-time" in values
            else (end - times.duration(values.get("offset", "1h")))
        )
    except ValueError as error:
        raise CommandError(2, f"ERROR: argument --start-time/--end-time: {error}") from error
    wanted = _filter(values.get("filter"))
    result = []
    for name in values["metrics"]:
        if name not in METRICS:
            raise CommandError(
                1,
                (
                    f"ERROR: (BadRequest) Failed to find metric configuration for provider: Microsoft.App, resource Type: "
                    f"containerApps, metric: {name}, Valid metrics: {','.join(METRICS)}"
                ),
            )
        data = _series(call, service, name, aggregation, begin, end, interval, wanted)
        result.append(
            {
                "displayDescription": name,
                "errorCode": "Success",
                "id": f"{values['resource']}/providers/Microsoft.Insights/metrics/{name}",
                "name": {"localizedValue": name, "value": name},
                "resourceGroup": state["azure"]["apps"][app]["resource_group"],
                "timeseries": data,
                "type": "Microsoft.Insights/metrics",
                "unit": METRICS[name],
            }
        )
    return {
        "cost": 0,
        "interval": _clock(interval),
        "namespace": "Microsoft.App/containerApps",
        "resourceregion": "westeurope",
        "timespan": f"{times.text(begin)}/{times.text(end)}",
        "value": result,
    }


def _filter(text: str | None) -> dict[str, str]:
    wanted = {}
    for part in re.split(r"\s+and\s+", text or ""):
        if not part.strip():
            continue
        match = CONDITION.match(part)
        if not match or match.group(1).lower() not in DIMENSIONS:
            raise CommandError(1, f"ERROR: (BadRequest) Invalid metric filter: {text}")
        wanted[match.group(1).lower()] = match.group(2)
    return wanted


def _series(
    call: Call, service: str, metric: str, aggregation: str, begin: int, end: int, interval: int, wanted: dict[str, str]
) -> list[dict[str, Any]]:
    state = call.world.state
    visible = call.world.now - times.duration(state["azure"]["lag"])
    revision, category = wanted.get("revisionname"), wanted.get("statuscodecategory", "*")
    points, any_value = [], False
    left = begin - begin % interval
    while left < end:
        right = min(left + interval, visible)
        sample = traffic.measure(state, service, left, right, None if revision in (None, "*") else revision)
        value: float | None = None
        if metric == "Requests":
            parts = {"*": sample.requests, "5xx": sample.errors, "2xx": sample.requests - sample.errors}
            value = round(parts.get(category, 0.0))
        elif metric == "ResponseTime":
            value = sample.percentiles.get("p50_ms")
        elif metric == "RestartCount":
            value = sample.metrics.get("restarts", 0)
        else:
            value = 1 if sample.matched else 0
        any_value = any_value or bool(value)
        point: dict[str, Any] = dict.fromkeys(("average", "count", "maximum", "minimum", "total"))
        if right > left:
            point[aggregation.lower()] = value
        points.append({**point, "timeStamp": times.text(left)})
        left += interval
    # A combination of dimensions that never occurred has no series at all.
    if wanted and not any_value:
        return []
    labels = [{"name": {"localizedValue": key, "value": key}, "value": value} for key, value in wanted.items()]
    return [{"data": points, "metadatavalues": labels}]


def _clock(interval: int) -> str:
    minutes, seconds = divmod(interval // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def log_query(call: Call, values: dict[str, Any]) -> Any:
    world = call.world
    known = world.state["azure"]["workspaces"]
    if known is not None and values["workspace"] not in known:
        raise CommandError(1, "ERROR: (WorkspaceNotFoundError) The workspace could not be found")
    span = None
    if "timespan" in values:
        text = values["timespan"]
        begin, slash, end = text.partition("/")
        try:
            if slash:
                span = (times.moment(begin), times.moment(end))
            else:
                span = (world.now - times.iso_duration(text), world.now)
        except ValueError as error:
            raise CommandError(
                1, f"ERROR: (BadArgumentError) The request had some invalid properties: timespan {text}"
            ) from error
    try:
        answer = queries.answer(world, values["analytics-query"], span=span)
    except queries.NoRule as error:
        raise CommandError(
            1, "ERROR: (BadArgumentError) The request had some invalid properties: no rule for this query"
        ) from error
    if answer.kind == "error":
        raise CommandError(1, "ERROR: (InternalServerError) The service is unavailable")
    if answer.kind == "hang":
        raise TimedOut
    if answer.kind == "garbage":
        return "<html>502</html>"
    if answer.kind == "empty":
        return []
    columns = answer.columns if answer.columns is not None else {"value": answer.value}
    shown = {
        name: "NaN" if answer.kind == "nan" or value is None else queries.plain(value)
        for name, value in columns.items()
    }
    return [{"TableName": "PrimaryResult", **shown}]


COMMANDS = {
    "monitor log-analytics query": (
        Options(
            value="--workspace,-w --analytics-query --timespan,-t",
            many="--workspaces",
            required="workspace analytics-query",
        ),
        log_query,
    ),
    "monitor metrics list": (
        Options(
            value="--resource --start-time --end-time --offset --interval --filter --namespace --orderby --top "
            "--resource-group,-g --resource-type --resource-namespace --resource-parent",
            many="--metrics,--metric --aggregation --dimension",
            flag="--metadata",
            required="resource metrics",
        ),
        metrics,
    ),
}
