import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseLanguage
import Testing
import YAMLDocument

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
    let plans = try (#require(old.plan), #require(new.plan))
    #expect(ReleaseCompiler.generate(plans.0) == ReleaseCompiler.generate(plans.1))
  }

  @Test func mutantsThatChangeTheMeaningForTheWorseAreFound() async throws {
    let outcomes = try await Self.outcomes()
    let report = MutationReport(outcomes)
    if let path = ProcessInfo.processInfo.environment["LIFTLOCK_MUTATION_REPORT"] {
      try report.markdown.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
    }
    if let path = ProcessInfo.processInfo.environment["LIFTLOCK_MUTATION_LIST"] {
      try report.list.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
    }
    print(report.summary)
    #expect(outcomes.count >= 2000)
    #expect(report.share(of: report.worse) >= 0.95, "\(report.summary)")
  }

  static func check(_ text: String) -> ReleaseCompiler.Checked {
    ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
  }

  static func isReadable(_ text: String) -> Bool {
    var sink = DiagnosticSink()
    let file = SourceFile(path: "release.yaml", text: text)
    guard let document = YAMLDocument.parse(file, into: &sink) else { return false }
    return ReleaseSpecShape.read(document, into: &sink) != nil && !sink.hasErrors
  }

  /// Every mutation of every example, once, that changes what is generated or reported.
  private static func outcomes() async throws -> [Outcome] {
    var all: [Outcome] = []
    for name in names {
      let original = try tree(name)
      let usual = ReleaseCompiler.generate(try #require(check(original.yaml).plan)).map(\.text)
      var seen: Set<SpecTree> = [original]
      let mutations = Operation.allCases.flatMap { $0.mutations(of: original) }.filter {
        seen.insert($0.result).inserted
      }
      // Two at a time or more: as many as there are cores.
      let width = max(ProcessInfo.processInfo.activeProcessorCount, 2)
      await withTaskGroup(of: [(Int, Outcome)].self) { group in
        for lane in 0..<width {
          group.addTask {
            stride(from: lane, to: mutations.count, by: width).compactMap { index in
              Outcome(mutations[index], of: name, original, usual).map { (index, $0) }
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

  /// `nil` when nothing of what users get is any different.
  init?(_ mutation: Mutation, of example: String, _ original: SpecTree, _ usual: [String]) {
    let text = mutation.result.yaml
    let checked = SpecMutationTests.check(text)
    if checked.diagnostics.isEmpty, let plan = checked.plan,
      ReleaseCompiler.generate(plan).map(\.text) == usual
    {
      return nil
    }
    self.example = example
    self.mutation = mutation
    effect = Effect(of: mutation, in: original, isReadable: checked.diagnostics.isEmpty || SpecMutationTests.isReadable(text))
    codes = checked.diagnostics.map(\.code)
  }
}

/// The folder in which `Sources`, `Tests` and `Examples` lie.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
