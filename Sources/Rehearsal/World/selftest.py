#!/usr/bin/env python3
"""Tests of the test world itself: `python3 Sources/Rehearsal/World/selftest.py [-v] [NAME…]`."""

from __future__ import annotations

import concurrent.futures
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any

HERE = os.path.dirname(os.path.realpath(__file__))
WORLD = os.path.join(HERE, "world")
sys.dont_write_bytecode = False
sys.path.insert(0, HERE)
from worldlib import life, programs, times  # noqa: E402
from worldlib.azure.output import select  # noqa: E402
from worldlib.kubernetes import jsonpath, manifests, patches  # noqa: E402
from worldlib.scenario import ScenarioError, build  # noqa: E402

VERSIONS = {
    "1.9.0": {"match": r"1[.-]9[.-]0", "error_percent": 0.1, "p95_ms": 100},
    "1.10.0": {"match": r"1[.-]10[.-]0", "error_percent": 0.1, "p95_ms": 110},
}
APP = {
    "versions": VERSIONS,
    "services": {"shop": {"requests_per_second": 20, "hosts": ["shop.example"], "from": {"azure": "shop"}}},
    "azure": {
        "apps": {
            "shop": {
                "resource_group": "rg",
                "fqdn": "shop.test.example",
                "revisions": [{"suffix": "v1-9-0", "image": "r.azurecr.io/shop:1.9.0"}],
                "traffic": [{"revision": "v1-9-0", "weight": 100}],
            }
        }
    },
}
CLUSTER = {
    "versions": VERSIONS,
    "services": {
        "shop": {
            "requests_per_second": 100,
            "hosts": ["shop.example", {"host": "canary.example", "track": "canary"}],
            "from": {"httproute": "prod/shop"},
            "tracks": {"canary": "-canary ", "stable": "^shop "},
        }
    },
    "kubernetes": {
        "namespace": "prod",
        "deployments": [
            {
                "name": "shop",
                "replicas": 4,
                "containers": {"app": "ghcr.io/x/shop:1.9.0"},
                "pod_labels": {"app": "shop", "track": "stable"},
            },
            {
                "name": "shop-canary",
                "replicas": 1,
                "containers": {"app": "ghcr.io/x/shop:1.9.0"},
                "pod_labels": {"app": "shop", "track": "canary"},
            },
        ],
        "services": [
            {"name": "shop", "selector": {"app": "shop", "track": "stable"}},
            {"name": "shop-canary", "selector": {"app": "shop", "track": "canary"}},
        ],
        "httproutes": [
            {"name": "shop", "backends": [{"service": "shop", "weight": 100}, {"service": "shop-canary", "weight": 0}]}
        ],
    },
}
BLUE_HOST = "blue.westeurope.azurecontainer.io"
UPDATE = "az containerapp update -n shop -g rg --image r.azurecr.io/shop:1.10.0 --revision-suffix v1-10-0 -o none\n"


def traffic_set(old: int, new: int) -> str:
    return f"az containerapp ingress traffic set -n shop -g rg --revision-weight shop--v1-9-0={old} shop--v1-10-0={new} -o none\n"


def with_version(scenario: dict[str, Any], name: str, **fields: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(scenario))
    copy["versions"][name].update(fields)
    return copy


class WorldCase(unittest.TestCase):
    """A world in a fresh folder; its server, if it has one, ends with the test."""

    def begin(self, scenario: dict[str, Any], http: bool = False) -> None:
        self.folder = tempfile.mkdtemp(prefix="world-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(self.world, "stop", self.folder)
        options = [] if http else ["--no-http"]
        self.world("start", self.folder, "--scenario", "-", *options, stdin=json.dumps(scenario))

    def world(self, *arguments: str, stdin: str = "") -> str:
        """The command, within this process: starting another for each would be most of the time that these tests take."""
        output, sys.stdin = io.StringIO(), io.StringIO(stdin)
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                if arguments[0] == "start":
                    code = life.start(arguments[1], arguments[3], http="--no-http" not in arguments)
                elif arguments[0] == "stop":
                    code = life.stop(arguments[1])
                else:
                    code, _, _ = programs.run("world", list(arguments))
        finally:
            sys.stdin = sys.__stdin__
        self.assertEqual(code, 0, output.getvalue())
        return output.getvalue()

    def script(self, text: str, exit: int | None = 0, env: dict[str, str] | None = None) -> str:
        """Runs bash lines in the world; returns both outputs."""
        done = subprocess.run(
            [sys.executable, WORLD, "run", self.folder, "--limit", "20", "--", "bash", "-c", text],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=self.folder,
            env={**os.environ, "TZ": "UTC", "GH_TOKEN": "t", "GITHUB_REPOSITORY": "octo-org/shop", **(env or {})},
        )
        if exit is not None:
            self.assertEqual(done.returncode, exit, done.stdout)
        return done.stdout

    def elapsed(self) -> float:
        begin = int(self.world("show", self.folder, "start"))
        with open(os.path.join(self.folder, "clock"), encoding="ascii") as file:
            return (int(file.read()) - begin) / 1000

    def calls(self) -> list[dict[str, Any]]:
        return json.loads(self.world("calls", self.folder, "--json"))

    def weights(self) -> dict[str, float]:
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        return {share["track"]: share["weight"] for share in rows[-1]["shares"] if share["weight"]}

    def problems(self) -> str:
        return subprocess.run(
            [sys.executable, WORLD, "problems", self.folder], capture_output=True, text=True, check=False
        ).stdout


class Clock(WorldCase):
    def test_sleep_advances_virtual_time_and_waits_for_nothing(self) -> None:
        self.begin({})
        began = time.monotonic()
        self.script("sleep 10; sleep 1.5; sleep 10s; sleep 5m; sleep 08 0.25; sleep 1h; sleep .5")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.elapsed(), 10 + 1.5 + 10 + 300 + 8.25 + 3600 + 0.5)

    def test_sleep_refuses_what_the_real_one_refuses(self) -> None:
        self.begin({})
        self.assertIn("invalid time interval 'ten'", self.script("sleep ten", exit=1))
        self.assertIn("missing operand", self.script("sleep", exit=1))

    def test_date_shows_virtual_time_in_all_the_forms_scripts_use(self) -> None:
        self.begin({"start": "2026-06-02T22:30:00Z"})
        shown = self.script("""sleep 90
date +%s; date -u +%FT%TZ; date -u -d @123 +%T; TZ=Europe/Berlin date '+%u %F'; date -u -d "2026-01-01" +%s
date -u -d '5 minutes ago' +%T; date -u -d 'today 06:00' +%FT%T; date -u -d '1 day ago' +%F; date --utc --date=tomorrow +%F
TZ=UTC date -d 'TZ="Europe/Berlin" 02:00' +%FT%T; date -Iseconds -u; date +%s%3N""").split("\n")
        self.assertEqual(
            shown[:-1],
            [
                "1780439490",
                "2026-06-02T22:31:30Z",
                "00:02:03",
                "3 2026-06-03",
                "1767225600",
                "22:26:30",
                "2026-06-02T06:00:00",
                "2026-06-01",
                "2026-06-03",
                "2026-06-03T00:00:00",
                "2026-06-02T22:31:30+00:00",
                "1780439490000",
            ],
        )

    def test_date_in_zones_at_given_seconds_and_as_on_macos(self) -> None:
        self.begin({"start": "2026-06-02T22:30:00Z"})
        text = """date -u +%Y-%m-%dT%H:%M:%SZ
TZ=America/New_York date +%u/%H:%M/%d/%m; TZ=Asia/Tokyo date +%u; TZ=UTC date +%H:%M
date -u -r 1780439490 +%FT%TZ 2>/dev/null || date -u -d @1780439490 +%FT%TZ
"""
        shown = ["2026-06-02T22:30:00Z", "2/18:30/02/06", "3", "22:30", "2026-06-02T22:31:30Z"]
        self.assertEqual(self.script(text).split(), shown)
        self.assertEqual(self.script(text, env={"WORLD_DATE": "bsd"}).split(), shown)
        self.script("date -u -r 1780439490 +%F", exit=1)
        self.assertIn("illegal option", self.script("date -u -d @1 +%F", exit=1, env={"WORLD_DATE": "bsd"}))

    def test_timeout_ends_a_sleep_at_its_virtual_limit(self) -> None:
        self.begin({})
        self.assertEqual(
            self.script("timeout 30 sleep 60; echo $?; timeout -k 5 1m sleep 20; echo $?").split(), ["124", "0"]
        )
        self.assertEqual(self.elapsed(), 50)

    def test_timeout_ends_a_loop_of_sleeps(self) -> None:
        self.begin({})
        self.assertEqual(
            self.script("timeout --kill-after=5 7 bash -c 'while sleep 2; do echo t; done'; echo $?").split(),
            ["t"] * 3 + ["124"],
        )
        self.assertEqual(self.elapsed(), 7)

    def test_an_outer_timeout_that_ends_earlier_stays_in_charge(self) -> None:
        self.begin({})
        self.assertEqual(
            self.script("timeout 10 bash -c 'timeout 60 sleep 30; echo inner $?'; echo $?").split(), ["124"]
        )
        self.assertEqual(self.elapsed(), 10)

    def test_timeout_keeps_the_exit_code_and_the_options_of_the_real_one(self) -> None:
        self.begin({})
        self.assertEqual(
            self.script(
                "timeout 5 bash -c 'exit 3'; echo $?; timeout --preserve-status -s INT 5 sleep 9; echo $?"
            ).split(),
            ["3", "130"],
        )


