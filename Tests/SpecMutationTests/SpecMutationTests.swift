import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseRules
import Testing

/// Mistakes made by a machine: each example with one thing changed, and whether anything is said about it.
@Suite struct SpecMutationTests {
  static let names = ["doc-0020", "ecom-back", "forge", "nextgen-market", "trade-nexus"]

  static func tree(_ name: String) throws -> SpecTree {
    let text = try String(contentsOf: repository.appending(path: "Examples/\(name)/release.yaml"), encoding: .utf8)
    return try #require(SpecTree(text))
  }

  /// Written from its tree, an example means what it meant: a finding is the mutation's.
  @Test(arguments: names) func anExampleWrittenFromItsTreeIsTheSame(_ name: String) throws {
    let original = try String(contentsOf: repository.appending(path: "Examples/\(name)/release.yaml"), encoding: .utf8)
    let tree = try Self.tree(name)
    #expect(SpecTree(tree.yaml) == tree)
    let (old, new) = (Self.check(original), Self.check(tree.yaml))
    #expect(new.diagnostics.isEmpty)
    #expect(try Meaning.text(of: #require(old.plan).spec) == Meaning.text(of: #require(new.plan).spec))
  }

  @Test func mutantsThatChangeTheMeaningForTheWorseAreFound() async throws {
    let environment = ProcessInfo.processInfo.environment
    let outcomes = try await Self.outcomes(limit: environment["LIFTLOCK_MUTATION_ALL"] == nil ? 52 : .max)
    let report = MutationReport(outcomes)
    for (variable, text) in [("LIFTLOCK_MUTATION_REPORT", report.markdown), ("LIFTLOCK_MUTATION_LIST", report.list)] {
      if let path = environment[variable] { try text.write(to: URL(filePath: path), atomically: true, encoding: .utf8) }
    }
    print(report.summary)
    #expect(outcomes.count >= 2000)
    // What the sample of today gives, so that a rule that stops finding something is noticed. The goal is 0.95 of all.
    #expect(MutationReport.share(report.worse) >= 0.97, "\(report.summary)")
    #expect(MutationReport.share(report.readable) >= 0.94, "\(report.summary)")
    for survivor in report.survivors where Survivors.reason(for: survivor) == nil {
      Issue.record(
        "not found, and no reason for it is written down: \(survivor.mutation.path): \(survivor.mutation.to)")
    }
  }

  static func check(_ text: String) -> ReleaseCompiler.Checked {
    ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
  }

  /// Every mutation of every example, once, that changes what is generated or reported; of each operator at most `limit` an
  /// example, spread evenly.
  private static func outcomes(limit: Int) async throws -> [Outcome] {
    var all: [Outcome] = []
    for name in names {
      let original = try tree(name)
      let unused = Uses.unused(in: original)
      let usual = try Meaning.text(of: #require(check(original.yaml).plan).spec)
      var seen: Set<SpecTree> = [original]
      let mutations = Operation.allCases.flatMap { operation in
        let all = operation.mutations(of: original).filter { seen.insert($0.result).inserted }
        let count = min(all.count, limit)
        return (0..<count).map { all[$0 * all.count / count] }
      }
      // Two at a time or more: as many as there are cores.
      let width = max(ProcessInfo.processInfo.activeProcessorCount, 2)
      await withTaskGroup(of: [(Int, Outcome)].self) { group in
        for lane in 0..<width {
          group.addTask {
            stride(from: lane, to: mutations.count, by: width).compactMap { index in
              Outcome(mutations[index], of: name, original, unused, usual).map { (index, $0) }
            }
          }
        }
        var found: [(Int, Outcome)] = []
        for await part in group { found += part }
        all += found.sorted { $0.0 < $1.0 }.map(\.1)
      }
    }
    return all
  }
}

/// One mutation and what came of it.
struct Outcome: Sendable {
  let example: String
  let mutation: Mutation
  let effect: Effect
  /// The codes of what was reported.
  let codes: [String]
  var isFound: Bool { !codes.isEmpty }
  private static let rules = Set(RuleCatalogue.explanations.map(\.name))

  /// `nil` when nothing is reported and what was read is the same: then all that is generated is the same, too, because it
  /// comes from that alone. (Generating each would take a second apiece.)
  init?(_ mutation: Mutation, of example: String, _ original: SpecTree, _ unused: Set<String>, _ usual: String) {
    let text = mutation.result.yaml
    let checked = SpecMutationTests.check(text)
    if checked.diagnostics.isEmpty, let plan = checked.plan, Meaning.text(of: plan.spec) == usual { return nil }
    self.example = example
    self.mutation = mutation
    // What is not a rule's is the reader's.
    effect = Effect(
      of: mutation, in: original, unusedBefore: unused,
      isReadable: checked.diagnostics.allSatisfy { $0.severity == .warning || Self.rules.contains($0.code) })
    codes = checked.diagnostics.map(\.code)
  }
}

/// A spec as it was read, without the places where things stand.
enum Meaning {
  static func text(of spec: Any) -> String {
    var text = ""
    write(spec, into: &text)
    return text
  }

  private static func write(_ value: Any, into text: inout String) {
    if value is Span || value is Span? { return }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .set || mirror.displayStyle == .dictionary {
      // These have no order of their own.
      text += mirror.children.map { child in
        var one = ""
        write(child.value, into: &one)
        return one
      }.sorted().joined()
      return
    }
    if mirror.children.isEmpty {
      text += "\(value) "
      return
    }
    if mirror.displayStyle == .enum { text += "\(mirror.children.first?.label ?? "") " }
    text += "("
    for child in mirror.children { write(child.value, into: &text) }
    text += ")"
  }
}

/// The folder in which `Sources`, `Tests` and `Examples` lie.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
