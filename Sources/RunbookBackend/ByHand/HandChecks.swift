import ReleaseModel
import TextLayout

/// Prints a check as something that a person can do in a terminal.
enum HandChecks {
  /// `address` is a word: the address of the service, or the placeholder of the new version's own.
  static func blocks(
    _ check: NamedCheck, note: String = "", address: Word, conditions: [PlannedCondition]
  ) -> [Markdown.Block] {
    let description = CheckWords.description(check, conditions: conditions)
    let lead: Prose = "\(strong: check.title). \(description)\(note)"
    switch check.check.kind {
    case .probe(let probe) where probe.addresses != nil:
      return [.prose(lead)]
    case .probe(let probe):
      return [.prose(lead), .bash(probe.requests.map { curl($0.value, address, probe.bearer?.value) })]
    case .run(let program):
      let words = program.command.value
      let path = words.first.map { $0.contains("/") ? $0 : "./" + $0 }
      return [
        .prose(lead),
        .bash([HandCommand().text(Command(words: ([path].compactMap { $0 } + words.dropFirst()).map { Word($0) }))]),
      ]
    case .require:
      return [.prose(lead + " The queries are under \(to: .metrics).")]
    case .gitHubChecks, .noOpenIssues, .stableFor, .pullRequestReviews, .confirm, .signedTag, .releaseIssue, .comment,
      .workflowRun:
      return [.prose(lead)]
    }
  }

  /// Prints status and time, and nothing else, so that a person can compare them with what is expected.
  private static func curl(_ request: Probe.Request, _ address: Word, _ bearer: String?) -> String {
    var words: [Word] = [
      "curl", "-sS", "--max-time", Word("\(Probe.patience.seconds)"), "--output", "/dev/null",
    ]
    if request.method == "HEAD" {
      words.append("--head")
    } else if request.method != "GET" {
      words += ["--request", Word(request.method)]
    }
    words += ["--write-out", "%{http_code} in %{time_total} s\\n"]
    let command = HandCommand()
    let text = command.text(Command(words: words))
    // The shell fills in the token, so that it never stands in the command as it is typed.
    let header = bearer.map { " --header \"Authorization: Bearer ${\($0)}\"" } ?? ""
    return text + " \\\n " + header + " " + command.word(address + Word(request.path))
  }
}