class Azure(WorldCase):
    def test_pinned_traffic_stays_until_it_is_shifted(self) -> None:
        self.begin(APP)
        self.script(UPDATE)
        self.assertEqual(self.weights(), {"shop--v1-9-0": 100})
        self.script(traffic_set(90, 10))
        self.assertEqual(self.weights(), {"shop--v1-9-0": 90, "shop--v1-10-0": 10})

    def test_a_latest_entry_gives_the_new_revision_everything_at_once(self) -> None:
        scenario = json.loads(json.dumps(APP))
        scenario["azure"]["apps"]["shop"]["traffic"] = [{"latest": True, "weight": 100}]
        self.begin(scenario)
        self.script(UPDATE)
        self.assertEqual(self.weights(), {"shop--v1-10-0": 100})

    def test_single_mode_replaces_the_old_revision(self) -> None:
        scenario = json.loads(json.dumps(APP))
        scenario["azure"]["apps"]["shop"]["mode"] = "Single"
        self.begin(scenario)
        shown = self.script(
            UPDATE + "az containerapp revision list -n shop -g rg --query '[].name' -o tsv\n"
            "az containerapp revision list -n shop -g rg --all --query 'length(@)'\n"
        )
        self.assertEqual(shown.split(), ["shop--v1-10-0", "2"])
        self.assertEqual(self.weights(), {"shop--v1-10-0": 100})

    def test_a_suffix_cannot_be_used_twice(self) -> None:
        self.begin(APP)
        self.assertIn("revision with suffix v1-10-0 already exists", self.script(UPDATE + UPDATE, exit=1))

    def test_weights_must_sum_to_100_and_name_active_revisions(self) -> None:
        self.begin(APP)
        self.assertIn("must sum to 100", self.script(UPDATE + traffic_set(80, 10), exit=1))
        self.assertIn("may not exceed 100", self.script(traffic_set(95, 10), exit=1))
        self.assertIn("does not exist", self.script(traffic_set(90, 10).replace("v1-10-0", "nope"), exit=1))
        self.script("az containerapp revision deactivate -g rg --revision shop--v1-10-0 -o none")
        self.assertIn("inactive revision", self.script(traffic_set(90, 10), exit=1))
        self.assertEqual(self.weights(), {"shop--v1-9-0": 100})

    def test_an_activated_revision_serves_only_when_it_is_ready(self) -> None:
        scenario = with_version(APP, "1.9.0", ready_seconds=15)
        scenario["azure"]["apps"]["shop"]["revisions"].append(
            {"suffix": "v1-10-0", "image": "r.azurecr.io/shop:1.10.0"}
        )
        scenario["azure"]["apps"]["shop"]["revisions"][0]["active"] = False
        scenario["azure"]["apps"]["shop"]["traffic"] = [{"revision": "v1-10-0", "weight": 100}]
        self.begin(scenario)
        state = "az containerapp revision show -g rg --revision shop--v1-9-0 --query properties.runningState -o tsv\n"
        activate = "az containerapp revision activate -g rg --revision shop--v1-9-0 -o none\n"
        self.assertEqual(
            self.script(state + activate + state + "sleep 15\n" + state).split(), ["Stopped", "Activating", "Running"]
        )

    def test_a_revision_that_never_gets_ready_fails_the_update_and_takes_nothing(self) -> None:
        self.begin(with_version(APP, "1.10.0", ready=False))
        self.assertIn("Failed to provision revision", self.script(UPDATE, exit=1))
        health = (
            "az containerapp revision show -n shop -g rg --revision shop--v1-10-0 --query properties.healthState -o tsv"
        )
        self.assertEqual(self.script(health).strip(), "Unhealthy")
        self.assertEqual(self.weights(), {"shop--v1-9-0": 100})

    def test_unknown_options_and_commands_and_missing_ones_are_usage_errors(self) -> None:
        self.begin(APP)
        self.assertIn(
            "unrecognized arguments: --weight", self.script("az containerapp show -n shop -g rg --weight 1", exit=2)
        )
        self.assertIn(
            "arguments are required: --resource-group/-g", self.script("az containerapp show -n shop", exit=2)
        )
        self.assertIn("misspelled", self.script("az containerap show", exit=2))
        self.assertIn("was not found", self.script("az containerapp show -n nope -g rg", exit=3))

    def test_tags_merge_are_deleted_and_have_the_limits_of_the_service(self) -> None:
        self.begin(APP)
        shown = self.script("""id=$(az containerapp show -n shop -g rg --query id -o tsv)
az tag update --resource-id "$id" --operation Merge --tags lease=42 step=10 -o none
az tag update --resource-id "$id" --operation Delete --tags lease=42 -o none
az tag list --resource-id "$id" --query properties.tags -o json
az tag update --resource-id "$id" --operation Merge --tags "a/b=1" || true
az tag update --resource-id "$id" --operation Merge --tags "j=$(printf %300s x)" || true""")
        self.assertIn('{\n  "step": "10"\n}', shown)
        self.assertIn("InvalidTagNameCharacters", shown)
        self.assertIn("'256' characters", shown)

    def test_metrics_per_minute_count_what_a_revision_served(self) -> None:
        self.begin(with_version(APP, "1.10.0", error_percent=10))
        shown = self.script(
            UPDATE
            + traffic_set(75, 25)
            + """sleep 10m
id=$(az containerapp show -n shop -g rg --query id -o tsv)
for filter in "revisionName eq 'shop--v1-10-0'" "revisionName eq 'shop--v1-10-0' and statusCodeCategory eq '5xx'"; do
  az monitor metrics list --resource "$id" --metric Requests --aggregation Total --interval PT1M \\
    --start-time "$(date -u -d '5 minutes ago' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)" --filter "$filter" |
    jq '[.value[0].timeseries[0].data[].total // 0] | .[1:5] | add'
done"""
        )
        self.assertEqual([round(float(line)) for line in shown.split()], [1200, 120])

    def test_log_analytics_answers_by_rule_with_texts_and_reports_unknown_queries(self) -> None:
        scenario = json.loads(json.dumps(APP))
        scenario["azure"]["workspaces"] = ["w"]
        scenario["queries"] = [
            {"match": "ContainerAppConsoleLogs", "columns": {"bad": "errors", "total": "requests"}, "lag": "1m"}
        ]
        self.begin(scenario)
        query = "az monitor log-analytics query --workspace w --analytics-query '{}' --timespan PT5M -o json"
        self.assertEqual(
            json.loads(self.script(query.format("ContainerAppConsoleLogs | summarize"))),
            [{"TableName": "PrimaryResult", "bad": "4.8", "total": "4800"}],
        )
        self.script(query.format("Other"), exit=1)
        self.assertIn("no rule", self.problems())

    def test_a_login_ends_after_its_lifetime_and_can_be_renewed(self) -> None:
        scenario = json.loads(json.dumps(APP))
        scenario["azure"]["token_minutes"] = 60
        self.begin(scenario)
        self.assertIn("AADSTS700024", self.script("az account show -o none && sleep 1h && az account show", exit=1))
        self.script(
            "az login --service-principal -u id -t tenant --federated-token x -o none && az account show -o none"
        )


class Containers(WorldCase):
    """Container Instances, alone and behind a Traffic Manager profile."""

    SCENARIO: dict[str, Any] = {
        "versions": VERSIONS,
        "services": {"shop": {"requests_per_second": 10, "from": {"traffic_manager": "prod"}}},
        "azure": {
            "containers": {
                "blue": {"resource_group": "rg", "image": "r.azurecr.io/shop:1.9.0", "tags": {"a": "1"}},
                "green": {"resource_group": "rg", "image": "r.azurecr.io/shop:1.10.0"},
            },
            "traffic_managers": {
                "prod": {
                    "resource_group": "rg",
                    "endpoints": [
                        {"name": "stable", "container": "blue", "weight": 100},
                        {"name": "canary", "container": "green", "weight": 1, "status": "Disabled"},
                    ],
                }
            },
        },
    }
    CREATE = (
        "az container create -g rg -n {} --image r.azurecr.io/shop:{} --os-type Linux --cpu 1 --memory 1.5 "
        "--dns-name-label {} --ports 80 --ip-address Public "
    )
    ENDPOINT = (
        "az network traffic-manager endpoint update -g rg --profile-name prod --type externalEndpoints -o none -n "
    )

    def rows(self) -> list[tuple[float, dict[str, float]]]:
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        return [
            (row["elapsed"], {share["track"]: share["weight"] for share in row["shares"] if share["weight"]})
            for row in rows
        ]

    def test_a_group_is_created_in_time_and_answers_when_its_version_is_ready(self) -> None:
        scenario = with_version(self.SCENARIO, "1.10.0", ready_seconds=15)
        self.begin(scenario, http=True)
        ask = "curl -s http://new.westeurope.azurecontainer.io/health -o /dev/null -w '%{http_code}\\n'\n"
        shown = self.script(
            self.CREATE.format("new", "1.10.0", "new")
            + "-e A=1 --secure-environment-variables B=2 --registry-login-server r.azurecr.io --registry-username u "
            + "--registry-password p --restart-policy Always --location westeurope -o json >new.json\n"
            + ask
            + "sleep 15\n"
            + ask
            + "jq -r '.provisioningState, .instanceView.state, .ipAddress.fqdn, .ipAddress.dnsNameLabel, "
            "(.ipAddress.ports[0].port | tostring), .containers[0].instanceView.currentState.state, "
            "(.containers[0].environmentVariables | map(.value // \"hidden\") | join(\",\")), .id' new.json\n"
        )
        self.assertEqual(
            shown.split(),
            ["503", "200", "Succeeded", "Running", "new.westeurope.azurecontainer.io", "new", "80", "Running"]
            + ["1,hidden"]
            + [
                "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/"
                "Microsoft.ContainerInstance/containerGroups/new"
            ],
        )
        self.assertEqual(self.elapsed(), 30 + 15 + 2 * 0.02)

    def test_another_image_under_the_same_name_is_downtime_and_takes_the_tags(self) -> None:
        self.begin(with_version(self.SCENARIO, "1.10.0", ready_seconds=5))
        show = "az container show -g rg -n blue --query tags.a -o tsv\n"
        self.assertEqual(self.script(show + self.CREATE.format("blue", "1.10.0", "blue") + "-o none\n" + show).split(), ["1"])
        self.script("sleep 10")
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        served = [(row["elapsed"], [share["version"] for share in row["shares"] if share["weight"]]) for row in rows]
        self.assertEqual([versions for _, versions in served], [["1.9.0"], ["(down)"], ["1.10.0"]])
        self.assertEqual([at for at, _ in served][1:], [0, 35])

    def test_groups_stop_start_restart_and_go(self) -> None:
        self.begin(self.SCENARIO)
        state = "az container show -g rg -n blue -o json | jq -r '.instanceView.state'\n"
        shown = self.script(
            f"{state}az container stop -g rg -n blue\n{state}az container start -g rg -n blue --no-wait\n{state}"
            f"sleep 30\n{state}az container restart -g rg -n blue\naz container delete -g rg -n blue --yes -o none\n"
            "az container list -g rg --query '[].name' -o tsv\naz container delete -g rg -n blue --yes\n"
        )
        self.assertEqual(shown.split(), ["Running", "Stopped", "Pending", "Running", "green"])
        self.assertEqual(self.elapsed(), 60)
        self.assertIn("was not found", self.script(state.partition(" -o")[0], exit=3))
        # The profile still names its host, which leads nowhere.
        self.assertEqual(self.rows()[-1][1], {"stable": 100})

    def test_the_service_refuses_what_the_real_one_refuses(self) -> None:
        self.begin(self.SCENARIO)
        create = self.CREATE.format("blue", "1.9.0", "blue")
        for command, code, text in (
            (create + "--tags a=1", 2, "unrecognized arguments: --tags"),
            (create.replace("--os-type Linux", ""), 1, "InvalidOsType"),
            (create.replace("--cpu 1", ""), 1, "ResourceRequestsNotSpecified"),
            (create.replace("--cpu 1", "--cpu 2"), 1, "you must delete it first"),
            (create.replace("-n blue", "-n other"), 1, "already taken"),
            (create.replace("-n blue", "-n Blue"), 1, "is invalid"),
            ("az container delete -g rg -n blue", 1, "Use --yes"),
            ("az container exec -g rg -n blue --exec-command ls </dev/null", 1, "ioctl"),
            ("az container exec -g rg -n blue", 2, "--exec-command"),
        ):
            with self.subTest(command):
                self.assertIn(text, self.script(command, exit=code))
        self.assertEqual(self.rows()[-1][1], {"blue": 100})

    def test_a_version_that_never_gets_ready_crashes_and_restarts(self) -> None:
        self.begin(with_version(self.SCENARIO, "1.10.0", ready=False))
        shown = self.script(
            self.CREATE.format("new", "1.10.0", "new")
            + "-o json | jq -r '.containers[0].instanceView | .currentState.detailStatus, .restartCount'"
        )
        self.assertEqual(shown.split(), ["CrashLoopBackOff", "5"])

    def test_weights_of_endpoints_split_the_traffic(self) -> None:
        self.begin(self.SCENARIO)
        self.assertEqual(self.rows()[-1][1], {"blue": 100})
        self.script(f"{self.ENDPOINT} canary --weight 25 --endpoint-status Enabled; {self.ENDPOINT} stable --weight 75")
        self.assertEqual(self.rows()[-1][1], {"blue": 75, "green": 25})
        shown = self.script(
            f"{self.ENDPOINT} stable --endpoint-status Disabled\n"
            "az network traffic-manager endpoint list -g rg --profile-name prod --query '[].name' -o tsv\n"
            "az network traffic-manager endpoint show -g rg --profile-name prod -n stable --type ExternalEndpoints "
            "-o json | jq -r '.endpointStatus, .endpointMonitorStatus, .weight, .target, .type'\n"
            "az network traffic-manager profile show -g rg -n prod -o json | "
            "jq -r '.trafficRoutingMethod, .profileStatus, .dnsConfig.fqdn, .dnsConfig.ttl, (.endpoints | length)'\n"
        )
        self.assertEqual(
            shown.split(),
            ["stable", "canary", "Disabled", "Disabled", "75", "blue.westeurope.azurecontainer.io"]
            + ["Microsoft.Network/trafficManagerProfiles/externalEndpoints"]
            + ["Weighted", "Enabled", "prod.trafficmanager.net", "0", "2"],
        )
        self.assertEqual(self.rows()[-1][1], {"green": 100})
        self.script(f"{self.ENDPOINT} canary --endpoint-status Disabled")
        self.assertEqual(self.rows()[-1][1], {"prod": 100})

    def test_a_weight_takes_effect_when_the_answers_have_expired(self) -> None:
        scenario = json.loads(json.dumps(self.SCENARIO))
        scenario["azure"]["traffic_managers"]["prod"]["ttl"] = 30
        self.begin(scenario)
        self.script(f"{self.ENDPOINT} canary --weight 100 --endpoint-status Enabled; sleep 60")
        self.assertEqual(self.rows()[1:], [(30, {"blue": 50, "green": 50})])

    def test_endpoints_come_and_go_within_the_limits(self) -> None:
        self.begin(self.SCENARIO)
        endpoint = "az network traffic-manager endpoint {} -g rg --profile-name prod --type externalEndpoints -n {} "
        for weight in ("0", "1001"):
            self.assertIn("between 1 and 1000", self.script(f"{self.ENDPOINT} stable --weight {weight}", exit=1))
        self.assertIn("'target'", self.script(endpoint.format("create", "new"), exit=1))
        self.assertIn("already used", self.script(endpoint.format("create", "n") + "--target " + BLUE_HOST, exit=1))
        without_type = self.ENDPOINT.replace("--type externalEndpoints", "") + "stable"
        self.assertIn("arguments are required: --type/-t", self.script(without_type, exit=2))
        self.assertIn("not found", self.script(endpoint.format("show", "nope"), exit=3))
        unasked = endpoint.format("delete", "canary") + "--yes"
        self.assertIn("unrecognized arguments: --yes", self.script(unasked, exit=2))
        self.script(
            endpoint.format("create", "new") + "--target other.example --weight 100 -o none\n"
            + endpoint.format("delete", "canary")
        )
        self.assertEqual(self.rows()[-1][1], {"blue": 50, "new": 50})
        self.script(
            "az network traffic-manager profile create -g rg -n two --routing-method Weighted --unique-dns-name two "
            "--ttl 10 --path /health -o json | jq -e '.TrafficManagerProfile.dnsConfig.ttl == 10'"
        )

    def test_a_profile_and_its_groups_answer_under_their_hosts_and_keep_tags_by_id(self) -> None:
        scenario = json.loads(json.dumps(self.SCENARIO))
        scenario["services"]["shop"]["hosts"] = [
            "shop.example",
            {"host": "green.example", "from": {"container": "green"}},
        ]
        self.begin(scenario, http=True)
        hosts = "shop.example prod.trafficmanager.net green.westeurope.azurecontainer.io green.example"
        shown = self.script(
            f"for h in {hosts}; do curl -s http://$h/ | jq -r .version; done\n"
            "for id in $(az container show -g rg -n blue --query id -o tsv) "
            "$(az network traffic-manager profile show -g rg -n prod --query id -o tsv); do\n"
            'az tag update --resource-id "$id" --operation Merge --tags run=7 -o none\n'
            'az tag list --resource-id "$id" --query properties.tags.run -o tsv\n'
            'az resource tag --ids "$id" --tags b=2 -o none\n'
            'az tag list --resource-id "$id" --query properties.tags -o json | jq -c .\ndone\n'
        )
        self.assertEqual(shown.split(), ["1.9.0", "1.9.0", "1.10.0", "1.10.0", "7", '{"b":"2"}', "7", '{"b":"2"}'])
        self.assertEqual(self.problems(), "")


