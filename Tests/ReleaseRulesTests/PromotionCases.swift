// Cases about who and what lets a release through: the matrix, gates, triggers and secrets.

let matrixCases = [
  RuleCase("no matrix at all", (matrix, ""), expect: "empty-cell: staging"),
  RuleCase("an empty matrix", (matrix, "promotion: {}"), expect: "empty-cell: {}"),
  RuleCase(
    "a misspelt environment is not also a missing cell", ("ci: { prod:", "ci: { prd:"), expect: "unknown-name: prd"),
  RuleCase(
    "a probe is asked for an environment that comes first", ("ci: { prod:", "ci: { staging: required, prod:"),
    ("smoke: { prod:", "smoke: { staging: required, prod:"), ("approvals: {", "approvals: { staging: [owner],"),
    expect: "unbound-criterion: required"),
  RuleCase(
    "everything is asked of an environment that runs no check", ("\n    verify: [smoke]\n", "\n"),
    ("smoke: { prod: required }", "smoke: { prod: required }\n  ready: { prod: recommended }"),
    expect: "unbound-criterion: required"),
  RuleCase(
    "a check that is only reported is recorded as well", ("\n    verify: [smoke]\n", "\n    report: [smoke]\n")),
  RuleCase(
    "a check that cannot be read may be the one",
    ("\n    verify: [smoke]\n", "\n    verify: [ready]\n    report: [5]\n"),
    expect: "wrong-type: 5"),
  RuleCase(
    "an optional criterion needs no record", ("smoke: { prod: required }", "smoke: { prod: optional }"),
    ("\n    verify: [smoke]\n", "\n")),
  RuleCase(
    "a question to a pull request is no criterion", (ci, ci + "\n  review: { pull-request-reviews: { at-least: 1 } }"),
    ("smoke: { prod: required }", "smoke: { prod: required }\n  review: { prod: required }"),
    expect: "unbound-criterion: review"),
  RuleCase(
    "a question to a pull request before a release", (ci, ci + "\n  review: { pull-request-reviews: { at-least: 1 } }"),
    ("after: staging", "after: staging\n    before: [review]"), expect: "unbound-criterion: review"),
  RuleCase(
    "a probe before the merge", ("environments:", "before-merge: { require: [ci, smoke] }\nenvironments:"),
    expect: "unbound-criterion: smoke"),
  RuleCase(
    "what does not apply any more is weaker, too",
    (ci, ci + "\n  green: { github-checks: [lint] }"),
    ("ci: { prod: required }", "green: { staging: required, prod: { not-applicable: tested in staging } }"),
    ("smoke: { prod:", "smoke: { staging: { not-applicable: it comes first }, prod:"),
    ("approvals: {", "approvals: { staging: [owner],"),
    expect: "unused-check: ci", "weaker-downstream: { not-applicable: tested in staging }"),
  RuleCase(
    "one person cannot stand for two approvals of three people", ("[acme/owners]", "[ada, grace]"),
    ("[acme/operations]", "[Ada]"), ("[owner]", "[owner, operations, any-of: [owner, operations]]"),
    expect: "same-approver: any-of: [owner, operations]"),
  RuleCase(
    "the same user under two roles", ("[acme/owners]", "[ada]"), ("[owner]", "[owner, owner]"),
    expect: "same-approver: owner"),
  RuleCase("a team is people enough", ("[owner]", "[owner, owner, operations]")),
]

