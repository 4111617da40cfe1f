"""What `liftlock generate` does to a repository when the machine does not play along: `python3 Tests/Ownership/selftest.py`.

A disk that is full, a folder that cannot be written, links that lead out of the tree, and SIGKILL at random moments
(LIFTLOCK_KILLS of them, 200 unless told). Disks and folders are mounts in a namespace of this test's own, so that they are
gone with it, whoever runs it and however it ends.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIFTLOCK = os.environ.get("LIFTLOCK", str(ROOT / ".build/debug/liftlock"))
KILLS = int(os.environ.get("LIFTLOCK_KILLS", "200"))
SEED = int(os.environ.get("LIFTLOCK_SEED", "0")) or int.from_bytes(os.urandom(4), "big")
NAMESPACE = "LIFTLOCK_OWN_MOUNTS"
UNFINISHED = re.compile(r"(^|/)\.[^/]*\.liftlock-[0-9]+$")
SPEC = """liftlock: 1
service: blog
artifact: { image: ghcr.io/acme/blog }
checks:
  up: { probe: { requests: [GET /] } }
environments:
  live:
    on: { push: { branches: [main] } }
    url: https://blog.acme.example
    deploy: { command: { run: ops/target.sh } }
    rollout: { rolling: { verify: [up], watch: 5m } }
    rollback: { when: [up fails for 1m], verify: [up] }
"""
# Every file of the service says how long the watch is or what the artifact is, and one environment has another name.
OTHER = (
    SPEC.replace("watch: 5m", "watch: 6m").replace("acme/blog }", "acme/blog-two }").replace("  live:", "  prod:")
)


def generate(root: pathlib.Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LIFTLOCK, "generate", *options], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )


def contents(root: pathlib.Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


class Repositories(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="liftlock-ownership-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        # What is beside a repository must stay as it is.
        self.beside = self.folder / "beside"
        self.beside.mkdir()
        (self.beside / "mine").write_text("mine\n")

    def repository(self, spec: str | None = SPEC, name: str = "repository") -> pathlib.Path:
        root = self.folder / name
        root.mkdir(exist_ok=True)
        if spec is not None:
            (root / "release.yaml").write_text(spec)
        return root

    def generated(self, spec: str) -> dict[str, bytes]:
        """What a spec is compiled to, in a folder where nothing stands in the way."""
        root = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (root / "release.yaml").write_text(spec)
        outcome = generate(root)
        self.assertEqual(outcome.returncode, 0, outcome)
        files = contents(root)
        del files["release.yaml"]
        shutil.rmtree(root)
        return files

    def assert_whole(self, root: pathlib.Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
        """Every file is the old one or the new one, and none that both have is lost."""
        there = contents(root)
        for path, text in there.items():
            if path == "release.yaml" or UNFINISHED.search(path):
                continue
            self.assertIn(path, old.keys() | new.keys(), "written where nothing belongs")
            self.assertIn(text, (old.get(path), new.get(path)), f"{path} is torn")
        self.assertEqual((old.keys() & new.keys()) - there.keys(), set(), "lost")
        # What is generated no more goes last: until then there is always a whole set.
        if old.keys() - new.keys() - there.keys():
            self.assertEqual(new.keys() - there.keys(), set(), "removed before the new ones were there")
        self.assertEqual(contents(self.beside), {"mine": b"mine\n"}, "written outside")

    def assert_repaired(self, root: pathlib.Path, right: dict[str, bytes]) -> None:
        outcome = generate(root)
        self.assertEqual(outcome.returncode, 0, outcome)
        there = contents(root)
        del there["release.yaml"]
        self.assertEqual(there, right)
        for path in right:
            self.assertEqual(os.access(root / path, os.X_OK), path.endswith(".sh"), path)
        self.assertEqual(generate(root, "--check").returncode, 0)


def exchange(one: pathlib.Path, other: pathlib.Path) -> None:
    """Gives each the other's name, in one step."""
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if ctypes.CDLL(None, use_errno=True).renameat2(here, bytes(one), here, bytes(other), both):
        raise OSError(ctypes.get_errno(), "renameat2")


def swap(one: str, other: str) -> None:
    """Until it is told to end, and then says how often."""
    swaps = 0
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    while not ended:
        exchange(pathlib.Path(one), pathlib.Path(other))
        exchange(pathlib.Path(one), pathlib.Path(other))
        swaps += 1
    print(swaps)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


