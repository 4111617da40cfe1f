import ReleaseModel
import TextLayout

/// What must be true before anything moves.
enum GateSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    var rows = environment.gates.map { row($0, plan) }
    rows += environment.preconditions.map { check in
      [
        .text(check.title), needed(.required, check),
        "the release itself, in \(code: environment.name), before it changes anything",
      ]
    }
    if rows.isEmpty { return [] }
    var blocks: [Markdown.Block] = [
      .heading(.gates(environment.name)),
      .table(["Criterion", "Needed", "Who answers"], rows),
      .prose(
        "A required answer that is no, or that nobody can give (unknown), stops the release before anything moves. "
          + "Recommended and optional ones are reported and stop nothing."),
    ]
    if environment.gates.contains(where: { $0.requirement == .requiredForCandidates }), let tag = plan.spec.candidates {
      blocks.append(.prose("A candidate is a release from a tag \(code: tag.value.filter)."))
    }
    return blocks
  }

  private static func row(_ gate: Gate, _ plan: ReleasePlan) -> [Prose] {
    switch gate.question {
    case .check(let check):
      let who: Prose =
        check.check.venue == .pullRequest
        ? "GitHub, about the pull request" : "GitHub, about this commit and repository"
      return [.text(gate.title), needed(gate.requirement, check), who]
    case .recorded(let check, let environment):
      return [
        .text(gate.title), needed(gate.requirement, check), "the record that \(code: environment) made for this commit",
      ]
    case .soaked(let environment, let time):
      return [
        .text(gate.title), needed(gate.requirement, nil),
        "\(code: environment): this very commit has been live there for \(time) and still is",
      ]
    case .released(let environment):
      return [
        .text(gate.title), needed(gate.requirement, nil),
        "\(code: environment): it released this very commit and kept it",
      ]
    }
  }

  private static func needed(_ requirement: Gate.Requirement, _ check: NamedCheck?) -> Prose {
    let limit: Prose = check?.check.limit.map { ": \($0)" } ?? ""
    return switch requirement {
    case .required: "required" + limit
    case .requiredForCandidates: "required for candidates, otherwise optional" + limit
    case .recommended: "recommended" + limit
    case .optional: "optional" + limit
    }
  }
}
