import ReleaseModel
import TextLayout

/// One environment: how a release gets in, from the first command to the last record.
enum EnvironmentSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let summary: [Markdown.Block] = environment.spec.summary.map { [.prose("\($0)")] } ?? []
    return [.heading(.release(environment.name))] + summary
      + [facts(environment, plan)]
      + ChecklistSection.blocks(environment, plan)
      + StartSection.blocks(environment, plan)
      + GateSection.blocks(environment, plan)
      + ApprovalSection.blocks(environment, plan)
      + WindowSection.blocks(environment, plan)
      + MigrationSection.blocks(environment)
      + StepSection.blocks(environment, Places(plan))
      + HandReleaseSection.blocks(environment, plan)
      + RecordSection.blocks(environment, plan)
      + TroubleSection.blocks(environment, plan)
  }

  private static func facts(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> Markdown.Block {
    let places = Places(plan)
    var facts: [Prose] = []
    if let url = environment.spec.url { facts.append("Users reach it at \(url: url.value).") }
    facts += [
      "It runs as \(environment.operations.title). A version is one \(environment.operations.versionNoun) of it.",
      "Workflow \(code: places.workflow(environment.name)), scripts in "
        + "\(code: "ops/\(plan.service)/\(environment.name)/").",
      "It takes \(environment.holdTotal) at least and \(environment.worstCase) at most.",
      "In trouble? \("Take it back", to: .emergency).",
    ]
    return .bullets(facts)
  }
}
