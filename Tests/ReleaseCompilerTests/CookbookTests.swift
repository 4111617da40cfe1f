import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import Testing

/// The recipes of `Docs/cookbook`. A new one is a file there and a line of its index.
@Suite struct CookbookTests {
  static let folder = repository.appendingPathComponent("Docs/cookbook")
  private static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  /// Policies lie beside the recipe that they judge, as `NAME.policy.yaml`.
  static let recipes = files.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".policy.yaml") }
  private static let policies = files.filter { $0.hasSuffix(".policy.yaml") }

  /// What each recipe is compiled to without a policy, once for all tests.
  private static let compiled: [String: (checked: ReleaseCompiler.Checked, files: [GeneratedFile])] = Dictionary(
    uniqueKeysWithValues: recipes.map { name in
      let checked = ReleaseCompiler.check(SourceFile(path: name, text: (try? text(name)) ?? ""))
      return (name, (checked, checked.plan.map { ReleaseCompiler.generate($0) } ?? []))
    })

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  @Test func thereAreTwentyAndNothingElse() {
    #expect(Self.recipes.count >= 20)
    #expect(Set(Self.files) == Set(Self.recipes + Self.policies + ["README.md"]))
    for policy in Self.policies {
      #expect(Self.recipes.contains(policy.replacingOccurrences(of: ".policy.yaml", with: ".yaml")), "\(policy)")
    }
  }

  @Test(arguments: recipes) func aRecipeSaysWhoItIsForAndCompiles(_ name: String) throws {
    let text = try Self.text(name)
    let comment = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("# ") }
    #expect((2...5).contains(comment.count), "\(name) begins with \(comment.count) lines of comment")
    #expect(comment.last?.hasSuffix(".") == true, "the comment of \(name) ends within a sentence")

    let (checked, generated) = try #require(Self.compiled[name])
    #expect(checked.diagnostics.isEmpty, "\(findings(checked))")
    #expect(generated.contains { $0.kind == .workflow } && generated.contains { $0.kind == .runbook })
    try Self.bashReads(generated.filter { $0.kind == .script })
  }

  /// One bash for all scripts of a recipe.
  private static func bashReads(_ scripts: [GeneratedFile]) throws {
    try #require(!scripts.isEmpty)
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-cookbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    var paths: [String] = []
    for (index, script) in scripts.enumerated() {
      let file = place.appendingPathComponent("\(index).sh")
      try script.text.write(to: file, atomically: true, encoding: .utf8)
      paths.append(file.path)
    }
    let bash = Process()
    bash.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    bash.arguments = ["bash", "-c", "for script; do bash -n \"$script\" || exit 1; done", "bash"] + paths
    let pipe = Pipe()
    bash.standardError = pipe
    try bash.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    bash.waitUntilExit()
    #expect(bash.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
  }

  /// Without its line nobody finds a recipe; without a sentence nobody knows whether it is theirs.
  @Test func theIndexNamesEveryRecipeAndOnlyThose() throws {
    var named: [String] = []
    for match in try Self.text("README.md").matches(of: /\n- \[([^\]]+)\]\(([^)]+)\): ([^\n]+(?:\n  [^\n]+)*)/) {
      let (title, file, sentence) = (String(match.1), String(match.2), String(match.3))
      named.append(file)
      #expect(!title.isEmpty)
      #expect(sentence.split(separator: " ").count >= 6 && sentence.hasSuffix("."), "\(file): \(sentence)")
    }
    #expect(named.sorted() == Self.recipes)
  }

  /// All of them could lie in one repository: a recipe can be tried beside another.
  @Test func noTwoRecipesWriteTheSameFile() throws {
    var writers: [String: String] = [:]
    for name in Self.recipes {
      for file in try #require(Self.compiled[name]).files {
        #expect(writers[file.path] == nil, "\(name) and \(writers[file.path] ?? "") write \(file.path)")
        writers[file.path] = name
      }
    }
  }

  /// The recipe beside a policy meets it; without its gates it does not, so the policy asks for something.
  @Test(arguments: policies) func aPolicyIsMetByTheRecipeBesideIt(_ name: String) throws {
    let read = ReleaseCompiler.readPolicy(SourceFile(path: name, text: try Self.text(name)))
    #expect(read.diagnostics.isEmpty, "\(read.diagnostics)")
    let minimum = ReleaseCompiler.Minimum(
      policy: try #require(read.policy), today: try #require(CalendarDay("2026-12-01")))
    func judged(_ text: String) -> ReleaseCompiler.Checked {
      ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text), against: minimum)
    }
    let recipe = try Self.text(name.replacingOccurrences(of: ".policy.yaml", with: ".yaml"))
    #expect(judged(recipe).diagnostics.isEmpty, "\(findings(judged(recipe)))")
    let weakened = try #require(recipe.components(separatedBy: "\npromotion:").first) + "\n"
    try #require(weakened.utf8.count < recipe.utf8.count)
    #expect(judged(weakened).diagnostics.contains { $0.code.hasPrefix("policy-") }, "\(findings(judged(weakened)))")
  }
}
