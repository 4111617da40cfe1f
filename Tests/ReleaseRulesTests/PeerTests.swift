import Diagnostics
import ReleaseRules
import Testing

/// Mistakes that other tools take without a word. Each is an edit of the base, and what it leads to here; the comment says
/// where the other tool lets it through. Files were read as they stand in the public repositories.
@Suite struct PeerTests {
  @Test(arguments: peerCases)
  func whatAPeerLetsThroughIsFound(_ ruleCase: RuleCase) throws {
    let verdict = Verdict(try ruleCase.text())
    #expect(!ruleCase.expected.isEmpty)
    #expect(verdict.marked == ruleCase.expected, "\(verdict.text)")
  }
}

private let firstStep = "{ to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }"
private let steps = "- \(firstStep)\n          \(lastStep)"
private func steps(_ weights: Int...) -> (String, String) {
  (steps, weights.map { "- { to: \($0)%, hold: 15m }" }.joined(separator: "\n          "))
}
private func window(_ text: String) -> (String, String) {
  ("url: https://shop.example", "url: https://shop.example\n    window: { \(text), zone: UTC }")
}

/// A gate whose limits mean that it cannot fail.
///
/// Argo Rollouts: `ValidateMetric` in `utils/analysis/factory.go` refuses `count < failureLimit` and takes `count` equal to
/// it, with which every measurement may fail and the limit is not yet passed.
private let limits = [
  RuleCase(
    "more checks are asked to fail in a row than a hold has",
    (rollbackWhen, "when: [error-rate > 3% over 5m for 31 checks]"),
    expect: "window-exceeds-hold: error-rate > 3% over 5m for 31 checks"),
  RuleCase(
    "as many findings as no scan reports",
    (ci, ci + "\n  scan: { run: ops/scan.sh, findings: { sarif: a.sarif, at-most: { critical: 1000000 } } }"),
    ("\n    verify: [smoke]\n", "\n    verify: [smoke, scan]\n"), expect: "vacuous-gate: 1000000"),
  RuleCase("a bound beyond what there is", ("error-rate < 1%", "error-rate < 101%"), expect: "vacuous-gate: 101%"),
]

/// Conditions that pass on NaN, or without data.
///
/// Argo Rollouts: `EvaluateResult` in `utils/evaluate/evaluate.go` takes a measurement for a success when there is only a
/// failure condition and it is not true; `NaN > x` is never true. Issue 180 of argoproj/argo-rollouts tells where the NaN
/// comes from: a rate of failures without requests. Keptn: `evaluateComparison` in
/// `lighthouse-service/event_handler/evaluate_sli_handler.go`: "if no comparison values are available, the evaluation passes".
///
/// Here a condition cannot say what unknown means: the words for it do not exist, and a query that divides is a `ratio`, whose
/// missing total is unknown. That unknown never promotes is shown where scripts run (`WatchTests`).
private let noData = [
  RuleCase(
    "unknown is to count as good", (rollbackWhen, "when: [error-rate > 3% over 5m or no data]"),
    expect: "invalid-condition: or"),
  RuleCase(
    "a share of nothing is to pass", ("better: lower", "better: lower\n    no-data: pass"),
    expect: "unknown-key: no-data"),
  RuleCase(
    "fewer events than can be counted", (rollbackWhen, "when: [error-rate > 3% over 5m with >= 0 events]"),
    expect: "invalid-condition: with >= 0 events"),
]

/// Weights that repeat, fall, or end before all of the traffic.
///
/// Flagger: `nextStepWeight` in `pkg/controller/scheduler.go` takes the difference of two neighbours in `stepWeights` as it
/// is: for `[10, 50, 30]` it is below zero and for `[10, 10]` nothing, and `advanceCanary` goes on only when it is above, so
/// that the canary stays where it is; `maxWeight` is the last weight, whatever it is.
private let weights = [
  RuleCase("weights that fall", steps(10, 50, 30), expect: "rising-weights: 30%"),
  RuleCase("a weight twice", steps(10, 10, 100), expect: "rising-weights: 10%"),
  RuleCase("weights that end at 80 %", steps(10, 80), expect: "rising-weights: 80%"),
]

/// A length of time with something behind it.
///
/// Flagger: `GetAnalysisInterval` in `pkg/apis/flagger/v1beta1/canary.go` takes an interval that cannot be read for the
/// default of a minute, and says nothing.
private let durations = [
  RuleCase("a length of time and three letters", ("hold: 15m", "hold: 1mfoo"), expect: "invalid-duration: 1mfoo"),
  RuleCase(
    "the same in a condition", ("error-rate > 3% over 5m", "error-rate > 3% over 1mfoo"),
    expect: "invalid-condition: 1mfoo"),
]

/// A range whose smallest value is above its largest.
///
/// Flagger: `CanaryThresholdRange` in `pkg/apis/flagger/v1beta1/canary.go` has `min` and `max` without a rule that compares
/// them; with `min: 99, max: 1` no value passes, and every release is taken back.
private let ranges = [
  RuleCase(
    "two bounds that no value keeps",
    ("[error-rate < 1% over 5m]", "[error-rate > 5% over 5m, error-rate < 1% over 5m]"),
    expect: "contradicting-thresholds: 5%"),
  RuleCase(
    "a probe that is warmed up too often", ("[GET /ready]", "[GET /ready], warm-up: 11"), expect: "out-of-range: 11"),
]

