import ArgumentParser
import ReleaseCompiler

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks whether everything is there that releases need. Changes nothing.",
    discussion: """
      Runs the generated ops/<service>/doctor.sh: environments, reviewers, branches, secrets by name, logins, targets, metrics. \
      0 all is there, 1 something is missing, 3 something cannot be told.
      """)

  @Argument(help: "The spec. Without one: release.yaml in this folder.")
  var spec: String?

  @Option(help: "The root of the repository that the files were generated into.")
  var root = "."

  func run() throws {
    var arguments = SpecArguments()
    arguments.specs = spec.map { [$0] } ?? []
    let checked = try arguments.files().map(ReleaseCompiler.check)
    var report = ReportOptions()
    report.format = .text
    report.color = .auto
    report.report(checked)
    guard let plan = checked.first?.plan else { throw ExitCode.findings }
    let scripts = ReleaseCompiler.generate(plan).filter { $0.path.hasSuffix("/doctor.sh") }
    do {
      // What is run is what this spec says, and nothing else that may lie there.
      let changes = try Output(root: root, files: scripts).changes()
      for change in changes { Terminal.complain("liftlock: \(change.path) is not as this spec says") }
      if !changes.isEmpty {
        Terminal.complain("run: liftlock generate")
        throw ExitCode.findings
      }
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
    throw Self.replace(with: root + "/ops/\(plan.service)/doctor.sh")
  }

  /// Becomes bash with this script. Returns only when that failed.
  private static func replace(with script: String) -> ExitCode {
    let texts: [String] = ["bash", script]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    defer { for word in words { free(word) } }
    words.append(nil)
    execvp("bash", words)
    Terminal.complain("liftlock: cannot run bash: \(String(cString: strerror(errno)))")
    return .usage
  }
}
