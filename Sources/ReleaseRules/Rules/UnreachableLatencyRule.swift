import Diagnostics
import ReleaseModel

enum UnreachableLatencyRule: Rule {
  static let name = "unreachable-latency"
  static let severity = Severity.warning
  static let summary = "Every latency limit of a probe is shorter than the probe waits for an answer."
  static let rationale = """
    `GET /health < 500s` looks like a limit. A probe waits ten seconds for an answer and then counts it as none, so an answer \
    that took longer than the limit is never seen. Mostly `s` was written for `ms`, and a version that needs nine seconds \
    for each request is called healthy.
    """
  static let failingExample = ExampleSpec.with(
    ("smoke: { probe: { requests: [GET /health] } }", "smoke: { probe: { requests: [«GET /health < 500s»] } }"))
  static let passingExample = ExampleSpec.with(
    ("smoke: { probe: { requests: [GET /health] } }", "smoke: { probe: { requests: [GET /health < 500ms] } }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, check) in context.spec.checks.readable {
      guard case .probe(let probe) = check.kind else { continue }
      for request in probe.requests {
        guard let limit = request.value.within, limit > Probe.patience else { continue }
        report(
          problem(
            "this limit is never what a version fails by", at: request.span,
            label: "a probe waits \(Probe.patience) for an answer, and not \(limit)",
            notes: ["every answer that comes at all is within the limit"],
            help: ["write what a healthy version takes, such as `< 500ms`, or leave the limit out"]))
      }
    }
  }
}
