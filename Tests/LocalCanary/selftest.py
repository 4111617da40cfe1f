#!/usr/bin/env python3
"""Tests of the example local-canary: the committed scripts against a real nginx and a real Prometheus: selftest.py [NAME…]

Each test has a lab of its own. They run side by side; what one prints stands together.
"""

import concurrent.futures
import contextlib
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import detection  # noqa: E402
from world import EXAMPLE, OPERATIONS, World, lab, listening, wait_until  # noqa: E402

SIDE_BY_SIDE = 3
# What a wrapper around ops/target.sh does: counts the calls, and ends the whole script after one of them.
KILLER = """\
#!/usr/bin/env bash
code=0
"${0%.sh}.real.sh" "$@" || code=$?
if [[ -n ${KILL_AFTER:-} ]]; then
  calls=$(($(cat "${CALLS}" 2>/dev/null || echo 0) + 1))
  printf '%s\\n' "${calls}" >"${CALLS}"
  if [[ ${calls} == "${KILL_AFTER}" ]]; then
    # `timeout` has made a group of its own for this one; the script is the leader of the session.
    kill -KILL -- "-$(ps -o sid= -p $$ | tr -d ' ')"
    kill -KILL $$
  fi
fi
exit "${code}"
"""


class Case(unittest.TestCase):
    def expect_nothing_known(self, world):
        """No secret has come to light: in no argument of a process, and in no file of the lab or of the scripts."""
        self.assertGreater(world.secrets.looks, 10)
        self.assertGreater(world.secrets.scan(world.folder), 20)
        self.assertEqual(world.secrets.seen, set())

    def expect_served_by(self, world, version):
        """nginx says so, and so do customers."""
        self.assertEqual(world.shares(), {version: 100})
        self.assertEqual(world.answers(100), {version: 100})

    def canary(self, world):
        """A release whose machine is lost in the middle of its first step: the name of the candidate."""
        release = world.release(world.publish("2"))
        wait_until(60, "the candidate has traffic", lambda: world.journal("shifted"))
        lab.kill_session(release.pid)
        release.wait()
        return world.marker()["candidate"]


class GoodVersion(Case):
    def test_is_promoted_step_by_step(self):
        with World() as world:
            code = world.release(world.publish("2")).wait(300)
            self.assertEqual(code, 0, world.log())
            candidate = world.marker()["candidate"]
            self.assertEqual(world.marker()["state"], "promoted")
            self.assertEqual([each["text"].split(" has ")[1] for each in world.journal("shifted")], ["5 %", "25 %", "100 %"])
            for weight, least, most in ((5, 1, 11), (25, 15, 35), (100, 100, 100)):
                answers = world.customers(
                    world.moment("shifted", f"has {weight} %"), world.moment("held", f"{weight} % held"))
                total = sum(sum(codes.values()) for codes in answers.values())
                share = 100 * sum(answers.get(candidate, {}).values()) / total
                self.assertGreater(total, 100)
                self.assertTrue(least <= share <= most, f"{weight} %: {share:.1f} % of {total}")
                self.assertEqual({code for codes in answers.values() for code in codes}, {"200"})
            self.assertEqual(world.unanswered(), 0)
            # Every requirement was met by numbers that Prometheus has given.
            self.assertEqual(len(world.journal("met")), 6)
            self.assertGreater(count_of(lab.get(world.ports["prometheus"], "/metrics"), 'handler="/api/v1/query"'), 20)
            wait_until(10, "the webhook has heard", lambda: world.events() == ["started", "succeeded"])
            self.assertEqual([record["result"] for record in world.records()], ["success"])
            self.expect_served_by(world, candidate)
            # The version before is gone, and comes back when it has to.
            self.assertFalse((world.folder / "versions/v1-0.json").exists())
            self.assertEqual(world.run("rollback.sh", "--yes", "--reason", "a drill"), 0, world.log())
            self.expect_served_by(world, "v1-0")
            self.assertEqual(world.marker()["state"], "rolled-back")
            self.expect_nothing_known(world)


