"""The world's folder: `state.json` under a lock, the clock, and the log of what was called."""

from __future__ import annotations

import fcntl
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class TimedOut(Exception):
    """The virtual deadline of the `timeout` above this command is reached."""


def read_clock(folder: str) -> int:
    with open(os.path.join(folder, "clock"), encoding="ascii") as file:
        return int(file.read())


def write_clock(folder: str, milliseconds: int) -> None:
    # In place, without truncating, as bin/sleep does: always 13 digits, so a reader never sees half a number.
    descriptor = os.open(os.path.join(folder, "clock"), os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, b"%d\n" % milliseconds)
    finally:
        os.close(descriptor)


def append(folder: str, name: str, entry: dict[str, Any]) -> None:
    """One JSON line; a single write to a file opened for appending does not mix with others."""
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    descriptor = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def read_lines(folder: str, name: str) -> list[dict[str, Any]]:
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]
    except FileNotFoundError:
        return []


class World:
    """The state while this process holds the lock: `with World(folder) as world: …`; saved at the end."""

    def __init__(self, folder: str, deadline: int | None = None) -> None:
        self.folder = folder
        self.deadline = deadline
        self.state: dict[str, Any] = {}
        self.now = 0

    def __enter__(self) -> World:
        self._lock = open(os.path.join(self.folder, "lock"), "w", encoding="ascii")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self.is_abandoned():
            raise SystemExit(1)
        with open(os.path.join(self.folder, "state.json"), encoding="utf-8") as file:
            self.state = json.load(file)
        self.now = read_clock(self.folder)
        self._settle()
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        try:
            if kind is None or issubclass(kind, (TimedOut, SystemExit)):
                self.save()
        finally:
            self._lock.close()

    def is_abandoned(self) -> bool:
        """Whether the command that this is done for was killed before its turn came."""
        return False

    @property
    def elapsed(self) -> int:
        """Virtual milliseconds since the world began."""
        return self.now - self.state["start"]

    def advance(self, milliseconds: int) -> None:
        """Lets virtual time pass; stops at the deadline of a `timeout` above, with TimedOut."""
        from . import traffic

        # What has been changed so far counts from this moment, not from the end of the wait.
        traffic.refresh(self)
        target = self.now + max(0, milliseconds)
        over = self.deadline is not None and target > self.deadline
        self.now = max(self.now, self.deadline or 0) if over else target
        self._settle()
        write_clock(self.folder, self.now)
        if over:
            raise TimedOut

    def _settle(self) -> None:
        """What was under way (pods and revisions becoming ready) happens, each at its own moment."""
        from . import azure, effects, kubernetes, traffic

        target = self.now
        while True:
            due = [(at, part) for part in (azure, kubernetes, effects) if (at := part.next_event(self.state)) is not None]
            if not due or min(at for at, _ in due) > target:
                break
            self.now, part = min(due, key=lambda pair: pair[0])
            part.step(self)
            traffic.refresh(self)
        self.now = target
        traffic.refresh(self)

    def save(self) -> None:
        from . import faults, traffic

        traffic.refresh(self)
        write_clock(self.folder, self.now)
        marker = os.path.join(self.folder, "watch-sleep")
        if faults.may_strike_sleep(self.state):
            open(marker, "w", encoding="ascii").close()
        elif os.path.exists(marker):
            os.unlink(marker)
        path = os.path.join(self.folder, "state.json")
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(self.state, file, ensure_ascii=False)
        os.replace(f"{path}.new", path)
        # How often the traffic of each service has changed: whoever watches step by step asks for nothing else.
        counts = "".join(f"{len(history)} {name}\n" for name, history in self.state["history"].items())
        with open(os.path.join(self.folder, "traffic-changes"), "w", encoding="utf-8") as file:
            file.write(counts)

    def record(self, entry: dict[str, Any]) -> None:
        append(self.folder, "calls.jsonl", entry)

    def problem(self, text: str) -> None:
        """Something that the scenario did not foresee; tests should assert that there is none."""
        append(self.folder, "problems.jsonl", {"at": self.now, "problem": text})
