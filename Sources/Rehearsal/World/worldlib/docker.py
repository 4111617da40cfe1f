"""A stand-in for docker: login, build and push, and looking at images in the world's registry."""

from __future__ import annotations

import json
import os

from . import registry
from .command import CommandError
from .options import Options, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .command import Call


def handle(call: Call) -> str:
    words = call.arguments
    for length in (3, 2, 1):
        name = " ".join(words[:length])
        if len(words) >= length and name in COMMANDS:
            break
    else:
        raise CommandError(
            1, f"docker: unknown command: docker {' '.join(words[:1])}\n\nRun 'docker --help' for more information"
        )
    options, function = COMMANDS[name]
    try:
        values, positional = options.parse(words[length:])
    except UsageError as error:
        if not error.unknown:
            raise CommandError(125, error.args[0]) from error
        kind = "flag" if error.unknown.startswith("--") else "shorthand flag"
        raise CommandError(
            125, f"unknown {kind}: {error.unknown.partition('=')[0]}\n\nUsage:  docker {name} [OPTIONS]"
        ) from error
    return function(call, values, positional)


def login(call: Call, values: dict[str, Any], words: list[str]) -> str:
    host = words[0] if words else "docker.io"
    if "username" not in values:
        raise CommandError(1, "Must provide --username with --password-stdin")
    if not values.get("password-stdin"):
        call.warn("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n")
    secret = call.stdin.strip() if values.get("password-stdin") else values.get("password", "")
    if not secret:
        raise CommandError(
            1, f'Error response from daemon: Get "https://{host}/v2/": unauthorized: authentication required'
        )
    registry.login(call.world.state, host)
    return "Login Succeeded\n"


def logout(call: Call, _: dict[str, Any], words: list[str]) -> str:
    host = words[0] if words else "docker.io"
    call.world.state["registry"]["logins"] = [name for name in call.world.state["registry"]["logins"] if name != host]
    return f"Removing login credentials for {host}\n"


def _may_push(call: Call, references: list[str]) -> None:
    for reference in references:
        if not registry.may_use(call.world.state, reference):
            raise CommandError(
                1, f"ERROR: failed to push {reference}: denied: requested access to the resource is denied"
            )


def build(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if len(words) != 1:
        raise CommandError(1, 'ERROR: "docker buildx build" requires exactly 1 argument.')
    tags = values.get("tag", [])
    push = values.get("push") or any(
        "push=true" in text or "type=registry" in text for text in values.get("output", [])
    )
    local = call.world.state["registry"].setdefault("local", [])
    if words[0] not in ("-",) and "://" not in words[0] and not os.path.isdir(words[0]):
        raise CommandError(1, f'ERROR: failed to build: unable to prepare context: path "{words[0]}" not found')
    file = values.get("file", os.path.join(words[0], "Dockerfile"))
    if words[0] != "-" and "://" not in words[0] and not os.path.isfile(file):
        raise CommandError(
            1,
            f"ERROR: failed to build: failed to solve: failed to read dockerfile: open {file}: no such file or directory",
        )
    digest = "sha256:" + "0" * 64
    if push:
        if not tags:
            raise CommandError(1, "ERROR: failed to build: tag is needed when pushing to registry")
        _may_push(call, tags)
        digest = registry.push(call.world.state, tags)
    else:
        local += [tag for tag in tags if tag not in local]
    metadata = {"containerimage.digest": digest, "image.name": ",".join(tags), "containerimage.config.digest": digest}
    for option, text in (("metadata-file", json.dumps(metadata, indent=2)), ("iidfile", digest)):
        if option in values:
            with open(values[option], "w", encoding="utf-8") as out:
                out.write(text)
    return ""


def tag(call: Call, _: dict[str, Any], words: list[str]) -> str:
    state = call.world.state["registry"]
    local = state.setdefault("local", [])
    if len(words) != 2:
        raise CommandError(1, "docker: 'docker tag' requires 2 arguments")
    if words[0] not in local and registry.digest(call.world.state, words[0]) is None:
        raise CommandError(1, f"Error response from daemon: No such image: {words[0]}")
    local.append(words[1])
    return ""


def push(call: Call, _: dict[str, Any], words: list[str]) -> str:
    if words[0] not in call.world.state["registry"].get("local", []):
        raise CommandError(1, f"An image does not exist locally with the tag: {words[0].partition(':')[0]}")
    _may_push(call, words[:1])
    digest = registry.push(call.world.state, words[:1])
    return f"{words[0].rpartition(':')[2]}: digest: {digest} size: 1234\n"


def pull(call: Call, _: dict[str, Any], words: list[str]) -> str:
    digest = _found(call, words[0])
    call.world.state["registry"].setdefault("local", []).append(words[0])
    return f"Digest: {digest}\nStatus: Downloaded newer image for {words[0]}\n{words[0]}\n"


def _found(call: Call, reference: str) -> str:
    digest = registry.digest(call.world.state, reference)
    if digest is None:
        raise CommandError(1, f"ERROR: {reference}: not found")
    return digest


def inspect(call: Call, values: dict[str, Any], words: list[str]) -> str:
    digest = _found(call, words[0])
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "digest": digest,
        "size": 1234,
    }
    template = values.get("format")
    if values.get("raw"):
        return json.dumps(manifest)
    if template is None:
        return f"Name:      {words[0]}\nMediaType: {manifest['mediaType']}\nDigest:    {digest}\n"
    shown = {
        "{{json .Manifest}}": json.dumps(manifest),
        "{{.Manifest.Digest}}": digest,
        "{{json .Manifest.Digest}}": json.dumps(digest),
        "{{.Name}}": words[0],
        "{{json .}}": json.dumps({"name": words[0], "manifest": manifest}),
    }
    compact = template.replace("{{ ", "{{").replace(" }}", "}}")
    if compact not in shown:
        raise CommandError(1, f"ERROR: the test world does not know the template {template}")
    return shown[compact] + "\n"


def create(call: Call, values: dict[str, Any], words: list[str]) -> str:
    digest = _found(call, words[0])
    _may_push(call, values.get("tag", []))
    for reference in values.get("tag", []):
        call.world.state["registry"]["images"][reference] = digest
    return ""


BUILD = Options(
    value="--file,-f --metadata-file --iidfile --target --progress --network --builder --provenance --sbom --platform",
    repeat="--tag,-t --build-arg --label --secret --ssh --cache-from --cache-to --output,-o "
    "--build-context --attest --annotation",
    flag="--push --load --no-cache --pull --quiet,-q",
)
COMMANDS = {
    "login": (Options(value="--username,-u --password,-p", flag="--password-stdin"), login),
    "logout": (Options(), logout),
    "build": (BUILD, build),
    "buildx build": (BUILD, build),
    "buildx create": (Options(value="--name --driver --driver-opt", flag="--use --bootstrap"), lambda *_: "world\n"),
    "buildx version": (Options(), lambda *_: "github.com/docker/buildx v0.24.0\n"),
    "buildx imagetools inspect": (Options(value="--format --builder", flag="--raw"), inspect),
    "buildx imagetools create": (
        Options(value="--builder --file,-f", repeat="--tag,-t --annotation", flag="--append --dry-run"),
        create,
    ),
    "tag": (Options(), tag),
    "push": (Options(value="--platform", flag="--quiet,-q --all-tags,-a"), push),
    "pull": (Options(value="--platform", flag="--quiet,-q"), pull),
    "version": (Options(value="--format,-f"), lambda *_: "28.2.2\n"),
}
