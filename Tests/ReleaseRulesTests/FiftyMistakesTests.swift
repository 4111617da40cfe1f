import Diagnostics
import ReleaseRules
import Testing

/// One spec with fifty different mistakes: in names, values, times, the matrix, rollouts, secrets, schedules.
@Suite struct FiftyMistakesTests {
  @Test func allAreFoundInOneRunInFileOrderAndNothingElse() {
    let verdict = Verdict(Self.text)
    #expect(Self.mistakes.count == 50)
    #expect(verdict.places == Self.mistakes, "\(verdict.text)")
  }

  /// Twice the same words are one mistake told twice.
  @Test func noTwoSayTheSame() {
    let diagnostics = Verdict(Self.text).diagnostics
    #expect(Set(diagnostics.map(\.span)).count == diagnostics.count)
  }

  private static let mistakes = [
    "2:10 invalid-name",
    "3:10 wrong-type",
    "4:20 invalid-text",
    "10:24 empty-list",
    "13:55 secret-rotation",
    "14:3 invalid-name",
    "14:41 secret-literal",
    "15:3 optional-secret-without",
    "15:50 invalid-duration",
    "23:32 unknown-word",
    "24:59 invalid-quantity",
    "26:9 vacuous-gate",
    "27:32 invalid-request",
    "28:54 unknown-name",
    "28:75 out-of-range",
    "29:16 invalid-program",
    "30:81 vacuous-gate",
    "31:3 unused-check",
    "32:31 conflicting-keys",
    "35:19 unknown-key",
    "36:10 invalid-text",
    "38:51 invalid-duration",
    "39:21 repeated-entry",
    "42:12 unknown-name",
    "43:17 promotion-bypass",
    "45:13 empty-window",
    "51:58 vacuous-gate",
    "52:19 rising-weights",
    "52:75 fallback-not-earlier",
    "53:66 window-exceeds-hold",
    "55:27 dead-rollback-condition",
    "55:46 zero-baseline",
    "55:59 unknown-name",
    "57:3 missing-rollback",
    "61:62 invalid-time",
    "68:58 unit-mismatch",
    "69:31 job-time-limit",
    "71:32 weaker-downstream",
    "72:3 empty-cell",
    "72:18 unknown-word",
    "73:59 same-approver",
    "73:75 approval-outlives-platform",
    "75:11 invalid-time",
    "79:18 unopened-checklist",
    "81:40 never-running-schedule",
    "82:36 schedule-too-often",
    "83:35 invalid-text",
    "85:21 unknown-word",
    "86:50 alert-condition",
    "88:7 missing-key",
  ]

  // Put together here, so that no scanner takes this file for a leak.
  private static let token = "ghp" + "_0123456789abcdefghij0123456789abcdef"
  private static let text = #"""
    liftlock: 1
    service: Bazaar
    summary: 12
    artifact: { image: "ghcr.io/acme/bazaar:latest" }
    candidates: { tag: "v*-rc.*" }
    roles:
      owner: { reviewers: [ada] }
      board: { reviewers: [Ada] }
      security: { reviewers: [acme/security] }
      nobody: { reviewers: [] }
    secrets:
      PROMETHEUS_URL: { in: [pilot], purpose: metric queries, rotate: 90d }
      SMOKE_TOKEN: { in: [prod], purpose: probes, rotate: 900d }
      GITHUB_TOKEN: { in: [prod], purpose: "\#(token)", rotate: 30d }
      EXTRA: { in: [prod], purpose: nothing, rotate: monthly, optional: true }
    sources:
      prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }
    metrics:
      error-rate:
        unit: percent
        better: lower
        ratio: { bad: 'errors_total{track="$track"}', total: 'requests_total{track="$track"}' }
      latency: { unit: ms, better: lowr, query: latency }
      queue: { unit: count, better: lower, query: queue, slo: many }
    checks:
      ci: { github-checks: [] }
      ready: { probe: { requests: [/ready] } }
      smoke: { probe: { requests: [GET /health], bearer: SMOKE_TOKN, warm-up: 20 } }
      load: { run: ops/load.sh | tee log }
      scan: { run: ops/scan.sh, findings: { sarif: scan.sarif, at-most: { critical: 5000 } } }
      provenance: { github-checks: [legacy] }
      both: { github-checks: [a], confirm: Really? }
    environments:
      staging:
        on: { push: { branchs: [main] } }
        url: http://staging.bazaar.example
        deploy: { command: { run: ops/staging.sh } }
        rollout: { rolling: { verify: [ready], watch: 15 } }
        verify: [smoke, smoke]
        rollback: { when: [smoke fails for 40m], verify: [smoke] }
      pilot:
        after: stagin
        on: { push: { branches: [main] } }
        url: https://pilot.bazaar.example
        window: { days: [mon], from: "02:00", to: "02:00", zone: UTC }
        deploy: { command: { run: ops/pilot.sh, weighted: true } }
        rollout:
          canary:
            verify: [ready]
            steps:
              - { to: 10%, hold: 15m, require: [error-rate < 101%] }
              - { to: 10%, hold: 15m, require: [error-rate < 1%], on-failure: 50% }
              - { to: 100%, hold: 5m, require: [error-rate < 1% over 10m] }
        rollback:
          when: [error-rate > 100%, error-rate > 2x baseline, eror-rate > 3%]
          verify: [smoke]
      prod:
        after: pilot
        on: { tag: candidates }
        url: https://bazaar.example
        window: { days: [tue], from: "02:00", to: "02:30", zone: Europe/Berln }
        migrate: { run: ops/migrate.sh, destructive: true }
        deploy: { command: { run: ops/prod.sh } }
        rollout:
          canary:
            verify: [smoke]
            steps:
              - { to: 20%, hold: 15m, require: [error-rate < 5 over 5m] }
              - { to: 100%, hold: 8h }
    promotion:
      ci: { pilot: required, prod: recommended }
      smoke: { prod: mandatory }
      approvals: { pilot: [owner], prod: { approvals: [owner, board], within: 45d } }
    freezes:
      winter: { from: "2026-12-24", to: "2026-12-20", reason: Holidays, in: prod }
    notify:
      team: { pull-request: comment, on: [failed, drill-failed] }
    checklists:
      review: { for: prod, after-hotfix: 24h, items: [Hold the review.] }
    drills:
      restore: { title: Restore, schedule: "0 9 30 2 *", exercise: { staging: dry-run }, owner: board }
      often: { title: Often, schedule: "*/2 * * * *", exercise: { staging: call-hooks }, owner: board }
      odd: { title: Odd, schedule: "0 25 * * *", exercise: { staging: dry-run }, owner: board }
    alerts:
      Slow: { severity: loud, when: error-rate > 3% for 5m }
      Never: { severity: warning, when: error-rate > 400% for 5m }
    contacts:
      - { who: Ada Lovelace }

    """#
}
