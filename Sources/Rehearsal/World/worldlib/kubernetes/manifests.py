"""Manifests: JSON, or the plain part of YAML that manifests are written in (no anchors, tags or folded flow style)."""

from __future__ import annotations

import json
import os
import re

from ..command import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

KEY = re.compile(
    r"(\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'|[^\s#:\[\]{}\"'&*!|>%@`-][^:#]*?|-[^\s:][^:#]*?)\s*:(?:\s+(.*))?$"
)


def load(call: Call, paths: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Every object in the files, with the name of its file for messages (`STDIN` for `-`)."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in paths:
        names = [path]
        if path != "-" and os.path.isdir(path):
            names = sorted(
                os.path.join(path, name) for name in os.listdir(path) if name.endswith((".yaml", ".yml", ".json"))
            )
        for name in names:
            try:
                text = call.stdin if name == "-" else open(name, encoding="utf-8").read()
            except OSError as error:
                raise CommandError(1, f'error: the path "{name}" does not exist') from error
            shown = "STDIN" if name == "-" else name
            for document in parse(text, shown):
                items = document["items"] if str(document.get("kind", "")).endswith("List") else [document]
                found += [(shown, item) for item in items]
    if not found:
        raise CommandError(1, "error: no objects passed to apply")
    return found


def parse(text: str, name: str) -> list[dict[str, Any]]:
    stripped = text.lstrip()
    try:
        if stripped.startswith(("{", "[")):
            decoder, position, documents = json.JSONDecoder(), 0, []
            while position < len(stripped):
                document, position = decoder.raw_decode(stripped, position)
                documents.append(document)
                while position < len(stripped) and stripped[position].isspace():
                    position += 1
        else:
            documents = [
                _Reader(part).document()
                for part in re.split(r"^---(?:[ \t].*)?$", text, flags=re.MULTILINE)
                if re.sub(r"^\s*#.*$", "", part, flags=re.MULTILINE).strip()
            ]
    except (ValueError, IndexError) as error:
        raise CommandError(1, f"error: error parsing {name}: error converting YAML to JSON: {error}") from error
    for document in documents:
        if not isinstance(document, dict) or "kind" not in document or "apiVersion" not in document:
            raise CommandError(
                1, f'error: error validating "{name}": error validating data: [apiVersion not set, kind not set]'
            )
    return documents


class _Reader:
    """Block mappings and sequences, plain and quoted scalars, `|` and `>` blocks, flow collections on one line."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.index = 0

    def document(self) -> Any:
        value = self._block(0)
        self._skip()
        if self.index < len(self.lines):
            raise ValueError(f"line {self.index + 1}: unexpected indentation")
        return value

    def _skip(self) -> None:
        while self.index < len(self.lines) and not re.sub(r"(^|\s)#.*$", "", self.lines[self.index]).strip():
            self.index += 1

    def _indent(self) -> int:
        line = self.lines[self.index]
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise ValueError(f"line {self.index + 1}: found a tab where indentation is expected")
        return len(line) - len(line.lstrip(" "))

    def _block(self, least: int) -> Any:
        self._skip()
        if self.index >= len(self.lines) or self._indent() < least:
            return None
        indent = self._indent()
        content = self.lines[self.index].strip()
        if content == "-" or content.startswith("- "):
            return self._sequence(indent)
        if KEY.match(content):
            return self._mapping(indent)
        self.index += 1
        return scalar(content, self.index)

    def _sequence(self, indent: int) -> list[Any]:
        items: list[Any] = []
        while True:
            self._skip()
            if self.index >= len(self.lines) or self._indent() != indent:
                return items
            line = self.lines[self.index]
            content = line.strip()
            if not (content == "-" or content.startswith("- ")):
                return items
            if content == "-":
                self.index += 1
                items.append(self._block(indent + 1))
                continue
            # What follows the dash is a block of its own, indented by where it stands.
            inner = content[1:].lstrip()
            self.lines[self.index] = " " * (len(line) - len(line.lstrip()) + len(content) - len(inner)) + inner
            items.append(self._block(indent + 1))

    def _mapping(self, indent: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while True:
            self._skip()
            if self.index >= len(self.lines) or self._indent() != indent:
                if self.index < len(self.lines) and self._indent() > indent:
                    raise ValueError(f"line {self.index + 1}: unexpected indentation")
                return result
            content = self.lines[self.index].strip()
            match = KEY.match(content)
            if not match:
                if content == "-" or content.startswith("- "):
                    return result
                raise ValueError(f"line {self.index + 1}: could not find expected ':'")
            name = scalar(match.group(1), self.index + 1)
            key = name if isinstance(name, str) else match.group(1)
            rest = re.sub(r"^#.*$", "", (match.group(2) or "").strip())
            if key in result:
                raise ValueError(f'line {self.index + 1}: key "{key}" already set in map')
            self.index += 1
            if rest == "":
                self._skip()
                below = (
                    self.index < len(self.lines)
                    and self._indent() == indent
                    and self.lines[self.index].strip()[:2] in ("- ", "-")
                )
                result[key] = self._sequence(indent) if below else self._block(indent + 1)
            elif re.match(r"[|>][+-]?\s*(#.*)?$", rest):
                result[key] = self._literal(indent, rest)
            else:
                result[key] = scalar(rest, self.index)

    def _literal(self, indent: int, style: str) -> str:
        lines: list[str] = []
        while self.index < len(self.lines):
            line = self.lines[self.index]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            lines.append(line)
            self.index += 1
        depth = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        text = ("\n" if style[0] == "|" else " ").join(line[depth:] for line in lines).rstrip()
        return text if "-" in style else text + "\n"


def scalar(text: str, line: int) -> Any:
    """A plain, quoted or one-line flow value."""
    text = text.strip()
    if text[:1] in "\"'" or text[:1] in "[{":
        value, rest = _flow(text, line)
        if rest.strip() and not rest.strip().startswith("#"):
            raise ValueError(f"line {line}: unexpected text after the value: {rest.strip()}")
        return value
    return _plain(re.sub(r"\s#.*$", "", text).strip(), line)


def _plain(text: str, line: int) -> Any:
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    if re.fullmatch(r"[-+]?\d+\.\d*(e[-+]?\d+)?", text):
        return float(text)
    if text[0] in "&*!%@`" or re.search(r":\s", text):
        raise ValueError(f"line {line}: this YAML is beyond the test world: {text}")
    return text


def _flow(text: str, line: int) -> tuple[Any, str]:
    """A value of flow style and the text behind it."""
    text = text.lstrip()
    if text[0] == '"':
        match = re.match(r"\"(?:\\.|[^\"\\])*\"", text)
        if not match:
            raise ValueError(f"line {line}: unclosed quote")
        return json.loads(match.group()), text[match.end() :]
    if text[0] == "'":
        match = re.match(r"'((?:''|[^'])*)'", text)
        if not match:
            raise ValueError(f"line {line}: unclosed quote")
        return match.group(1).replace("''", "'"), text[match.end() :]
    if text[0] == "[":
        items, text = [], text[1:].lstrip()
        while not text.startswith("]"):
            value, text = _flow(text, line)
            items.append(value)
            text = text.lstrip().removeprefix(",").lstrip()
        return items, text[1:]
    if text[0] == "{":
        result, text = {}, text[1:].lstrip()
        while not text.startswith("}"):
            match = re.match(r"(\"(?:\\.|[^\"\\])*\"|'[^']*'|[^:,\[\]{}]+?)\s*:\s*", text)
            if not match:
                raise ValueError(f"line {line}: could not find expected ':'")
            value, text = _flow(text[match.end() :], line)
            result[match.group(1).strip("\"'")] = value
            text = text.lstrip().removeprefix(",").lstrip()
        return result, text[1:]
    match = re.match(r"[^,\[\]{}]+", text)
    if not match:
        raise ValueError(f"line {line}: unclosed collection")
    return _plain(match.group().strip(), line), text[match.end() :]
