"""A lab of Examples/local-canary for tests: started, used and stopped; and what a test wants to know of it."""

import calendar
import contextlib
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "Examples/local-canary"
OPERATIONS = "ops/corner-shop/local"
LIMIT = 300


def load_lab():
    """The program `lab` as a module: tests ask for processes the way that it does."""
    loader = importlib.machinery.SourceFileLoader("lab", str(EXAMPLE / "lab"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("lab", loader))
    loader.exec_module(module)
    return module


lab = load_lab()


def wait_until(seconds, what, ready):
    try:
        return lab.until(seconds, what, ready)
    except lab.Trouble as trouble:
        raise AssertionError(str(trouble)) from None


def lines_of(path):
    if not path.exists():
        return []
    # The last line may still be on its way.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


class Secrets:
    """Secrets with marks in them, and every place where a mark has come to light."""

    def __init__(self):
        self.marks = {name: f"mark{secrets.token_hex(12)}" for name in ("token", "path", "password")}
        self.seen = set()
        self.looks = 0
        self.stopped = threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        """Reads the arguments of all processes over and over."""
        while not self.stopped.wait(0.05):
            self.looks += 1
            for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.find(path.read_bytes(), "arguments of a process")

    def find(self, content, where):
        for name, mark in self.marks.items():
            if mark.encode() in content:
                self.seen.add(f"{name} in {where}")

    def scan(self, folder):
        """Reads every file of the lab, also those of the scripts, nginx and Prometheus."""
        count = 0
        for path in folder.rglob("*"):
            if path.is_file():
                count += 1
                self.find(path.read_bytes(), str(path.relative_to(folder)))
        return count


class World:
    """One lab with a repository as users have it: what they wrote, and what Liftlock wrote."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="local-canary."))
        self.repository = self.folder / "repository"
        shutil.copytree(ROOT / "Generated/local-canary", self.repository)
        shutil.copytree(EXAMPLE / "ops", self.repository / "ops", dirs_exist_ok=True)
        self.secrets = Secrets()
        self.started = []
        self.environment = {
            **os.environ, "EVENTS_TOKEN": self.secrets.marks["token"], "EVENTS_PATH": f"/{self.secrets.marks['path']}"}
        for name in list(self.environment):
            if name.startswith("GITHUB_"):
                del self.environment[name]

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.end()
            raise
        return self

    def begin(self):
        self.lab("up", "--folder", self.folder, "--owner", os.getpid(), "--for", 600)
        known = json.loads((self.folder / "lab.json").read_text())
        self.leader, self.ports = known["process"], known["ports"]
        for line in self.lab("env", self.folder).splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            self.environment[name] = value
        self.environment["EVENTS_URL"] = f"http://127.0.0.1:{self.ports['events']}/{self.secrets.marks['path']}"
        # Prometheus asks for no password and does not mind one.
        self.environment["PROMETHEUS_URL"] = (
            f"http://lab:{self.secrets.marks['password']}@127.0.0.1:{self.ports['prometheus']}")
        self.secrets.watcher.start()

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.secrets.stopped.set()
        for process in self.started:
            lab.kill_session(process.pid)
            process.wait()
        try:
            self.lab("down", self.folder)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def lab(self, *words):
        done = subprocess.run(
            [EXAMPLE / "lab", *map(str, words)], env=self.environment, text=True, capture_output=True, timeout=LIMIT)
        if done.returncode:
            raise AssertionError(f"lab {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def publish(self, version, **faults):
        words = [f"--{name}={value}" for name, value in faults.items()]
        return self.lab("publish", self.folder, version, *words).strip()

    def inject(self, name, **faults):
        self.lab("inject", self.folder, name, *(f"--{fault}={value}" for fault, value in faults.items()))

    # Scripts.

    def start(self, *words, **environment):
        """A generated script in a session of its own, as on a machine of its own."""
        with open(self.folder / "logs/release.log", "ab") as log:
            process = subprocess.Popen(
                [f"{OPERATIONS}/{words[0]}", *words[1:]], cwd=self.repository, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, env={**self.environment, **environment}, start_new_session=True)
        self.started.append(process)
        return process

    def run(self, *words, **environment):
        """The exit code of a generated script."""
        return self.start(*words, **environment).wait(LIMIT)

    def release(self, artifact, **environment):
        return self.start("rollout.sh", "all", ARTIFACT=artifact, **environment)

    def target(self, *words):
        """What a command of the target prints."""
        done = subprocess.run(
            [EXAMPLE / "ops/target.sh", *map(str, words)], env=self.environment, text=True, capture_output=True, timeout=LIMIT)
        if done.returncode:
            raise AssertionError(f"target.sh {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout.strip()

    def log(self):
        path = self.folder / "logs/release.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    # What has happened.

    def journal(self, *events):
        lines = lines_of(self.folder / "state/corner-shop/local/journal.jsonl")
        return [line for line in lines if not events or line["event"] in events]

    def moment(self, event, text=""):
        """When the journal says that it happened, in seconds since 1970."""
        for line in self.journal(event):
            if text in line["text"]:
                # Moments of the journal are in UTC and in whole seconds.
                return calendar.timegm(time.strptime(line["at"], "%Y-%m-%dT%H:%M:%SZ"))
        return None

    def marker(self):
        path = self.folder / "marker.json"
        text = path.read_text() if path.exists() else "{}"
        return {key.removeprefix("liftlock-"): value for key, value in json.loads(text).items()}

    def split(self):
        return json.loads(lab.get(self.ports["split"], "/"))

    def shares(self):
        return self.split()["shares"]

    def events(self):
        return [line["event"] for line in lines_of(self.folder / "events.jsonl")]

    def records(self):
        return [json.loads(path.read_text()) for path in self.folder.glob("state/**/evidence/**/*.json")]

    def customers(self, first, last):
        """What customers were answered in whole seconds between two moments: version -> code -> how many."""
        # A moment of the journal is a whole second, and a line is about the second before it.
        found = {}
        for line in lines_of(self.folder / "customers.jsonl"):
            if first + 2 <= line["at"] <= last:
                for version, codes in line["answers"].items():
                    for code, count in codes.items():
                        found.setdefault(version, {}).setdefault(code, 0)
                        found[version][code] += count
        return found

    def unanswered(self):
        return sum(line["unanswered"] for line in lines_of(self.folder / "customers.jsonl"))

    def answers(self, count):
        """Which versions answer that many requests, each over a connection of its own."""
        context = ssl.create_default_context(cafile=self.folder / "tls/corner-shop.pem")
        found = {}
        for _ in range(count):
            with (socket.create_connection(("127.0.0.1", self.ports["https"]), timeout=5) as plain,
                  context.wrap_socket(plain, server_hostname="corner-shop.test") as line):
                line.sendall(b"GET / HTTP/1.1\r\nHost: corner-shop.test\r\nConnection: close\r\n\r\n")
                reply = b""
                while part := line.recv(4096):
                    reply += part
            version = reply.partition(b"X-Version: ")[2].partition(b"\r\n")[0].decode()
            found[version] = found.get(version, 0) + 1
        return found

    def prometheus(self, query):
        address = f"/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        return json.loads(lab.get(self.ports["prometheus"], address))["data"]["result"]

    def first_sample(self, query, above):
        """When Prometheus read the first sample of a series that is above a number."""
        moments = [
            float(at) for series in self.prometheus(f"{query}[10m]") for at, value in series["values"]
            if float(value) > above]
        return min(moments, default=None)

    def processes(self):
        return lab.session(self.leader)


def listening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
