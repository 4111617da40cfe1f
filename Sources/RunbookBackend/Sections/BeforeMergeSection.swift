import ReleaseModel
import TextLayout

/// What a pull request must pass: by machine, and by a person's word.
enum BeforeMergeSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    guard let merge = plan.beforeMerge else { return [] }
    var machine: [Prose] = []
    var confirmations: [String] = []
    for gate in merge.gates {
      guard case .check(let check) = gate.question else { continue }
      if case .confirm(let text) = check.check.kind {
        confirmations.append(text)
      } else {
        machine.append("\(strong: gate.title). \(CheckWords.description(check, conditions: []))")
      }
    }
    let scope: Prose =
      merge.paths.isEmpty
      ? "into \(Words.codes(merge.branches, "or"))"
      : "into \(Words.codes(merge.branches, "or")) that touches \(Words.codes(merge.paths, "or"))"
    var blocks: [Markdown.Block] = [
      .heading(.beforeMerge),
      .prose(
        "For every pull request \(scope). The workflow \(code: Places(plan).beforeMergeWorkflow) asks; a rule of the "
          + "branch must require its check, otherwise it only informs."),
    ]
    if !machine.isEmpty {
      blocks += [
        .prose("\(strong: "Checked by machine.") You need not look; a red check says what is missing."),
        .bullets(machine),
      ]
    }
    if !confirmations.isEmpty {
      blocks += [
        .prose("\(strong: "Confirmed by a person.") No machine can tell:"),
        .boxes(confirmations.map(Prose.text)),
        .prose("Confirm by ticking the same line in the pull request's description. To paste there:"),
        .code(language: "markdown", text: confirmations.map { "- [ ] " + $0 }.joined(separator: "\n")),
      ]
    }
    return blocks
  }
}
