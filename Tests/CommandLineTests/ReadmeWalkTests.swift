import Foundation
import Testing

/// What somebody meets who follows the README from the first line of its section to the last, in a fresh folder.
@Suite struct ReadmeWalkTests {
  private struct Block {
    let language: String
    let text: String
  }

  private static func section() throws -> String {
    let readme = try String(contentsOf: repository.appendingPathComponent("README.md"), encoding: .utf8)
    let parts = readme.components(separatedBy: "\n## A first spec in five minutes\n")
    try #require(parts.count == 2)
    return try #require(parts[1].components(separatedBy: "\n| command |").first)
  }

  private static func blocks() throws -> [Block] {
    try section().matches(of: /(?s)\n```([a-z]+)\n(.*?)```/).map { Block(language: String($0.1), text: String($0.2)) }
  }

  @Test func everyCommandDoesWhatIsSaidThere() throws {
    let blocks = try Self.blocks()
    #expect(blocks.map(\.language) == ["sh", "yaml", "sh", "text", "sh", "sh", "text", "sh"])
    try withTemporaryFolder { folder in
      // One shell, so that `cd` holds; what each block says and how it ends is kept apart.
      var script = "set -u\n"
      for (index, block) in blocks.enumerated() where block.language == "sh" {
        script += "{\n\(block.text)} >\"$OUT/\(index)\" 2>\"$OUT/\(index).err\"\necho $? >\"$OUT/\(index).code\"\n"
      }
      script +=
        "cp release.yaml \"$OUT/last.yaml\"\ngit log --format=%s >\"$OUT/log\"\ngit status --short >\"$OUT/status\"\n"
      let out = folder.appendingPathComponent("out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      let tools = URL(fileURLWithPath: liftlockPath).deletingLastPathComponent().path
      let outcome = try run(
        "bash", ["-c", script], in: folder,
        environment: [
          "PATH": tools + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""), "OUT": out.path,
          "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
          "GIT_AUTHOR_EMAIL": "a@b",
          "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
        ])
      #expect(outcome.code == 0, "\(outcome)")
      func left(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: out.appendingPathComponent(name)), as: UTF8.self)
      }
      for (index, block) in blocks.enumerated() where block.language == "sh" {
        let shown = blocks.dropFirst(index + 1).first.flatMap { $0.language == "text" ? $0.text : nil }
        let code = shown?.hasPrefix("error[") == true ? "1\n" : "0\n"
        let (said, complaint) = (try left("\(index)"), try left("\(index).err"))
        #expect(try left("\(index).code") == code, "\(block.text): \(said) \(complaint)")
        if let shown {
          #expect(said == shown)
        } else if !block.text.contains("init") {
          #expect(said == "" && complaint == "", "\(block.text)")
        }
      }
      let first = try #require(blocks.first { $0.language == "yaml" }).text
      #expect(try left("last.yaml") == first.replacingOccurrences(of: "watch: 15m", with: "watch: 30m"))
      #expect(try left("log") == "How shop is released\n")
      #expect(try left("status") == "")
      #expect(try left("0").contains("\nNext:\n  edit release.yaml  "))
    }
  }
}
