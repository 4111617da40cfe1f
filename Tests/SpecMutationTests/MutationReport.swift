import ReleaseModel

/// What the rules found, in figures and by name.
struct MutationReport {
  let outcomes: [Outcome]
  let worse: [Outcome]

  init(_ outcomes: [Outcome]) {
    self.outcomes = outcomes
    worse = outcomes.filter(\.effect.isWorse)
  }

  /// Those that the reader takes: what the rules are for.
  var readable: [Outcome] { worse.filter { $0.effect != .unreadable } }
  /// Worse, and nothing was said.
  var survivors: [Outcome] { worse.filter { !$0.isFound } }

  static func share(_ some: [Outcome]) -> Double {
    some.isEmpty ? 1 : Double(some.count(where: \.isFound)) / Double(some.count)
  }

  private static func figure(_ some: [Outcome]) -> String {
    let tenths = Int(share(some) * 1000)
    return "\(some.count(where: \.isFound)) of \(some.count)\(some.isEmpty ? "" : " (\(tenths / 10).\(tenths % 10) %)")"
  }

  var summary: String {
    """
    \(outcomes.count) mutants differ from their example in what is generated or reported. For the worse: found \
    \(Self.figure(worse)); of those that can be read at all: found \(Self.figure(readable)). Choices: reported \
    \(Self.figure(outcomes.filter { $0.effect == .choice })). Neutral: reported \
    \(Self.figure(outcomes.filter { $0.effect == .neutral })).
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

  var markdown: String {
    var text = """
      # Mistakes made by a machine

      <!-- Written by `make mutation`. -->

      The five examples, each with one thing changed by an operator that knows nothing about it. What counts as worse, as a
      choice and as neutral is defined in `Tests/SpecMutationTests/Effect.swift`, from the two trees and without asking a rule.

      \(summary)

      | Operator | Mutants | Worse: unreadable | Worse: readable | Choices reported | Neutral reported |
      | --- | --- | --- | --- | --- | --- |

      """
    for operation in Operation.allCases {
      let some = outcomes.filter { $0.mutation.operation == operation }
      let worse = some.filter(\.effect.isWorse)
      let columns = [
        worse.filter { $0.effect == .unreadable }, worse.filter { $0.effect != .unreadable },
        some.filter { $0.effect == .choice }, some.filter { $0.effect == .neutral },
      ]
      text += "| \(operation.rawValue) | \(some.count) | " + columns.map(Self.figure).joined(separator: " | ") + " |\n"
    }
    text += "\n## What was not found\n\n"
    let reasons = Dictionary(grouping: survivors) { Survivors.reason(for: $0) ?? "No reason is written down." }
    for (reason, some) in reasons.sorted(by: { $0.key < $1.key }) {
      text += "### \(reason)\n\n"
      for outcome in some {
        let mutation = outcome.mutation
        text +=
          "- \(outcome.example), `\(mutation.path)`: \(mutation.operation.rawValue): `\(mutation.from.prefix(70))` → "
          + "`\(mutation.to.prefix(70))`\n"
      }
      text += "\n"
    }
    return text
  }
}
