"""`gh api`: fields, queries, pages and `--jq` as the real command has them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from urllib.parse import parse_qsl, unquote, urlsplit

from ..command import CommandError
from ..options import Options
from . import artifacts, changes, environments, releases, runs, talk  # noqa: F401 they register their paths
from .routing import NotFound, Raw, Rejected, Request, answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def _typed(value: str, stdin: str) -> Any:
    """-F turns literals into what they mean and `@file` into its text."""
    if value in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[value]
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    if value.startswith("@"):
        if value == "@-":
            return stdin
        with open(value[1:], encoding="utf-8") as file:
            return file.read()
    return value


def _assign(body: dict[str, Any], name: str, value: Any) -> None:
    """`a=1`, `a[b]=1`, `a[]=1` as gh nests them."""
    first, *rest = re.findall(r"^[^\[]+|\[[^\]]*\]", name)
    keys = [first] + [part[1:-1] for part in rest]
    target: Any = body
    for key, following in zip(keys, keys[1:]):
        empty: Any = [] if following == "" else {}
        target = target.setdefault(key, empty) if isinstance(target, dict) else target
    if isinstance(target, list):
        target.append(value)
    else:
        target[keys[-1]] = value


def _jq(text: str, expression: str) -> str:
    done = subprocess.run(["jq", "-r", "-c", expression], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError(1, f"failed to parse jq expression: {done.stderr.strip()}", done.stdout)
    return done.stdout


def api(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if len(words) != 1:
        raise CommandError(1, f"accepts 1 arg(s), received {len(words)}")
    body: Any = {}
    for pair in values.get("raw-field", []):
        name, _, value = pair.partition("=")
        _assign(body, name, value)
    for pair in values.get("field", []):
        name, equals, value = pair.partition("=")
        if not equals and name.endswith("[]"):
            # Without a value it is an empty list.
            body.setdefault(name[:-2], [])
            continue
        _assign(body, name, _typed(value, call.stdin))
    fields = bool(values.get("raw-field") or values.get("field"))
    if "input" in values:
        text = call.stdin if values["input"] == "-" else open(values["input"], encoding="utf-8").read()
        try:
            body = {**json.loads(text), **body} if fields else json.loads(text)
        except json.JSONDecodeError as error:
            raise CommandError(1, "gh: Problems parsing JSON (HTTP 400)") from error
    method = values.get("method", "POST" if fields or "input" in values else "GET").upper()
    split = urlsplit(words[0].removeprefix("https://api.github.com"))
    query = dict(parse_qsl(split.query))
    if method == "GET":
        query.update({name: str(value) for name, value in body.items()})
    path = unquote(split.path.strip("/"))
    state = call.world.state["github"]
    wanted = os.environ.get("GH_REPO") or os.environ.get("GITHUB_REPOSITORY") or state["repository"]
    owner, _, name = wanted.partition("/")
    path = path.replace("{owner}", owner).replace("{repo}", name)
    if values.get("slurp") and ("jq" in values or not values.get("paginate")):
        other = "not supported with `--jq` or `--template`" if "jq" in values else "only with `--paginate`"
        raise CommandError(1, f"the `--slurp` option is {other}")
    pages = _pages(Request(call, method, query, body), path, bool(values.get("paginate")))
    if values.get("silent"):
        return ""
    if isinstance(pages[0], Raw):
        return pages[0].content.decode("utf-8", "surrogateescape")
    if "jq" in values:
        # Each page by itself: `--jq length` of three pages is three numbers.
        return "".join(_jq("" if page is None else json.dumps(page, ensure_ascii=False), values["jq"]) for page in pages)
    if values.get("slurp"):
        return json.dumps(pages, ensure_ascii=False)
    if isinstance(pages[0], list):
        pages = [[item for page in pages for item in page]]
    text = "".join("" if page is None else json.dumps(page, ensure_ascii=False) for page in pages)
    return ("HTTP/2.0 200 OK\n\n" if values.get("include") else "") + text


def _pages(request: Request, path: str, all_pages: bool) -> list[Any]:
    """The answer, or with `--paginate` all its pages; thirty entries unless more are asked for."""
    size, page = min(100, int(request.query.get("per_page", 30))), int(request.query.get("page", 1))
    try:
        result = answer(request, path)
        if isinstance(result, list):
            last = max(page, -(-len(result) // size)) if all_pages else page
            return [result[(number - 1) * size : number * size] for number in range(page, last + 1)]
        results = [result]
        if all_pages and isinstance(result, dict) and "total_count" in result:
            # What wraps its list cuts the pages itself.
            name = next((key for key, value in result.items() if isinstance(value, list)), "")
            seen = len(result[name]) if name else result["total_count"]
            while results[-1].get(name) and seen < result["total_count"]:
                page += 1
                request.query["page"] = str(page)
                results.append(answer(request, path))
                seen += len(results[-1][name])
        return results
    except NotFound:
        raise _refused(404, "Not Found") from None
    except Rejected as error:
        raise _refused(error.args[0], error.args[1]) from None


def _refused(status: int, message: str) -> CommandError:
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return CommandError(1, f"gh: {message} (HTTP {status})", json.dumps(body, separators=(",", ":")))


COMMANDS = {
    "api": (
        Options(
            value="--method,-X --jq,-q --input --cache --hostname --template,-t",
            repeat="--raw-field,-f --field,-F --header,-H --preview,-p",
            flag="--paginate --silent --include,-i --slurp --verbose",
        ),
        api,
    ),
}
