/// What the rules found, in figures and by name.
struct MutationReport {
  let outcomes: [Outcome]
  let worse: [Outcome]

  init(_ outcomes: [Outcome]) {
    self.outcomes = outcomes
    worse = outcomes.filter(\.effect.isWorse)
  }

  func share(of some: [Outcome]) -> Double {
    some.isEmpty ? 1 : Double(some.count(where: \.isFound)) / Double(some.count)
  }

  private func percent(_ some: [Outcome]) -> String {
    let tenths = Int(share(of: some) * 1000)
    return "\(tenths / 10).\(tenths % 10) %"
  }

  var readable: [Outcome] { worse.filter { $0.effect != .unreadable } }

  var summary: String {
    let choices = outcomes.filter { $0.effect == .choice }
    return """
      \(outcomes.count) mutants that differ; \(worse.count) for the worse, of which \(percent(worse)) are found \
      (\(readable.count) that can be read: \(percent(readable))); \(choices.count) choices, of which \(percent(choices)) are \
      reported
      """
  }

  /// Tab-separated, everything, for looking into it.
  var list: String {
    outcomes.map { outcome in
      let mutation = outcome.mutation
      return [
        outcome.example, mutation.operation.rawValue, "\(outcome.effect)", outcome.isFound ? "found" : "silent",
        mutation.path.pattern, "\(mutation.path)", String(mutation.from.prefix(80)), String(mutation.to.prefix(80)),
        Set(outcome.codes).sorted().joined(separator: ","),
      ].joined(separator: "\t")
    }.joined(separator: "\n") + "\n"
  }

  var markdown: String { summary + "\n" }
}
