import ArgumentParser
import GitHubActionsBackend
import GitHubWorkflow
import ReleaseCompiler

/// Which commits of actions a repository has chosen, and which its workflows use.
enum RepositoryPins {
  /// The repository's file, or an empty one. Ends with 1 when there are lines that cannot be read, after telling all of them.
  static func read(below root: String) throws -> PinFile {
    let path = root + "/" + PinFile.path
    do {
      guard let bytes = try Files.readIfThere(path) else { return PinFile() }
      let (file, problems) = PinFile.read(
        String(decoding: bytes, as: UTF8.self), known: ActionPins().all.map(\.name))
      for problem in problems { Terminal.complain("liftlock: \(problem)") }
      if !problems.isEmpty { throw ExitCode.findings }
      return file
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
  }

  /// A line of a generated workflow that uses an action.
  struct Place: CustomStringConvertible {
    let path: String
    let line: Int
    let use: ActionUse
    var description: String { "\(path):\(line)" }
  }

  /// Every use of an action of ours in the generated workflows below a root, also in edited ones.
  static func uses(below root: String) throws -> [Place] {
    let known = Set(ActionPins().all.map(\.name))
    var found: [Place] = []
    for path in try Files.regularFiles(in: ".github/workflows", below: root) {
      let text = String(decoding: try Files.read(root + "/" + path), as: UTF8.self)
      guard Ownership.service(claimedIn: text) != nil else { continue }
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        guard let use = ActionUse(line), known.contains(use.name) else { continue }
        found.append(Place(path: path, line: index + 1, use: use))
      }
    }
    return found
  }
}
