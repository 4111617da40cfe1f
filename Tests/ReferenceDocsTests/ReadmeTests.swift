import ArgumentParser
import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

@testable import ReferenceDocs
@testable import liftlock

@Suite struct ReadmeTests {
  /// The YAML block behind the comment that announces this test.
  private static func firstSpec() throws -> String {
    let readme = try text(of: "README.md")
    let behind = try #require(readme.components(separatedBy: "<!-- A test compiles this spec. -->\n```yaml\n").last)
    #expect(behind.utf8.count < readme.utf8.count, "README.md has no spec behind the comment")
    return try #require(behind.components(separatedBy: "```").first)
  }

  @Test func theFirstSpecCompilesWithoutAFinding() throws {
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: try Self.firstSpec()))
    #expect(checked.diagnostics.isEmpty, "\(checked.diagnostics.map { "\($0.code): \($0.message)" })")
    let files = ReleaseCompiler.generate(try #require(checked.plan))
    #expect(files.contains { $0.path == "docs/runbooks/shop.md" })
    #expect(files.contains { $0.path.hasPrefix(".github/workflows/") })
    #expect(files.contains { $0.path.hasPrefix("ops/") })
  }

  @Test func theReferenceOpensWithTheSameSpec() throws {
    #expect(
      try Self.firstSpec() == FirstSpec.text, "copy the spec of README.md to Sources/ReferenceDocs/FirstSpec.swift")
    #expect(LanguageReference.page.contains("```yaml\n" + FirstSpec.text + "```"))
  }

  @Test func itsTableOfCommandsNamesAllThatExistAndNoOthers() throws {
    let readme = try text(of: "README.md")
    let commands = Dictionary(
      uniqueKeysWithValues: Liftlock.configuration.subcommands.compactMap { command in
        (command.configuration.commandName ?? "\(command)".lowercased(), command)
      })
    var named: Set<String> = []
    for row in readme.split(separator: "\n") {
      guard let match = row.prefixMatch(of: /\| `liftlock ([a-z-]+)[^`]*` \|/) else { continue }
      let name = String(match.1)
      named.insert(name)
      let command = try #require(commands[name], "README.md names `liftlock \(name)`")
      let help = Liftlock.helpMessage(for: command, columns: 200)
      for option in row.matches(of: /--[a-z]+/) { #expect(help.contains(String(option.0)), "\(name) \(option.0)") }
    }
    #expect(named == Set(commands.keys))
  }

  @Test func theFormatsInItsTableExist() throws {
    let row = try #require(text(of: "README.md").split(separator: "\n").first { $0.contains("`--format text`") })
    let help = Liftlock.helpMessage(for: Check.self, columns: 500)
    for match in row.matches(of: /`(?:--format )?([a-z]+)`/) {
      #expect(help.contains(String(match.1)), "--format \(match.1)")
    }
  }
}