class Kubernetes(WorldCase):
    SHIFT = """kubectl patch httproute shop -n prod --type=json -p '[
{"op":"test","path":"/spec/rules/0/backendRefs/1/name","value":"shop-canary"},
{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":95},{"op":"replace","path":"/spec/rules/0/backendRefs/1/weight","value":5}]'
"""

    def test_a_json_patch_shifts_the_weights_of_a_route(self) -> None:
        self.begin(CLUSTER)
        self.assertIn("httproute.gateway.networking.k8s.io/shop patched", self.script(self.SHIFT))
        self.assertEqual(self.weights(), {"shop": 95, "shop-canary": 5})

    def test_a_failed_test_operation_changes_nothing(self) -> None:
        self.begin(CLUSTER)
        self.assertIn(
            "The request is invalid",
            self.script(self.SHIFT.replace('"value":"shop-canary"', '"value":"other"'), exit=1),
        )
        self.assertEqual(self.weights(), {"shop": 100})

    def test_a_route_takes_no_strategic_patch(self) -> None:
        self.begin(CLUSTER)
        self.assertIn("UnsupportedMediaType", self.script("kubectl patch httproute shop -p '{\"spec\":{}}'", exit=1))

    def test_a_rolling_update_takes_virtual_time_and_moves_traffic_bit_by_bit(self) -> None:
        self.begin(with_version(CLUSTER, "1.10.0", ready_seconds=20))
        shown = self.script(
            "kubectl set image deployment/shop app=ghcr.io/x/shop:1.10.0 -n prod; kubectl rollout status deployment/shop --timeout=5m"
        )
        self.assertIn("deployment.apps/shop image updated", shown)
        self.assertIn('deployment "shop" successfully rolled out', shown)
        self.assertEqual(self.elapsed(), 80)
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        new = [sum(share["weight"] for share in row["shares"] if share["version"] == "1.10.0") for row in rows]
        self.assertEqual(new, [0, 25, 50, 75, 100])

    def test_a_bad_image_never_becomes_ready_and_the_old_pods_keep_serving(self) -> None:
        self.begin(with_version(CLUSTER, "1.10.0", ready=False))
        shown = self.script(
            "kubectl set image deployment/shop app=ghcr.io/x/shop:1.10.0; kubectl rollout status deployment/shop --timeout=90s",
            exit=1,
        )
        self.assertIn("error: timed out waiting for the condition", shown)
        self.assertEqual(self.elapsed(), 90)
        self.assertEqual(self.weights(), {"shop": 100})
        self.assertIn("exceeded its progress deadline", self.script("kubectl rollout status deployment/shop", exit=1))
        self.assertEqual(self.elapsed(), 600)

    def test_undo_goes_back_refuses_a_paused_deployment_and_a_second_one_returns(self) -> None:
        self.begin(CLUSTER)
        image = 'kubectl get deployment shop -o jsonpath=\'{.spec.template.spec.containers[?(@.name=="app")].image}{"\\n"}\'\n'
        shown = self.script(
            "kubectl set image deployment/shop app=ghcr.io/x/shop:1.10.0 && kubectl rollout pause deployment/shop\n"
            "kubectl rollout undo deployment/shop; kubectl rollout resume deployment/shop\n"
            f"kubectl rollout undo deployment/shop\n{image}kubectl rollout undo deployment/shop\n{image}"
        )
        self.assertIn("you cannot rollback a paused deployment", shown)
        self.assertEqual(
            [line for line in shown.split("\n") if line.startswith("ghcr")],
            ["ghcr.io/x/shop:1.9.0", "ghcr.io/x/shop:1.10.0"],
        )
        self.assertIn(
            "unable to find specified revision 9",
            self.script("kubectl rollout undo deployment/shop --to-revision=9", exit=1),
        )

    def test_a_paused_rollout_stands_still(self) -> None:
        self.begin(with_version(CLUSTER, "1.10.0", ready_seconds=20))
        self.script(
            "kubectl set image deployment/shop app=ghcr.io/x/shop:1.10.0; sleep 45; kubectl rollout pause deployment/shop; sleep 10m"
        )
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        split = {share["version"]: share["weight"] for share in rows[-1]["shares"] if share["track"] == "shop"}
        self.assertEqual(split, {"1.9.0": 50, "1.10.0": 50})

    def test_a_service_selector_switches_colours_at_once(self) -> None:
        scenario = json.loads(json.dumps(CLUSTER))
        scenario["services"]["shop"]["from"] = {"service": "prod/shop"}
        self.begin(scenario)
        self.script('kubectl patch service shop -p \'{"spec":{"selector":{"track":"canary"}}}\'')
        self.assertEqual(self.weights(), {"shop-canary": 100})
        self.script('kubectl patch svc shop --type merge -p \'{"spec":{"selector":{"track":"nobody"}}}\'')
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        self.assertEqual(rows[-1]["shares"][0]["version"], "(down)")

    COLOUR = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-green
  labels: {app: shop}
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop, colour: green}
  template:
    metadata:
      labels: {app: shop, colour: green}
    spec:
      containers:
        - name: app
          image: "ghcr.io/x/shop:1.10.0"
