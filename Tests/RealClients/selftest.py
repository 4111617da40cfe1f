"""Every command of `gh` and `kubectl` in Generated/ is read by the real client: `python3 Tests/RealClients/selftest.py`.

With `az` as argument, by the real `az` instead (`make azure-commands` installs it).
"""

from __future__ import annotations

import pathlib
import sys
import unittest

import clients
import commands

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHFMT = str(ROOT / ".tools/venv/bin/shfmt")
# A run that collects nothing would pass.
AT_LEAST = {"gh": 100, "kubectl": 50, "az": 30}


class Reading(unittest.TestCase):
    """Commands are found where they stand."""

    def read(self, script: str) -> list[str]:
        return [" ".join(one.arguments) for one in commands.commands(script, "script", SHFMT)]

    def test_behind_other_words_in_substitutions_and_functions(self) -> None:
        self.assertEqual(self.read('X=$(answer .a -- gh api "repos/${REPOSITORY}") || return'), ["gh api repos/octo-org/shop"])
        self.assertEqual(self.read("need_tools gh jq; command -v kubectl; echo 'kubectl get'"), [])
        self.assertEqual(self.read("try() { if kubectl get pods -n 'a b'; then :; fi; }"), ["kubectl get pods -n a b"])

    def test_arguments_come_from_callers_and_assignments(self) -> None:
        ask = 'ask() { local method=$1; shift; gh api --method "${method}" "$@"; }\n'
        self.assertEqual(
            self.read(ask + "ask GET a -f x=1\nask PUT b"), ["gh api --method GET a -f x=1", "gh api --method PUT b"]
        )
        options = 'f() { local -a options=(); options+=(--input -); gh api x ${options[@]+"${options[@]}"}; }'
        self.assertEqual(self.read(options), ["gh api x --input -"])
        self.assertEqual(self.read('put() { change "$@" "${file}"; }\nput az x --file'), ["az x --file 1"])
        self.assertEqual(self.read('for x in a b; do kubectl get "${x}"; done'), ["kubectl get a", "kubectl get b"])

    def test_runbooks_and_workflows(self) -> None:
        runbook = "Say `gh run list`.\n\n1. So:\n\n   ```bash\n   gh run watch \"<run-id>\"\n   ```\n\n```jq\ngh | no\n```\n"
        self.assertEqual(self.read(commands.shell_of_runbook(runbook)), ["gh run list", "gh run watch 1"])
        workflow = "# With gh: gh workflow run a.yml\nsteps:\n  - run: |\n      gh api ${{ x }} \\\n        --paginate\n  - name: gh\n"
        self.assertEqual(
            self.read(commands.shell_of_workflow(workflow)), ["gh workflow run a.yml", "gh api 1 --paginate"]
        )

    def test_what_cannot_be_read_is_an_error(self) -> None:
        with self.assertRaises(commands.UnreadableScript):
            self.read("gh api (")


class Clients(unittest.TestCase):
    """Clients refuse what they do not know: a test that cannot fail shows nothing."""

    WRONG = {
        "gh": {
            "gh api --method GET x --invented": "unknown flag",
            "gh invented": "unknown command",
            "gh api": "accepts 1 arg",
            "gh api x --input": "needs an argument",
            "gh run list --limit some": "invalid argument",
            "gh run list --json invented": "Unknown JSON field",
            "gh repo view --jq .x": "cannot use `--jq` without specifying `--json`",
        },
        "kubectl": {
            "kubectl --namespace a get pods --invented": "unknown flag",
            "kubectl invented": "unknown command",
            "kubectl scale deployment/a --replicas some": "invalid",
            "kubectl patch service/a --type invented --patch {}": "--type must be one of",
            "kubectl annotate deployment/a": "at least one annotation update is required",
            "kubectl get": "must specify the type",
        },
        "az": {
            "az container show --name a --resource-group b --invented c": "unrecognized arguments",
            "az container invented": "misspelled or not recognized",
            "az container show": "are required",
            "az network traffic-manager endpoint update --name a --profile-name b --resource-group c --type d": "--type",
            # What the stand-in once took, and a generated script called.
            "az network traffic-manager endpoint delete --name a --profile-name b --resource-group c "
            "--type externalEndpoints --yes": "unrecognized arguments: --yes",
        },
    }
    asked = ("gh", "kubectl")

    def test_what_is_invented_is_found(self) -> None:
        for client in self.asked:
            wrong = self.WRONG[client]
            found = {" ".join(command): text for command, text in clients.problems([one.split() for one in wrong])}
            for command, text in wrong.items():
                with self.subTest(command):
                    self.assertIn(text, found.get(command, "taken"))

    def test_every_generated_command_is_understood(self) -> None:
        places = {one.arguments: one.place for one in commands.collect(ROOT / "Generated", SHFMT)}
        for client in self.asked:
            own = [arguments for arguments in places if arguments[0] == client]
            self.assertGreater(len(own), AT_LEAST[client])
            found = clients.problems(own)
            report = "\n".join(f"{places[tuple(one)]}: {' '.join(one)}\n    {text}" for one, text in found)
            self.assertFalse(found, f"{len(found)} of {len(own)} commands of {client} are refused:\n{report}")
            print(f"{len(own)} distinct commands of {client} are understood by {clients.version(client)}", file=sys.stderr)


if __name__ == "__main__":
    if "az" in sys.argv[1:]:
        sys.argv.remove("az")
        Clients.asked = ("az",)
    unittest.main()
