"""The steps of action.yml, run as GitHub's runner runs them: `.tools/venv/bin/python Tests/Action/selftest.py`.

With `build` as argument, only the use without a Liftlock at hand: the action has to build one (`make hooks`).
"""

from __future__ import annotations

import atexit
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIFTLOCK = ROOT / ".build/debug/liftlock"
EXAMPLE = (ROOT / "Examples/trade-nexus/release.yaml").read_text(encoding="utf-8")
BROKEN = EXAMPLE.replace("hold: 30m", "hold: 30")
assert BROKEN != EXAMPLE


class Outcome:
    """What one use of the action came to."""

    def __init__(self) -> None:
        self.log = ""
        self.summary = ""
        self.failed = ""
        self.outputs: dict[str, dict[str, str]] = {}
        self.uploaded: dict[str, str] | None = None

    @property
    def commands(self) -> list[tuple[str, dict[str, str], str]]:
        """The workflow commands of the log, read by the rules of the runner: ActionCommand.cs and its stop-commands."""
        found = []
        stopped = None
        for line in self.log.splitlines():
            match = re.match(r"^\s*::([A-Za-z0-9-]+)(?: ([^:]*))?::(.*)$", line)
            if not match:
                continue
            name, properties, data = match.group(1), match.group(2) or "", match.group(3)
            if stopped is not None:
                if name == stopped:
                    stopped = None
                continue
            if name == "stop-commands":
                stopped = data
                continue
            pairs = dict(pair.split("=", 1) for pair in properties.split(",") if "=" in pair)
            found.append((name, {key: unescape(value, True) for key, value in pairs.items()}, unescape(data, False)))
        return found

    @property
    def annotations(self) -> list[tuple[str, dict[str, str], str]]:
        return [one for one in self.commands if one[0] in ("error", "warning", "notice")]

    @property
    def results(self) -> list[dict]:
        path = self.outputs["check"]["sarif"]
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["runs"][0]["results"]


def unescape(text: str, is_property: bool) -> str:
    """As the runner does it."""
    for code, character in (("%3A", ":"), ("%2C", ",")) if is_property else ():
        text = text.replace(code, character)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Use(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="liftlock-action-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(shutil.rmtree, self.folder)
        self.workspace = self.folder / "workspace"
        self.workspace.mkdir()
        self.programs = self.folder / "bin"
        self.programs.mkdir()

    def write(self, path: str, text: str) -> None:
        place = self.workspace / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def generate(self, *specs: str, root: str = ".") -> None:
        (self.workspace / root).mkdir(exist_ok=True)
        command = [LIFTLOCK, "generate", "--root", root, "--", *(specs or ["release.yaml"])]
        subprocess.run(command, cwd=self.workspace, check=True, capture_output=True)

    def use(self, *, has_liftlock: bool = True, earlier_summary: str = "", **given: str) -> Outcome:
        """Runs the action with these inputs; `_` in their names stands for `-`."""
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        inputs = {name: one["default"] for name, one in action["inputs"].items()}
        for name, text in given.items():
            self.assertIn(name.replace("_", "-"), inputs)
            inputs[name.replace("_", "-")] = text
        if has_liftlock and not (self.programs / "liftlock").exists():
            (self.programs / "liftlock").symlink_to(LIFTLOCK)
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        summary = self.folder / "summary"
        summary.write_text(earlier_summary, encoding="utf-8")
        outcome = Outcome()

        def value(expression: str) -> str:
            match = re.fullmatch(r"inputs\.([a-z-]+)|steps\.([a-z]+)\.outputs\.([a-z]+)", expression.strip())
            if not match:
                raise AssertionError(f"the action has an expression that this test cannot read: {expression}")
            if match.group(1):
                return inputs[match.group(1)]
            return outcome.outputs.get(match.group(2), {}).get(match.group(3), "")

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{(.*?)\}\}", lambda match: value(match.group(1)), text)

        def holds(condition: str) -> bool:
            for part in condition.split("&&"):
                left, sign, right = re.fullmatch(r"\s*(\S+) (==|!=) '(.*)'\s*", part).groups()
                if (value(left) == right) != (sign == "=="):
                    return False
            return True

        for step in action["runs"]["steps"]:
            if "if" in step and not holds(step["if"]):
                continue
            if "uses" in step:
                outcome.uploaded = {name: filled(text) for name, text in step["with"].items()}
                continue
            # What comes from outside must not become part of a script.
            self.assertNotIn("${{", step["run"])
            self.assertEqual(step["shell"], "bash")
            script, output = temporary / "step.sh", temporary / "output"
            script.write_text(step["run"] + "\n", encoding="utf-8")
            output.write_text("", encoding="utf-8")
            environment = {name: text for name, text in os.environ.items() if not name.startswith(("GIT_", "GITHUB_"))}
            environment |= {name: filled(text) for name, text in step.get("env", {}).items()}
            environment |= {
                "PATH": f"{self.programs}:{environment['PATH']}",
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "RUNNER_TEMP": str(temporary),
            }
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script], cwd=self.workspace, env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )
            outcome.log += done.stdout
            lines = output.read_text(encoding="utf-8").splitlines()
            if "id" in step:
                outcome.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
            if done.returncode:
                outcome.failed = f"{step['name']}: {done.returncode}"
                break
        outcome.summary = summary.read_text(encoding="utf-8")
        return outcome


