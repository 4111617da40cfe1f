"""`gh issue`, `gh pr comment`, `gh label create`, `gh run`, `gh auth status`: the shorthands that scripts use."""

from __future__ import annotations

import json
import os

from ..command import CommandError
from ..options import Options
from . import api, routing
from .model import add_issue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

FIELDS = {
    "number": "number",
    "title": "title",
    "body": "body",
    "state": "state",
    "labels": "labels",
    "url": "html_url",
    "createdAt": "created_at",
    "author": "user",
    "comments": "comments",
    "assignees": "assignees",
}


def _repository(call: Call, values: dict[str, Any]) -> None:
    wanted = values.get("repo") or os.environ.get("GH_REPO") or os.environ.get("GITHUB_REPOSITORY")
    if wanted and wanted != call.world.state["github"]["repository"]:
        raise CommandError(1, f"GraphQL: Could not resolve to a Repository with the name '{wanted}'. (repository)")


def _body(call: Call, values: dict[str, Any]) -> str:
    if "body-file" not in values:
        if "body" not in values:
            raise CommandError(1, "must provide `--title` and `--body` when not running interactively")
        return values["body"]
    if values["body-file"] == "-":
        return call.stdin
    with open(values["body-file"], encoding="utf-8") as file:
        return file.read()


def _names(values: dict[str, Any]) -> list[str]:
    return [name for text in values.get("label", []) for name in text.split(",")]


def issue_list(call: Call, values: dict[str, Any], _: list[str]) -> str:
    _repository(call, values)
    state = values.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise CommandError(
            1, f'invalid argument "{state}" for "-s, --state" flag: valid values are {{open|closed|all}}'
        )
    found = [
        issue
        for issue in reversed(call.world.state["github"]["issues"])
        if state in ("all", issue["state"])
        and all(name in [label["name"] for label in issue["labels"]] for name in _names(values))
        and all(
            word.lower() in f"{issue['title']} {issue['body']}".lower()
            for word in values.get("search", "").split()
            if ":" not in word
        )
    ][: int(values.get("limit", 30))]
    if "json" not in values:
        return "".join(f"{issue['number']}\t{issue['state'].upper()}\t{issue['title']}\n" for issue in found)
    wanted = values["json"].split(",")
    unknown = [name for name in wanted if name not in FIELDS]
    if unknown:
        raise CommandError(1, f'Unknown JSON field: "{unknown[0]}"')
    rows = [
        {name: issue[FIELDS[name]].upper() if name == "state" else issue[FIELDS[name]] for name in wanted}
        for issue in found
    ]
    text = json.dumps(rows, ensure_ascii=False)
    return api._jq(text, values["jq"]) if "jq" in values else text + "\n"


def issue_create(call: Call, values: dict[str, Any], _: list[str]) -> str:
    _repository(call, values)
    state = call.world.state["github"]
    if "title" not in values:
        raise CommandError(1, "must provide `--title` and `--body` when not running interactively")
    for name in _names(values):
        if name not in state["labels"]:
            raise CommandError(1, f"could not add label: '{name}' not found")
    made = add_issue(
        state,
        {
            "title": values["title"],
            "body": _body(call, values),
            "labels": _names(values),
            "assignees": values.get("assignee", []),
        },
        call.world.now,
    )
    return made["html_url"] + "\n"


def _comment(call: Call, values: dict[str, Any], words: list[str]) -> str:
    _repository(call, values)
    if not words:
        raise CommandError(1, "argument required: an issue or pull request number or URL")
    number = words[0].rstrip("/").rpartition("/")[2].lstrip("#")
    request = routing.Request(call, "POST", {}, {"body": _body(call, values)})
    try:
        made = routing.answer(request, f"repos/{request.state['repository']}/issues/{number}/comments")
    except routing.NotFound:
        raise CommandError(
            1, f"GraphQL: Could not resolve to an issue or pull request with the number of {number}. (repository.issue)"
        ) from None
    return made["html_url"] + "\n"


def issue_close(call: Call, values: dict[str, Any], words: list[str]) -> str:
    _repository(call, values)
    for issue in call.world.state["github"]["issues"]:
        if str(issue["number"]) == words[0]:
            issue["state"] = "closed"
            return ""
    raise CommandError(
        1, f"GraphQL: Could not resolve to an issue or pull request with the number of {words[0]}. (repository.issue)"
    )


def label_create(call: Call, values: dict[str, Any], words: list[str]) -> str:
    _repository(call, values)
    labels = call.world.state["github"]["labels"]
    if words[0] in labels and not values.get("force"):
        raise CommandError(
            1, f'label with name "{words[0]}" already exists; use `--force` to update its color and description'
        )
    if words[0] not in labels:
        labels.append(words[0])
    return ""


COMMENT = Options(value="--repo,-R --body,-b --body-file,-F", flag="--edit-last --create-if-none")
COMMANDS = {
    "issue list": (
        Options(
            value="--repo,-R --state,-s --json --jq,-q --limit,-L --search,-S --assignee,-a --author,-A",
            repeat="--label,-l",
        ),
        issue_list,
    ),
    "issue create": (
        Options(
            value="--repo,-R --title,-t --body,-b --body-file,-F --milestone,-m", repeat="--label,-l --assignee,-a"
        ),
        issue_create,
    ),
    "issue comment": (COMMENT, _comment),
    "issue close": (Options(value="--repo,-R --comment,-c --reason,-r"), issue_close),
    "pr comment": (COMMENT, _comment),
    "label create": (Options(value="--repo,-R --color,-c --description,-d", flag="--force,-f"), label_create),
    "auth status": (
        Options(value="--hostname,-h", flag="--active,-a"),
        lambda *_: "github.com\n  Logged in to github.com\n",
    ),
}
