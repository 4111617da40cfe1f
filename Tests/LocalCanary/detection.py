#!/usr/bin/env python3
"""How soon a version that turns bad in its canary loses its traffic, against what the plan promises: detection.py [RUNS]

Each run releases a good version into a real lab and lets it turn bad at another phase of its first step. What is measured is
the time from the first bad sample that Prometheus can serve to the command that gives the traffic back. It fails when one run
takes longer than the plan says for the condition that the fault is about, or when no run came to pass.
"""

import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from world import ROOT, World, wait_until  # noqa: E402

HOLD = 10
SIDE_BY_SIDE = 3
# A fault, the condition that is about it, and the series that show it: what counts as bad is above the number.
FAULTS = (
    ({"errors": 0.3}, "error-rate", 'http_requests_total{{version="{version}",code="500"}}'),
    # Hardly worse than the condition says: its window has to fill up.
    ({"errors": 0.13}, "error-rate", 'http_requests_total{{version="{version}",code="500"}}'),
    ({"delay": 0.7}, "p95-latency", 'http_request_duration_seconds_sum{{version="{version}"}}'),
)


def promised():
    """The plan's worst case in seconds, by the metric of the condition."""
    tool = ROOT / ".build/debug/liftlock"
    done = subprocess.run(
        [tool, "plan", "--format", "json", ROOT / "Examples/local-canary/release.yaml"], check=True, text=True,
        stdout=subprocess.PIPE)
    environment, = json.loads(done.stdout)["environments"]
    return {each["condition"].split(" ")[0]: each["atWorstSeconds"] for each in environment["detections"]}


def run(number, phase):
    """One release that turns bad so many seconds after its first shift: the name of the condition, and the seconds."""
    faults, condition, series = FAULTS[number % len(FAULTS)]
    with World() as world:
        release = world.release(world.publish("2"))
        wait_until(60, "the candidate has traffic", lambda: world.journal("shifted"))
        version = world.marker()["candidate"]
        wait_until(30, "Prometheus knows the candidate", lambda: world.prometheus(
            f'http_requests_total{{version="{version}"}} > 0'))
        before = world.prometheus(series.format(version=version))
        # The phase is counted from the shift that nginx has taken, so that runs differ in it and in nothing else.
        at = float(world.split()["written"].split("-")[0]) + phase
        wait_until(60, "the phase", lambda: time.time() >= at)
        world.inject(version, **faults)
        code = release.wait(300)
        split = world.split()
        if code != 1 or split["shares"] != {"v1-0": 100}:
            raise AssertionError(f"run {number}: exit code {code}, {split['shares']}\n{world.log()}")
        if not world.journal("rolled-back"):
            raise AssertionError(f"run {number} was not rolled back:\n{world.log()}")
        # A slow second among many is no sign yet; half a second more than ever before is.
        above = 0 if "errors" in faults else max(float(each["value"][1]) for each in before) + 0.5
        first = world.first_sample(series.format(version=version), above)
        if first is None:
            raise AssertionError(f"run {number}: no bad sample reached Prometheus, so nothing was measured")
        back = float(split["written"].split("-")[0])
        reason = world.journal("stopped")[0]["text"]
        return condition, round(back - first, 3), reason


def measure(runs):
    limits = promised()
    phases = [(index + 0.5) / runs * HOLD for index in range(runs)]
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        results = list(pool.map(run, range(runs), phases))
    print(f"{'phase':>7}  {'found after':>11}  {'at most':>7}  found by")
    for phase, (condition, seconds, reason) in zip(phases, results):
        print(f"{phase:6.2f}s  {seconds:10.2f}s  {limits[condition]:6d}s  {reason}")
    times = sorted(seconds for _, seconds, _ in results)
    print(f"\n{len(times)} runs: fastest {times[0]:.2f}s, median {statistics.median(times):.2f}s, slowest {times[-1]:.2f}s")
    for second in range(int(times[-1]) + 1):
        count = sum(second <= seconds < second + 1 for seconds in times)
        print(f"{second:3d}–{second + 1:<3d}s  {'█' * count}{' ' if count else ''}{count}")
    late = [each for each in results if each[1] > limits[each[0]]]
    if late:
        raise AssertionError(f"later than the plan's worst case: {late}")
    return results


if __name__ == "__main__":
    try:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    except AssertionError as problem:
        sys.exit(f"detection: {problem}")