class BadVersion(Case):
    def test_is_stopped_at_its_first_step_and_taken_back(self):
        with World() as world:
            code = world.release(world.publish("3", errors=0.3)).wait(300)
            self.assertEqual(code, 1, world.log())
            self.assertEqual(len(world.journal("shifted")), 1)
            reason, = [each["text"] for each in world.journal("stopped")]
            self.assertEqual(reason, "rollback condition met: error-rate > 10% over 5s")
            self.assertEqual(world.marker()["state"], "rolled-back")
            self.expect_served_by(world, "v1-0")
            self.assertEqual(len(world.journal("recovered")), 1)
            wait_until(10, "the webhook has heard", lambda: world.events() == ["started", "rolled-back"])
            record, = [each for each in world.records() if each["kind"] == "release"]
            self.assertEqual((record["result"], record["reason"]), ("failure", reason))
            self.expect_nothing_known(world)

    def test_that_is_slow_is_taken_back(self):
        with World() as world:
            self.assertEqual(world.release(world.publish("3", delay=0.7)).wait(300), 1, world.log())
            reason, = [each["text"] for each in world.journal("stopped")]
            self.assertIn("p95-latency", reason)
            self.expect_served_by(world, "v1-0")

    def test_that_never_gets_well_gets_no_traffic(self):
        with World() as world:
            version = world.publish("3", errors=0)
            self.assertEqual(world.run("rollout.sh", "preflight"), 0, world.log())
            run = {"LIFTLOCK_RUN": "sick", "ARTIFACT": version}
            self.assertEqual(world.run("rollout.sh", "deploy", **run), 0, world.log())
            candidate = world.marker()["candidate"]
            world.lab("inject", world.folder, candidate, "--sick")
            # `insist` gives a version a minute to get well, which is not what is tested here.
            script = world.repository / OPERATIONS / "rollout.sh"
            text = script.read_text()
            self.assertIn("insist 60 check_smoke", text)
            script.write_text(text.replace("insist 60 check_smoke", "insist 0 check_smoke"))
            self.assertEqual(world.run("rollout.sh", "verify-candidate", **run), 1, world.log())
            self.assertEqual(world.run("rollback.sh", "--yes", "--if-needed", **run), 0, world.log())
            self.assertEqual(world.journal("shifted"), [])
            self.expect_served_by(world, "v1-0")


class KilledRelease(Case):
    def test_keeps_its_weight_until_a_person_takes_it_back(self):
        with World() as world:
            candidate = self.canary(world)
            self.assertEqual(world.shares(), {"v1-0": 95, candidate: 5})
            self.assertEqual(world.marker()["state"], "rolling-out")
            # Nobody releases over it.
            self.assertEqual(world.run("rollout.sh", "preflight", LIFTLOCK_RUN="another"), 3, world.log())
            self.assertEqual(world.run("rollback.sh", "--yes", "--reason", "the machine was lost"), 0, world.log())
            self.expect_served_by(world, "v1-0")
            self.assertEqual(world.marker()["state"], "rolled-back")
            # Once more changes nothing.
            written = world.split()["written"]
            self.assertEqual(world.run("rollback.sh", "--yes"), 0, world.log())
            self.assertEqual(world.split()["written"], written)
            self.expect_nothing_known(world)


class KilledRollback(Case):
    def test_goes_on_where_it_was_killed(self):
        with World() as world:
            target = world.repository / "ops/target.sh"
            target.rename(target.with_suffix(".real.sh"))
            target.write_text(KILLER)
            target.chmod(0o755)
            self.canary(world)
            self.assertEqual(len(world.shares()), 2)
            kills = 0
            for call in range(1, 40):
                calls = world.folder / "calls"
                calls.unlink(missing_ok=True)
                code = world.run("rollback.sh", "--yes", KILL_AFTER=str(call), CALLS=str(calls))
                if code == 0:
                    break
                self.assertEqual(code, -signal.SIGKILL, world.log())
                kills += 1
                # Half-way or not, customers are served.
                self.assertEqual(sum(world.shares().values()), 100)
            self.assertGreaterEqual(kills, 7, "killed after each command in turn")
            self.assertEqual(world.marker()["state"], "rolled-back")
            self.expect_served_by(world, "v1-0")


class TwoRollbacks(Case):
    def test_at_once_end_where_one_does(self):
        with World() as world:
            self.canary(world)
            # Two people on two machines: neither sees the notes of the other, and both see the target. The target cannot
            # compare and set, so that both may get as far as moving the traffic; it must be the same way.
            both = [
                world.start("rollback.sh", "--yes", LIFTLOCK_RUN=f"by-{name}", LIFTLOCK_STATE=str(world.folder / name))
                for name in ("ann", "ben")]
            self.assertEqual([each.wait(300) for each in both], [0, 0], world.log())
            self.assertEqual(world.marker()["state"], "rolled-back")
            self.expect_served_by(world, "v1-0")


class Shift(Case):
    def test_is_over_when_the_command_is(self):
        """Straight after it, no request meets the worker of nginx that still had the split before."""
        with World() as world:
            candidate = json.loads(world.target("deploy", world.publish("2"), "gh-1"))
            wait_until(10, "the candidate answers", lambda: world.target("ready", candidate) == "true")
            for percent in range(10, 20):
                world.target("shift", candidate, percent, "v1-0")
                answers = [world.shares() for _ in range(20)]
                self.assertEqual(answers, [{"v1-0": 100 - percent, candidate: percent}] * 20)


