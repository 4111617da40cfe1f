"""What programs and terminals are given: `.tools/venv/bin/python Tests/OutputFormats/selftest.py`.

SARIF is judged by the schema of OASIS and by what GitHub's code scanning asks beyond it; annotations are read as the runner
reads them; JSON has the shape that Docs/json-output.md describes; colours and links are looked at through a real terminal.
"""

from __future__ import annotations

import atexit
import gzip
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
LIFTLOCK = ROOT / ".build/debug/liftlock"
# Tools/schemas.txt says where it comes from.
SCHEMA = next(pathlib.Path(folder) / "sarif-schema.json" for folder in site.getsitepackages())


def liftlock(*arguments: str | pathlib.Path, folder: pathlib.Path = ROOT, code: int | None = None, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")} | variables
    done = subprocess.run(
        [LIFTLOCK, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.stderr or done.returncode not in ((0, 1) if code is None else (code,)):
        raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8")


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="liftlock-formats-")).resolve()
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(shutil.rmtree, self.folder)

    def pages(self) -> list[str]:
        """Every spec that Docs/rules shows, right and wrong, as a file of its own, and the spec of this folder."""
        names = []
        for page in sorted((ROOT / "Docs/rules").glob("*.md")):
            for index, text in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)):
                names.append(f"{page.stem}-{index}.yaml")
                (self.folder / names[-1]).write_text(text, encoding="utf-8")
        self.assertGreater(len(names), 100)
        shutil.copy(HERE / "release.yaml", self.folder)
        return names + ["release.yaml"]


class Sarif(Folder):
    def valid(self, log: dict) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self.assertIn("(SARIF) Version 2.1.0", schema["title"])
        checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
        for problem in checker.iter_errors(log):
            raise AssertionError(f"{list(problem.absolute_path)}: {problem.message}")

    def suits_github(self, log: dict, size: int) -> None:
        """docs.github.com, "SARIF support for code scanning": the supported properties, and the limits."""
        self.assertLessEqual(size, 10_000_000)
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        self.assertLessEqual(len(rules), 25_000)
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            for name in ("shortDescription", "fullDescription"):
                self.assertTrue(0 < len(rule[name]["text"]) <= 1024, (rule["id"], name))
            self.assertTrue(rule["help"]["text"], rule["id"])
        self.assertLessEqual(len(run["results"]), 25_000)
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertTrue(result["message"]["text"])
            self.assertIn(result["level"], ("error", "warning", "note"))
            (location,) = result["locations"]
            uri = urllib.parse.urlsplit(location["physicalLocation"]["artifactLocation"]["uri"])
            self.assertEqual((uri.scheme, uri.netloc), ("", ""))
            self.assertFalse(uri.path.startswith(("/", "../")), uri.path)
            region = location["physicalLocation"]["region"]
            start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
            self.assertTrue((1, 1) <= start <= end and min(start + end) >= 1, region)
            (fingerprint,) = result["partialFingerprints"].values()
            self.assertTrue(fingerprint)
        prints = [(one["ruleId"], *one["partialFingerprints"].values()) for one in run["results"]]
        self.assertEqual(len(set(prints)), len(prints))

    def read(self, *specs: str | pathlib.Path) -> tuple[dict, int]:
        text = liftlock("check", "--format", "sarif", "--", *specs, folder=self.folder)
        return json.loads(text), len(gzip.compress(text.encode()))

    def test_findings_of_many_kinds(self) -> None:
        log, size = self.read(*self.pages())
        self.valid(log)
        self.suits_github(log, size)
        results = log["runs"][0]["results"]
        self.assertGreater(len({result["ruleId"] for result in results}), 30)
        for member in ("fixes", "relatedLocations"):
            self.assertTrue(any(member in result for result in results), member)
        self.assertTrue(any(result.get("suppressions") for result in results))

    def test_no_finding(self) -> None:
        log, size = self.read(*ROOT.glob("Examples/*/release.yaml"))
        self.valid(log)
        self.suits_github(log, size)
        self.assertEqual(log["runs"][0]["results"], [])

    def test_absolute_paths_in_this_folder_are_relative(self) -> None:
        shutil.copy(HERE / "release.yaml", self.folder)
        log, size = self.read(self.folder / "release.yaml")
        self.suits_github(log, size)
        for result in log["runs"][0]["results"]:
            location = result["locations"][0]["physicalLocation"]["artifactLocation"]
            self.assertEqual(location, {"uri": "release.yaml", "uriBaseId": "%SRCROOT%"})

    def test_the_schema_and_github_refuse_what_is_wrong(self) -> None:
        shutil.copy(HERE / "release.yaml", self.folder)
        for change, is_for_github in (
            (lambda run: run["results"][0].pop("message"), False),
            (lambda run: run["results"][0].update(level="fatal"), False),
            (lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0), False),
            (lambda run: run.update(invented=1), False),
            (lambda run: run["tool"]["driver"]["rules"][0].pop("help"), True),
            (lambda run: run["results"][0].update(ruleIndex=1), True),
            (lambda run: run["results"][0]["locations"].clear(), True),
        ):
            log, size = self.read("release.yaml")
            change(log["runs"][0])
            with self.assertRaises((AssertionError, ValueError, KeyError)):
                if is_for_github:
                    self.suits_github(log, size)
                else:
                    self.valid(log)


