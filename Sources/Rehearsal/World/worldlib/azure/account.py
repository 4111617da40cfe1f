"""Signing in, the account, registries and extensions."""

from __future__ import annotations

from .. import registry, times
from ..command import CommandError
from ..options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def _account(call: Call) -> dict[str, Any]:
    state = call.world.state["azure"]
    return {
        "environmentName": "AzureCloud",
        "homeTenantId": state["tenant"],
        "id": state["subscription"],
        "isDefault": True,
        "name": "Example",
        "state": "Enabled",
        "tenantId": state["tenant"],
        "user": {"name": "99999999-8888-7777-6666-555555555555", "type": "servicePrincipal"},
    }


def login(call: Call, values: dict[str, Any]) -> Any:
    if values.get("service-principal") and "username" not in values:
        raise CommandError(
            1, "ERROR: usage error: --username USERNAME --service-principal --password SECRET --tenant TENANT"
        )
    minutes = call.world.state["azure"]["token_minutes"]
    if minutes is not None:
        call.world.state["azure"]["token_expires"] = call.world.now + times.duration(f"{minutes}m")
    for rule in call.world.state["faults"]:
        # A fault of kind logged-out that says so is over once someone has signed in again.
        if rule["kind"] == "logged-out" and rule.get("until_login") and rule.get("fired"):
            rule["done"] = True
    return [_account(call)]


def show(call: Call, _: dict[str, Any]) -> Any:
    return _account(call)


def set_account(call: Call, values: dict[str, Any]) -> Any:
    if values["name"] not in (call.world.state["azure"]["subscription"], "Example"):
        raise CommandError(1, f"ERROR: The subscription of '{values['name']}' doesn't exist in cloud 'AzureCloud'.")
    return None


def acr_login(call: Call, values: dict[str, Any]) -> Any:
    host = f"{values['name'].removesuffix('.azurecr.io')}.azurecr.io"
    if values.get("expose-token"):
        return {"accessToken": "world-registry-token", "loginServer": host}
    registry.login(call.world.state, host)
    call.warn("Login Succeeded")
    return None


def acr_image(call: Call, values: dict[str, Any]) -> Any:
    reference = f"{values['name']}.azurecr.io/{values.get('image', values.get('repository', ''))}"
    digest = registry.digest(call.world.state, reference)
    if digest is None:
        raise CommandError(
            1, f'ERROR: 2026-01-01 Error: manifest unknown: manifest tagged by "{reference}" is not found.'
        )
    return {"digest": digest, "name": reference.rpartition(":")[2]}


def nothing(_: Call, __: dict[str, Any]) -> Any:
    return None


COMMANDS = {
    "login": (
        Options(
            value="--username,-u --password,-p --tenant,-t --federated-token --certificate",
            flag="--service-principal --allow-no-subscriptions --identity,-i --use-device-code",
        ),
        login,
    ),
    "logout": (Options(value="--username"), nothing),
    "version": (Options(), lambda *_: {"azure-cli": "2.75.0", "azure-cli-core": "2.75.0", "extensions": {}}),
    "config set": (Options(), nothing),
    "extension add": (
        Options(value="--name,-n --version --source,-s", flag="--upgrade,-U --yes,-y --allow-preview"),
        nothing,
    ),
    "extension show": (Options(value="--name,-n", required="name"), lambda _, values: {"name": values["name"]}),
    "account show": (Options(value="--name,-n --subscription,-s"), show),
    "account set": (Options(value="--name,--subscription,-n,-s", required="name"), set_account),
    "acr login": (
        Options(
            value="--name,-n --resource-group,-g --suffix --username,-u --password,-p",
            flag="--expose-token,-t",
            required="name",
        ),
        acr_login,
    ),
    "acr repository show": (
        Options(value="--name,-n --image,-t --repository --suffix --username,-u --password,-p", required="name"),
        acr_image,
    ),
}
