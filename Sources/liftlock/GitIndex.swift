import ArgumentParser
import Rehearsal

/// What the next commit of a repository would be made from.
enum GitIndex {
  /// Those of `paths`, relative to the folder `root`, that git's index does not have.
  static func paths(notIn root: String, of paths: [String]) throws -> [String] {
    if paths.isEmpty { return [] }
    // By their topmost folders: the paths of thousands of specs are more than a command line takes.
    let folders = Set(paths.map { String($0.prefix { $0 != "/" }) }).sorted()
    // Warnings of git must not be read as a path.
    let outcome = try Machine.run(
      "sh", ["-c", "exec git ls-files -z -- \"$@\" 2>/dev/null", "sh"] + folders, in: root,
      environment: Machine.environment)
    guard outcome.code == 0 else {
      Terminal.complain("liftlock: git ls-files failed in \(root): is it in a git repository?")
      throw ExitCode.usage
    }
    let known = Set(outcome.output.split(separator: "\0").map(String.init))
    return paths.filter { !known.contains($0) }
  }
}