let gateCases = [
  RuleCase(
    "an environment that proves nothing", ("    verify: [smoke]\n    rollback: {", "    rollback: {"),
    ("  smoke: { prod: required }\n", ""), expect: "missing-verification: staging"),
  RuleCase(
    "a candidate that GitHub is asked about", ("verify: [ready]\n        steps", "verify: [ci]\n        steps"),
    expect: "missing-verification: ci"),
  RuleCase(
    "a build that staging has waited for", ("ci: { prod: required }", "ci: { prod: optional }"),
    ("    verify: [smoke]\n    rollback: {", "    before: [ci]\n    verify: [smoke]\n    rollback: {"),
    expect: "already-blocking: optional"),
  RuleCase(
    "no condition", (ci, ci + "\n  quiet: { require: [] }"), expect: "unused-check: quiet", "vacuous-gate: require"),
  RuleCase(
    "no review", (ci, ci + "\n  review: { pull-request-reviews: { at-least: 0 } }"),
    expect: "unused-check: review", "vacuous-gate: 0"),
  RuleCase(
    "no limit on findings", (ci, ci + "\n  scan: { run: ops/scan.sh, findings: { sarif: a.sarif, at-most: {} } }"),
    expect: "unused-check: scan", "vacuous-gate: { sarif: a.sarif, at-most: {} }"),
  RuleCase(
    "a limit that no scan reaches",
    (ci, ci + "\n  scan: { run: ops/scan.sh, findings: { sarif: a.sarif, at-most: { critical: 1000000, low: 999 } } }"),
    expect: "unused-check: scan", "vacuous-gate: 1000000"),
  RuleCase(
    "a comparison within everything",
    (ci, ci + "\n  load: { run: ops/load.sh, compare: { metrics: [error-rate], within: 100% } }"),
    ("better: lower", "better: lower\n    target: 1%"),
    expect: "unused-check: load", "vacuous-gate: 100%"),
  RuleCase("no approvals", ("[owner]", "[]"), expect: "vacuous-gate: []"),
  RuleCase("approvals by nobody", ("prod: [owner]", "prod: required"), expect: "vacuous-gate: required"),
  RuleCase(
    "people in the row of a check", ("ci: { prod: required", "ci: { prod: [owner]"), expect: "vacuous-gate: [owner]"),
  RuleCase("always under the most", ("error-rate < 1%", "error-rate < 101%"), expect: "vacuous-gate: 101%"),
  RuleCase("always at least the least", ("error-rate < 1%", "error-rate >= 0%"), expect: "vacuous-gate: 0%"),
  RuleCase("never under the least", ("error-rate < 1%", "error-rate < 0%"), expect: "vacuous-gate: 0%"),
  RuleCase("none at all can be asked for", ("error-rate < 1%", "error-rate <= 0%")),
  RuleCase(
    "always under a baseline that is far enough away", ("error-rate < 1%", "error-rate <= baseline + 100pp"),
    expect: "vacuous-gate: baseline + 100pp"),
  RuleCase(
    "a requirement that a check fails", ("error-rate < 1% over 5m]", "smoke fails]"),
    expect: "vacuous-gate: smoke fails"),
  RuleCase(
    "a requirement that only a person can judge", ("[error-rate < 1% over 5m]", "[manual: looks fine]"),
    expect: "vacuous-gate: manual: looks fine"),
  RuleCase(
    "a condition of a check", (ci, ci + "\n  quiet: { require: [error-rate <= 100%] }"),
    ("\n    verify: [smoke]\n", "\n    verify: [smoke, quiet]\n"),
    (secret, "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }"),
    expect: "vacuous-gate: 100%"),
  RuleCase(
    "a signed tag of a release that runs from a branch", (ci, ci + "\n  tag: { signed-tag: { immutable: true } }"),
    ("on: { push: { branches: [main] } }", "on: { push: { branches: [main] } }\n    before: [tag]"),
    expect: "vacuous-gate: tag"),
  RuleCase(
    "a rollback that takes back everything", (rollbackWhen, "when: [error-rate >= 0% over 5m]"),
    expect: "dead-rollback-condition: 0%"),
  RuleCase(
    "a rollback that never comes", (rollbackWhen, "when: [smoke fails, error-rate < 0% over 5m]"),
    expect: "dead-rollback-condition: 0%"),
  RuleCase(
    "the bound of a requirement and of a rollback meet", ("error-rate < 1%", "error-rate <= 3%"),
    (rollbackWhen, "when: [error-rate >= 3% over 5m]"), expect: "contradicting-thresholds: 3%"),
  RuleCase("the bounds only touch", ("error-rate < 1%", "error-rate <= 3%")),
  RuleCase(
    "a looser bound beside a tighter one",
    ("error-rate < 1% over 5m", "error-rate < 10% over 5m, error-rate < 1% over 5m")),
  RuleCase("a rollback that looks at a longer time", ("error-rate < 1% over 5m", "error-rate < 10% over 1m")),
  RuleCase(
    "a rollback that waits longer than the requirement looks", ("error-rate < 1% over 5m", "error-rate < 10% over 5m"),
    (rollbackWhen, "when: [error-rate > 3% over 1m for 10m]")),
  RuleCase(
    "recovered is worse than what took it back",
    (rollbackWhen, rollbackWhen + "\n      recovered: [error-rate < 5% over 10m]"),
    expect: "contradicting-thresholds: 5%"),
  RuleCase(
    "a bound relative to a fixed value", ("error-rate < 1%", "error-rate < slo + 300%"),
    ("better: lower", "better: lower\n    slo: 1%"),
    expect: "contradicting-thresholds: slo + 300%"),
]

