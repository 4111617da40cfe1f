import Diagnostics
import Foundation
import Testing
import YAMLDocument

/// What an example names is there: whoever copies it gets something that runs.
@Suite struct ExampleProgramTests {
  private static let examples: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "Examples").path)) ?? [])
    .filter { !$0.hasSuffix(".yaml") }.sorted()

  /// Keys behind which a program of the repository stands.
  private static let programKeys: Set<String> = ["run", "otherwise", "last-resort"]

  @Test(arguments: examples) func everyProgramOfASpecIsThereAndExecutable(name: String) throws {
    for path in try files(of: name).programs {
      let file = repository.appending(path: "Examples/\(name)/\(path)")
      #expect(FileManager.default.isExecutableFile(atPath: file.path), "\(path)")
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      // What it is for is said at its top, and a failing command ends it.
      #expect(lines.first == "#!/usr/bin/env bash" && lines.dropFirst().first?.hasPrefix("# ") == true, "\(path)")
      #expect(lines.contains("set -euo pipefail"), "\(path)")
    }
  }

  @Test(arguments: examples) func everyManifestAndTemplateOfASpecIsThere(name: String) throws {
    for path in try files(of: name).others {
      let file = repository.appending(path: "Examples/\(name)/\(path)")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(!text.isEmpty, "\(path)")
    }
  }

  @Test func theExamplesCallProgramsAndManifestsAtAll() throws {
    let all = try Self.examples.map { try files(of: $0) }
    #expect(all.flatMap(\.programs).count > 15)
    #expect(all.flatMap(\.others).contains("k8s/stable.yaml"))
  }

  private func files(of name: String) throws -> (programs: Set<String>, others: Set<String>) {
    let text = try example(name)
    var sink = DiagnosticSink()
    let document = try #require(
      YAMLDocument.parse(SourceFile(path: "release.yaml", text: text), into: &sink), "\(name)")
    var programs: Set<String> = []
    var others: Set<String> = []
    var rest = [document.root]
    while let node = rest.popLast() {
      switch document.kind(of: node) {
      case .scalar: continue
      case .sequence: rest += document.elements(of: node)
      case .mapping:
        for (key, value) in document.entries(of: node) {
          rest.append(value)
          let key = document.string(of: key)
          if document.kind(of: value) == .scalar {
            let text = document.string(of: value)
            if Self.programKeys.contains(key), let path = text.split(separator: " ").first,
              path.contains("/")
            {
              programs.insert(String(path))
            }
            if key == "template" || key == "back" || text.hasPrefix("k8s/") { others.insert(text) }
          }
        }
      }
    }
    return (programs, others)
  }
}