class Leftovers(Case):
    """Nothing is left running, whatever ends first."""

    def expect_nothing_left(self, leader, ports):
        wait_until(10, "all processes are gone", lambda: not lab.session(leader))
        self.assertEqual([name for name, port in ports.items() if listening(port)], [])

    def begin(self, folder, *words):
        done = subprocess.run([EXAMPLE / "lab", "up", "--folder", folder, *words], text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        known = json.loads((pathlib.Path(folder) / "lab.json").read_text())
        self.assertGreaterEqual(len(lab.session(known["process"])), 6)
        return known["process"], known["ports"]

    def test_after_down(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder:
            leader, ports = self.begin(folder)
            subprocess.run([EXAMPLE / "lab", "down", folder], check=True, timeout=60)
            self.expect_nothing_left(leader, ports)
            self.assertFalse((pathlib.Path(folder) / "lab.json").exists())

    def test_when_the_owner_is_killed(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder, subprocess.Popen(["sleep", "600"]) as owner:
            try:
                leader, ports = self.begin(folder, "--owner", str(owner.pid))
            finally:
                owner.kill()
            owner.wait()
            self.expect_nothing_left(leader, ports)

    def test_when_the_platform_is_killed(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder:
            leader, ports = self.begin(folder)
            os.kill(leader, signal.SIGKILL)
            self.expect_nothing_left(leader, ports)
            # `down` finds nothing to do.
            subprocess.run([EXAMPLE / "lab", "down", folder], check=True, timeout=60)

    def test_when_its_time_is_over(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder:
            leader, ports = self.begin(folder, "--for", "4")
            self.expect_nothing_left(leader, ports)

    def test_when_the_demo_is_told_to_stop(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder:
            # Its parent is asked for nothing: the demo gets the signal alone.
            demo = subprocess.Popen(
                [EXAMPLE / "demo"], env={**os.environ, "TMPDIR": folder}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True)
            journals = pathlib.Path(folder)
            wait_until(60, "a release has begun", lambda: list(journals.glob("*/state/**/journal.jsonl")))
            known = json.loads(next(journals.glob("*/lab.json")).read_text())
            demo.terminate()
            self.assertEqual(demo.wait(60), 143)
            self.expect_nothing_left(known["process"], known["ports"])
            wait_until(10, "the release is gone", lambda: not processes_in(folder))
            self.assertEqual(list(journals.iterdir()), [])

    def test_when_the_starter_is_killed_before_all_is_there(self):
        with tempfile.TemporaryDirectory(prefix="local-canary.") as folder:
            starter = subprocess.Popen([EXAMPLE / "lab", "up", "--folder", folder], stderr=subprocess.DEVNULL)
            place = pathlib.Path(folder) / "lab.json"
            known = wait_until(20, "the platform begins", lambda: place.exists() and json.loads(place.read_text()))
            starter.kill()
            starter.wait()
            self.expect_nothing_left(known["process"], known["ports"])


class Detection(Case):
    def test_is_never_later_than_the_plan_says(self):
        detection.measure(int(os.environ.get("LIFTLOCK_DETECTION_RUNS", "3")))


def processes_in(folder):
    """The processes that work in a folder or know of it."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and (
                    folder in os.readlink(entry / "cwd") or folder.encode() in (entry / "cmdline").read_bytes()):
                found.append(entry.name)
    return found


def count_of(text, label):
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines()
               if line.startswith("prometheus_http_requests_total{") and label in line)


def run(case):
    """One test, and what it has printed."""
    result = unittest.TestResult()
    started = time.monotonic()
    case.run(result)
    seconds = time.monotonic() - started
    trouble = "".join(text for _, text in result.failures + result.errors)
    return case.id().removeprefix("__main__."), seconds, trouble


def main():
    names = sys.argv[1:]
    cases = [case for suite in unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]) for case in suite]
    cases = [case for case in cases if not names or any(name in case.id() for name in names)]
    if not cases:
        sys.exit(f"no such test: {' '.join(names)}")
    failed = []
    output = io.StringIO()
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool, contextlib.redirect_stdout(output):
        for name, seconds, trouble in pool.map(run, cases):
            print(f"{'FAILED' if trouble else 'passed'}  {name} ({seconds:.0f} s)", file=sys.stderr, flush=True)
            if trouble:
                failed.append(name)
                print(trouble, file=sys.stderr)
    print(output.getvalue(), end="")
    if failed:
        sys.exit(f"{len(failed)} of {len(cases)} tests of local-canary failed: {', '.join(failed)}")
    print(f"local-canary: {len(cases)} tests passed")


if __name__ == "__main__":
    main()
