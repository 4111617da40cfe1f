import Diagnostics
import ReleaseModel

enum ConstantRatioRule: Rule {
  static let name = "constant-ratio"
  static let severity = Severity.error
  static let summary = "The part and the whole of a ratio are different numbers."
  static let rationale = """
    A ratio is begun by copying the query of the whole and narrowing it down. Where the narrowing was forgotten, part and \
    whole are the same series: every version has an error rate of 100 %, and no release ever gets through; or, with `good`, \
    every version is perfect, and nothing is ever taken back.
    """
  static let failingExample = ExampleSpec.with(
    (
      "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }",
      "ratio: «{ bad: 'requests_total{track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }»"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }",
      "ratio: { bad: 'failures_total{track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, metric) in context.spec.metrics.readable {
      guard case .ratio(let part, let total, let isGood) = metric.reading.value, part == total,
        !context.hasUnreadable(in: metric.span)
      else { continue }
      report(
        problem(
          "`\(name.value)` is 100 % of everything, whatever happens", at: metric.reading.span,
          label: "`\(isGood ? "good" : "bad")` and `total` are the same query",
          notes: [
            isGood ? "the worst version is as good as the best one" : "the best version is as bad as the worst one"
          ],
          help: ["narrow `\(isGood ? "good" : "bad")` down, such as by `\(isGood ? "code!~" : "code=~")\"5..\"`"]))
    }
  }
}