class Annotations(Folder):
    """What the runner reads is what JSON says."""

    KEY = '"50%,a:b\\r\\n::error::x%0Ay"'
    FILES = ["plain.yaml", "50%,a:b%0A.yaml", "two\nlines\rand.yaml", "with space.yaml"]

    def test_nothing_is_lost_or_added(self) -> None:
        for name in self.FILES:
            (self.folder / name).write_text(f"liftlock: 1\n{self.KEY}: 1\n", encoding="utf-8")
        log = json.loads(liftlock("check", "--format", "json", "--", *self.FILES, folder=self.folder, code=1))
        text = liftlock("check", "--format", "github", "--", *self.FILES, folder=self.folder, code=1)
        lines = text.split("\n")
        self.assertEqual(lines.pop(), "")
        commands = [line for line in lines if line.startswith("::error ")]
        expected = log["diagnostics"]
        self.assertEqual(len(commands), len(expected))
        # And a line with the total, which is an annotation where GitHub would hide some.
        self.assertEqual(len(lines), len(commands) + 1)
        self.assertTrue(any("50%,a:b" in one["message"] for one in expected))
        for line, one in zip(commands, expected):
            match = re.fullmatch(r"::error ([^:]+)::(.*)", line)
            self.assertIsNotNone(match, line)
            properties = dict(pair.split("=", 1) for pair in match.group(1).split(","))
            self.assertEqual(unescape(properties["file"], True), one["path"])
            self.assertEqual(unescape(properties["title"], True), one["code"])
            self.assertEqual(int(properties["line"]), one["line"])
            self.assertEqual(int(properties["endLine"]), one["endLine"])
            message = unescape(match.group(2), False)
            self.assertTrue(message.startswith(one["message"]), (message, one["message"]))


class Json(unittest.TestCase):
    def test_findings_are_as_they_were(self) -> None:
        text = liftlock("check", "--format", "json", folder=HERE, code=1)
        recorded = (HERE / "findings.json").read_text(encoding="utf-8")
        self.assertEqual(text, recorded, "programs read this; findings.json is its record, Docs/json-output.md its description")

    def test_every_member_is_described_and_no_other(self) -> None:
        page = (ROOT / "Docs/json-output.md").read_text(encoding="utf-8")
        findings, plans = page.split("\n## ")[1:]
        plan = set()
        for spec in ROOT.glob("Examples/*/release.yaml"):
            plan |= members(json.loads(liftlock("plan", "--format", "json", spec, code=0)))
        found = members(json.loads((HERE / "findings.json").read_text(encoding="utf-8")))
        for section, there in ((findings, found), (plans, plan)):
            described = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", section, re.M))
            self.assertEqual(set(described), {name for name, _ in there})
            for name, kind_of_value in there:
                self.assertIn(kind_of_value, [one.split(" of ")[0] for one in described[name].split(" or ")], name)

    def test_no_finding_is_an_object_too(self) -> None:
        log = json.loads(liftlock("check", "--format", "json", "Examples/forge/release.yaml", code=0))
        self.assertEqual(log, {"version": 1, "diagnostics": []})


