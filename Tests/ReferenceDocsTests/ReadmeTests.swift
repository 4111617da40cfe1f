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
    let behind = try #require(
      readme.components(
        separatedBy: "<!-- A test compiles this spec, and follows this section to its end. -->\n```yaml\n"
      ).last)
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
      try Self.firstSpec() == FirstSpec.text, "README.md shows another spec than liftlock init writes")
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

  @Test func theManualPageIsAsPrinted() throws {
    #expect(try text(of: "Docs/man/liftlock.1") == ManualPage.text, "run: make generate")
    // Every command and every option is in it, and nothing that roff would not read as text.
    for command in Liftlock.configuration.subcommands {
      let name = command.configuration.commandName ?? "\(command)".lowercased()
      #expect(ManualPage.text.contains("\n.Ss \(name)\n"), "\(name)")
      for option in Liftlock.helpMessage(for: command, columns: 200).matches(of: /\n  --([a-z-]+)/)
      where option.1 != "version" {
        #expect(ManualPage.text.contains(".It Fl \\-\(option.1.replacing("-", with: "\\-"))"), "\(name) --\(option.1)")
      }
    }
    #expect(ManualPage.text.utf8.allSatisfy { $0 < 128 })
  }

  @Test func theFormatsInItsTableExist() throws {
    let row = try #require(text(of: "README.md").split(separator: "\n").first { $0.contains("`--format text`") })
    let help = Liftlock.helpMessage(for: Check.self, columns: 500)
    for match in row.matches(of: /`(?:--format )?([a-z]+)`/) {
      #expect(help.contains(String(match.1)), "--format \(match.1)")
    }
  }
}
