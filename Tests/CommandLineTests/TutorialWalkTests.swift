import Foundation
import Testing

/// `Docs/tutorial.md`, followed from its first line to its last in a fresh folder. What needs GitHub or a cluster stands in
/// blocks of `console`; all blocks of `sh` are run, in one shell, and what is shown behind one is what it printed.
@Suite struct TutorialWalkTests {
  private static func blocks() throws -> [PageBlock] {
    let page = try String(contentsOf: repository.appendingPathComponent("Docs/tutorial.md"), encoding: .utf8)
    return PageBlock.all(in: page)
  }

  /// Whether `said` is `shown`, where a line `…` in what is shown stands for lines that were left out.
  private static func matches(_ said: String, _ shown: String) -> Bool {
    var parts: [[Substring]] = [[]]
    for line in shown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "…" { parts.append([]) } else { parts[parts.count - 1].append(line) }
    }
    let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
    var rest = lines[...]
    for (index, part) in parts.enumerated() {
      // What stands before the first `…` begins it, what stands behind the last ends it.
      if index == 0 {
        guard rest.starts(with: part) else { return false }
        rest = rest.dropFirst(part.count)
        if parts.count == 1 { return rest.isEmpty }
      } else if index == parts.count - 1 {
        return rest.count >= part.count && rest.suffix(part.count).elementsEqual(part)
      } else {
        guard let start = rest.indices.first(where: { rest[$0...].starts(with: part) }) else { return false }
        rest = rest[(start + part.count)...]
      }
    }
    return true
  }

  @Test func everyCommandDoesWhatIsSaidThere() throws {
    let blocks = try Self.blocks()
    #expect(Set(blocks.map(\.language)) == ["sh", "text", "console", "yaml"])
    #expect(blocks.count { $0.language == "sh" } >= 9)
    let ending = """
      cp release.yaml "$OUT/last.yaml"
      git status --short >"$OUT/status"
      """
    try PageWalk.follow(blocks, ending: ending) { walk in
      for (index, block) in blocks.enumerated() where block.language == "sh" {
        let shown = blocks.dropFirst(index + 1).first.flatMap { $0.language == "text" ? $0.text : nil }
        let (said, complaint) = (try walk.said(index), try walk.complaint(index))
        let code = shown.map { $0.contains("\n1 error\n") || $0.hasSuffix("\n1 error") } == true ? "1\n" : "0\n"
        #expect(try walk.code(index) == code, "\(block.text): \(said) \(complaint)")
        if let shown {
          #expect(Self.matches(said, shown), "\(block.text)\n\(said)")
        } else {
          #expect(said == "" && complaint == "", "\(block.text)\n\(said)\(complaint)")
        }
      }
      #expect(try walk.left("status") == "")
      // The lines of the spec that the page shows are those that stand in it at the end.
      let spec = try walk.left("last.yaml")
      for block in blocks where block.language == "yaml" { #expect(spec.contains(block.text), "\(block.text)") }
    }
  }

  /// The scripts that the reader is told to run on the real thing are among those that were generated.
  @Test func whatIsRunForRealIsGenerated() throws {
    let blocks = try Self.blocks()
    let created = blocks.filter { $0.language == "text" && $0.text.contains("created ops/") }.map(\.text).joined()
    let named = blocks.filter { $0.language == "console" }
      .flatMap { $0.text.matches(of: /ops\/[a-z\/-]+\.sh/).map { String($0.0) } }
    #expect(!named.isEmpty)
    for path in named { #expect(created.contains("created \(path)\n"), "\(path)") }
  }

  @Test func linesThatAreLeftOutAreNotAnyLines() {
    #expect(Self.matches("a\nb\nc\nd\n", "a\n…\nc\n…\n"))
    #expect(Self.matches("a\nb\nc\nd\n", "a\n…\nd\n"))
    #expect(!Self.matches("a\nb\nc\nd\n", "a\n…\nx\n…\n"))
    #expect(!Self.matches("a\nb\nc\n", "a\nc\n"))
    #expect(!Self.matches("a\nb\nc\n", "a\nb\n"))
  }
}
