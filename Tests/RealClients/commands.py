"""Which commands of a few clients generated files hold, read from the files' syntax trees.

Every place in a script, a workflow or a runbook that names a client gives one or more argument vectors. What is only known when
the script runs gets the values that the script itself can give it (assignments, arrays, arguments of the calling functions), one
after the other, and `1` where it has none: that is a number, a name and a word. Nothing is left out because a run did not reach it.
"""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator

CLIENTS = ("gh", "kubectl", "az", "docker")
NAMED = rf"\b(?:{'|'.join(CLIENTS)})\b"
UNKNOWN = "1"
# Where `1` is not of the form that a client asks for.
SHAPED = {"REPOSITORY": "octo-org/shop", "GITHUB_REPOSITORY": "octo-org/shop", "ENDPOINT_STATUS": "Enabled"}
# These name a client without calling it.
MENTIONS = {"need_tools", "command", "type", "hash"}
DEPTH = 4
FILLED_IN = {"<new-endpoint-status>": "Enabled", "<previous-endpoint-status>": "Disabled"}
# Where things stand takes up most of a tree.
POSITIONS = {"Pos", "End", "ValueEnd", "Left", "Right", "Dollar", "Rbrace", "OpPos", "Lbrace", "Position", "Semicolon"}
ANSI_C = {"n": "\n", "t": "\t", "'": "'", '"': '"', "\\": "\\"}