/// Upstream stages that are not there, or that wait for one another.
///
/// Kargo: `validateSpec` of `internal/webhook/kubernetes/stage/webhook.go` looks at requested freight only for an origin that
/// is there twice; the names under `sources.stages` it does not look up.
private let upstream = [
  RuleCase("an upstream that is not there", ("after: staging", "after: stagng"), expect: "unknown-name: stagng"),
  RuleCase(
    "two that wait for each other", ("on: { push: { branches: [main] } }", "after: prod\n    on: { manual: true }"),
    ("ci: { prod:", "ci: { staging: required, prod:"), ("approvals: {", "approvals: { staging: [owner],"),
    ("smoke: { prod:", "smoke: { staging: optional, prod:"), expect: "environment-order: prod"),
  RuleCase("one that waits for itself", ("after: staging", "after: prod"), expect: "environment-order: prod"),
]

/// A stage that verifies nothing.
///
/// Kargo: the same `validateSpec` takes a stage without `verification`; its freight counts as verified as soon as it is
/// there (Kargo's docs, "Working with Stages").
private let verification = [
  RuleCase(
    "what is asked for is verified nowhere", ("\n    verify: [smoke]\n", "\n    verify: []\n"),
    expect: "unbound-criterion: required"),
  RuleCase(
    "a candidate gets traffic unseen", ("verify: [ready]\n        steps:", "verify: []\n        steps:"),
    expect: "empty-list: []"),
  RuleCase("nobody looks after a rollback", ("verify: [smoke, ready]", "verify: []"), expect: "empty-list: []"),
]

/// Pass marks that cannot be reached.
///
/// Kayenta: `calculateSummaryScore` in `kayenta-judge/…/scorers/WeightedSumScorer.scala` adds up `score × weight / 100` and
/// does not ask whether the weights come to 100: with groups of 60 together, 75 is out of reach and every canary fails. Here
/// nothing is weighed: all of it must hold, so that what is left are people and times that cannot be had.
private let passMarks = [
  RuleCase(
    "two approvals by one person", ("[acme/owners]", "[ada]"), ("[owner]", "[owner, owner]"),
    expect: "same-approver: owner"),
  RuleCase(
    "a score to be reached", ("prod: [owner]", "prod: { score: 75 }"), expect: "missing-key: score",
    "unknown-key: score"),
  RuleCase("no value is that small", ("error-rate < 1%", "error-rate < 0%"), expect: "vacuous-gate: 0%"),
]

/// A condition relative to a baseline of nothing.
///
/// Keptn: `evaluateComparison` makes `<=+15%` of a value of 0 into `<= 0`, which the first error in a thousand requests
/// breaks.
private let zero = [
  RuleCase(
    "twice nothing", (rollbackWhen, "when: [error-rate > 2x baseline over 5m]"), expect: "zero-baseline: 2x baseline")
]

/// A window that is shorter than the rollout.
///
/// Spinnaker: `RestrictExecutionDuringTimeWindow` in orca suspends until the window is open and then succeeds; what follows
/// is not asked how long it takes. Google Cloud Deploy's `RolloutRestriction` restricts when something is begun, too.
private let windows = [
  RuleCase(
    "an hour for more than an hour", window("days: [mon], from: \"02:00\", to: \"03:00\""),
    expect: "change-window: { days: [mon], from: \"02:00\", to: \"03:00\", zone: UTC }"),
  RuleCase(
    "a window that is never open, or always", window("days: [mon], from: \"02:00\", to: \"02:00\""),
    expect: "empty-window: { days: [mon], from: \"02:00\", to: \"02:00\", zone: UTC }"),
]

/// Secrets that a rollback needs and does not have.
///
/// actionlint checks `secrets` against what `workflow_call` declares (its README, "Reusable workflow check") and does not know
/// which environment of GitHub has which; a secret that is not there is an empty string.
private let missingSecrets = [
  RuleCase(
    "a probe of the rollback with a token that prod does not have",
    (ci, ci + "\n  back: { probe: { requests: [GET /back], bearer: BACK_TOKEN } }"),
    ("verify: [smoke, ready]", "verify: [smoke, back]"),
    (secret, secret + "\n  BACK_TOKEN: { in: [staging], purpose: probes, rotate: 90d }"),
    expect: "secret-scope: staging"),
  RuleCase(
    "a way back of the database that cannot log in",
    (
      rollbackWhen,
      rollbackWhen
        + "\n      migrations: { compatible: schema, otherwise: ops/back.sh, secrets: [DB_URL], text: Back. }"
    ),
    ("after: staging", "after: staging\n    migrate: { run: ops/migrate.sh, destructive: false }"),
    (ci, ci + "\n  schema: { run: ops/schema.sh }"),
    (secret, secret + "\n  DB_URL: { in: [staging], purpose: the schema, rotate: 30d }"),
    expect: "secret-scope: staging"),
]

let peerCases =
  limits + noData + weights + durations + ranges + upstream + verification + passMarks + zero + windows + missingSecrets
