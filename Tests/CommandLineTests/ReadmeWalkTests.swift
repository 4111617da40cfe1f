import Foundation
import Testing

/// What somebody meets who follows the README from the first line of its section to the last, in a fresh folder.
@Suite struct ReadmeWalkTests {
  private static func section() throws -> String {
    let readme = try String(contentsOf: repository.appendingPathComponent("README.md"), encoding: .utf8)
    let parts = readme.components(separatedBy: "\n## A first spec in five minutes\n")
    try #require(parts.count == 2)
    return try #require(parts[1].components(separatedBy: "\n| command |").first)
  }

  @Test func everyCommandDoesWhatIsSaidThere() throws {
    let blocks = PageBlock.all(in: try Self.section())
    #expect(blocks.map(\.language) == ["sh", "yaml", "sh", "text", "sh", "sh", "text", "sh"])
    let ending = """
      cp release.yaml "$OUT/last.yaml"
      git log --format=%s >"$OUT/log"
      git status --short >"$OUT/status"
      """
    try PageWalk.follow(blocks, ending: ending) { walk in
      for (index, block) in blocks.enumerated() where block.language == "sh" {
        let shown = blocks.dropFirst(index + 1).first.flatMap { $0.language == "text" ? $0.text : nil }
        let code = shown?.hasPrefix("error[") == true ? "1\n" : "0\n"
        let (said, complaint) = (try walk.said(index), try walk.complaint(index))
        #expect(try walk.code(index) == code, "\(block.text): \(said) \(complaint)")
        if let shown {
          #expect(said == shown)
        } else if !block.text.contains("init") {
          #expect(said == "" && complaint == "", "\(block.text)")
        }
      }
      let first = try #require(blocks.first { $0.language == "yaml" }).text
      #expect(try walk.left("last.yaml") == first.replacingOccurrences(of: "watch: 15m", with: "watch: 30m"))
      #expect(try walk.left("log") == "How shop is released\n")
      #expect(try walk.left("status") == "")
      #expect(try walk.said(0).contains("\nNext:\n  edit release.yaml  "))
    }
  }
}
