"""The real clients, each asked to read a command without anybody to send it to.

A command that a client understands ends where the network would begin: refused by a port of this machine that nobody listens on.
Every other end is a problem, so that a command cannot pass because its client stopped earlier for a reason of its own.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from typing import Sequence

Arguments = Sequence[str]
# `az` asks again and again for a list of extensions, when it does not know a command.
LIMIT = 300
# How else a command ends that its client has understood, where that is before the network or needs none.
UNDERSTOOD = {
    # Prints the token that it has.
    ("gh", "auth", "token"): (0, "^not-a-token$"),
    # Looks for the subscription among those of the last login.
    ("az", "account", "set"): (1, r"The subscription of '.*' doesn't exist in cloud"),
    # Asks for docker first, and then for the login.
    ("az", "acr", "login"): (1, "DOCKER_COMMAND_ERROR|Please run 'az login'"),
    # An extension, which `az` installs when it is first called; without the extension only the name can be told.
    ("az", "monitor", "log-analytics", "query"): (2, "'query' is misspelled or not recognized"),
}
# What is read from a file must be there.
FILES = {("kubectl", "--filename"), ("kubectl", "-f"), ("az", "--file"), ("gh", "--input")}
MANIFEST = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "anything"}}\n'


class Room:
    """An empty home and folder, and a port that refuses: what `with` gives back is gone afterwards."""

    def __enter__(self) -> Room:
        self._folder = tempfile.TemporaryDirectory(prefix="liftlock-clients.")
        self.folder = pathlib.Path(self._folder.name)
        # Bound and not listening: nobody else can take it, and it refuses.
        self._port = socket.socket()
        self._port.bind(("127.0.0.1", 0))
        self.port = self._port.getsockname()[1]
        nowhere = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "GH_TOKEN": "not-a-token",
            "GH_PROMPT_DISABLED": "1",
            "GH_NO_UPDATE_NOTIFIER": "1",
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
            "AZURE_CORE_NO_COLOR": "yes",
            **{name: nowhere for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")},
        }
        (self.folder / "home").mkdir()
        (self.folder / "kubeconfig").write_text(
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "clusters": [{"name": "nowhere", "cluster": {"server": f"https://127.0.0.1:{self.port}"}}],
                    "users": [{"name": "nobody", "user": {"token": "not-a-token"}}],
                    "contexts": [{"name": "nowhere", "context": {"cluster": "nowhere", "user": "nobody"}}],
                    "current-context": "nowhere",
                }
            )
        )
        # gh finds the repository by the checkout that it runs in.
        checkout = self.work("gh")
        for arguments in (["init", "--quiet"], ["remote", "add", "origin", "https://github.com/octo-org/shop.git"]):
            subprocess.run(["git", *arguments], cwd=checkout, env=self.environment, check=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._port.close()
        self._folder.cleanup()

    def work(self, client: str) -> pathlib.Path:
        """Where commands of a client run; each has its own, for a file of one can be a folder of the other."""
        path = self.folder / f"work-{client}"
        path.mkdir(exist_ok=True)
        return path

    def put_files(self, arguments: Arguments) -> None:
        for option, value in zip(arguments, arguments[1:]):
            path = self.work(arguments[0]) / value
            if (arguments[0], option) in FILES and value != "-" and not pathlib.Path(value).is_absolute():
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.write_text(MANIFEST)

    def run(self, arguments: Arguments) -> tuple[int, str]:
        environment = dict(self.environment)
        if arguments[0] == "az":
            # It writes what it knows into its folder, which several at a time would spoil.
            environment["AZURE_CONFIG_DIR"] = str(self.folder / f"azure-{threading.get_ident()}")
        try:
            done = subprocess.run(
                arguments,
                cwd=self.work(arguments[0]),
                env=environment,
                input="{}",
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return 124, f"did not end within {LIMIT} seconds"
        return done.returncode, done.stdout + done.stderr


def problem(arguments: Arguments, code: int, output: str, port: int) -> str | None:
    """Why a command did not get as far as the network; nothing when it did."""
    for words, (expected, pattern) in UNDERSTOOD.items():
        if tuple(arguments[: len(words)]) == words:
            if code == expected and re.search(pattern, output, re.MULTILINE):
                return None
    refused = re.search(rf"127\.0\.0\.1[^\n]*\b{port}\b[^\n]*refused", output)
    # `az` asks who is asking before it asks the network, and after it has read the whole command.
    if arguments[0] == "az":
        refused = refused or "Please run 'az login' to setup account." in output
    reached = code != 0 and refused
    return None if reached else f"exit code {code}: {output.strip()[:600]}"


def version(client: str) -> str:
    arguments = {"kubectl": ["version", "--client"]}.get(client, ["version"])
    with Room() as room:
        _, output = room.run([client, *arguments])
    found = re.search(r"\bv?\d+\.\d+\.\d+", output)
    return f"{client} {found[0] if found else output.strip()}"


def problems(commands: Sequence[Arguments]) -> list[tuple[Arguments, str]]:
    """The commands that their clients refuse, with what the clients say."""
    for name in sorted({command[0] for command in commands}):
        if shutil.which(name) is None:
            raise FileNotFoundError(f"there is no {name} here: Tools/install {'azure' if name == 'az' else 'test'}")
    with Room() as room:
        for command in commands:
            room.put_files(command)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            ends = list(pool.map(room.run, commands))
        found = [problem(command, code, output, room.port) for command, (code, output) in zip(commands, ends)]
    return [(command, text) for command, text in zip(commands, found) if text is not None]
