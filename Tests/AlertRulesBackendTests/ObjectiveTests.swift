import Testing

@Suite struct ObjectiveTests {
  private static let orders = #"""
    success:
      unit: percent
      better: higher
      ratio: { good: 'orders_ok_total{zone!="test"}', total: 'orders_total{zone!~"test|lab"}' }
    """#

  @Test func budgetIsWatchedAtFourSpeeds() throws {
    let compiled = try Compiled(spec(slos: "availability: { objective: 99.9%, metric: error-rate }"))
    try compiled.expectSound()
    for (name, line) in [
      ("Burn1h", "burn_rate_1h > 14.4\n          and shop:availability:burn_rate_5m > 14.4"),
      ("Burn6h", "burn_rate_6h > 6\n          and shop:availability:burn_rate_30m > 6"),
      ("Burn24h", "burn_rate_24h > 3\n          and shop:availability:burn_rate_2h > 3"),
      ("Burn3d", "burn_rate_3d > 1\n          and shop:availability:burn_rate_6h > 1"),
    ] {
      #expect(compiled.rules.contains("alert: ShopAvailability\(name)\n"))
      #expect(compiled.rules.contains(line), "\(compiled.rules)")
    }
    #expect(compiled.rules.contains("/ 0.001\n"))
  }

  @Test func goodEventsAreTurnedIntoBadOnes() throws {
    let compiled = try Compiled(
      spec(metrics: Self.orders, slos: "orders: { objective: 99.5%, over: 28d, metric: success }"))
    try compiled.expectSound()
    #expect(compiled.rules.contains("1 - (sum(rate(orders_ok_total"))
    #expect(compiled.rules.contains("burn_rate_1h > 13.44"))
    #expect(compiled.testNames.contains("ShopOrdersBurn1h is over soon after the trouble is"))
  }

  /// The speed that a budget of 10 % can never reach is left out: such an alert would look like safety.
  @Test func speedThatCannotBeReachedIsLeftOut() throws {
    let compiled = try Compiled(spec(slos: "availability: { objective: 90%, metric: error-rate }"))
    try compiled.expectSound()
    #expect(!compiled.rules.contains("alert: ShopAvailabilityBurn1h"))
    #expect(compiled.rules.contains("alert: ShopAvailabilityBurn6h"))
  }

  @Test func windowLongerThanThePeriodIsLeftOut() throws {
    let rules = try Compiled(spec(slos: "availability: { objective: 99%, over: 1d, metric: error-rate }")).rules
    #expect(rules.contains("Burn24h") && !rules.contains("Burn3d"))
  }

  @Test(arguments: [
    ("14.4", "15"), ("14.4", "14"), (" > 6", " > 6.5"), (" > 1\n", " > 1.2\n"), ("\n          and ", "\n          or "),
  ])
  func changedRuleFailsItsTests(right: String, wrong: String) throws {
    let compiled = try Compiled(spec(slos: "availability: { objective: 99.9%, metric: error-rate }"))
    try #require(compiled.rules.contains(right))
    let rules = compiled.rules.replacing(right, with: wrong)
    #expect(try compiled.judged(rules: rules).test.code == 1)
  }

  @Test func promisedValueIsWatchedOverAnHour() throws {
    let compiled = try Compiled(
      spec(metrics: Self.orders, slos: "errors: { below: 1%, metric: error-rate }\nok: { above: 98%, metric: success }")
    )
    try compiled.expectSound()
    #expect(compiled.rules.contains("alert: ShopErrorsBroken\n"))
    #expect(compiled.rules.contains(">= 1\n") && compiled.rules.contains("<= 98\n"))
    #expect(compiled.rules.contains("[1h]"))
  }

  @Test func runbookListsAlertsAndObjectivesWhereTheRulesSendPeople() throws {
    let compiled = try Compiled(
      spec(alerts: callbackAlerts, slos: "availability: { objective: 99.9%, metric: error-rate }"))
    #expect(compiled.rules.contains("runbook_url: docs/runbooks/shop.md#alerts"))
    #expect(compiled.runbook.contains("\n## Alerts\n"))
    for name in ["ReleaseGateRollbackCallbackDrillMissing", "ShopAvailabilityBurn3d"] {
      #expect(compiled.runbook.contains("| `\(name)` "))
    }
    #expect(compiled.runbook.contains("99.9% good events, so 0.1% may be bad"))
  }
}

@Suite struct AlertFindingsTests {
  @Test(arguments: [
    ("A: { severity: warning, when: smoke fails for 1m }", "alert-condition: smoke fails for 1m"),
    ("A: { severity: warning, when: { manual: It looks odd. } }", "alert-condition: { manual: It looks odd. }"),
    ("A: { severity: warning, when: error-rate > 2x baseline floor 1% for 5m }", "alert-condition: 2x baseline"),
    (
      "A: { severity: warning, when: error-rate > 2% for 3 checks }",
      "alert-condition: error-rate > 2% for 3 checks"
    ),
    ("A: { severity: warning, when: level > 3 over 5m }", "alert-condition: 5m"),
    (
      "A: { severity: warning, when: level > 3 with >= 5 events }", "alert-condition: level > 3 with >= 5 events"
    ),
    ("A: { severity: warning, when: part > 3 }", "alert-condition: part"),
    ("A: { severity: warning, when: excluded > 3 }", "alert-condition: excluded"),
    ("A: { severity: warning, when: versioned > 3 }", "alert-condition: versioned"),
    ("A: { severity: warning, when: level > 3% }", "unit-mismatch: 3%"),
    ("A: { severity: warning, when: levle > 3 }", "unknown-name: levle"),
    ("A: { severity: warning, when: level > 3, role: nobody }", "unknown-name: nobody"),
    ("A: { severity: page, when: level > 3 }", "unknown-word: page"),
    ("A: { severity: warning, when: level > 3, runbook: ../other.md }", "invalid-text: ../other.md"),
    ("a-b: { severity: warning, when: level > 3 }", "invalid-name: a-b"),
  ]) func alertThatPrometheusCannotJudgeIsRefused(alert: String, finding: String) {
    let metrics = #"""
      level: { unit: count, better: lower, query: level }
      part: { unit: count, better: lower, query: 'level{track="blue-$track"}' }
      excluded: { unit: count, better: lower, query: 'level{track!="$track"}' }
      versioned: { unit: count, better: lower, query: 'level_of_$version' }
      """#
    #expect(findings(spec(metrics: metrics, alerts: alert)) == [finding])
  }

  @Test(arguments: [
    ("a: { objective: 100%, metric: error-rate }", "invalid-quantity: 100%"),
    ("a: { objective: 99.9%, metric: level }", "objective-without-ratio: level"),
    ("a: { below: 4%, metric: level }", "unit-mismatch: 4%"),
    ("a: { below: 4%, above: 1%, metric: error-rate }", "conflicting-keys: above"),
    ("a: { metric: error-rate }", "missing-key: metric"),
  ]) func objectiveThatMeansNothingIsRefused(slo: String, finding: String) {
    #expect(
      findings(spec(metrics: "level: { unit: count, better: lower, query: level }", slos: slo)) == [finding])
  }

  @Test func alertMayNotTakeTheNameOfAnObjectives() {
    let text = spec(
      alerts: "ShopABurn1h: { severity: warning, when: error-rate > 3% }",
      slos: "a: { objective: 99%, metric: error-rate }")
    #expect(findings(text) == ["alert-condition: ShopABurn1h"])
  }

  @Test(arguments: [
    ("level 5", "this example gives only one value"), ("level $values", "`level $values` is not a series"),
    ("'{x=\"1\"} $value'", "`{x=\"1\"} $value` is not a series"), ("level", "`level` is not a series"),
  ]) func exampleThatFollowsNoValueIsRefused(series: String, message: String) {
    let metric = """
      level: { unit: count, better: lower, query: level, example: { gives: 1, series: [\(series)] } }
      """
    let found = messages(spec(metrics: metric))
    #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
  }
}
