import ReleaseModel
import TextLayout

/// What has gone wrong before, and what helped.
enum TroubleSection {
  /// Below the environment in which it happens.
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let troubles = plan.troubles(in: environment.name)
    return troubles.isEmpty ? [] : [.heading(.troubles(environment.name))] + troubles.flatMap(entry)
  }

  /// What can happen anywhere, and where the rest is.
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let anywhere = plan.troubles(in: nil)
    if plan.spec.guidance.troubleshooting.isEmpty { return [] }
    let others = plan.environments.filter { !plan.troubles(in: $0.name).isEmpty }
      .map { Prose("\($0.name, to: .troubles($0.name))") }
    let elsewhere: [Markdown.Block] =
      others.isEmpty ? [] : [.prose("What belongs to one environment is there: \(others.list()).")]
    return [
      .heading(.trouble),
      .prose(
        "Customers notice it, or it takes longer than a few minutes? \("Take the release back", to: .emergency) first."),
    ] + elsewhere + anywhere.flatMap(entry)
  }

  private static func entry(_ trouble: Guidance.Trouble) -> [Markdown.Block] {
    var parts: [(introduction: Prose, block: Markdown.Block)] = []
    if !trouble.symptoms.isEmpty { parts.append(("You see:", .bullets(trouble.symptoms.map(Prose.text)))) }
    if !trouble.look.isEmpty {
      let isTemplate = trouble.look.contains { $0.contains("<") }
      // Placeholders such as <pod> are for people: not every one of these lines would be one for a shell.
      parts.append(
        (
          isTemplate ? "Look, with names in place of what stands in angle brackets:" : "Look:",
          .code(language: "shell", text: trouble.look.joined(separator: "\n"))
        ))
    }
    if !trouble.causes.isEmpty { parts.append(("It has been:", .bullets(trouble.causes.map(Prose.text)))) }
    parts.append(("Do this:", .numbered(trouble.resolve.map(Prose.text))))
    return parts.enumerated().flatMap { index, part -> [Markdown.Block] in
      let title: Prose = index == 0 ? "\(strong: Words.sentence(trouble.issue)) " : ""
      return [.prose(title + part.introduction), part.block]
    }
  }
}

extension ReleasePlan {
  /// The entries about one environment, or those that are about none.
  func troubles(in environment: String?) -> [Guidance.Trouble] {
    spec.guidance.troubleshooting.filter { $0.environment?.value == environment }
  }
}
