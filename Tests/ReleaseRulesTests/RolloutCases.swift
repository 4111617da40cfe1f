// Cases about the way of a release once it has begun: steps, targets, times, thresholds, the way back.

private let firstStep = "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }"
private func firstStep(_ conditions: String) -> (String, String) {
  (firstStep, "- { to: 10%, hold: 15m, \(conditions) }")
}

let rolloutCases = [
  RuleCase(
    "a promise that nothing ever breaks", (matrix, "slos:\n  errors: { metric: error-rate, below: 50% }\n" + matrix),
    expect: "distant-limits: 50%"),
  RuleCase(
    "a promise near what is acted on", (matrix, "slos:\n  errors: { metric: error-rate, below: 5% }\n" + matrix)),
  RuleCase(
    "a multiple that lets pass what a smaller multiple takes back",
    firstStep("require: [error-rate <= 2x baseline floor 0.1%]"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 1.5x baseline floor 0.1% over 5m]"),
    expect: "contradicting-thresholds: 2x baseline"),
  RuleCase(
    "a floor that lets pass what a lower floor takes back",
    firstStep("require: [error-rate <= 1.05x baseline floor 10%]"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 1.1x baseline floor 0.1% over 5m]"),
    expect: "contradicting-thresholds: 1.05x baseline"),
  RuleCase(
    "a multiple and a distance are stricter in turn", firstStep("require: [error-rate <= 1.5x baseline floor 0.1%]"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > baseline + 2pp over 5m]")),
  RuleCase(
    "a zero baseline in a target that measures both versions as one",
    (
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "rollback: { when: [error-rate > 2x baseline], verify: [smoke] }"
    ),
    (
      "deploy: { command: { run: ops/staging.sh } }",
      "deploy: { kubernetes: { namespace: a, deployment: b, container: c } }"
    ),
    (
      secret,
      "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }\n  KUBECONFIG: { in: [staging], purpose: cluster access, rotate: 30d }"
    ),
    expect: "zero-baseline: 2x baseline"),
  RuleCase(
    "a zero baseline in a check",
    (
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\n  steady: { require: [error-rate <= 2x baseline] }"
    ),
    ("verify: [smoke, ready]", "verify: [smoke, ready, steady]"), expect: "zero-baseline: 2x baseline"),
  RuleCase("a first step without traffic", ("to: 10%", "to: 0%"), expect: "rising-weights: 0%"),
  RuleCase("a share twice", ("to: 10%", "to: 100%"), expect: "rising-weights: 100%"),
  RuleCase("an end before all of it", ("to: 100%", "to: 50%"), expect: "rising-weights: 50%"),
  RuleCase(
    "a fall at the end is one mistake", (lastStep, lastStep + "\n          - { to: 50%, hold: 5m }"),
    expect: "rising-weights: 50%"),
  RuleCase(
    "a target without an address", ("    url: https://staging.shop.example\n", ""),
    (
      "deploy: { command: { run: ops/staging.sh } }",
      "deploy: { kubernetes: { namespace: a, deployment: b, container: c, kubeconfig: KUBECONFIG } }"
    ),
    (secret, secret + "\n  KUBECONFIG: { in: [staging], purpose: cluster access, rotate: 30d }"),
    expect: "driver-capability: staging"),
  RuleCase(
    "a canary without an address of its own",
    (
      "deploy: { command: { run: ops/prod.sh } }",
      """
      deploy:
            kubernetes:
              namespace: a
              deployment: b
              container: c
              canary:
                deployment: d
                traffic: { gateway-api: { route: r, service: s, canary-service: t, port: 80 } }
      """
    ), (secret, secret + "\n  KUBECONFIG: { in: [prod], purpose: cluster access, rotate: 30d }"),
    expect: "driver-capability: ready"),
  RuleCase(
    "a baseline after a rollback, where both versions are measured as one",
    (
      "deploy: { command: { run: ops/staging.sh } }",
      "deploy: { kubernetes: { namespace: a, deployment: b, container: c } }"
    ),
    (
      "when: [smoke fails for 1m]",
      "when: [error-rate > 2x baseline floor 1%], recovered: [error-rate < 1.5x baseline floor 1%]"
    ),
    (
      secret,
      "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }\n"
        + "  KUBECONFIG: { in: [staging], purpose: cluster access, rotate: 30d }"
    ), expect: "driver-capability: 1.5x baseline"),
  RuleCase(
    "a kubernetes canary without a second deployment is one mistake",
    (
      "deploy: { command: { run: ops/prod.sh } }",
      "deploy: { kubernetes: { namespace: a, deployment: b, container: c } }"
    ),
    (rollbackWhen, "when: [error-rate > 2x baseline]"),
    (secret, secret + "\n  KUBECONFIG: { in: [prod], purpose: cluster access, rotate: 30d }"),
    expect: "driver-capability: 10%"),
  RuleCase(
    "a migration that the rollback does not mention",
    ("after: staging", "after: staging\n    migrate: { run: ops/m.sh, destructive: false }"),
    expect: "destructive-migration: ops/m.sh"),
]

let stagingDeploy = "deploy: { command: { run: ops/staging.sh } }"
let prodDeploy = "deploy: { command: { run: ops/prod.sh } }"
let secrets = """
  PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
    KUBECONFIG: { in: [staging], purpose: cluster access, rotate: 30d }
  """
let prodSecrets = """
  PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
    KUBECONFIG: { in: [prod], purpose: cluster access, rotate: 30d }
  """
let provedWithoutAddress = ("verify: [ready]\n        steps:", "verify: [proof]\n        steps:")
let proof = (ci, ci + "\n  proof: { run: ops/proof.sh }")
let blueGreen = ("rolling: { verify: [ready], watch: 15m }", "blue-green: { verify: [proof], watch: 15m }")

private func canary(_ traffic: String) -> String {
  """
  deploy:
        kubernetes:
          namespace: a
          deployment: b
          container: c
          canary: { deployment: d, traffic: { \(traffic) } }
  """
}

/// What a target refuses as it is set up, and shares that it does not have.
let targetCases = [
  RuleCase(
    "blue-green with one deployment",
    (stagingDeploy, "deploy: { kubernetes: { namespace: a, deployment: b, container: c } }"),
    (secret, secrets), blueGreen, proof,
    expect: "driver-capability: { verify: [proof], watch: 15m }"),
  RuleCase(
    "rolling with two colours",
    (
      stagingDeploy,
      "deploy: { kubernetes: { namespace: a, container: c, blue-green: { service: s, blue: b, green: g } } }"
    ), (secret, secrets), expect: "driver-capability: { verify: [ready], watch: 15m }"),
  RuleCase(
    "blue-green with two colours",
    (
      stagingDeploy,
      "deploy: { kubernetes: { namespace: a, container: c, blue-green: { service: s, blue: b, green: g } } }"
    ), (secret, secrets), blueGreen, proof),
  RuleCase(
    "blue-green by webhook",
    (stagingDeploy, "deploy: { webhook: { deploy: DEPLOY_URL, rollback: ROLLBACK_URL, verify: VERIFY_URL } }"),
    (
      secret,
      secret
        + ["DEPLOY_URL", "ROLLBACK_URL", "VERIFY_URL"].map {
          "\n  \($0): { in: [staging], purpose: deploys, rotate: 90d }"
        }.joined()
    ), blueGreen, proof, expect: "driver-capability: { verify: [proof], watch: 15m }"),
  RuleCase(
    "a share that is no whole number of pods", (prodDeploy, canary("replicas: { total: 4 }")), (secret, prodSecrets),
    provedWithoutAddress, proof, expect: "driver-capability: 10%"),
  RuleCase(
    "a share of whole pods", (prodDeploy, canary("replicas: { total: 10 }")), (secret, prodSecrets),
    provedWithoutAddress, proof),
  RuleCase(
    "a share without a manifest",
    (prodDeploy, canary("manifests: { at: { 5: k8s/5.yaml, 100: k8s/100.yaml }, back: k8s/stable.yaml }")),
    (secret, prodSecrets), provedWithoutAddress, proof, expect: "driver-capability: 10%"),
  RuleCase(
    "a manifest for each share",
    (prodDeploy, canary("manifests: { at: { 10: k8s/10.yaml, 100: k8s/100.yaml }, back: k8s/stable.yaml }")),
    (secret, prodSecrets), provedWithoutAddress, proof),
]

let timeCases = [
  RuleCase(
    "a rollback window longer than a hold", (rollbackWhen, "when: [error-rate > 3% over 20m]"),
    expect: "window-exceeds-hold: 20m"),
  RuleCase(
    "a condition that must hold longer than a hold", (rollbackWhen, "when: [error-rate > 3% over 5m for 16m]"),
    expect: "window-exceeds-hold: error-rate > 3% over 5m for 16m"),
  RuleCase(
    "more checks than a hold has", (rollbackWhen, "when: [error-rate > 3% over 5m for 31 checks]"),
    expect: "window-exceeds-hold: error-rate > 3% over 5m for 31 checks"),
  RuleCase("as many checks as a hold has", (rollbackWhen, "when: [error-rate > 3% over 5m for 30 checks]")),
  RuleCase(
    "more checks than can be counted", (rollbackWhen, "when: [smoke fails for 9223372036854775807 checks]"),
    expect: "invalid-condition: 9223372036854775807"),
  RuleCase(
    "more checks than fit", (rollbackWhen, "when: [error-rate > 3% over 5m, smoke fails for 1000 checks]"),
    expect: "window-exceeds-hold: smoke fails for 1000 checks"),
  RuleCase(
    "checked less often than once a hold", ("canary:", "canary:\n        check-every: 20m"),
    expect: "window-exceeds-hold: 15m"),
  RuleCase("settled after the hold", ("canary:", "canary:\n        settle: 20m"), expect: "window-exceeds-hold: 15m"),
  RuleCase(
    "data that arrive too late", ("resolution: 15s }", "resolution: 1m, lag: 12m }"),
    ("canary:", "canary:\n        check-every: 1m"),
    expect: "window-exceeds-hold: 15m"),
  RuleCase(
    "data that arrive in time", ("resolution: 15s }", "resolution: 1m, lag: 11m }"),
    ("canary:", "canary:\n        check-every: 1m")),
  RuleCase(
    "judged more often than there is news", ("resolution: 15s }", "resolution: 1m }"),
    (rollbackWhen, "when: [error-rate > 3% over 5m, smoke fails]")),
  RuleCase(
    "six hours on a runner of one's own", ("hold: 30m", "hold: 6h"),
    ("after: staging", "after: staging\n    runs-on: [self-hosted, linux]")),
  RuleCase(
    "five days on a runner of one's own", ("hold: 30m", "hold: 5d"),
    ("after: staging", "after: staging\n    runs-on: [self-hosted, linux]"),
    expect: "job-time-limit: 5d"),
]

let thresholdCases = [
  RuleCase(
    "a rollback on what is asked for", (rollbackWhen, "when: [error-rate < 2% over 5m]"),
    expect: "contradicting-thresholds: 2%"),
  RuleCase(
    "a rollback on suspiciously little", (rollbackWhen, "when: [error-rate < 0.5% over 5m]"),
    expect: "inverted-comparison: error-rate < 0.5% over 5m"),
  RuleCase(
    "a recovery that asks for what is bad",
    (rollbackWhen, rollbackWhen + "\n      recovered: [error-rate > 1% over 5m]"),
    expect: "inverted-comparison: error-rate > 1% over 5m"),
  RuleCase("both ends of a range", firstStep("require: [error-rate < 1% over 5m, error-rate > 0.1% over 5m]")),
  RuleCase(
    "a health that is looked at later than in staging",
    (rollbackWhen, "when: [error-rate > 3% over 5m, smoke fails for 2m]"),
    expect: "looser-downstream: smoke fails for 2m"),
  RuleCase(
    "a metric that only staging goes back for",
    ("rollback: { when: [smoke fails for 1m]", "rollback: { when: [smoke fails for 1m, error-rate > 3% over 5m]"),
    (secret, "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }"),
    (rollbackWhen, "when: [smoke fails for 1m, { manual: Nobody can buy. }]"),
    expect: "unwatched-metric: smoke fails for 1m, { manual: Nobody can buy. }"),
  RuleCase(
    "a requirement of what is bad", ("error-rate < 1% over 5m", "error-rate > 5% over 5m"),
    expect: "contradicting-thresholds: 5%"),
  RuleCase(
    "a rollback on the target", firstStep("require: []"), ("better: lower", "better: lower\n    target: 1%"),
    (rollbackWhen, "when: [error-rate < 2% over 5m]"), expect: "contradicting-thresholds: 2%"),
  RuleCase(
    "a rollback under the target", firstStep("require: []"), ("better: lower", "better: lower\n    target: 1%"),
    (rollbackWhen, "when: [error-rate < 1% over 5m]"), expect: "inverted-comparison: error-rate < 1% over 5m"),
  RuleCase(
    "a step that fails on what it asks for",
    firstStep("require: [error-rate < 1% over 5m], fail-when: [error-rate < 1.5%]"),
    expect: "contradicting-thresholds: 1.5%"),
  RuleCase(
    "a step that asks for less than it fails on",
    firstStep("require: [error-rate < 1% over 5m], fail-when: [error-rate > 0.5%]"),
    expect: "contradicting-thresholds: 1%"),
  RuleCase(
    "a step that fails on more than it asks for",
    firstStep("require: [error-rate < 1% over 5m], fail-when: [error-rate > 2%]")),
  RuleCase(
    "a step that cannot fail", firstStep("fail-when: [error-rate > 500%]"), expect: "dead-rollback-condition: 500%"),
  RuleCase(
    "a step that cannot pass", firstStep("fail-when: [error-rate >= 0%]"), expect: "dead-rollback-condition: 0%"),
  RuleCase(
    "a step that asks a person", firstStep("fail-when: [manual: It is broken.]"),
    expect: "dead-rollback-condition: manual: It is broken."),
  RuleCase(
    "a step that fails after it is over", firstStep("fail-when: [error-rate > 2% for 20m]"),
    expect: "window-exceeds-hold: error-rate > 2% for 20m"),
  RuleCase(
    "a step that fails by what was before", firstStep("fail-when: [error-rate > 2% over 20m]"),
    expect: "window-exceeds-hold: 20m"),
  RuleCase(
    "a step that fails on twice nothing", firstStep("fail-when: [error-rate > 2x baseline]"),
    expect: "zero-baseline: 2x baseline"),
  RuleCase(
    "an alert on what is asked for",
    beforeTheMatrix("alerts: { Errors: { severity: warning, when: error-rate < 2% for 5m } }"),
    expect: "contradicting-thresholds: 2%"),
  RuleCase(
    "an alert that cannot fire",
    beforeTheMatrix("alerts: { Errors: { severity: warning, when: error-rate > 500% for 5m } }"),
    expect: "alert-condition: 500%"),
  RuleCase(
    "an alert that never stops",
    beforeTheMatrix("alerts: { Errors: { severity: warning, when: error-rate >= 0% for 5m } }"),
    expect: "alert-condition: 0%"),
  RuleCase(
    "a promise of what is bad", beforeTheMatrix("slos: { errors: { metric: error-rate, above: 2% } }"),
    expect: "contradicting-thresholds: 2%"),
  RuleCase("a promise of what is good", beforeTheMatrix("slos: { errors: { metric: error-rate, below: 2% } }")),
]

private func stabilised(_ text: String) -> (String, String) {
  (lastStep, lastStep + "\n        stabilise: { \(text) }")
}

private func hotfix(_ tags: String) -> (String, String) {
  beforeTheMatrix("hotfix: { tag: \(tags), environments: { staging: {}, prod: {} } }")
}
let byHand = ("on: { tag: \"v*\" }", "on: { manual: { tag: [\"v*\"] } }")

let hotfixCases = [
  RuleCase("a hotfix with tags of its own", byHand, hotfix("\"hotfix-v*\"")),
  RuleCase("every tag is a hotfix", byHand, hotfix("\"v*\""), expect: "promotion-bypass: \"v*\""),
  RuleCase(
    "some tags are a hotfix", byHand, hotfix("[\"hotfix-*\", \"*-fix\"]"), expect: "promotion-bypass: \"*-fix\""),
  RuleCase(
    "releases leave the tags of a hotfix out",
    (byHand.0, "on: { manual: { tag: [\"v*\", \"!v*-fix\"] } }"), hotfix("\"v*-fix\"")),
  RuleCase("a pushed tag is told once", hotfix("\"v*\""), expect: "promotion-bypass: \"v*\""),
]

let stabilisationCases = [
  RuleCase("a window that reaches into the last step", stabilised("hold: 30m, require: [error-rate < 1% over 1h]")),
  RuleCase(
    "a window that reaches further", stabilised("hold: 30m, require: [error-rate < 1% over 2h]"),
    expect: "window-exceeds-hold: 2h"),
  RuleCase("held for less than a look takes", stabilised("hold: 10s"), expect: "window-exceeds-hold: 10s"),
  RuleCase(
    "a person is asked", stabilised("hold: 30m, require: [manual: It looks good.]"),
    expect: "vacuous-gate: manual: It looks good."),
  RuleCase(
    "everything passes", stabilised("hold: 30m, require: [error-rate < 101%]"), expect: "vacuous-gate: 101%"),
  RuleCase(
    "less is asked for than by the rollback", stabilised("hold: 30m, require: [error-rate < 4%]"),
    expect: "contradicting-thresholds: 4%"),
  RuleCase(
    "a check that needs a secret", stabilised("hold: 30m, verify: [proof]"),
    (ci, ci + "\n  proof: { probe: { requests: [GET /proof], bearer: T } }"),
    (secret, secret + "\n  T: { in: [staging], purpose: probes, rotate: 90d }"),
    expect: "secret-scope: staging"),
  RuleCase(
    "longer than a login to Azure", stabilised("hold: 90m"),
    (
      secret,
      secret + """

          AZURE_CLIENT_ID: { in: [prod], purpose: the deploy identity, rotate: 365d }
          AZURE_TENANT_ID: { in: [prod], purpose: its directory, rotate: 365d }
          AZURE_SUBSCRIPTION_ID: { in: [prod], purpose: its subscription, rotate: 365d }
        """
    ),
    ("{ command: { run: ops/prod.sh } }", "{ azure-container-apps: { app: shop, resource-group: shop } }"),
    expect: "login-outlives-hold: 90m"),
]

// Put together here, so that no scanner takes this file for a leak.
let slackWebhook = "https://hooks.slack" + ".com/services/T0123ABCD/B0123ABCD/abcdefghijkl"

/// What cannot be read is told once, and nothing that follows from it.
let partialCases = [
  RuleCase("an element of a list of checks", ("[test]", "[5]"), expect: "wrong-type: 5"),
  RuleCase("an element of `verify`", ("\n    verify: [smoke]\n", "\n    verify: [{}]\n"), expect: "wrong-type: {}"),
  RuleCase(
    "a misspelt element of `verify`", ("\n    verify: [smoke]\n", "\n    verify: [smok]\n"),
    expect: "unknown-name: smok"),
  RuleCase("an approval", ("prod: [owner]", "prod: [5]"), expect: "wrong-type: 5"),
  RuleCase("a cell", ("smoke: { prod: required }", "smoke: { prod: 5 }"), expect: "unknown-word: 5"),
  RuleCase("the matrix", (matrix, "promotion: none"), expect: "wrong-type: none"),
  RuleCase(
    "the rollback", ("rollback: { when: [smoke fails for 1m], verify: [smoke] }", "rollback: yes"),
    expect: "wrong-type: yes"),
  RuleCase("a step", (lastStep, "- { to: 100, hold: 30m }"), expect: "invalid-weight: 100"),
  RuleCase("a trigger", ("on: { tag: \"v*\" }", "on: { tag: 5 }"), expect: "wrong-type: 5"),
  RuleCase(
    "a trigger that does not exist", ("on: { tag: \"v*\" }", "on: { cron: daily }"), expect: "unknown-key: cron"),
  RuleCase(
    "candidates that nobody declared", ("on: { tag: \"v*\" }", "on: { tag: candidates }"),
    expect: "unknown-name: candidates"),
  RuleCase("a rotation", ("rotate: 90d", "rotate: often"), expect: "invalid-duration: often"),
  RuleCase(
    "the reviewers of a role", ("[acme/owners]", "[ada, 5]"), ("[owner]", "[owner, owner]"), expect: "wrong-type: 5"),
  RuleCase("a metric", ("unit: percent", "unit: share"), expect: "unknown-word: share"),
  RuleCase(
    "a whole environment", ("deploy: { command: { run: ops/staging.sh } }", "deploy: none"),
    expect: "wrong-type: none"),
  RuleCase("a whole check", ("{ probe: { requests: [GET /health] } }", "none"), expect: "wrong-type: none"),
]
