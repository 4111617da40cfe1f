import ReleaseModel
import TextLayout

/// Whom to call, and whom to call next.
enum ContactSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let guidance = plan.spec.guidance
    if guidance.contacts.isEmpty, guidance.escalation.isEmpty { return [roles(plan)] }
    var blocks: [Markdown.Block] = []
    if !guidance.contacts.isEmpty {
      blocks.append(
        .table(
          ["Who", "Reached by", "For"],
          guidance.contacts.map { [.text($0.who), .text($0.reach), $0.what.map(Prose.text) ?? "–"] }))
    }
    if !guidance.escalation.isEmpty {
      let rows = guidance.escalation.sorted { $0.after < $1.after }.map { ["\($0.after)", Prose.text($0.to)] }
      blocks += [
        .prose("Nobody answers, or it is not under control? Call the next one. Times count from the first call:"),
        .table(["After", "Call"], rows),
      ]
    }
    if plan.spec.roles.isEmpty { return blocks }
    return blocks + [.prose("Who approves and decides is under \(to: .roles).")]
  }

  private static func roles(_ plan: ReleasePlan) -> Markdown.Block {
    let roles = plan.spec.roles.readable
    if roles.isEmpty { return .prose("This release names no roles. Call whoever merged the change.") }
    return .bullets(
      roles.map { name, role in
        let reviewers = Words.codes(role.reviewers.map { "@" + $0.value }, "or")
        let who: Prose = "\(strong: role.title ?? name.value): \(reviewers)."
        return role.duty.map { who + " \($0)" } ?? who
      })
  }
}
