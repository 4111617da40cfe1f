"""Real pre-commit, with the hooks of this repository, in a scratch repository: `.tools/venv/bin/python Tests/PreCommit/selftest.py`.

The twins with `-system` by default; with `swift` as argument the hooks that pre-commit builds from a clone (`make hooks`).
"""

from __future__ import annotations

import atexit
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRE_COMMIT = ROOT / ".tools/venv/bin/pre-commit"
LIFTLOCK = ROOT / ".build/debug/liftlock"
LANGUAGE = "system"

SPEC = """\
liftlock: 1
service: shop
artifact:
  image: ghcr.io/acme/shop
  build: { context: ., dockerfile: Dockerfile }
  registry: { github: packages }

secrets:
  KUBECONFIG: { in: [prod], purpose: cluster access, risk: high, rotate: 30d }

checks:
  ci: { github-checks: [test] }
  health: { probe: { requests: [GET /health < 500ms] } }

environments:
  prod:
    on: { push: { branches: [main] } }
    url: https://shop.acme.example
    before: [ci]
    deploy:
      kubernetes: { namespace: shop, deployment: shop, container: app }
    rollout:
      rolling: { verify: [health], watch: 15m }
    verify: [health]
    rollback:
      when: [health fails for 1m]
      verify: [health]
"""
DRILL = """\
roles:
  on-call: { title: On-call, reviewers: [ada] }
drills:
  restore: { title: Dry run, schedule: "0 11 * * 4", exercise: { prod: dry-run }, owner: on-call }
"""