class Specs(Use):
    def test_all_is_well(self) -> None:
        self.write("release.yaml", EXAMPLE)
        self.generate()
        outcome = self.use()
        self.assertEqual(outcome.failed, "", outcome.log)
        self.assertEqual(outcome.annotations, [])
        self.assertEqual(outcome.results, [])
        self.assertEqual(outcome.outputs["check"]["result"], "0")
        self.assertIsNone(outcome.uploaded)
        self.assertIn("the generated files are as they say", outcome.summary)
        self.assertIn("<h3>release.yaml</h3>", outcome.summary)
        matrix = subprocess.run([LIFTLOCK, "matrix"], cwd=self.workspace, capture_output=True, text=True, check=True).stdout
        self.assertIn(f"<pre>{html(matrix).rstrip()}</pre>", outcome.summary)
        self.assertIn("```mermaid\nflowchart TD\n", outcome.summary)
        self.assertIn("a bad version is found by", outcome.summary)

    def test_errors_are_annotations_sarif_and_the_end_of_the_job(self) -> None:
        self.write("release.yaml", BROKEN)
        outcome = self.use(upload_sarif="true")
        self.assertEqual(outcome.failed, "End with what was found: 1", outcome.log)
        (kind, properties, message), = outcome.annotations
        self.assertEqual((kind, properties["file"], properties["title"]), ("error", "release.yaml", "invalid-duration"))
        line = EXAMPLE[: EXAMPLE.index("hold: 30m")].count("\n") + 1
        self.assertEqual(properties["line"], str(line))
        self.assertIn("\nhelp: ", message)
        self.assertEqual([one["ruleId"] for one in outcome.results], ["invalid-duration"])
        self.assertEqual(outcome.uploaded["sarif_file"], outcome.outputs["check"]["sarif"])
        self.assertEqual(outcome.uploaded["checkout_path"], str(self.workspace))
        self.assertIn("There are errors", outcome.summary)
        self.assertIn("error[invalid-duration]", outcome.summary)

    def test_drift_is_annotated_at_each_file_and_shown_as_a_difference(self) -> None:
        self.write("release.yaml", EXAMPLE)
        self.generate()
        script = "ops/trade-nexus-backend/production/rollback.sh"
        gone = "docs/runbooks/trade-nexus-backend.md"
        (self.workspace / gone).unlink()
        edited = (self.workspace / script).read_text(encoding="utf-8") + "# mine\n"
        self.write(script, edited)
        outcome = self.use()
        self.assertEqual(outcome.failed, "End with what was found: 1", outcome.log)
        found = {properties.get("file"): message for _, properties, message in outcome.annotations}
        self.assertEqual(set(found), {script, gone}, outcome.annotations)
        self.assertIn("was edited by hand", found[script])
        self.assertIn("is missing", found[gone])
        self.assertIn(f"--- a/{script}\n", outcome.log)
        self.assertIn("generated files are not as they say", outcome.summary)
        self.assertEqual((self.workspace / script).read_text(encoding="utf-8"), edited)

    def test_what_stands_in_a_file_is_no_command_to_the_runner(self) -> None:
        forged = "::error title=forged::forged"
        self.write("release.yaml", re.sub("(?m)^summary: .*", f'summary: "{forged}"', EXAMPLE))
        self.generate()
        runbook = "docs/runbooks/trade-nexus-backend.md"
        text = (self.workspace / runbook).read_text(encoding="utf-8")
        self.write(runbook, text.replace("# Release runbook", "# Runbook"))
        outcome = self.use()
        # As a line around the difference, which the runner would obey.
        self.assertIn(f"\n {forged}\n", outcome.log)
        self.assertEqual([properties.get("file") for _, properties, _ in outcome.annotations], [runbook])

    def test_drift_need_not_be_looked_for(self) -> None:
        self.write("release.yaml", EXAMPLE)
        outcome = self.use(drift="false", summary="false")
        self.assertEqual((outcome.failed, outcome.summary), ("", ""))
        self.assertEqual(self.use().failed, "End with what was found: 1")

    def test_more_drift_than_github_shows_ends_with_the_total(self) -> None:
        self.write("release.yaml", EXAMPLE)
        outcome = self.use()
        kinds = [kind for kind, _, _ in outcome.annotations]
        self.assertGreater(kinds.count("error"), 10)
        self.assertEqual(kinds[-1], "notice")
        self.assertTrue(outcome.annotations[-1][2].startswith(f"{kinds.count('error')} files are not as generated"))

    def test_a_policy_is_a_minimum_here_too(self) -> None:
        self.write("release.yaml", EXAMPLE)
        self.generate()
        self.write(
            "policy.yaml",
            "liftlock-policy: 1\nname: acme\nowner: Platform team\nrequirements:\n"
            "  watched: { in: every, hold: 20h, because: It is long. }\n",
        )
        outcome = self.use(policy="policy.yaml")
        self.assertEqual(outcome.failed, "End with what was found: 1", outcome.log)
        self.assertIn("policy-rollout", {properties["title"] for _, properties, _ in outcome.annotations})

    def test_patterns_folders_and_names_that_a_shell_would_take_apart(self) -> None:
        names = ["a b.release.yaml", "50%,x:y.release.yaml", "$(touch pwned).release.yaml", "-x.release.yaml"]
        for index, name in enumerate(names):
            self.write(f"checkout/{name}", BROKEN.replace("trade-nexus-backend", f"shop-{index}"))
        outcome = self.use(specs="*.release.yaml\n", working_directory="checkout", drift="false")
        self.assertEqual(outcome.failed, "End with what was found: 1", outcome.log)
        self.assertEqual(sorted(properties["file"] for _, properties, _ in outcome.annotations), sorted(names))
        self.assertFalse(list(self.workspace.rglob("pwned")))
        self.assertEqual(outcome.outputs["check"]["folder"], str(self.workspace / "checkout"))

    def test_inputs_are_no_scripts(self) -> None:
        self.write("release.yaml", EXAMPLE)
        for name in ("specs", "policy", "root", "working_directory", "binary", "drift", "summary"):
            outcome = self.use(**{name: "$(touch pwned); touch pwned; `touch pwned` \"'"})
            self.assertTrue(outcome.failed, name)
        self.assertFalse(list(self.folder.rglob("pwned")))

    def test_outputs_elsewhere(self) -> None:
        self.write("specs/release.yaml", EXAMPLE)
        self.generate("specs/release.yaml", root="out")
        self.assertEqual(self.use(specs="specs/release.yaml", root="out").failed, "")

    def test_what_cannot_be_looked_at_is_an_error_that_says_so(self) -> None:
        self.write("release.yaml", EXAMPLE)
        for inputs, words, code in (
            ({"specs": "missing.yaml"}, "could not be read", 2),
            ({"specs": "services/*/release.yaml"}, "names no file", 3),
            ({"specs": "\n"}, "is empty", 3),
            ({"working_directory": "missing"}, "names no folder", 2),
            ({"root": "missing"}, "could not be compared", 2),
            ({"drift": "yes"}, "neither `true` nor `false`", 2),
        ):
            with self.subTest(inputs):
                outcome = self.use(**inputs)
                self.assertEqual(outcome.failed, f"End with what was found: {code}", outcome.log)
                self.assertIn(words, outcome.annotations[-1][2])

    def test_a_summary_has_no_more_than_github_takes(self) -> None:
        self.write("release.yaml", EXAMPLE)
        self.generate()
        outcome = self.use(earlier_summary="x" * 899_000)
        self.assertEqual(outcome.failed, "", outcome.log)
        self.assertLess(len(outcome.summary), 910_000)
        self.assertIn("And 1 more", outcome.summary)


