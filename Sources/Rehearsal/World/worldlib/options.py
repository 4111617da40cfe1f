"""A strict reader of command lines: unknown options and missing required ones are errors, as in the real tools."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class UsageError(Exception):
    """`unknown` names an option that the tool does not have; otherwise `args[0]` says what is wrong."""

    def __init__(self, message: str, unknown: str | None = None) -> None:
        super().__init__(message)
        self.unknown = unknown


class Options:
    """What a command accepts, in one line per kind: `Options(value="--name,-n --image,-i", flag="--all")`.

    An option's aliases are joined by commas. `many` takes all values up to the next option (`--tags a=1 b=2`),
    `repeat` may be given again and again. The value is found under the first name without dashes.
    """

    def __init__(self, value: str = "", flag: str = "", many: str = "", repeat: str = "", required: str = "") -> None:
        self.kinds: dict[str, tuple[str, str]] = {}
        self.shown: dict[str, str] = {}
        for kind, text in (("value", value), ("flag", flag), ("many", many), ("repeat", repeat)):
            for group in text.split():
                names = group.split(",")
                key = names[0].lstrip("-")
                self.shown[key] = "/".join(names)
                for name in names:
                    self.kinds[name] = (key, kind)
        self.required = required.split()

    def extended(self, other: Options) -> Options:
        merged = Options()
        merged.kinds = {**other.kinds, **self.kinds}
        merged.shown = {**other.shown, **self.shown}
        merged.required = self.required + other.required
        return merged

    def parse(self, arguments: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The options' values and what is left as positional arguments."""
        values: dict[str, Any] = {}
        positional: list[str] = []
        index = 0
        while index < len(arguments):
            argument = arguments[index]
            index += 1
            if argument == "--":
                positional += arguments[index:]
                break
            if argument == "-" or not argument.startswith("-"):
                positional.append(argument)
                continue
            name, equals, attached = argument.partition("=")
            if not argument.startswith("--") and name not in self.kinds:
                index = self._cluster(argument, arguments, index, values)
                continue
            if name not in self.kinds:
                raise UsageError(argument, unknown=argument)
            key, kind = self.kinds[name]
            if kind == "flag":
                if equals and attached not in ("true", "false"):
                    raise UsageError(f'invalid argument "{attached}" for "{name}" flag')
                values[key] = attached != "false" if equals else True
            elif kind == "many":
                found = [attached] if equals else []
                while not equals and index < len(arguments) and not self._is_option(arguments[index]):
                    found.append(arguments[index])
                    index += 1
                if not found:
                    raise UsageError(f"argument {self.shown[key]}: expected at least one argument")
                values[key] = found
            else:
                if not equals:
                    if index >= len(arguments):
                        raise UsageError(f"argument {self.shown[key]}: expected one argument")
                    attached = arguments[index]
                    index += 1
                if kind == "repeat":
                    values.setdefault(key, []).append(attached)
                else:
                    values[key] = attached
        missing = [self.shown[key] for key in self.required if key not in values]
        if missing:
            raise UsageError(f"the following arguments are required: {', '.join(missing)}")
        return values, positional

    def _is_option(self, argument: str) -> bool:
        return argument.partition("=")[0] in self.kinds or argument.startswith("--")

    def _cluster(self, argument: str, arguments: list[str], index: int, values: dict[str, Any]) -> int:
        """Short options written together: `-fsS`, `-nprod`."""
        letters = argument[1:]
        while letters:
            name, letters = f"-{letters[0]}", letters[1:]
            if name not in self.kinds:
                raise UsageError(argument, unknown=argument)
            key, kind = self.kinds[name]
            if kind == "flag":
                values[key] = True
                continue
            if not letters:
                if index >= len(arguments):
                    raise UsageError(f"argument {self.shown[key]}: expected one argument")
                letters = arguments[index]
                index += 1
            value = letters.removeprefix("=")
            if kind in ("repeat", "many"):
                values.setdefault(key, []).append(value)
            else:
                values[key] = value
            break
        return index
