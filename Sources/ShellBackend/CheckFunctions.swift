import ReleaseModel
import TextLayout

/// A function a check that runs against an environment: passes (0), fails (1), unknown (2).
enum CheckFunctions {
  static func functions(_ checks: [NamedCheck], conditions: [String: [PlannedCondition]]) -> [ShellFunction] {
    var seen: Set<String> = []
    return checks.filter { seen.insert($0.name).inserted }.flatMap { check in
      let conditions = conditions[check.name] ?? []
      let prefix = ShellName("check", of: check.name).text + "_condition"
      return ConditionFunctions.functions(prefix, conditions) + [
        function(check, conditions: conditions.indices.map { "\(prefix)_\($0)" })
      ]
    }
  }

  private static func function(_ check: NamedCheck, conditions: [String]) -> ShellFunction {
    let name = ShellName("check", of: check.name)
    let comment = check.title + (check.check.limit.map { ": " + $0 } ?? "")
    switch check.check.kind {
    case .probe(let probe):
      return ShellFunction(
        name, comment, needs: [probe.addresses == nil ? "probe" : "probe_each"], body: body(probe))
    case .require:
      return ShellFunction(name, comment, needs: ["all_of"] + conditions, body: "all_of \(words: conditions)")
    case .run(let program):
      var words = program.command.value
      if let path = words.first { words[0] = "./" + path }
      var lines: [Bash] = ["within_time \(check.check.timeout.seconds) \(words: words) || return"]
      for limit in program.findings?.limits ?? [] {
        lines.append(
          "findings \(program.findings?.sarif ?? "") \(limit.severity.rawValue) \(limit.atMost.value) || return")
      }
      if !conditions.isEmpty { lines.append("all_of \(words: conditions)") }
      return ShellFunction(
        name, comment, needs: ["within_time", "findings", "all_of"] + conditions, body: .lines(lines))
    case .gitHubChecks, .noOpenIssues, .stableFor, .pullRequestReviews, .confirm, .signedTag, .releaseIssue, .comment,
      .workflowRun:
      return ShellFunction(name, comment, body: "return 2")
    }
  }

  /// Whether any of these sends a request to PROBE_URL, so that it matters where that is.
  static func needAddress(_ checks: [NamedCheck]) -> Bool {
    checks.contains { if case .probe(let probe) = $0.check.kind { probe.addresses == nil } else { false } }
  }

  private static func body(_ probe: Probe) -> Bash {
    let token: Bash = probe.bearer.map { "\"${\(ShellName($0.value).bash):-}\"" } ?? "''"
    if let addresses = probe.addresses {
      return "probe_each \"${\(ShellName(addresses.value).bash):-}\" \(token)"
    }
    var lines: [Bash] = []
    for request in probe.requests.map(\.value) {
      // The address is the run's, the path is the spec's: one word.
      let url = ShellWord(.variable("PROBE_URL"), .literal(request.path))
      for _ in 0..<probe.warmUp {
        lines.append("probe \(request.method) \(url) \(request.status) 0 \(token) || return")
      }
      lines.append(
        "probe \(request.method) \(url) \(request.status) \(request.within?.milliseconds ?? 0) \(token) || return")
    }
    return .lines(lines)
  }
}
