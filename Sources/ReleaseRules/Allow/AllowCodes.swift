import Diagnostics

/// The codes of comments that allow a finding.
public enum AllowCodes {
  static let invalid = "invalid-allow"
  static let unused = "unused-allow"

  /// Every one, in the order of the reference page.
  public static let all: [Explanation] = [
    Explanation(
      name: invalid, severity: .error, summary: "A comment that is to allow a finding allows none.",
      rationale: """
        `# liftlock: allow NAME reason` on the line of a finding, or alone on the line above it, lets that finding be. The \
        reason is required: it is what a reviewer agrees to. Warnings can be allowed, and the errors of a few rules whose \
        page says so, because they are a judgement. What generation could not live with is never allowed, and neither is \
        what a policy asks: for that the owner of the policy grants a waiver.
        """,
      failing: ExampleSpec.with(
        (
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 365d } # liftlock: allow «secret-rotatoin» by contract"
        )),
      passing: ExampleSpec.with(
        (
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 400d } # liftlock: allow secret-rotation by contract"
        ))),
    Explanation(
      name: unused, severity: .warning, summary: "A comment that allows a finding stands where there is none.",
      rationale: """
        The mistake that it allowed is gone, or the comment has moved away from it. Left where it is, it would hide the \
        next mistake on that line, which nobody has looked at.
        """,
      failing: ExampleSpec.with(
        (
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d } «# liftlock: allow secret-rotation by contract»"
        )),
      passing: ExampleSpec.with(
        (
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
          "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }"
        ))),
  ]
}
