public import ReleaseModel
import TextLayout

/// Plan → rules of Prometheus for the alerts and objectives of a service, and the unit tests that prove each of them.
public enum AlertRulesBackend {
  /// The rules and their tests with their paths in the user's repository; nothing for a service without alerts.
  ///
  /// ```sh
  /// promtool check rules monitoring/shop.rules.yml
  /// promtool test rules monitoring/shop.rules.test.yml
  /// ```
  public static func files(for plan: ReleasePlan) -> [(path: String, text: String)] {
    let burns = plan.objectives.flatMap { BurnRateRules.rules($0, plan) }
    let alerts =
      plan.alerts.map { ThresholdRules.rule($0, plan) }
      + plan.objectives.compactMap { objective in
        ThresholdRules.rule(objective, plan)
      }
    let rules = burns + alerts.map(Rule.alert)
    if rules.isEmpty { return [] }
    let service = plan.service
    return [
      ("monitoring/\(service).rules.yml", RuleFile.text(service, rules)),
      ("monitoring/\(service).rules.test.yml", TestFile.text(service, rules)),
    ]
  }
}

/// One rule of a group.
enum Rule: Sendable {
  /// A value that is kept under a name of its own, because more than one alert asks for it.
  case recording(name: String, expression: String)
  case alert(AlertRule)
}

/// An alert as Prometheus knows it, with the situations that prove it.
struct AlertRule: Sendable {
  let name: String
  let expression: String
  let pending: TimeSpan
  let labels: [(name: String, value: String)]
  let annotations: [(name: String, value: Template)]
  /// What its tests do, or why nothing can drive it.
  let scenarios: [Scenario]
  let undriven: String?
}

enum RuleFile {
  static func text(_ service: String, _ rules: [Rule]) -> String {
    let group: [YAMLNode.Entry] = [
      .init("name", .string(service)),
      .init("rules", .list(rules.map(node), spaced: true)),
    ]
    return YAMLNode.map([.init("groups", .list([.map(group)]))]).rendered()
  }

  private static func node(_ rule: Rule) -> YAMLNode {
    switch rule {
    case .recording(let name, let expression):
      return .map([.init("record", .string(name)), .init("expr", self.expression(expression))])
    case .alert(let alert):
      var entries: [YAMLNode.Entry] = [
        .init("alert", .string(alert.name)), .init("expr", expression(alert.expression)),
      ]
      if alert.pending > .zero { entries.append(.init("for", .string(alert.pending.description))) }
      entries.append(.init("labels", .map(alert.labels.map { .init($0.name, .string($0.value)) })))
      entries.append(.init("annotations", .map(alert.annotations.map { .init($0.name, .string($0.value.source)) })))
      return .map(entries)
    }
  }

  private static func expression(_ text: String) -> YAMLNode {
    text.unicodeScalars.contains("\n") ? .block(text + "\n") : .string(text)
  }
}