let triggerCases = [
  RuleCase(
    "a push into an environment that comes after another",
    ("on: { tag: \"v*\" }", "on: { push: { branches: [release] } }"),
    expect: "promotion-bypass: { branches: [release] }"),
  RuleCase(
    "one branch starts two environments",
    ("    after: staging\n    on: { tag: \"v*\" }", "    on: { push: { branches: [\"m*n\"] } }"),
    ("smoke: { prod: required }", "smoke: { prod: { not-applicable: it comes first } }"),
    expect: "promotion-bypass: \"m*n\""),
  RuleCase(
    "tags that exclude each other", ("branches: [main] } }", "branches: [main] }, tag: \"v*-*\" }"),
    ("tag: \"v*\" }", "tag: [\"v*\", \"!v*-*\"] }")),
  RuleCase(
    "the pattern that lets the tag through is the place",
    ("branches: [main] } }", "branches: [main] }, tag: \"hotfix-?[0-9]\" }"),
    ("tag: \"v*\" }", "tag: [\"v*\", \"!v*-*\", \"hot*\"] }"), expect: "promotion-bypass: \"hot*\""),
  RuleCase(
    "the same tags by a push and by a person", ("branches: [main] } }", "branches: [main] }, tag: \"v*\" }"),
    ("on: { tag: \"v*\" }", "on: { manual: { tag: \"v*\" } }")),
  RuleCase("nothing starts it", ("on: { tag: \"v*\" }", "on: {}"), expect: "environment-order: {}"),
  RuleCase(
    "two wait for each other", ("on: { push: { branches: [main] } }", "after: prod\n    on: { manual: true }"),
    ("ci: { prod:", "ci: { staging: required, prod:"), ("approvals: {", "approvals: { staging: [owner],"),
    ("smoke: { prod:", "smoke: { staging: optional, prod:"), expect: "environment-order: prod"),
]

let secretCases = [
  RuleCase("no rotation is a warning", (", rotate: 90d }", " }"), expect: "secret-rotation: PROMETHEUS_URL"),
  RuleCase("two years", ("rotate: 90d", "rotate: 730d"), expect: "secret-rotation: 730d"),
  RuleCase("a misspelt environment of a secret", ("in: [prod]", "in: [prd]"), expect: "unknown-name: prd"),
  RuleCase(
    "a secret that only the rollback needs",
    (secret, "PROMETHEUS_URL: { in: [staging], purpose: metric queries, rotate: 90d }"),
    ("require: [error-rate < 1% over 5m]", "require: []"),
    (rollbackWhen, "when: [smoke fails]\n      recovered: [error-rate < 1%]"),
    expect: "secret-scope: staging"),
  RuleCase(
    "a misspelt use of a secret is not an unused one", ("GET /health]", "GET /health], bearer: SMOKE_TOKN"),
    (secret, secret + "\n  SMOKE_TOKEN: { in: [staging, prod], purpose: probes, rotate: 90d }"),
    expect: "unknown-name: SMOKE_TOKN"),
]

let addressCases = [
  RuleCase(
    "an address of metrics", ("url: PROMETHEUS_URL", "url: https://metrics.shop.example"),
    expect: "secret-literal: https://metrics.shop.example"),
  RuleCase(
    "an address of a probe", ("GET /health]", "GET /health], bearer: \"https://token.shop.example\""),
    expect: "secret-literal: \"https://token.shop.example\""),
  RuleCase(
    "a webhook to deploy with",
    (
      "deploy: { command: { run: ops/staging.sh } }",
      "deploy: { webhook: { deploy: \"https://d.example\", rollback: \"https://r.example\", verify: CALLBACK } }"
    ),
    (secret, secret + "\n  CALLBACK: { in: [staging], purpose: callbacks, rotate: 90d }"),
    expect: "secret-literal: \"https://d.example\"", "secret-literal: \"https://r.example\""),
  RuleCase(
    "a webhook of people",
    beforeTheMatrix(
      "notify: { team: { slack: \(slackWebhook), on: [failed] } }"),
    expect: "secret-literal: \(slackWebhook)"),
]
