import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

@Suite struct AlertRulesTests {
  @Test func alertsOfAReleaseGateAreWhatTheSpecSays() throws {
    let compiled = try Compiled(spec(alerts: callbackAlerts))
    try compiled.expectSound()
    #expect(
      compiled.rules.contains(
        """
              - alert: ReleaseGateRollbackCallbackFailureRateCritical
                expr: |
                  100 * (sum(rate(callbacks_total{outcome=~"failed|late"}[24h])) or vector(0))
                  / sum(rate(callbacks_total[24h]))
                  > 20
                  and sum(increase(callbacks_total[24h])) >= 3
                labels:
                  severity: critical
                  service: shop
                  role: owner
        """), "\(compiled.rules)")
    #expect(
      compiled.rules.contains(
        """
                  min(sum(increase(callbacks_total[14d])))
                  < 1
                  or absent(min(sum(increase(callbacks_total[14d])))) * NaN
        """), "\(compiled.rules)")
    #expect(compiled.rules.contains("runbook_url: ops/runbooks/drill.md#missing"))
  }

  @Test func aWholeAddressIsWhatAPagerCanLinkTo() throws {
    let page = "https://github.com/acme/shop/blob/main/docs/runbooks/shop.md#alerts"
    let alerts = callbackAlerts.replacingOccurrences(of: "ops/runbooks/drill.md#missing", with: page)
    let compiled = try Compiled(spec(alerts: alerts))
    try compiled.expectSound()
    #expect(compiled.rules.contains("runbook_url: \(page)\n"))
    for wrong in [
      "http://shop.example/a", "https://", "https://shop.example", "https://me:secret@shop.example/a",
      "https://shop.example/a?b=c",
    ] {
      let text = spec(alerts: callbackAlerts.replacingOccurrences(of: "ops/runbooks/drill.md#missing", with: wrong))
      let found = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text)).diagnostics
      #expect(found.map(\.code).contains("invalid-text"), "\(wrong)")
    }
  }

  @Test func everyAlertIsTestedFiringAndSilent() throws {
    let names = try Compiled(spec(alerts: callbackAlerts)).testNames
    let failures = "ReleaseGateRollbackCallbackFailuresPresent"
    let rate = "ReleaseGateRollbackCallbackFailureRateCritical"
    let drill = "ReleaseGateRollbackCallbackDrillMissing"
    let limits = ["fires when it is past the limit", "is silent just before the limit"]
    #expect(
      Set(names)
        == Set(
          [failures, rate, drill].flatMap { name in limits.map { "\(name) \($0)" } } + [
            "\(failures) is silent without data", "\(rate) is silent with too few events",
            "\(rate) is silent without data", "\(drill) fires without data",
          ]))
  }

  /// A test that passes whatever the rules say would prove nothing.
  @Test(arguments: [
    (">= 1\n", ">= 1.1\n"), (">= 1\n", ">= 0.98\n"), ("> 20", "> 21"), ("> 20", "> 19.7"), (">= 3", ">= 1"),
    ("< 1\n", "< 0.9\n"), ("< 1\n", "< 1.02\n"), (" * NaN", " * NaN > 0"), ("severity: critical", "severity: warning"),
    ("  and sum", "  or sum"),
  ]) func changedRuleFailsItsTests(right: String, wrong: String) throws {
    let compiled = try Compiled(spec(alerts: callbackAlerts))
    try #require(compiled.rules.contains(right))
    let outcome = try compiled.judged(rules: compiled.rules.replacingOccurrences(of: right, with: wrong))
    #expect(outcome.check.code == 0, "\(outcome.check.text)")
    #expect(outcome.test.code == 1, "\(outcome.test.text)")
  }

  @Test(arguments: ["2m", "10m", "90s", "30s", "1h"]) func timeBeforeAnAlertFiresIsKept(time: String) throws {
    let compiled = try Compiled(spec(alerts: "A: { severity: warning, when: error-rate > 2x target for \(time) }"))
    try compiled.expectSound()
    #expect(compiled.rules.contains("> 2\n"))
    for line in compiled.rules.split(separator: "\n") where line.hasPrefix("        for: ") {
      let other = compiled.rules.replacingOccurrences(of: line + "\n", with: "")
      #expect(try compiled.judged(rules: other).test.code == 1)
    }
  }

  @Test func tracksAreWatchedTogether() throws {
    let rules = try Compiled(spec(alerts: "A: { severity: warning, when: error-rate > 1% }")).rules
    #expect(rules.contains(#"requests_total{track=~".*",code=~"5.."}[5m]"#))
    #expect(!rules.contains("$track"))
  }

  @Test func noDataMeansWhatTheSpecSays() throws {
    let compiled = try Compiled(
      spec(
        alerts: """
          High: { severity: warning, when: error-rate > 1% for 5m, no-data: fires }
          Low: { severity: warning, when: callback-events < 5 over 1h, no-data: silent }
          """))
    try compiled.expectSound()
    #expect(compiled.testNames.contains("High fires without data"))
    #expect(compiled.testNames.contains("Low is silent without data"))
    #expect(compiled.rules.components(separatedBy: "absent(").count == 2)
  }

  @Test(arguments: [
    ("percent", "> 0%"), ("percent", ">= 100%"), ("percent", "< 100%"), ("ms", "> 0.5s"), ("s", "<= 50ms"),
    ("bytes", "> 2GiB"), ("per-second", "< 0.5/s"), ("count", ">= 1"), ("ratio", "> 0.001"), ("ms", "> 50ms"),
  ]) func everyUnitAndComparisonCanBeTested(unit: String, limit: String) throws {
    let gives = ["percent": "1%", "ms": "1ms", "s": "1s", "per-second": "1/s", "bytes": "1KiB"][unit] ?? "1"
    let metric = """
      level:
        unit: \(unit)
        better: \(limit.hasPrefix("<") ? "higher" : "lower")
        query: "\(unit == "bytes" ? "1024 * level" : "level")"
        example: { gives: \(gives), series: [level $value] }
      """
    let compiled = try Compiled(spec(metrics: metric, alerts: "A: { severity: warning, when: level \(limit) for 3m }"))
    try compiled.expectSound()
    #expect(compiled.testNames.contains("A fires when it is past the limit"))
  }

  @Test func growthAndLabelsFollowTheValue() throws {
    let metrics = #"""
      rate:
        unit: per-second
        better: higher
        query: sum(rate(orders_total[$window]))
        example: { gives: 1/s, series: [orders_total $value/s] }
      latency:
        unit: ms
        better: lower
        query: 1000 * histogram_quantile(0.95, sum by (le) (rate(seconds_bucket[$window])))
        example: { gives: 950ms, series: ['seconds_bucket{le="$value"} 1/s', 'seconds_bucket{le="+Inf"} 1/s'] }
      restarts:
        unit: count
        better: lower
        query: sum(increase(restarts_total[$window]))
        example: { gives: 1, series: [restarts_total $value/window] }
      """#
    let compiled = try Compiled(
      spec(
        metrics: metrics,
        alerts: """
          Few: { severity: warning, when: rate < 20/s over 30m for 5m }
          Slow: { severity: warning, when: latency > 400ms over 10m for 10m }
          Restarts: { severity: critical, when: restarts > 3 over 10m }
          """))
    try compiled.expectSound()
    #expect(compiled.testNames.filter { $0.hasSuffix("fires when it is past the limit") }.count == 3)
  }

  @Test func whatCannotBeDrivenIsSaid() throws {
    let compiled = try Compiled(
      spec(
        metrics: "level: { unit: count, better: lower, query: level }",
        alerts: "A: { severity: warning, when: level > 3 }"))
    try compiled.expectSound()
    #expect(compiled.testNames == ["A is silent without data"])
    #expect(
      compiled.tests.contains(
        "# A: only what happens without data is tested: the metric level has no `example` of its series.\ntests:"))
  }

  @Test func serviceWithoutAlertsHasNoRules() throws {
    let compiled = try Compiled(spec())
    #expect(compiled.rules.isEmpty && compiled.tests.isEmpty)
    #expect(!compiled.runbook.contains("## Alerts"))
  }

  @Test func hostileTextsShowAsTheyAre() throws {
    let compiled = try Compiled(
      spec(
        metrics: #"""
          level:
            title: "It's {{ $value }} {{{ \"quoted\" }} # and `more`: yes"
            unit: count
            better: lower
            query: level
            example: { gives: 1, series: [level $value] }
          """#,
        alerts: #"A: { severity: warning, when: level > 3, summary: "{{ end }} 'x' \\ {{{{ $labels }}" }"#))
    try compiled.expectSound()
  }
}