class Disks(Repositories):
    def full(self, root: pathlib.Path, free: int) -> pathlib.Path:
        """Fills the disk below a folder, so that this many KiB are left."""
        state = os.statvfs(root)
        filler = root.parent / "filler" if os.path.ismount(root.parent) else root / "filler"
        with filler.open("wb") as file:
            file.write(b"\0" * (state.f_bavail * state.f_frsize - free * 1024))
        return filler

    def disk(self) -> pathlib.Path:
        place = self.folder / "disk"
        place.mkdir()
        mount("-t", "tmpfs", "-o", "size=2m", "none", str(place))
        self.addCleanup(subprocess.run, ["umount", "-l", str(place)], check=False)
        root = place / "repository"
        root.mkdir()
        return root

    def assert_stopped(self, outcome: subprocess.CompletedProcess[str], written: int, words: str) -> None:
        self.assertEqual(outcome.returncode, 2, outcome)
        self.assertIn(words, outcome.stderr)
        # Which are written is said file by file, and how many of how many.
        self.assertEqual(len(outcome.stdout.splitlines()), written, outcome)
        self.assertRegex(outcome.stderr, rf"liftlock: {written} of \d+ files are written, and whole; the others are as they were\.")

    def test_full_at_the_first_run(self) -> None:
        right = self.generated(SPEC)
        root = self.disk()
        (root / "release.yaml").write_text(SPEC)
        filler = self.full(root, 60)
        outcome = generate(root)
        filler.unlink()
        there = contents(root)
        self.assertGreater(len(there), 1)
        self.assert_stopped(outcome, len(there) - 1, "No space left on device")
        self.assert_whole(root, {}, right)
        self.assertEqual([path for path in there if UNFINISHED.search(path)], [])
        self.assert_repaired(root, right)

    def test_full_at_a_later_run(self) -> None:
        old, new = self.generated(SPEC), self.generated(OTHER)
        root = self.disk()
        (root / "release.yaml").write_text(SPEC)
        self.assertEqual(generate(root).returncode, 0)
        (root / "release.yaml").write_text(OTHER)
        filler = self.full(root, 40)
        outcome = generate(root)
        filler.unlink()
        there = contents(root)
        done = [path for path in new if there.get(path) == new[path] and old.get(path) != new[path]]
        self.assertGreater(len(done), 0)
        self.assert_stopped(outcome, len(done), "No space left on device")
        self.assert_whole(root, old, new)
        self.assert_repaired(root, new)

    def test_folder_that_cannot_be_written(self) -> None:
        old, new = self.generated(SPEC), self.generated(OTHER)
        root = self.repository()
        self.assertEqual(generate(root).returncode, 0)
        (root / "release.yaml").write_text(OTHER)
        ops = str(root / "ops")
        mount("--bind", ops, ops)
        self.addCleanup(subprocess.run, ["umount", "-l", ops], check=False)
        mount("-o", "remount,bind,ro", ops)
        outcome = generate(root)
        self.assert_stopped(outcome, len([path for path in new if path.startswith(".github/")]), "Read-only file system")
        self.assert_whole(root, old, new)
        mount("-o", "remount,bind,rw", ops)
        self.assert_repaired(root, new)

    def test_repository_that_cannot_be_written(self) -> None:
        old = self.generated(SPEC)
        root = self.repository()
        self.assertEqual(generate(root).returncode, 0)
        (root / "release.yaml").write_text(OTHER)
        mount("--bind", str(root), str(root))
        self.addCleanup(subprocess.run, ["umount", "-l", str(root)], check=False)
        mount("-o", "remount,bind,ro", str(root))
        self.assert_stopped(generate(root), 0, "Read-only file system")
        # Looking needs no right to write.
        self.assertEqual(generate(root, "--check").returncode, 1)
        self.assert_whole(root, old, old)


class Links(Repositories):
    def test_links_out_of_the_tree(self) -> None:
        for place in ("ops", "docs/runbooks", ".github/workflows", "ops/blog/live/rollout.sh"):
            for target in (self.beside, self.beside / "mine", pathlib.Path("../beside/nothing")):
                with self.subTest(place=place, target=target):
                    root = self.repository(name=f"{place}-{target}".replace("/", "-"))
                    (root / place).parent.mkdir(parents=True, exist_ok=True)
                    (root / place).symlink_to(target)
                    before = contents(root)
                    for options in (("--prune", "--force"), ("--check",)):
                        outcome = generate(root, *options)
                        self.assertEqual(outcome.returncode, 2, outcome)
                        self.assertIn("will not write through a symbolic link", outcome.stderr)
                        self.assertEqual(outcome.stdout, "")
                    self.assertEqual(contents(root), before)
                    self.assertEqual(contents(self.beside), {"mine": b"mine\n"})
                    shutil.rmtree(root)

    def test_link_that_is_put_there_while_it_writes(self) -> None:
        """Nothing that looks first and writes then is safe from this."""
        root = self.repository()
        self.assertEqual(generate(root).returncode, 0)
        away = self.folder / "away"
        for folder in ("blog/live", "blog/prod", "blog"):
            (away / folder).mkdir(parents=True, exist_ok=True)
        (root / "link").symlink_to(away)
        swapper = subprocess.Popen(
            [sys.executable, __file__, "--swap", str(root / "ops"), str(root / "link")], stdout=subprocess.PIPE, text=True
        )
        try:
            codes = []
            for turn in range(12):
                (root / "release.yaml").write_text((OTHER, SPEC)[turn % 2])
                codes.append(generate(root).returncode)
        finally:
            swapper.terminate()
            swaps = int(swapper.communicate(timeout=30)[0])
        self.assertGreater(swaps, 100)
        self.assertEqual(contents(away), {}, f"written outside; the runs ended with {codes}")
        (root / "link").unlink()
        (root / "release.yaml").write_text(SPEC)
        self.assert_repaired(root, self.generated(SPEC))