class Repository:
    """A repository with pre-commit installed, and nothing of the git of whoever runs this."""

    def __init__(self, folder: pathlib.Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def run(self, *command: str | pathlib.Path, code: int | None = 0) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def git(self, *arguments: str, code: int | None = 0) -> str:
        return self.run("git", *arguments, code=code)

    def write(self, path: str, text: str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    @property
    def staged(self) -> list[str]:
        return self.git("diff", "--cached", "--name-only").split()


class Hooks(unittest.TestCase):
    folder: pathlib.Path
    environment: dict[str, str]
    hooks: Repository
    count = 0

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="liftlock-hooks-"))
        # Also when this is interrupted.
        atexit.register(shutil.rmtree, cls.folder, ignore_errors=True)
        programs = cls.folder / "bin"
        programs.mkdir()
        # This may itself be run by a hook of git.
        cls.environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        cls.environment |= {
            "PATH": f"{programs}:{cls.environment['PATH']}",
            "PRE_COMMIT_HOME": str(cls.folder / "pre-commit"),
            "TMPDIR": str(cls.folder),
        }
        for role in ("AUTHOR", "COMMITTER"):
            cls.environment |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@acme.example"}
        if LANGUAGE == "system":
            (programs / "liftlock").symlink_to(LIFTLOCK)
            cls.environment["GIT_CONFIG_GLOBAL"] = os.devnull
        else:
            # Must come from the clone: one that PATH finds would be a test of that one.
            (programs / "liftlock").write_text("#!/bin/sh\necho 'this is not what was built'\nexit 99\n")
            (programs / "liftlock").chmod(0o755)
            # Tools/swift asks PATH for a swift first, and must not find this one: each would start the other for ever.
            path = shlex.quote(os.environ["PATH"])
            (programs / "swift").write_text(f'#!/bin/sh\nPATH={path} exec {shlex.quote(str(ROOT / "Tools/swift"))} "$@"\n')
            (programs / "swift").chmod(0o755)
        # What a clone of this repository would have, with what is not committed yet.
        cls.hooks = Repository(cls.folder / "liftlock", cls.environment)
        paths = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, stdout=subprocess.PIPE,
            check=True, text=True,
        )
        for path in filter(None, paths.stdout.split("\0")):
            # A file that was removed and not committed is still listed.
            if (ROOT / path).is_file():
                target = cls.hooks.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, target, follow_symlinks=False)
        cls.hooks.git("add", "--all")
        cls.hooks.git("commit", "--quiet", "--message", "hooks")

    def repository(self, *ids: str) -> Repository:
        """A repository that uses these hooks, with one commit."""
        type(self).count += 1
        repository = Repository(self.folder / f"repository-{self.count}", self.environment)
        suffix = "-system" if LANGUAGE == "system" else ""
        hooks = "".join(f"      - id: {one}{suffix}\n" for one in ids)
        repository.write(
            ".pre-commit-config.yaml",
            f"repos:\n  - repo: {self.hooks.folder}\n    rev: {self.hooks.head.strip()}\n    hooks:\n{hooks}",
        )
        repository.write("README.md", "# Shop\n")
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--message", "beginning")
        repository.run(PRE_COMMIT, "install")
        return repository

    def committed(self) -> Repository:
        """A repository whose spec and generated files are committed, through the hook."""
        repository = self.repository("liftlock-generate")
        repository.write("release.yaml", SPEC)
        repository.git("add", "release.yaml")
        self.refused(repository)
        repository.git("add", "--all")
        self.accepted(repository)
        return repository

    def refused(self, repository: Repository) -> str:
        """A commit does not come about, and the hook has staged nothing."""
        head, staged = repository.head, repository.staged
        output = repository.git("commit", "--message", "a change", code=1)
        self.assertEqual(repository.head, head)
        self.assertEqual(repository.staged, staged)
        return output

    def accepted(self, repository: Repository) -> str:
        head = repository.head
        output = repository.git("commit", "--message", "a change")
        self.assertNotEqual(repository.head, head)
        return output

    def test_a_broken_spec_is_stopped_with_its_finding(self) -> None:
        for hook in ("liftlock-check", "liftlock-generate"):
            repository = self.repository(hook)
            repository.write("release.yaml", SPEC.replace("watch: 15m", "watch: 15"))
            repository.git("add", "--all")
            output = self.refused(repository)
            self.assertRegex(output, r"error\[invalid-duration\]: .+\n +--> release\.yaml:23:43\n")
            self.assertIn("1 error", output)
            self.assertEqual(repository.git("status", "--short"), "A  release.yaml\n")

    def test_check_is_given_the_specs_of_the_commit_and_no_workflow(self) -> None:
        repository = self.repository("liftlock-check")
        repository.write("services/shop.release.yaml", SPEC)
        repository.write(".github/workflows/release.yml", "on: push\njobs: {}\n")
        repository.git("add", "--all")
        self.assertIn("Passed", self.accepted(repository))
        repository.write("services/shop.release.yaml", SPEC.replace("service: shop", "servce: shop"))
        repository.git("add", "--all")
        self.assertIn("services/shop.release.yaml:2:1", self.refused(repository))

    def test_new_output_stops_the_commit_until_git_has_it(self) -> None:
        repository = self.repository("liftlock-generate")
        repository.write("release.yaml", SPEC)
        repository.git("add", "release.yaml")
        self.assertIn("created ops/shop/prod/rollback.sh", self.refused(repository))
        # Nothing is left to write now, and pre-commit sees no new file: without a look at the index this would pass.
        output = self.refused(repository)
        self.assertNotIn("created", output)
        self.assertIn("git does not know ops/shop/prod/rollback.sh yet", output)
        repository.git("add", "--all")
        self.accepted(repository)
        self.assertIn("ops/shop/prod/rollback.sh", repository.git("ls-tree", "-r", "--name-only", "HEAD"))
        self.assertEqual(repository.git("status", "--short"), "")

    def test_a_changed_spec_is_generated_from_and_stops_the_commit(self) -> None:
        repository = self.committed()
        repository.write("release.yaml", SPEC.replace("watch: 15m", "watch: 20m"))
        repository.git("add", "release.yaml")
        self.assertIn("updated docs/runbooks/shop.md", self.refused(repository))
        # What was generated is not staged yet.
        self.refused(repository)
        repository.git("add", "--all")
        self.accepted(repository)
        self.assertIn("20", repository.git("show", "HEAD:docs/runbooks/shop.md"))
        self.assertEqual(repository.git("status", "--short"), "")

    def test_one_more_output_stops_the_commit_and_one_less_too(self) -> None:
        repository = self.committed()
        drill = "ops/shop/drill-restore.sh"
        repository.write("release.yaml", SPEC + DRILL)
        repository.git("add", "release.yaml")
        self.assertIn(f"created {drill}", self.refused(repository))
        # Everything that git knew is as it should be; only the new file is missing.
        repository.git("add", "--update")
        self.assertIn(f"git does not know {drill} yet", self.refused(repository))
        repository.git("add", "--all")
        self.accepted(repository)
        repository.write("release.yaml", SPEC)
        repository.git("add", "release.yaml")
        self.assertIn(f"removed {drill}", self.refused(repository))
        repository.git("add", "--all")
        self.accepted(repository)
        self.assertNotIn(drill, repository.git("ls-tree", "-r", "--name-only", "HEAD"))

    def test_output_edited_by_hand_is_refused_and_kept(self) -> None:
        repository = self.committed()
        path = "ops/shop/prod/rollback.sh"
        edited = repository.read(path) + "# mine\n"
        repository.write(path, edited)
        repository.git("add", "--all")
        self.assertIn(f"{path} was edited by hand", self.refused(repository))
        self.assertEqual(repository.read(path), edited)

    def test_other_files_are_no_concern(self) -> None:
        repository = self.committed()
        repository.write("README.md", "# The shop\n")
        repository.git("add", "--all")
        self.assertIn("(no files to check)Skipped", self.accepted(repository))