Node = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One argument vector, and the first place that has it."""

    arguments: tuple[str, ...]
    place: str = field(compare=False)

    @property
    def client(self) -> str:
        return self.arguments[0]


class UnreadableScript(Exception):
    pass


def collect(root: pathlib.Path, shfmt: str) -> list[Command]:
    """Every distinct command below `root`, with its first place."""
    found: dict[tuple[str, ...], Command] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix in READERS:
            for command in commands(READERS[path.suffix](path.read_text("utf-8")), f"{path.relative_to(root)}", shfmt):
                found.setdefault(command.arguments, command)
    return list(found.values())


def commands(script: str, name: str, shfmt: str) -> list[Command]:
    if not re.search(NAMED, script):
        return []
    done = subprocess.run([shfmt, "--to-json"], input=script, capture_output=True, text=True)
    if done.returncode != 0:
        raise UnreadableScript(f"{name}:{done.stderr.strip()}")
    return list(Script(json.loads(done.stdout), name).commands())


def shell_of_runbook(text: str) -> str:
    """The commands of a runbook, each in its own line as there, with something where a person fills something in."""
    lines = []
    fence: int | None = None
    for line in text.split("\n"):
        mark = re.match(r"( *)```(\S*)", line)
        if mark and fence is None:
            fence, shell = len(mark[1]), mark[2] in ("bash", "shell", "sh")
            lines.append("")
        elif mark:
            fence = None
            lines.append("")
        elif fence is not None:
            lines.append(line[fence:] if shell else "")
        else:
            lines.append("; ".join(re.findall(rf"`({NAMED} [^`]+)`", line)))
    text = "\n".join(lines)
    for place, value in FILLED_IN.items():
        text = text.replace(place, value)
    return re.sub(r"<[A-Za-z_-]+>", UNKNOWN, text)


def shell_of_workflow(text: str) -> str:
    """What the `run` of the steps holds, a block or the rest of the line. An expression becomes a word."""
    lines = []
    block: int | None = None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            lines.append(line)
            continue
        block = None
        found = re.match(r" *(?:- )?run: (.*)$", line) or re.match(r"# With gh: (gh .*)", line)
        script = found[1] if found else ""
        if re.fullmatch(r"[|>][-+0-9]*", script):
            block, script = indent, ""
        lines.append(script)
    return re.sub(r"\$\{\{.*?\}\}", UNKNOWN, "\n".join(lines))


READERS: dict[str, Callable[[str], str]] = {
    ".sh": lambda text: text,
    ".md": shell_of_runbook,
    ".yml": shell_of_workflow,
}


class Script:
    """A syntax tree with its functions, their callers, and what is assigned where."""

    def __init__(self, tree: Node, name: str) -> None:
        self.name = name
        self.calls: list[tuple[Node, str]] = []
        self.assigned: dict[tuple[str, str], list[Node]] = {}
        self.shifts: dict[str, list[tuple[int, int]]] = {}
        self.callers: dict[str, list[tuple[Node, str]]] = {}
        self.bodies: dict[str, Node] = {}
        self._visit(tree, "")
        for call, inside in self.calls:
            first = literal(call["Args"][0]) if call.get("Args") else None
            if first in self.bodies:
                self.callers.setdefault(first, []).append((call, inside))

    def _visit(self, node: Any, inside: str) -> None:
        if isinstance(node, list):
            for one in node:
                self._visit(one, inside)
            return
        if not isinstance(node, dict):
            return
        kind = node.get("Type")
        if kind == "FuncDecl":
            inside = node["Name"]["Value"]
            self.bodies[inside] = node
        elif kind == "CallExpr" and node.get("Args"):
            self.calls.append((node, inside))
            if literal(node["Args"][0]) == "shift":
                count = literal(node["Args"][1]) if len(node["Args"]) > 1 else "1"
                self.shifts.setdefault(inside, []).append((node["Pos"]["Offset"], int(count or 1)))
        elif kind == "WordIter":
            for word in node.get("Items") or []:
                self.assigned.setdefault((inside, node["Name"]["Value"]), []).append({"Value": word})
        for assignment in (node.get("Assigns") or []) + (node.get("Args") or [] if kind == "DeclClause" else []):
            if "Name" in assignment:
                self.assigned.setdefault((inside, assignment["Name"]["Value"]), []).append(assignment)
        for key, one in node.items():
            if key not in POSITIONS and isinstance(one, (dict, list)):
                self._visit(one, inside)

    def commands(self) -> Iterator[Command]:
        for call, inside in self.calls:
            words = call["Args"]
            names = [literal(word) for word in words]
            if names[0] in MENTIONS:
                continue
            at = next((index for index, name in enumerate(names) if name in CLIENTS), None)
            if at is None:
                continue
            choices = [self.values(word, inside) for word in words[at:]]
            if at > 0:
                choices += self._appended(names[0])
            place = f"{self.name}:{call['Pos']['Line']}"
            # Each value once, not each with each: what a client refuses, it refuses by itself.
            for turn in range(max(len(choice) for choice in choices)):
                chosen = [choice[turn % len(choice)] for choice in choices]
                yield Command(tuple(word for words in chosen for word in words), place)

    def _appended(self, function: str | None) -> list[list[list[str]]]:
        """What a function puts behind the command that it is given."""
        if function not in self.bodies:
            return []
        for call, inside in self.calls:
            words = call["Args"]
            at = next((index for index, word in enumerate(words) if is_all_arguments(word)), None)
            if inside == function and at is not None and len(words) > at + 1:
                return [self.values(word, inside) for word in words[at + 1 :]]
        return []

    def values(self, word: Node, inside: str, depth: int = 0) -> list[list[str]]:
        """What a word can become: alternatives, each of them none, one or several arguments."""
        parts = word.get("Parts") or []
        if len(parts) == 1:
            part = parts[0]
            if part["Type"] == "DblQuoted" and len(part.get("Parts") or []) == 1:
                part = part["Parts"][0]
            if part["Type"] == "ParamExp" and (several := self._several(part, inside, depth)) is not None:
                return several
        texts = [""]
        for part in parts:
            own = self._texts(part, inside, depth, quoted=False)
            texts = [
                texts[turn % len(texts)] + own[turn % len(own)] for turn in range(max(len(texts), len(own)))
            ]
        return [[text] for text in texts]

    def _texts(self, part: Node, inside: str, depth: int, quoted: bool) -> list[str]:
        kind = part["Type"]
        if kind == "Lit":
            pattern = r"\\([$`\"\\])" if quoted else r"\\(.)"
            return [re.sub(pattern, r"\1", re.sub(r"\\\n", "", part.get("Value", "")))]
        if kind == "SglQuoted":
            text = part.get("Value", "")
            if part.get("Dollar"):
                text = re.sub(r"\\(.)", lambda match: ANSI_C.get(match[1], match[0]), text)
            return [text]
        if kind == "DblQuoted":
            texts = [""]
            for one in part.get("Parts") or []:
                own = self._texts(one, inside, depth, quoted=True)
                texts = [
                    texts[turn % len(texts)] + own[turn % len(own)] for turn in range(max(len(texts), len(own)))
                ]
            return texts
        if kind == "ParamExp":
            name = part["Param"]["Value"]
            if name in SHAPED:
                return [SHAPED[name]]
            if any(key in part for key in ("Repl", "Slice", "Exp", "Length")) or depth >= DEPTH:
                return [UNKNOWN]
            found = [words[0] for words in self._scalar(name, inside, part, depth) if words]
            return found or [UNKNOWN]
        return [UNKNOWN]

    def _scalar(self, name: str, inside: str, part: Node, depth: int) -> list[list[str]]:
        if name.isdigit() and inside:
            given = self._given(inside, part["Pos"]["Offset"], depth)
            return distinct([[words[int(name) - 1]] for words in given if len(words) >= int(name)])
        sources = self.assigned.get((inside, name))
        scope = [(inside, one) for one in sources or []]
        if not sources:
            scope = [(where, one) for (where, key), those in self.assigned.items() if key == name for one in those]
        found = []
        for where, assignment in scope:
            if value := assignment.get("Value"):
                found += [words for words in self.values(value, where, depth + 1) if words != [""]]
        return distinct(found)

    def _several(self, part: Node, inside: str, depth: int) -> list[list[str]] | None:
        """The values of `"$@"`, of an array, and of `${array[@]+"${array[@]}"}`; nothing for all else."""
        name = part["Param"]["Value"]
        if name == "@":
            if not inside or depth >= DEPTH:
                return [[]]
            return some(self._given(inside, part["Pos"]["Offset"], depth))
        index = part.get("Index") or {}
        if literal(index) != "@" or depth >= DEPTH:
            return None
        found: list[list[str]] = []
        for assignment in self.assigned.get((inside, name), []):
            elements = [self.values(one["Value"], inside, depth + 1) for one in (assignment.get("Array") or {}).get("Elems") or []]
            for turn in range(max((len(one) for one in elements), default=1)):
                found.append([word for one in elements for word in one[turn % len(one)]])
        return some(found)

    def _given(self, function: str, offset: int, depth: int) -> list[list[str]]:
        """The arguments that callers give a function, less those that it has shifted away before `offset`."""
        gone = sum(count for at, count in self.shifts.get(function, []) if at < offset)
        given = []
        for call, inside in self.callers.get(function, []):
            words = [self.values(word, inside, depth + 1) for word in call["Args"][1:]]
            for turn in range(max((len(one) for one in words), default=1)):
                given.append([word for one in words for word in one[turn % len(one)]][gone:])
        return given


def literal(word: Node) -> str | None:
    """The text of a word without quotes and expansions."""
    parts = word.get("Parts") or []
    return parts[0].get("Value") if len(parts) == 1 and parts[0]["Type"] == "Lit" else None


def is_all_arguments(word: Node) -> bool:
    parts = word.get("Parts") or []
    if len(parts) != 1 or parts[0]["Type"] != "DblQuoted":
        return False
    inner = parts[0].get("Parts") or []
    return len(inner) == 1 and inner[0]["Type"] == "ParamExp" and inner[0]["Param"]["Value"] == "@"


def some(values: list[list[str]]) -> list[list[str]]:
    """Different values, and no empty one beside others: that is what is not known rather than what is not there."""
    return distinct([value for value in values if value]) or [[]]


def distinct(values: list[list[str]]) -> list[list[str]]:
    return [list(one) for one in dict.fromkeys(tuple(value) for value in values)]
