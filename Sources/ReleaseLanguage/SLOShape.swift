import Diagnostics
import ReleaseModel
import SpecShape

enum SLOShape {
  /// More than five nines leave less than half a minute a month, which no window of these alerts could see.
  private static let objective = QuantityText.shape.map { quantity, node, reader -> Quantity? in
    if quantity.unit == .percent, quantity.value > 0, quantity.value <= 99.999 { return quantity }
    reader.sink.report(
      Diagnostic(
        code: "invalid-quantity", severity: .error, message: "`\(quantity)` is no objective",
        span: reader.document.span(of: node),
        label: quantity.unit == .percent && quantity.value > 99.999 ? "this leaves no error budget" : nil,
        help: ["write the share of good events, more than 0% and at most 99.999%, such as `99.9%`"]))
    return nil
  }.located

  static let shape = Shape<ServiceLevelObjective?>.object(
    "objective", "What has been promised of the service over a long time.",
    exactlyOneOf: [["objective", "below", "above"]],
    .required("metric", Shape<String>.reference.located, "The metric that it is about.", example: "error-rate"),
    .optional(
      "objective", objective,
      "The share of good events of a `ratio`. What is missing to 100 % is the error budget, and four alerts watch how fast "
        + "it is used up.", example: "99.9%"),
    .optional("below", QuantityText.shape.located, "The value that the metric stays below.", example: "400ms"),
    .optional("above", QuantityText.shape.located, "The value that the metric stays above.", example: "99%"),
    .optional(
      "over", Shape<TimeSpan>.timeSpan.located,
      "The time over which it is kept. Without it 30 days for an objective, an hour for a value.", example: "30d")
  ) { span, metric, objective, below, above, over in
    let goal =
      objective.map { ServiceLevelObjective.Goal.objective($0) } ?? below.map { .below($0) } ?? above.map { .above($0) }
    // It was written, but not readably.
    return goal.map { ServiceLevelObjective(goal: $0, metric: metric, over: over, span: span) }
  }.map { objective, _, _ in objective }
}