"""

    def colours(self) -> dict[str, Any]:
        scenario = json.loads(json.dumps(CLUSTER))
        scenario["services"]["shop"].update(
            {"from": {"service": "prod/app"}, "hosts": [{"host": "green.example", "from": {"service": "prod/green"}}]}
        )
        scenario["kubernetes"]["deployments"] = [
            {
                "name": "app-blue",
                "replicas": 2,
                "containers": {"app": "ghcr.io/x/shop:1.9.0"},
                "pod_labels": {"app": "shop", "colour": "blue"},
            }
        ]
        scenario["kubernetes"]["services"] = [
            {"name": "app", "selector": {"app": "shop", "colour": "blue"}},
            {"name": "green", "selector": {"app": "shop", "colour": "green"}},
        ]
        scenario["kubernetes"]["httproutes"] = []
        return scenario

    def test_blue_green_by_manifest_and_selector_there_and_back(self) -> None:
        self.begin(self.colours(), http=True)
        switch = (
            "kubectl patch service app -n prod --type json --patch '[{{\"op\":\"test\",\"path\":\"/spec/selector/colour\","
            "\"value\":\"{}\"}},{{\"op\":\"replace\",\"path\":\"/spec/selector/colour\",\"value\":\"{}\"}}]'\n"
        )
        ask = "curl -s -o /dev/null -w '%{http_code}\\n' http://green.example/\n"
        shown = self.script(
            f"cat >green.yaml <<'YAML'\n{self.COLOUR}YAML\n{ask}"
            + "kubectl apply -n prod -f green.yaml && kubectl rollout status deployment/app-green --timeout=60s >/dev/null\n"
            + ask
            + switch.format("blue", "green")
            + "kubectl get service app -n prod -o jsonpath='{.spec.selector.colour}{\"\\n\"}'\nsleep 60\n"
            + switch.format("blue", "green")
            + switch.format("green", "blue")
            + "kubectl delete deployment app-green -n prod --ignore-not-found\n"
            + "kubectl delete deployment app-green -n prod --ignore-not-found\n"
            + ask
        )
        self.assertEqual([line for line in shown.split("\n") if line.isdigit()], ["503", "200", "503"])
        self.assertIn("green\n", shown)
        self.assertIn("The request is invalid", shown)
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        self.assertEqual(
            [[(share["track"], share["version"]) for share in row["shares"]] for row in rows],
            [[("app-blue", "1.9.0")], [("app-green", "1.10.0")], [("app-blue", "1.9.0")]],
        )

    def test_a_rule_by_weight_goes_by_the_users_also_at_an_address_of_its_own(self) -> None:
        scenario = self.colours()
        scenario["versions"]["1.10.0"]["rules"] = [{"weight_at_least": 100, "health": 500}]
        scenario["kubernetes"]["deployments"].append(
            {
                "name": "app-green",
                "replicas": 2,
                "containers": {"app": "ghcr.io/x/shop:1.10.0"},
                "pod_labels": {"app": "shop", "colour": "green"},
            }
        )
        self.begin(scenario, http=True)
        ask = "curl -s -o /dev/null -w '%{http_code}\\n' http://green.example/\n"
        switch = "kubectl patch service app -n prod --type merge --patch '{\"spec\":{\"selector\":{\"colour\":\"green\"}}}'\n"
        shown = self.script(ask + switch + ask)
        self.assertEqual([line for line in shown.split("\n") if line.isdigit()], ["200", "500"])

    def test_apply_takes_away_what_the_manifest_no_longer_has_and_leaves_what_others_set(self) -> None:
        self.begin(self.colours())
        service = '{{"apiVersion":"v1","kind":"Service","metadata":{{"name":"app"}},"spec":{{"selector":{}}}}}'
        both, one = service.format('{"app":"shop","colour":"blue"}'), service.format('{"app":"shop"}')
        shown = self.script(
            f"kubectl apply -f - <<<'{both}'\nkubectl annotate service app note=1 >/dev/null\n"
            f"kubectl apply -f - <<<'{both}'\nkubectl apply -f - <<<'{one}'\n"
            "kubectl get service app -o json | jq -c '.spec.selector, .metadata.annotations.note, (.spec.ports | length)'"
        )
        self.assertIn("is missing the kubectl.kubernetes.io/last-applied-configuration annotation", shown)
        self.assertEqual(
            shown.split("\n")[-7:],
            ["service/app configured", "service/app unchanged", "service/app configured", '{"app":"shop"}', '"1"', "1", ""],
        )

    def test_a_deployment_whose_selector_changes_or_misses_its_pods_is_invalid(self) -> None:
        self.begin(self.colours())
        apply = "cat >green.yaml <<'YAML'\n{}YAML\nkubectl apply -f green.yaml"
        missed = self.COLOUR.replace("labels: {app: shop, colour: green}", "labels: {app: shop}")
        self.assertIn("`selector` does not match", self.script(apply.format(missed), exit=1))
        self.script(apply.format(self.COLOUR))
        changed = self.COLOUR.replace("{app: shop, colour: green}", "{app: shop, colour: teal}")
        self.assertIn("field is immutable", self.script(apply.format(changed), exit=1))

    def test_nginx_canary_annotations_split_an_ingress(self) -> None:
        scenario = json.loads(json.dumps(CLUSTER))
        scenario["services"]["shop"]["from"] = {"ingress": "prod/shop"}
        canary = {"nginx.ingress.kubernetes.io/canary": "true", "nginx.ingress.kubernetes.io/canary-weight": "0"}
        scenario["kubernetes"]["ingresses"] = [
            {"name": "shop", "host": "shop.example", "service": "shop"},
            {"name": "shop-canary", "host": "shop.example", "service": "shop-canary", "annotations": canary},
        ]
        self.begin(scenario)
        self.script("kubectl annotate ingress/shop-canary nginx.ingress.kubernetes.io/canary-weight=5 --overwrite")
        self.assertEqual(self.weights(), {"shop": 95, "shop-canary": 5})

    def test_a_lease_by_annotation_is_taken_once(self) -> None:
        self.begin(CLUSTER)
        shown = self.script("""version=$(kubectl get deployment shop -o jsonpath='{.metadata.resourceVersion}')
kubectl annotate deployment/shop liftlock/lease=1 --resource-version="$version"
kubectl annotate deployment/shop liftlock/lease=2 --resource-version="$version" --overwrite
kubectl annotate deployment/shop liftlock/lease=3
kubectl get deploy shop -o jsonpath='{.metadata.annotations.liftlock/lease}'
kubectl annotate deployment/shop liftlock/lease-""")
        self.assertIn("the object has been modified", shown)
        self.assertIn("--overwrite is false but found the following declared annotation(s): 'liftlock/lease'", shown)
        self.assertIn("(1)\n1deployment.apps/shop annotated", shown)

    def test_scaling_adds_pods_in_time_and_takes_them_away_at_once(self) -> None:
        self.begin(CLUSTER)
        ready = "kubectl get deployment shop -o json | jq '.status.readyReplicas // 0'\n"
        self.assertEqual(
            self.script(
                f"kubectl scale deployment/shop --replicas=8 >&2 2>/dev/null\n{ready}sleep 10\n{ready}"
                f"kubectl scale deployment/shop --replicas=0 >/dev/null\n{ready}"
            ).split()[-3:],
            ["4", "8", "0"],
        )

    def test_apply_reads_json_and_plain_yaml_and_delete_removes(self) -> None:
        self.begin(CLUSTER)
        shown = self.script(
            """cat >m.yaml <<'YAML'
# a canary by manifest
apiVersion: apps/v1
kind: Deployment
metadata: {name: extra, labels: {app: "shop"}}
spec:
  replicas: 1
  selector:
    matchLabels: {app: shop, track: stable}
  template:
    metadata:
      labels:
        app: shop
        track: stable
    spec:
      containers:
      - name: app
        image: ghcr.io/x/shop:1.10.0 # new
        args: ["--port", "8080"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: notes
data:
  text: |
    one
    two
YAML
kubectl apply -n prod -f m.yaml && kubectl apply -n prod -f m.yaml && kubectl rollout status deploy/extra --timeout 1m >/dev/null
kubectl get cm notes -o jsonpath='{.data.text}'
kubectl get deployment extra -o json | kubectl apply -f - && sleep 1 && kubectl delete deployment extra && kubectl get deployment extra""",
            exit=1,
        )
        for text in (
            "deployment.apps/extra created",
            "configmap/notes unchanged",
            "one\ntwo\n",
            'deployment.apps "extra" deleted',
            'Error from server (NotFound): deployments.apps "extra" not found',
        ):
            self.assertIn(text, shown)
        rows = json.loads(self.world("traffic", self.folder, "--json"))
        self.assertIn({"track": "extra", "version": "1.10.0", "weight": 20}, rows[1]["shares"])

    def test_unknown_flags_resources_contexts_and_files_are_errors(self) -> None:
        scenario = json.loads(json.dumps(CLUSTER))
        scenario["kubernetes"].update(contexts=["c"], denied=["delete deployments"])
        self.begin(scenario)
        self.assertIn("unknown flag: --weight", self.script("kubectl get deploy shop --weight=1", exit=1))
        self.assertIn("doesn't have a resource type", self.script("kubectl get widgets", exit=1))
        self.assertIn('context "x" does not exist', self.script("kubectl --context x get deploy", exit=1))
        self.assertIn("no such file", self.script("kubectl --kubeconfig=/nope get deploy", exit=1))
        self.assertEqual(self.script("kubectl auth can-i delete deployments -n prod", exit=1), "no\n")
        self.assertEqual(self.script("kubectl auth can-i patch httproutes -n prod"), "yes\n")

    def test_what_a_stand_in_cannot_cope_with_is_a_problem_and_no_failure_of_the_command(self) -> None:
        self.begin(CLUSTER)
        self.script("kubectl rollout undo deployment/shop --to-revision=first", exit=99)
        self.assertIn("the stand-in broke", self.problems())

    def test_wait_passes_time_until_the_condition_holds(self) -> None:
        self.begin(CLUSTER)
        self.script("""echo '{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"migrate"},"spec":{}}' | kubectl create -f -
kubectl wait --for=condition=complete job/migrate --timeout=60s""")
        self.assertEqual(self.elapsed(), 5)


class GitHub(WorldCase):
    HUB = {
        "github": {
            "repository": "octo-org/shop",
            "labels": ["sev-1", "rollback"],
            "commits": {
                "abc": {
                    "check_runs": [
                        {"name": "lint"},
                        {"name": "unit", "status": "in_progress", "later": {"at": "5m", "conclusion": "success"}},
                    ],
                    "statuses": [{"context": "ci", "state": "success"}],
                    "pulls": [12],
                }
            },
            "pulls": {"12": {"head_sha": "abc", "reviews": [{"user": "ann"}]}},
            "issues": [
                {"number": 3, "title": "Down", "labels": ["sev-1"]},
                {"number": 4, "title": "Old", "labels": ["sev-1"], "state": "closed"},
            ],
            "deployments": [{"id": 7, "environment": "staging", "sha": "abc", "created_at": "-25h"}],
            "runs": {"1001": {"head_sha": "abc"}},
            "approvals": {"1001": [{"user": "ann", "environments": ["prod"]}]},
            "tags": {"v1.2.0": {"sha": "abc"}, "v1.2.1": {"sha": "abc", "verified": False}},
            "code_scanning": [
                {"number": 1, "rule": {"security_severity_level": "critical"}, "tool": {"name": "Trivy"}}
            ],
            "rulesets": [
                {"id": 5, "target": "tag", "enforcement": "active", "rules": [{"type": "deletion"}, {"type": "update"}]}
            ],
            "teams": {"octo-org/owners": ["ann"]},
        }
    }

    def test_gates_can_be_read(self) -> None:
        self.begin(self.HUB)
        shown = self.script("""gh api repos/octo-org/shop/commits/abc/check-runs --jq '[.check_runs[].status] | join(",")'; sleep 5m
gh api 'repos/{owner}/{repo}/commits/abc/check-runs?per_page=100' --jq '[.check_runs[].conclusion] | join(",")'
gh api repos/octo-org/shop/commits/abc/status --jq .state
gh api repos/octo-org/shop/commits/abc/pulls --jq '.[0].number'
gh api repos/octo-org/shop/pulls/12/reviews --jq '.[].user.login'
gh api --method GET repos/octo-org/shop/issues -f labels=sev-1 -f state=open --jq length
gh issue list --label sev-1 --state all --json number,state --jq length
gh api 'repos/octo-org/shop/deployments?environment=staging&per_page=1' --jq '.[0].created_at'
gh api repos/octo-org/shop/deployments/7/statuses --jq '.[0].state'
gh api repos/octo-org/shop/actions/runs/1001/approvals --jq '.[0].environments[0].name'
sha=$(gh api repos/octo-org/shop/git/ref/tags/v1.2.1 --jq .object.sha); gh api "repos/octo-org/shop/git/tags/$sha" --jq .verification.reason
gh api 'repos/octo-org/shop/code-scanning/alerts?state=open&severity=critical' --jq length
gh api 'repos/octo-org/shop/rulesets?targets=tag' --jq '.[0].id'
gh api repos/octo-org/shop/rulesets/5 --jq '.rules | length'
gh api orgs/octo-org/teams/owners/memberships/ann --jq .state""")
        self.assertEqual(
            shown.split(),
            [
                "completed,in_progress",
                "success,success",
                "success",
                "12",
                "ann",
                "1",
                "2",
                "2026-06-01T08:00:00Z",
                "success",
                "prod",
                "unsigned",
                "1",
                "5",
                "2",
                "active",
            ],
        )

    def test_writing_leaves_traces(self) -> None:
        self.begin(self.HUB)
        shown = self.script("""gh api repos/octo-org/shop/statuses/abc -f state=success -f context=release/staging -f description=ok --silent
id=$(gh api repos/octo-org/shop/deployments -f ref=abc -f environment=prod -F auto_merge=false -F 'required_contexts[]' --jq .id)
echo '{"state":"success"}' | gh api "repos/octo-org/shop/deployments/$id/statuses" --input - --silent
gh issue create --title Rollback --body-file - --label rollback <<<"text"
gh pr comment 12 --body "rolled back"
gh api repos/octo-org/shop/commits/abc/statuses --jq '.[0].context'""")
        self.assertEqual(shown.split()[-1], "release/staging")
        self.assertEqual(self.world("show", self.folder, "github.pulls.12.comments.0.body"), "rolled back\n")
        self.assertEqual(self.world("show", self.folder, "github.issues.-1.body"), "text\n\n")
        self.assertEqual(self.world("show", self.folder, "github.deployments.-1.statuses.0.state"), "success\n")

    def test_environments_are_set_and_forgotten_as_told(self) -> None:
        scenario = json.loads(json.dumps(self.HUB))
        scenario["github"].update(
            users=["ann", "ben"],
            environments={
                "prod": {"reviewers": ["ann"], "wait_timer": 30, "policies": ["branch main"], "secrets": ["TOKEN"]}
            },
        )
        self.begin(scenario)
        shown = self.script("""e=repos/octo-org/shop/environments
gh api $e/prod --jq '[.protection_rules[].type] | join(",")'
gh api $e/prod --jq '.protection_rules[1].reviewers[0].reviewer.login'
gh api $e/prod/secrets --jq '.secrets[].name'
gh api $e/prod/deployment-branch-policies --jq '.branch_policies[] | .type + ":" + .name'
team=$(gh api orgs/octo-org/teams/owners --jq .id); ben=$(gh api users/BEN --jq .id)
jq -n --argjson team "$team" --argjson ben "$ben" '{reviewers: [{type: "Team", id: $team}, {type: "User", id: $ben}],
  prevent_self_review: true, deployment_branch_policy: {protected_branches: false, custom_branch_policies: true}}' |
  gh api --method PUT $e/prod --input - --jq '[.protection_rules[].type] | join(",")'
