"""The common path of every fake command: lock, faults, the command itself, the log, the answer."""

from __future__ import annotations

import os
import sys

from . import faults, times
from .store import TimedOut, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LOGGED_OUT = (
    "ERROR: AADSTS700024: Client assertion is not within its valid time range. Current time: {now}, assertion valid "
    "from {start}, expiry time of assertion {start}. Review the documentation at "
    "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .\n"
    "Interactive authentication is needed. Please run:\naz login\n"
)


class CommandError(Exception):
    """The command fails as the real one would: what it prints, and its exit code."""

    def __init__(self, exit: int, stderr: str, stdout: str = "") -> None:
        super().__init__(stderr)
        self.exit, self.stderr, self.stdout = exit, stderr, stdout


class Call:
    """One call: the world, the arguments, and standard input if the arguments ask for it."""

    def __init__(self, world: World, arguments: list[str], stdin: str) -> None:
        self.world, self.arguments, self.stdin = world, arguments, stdin

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    @property
    def warnings(self) -> list[str]:
        if not hasattr(self, "_warnings"):
            self._warnings: list[str] = []
        return self._warnings


def _wants_stdin(arguments: list[str]) -> bool:
    return any(
        argument in ("-", "--password-stdin", "-f-")
        or argument.endswith(("=-", "=@-", "=@/dev/stdin"))
        or argument == "/dev/stdin"
        for argument in arguments
    )


# The exit code; what the caller's own process has still to do (`kill`, `hang`), and with which signal.
Answer = tuple[int, str, str]


def run(name: str, handle: Callable[[Call], str], arguments: list[str]) -> Answer:
    """Runs `handle` as the command `name`."""
    folder = os.environ.get("WORLD_DIR", "")
    if not os.path.isfile(os.path.join(folder, "state.json")):
        sys.exit(f"{name}: WORLD_DIR names no test world")
    # Before taking the lock: what writes into our input may be another fake that needs it.
    stdin = sys.stdin.read() if _wants_stdin(arguments) else ""
    deadline = os.environ.get("WORLD_DEADLINE")
    code, stdout, stderr, timed_out = 0, "", "", False
    with World(folder, int(deadline) if deadline else None) as world:
        began = world.now
        fault = faults.match(world, name, " ".join(arguments)) or {}
        kind = fault.get("kind")
        before = fault.get("when", "before") == "before"
        try:
            if kind == "slow":
                world.advance(times.duration(fault.get("delay", "10s")))
            if kind == "logged-out":
                code, stderr = 1, LOGGED_OUT.format(now=times.text(world.now), start=times.text(world.state["start"]))
            elif not (before and kind in ("fail", "hang", "kill")) or fault.get("signal"):
                call = Call(world, arguments, stdin)
                try:
                    stdout = handle(call)
                except CommandError as error:
                    code, stderr, stdout = error.exit, error.stderr, error.stdout
                except TimedOut:
                    raise
                except Exception as error:
                    # Arguments that the stand-in cannot cope with must not pass for a failure of the real command.
                    world.problem(f"{name} {' '.join(arguments)}: the stand-in broke: {error!r}")
                    code, stderr = 99, f"{name}: the test world's stand-in broke: {error!r}"
                stderr = "".join(call.warnings) + stderr
        except TimedOut:
            timed_out = True
        if kind == "fail":
            code = int(fault.get("exit", 1))
            stdout, stderr = fault.get("stdout", ""), fault.get("stderr", f"{name}: injected failure")
        elif kind == "garbage":
            stdout = fault.get("stdout", "<html><body>502 Bad Gateway</body></html>\n")
        entry = {"at": began, "command": name, "args": arguments, "exit": code}
        if world.now != began:
            entry["took"] = world.now - began
        if stderr:
            entry["stderr"] = stderr
        if kind:
            entry["fault"] = kind
        if timed_out or kind == "hang":
            entry["exit"] = 124
        elif kind == "kill" and "signal" not in fault:
            entry["exit"] = 137
        world.record(entry)
    if kind == "kill":
        # What a struck script would have read is gone with it, unless only a signal was sent.
        if "signal" not in fault:
            return 137, "kill", "KILL"
    if kind == "hang" or timed_out:
        return 124, "hang", ""
    try:
        if stderr:
            sys.stderr.write(stderr if stderr.endswith("\n") else stderr + "\n")
            sys.stderr.flush()
        # Files come through as they are: bytes that are no UTF-8 travel as surrogates.
        sys.stdout.buffer.write(stdout.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader went away early (`… | head -1`): the real tools end just as quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code, "kill" if kind == "kill" else "", fault.get("signal", "")
