import ReleaseModel
import TextLayout

/// A function a condition: met (0), not met (1), unknown (2).
enum ConditionFunctions {
  /// `PREFIX_0 …`. With `saysText`, each sets TEXT to what it judges.
  static func functions(_ prefix: String, _ conditions: [PlannedCondition], saysText: Bool = false) -> [ShellFunction] {
    conditions.enumerated().map { index, condition in
      ShellFunction(
        ShellName("\(prefix)_\(index)"), condition.condition.text, needs: needs(condition),
        body: .lines((saysText ? ["TEXT=\(condition.condition.text)"] : []) + [body(condition)]))
    }
  }

  private static func needs(_ condition: PlannedCondition) -> [String] {
    switch condition.subject {
    case .metric(let metric, _, .fixed): ["measure", "compare"] + MetricFunctions.needs(metric)
    case .metric(let metric, _, .baseline):
      ["measure", "baseline", "compare", "scaled"] + MetricFunctions.needs(metric)
    case .check(let check): ["fails", ShellName("check", of: check.name).text]
    case .manual: []
    }
  }

  private static func body(_ condition: PlannedCondition) -> Bash {
    switch condition.subject {
    case .manual: return "return 1"
    case .check(let check): return "fails \(ShellName("check", of: check.name).bash)"
    case .metric(let metric, let statement, let bound):
      let name = ShellName(metric.name).bash
      let seconds = condition.window.seconds
      let events = statement.minimumEvents ?? 0
      switch bound {
      case .fixed(let value):
        return """
          measure \(name) candidate \(seconds) \(events) || return
          compare "${MEASURED}" '\(sign(statement.comparison))' \(shortNumber(value))
          """
      case .baseline(let factor, let offset, let floor):
        return """
          local measured
          measure \(name) candidate \(seconds) \(events) || return
          measured=${MEASURED}
          baseline \(name) \(seconds) \(events) \(shortNumber(floor)) \(offset == 0 ? 0 : 1) || return
          compare "${measured}" '\(sign(statement.comparison))' "$(scaled "${MEASURED}" \(shortNumber(factor)) \
          \(shortNumber(offset)))"
          """
      }
    }
  }

  /// The comparison as source: one of four fixed texts.
  private static func sign(_ comparison: Comparison) -> Bash {
    switch comparison {
    case .less: "<"
    case .atMost: "<="
    case .more: ">"
    case .atLeast: ">="
    }
  }
}