gh api $e/prod/deployment-branch-policies -f name='v*' -f type=tag --silent
gh api --method DELETE "$e/prod/deployment-branch-policies/$(gh api $e/prod/deployment-branch-policies --jq '.branch_policies[0].id')"
gh api $e/prod --jq '[.protection_rules[0].reviewers[].reviewer | .slug // .login] | join(",")'
gh api users/octo-org --jq .type
gh api repos/octo-org/shop/branches/main --jq .protected""")
        self.assertEqual(
            shown.split(),
            [
                "wait_timer,required_reviewers,branch_policy",
                "ann",
                "TOKEN",
                "branch:main",
                "required_reviewers,branch_policy",
                "owners,ben",
                "Organization",
                "false",
            ],
        )
        state = json.loads(self.world("show", self.folder, "github.environments.prod"))
        self.assertEqual([(policy["type"], policy["name"]) for policy in state["policies"]], [("tag", "v*")])
        self.assertEqual((state["wait_timer"], state["secrets"]), (0, ["TOKEN"]))

    def test_environments_refuse_what_github_refuses(self) -> None:
        scenario = json.loads(json.dumps(self.HUB))
        scenario["github"].update(users=["ann"], environments={"prod": {"policies": "protected"}, "old": {}})
        self.begin(scenario)
        e = "repos/octo-org/shop/environments"
        self.assertIn("HTTP 404", self.script(f"gh api {e}/dev", exit=1))
        self.assertIn("HTTP 404", self.script(f"gh api {e}/dev/secrets", exit=1))
        self.assertIn("HTTP 404", self.script("gh api users/eve", exit=1))
        self.assertIn("HTTP 404", self.script("gh api orgs/octo-org/teams/eves", exit=1))
        self.assertIn("HTTP 404", self.script(f"gh api {e}/prod/deployment-branch-policies -f name=main", exit=1))
        both = '{"deployment_branch_policy":{"protected_branches":true,"custom_branch_policies":true}}'
        self.assertIn("HTTP 422", self.script(f"gh api -X PUT {e}/prod --input - <<<'{both}'", exit=1))
        stranger = '{"reviewers":[{"type":"User","id":1}]}'
        self.assertIn("HTTP 422", self.script(f"gh api -X PUT {e}/prod --input - <<<'{stranger}'", exit=1))
        self.assertEqual(self.script(f"gh api {e} --jq .total_count").strip(), "2")

    def test_a_private_repository_has_no_plan_for_reviewers(self) -> None:
        self.begin({"github": {"private": True, "users": ["ann"]}})
        shown = self.script(
            """id=$(gh api users/ann --jq .id)
gh api -X PUT repos/octo-org/shop/environments/dev --silent
jq -n --argjson id "$id" '{reviewers: [{type: "User", id: $id}]}' | gh api -X PUT repos/octo-org/shop/environments/prod --input -""",
            exit=1,
        )
        self.assertIn("billing plan", shown)
        self.assertIn('"dev"', self.world("show", self.folder, "github.environments"))

    def test_only_the_first_page_comes_unasked(self) -> None:
        scenario = json.loads(json.dumps(self.HUB))
        scenario["github"]["issues"] = [{"title": f"Issue {number}"} for number in range(45)]
        self.begin(scenario)
        shown = self.script("""i=repos/octo-org/shop/issues
gh api $i --jq length; gh api $i --paginate --jq length; gh api $i --paginate | jq length
gh api "$i?per_page=20&page=2" --jq length; gh api $i --paginate --slurp | jq 'map(length) | join("+")'""")
        self.assertEqual(shown.split(), ["30", "30", "15", "45", "20", '"30+15"'])

    def test_a_list_in_an_object_comes_page_by_page(self) -> None:
        runs = {str(number): {"workflow": "drill.yml", "created_at": f"-{number}m"} for number in range(1, 41)}
        self.begin({"github": {"runs": runs}})
        shown = self.script("""r=repos/octo-org/shop/actions/workflows/drill.yml/runs
gh api $r --jq '.total_count, (.workflow_runs | length), .workflow_runs[0].id'
gh api $r --paginate --jq '.workflow_runs | length'""")
        self.assertEqual(shown.split(), ["40", "30", "1", "30", "10"])

    def test_runs_are_found_by_workflow_status_and_date_and_say_what_they_wait_for(self) -> None:
        self.begin(
            {
                "github": {
                    "users": ["ann"],
                    "environments": {"prod": {"reviewers": ["ann"], "wait_timer": 30}},
                    "runs": {
                        "1": {"workflow": "release.yml", "waiting": [{"environment": "prod", "since": "-25h"}]},
                        "2": {"workflow": "release.yml", "status": "completed", "conclusion": "failure", "event": "push"},
                        "3": {
                            "workflow": "drill.yml",
                            "event": "schedule",
                            "created_at": "-8d",
                            "later": {"at": "5m", "conclusion": "success"},
                        },
                    },
                }
            }
        )
        shown = self.script("""r=repos/octo-org/shop/actions
ids='[.workflow_runs[].id | tostring] | join(",")'
gh api "$r/workflows/release.yml/runs?status=waiting" --jq "$ids"
gh api "$r/runs?status=failure&event=push&branch=main" --jq "$ids"
gh api "$r/runs?created=%3E%3D2026-06-01" --jq "$ids"
gh api $r/runs/1/pending_deployments --jq '.[] | .environment.name, .wait_timer, .wait_timer_started_at, .current_user_can_approve'
gh api $r/runs/1/pending_deployments --jq '.[].reviewers[].reviewer.login'
gh api $r/runs/1/jobs --jq '.jobs[] | select(.status == "waiting") | .created_at'
gh api -X POST $r/runs/1/cancel --silent; gh api $r/runs/1 --jq '.status, .conclusion'
gh api $r/runs/3 --jq .status; sleep 5m; gh api $r/runs/3 --jq '.status, .conclusion, .path'
gh api -X POST $r/runs/2/rerun --silent; gh api $r/runs/2 --jq '.status, .run_attempt'""")
        self.assertEqual(
            shown.split(),
            ["1", "2", "2,1", "prod", "30", "2026-06-01T08:00:00Z", "false", "ann", "2026-06-01T08:00:00Z"]
            + ["completed", "cancelled", "in_progress", "completed", "success", ".github/workflows/drill.yml"]
            + ["queued", "2"],
        )
        self.assertIn("HTTP 409", self.script("gh api -X POST repos/octo-org/shop/actions/runs/1/cancel", exit=1))
        self.assertIn("HTTP 403", self.script("gh api -X POST repos/octo-org/shop/actions/runs/2/rerun", exit=1))
        self.assertIn("HTTP 404", self.script("gh api repos/octo-org/shop/actions/workflows/no.yml/runs", exit=1))

    def test_a_reviewer_lets_a_run_through_or_rejects_it_and_the_bot_cannot(self) -> None:
        runs = {number: {"waiting": [{"environment": "prod"}]} for number in ("1", "2")}
        hub = {"users": ["ann"], "environments": {"prod": {"reviewers": ["ann"]}}, "runs": runs}
        review = """p=repos/octo-org/shop/actions/runs/{0}/pending_deployments
id=$(gh api $p --jq '.[0].environment.id'); gh api $p -F "environment_ids[]=$id" -f state={1} -f comment=because --silent
gh api repos/octo-org/shop/actions/runs/{0} --jq '.status, .conclusion'
gh api repos/octo-org/shop/actions/runs/{0}/approvals --jq '.[] | .state, .user.login, .environments[0].name'"""
        self.begin({"github": hub})
        self.assertIn("HTTP 403", self.script(review.format(1, "approved").partition("\ngh api repos")[0], exit=1))
        self.begin({"github": {**hub, "viewer": "ann"}})
        self.assertEqual(
            self.script(review.format(1, "approved")).split(), ["in_progress", "null", "approved", "ann", "prod"]
        )
        self.assertEqual(
            self.script(review.format(2, "rejected")).split(), ["completed", "failure", "rejected", "ann", "prod"]
        )

    def test_a_dispatch_starts_a_run_with_its_inputs(self) -> None:
        self.begin({"github": {"workflows": ["rollback.yml"], "branches": ["hotfix"], "tags": {"v1": {"sha": "abc"}}}})
        dispatch = "gh api repos/octo-org/shop/actions/workflows/rollback.yml/dispatches -f ref={} -f 'inputs[reason]=slow'"
        self.script(dispatch.format("main") + "; " + dispatch.format("v1") + "; " + dispatch.format("hotfix"))
        self.assertIn("No ref found for: gone", self.script(dispatch.format("gone"), exit=1))
        self.assertIn("HTTP 404", self.script(dispatch.format("main").replace("rollback", "no"), exit=1))
        made = json.loads(self.world("show", self.folder, "github.dispatches"))
        self.assertEqual([(entry["ref"], entry["inputs"]) for entry in made][0], ("main", {"reason": "slow"}))
        shown = self.script(
            "gh api 'repos/octo-org/shop/actions/runs?event=workflow_dispatch&status=queued' "
            "--jq '.workflow_runs[] | .head_branch'"
        )
        self.assertEqual(sorted(shown.split()), ["hotfix", "main", "v1"])

    def test_artifacts_are_listed_and_downloaded_until_they_expire(self) -> None:
        self.begin(
            {
                "github": {
                    "runs": {"7": {"head_sha": "abc"}, "8": {"head_sha": "def"}},
                    "artifacts": [
                        {"name": "report", "run": 7, "created_at": "-2d", "files": {"r.json": {"state": "old"}}},
                        {"name": "report", "run": 8, "files": {"r.json": {"state": "new"}, "log/a.txt": "é\n"}},
                        {"name": "gone", "run": 8, "expired": True},
                    ],
                }
            }
        )
        shown = self.script("""r=repos/octo-org/shop/actions
