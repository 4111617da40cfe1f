import ReleaseModel
import TextLayout

/// Unit tests of rules, as `promtool test rules` reads them.
/// Source: Prometheus' documentation, "Unit testing for rules".
enum TestFile {
  static func text(_ service: String, _ rules: [Rule]) -> String {
    let alerts = rules.compactMap { rule -> AlertRule? in
      if case .alert(let alert) = rule { return alert }
      return nil
    }
    let undriven = alerts.compactMap { alert in alert.undriven.map { "\(alert.name): \($0)." } }
    return YAMLNode.map([
      .init("rule_files", .flowList([.string("\(service).rules.yml")])),
      .init("evaluation_interval", .string("1m")),
      .init(
        "tests", .list(alerts.flatMap { alert in alert.scenarios.map { test($0, alert) } }, spaced: true),
        commentAbove: undriven, isSpaced: true),
    ]).rendered()
  }

  private static func test(_ scenario: Scenario, _ alert: AlertRule) -> YAMLNode {
    let series = scenario.series.map { series -> YAMLNode in
      .map([.init("series", .string(series.name)), .init("values", .string(series.values))])
    }
    return .map([
      .init("name", .string("\(alert.name) \(scenario.title)")),
      .init("interval", .string("\(Scenario.interval)s")),
      .init("input_series", .list(series)),
      .init("alert_rule_test", .list(scenario.moments.map { moment($0.minutes, $0.1, alert) })),
    ])
  }

  private static func moment(_ minutes: Int, _ expectation: Scenario.Expectation, _ alert: AlertRule) -> YAMLNode {
    var expected: [YAMLNode] = []
    if case .fires(let value) = expectation {
      expected.append(
        .map([
          .init("exp_labels", .map(alert.labels.map { .init($0.name, .string($0.value)) })),
          .init("exp_annotations", .map(alert.annotations.map { .init($0.name, .string($0.value.shown(value))) })),
        ]))
    }
    return .map([
      .init("eval_time", .string("\(minutes)m")), .init("alertname", .string(alert.name)),
      .init("exp_alerts", .list(expected)),
    ])
  }
}
