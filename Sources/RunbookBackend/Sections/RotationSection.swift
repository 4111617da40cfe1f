import ReleaseModel
import TextLayout

/// How secrets are replaced, and in an emergency.
enum RotationSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    guard let rotation = plan.spec.rotation else { return [] }
    let script = "ops/\(plan.service)/secrets.sh"
    let token = rotation.token.value
    let atOnce: [Markdown.Block] =
      rotation.atOnce.isEmpty
      ? [] : [.prose("At once, whatever its age:"), .bullets(rotation.atOnce.map { .text($0) })]
    let emergency: [Markdown.Block] =
      rotation.emergency.isEmpty
      ? [] : [.heading(.emergencyRotation), .numbered(rotation.emergency.map { .text($0) })]
    return [
      .heading(.rotation),
      .prose(
        "\(strong: plan.title(ofRole: rotation.owner.value)) replaces secrets. "
          + "\(code: "\(plan.service)-secret-rotation.yml") looks at their ages (\(code: rotation.schedule.value), cron in UTC) "
          + "and opens an issue for each that is older than it may become. It reads with \(code: token), because the workflow's own "
          + "token may not. To look now:"),
      .bash(["\(script) --dry-run"]),
      .table(["Replaced every", "Secrets"], cadence(plan)),
    ] + atOnce + [.prose("The steps:"), .numbered(rotation.steps.map { .text($0) })] + emergency
  }

  /// The shortest interval first.
  private static func cadence(_ plan: ReleasePlan) -> [[Prose]] {
    var groups: [(time: TimeSpan, names: [String])] = []
    for (name, secret) in plan.spec.secrets.readable {
      guard let time = secret.rotation?.value else { continue }
      if let index = groups.firstIndex(where: { $0.time == time }) {
        groups[index].names.append(name.value)
      } else {
        groups.append((time, [name.value]))
      }
    }
    return groups.sorted { $0.time < $1.time }.map { ["\($0.time)", Words.codes($0.names)] }
  }
}