gh api "$r/artifacts?name=report" --jq '.artifacts[] | .workflow_run.head_sha, .expired, .created_at'
gh api $r/runs/8/artifacts --jq '.total_count'
id=$(gh api $r/artifacts?name=report --jq '.artifacts[0].id'); gh api $r/artifacts/$id/zip >a.zip
python3 -c 'import zipfile; print(zipfile.ZipFile("a.zip").read("log/a.txt").decode().strip())'
gh run download 7 --name report --dir one; jq -r .state one/r.json
gh run download -n report -D latest; jq -r .state latest/r.json
gh run download 8 --dir all; cat all/report/log/a.txt""")
        self.assertEqual(
            shown.split(),
            ["def", "false", "2026-06-02T09:00:00Z", "abc", "false", "2026-05-31T09:00:00Z"]
            + ["2", "é", "old", "new", "é"],
        )
        gone = "gh api repos/octo-org/shop/actions/artifacts/$(gh api repos/octo-org/shop/actions/artifacts?name=gone --jq '.artifacts[0].id')/zip"
        self.assertIn("HTTP 410", self.script(gone, exit=1))
        self.assertIn("no artifact matches", self.script("gh run download 8 -n gone", exit=1))
        self.assertIn("file exists", self.script("gh run download 7 -n report -D one", exit=1))
        self.assertIn("run ID or name required", self.script("gh run download", exit=1))

    def test_deployments_keep_task_and_payload_and_are_found_by_them(self) -> None:
        self.begin(self.HUB)
        shown = self.script("""d=repos/octo-org/shop/deployments
jq -n '{ref: "abc", environment: "prod", task: "rollback", auto_merge: false, required_contexts: [], payload: {digest: "sha256:1"}}' |
  gh api $d --input - --jq .task
gh api "$d?environment=prod&task=rollback&per_page=1" --jq '.[0].payload.digest'
gh api "$d?environment=prod&task=deploy" --jq length""")
        self.assertEqual(shown.split(), ["rollback", "sha256:1", "0"])
        post = "gh api repos/octo-org/shop/deployments -f ref=abc -f environment=prod "
        self.assertIn("HTTP 409", self.script(post + "-f 'required_contexts[]=nope'", exit=1))
        self.assertIn("HTTP 422", self.script(post + "-f enviroment=x", exit=1))

    def test_issues_are_searched_edited_closed_and_commented(self) -> None:
        scenario = json.loads(json.dumps(self.HUB))
        scenario["github"]["issues"][0].update(comments=[{"body": "first", "user": "ann", "created_at": "-1h"}])
        scenario["github"]["pulls"]["13"] = {"merged": False, "title": "Down again", "labels": ["sev-1"]}
        self.begin(scenario)
        shown = self.script("""r=repos/octo-org/shop; numbers='[.[].number | tostring] | join(",")'
gh api -X GET $r/issues -f labels=sev-1 -f state=all --jq "$numbers"
gh api -X GET $r/issues -f labels=sev-1 --jq "map(select(.pull_request | not)) | $numbers"
gh api -X GET search/issues -f q='repo:octo-org/shop is:issue is:open label:sev-1 in:title down' --jq ".items | $numbers"
gh api -X PATCH $r/issues/3 -f state=closed -f state_reason=completed -f body=done --jq '.state, .closed_at, .body'
gh api -X PATCH $r/issues/3 -f state=open --jq '.state, .closed_at'
gh api $r/issues/3/comments --jq '.[0].body'
id=$(gh api $r/issues/3/comments -f body=second --jq .id); gh api -X PATCH $r/issues/comments/$id -f body=third --silent
gh api $r/issues/3/comments --jq '[.[].body] | join(",")'
gh api $r/issues/12/comments -f body=note --silent; gh api $r/issues/12 --jq .comments
gh api $r/commits/abc/comments -f body=seen --silent; gh api $r/commits/abc/comments --jq '.[0].body'
gh api $r/issues -f title=New -f 'labels[]=fresh' --jq .number; gh api $r/labels --jq '[.[].name] | join(",")'""")
        self.assertEqual(
            shown.split(),
            ["13,4,3", "3", "3", "closed", "2026-06-02T09:00:00Z", "done", "open", "null"]
            + ["first", "first,third", "1", "seen", "14", "sev-1,rollback,fresh"],
        )
        self.assertIn("HTTP 404", self.script("gh api -X PATCH repos/octo-org/shop/issues/comments/1 -f body=x", exit=1))
        long = "head -c 70000 /dev/zero | tr '\\0' x | jq -Rs '{body: .}' | gh api repos/octo-org/shop/issues/3/comments --input -"
        self.assertIn("too long", self.script(long, exit=1))

    def test_secrets_have_an_age_when_the_scenario_says_so_and_people_a_permission(self) -> None:
        secrets = {"TOKEN": {"created_at": "-90d", "updated_at": "-40d"}}
        self.begin({"github": {"environments": {"prod": {"secrets": secrets}}, "collaborators": {"ann": "admin"}}})
        shown = self.script("""r=repos/octo-org/shop
gh api $r/environments/prod/secrets --jq '.secrets[] | .name, .created_at, .updated_at'
gh api $r/environments/prod/secrets/TOKEN --jq .updated_at
gh api $r/collaborators/ann/permission --jq .permission; gh api $r/collaborators/eve/permission --jq .permission""")
        self.assertEqual(
            shown.split(),
            ["TOKEN", "2026-03-04T09:00:00Z", "2026-04-23T09:00:00Z", "2026-04-23T09:00:00Z", "admin", "read"],
        )
        self.assertIn("HTTP 404", self.script("gh api repos/octo-org/shop/environments/prod/secrets/NO", exit=1))

    def test_errors_look_like_the_real_ones(self) -> None:
        self.begin(self.HUB)
        shown = self.script("gh api repos/octo-org/shop/git/ref/tags/v9", exit=1)
        self.assertIn('"message":"Not Found"', shown)
        self.assertIn("gh: Not Found (HTTP 404)", shown)
        self.assertIn("HTTP 404", self.script("gh api repos/other/shop/issues", exit=1))
        self.assertIn("unknown flag: --weight", self.script("gh api --weight 1 user", exit=1))
        self.assertIn("could not add label: 'nope' not found", self.script("gh issue create -t a -b b -l nope", exit=1))
        self.assertIn("set the GH_TOKEN", self.script("gh api user", exit=4, env={"GH_TOKEN": "", "GITHUB_TOKEN": ""}))


class Docker(WorldCase):
    def test_a_build_is_pushed_and_its_digest_can_be_looked_up(self) -> None:
        self.begin({"registry": {"require_login": True}})
        shown = self.script("""touch Dockerfile; image=r.azurecr.io/shop:1.10.0
