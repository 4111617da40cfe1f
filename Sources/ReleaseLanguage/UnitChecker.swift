import Diagnostics
import ReleaseModel

/// Units are types: a percent metric is compared with percents, a latency with a time.
struct UnitChecker {
  let spec: ReleaseSpec
  var problems: [Diagnostic] = []

  init(spec: ReleaseSpec) { self.spec = spec }

  mutating func checkAll() {
    for (_, metric) in spec.metrics.readable {
      for value in [metric.target, metric.slo, metric.example?.gives].compactMap({ $0 }) {
        if value.value.value(in: metric.unit) == nil { report(value.value, value.span, metric.unit) }
      }
    }
    for (_, check) in spec.checks.readable {
      if case .require(let conditions) = check.kind { self.check(conditions) }
    }
    for (_, environment) in spec.environments.readable {
      for step in environment.rollout.steps { check(step.require + step.failWhen) }
      check(environment.rollout.stabilisation?.require ?? [])
      check(environment.rollback?.when ?? [])
      check(environment.rollback?.recovered ?? [])
    }
    check(spec.alerts.readable.map(\.value.condition))
    for (_, slo) in spec.slos.readable {
      guard let value = slo.goal.limit, let metric = spec.metrics[slo.metric.value] else { continue }
      if value.value.value(in: metric.unit) == nil { report(value.value, value.span, metric.unit) }
    }
  }

  private mutating func check(_ conditions: [Condition]) {
    for condition in conditions {
      guard let statement = condition.metric, let metric = spec.metrics[statement.metric.value] else { continue }
      if let floor = statement.baselineFloor, floor.value.value(in: metric.unit) == nil {
        report(floor.value, floor.span, metric.unit)
      }
      switch statement.threshold.value {
      case .fixed(let quantity):
        if quantity.value(in: metric.unit) == nil { report(quantity, statement.threshold.span, metric.unit) }
      case .relative(let reference, let factor, let offset):
        if let offset, offset.value(in: metric.unit) == nil {
          reportOffset(offset, statement.threshold.span, metric.unit)
        }
        if reference == .target, metric.target == nil { reportMissing("target", statement) }
        if reference == .slo, metric.slo == nil { reportMissing("slo", statement) }
        if metric.unit == .percent, factor != 1, reference == .baseline, !usesFactor(condition, reference) {
          reportAmbiguousPercent(statement, reference, factor)
        }
      }
    }
  }

  /// Whether the factor was written as `2x baseline` and not as `baseline + 10%`.
  private func usesFactor(_ condition: Condition, _ reference: Threshold.Reference) -> Bool {
    let words = condition.text.split(separator: " ")
    return zip(words, words.dropFirst()).contains { $0.hasSuffix("x") && $1 == reference.rawValue }
  }

  private mutating func report(_ quantity: Quantity, _ span: Span, _ unit: MetricUnit) {
    problems.append(
      Diagnostic(
        code: "unit-mismatch", severity: .error,
        message: "`\(quantity)` cannot be compared with a metric in \(unit.rawValue)", span: span,
        help: ["write the value in the metric's unit, such as `\(unit.example)`"]))
  }

  private mutating func reportOffset(_ offset: Quantity, _ span: Span, _ unit: MetricUnit) {
    let amount = Quantity(offset.value.magnitude, offset.unit)
    let written = offset.unit == .percent ? "\(amount.number)pp" : "\(amount)"
    problems.append(
      Diagnostic(
        code: "unit-mismatch", severity: .error,
        message: "`\(written)` cannot be added to a metric in \(unit.rawValue)", span: span,
        help: ["write the value in the metric's unit, such as `\(unit.example)`"]))
  }

  private mutating func reportMissing(_ field: String, _ statement: MetricCondition) {
    problems.append(
      Diagnostic(
        code: "unknown-name", severity: .error, message: "`\(statement.metric.value)` has no `\(field)`",
        span: statement.threshold.span, help: ["add `\(field):` to the metric"]))
  }

  private mutating func reportAmbiguousPercent(
    _ statement: MetricCondition, _ reference: Threshold.Reference, _ factor: Double
  ) {
    let percent = shortNumber(((factor - 1).magnitude * 1000).rounded() / 10)
    let sign = factor < 1 ? "-" : "+"
    problems.append(
      Diagnostic(
        code: "unit-mismatch", severity: .error,
        message: "`\(sign) \(percent)%` of a metric that is itself in percent can mean two things",
        span: statement.threshold.span,
        help: [
          "write `\(shortNumber((factor * 1000).rounded() / 1000))x \(reference)` for a factor, "
            + "or `\(reference) \(sign) \(percent)pp` for percentage points"
        ]))
  }
}