class Readme(unittest.TestCase):
    def test_its_example_names_inputs_that_there_are(self) -> None:
        blocks = re.findall(r"```yaml\n(- uses: .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
        self.assertEqual(len(blocks), 1)
        (step,) = yaml.safe_load(blocks[0])
        inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
        self.assertLessEqual(set(step["with"]), set(inputs))
        # An input that is no string is refused by GitHub's schema of actions.
        self.assertTrue(all(isinstance(text, str) for text in step["with"].values()))


class Binary(Use):
    def test_a_named_one_is_used(self) -> None:
        self.write("release.yaml", EXAMPLE)
        (self.workspace / "tools").mkdir()
        (self.workspace / "tools/own").symlink_to(LIFTLOCK)
        outcome = self.use(binary="tools/own", drift="false", has_liftlock=False)
        self.assertEqual(outcome.failed, "", outcome.log)
        self.assertEqual(outcome.outputs["find"]["binary"], str(self.workspace / "tools/own"))

    def test_one_that_is_not_there_is_an_error(self) -> None:
        outcome = self.use(binary="tools/none")
        self.assertEqual(outcome.failed, "Find or build Liftlock: 2", outcome.log)
        self.assertIn("names no program", outcome.annotations[0][2])


class Building(Use):
    """Takes minutes."""

    def test_without_any_it_is_built(self) -> None:
        self.assertIsNone(shutil.which("liftlock"), "PATH finds a liftlock, and the action would take that")
        self.write("release.yaml", EXAMPLE)
        self.generate()
        outcome = self.use(has_liftlock=False)
        self.assertEqual(outcome.failed, "", outcome.log)
        self.assertIn("temporary/liftlock-build", outcome.outputs["find"]["binary"])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if "build" in sys.argv[1:]:
        sys.argv.remove("build")
        del Specs, Readme, Binary
    else:
        del Building
    unittest.main()