docker buildx build --tag "$image" --push --metadata-file m.json . && exit 1
echo secret | docker login r.azurecr.io --username robot --password-stdin
docker buildx build --tag "$image" --push --metadata-file m.json .
test "$(jq -r '."containerimage.digest"' m.json)" = "$(docker buildx imagetools inspect "$image" --format '{{json .Manifest}}' | jq -r .digest)" && echo same
docker buildx imagetools inspect r.azurecr.io/shop:2 || echo gone""")
        self.assertIn("denied", shown)
        self.assertIn("Login Succeeded\nsame\nERROR: r.azurecr.io/shop:2: not found\ngone", shown)


class Traffic(WorldCase):
    def ratio(self, begin: str = "5m") -> str:
        return f"curl -fsS --get --data-urlencode 'query=bad{{track=\"canary\"}}[{begin}]' http://prometheus.example:9090/api/v1/query | jq -c '.data.result[0].value[1] // \"empty\"'\n"

    def scenario(self, **rule: Any) -> dict[str, Any]:
        copy = with_version(
            CLUSTER, "1.10.0", error_percent=1, rules=[{"weight_at_least": 25, "error_percent": 9, "p95_ms": 900}]
        )
        copy["kubernetes"]["deployments"][1]["containers"]["app"] = "ghcr.io/x/shop:1.10.0"
        copy["queries"] = [{"match": 'track="(\\w+)"', "track": "$1", "value": "error_percent", **rule}]
        return copy

    def shift(self, canary: int) -> str:
        return f'kubectl patch httproute shop --type=merge -p \'{{"spec":{{"rules":[{{"backendRefs":[{{"name":"shop","weight":{100 - canary}}},{{"name":"shop-canary","weight":{canary}}}]}}]}}}}\' >/dev/null\n'

    def test_a_window_is_integrated_over_the_history_of_weights(self) -> None:
        self.begin(self.scenario(), http=True)
        shown = self.script(
            self.ratio()
            + self.shift(5)
            + "sleep 5m\n"
            + self.ratio()
            + self.shift(25)
            + "sleep 1m\n"
            + self.ratio()
            + self.ratio("1m")
        )
        # After the second shift: 4 min at 5 % with 1 % errors, 1 min at 25 % with 9 %.
        mixed = (4 * 5 * 1 + 25 * 9) / (4 * 5 + 25)
        self.assertEqual([json.loads(line) for line in shown.split()], ["NaN", "1", f"{mixed:.12g}", "9"])

    def test_results_can_be_missing_wrong_late_or_never_come(self) -> None:
        for result, expected in (
            ("empty", '"empty"'),
            ("nan", '"NaN"'),
            ("error", "22"),
            ("garbage", "[2-5]"),
            ("hang", "28"),
        ):
            with self.subTest(result):
                scenario = self.scenario()
                scenario["queries"].insert(0, {"match": "^bad", "result": result, "from": "1m"})
                self.begin(scenario, http=True)
                ask = self.ratio().replace("curl", "curl --max-time 7").strip()
                shown = self.script(
                    f"set -o pipefail; {self.shift(5)} sleep 59; {ask}; sleep 1; {ask} 2>/dev/null || echo $?",
                    env={"WORLD_CURL_LIMIT": "1"},
                )
                self.assertEqual(shown.split()[0], '"1"')
                self.assertRegex(shown.split()[-1], f"^{expected}$")
                if result == "hang":
                    self.assertEqual(self.elapsed(), 67)

    def test_a_query_without_a_rule_is_a_problem(self) -> None:
        self.begin(self.scenario(), http=True)
        self.script("curl -fsS 'http://p/api/v1/query?query=up'", exit=22)
        self.assertIn("no rule under `queries` for: up", self.problems())

    def test_behaviour_can_depend_on_time_since_first_traffic(self) -> None:
        scenario = with_version(APP, "1.10.0", error_percent=0, rules=[{"after_traffic": "3m", "error_percent": 50}])
        scenario["queries"] = [{"match": "q", "track": "shop--v1-10-0", "value": "errors", "window": "10m"}]
        self.begin(scenario, http=True)
        ask = "curl -fsS 'http://p/api/v1/query?query=q' | jq -r '.data.result[0].value[1]'\n"
        shown = self.script(UPDATE + "sleep 10m\n" + traffic_set(90, 10) + "sleep 3m\n" + ask + "sleep 1m\n" + ask)
        self.assertEqual([float(line) for line in shown.split()], [0, 60 * 20 * 0.1 * 0.5])


class Http(WorldCase):
    def test_requests_are_spread_by_weight_and_a_track_has_its_own_host(self) -> None:
        scenario = with_version(CLUSTER, "1.10.0", health=503)
        scenario["kubernetes"]["deployments"][1]["containers"]["app"] = "ghcr.io/x/shop:1.10.0"
        scenario["kubernetes"]["httproutes"][0]["backends"] = [
            {"service": "shop", "weight": 75},
            {"service": "shop-canary", "weight": 25},
        ]
        self.begin(scenario, http=True)
        ask = "curl -s -o /dev/null -w '%{http_code}\\n' "
        shown = self.script(
            f"for i in 1 2 3 4 5 6 7 8; do {ask} https://shop.example/health; done | sort | uniq -c\n{ask} http://canary.example/health"
        )
        self.assertEqual(shown.split(), ["6", "200", "2", "503", "503"])

    def test_a_revision_answers_on_its_own_host(self) -> None:
        self.begin(APP, http=True)
        shown = self.script(
            UPDATE
            + "curl -fsS https://shop--v1-10-0.test.example/health | jq -r .version; curl -fsS -q https://shop.example/ | jq -r .version"
        )
        self.assertEqual(shown.split(), ["1.10.0", "1.9.0"])

    def test_latency_is_real_up_to_a_second_and_full_in_virtual_time(self) -> None:
        self.begin(with_version(APP, "1.9.0", latency_ms=300), http=True)
        took = float(self.script("curl -fsS -o /dev/null -w '%{time_total}' https://shop.example/"))
        self.assertTrue(0.3 <= took < 0.9, took)
        self.assertEqual(self.elapsed(), 0.3)

    def test_routes_answer_in_sequence_change_the_world_and_check_tokens(self) -> None:
        scenario: dict[str, Any] = {
            "versions": VERSIONS,
            "services": {"shop": {"hosts": ["shop.example"], "from": {"live": "1.9.0"}}},
            "webhooks": ["hooks.slack.example"],
            "http": [
                {
                    "host": "deploy.example",
                    "method": "POST",
                    "path": "^/hook$",
                    "require_headers": {"authorization": "^Bearer s3$"},
                    "sequence": [{"status": 500}, {"status": 202}],
                    "set": {"services.shop.from.live": "$body.version"},
                },
                {"host": "metrics.example", "json": {"failures": 3}},
            ],
        }
        self.begin(scenario, http=True)
        post = "curl -s -o /dev/null -w '%{http_code}\\n' -X POST -d '{\"version\":\"1.10.0\"}' "
        shown = self.script(f"""{post} https://deploy.example/hook
{post} -H 'Authorization: Bearer s3' https://deploy.example/hook; curl -s https://shop.example/v | jq -r .version
{post} -H 'Authorization: Bearer s3' https://deploy.example/hook; curl -s https://shop.example/v | jq -r .version
curl -s http://metrics.example/m | jq .failures; {post} https://hooks.slack.example/T1""")
        self.assertEqual(shown.split(), ["401", "500", "1.9.0", "202", "1.10.0", "3", "200"])
        posts = [call for call in self.calls() if call["command"] == "http" and call["args"][0] == "POST"]
        self.assertEqual(posts[-1]["body"], '{"version":"1.10.0"}')
        self.assertEqual(self.problems(), "")

    def test_a_route_answers_with_what_is_measured_now(self) -> None:
        scenario = with_version(CLUSTER, "1.10.0", error_percent=9, p99_ms=900, metrics={"db_pool": 17})
        scenario["kubernetes"]["deployments"][1]["containers"]["app"] = "ghcr.io/x/shop:1.10.0"
        for backend in scenario["kubernetes"]["httproutes"][0]["backends"]:
            backend["weight"] = 50
        scenario["http"] = [
            {"host": "down.example", "json": {"p99": "$metric:p99_ms"}, "from": "5m", "error": "hang"},
            {
                "host": "m.example",
                "service": "shop",
                "track": "$query.track",
                "window": "5m",
                "json": {
                    "p99": "$metric:p99_ms",
                    "pool": ["$metric:db_pool"],
                    "stable": {"error_percent": "$metric:error_percent@stable"},
                    "none": "$metric:p95_ms@nobody",
                },
            },
        ]
        self.begin(scenario, http=True)
        shown = self.script("""ask() { curl -fsS --max-time 5 "http://m.example/m?track=$1" | jq -c .; }
ask canary; ask stable; curl -s http://m.example/m | jq .p99
kubectl patch httproute shop --type=merge -p '{"spec":{"rules":[{"backendRefs":[{"name":"shop","weight":1}]}]}}' >/dev/null
sleep 5m; ask canary | jq -c '.p99'""")
        self.assertEqual(
            shown.split(),
            [
                '{"p99":900,"pool":[17],"stable":{"error_percent":0.1},"none":null}',
                '{"p99":150,"pool":[null],"stable":{"error_percent":0.1},"none":null}',
                "525",
                "null",
            ],
        )

    def test_hooks_deploy_and_roll_back_a_live_target_later_not_at_all_or_without_an_answer(self) -> None:
        live = "services.shop.from.live"
        scenario: dict[str, Any] = {
            "versions": VERSIONS,
            "services": {"shop": {"hosts": ["shop.example"], "from": {"live": "1.9.0"}}},
            "http": [
                {
                    "host": "hook.example",
                    "path": "^/deploy",
                    "sequence": [{"status": 503}, {"error": "hang"}, {"status": 202}],
                    "set": {"notes.previous": f"$state.{live}", live: "$body.version"},
                    "set_after": "30s",
                },
                {"host": "hook.example", "path": "^/rollback", "set": {live: "$state.notes.previous"}},
            ],
            "faults": [{"command": "http", "match": "/rollback", "kind": "hang", "when": "after", "nth": 1}],
        }
        self.begin(scenario, http=True)
        shown = self.script(
            """post() { curl -s -o /dev/null -m 20 -w '%{http_code}' -d '{"version":"1.10.0"}' "http://hook.example/$1"; }
version() { curl -s http://shop.example/ | jq -r .version; }
for i in 1 2 3; do echo "$(post deploy) $(version)"; done; sleep 30; version
echo "$(post rollback) $(version)" """,
            env={"WORLD_CURL_LIMIT": "1"},
        )
        self.assertEqual(
            shown.split(), ["503", "1.9.0", "000", "1.9.0", "202", "1.9.0", "1.10.0", "000", "1.9.0"]
        )

    def test_pagerduty_takes_events_of_the_right_shape_only(self) -> None:
        self.begin({}, http=True)
        shown = self.script("""send() { curl -s -d "$1" https://events.pagerduty.com/v2/enqueue | jq -r '.errors[0] // .dedup_key'; }
key=$(printf %032d 7)
event() { jq -nc --arg key "$key" --arg action "$1" '{routing_key: $key, event_action: $action, dedup_key: "shop",
  payload: {summary: "error rate", source: "shop", severity: "critical"}}'; }
send "$(event trigger)"; send "$(event trigger)"; send "$(event resolve | jq -c 'del(.payload)')"
send "$(event trigger | jq -c '.payload.severity = "bad"')"; send "$(event trigger | jq -c 'del(.payload.source)')"
send "$(event trigger | jq -c '.routing_key = "short"')"; send "$(event done)"; send "$(event resolve | jq -c 'del(.dedup_key)')"
""")
        self.assertEqual(shown.split("\n")[:3], ["shop"] * 3)
        for line, word in zip(shown.split("\n")[3:], ("severity", "source", "routing_key", "event_action", "dedup_key")):
            self.assertIn(f"{word}'", line)
        self.assertEqual(json.loads(self.world("show", self.folder, "pagerduty.shop"))["state"], "resolved")
        bodies = [json.loads(call["body"]) for call in self.calls() if call["command"] == "http"]
        self.assertEqual(bodies[0]["payload"]["summary"], "error rate")

    def test_slack_and_a_status_page_refuse_what_the_real_ones_refuse(self) -> None:
        self.begin(
            {
                "webhooks": [
                    {"match": "hooks.slack.com/services", "kind": "slack"},
                    {"match": "status.example", "kind": "status-page"},
                ]
            },
            http=True,
        )
        shown = self.script("""s=https://hooks.slack.com/services/T/B/x
curl -s -d '{"text":"hello"}' $s; echo; curl -s -d '{"txt":"hello"}' $s; echo; curl -s -d 'hello' $s; echo
p=https://status.example/v1/incidents
curl -s -o /dev/null -w '%{http_code}\n' -d '{"name":"down"}' $p
id=$(curl -s -H 'Authorization: OAuth t' -d '{"name":"down","status":"investigating"}' $p | jq -r .id)
curl -s -X PATCH -H 'Authorization: OAuth t' -d '{"status":"resolved"}' $p/$id | jq -c .
curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -H 'Authorization: OAuth t' -d '{"status":"resolved"}' $p/nope""")
        self.assertEqual(
            shown.split("\n")[:-1],
            ["ok", "no_text", "invalid_payload", "401"]
            + ['{"id":"entry-1","name":"down","status":"resolved"}', "404"],
        )
        self.assertEqual(self.problems(), "")

    def test_broken_connections_and_unknown_hosts(self) -> None:
        scenario = with_version(APP, "1.9.0", paths={"/reset": "reset", "/empty": "empty", "/hang": "hang"})
        self.begin(scenario, http=True)
        shown = self.script(
            "for p in reset empty hang; do curl -s -m 30 http://shop.example/$p; echo $?; done; curl -s -o /dev/null -w '%{http_code}' https://who.example/",
            env={"WORLD_CURL_LIMIT": "1"},
        )
        self.assertEqual(shown.split(), ["56", "52", "28", "502"])
        self.assertEqual(self.elapsed(), 30)
        self.assertIn("nobody answers GET https://who.example/", self.problems())

    def test_retries_pause_in_virtual_time_and_send_the_same_input(self) -> None:
        scenario = {
            "http": [
                {"host": "x.example", "sequence": [{"status": 503}, {"status": 503}, {"status": 200, "body": "fine"}]}
            ]
        }
        self.begin(scenario, http=True)
        began = time.monotonic()
        shown = self.script("""config='url = "http://x.example/a"
header = "Authorization: Bearer s3"'
curl --config - -fsS --max-time 9 --retry 2 --retry-delay 5 --get --data-urlencode q=1 <<<"$config"
curl --fail -sS --retry 3 -m 9 http://nobody.example/ 2>/dev/null || printf '\\n%s\\n' $?""")
        self.assertRegex(shown, r"(?m)^fine")
        self.assertEqual(shown.split()[-1], "22")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.elapsed(), 10 + 1 + 2 + 4)
        sent = [call for call in self.calls() if call["command"] == "http"]
        self.assertEqual([call["headers"].get("authorization") for call in sent[:3]], ["Bearer s3"] * 3)
        self.assertEqual(len(sent), 7)

    def test_a_request_that_hangs_without_a_limit_ends_with_the_timeout_above(self) -> None:
        self.begin(with_version(APP, "1.9.0", health="hang"), http=True)
        self.assertEqual(
            self.script("timeout 20 curl -s http://shop.example/; echo $?", env={"WORLD_CURL_LIMIT": "1"}).split(),
            ["124"],
        )
        self.assertEqual(self.elapsed(), 20)


