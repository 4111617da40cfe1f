import Diagnostics
import Foundation
import GitHubActionsBackend
import GitHubWorkflow
import ReleaseCompiler
import ReleaseModel

/// A textual change of a spec; the old text must be there.
struct Edit: Sendable, Hashable {
  var old: String
  var new: String

  init(_ old: String, _ new: String) {
    self.old = old
    self.new = new
  }
}

/// One of the repository's examples, compiled: what a user's repository would hold.
struct Example: Sendable {
  let name: String
  let plan: ReleasePlan
  let files: [GeneratedFile]

  /// Where the repository is: found from this file, so that the tests run wherever it lies.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  var folder: URL { Self.root.appendingPathComponent("Examples/\(name)") }

  struct CompileError: Error, CustomStringConvertible {
    let description: String
  }

  /// Compiles an example, with changes of its spec. A change that does not apply, or that the compiler rejects, is a
  /// mistake of the test.
  init(_ name: String, edits: [Edit] = []) throws {
    let path = Self.root.appendingPathComponent("Examples/\(name)/release.yaml")
    var text = try String(contentsOf: path, encoding: .utf8)
    for edit in edits {
      guard text.contains(edit.old) else { throw CompileError(description: "no “\(edit.old)” in the spec of \(name)") }
      text = text.replacingOccurrences(of: edit.old, with: edit.new)
    }
    try self.init(name: name, text: text)
  }

  /// Compiles a spec that has no folder among the examples.
  init(name: String, text: String) throws {
    self.name = name
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
    guard let plan = checked.plan else {
      let problems = checked.diagnostics.map { "\($0.code): \($0.message)" }
      throw CompileError(description: problems.joined(separator: "\n"))
    }
    self.plan = plan
    files = ReleaseCompiler.generate(plan)
  }

  func workflow(_ name: String) throws -> Workflow {
    let path = ".github/workflows/\(plan.service)-\(name).yml"
    guard let found = GitHubActionsBackend.workflows(for: plan).first(where: { $0.path == path }) else {
      throw CompileError(description: "no workflow \(path)")
    }
    return found.workflow
  }
}