class Kills(Repositories):
    def test_killed_at_random_moments(self) -> None:
        versions = [(SPEC, self.generated(SPEC)), (OTHER, self.generated(OTHER))]
        root = self.repository()
        self.assertEqual(generate(root).returncode, 0)
        lasted, writing = self.measure(root, versions)
        rng = random.Random(SEED)
        turn = hits = killed = 0
        old = versions[0][1]
        # Writing is a short part of a run: more moments are drawn when too few have hit it to show anything.
        while turn < KILLS or hits < KILLS // 10 and turn < 5 * KILLS:
            spec, new = versions[(turn + 1) % 2]
            (root / "release.yaml").write_text(spec)
            before = contents(root)
            program = subprocess.Popen(
                [LIFTLOCK, "generate"], cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            # Every other one over the whole of a run, and every other one while it writes, however late it comes to that.
            moment = rng.uniform(0, lasted)
            if turn % 2 == 0:
                self.wait_for_a_file(program, root)
                moment = rng.uniform(0, writing)
            try:
                complaint = program.communicate(timeout=moment)[1]
                self.assertEqual(program.returncode, 0, complaint)
            except subprocess.TimeoutExpired:
                program.kill()
                program.communicate()
                killed += 1
                after = contents(root)
                is_done = {path: after.get(path) for path in new} == new and not (old.keys() - new.keys()) & after.keys()
                hits += after != before and not is_done
            # What was there before may be a mixture already, of the same two.
            self.assert_whole_mixture(root, versions[0][1], versions[1][1])
            if turn % 10 == 9:
                self.assert_repaired(root, new)
            old = new
            turn += 1
        print(
            f"{turn} moments within {lasted:.2f} s, half of them within the {writing:.3f} s that it writes (seed {SEED}): {killed} runs killed, {hits} of them while files were written",
            file=sys.stderr,
        )
        self.assertGreaterEqual(hits, KILLS // 10, "too few kills hit anything: this shows nothing")
        (root / "release.yaml").write_text(SPEC)
        self.assert_repaired(root, versions[0][1])

    def measure(self, root: pathlib.Path, versions: list[tuple[str, dict[str, bytes]]]) -> tuple[float, float]:
        """How long a run lasts, and how much of that it writes: the middle one of some runs each."""
        lasted, writing = [], []
        for turn in range(6):
            spec, files = versions[(turn + 1) % 2]
            (root / "release.yaml").write_text(spec)
            start = time.time()
            self.assertEqual(generate(root).returncode, 0)
            lasted.append(time.time() - start)
            times = [(root / path).stat().st_mtime for path in files]
            writing.append(max(times) - min(moment for moment in times if moment > start - 0.02))
        return sorted(lasted)[3], sorted(writing)[3]

    def wait_for_a_file(self, program: subprocess.Popen[bytes], root: pathlib.Path) -> None:
        """Until a first file has another inode, or a first one is there that was not."""
        folder = root / ".github/workflows"
        old = {entry.name: entry.inode() for entry in os.scandir(folder)}
        while program.poll() is None and {entry.name: entry.inode() for entry in os.scandir(folder)} == old:
            time.sleep(0.0005)

    def assert_whole_mixture(self, root: pathlib.Path, one: dict[str, bytes], two: dict[str, bytes]) -> None:
        there = contents(root)
        for path, text in there.items():
            if path == "release.yaml" or UNFINISHED.search(path):
                continue
            self.assertIn(path, one.keys() | two.keys(), "written where nothing belongs")
            self.assertIn(text, (one.get(path), two.get(path)), f"{path} is torn")
            self.assertEqual(os.access(root / path, os.X_OK), path.endswith(".sh"), path)
        self.assertEqual((one.keys() & two.keys()) - there.keys(), set(), "lost")
        # One of the two sets is always there.
        self.assertTrue(not one.keys() - there.keys() or not two.keys() - there.keys(), "both sets are incomplete")
        self.assertEqual(contents(self.beside), {"mine": b"mine\n"}, "written outside")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["beside", "repository"])


def in_own_namespace() -> None:
    """Starts this file again where it may mount: as root, or as one in a namespace of users, or through sudo."""
    ways = [["unshare", "--mount"]] if os.getuid() == 0 else [
        ["unshare", "--user", "--map-root-user", "--mount"],
        ["sudo", "-n", "--preserve-env", "unshare", "--mount"],
    ]
    for way in ways:
        if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            os.environ[NAMESPACE] = "1"
            os.execvp(way[0], [*way, sys.executable, *sys.argv])
    sys.exit("Tests/Ownership: no way to mount a small disk here: neither root, nor namespaces of users, nor sudo")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--swap"]:
        sys.exit(swap(*sys.argv[2:]))
    if NAMESPACE not in os.environ:
        in_own_namespace()
    mount("--make-rprivate", "/")
    unittest.main(verbosity=1)