class Faults(WorldCase):
    def with_faults(self, *faults: dict[str, Any]) -> None:
        self.begin({**json.loads(json.dumps(APP)), "faults": list(faults)})

    def test_fail_before_has_no_effect_and_fail_after_has(self) -> None:
        fail = {"command": "az", "match": "traffic set", "kind": "fail", "exit": 7, "stderr": "ERROR: boom"}
        self.with_faults({**fail, "nth": 1}, {**fail, "nth": 2, "when": "after"})
        self.assertIn("ERROR: boom", self.script(UPDATE + traffic_set(90, 10), exit=7))
        self.assertEqual(self.weights(), {"shop--v1-9-0": 100})
        self.script(traffic_set(90, 10), exit=7)
        self.assertEqual(self.weights(), {"shop--v1-9-0": 90, "shop--v1-10-0": 10})

    def test_hang_ends_with_the_timeout_above_and_is_a_problem_without_one(self) -> None:
        self.with_faults({"command": "az", "match": "account show", "kind": "hang"})
        began = time.monotonic()
        self.assertEqual(self.script("timeout 30 az account show; echo $?").split(), ["124"])
        self.assertEqual(self.elapsed(), 30)
        self.script("az account show; echo never", exit=137)
        self.assertIn("no time limit", self.problems())
        self.assertLess(time.monotonic() - began, 5)

    def test_kill_before_and_after_take_the_whole_script_down(self) -> None:
        self.with_faults(
            {"command": "az", "match": "traffic set", "kind": "kill", "nth": 1},
            {"command": "az", "match": "traffic set", "kind": "kill", "when": "after", "nth": 2},
        )
        shown = self.script(
            "trap 'echo trapped' EXIT\n" + UPDATE + "timeout 60 " + traffic_set(90, 10) + "echo alive", exit=137
        )
        self.assertEqual(shown, "")
        self.assertEqual(self.weights(), {"shop--v1-9-0": 100})
        self.script(traffic_set(90, 10), exit=137)
        self.assertEqual(self.weights(), {"shop--v1-9-0": 90, "shop--v1-10-0": 10})

    def test_a_kill_at_a_moment_strikes_inside_a_sleep(self) -> None:
        self.with_faults({"command": "sleep", "kind": "kill", "at": "7m30s"})
        self.script("for i in 1 2 3 4 5; do sleep 2m; done", exit=137)
        self.assertEqual(self.elapsed(), 450)
        self.script("sleep 10")
        self.assertEqual(self.elapsed(), 460)

    def test_a_cancellation_is_a_signal_that_a_trap_can_see(self) -> None:
        self.with_faults({"command": "sleep", "kind": "kill", "signal": "INT", "at": "90s"})
        self.assertEqual(
            self.script("trap 'date -u +%T; exit 3' INT; while :; do sleep 60; done", exit=3), "09:01:30\n"
        )

    def test_garbage_slow_logged_out_and_periods(self) -> None:
        self.with_faults(
            {"command": "az", "match": "containerapp show", "kind": "garbage", "stdout": "<html>"},
            {"command": "az", "match": "account", "kind": "logged-out", "from": "1m", "until": "2m"},
            {"command": "az", "match": "acr", "kind": "slow", "delay": "45s"},
        )
        self.assertEqual(self.script("az containerapp show -n shop -g rg"), "<html>")
        shown = self.script(
            "az account show -o none; sleep 60; az account show; sleep 60; az account show -o none && echo ok; az acr login -n r"
        )
        self.assertIn("AADSTS700024", shown)
        self.assertIn("ok\nLogin Succeeded", shown)
        self.assertEqual(self.elapsed(), 165)

    def test_slow_runs_into_the_timeout_above(self) -> None:
        self.with_faults({"command": "az", "kind": "slow", "delay": "45s"})
        self.assertEqual(self.script("timeout 30 az account show; echo $?").split(), ["124"])
        self.assertEqual(self.elapsed(), 30)

    def test_http_knows_the_same_faults(self) -> None:
        self.begin(
            {
                **APP,
                "faults": [
                    {"command": "http", "match": "GET https://shop", "kind": "fail", "status": 500, "nth": "2-3"}
                ],
            },
            http=True,
        )
        self.assertEqual(
            self.script(
                "for i in 1 2 3 4; do curl -s -o /dev/null -w '%{http_code}\\n' https://shop.example/; done"
            ).split(),
            ["200", "500", "500", "200"],
        )


class Log(WorldCase):
    def test_calls_are_logged_in_order_with_time_arguments_and_exit(self) -> None:
        self.begin(APP)
        self.script("sleep 5; az containerapp show -n no -g rg 2>/dev/null; sleep 1; az account show -o none")
        self.assertEqual(
            [(call["elapsed"], call["command"], call["exit"]) for call in self.calls()],
            [(0, "sleep", 0), (5, "az", 3), (5, "sleep", 0), (6, "az", 0)],
        )

    def test_two_runs_of_a_script_leave_the_same_log(self) -> None:
        logs = []
        for _ in range(2):
            self.begin(APP)
            self.script(
                UPDATE + "sleep 10\n" + traffic_set(90, 10) + "az containerapp revision list -n shop -g rg -o json"
            )
            logs.append(self.calls())
        self.assertEqual(logs[0], logs[1])

    def test_the_state_can_be_changed_while_it_runs(self) -> None:
        self.begin(APP)
        self.world("set", self.folder, "/versions/1.9.0/error_percent", "7.5")
        self.assertEqual(self.world("show", self.folder, "/versions/1.9.0/error_percent"), "7.5\n")

    def test_parallel_calls_lose_nothing(self) -> None:
        self.begin(CLUSTER)
        self.script("for i in 1 2 3 4 5 6; do kubectl annotate deployment/shop k$i=1 >/dev/null & done; wait")
        notes = json.loads(
            self.world("show", self.folder, "/kubernetes/objects/Deployment~1prod~1shop/metadata/annotations")
        )
        self.assertEqual(len([name for name in notes if name.startswith("k")]), 6)

    def test_a_script_that_spins_in_real_time_is_stopped(self) -> None:
        self.begin({})
        done = subprocess.run(
            [sys.executable, WORLD, "run", self.folder, "--limit", "0.3", "--", "bash", "-c", "while :; do :; done"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 124)


class Parts(unittest.TestCase):
    """What needs no world."""

    def test_durations_and_moments(self) -> None:
        self.assertEqual(
            [times.duration(text) for text in (90, "1h30m", "500ms", "-2d", "1.5")],
            [90_000, 5_400_000, 500, -172_800_000, 1500],
        )
        for wrong in ("", "5 m", "m", "1x"):
            self.assertRaises(ValueError, times.duration, wrong)
        self.assertEqual(times.moment("2026-06-02T11:00:00+02:00"), times.moment("2026-06-02T09:00:00Z"))
        self.assertEqual(times.text(times.moment("2026-06-02T09:00:00Z")), "2026-06-02T09:00:00Z")
        self.assertEqual(times.iso_duration("PT1H5M"), 3_900_000)

    def test_scenarios_with_unknown_keys_or_values_are_refused(self) -> None:
        for wrong in (
            {"version": {}},
            {"faults": [{"command": "az", "kind": "boom"}]},
            {"queries": [{"match": "(", "value": "errors"}]},
            {"queries": [{"match": "x", "value": "eror"}]},
            {"services": {"a": {"from": {}}}},
            {"versions": {"1": {"helth": 1}}},
            {"start": "yesterday"},
            {"http": [{"error": "gone"}]},
            {"http": [{"sequence": [{"stauts": 500}]}]},
            {"http": [{"service": "nobody"}]},
            {"webhooks": [{"match": "x", "kind": "carrier-pigeon"}]},
        ):
            with self.subTest(wrong):
                self.assertRaises(ScenarioError, build, wrong)

    def test_the_scenario_of_the_readme_is_one(self) -> None:
        with open(os.path.join(HERE, "README.md"), encoding="utf-8") as file:
            example = file.read().partition("```json\n")[2].partition("```")[0]
        self.assertIn("1.10.0", build(json.loads(example))["versions"])

    def test_plain_jmespath(self) -> None:
        value = {"a": [{"n": "x", "on": True, "w": 1}, {"n": "y", "on": False, "w": 2}]}
        self.assertEqual(select(value, "a[?on].n | [0]"), "x")
        self.assertEqual(select(value, "a[?on==`false` && n=='y'].w"), [2])
        self.assertEqual(select(value, "length(a)"), 2)
        self.assertEqual(select(value, "a[-1].n"), "y")
        self.assertIsNone(select(value, "b.c"))

    def test_jsonpath(self) -> None:
        value = {"metadata": {"annotations": {"a.b/c": "1"}}, "items": [{"n": "x", "r": 1}, {"n": "y"}]}
        self.assertEqual(jsonpath.render("{.metadata.annotations.a\\.b/c}", value), "1")
        self.assertEqual(jsonpath.render('{range .items[*]}{.n}={.r}{"\\n"}{end}', value), "x=1\ny=\n")
        self.assertEqual(jsonpath.render('{.items[?(@.n=="y")].n}-{.items[*].n}', value), "y-x y")

    def test_json_patch(self) -> None:
        document = {"a": [1, 2], "b": {"c": 1}}
        self.assertEqual(
            patches.json_patch(document, [{"op": "add", "path": "/a/1", "value": 9}, {"op": "remove", "path": "/b/c"}]),
            {"a": [1, 9, 2], "b": {}},
        )
        self.assertEqual(
            patches.json_patch(
                document,
                [{"op": "move", "from": "/a/0", "path": "/b/d"}, {"op": "copy", "from": "/b/c", "path": "/a/-"}],
            ),
            {"a": [2, 1], "b": {"c": 1, "d": 1}},
        )
        for wrong in (
            {"op": "replace", "path": "/b/x", "value": 1},
            {"op": "test", "path": "/a/0", "value": 2},
            {"op": "remove", "path": "/a/7"},
            {"op": "jump", "path": "/a"},
            {"op": "add", "path": "a", "value": 1},
        ):
            with self.subTest(wrong):
                self.assertRaises(patches.PatchError, patches.json_patch, document, [wrong])
        self.assertEqual(document, {"a": [1, 2], "b": {"c": 1}})

    def test_strategic_patch_merges_containers_by_name(self) -> None:
        document = {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "1"}], "args": [1]}
        self.assertEqual(
            patches.strategic(document, {"containers": [{"name": "b", "image": "2"}], "args": [2]}),
            {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "2"}], "args": [2]},
        )
        self.assertEqual(patches.merge_patch({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}), {"a": {"c": 2}})

    def test_plain_yaml(self) -> None:
        text = "apiVersion: v1\nkind: X\nlist:\n- a: 1\n  b: [x, 'y z', {q: \"1\"}]\n-\n  - nested\ntext: >-\n  one\n  two\nurl: http://x:80/y\n"
        self.assertEqual(
            manifests.parse(text, "f"),
            [
                {
                    "apiVersion": "v1",
                    "kind": "X",
                    "list": [{"a": 1, "b": ["x", "y z", {"q": "1"}]}, ["nested"]],
                    "text": "one two",
                    "url": "http://x:80/y",
                }
            ],
        )
        for wrong in (
            "apiVersion: v1\nkind: X\na: &b c\n",
            "apiVersion: v1\nkind: X\nkind: Y\n",
            "apiVersion: v1\nkind: [\n",
        ):
            with self.subTest(wrong):
                self.assertRaises(Exception, manifests.parse, wrong, "f")


def run_named(names: list[str], verbosity: int = 1) -> tuple[int, list[tuple[str, str]]]:
    """How many tests ran, and the name and traceback of each that did not pass."""
    suite = unittest.defaultTestLoader.loadTestsFromNames(names, sys.modules[__name__])
    output = sys.stderr if verbosity > 1 else io.StringIO()
    result = unittest.TextTestRunner(verbosity=verbosity, stream=output).run(suite)
    return result.testsRun, [(test.id().split(" ")[0], text) for test, text in result.failures + result.errors]


def main() -> int:
    missing = [name for name in ("bash", "curl", "jq", "openssl", "timeout") if shutil.which(name) is None]
    if missing:
        sys.exit(f"selftest: needs {', '.join(missing)}")
    began = time.monotonic()
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if names or "-v" in sys.argv:
        done = [run_named(names or [case.__name__ for case in CASES], verbosity=2)]
    else:
        # Most of the time goes into starting processes, so the test cases share the processors.
        with concurrent.futures.ProcessPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            tests = [
                f"{case.__name__}.{name}"
                for case in CASES
                for name in unittest.defaultTestLoader.getTestCaseNames(case)
            ]
            done = list(pool.map(run_named, [[test] for test in tests]))
    failed = {name: text for _, failures in done for name, text in failures}
    for name, text in failed.items():
        sys.stderr.write(f"FAILED {name}\n{text}\n")
    ran = sum(count for count, _ in done)
    print(f"test world: {ran - len(failed)} passed, {len(failed)} failed ({time.monotonic() - began:.1f} s)")
    return 1 if failed or ran == 0 else 0


CASES = (Clock, Azure, Containers, Kubernetes, GitHub, Docker, Traffic, Http, Faults, Log, Parts)

if __name__ == "__main__":
    sys.exit(main())