class Screen(Folder):
    """Through a pseudo-terminal."""

    LINK = re.compile(r"\x1b\]8;;([^\x1b]*)\x1b\\")
    COLOUR = re.compile(r"\x1b\[[0-9;]*m")

    def setUp(self) -> None:
        super().setUp()
        self.spec = "a b%.yaml"
        shutil.copy(HERE / "release.yaml", self.folder / self.spec)
        self.plain = liftlock("check", self.spec, folder=self.folder, code=1)
        self.assertNotIn("\x1b", self.plain)

    def shown(self, *arguments: str, **variables: str) -> str:
        """What a terminal is sent."""
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        environment |= {"TERM": "xterm-256color"} | variables
        controller, terminal = pty.openpty()
        process = subprocess.Popen(
            [LIFTLOCK, "check", self.spec, *arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=terminal, stderr=terminal,
        )
        os.close(terminal)
        text = b""
        try:
            while part := os.read(controller, 65_536):
                text += part
        except OSError:  # Linux: the other end is closed.
            pass
        os.close(controller)
        self.assertEqual(process.wait(), 1)
        return text.decode("utf-8").replace("\r\n", "\n")

    def test_a_terminal_gets_colours_and_links_to_the_file(self) -> None:
        text = self.shown()
        self.assertIn("\x1b[1;31merror[unknown-key]\x1b[0m", text)
        addresses = set(self.LINK.findall(text))
        self.assertEqual(len(addresses), 2, "one to the file, and the end of it")
        address = urllib.parse.urlsplit(next(one for one in addresses if one))
        self.assertEqual((address.scheme, address.netloc), ("file", os.uname().nodename))
        self.assertEqual(pathlib.Path(urllib.parse.unquote(address.path)), self.folder / self.spec)
        self.assertEqual(self.COLOUR.sub("", self.LINK.sub("", text)), self.plain)

    def test_plain_text_where_it_is_asked_for(self) -> None:
        self.assertEqual(self.shown("--color", "never"), self.plain)
        self.assertEqual(self.shown(NO_COLOR="1"), self.plain)
        self.assertEqual(self.shown(TERM="dumb"), self.plain)

    def test_an_empty_no_color_is_none(self) -> None:
        self.assertEqual(self.shown(NO_COLOR=""), self.shown())

    def test_a_request_is_stronger_than_the_environment(self) -> None:
        self.assertEqual(self.shown("--color", "always", NO_COLOR="1"), self.shown())

    def test_a_pipe_never_gets_links(self) -> None:
        text = liftlock("check", self.spec, "--color", "always", folder=self.folder, code=1)
        self.assertIsNone(self.LINK.search(text))
        self.assertEqual(self.COLOUR.sub("", text), self.plain)
        self.assertNotEqual(text, self.plain)

    def test_machines_get_none_of_it(self) -> None:
        for form in ("oneline", "json", "sarif", "github"):
            self.assertNotIn("\x1b", self.shown("--format", form))


def unescape(text: str, is_property: bool) -> str:
    """As the runner does it."""
    for code, character in (("%3A", ":"), ("%2C", ",")) if is_property else ():
        text = text.replace(code, character)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def members(value: object, place: str = "") -> set[tuple[str, str]]:
    """The members of a JSON value as `a[].b`, each with its type."""
    found = set()
    if isinstance(value, list):
        for one in value:
            found |= members(one, place + "[]")
    elif isinstance(value, dict):
        for name, one in value.items():
            path = f"{place}.{name}" if place else name
            found |= {(path, kind(one))} | members(one, path)
    return found


def kind(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", type(None): "null"}
    return names[type(value)]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    unittest.main()
