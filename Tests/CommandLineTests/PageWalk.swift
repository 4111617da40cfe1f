import Foundation
import Testing

/// A block of code of a page.
struct PageBlock {
  let language: String
  let text: String

  static func all(in page: String) -> [PageBlock] {
    page.matches(of: /(?s)\n```([a-z]+)\n(.*?)```/).map { PageBlock(language: String($0.1), text: String($0.2)) }
  }
}

/// What the `sh` blocks of a page did, one after the other in a fresh folder.
struct PageWalk {
  private let out: URL

  /// What a block said, complained of, and ended with; and what the lines behind the last block wrote to files in `$OUT`.
  func left(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: out.appendingPathComponent(name)), as: UTF8.self)
  }
  func said(_ index: Int) throws -> String { try left("\(index)") }
  func complaint(_ index: Int) throws -> String { try left("\(index).err") }
  func code(_ index: Int) throws -> String { try left("\(index).code") }

  /// Follows the blocks in one shell, so that `cd` holds; `ending` is run behind them.
  static func follow(_ blocks: [PageBlock], ending: String, _ body: (PageWalk) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var script = "set -u\n"
      for (index, block) in blocks.enumerated() where block.language == "sh" {
        script += "{\n\(block.text)} >\"$OUT/\(index)\" 2>\"$OUT/\(index).err\"\necho $? >\"$OUT/\(index).code\"\n"
      }
      let out = folder.appendingPathComponent("out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      let tools = URL(fileURLWithPath: liftlockPath).deletingLastPathComponent().path
      let outcome = try run(
        "bash", ["-c", script + ending], in: folder,
        environment: [
          "PATH": tools + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""), "OUT": out.path,
          "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
          "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
        ])
      #expect(outcome.code == 0, "\(outcome)")
      try body(PageWalk(out: out))
    }
  }
}