class Patterns(unittest.TestCase):
    """Which files the hooks start for."""

    def setUp(self) -> None:
        self.hooks = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}

    def starts(self, hook: str, path: str) -> bool:
        one = self.hooks[hook]
        return bool(re.search(one["files"], path)) and not re.search(one.get("exclude", "^$"), path)

    def test_every_generated_file_and_every_spec_starts_generate(self) -> None:
        count = 0
        for example in (ROOT / "Generated").iterdir():
            for path in filter(pathlib.Path.is_file, example.rglob("*")):
                count += 1
                self.assertTrue(self.starts("liftlock-generate", str(path.relative_to(example))), path)
        self.assertGreater(count, 100)
        for path in ("release.yaml", "a/release.yml", "a/b.release.yaml", "policy.yaml"):
            self.assertTrue(self.starts("liftlock-generate", path), path)
        for path in ("README.md", "src/ops.py", "prerelease.yaml", "docs/a.md"):
            self.assertFalse(self.starts("liftlock-generate", path), path)

    def test_check_starts_for_specs_only(self) -> None:
        for path in ("release.yaml", "a/release.yml", "a/b.release.yaml"):
            self.assertTrue(self.starts("liftlock-check", path), path)
        for path in (".github/workflows/release.yml", "policy.yaml", "prerelease.yaml", "release.json"):
            self.assertFalse(self.starts("liftlock-check", path), path)

    def test_the_readme_names_hooks_that_there_are(self) -> None:
        blocks = re.findall(r"```yaml\n(repos:.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
        self.assertEqual(len(blocks), 1)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(blocks[0])
            file.flush()
            subprocess.run([PRE_COMMIT, "validate-config", file.name], check=True, capture_output=True)
        subprocess.run([PRE_COMMIT, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=True, capture_output=True)
        named = [hook["id"] for repository in yaml.safe_load(blocks[0])["repos"] for hook in repository["hooks"]]
        self.assertLessEqual(set(named), set(self.hooks))

    def test_twins_differ_in_nothing_but_the_language(self) -> None:
        for name in ("liftlock-check", "liftlock-generate"):
            built, found = dict(self.hooks[name]), dict(self.hooks[name + "-system"])
            self.assertEqual((built.pop("language"), found.pop("language")), ("swift", "system"))
            self.assertEqual(built.pop("id") + "-system", found.pop("id"))
            self.assertEqual(built, found)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if "swift" in sys.argv[1:]:
        sys.argv.remove("swift")
        LANGUAGE = "swift"
    unittest.main()
