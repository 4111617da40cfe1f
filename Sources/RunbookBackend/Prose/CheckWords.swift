import ReleaseModel

/// What a check does, as people say it.
enum CheckWords {
  static func description(_ check: NamedCheck, conditions: [PlannedCondition]) -> Prose {
    switch check.check.kind {
    case .gitHubChecks(let names):
      "These checks of the commit are green: \(Words.codes(names.map(\.value)))."
    case .noOpenIssues(let labels):
      "The repository has no open issue labelled \(Words.codes(labels.map(\.value), "or"))."
    case .stableFor(let environment, let time):
      "The last release into \(code: environment.value) succeeded, at least \(time) ago."
    case .pullRequestReviews(let count):
      "The pull request, as it is now, has at least \(Words.count(count.value, "approval", "approvals"))."
    case .confirm(let text):
      "A person ticks this line in the pull request's description: “\(text)”"
    case .signedTag(let immutable):
      immutable
        ? "The release runs from a tag whose signature GitHub has verified, and a ruleset forbids moving or "
          + "deleting it."
        : "The release runs from a tag whose signature GitHub has verified."
    case .releaseIssue(let time):
      "All boxes of the release issue of the tag are ticked"
        + (time.map { ", and it was opened at least \($0) ago." } ?? ".")
    case .comment(let text, let role):
      "Somebody with the role \(code: role.value) has written \(code: text) on the pull request of the commit or on the "
        + "release issue."
    case .workflowRun(let file, let time):
      "The newest run of \(code: file) on the default branch succeeded, at most \(time) ago."
    case .probe(let probe): probes(probe)
    case .require:
      "All of this holds: \(conditions.map(ConditionWords.sentence).list())."
    case .run(let program): self.program(program, conditions)
    }
  }

  private static func probes(_ probe: Probe) -> Prose {
    let requests = probe.requests.map(\.value).map { request -> Prose in
      let answer: Prose = "\(code: "\(request.method) \(request.path)") answers \(request.status)"
      return request.within.map { answer + " in under \($0)" } ?? answer
    }
    var words: Prose =
      probe.addresses.map { "Every address in \(code: $0.value) answers 200." } ?? "\(requests.list())."
    if probe.warmUp > 0 {
      words =
        words + " Each is sent \(probe.warmUp == 1 ? "once" : "\(probe.warmUp) times") first without being "
        + "judged."
    }
    if let bearer = probe.bearer { words = words + " Sent with the token in \(code: bearer.value)." }
    return words
  }

  private static func program(_ program: ProgramCheck, _ conditions: [PlannedCondition]) -> Prose {
    var words: Prose = "\(code: program.command.value.joined(separator: " ")) ends with exit code 0."
    if program.comparison != nil, !conditions.isEmpty {
      words = words + " Then all of this holds: \(conditions.map(ConditionWords.sentence).list())."
    }
    if let findings = program.findings {
      let limits = findings.limits.map { limit -> String in
        limit.atMost.value == 0
          ? "no \(limit.severity.rawValue) findings"
          : "at most \(limit.atMost.value) \(limit.severity.rawValue) findings"
      }
      words = words + " \(code: findings.sarif) has \(limits.map(Prose.text).list())."
    }
    if !program.secrets.isEmpty { words = words + " Needs \(Words.codes(program.secrets.map(\.value)))." }
    return words
  }
}
