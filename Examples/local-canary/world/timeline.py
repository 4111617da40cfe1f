"""What a release did and what the customers saw of it, line by line, while it happens.

    timeline.py FOLDER -- COMMAND…

Runs the command in the repository that it stands in, keeps what it prints in FOLDER/logs/release.log, and ends with its exit
code. The lines come from the journal that the generated scripts write, and from what the customers were answered.
"""

import json
import math
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from processes import kill_session

STEP = 3
WIDTH = 20
# Events of the journal that tell a reader nothing that the line before or after does not say.
QUIET = {"shifting", "tell", "told", "untold", "met", "unmet", "pending", "unknown"}
WORDS = {
    "preflight": "before", "passed": "check", "deploying": "deploy", "deployed": "deploy", "shifted": "traffic",
    "held": "judged good", "stopped": "STOPPED", "finished": "finish", "promoted": "PROMOTED", "rolling-back": "rollback",
    "undone": "traffic", "rolled-back": "ROLLED BACK", "recovered": "recovered", "extended": "longer",
}


class Follower:
    """The lines that a file of JSON lines gets from now on."""

    def __init__(self, path):
        self.path = path
        self.place = path.stat().st_size if path.exists() else 0

    def news(self):
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            file.seek(self.place)
            while (line := file.readline()).endswith("\n"):
                self.place = file.tell()
                yield json.loads(line)


def short(version):
    """v2-20261121-1 is v2 to a reader."""
    return version.split("-")[0]


def readable(text):
    text = re.sub(r"localhost/corner-shop@sha256:([0-9a-f]{12})[0-9a-f]*", r"the image \1", text)
    return re.sub(r"\b(v\d+)-[a-z0-9.-]*[a-z0-9]", r"\1", text)


def seen(lines, candidate):
    """What customers were answered, in one line: how many, by whom, and how often with an error."""
    answers, errors = {}, {}
    for line in lines:
        for version, codes in line["answers"].items():
            answers[version] = answers.get(version, 0) + sum(codes.values())
            errors[version] = errors.get(version, 0) + sum(n for code, n in codes.items() if code >= "500")
    total = sum(answers.values())
    if not total:
        return None
    parts = []
    for version in sorted(answers):
        part = f"{short(version)} {100 * answers[version] / total:.0f} %"
        parts.append(part + (f" ({errors[version]} errors)" if errors[version] else ""))
    filled = math.ceil(WIDTH * answers.get(candidate, 0) / total)
    return f"{'█' * filled}{'░' * (WIDTH - filled)}  {total} customers: {', '.join(parts)}"


def main():
    folder, command = pathlib.Path(sys.argv[1]), sys.argv[3:]
    journal = Follower(folder / "state/corner-shop/local/journal.jsonl")
    customers = Follower(folder / "customers.jsonl")
    started = time.monotonic()

    def say(word, text):
        print(f"{time.monotonic() - started:5.0f} s  {word:<12} {text}", flush=True)

    gathered, candidate = [], None
    with open(folder / "logs/release.log", "ab") as log:
        release = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while True:
            code = release.poll()
            for event in journal.news():
                if event["event"] == "deployed":
                    candidate = event["text"].split(" ")[0]
                if event["event"] not in QUIET:
                    say(WORDS.get(event["event"], event["event"]), readable(event["text"]))
            gathered += customers.news()
            if len(gathered) >= STEP or code is not None:
                line = seen(gathered, candidate)
                if line:
                    say("", line)
                gathered = []
            if code is not None:
                return code
            time.sleep(0.2)
    finally:
        # Told to stop, it leaves nothing running; there is no time for a rollback, for the whole world ends.
        kill_session(release.pid)


if __name__ == "__main__":
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    sys.exit(main())
