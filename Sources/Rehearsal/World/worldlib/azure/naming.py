"""Resource ids, and the resource behind one: tags and markers are set by id, whatever the kind."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

# Where a kind of resource is kept in the state. Ids compare without case.
KINDS = {
    "apps": "Microsoft.App/containerapps",
    "containers": "Microsoft.ContainerInstance/containerGroups",
    "traffic_managers": "Microsoft.Network/trafficManagerProfiles",
}


def resource_id(call: Call, group: str, kind: str, name: str) -> str:
    subscription = call.world.state["azure"]["subscription"]
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{kind}/{name}"


def owner(call: Call, wanted: str) -> dict[str, Any] | None:
    """The state of the resource with this id."""
    for place, kind in KINDS.items():
        for name, item in call.world.state["azure"][place].items():
            if resource_id(call, item["resource_group"], kind, name).lower() == wanted.lower():
                return item
    return None
