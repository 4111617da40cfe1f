import ArgumentParser
import ReleaseCompiler

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the workflows, scripts and the runbook of specs into a repository.",
    discussion: """
      A file that somebody has edited, or that Liftlock did not write, is never overwritten without --force. Files that are \
      already right are not touched. A file that a spec was compiled to before, and is not any more, is removed.
      """)

  @OptionGroup var specs: SpecArguments
  @OptionGroup var policy: PolicyOptions
  @OptionGroup var report: ReportOptions

  @Option(help: "The root of the repository to write into.")
  var root = "."

  @Flag(
    help: "Writes nothing; prints a diff and exits 1 when a file is missing, too many, or not as it would be written.")
  var check = false

  @Flag(help: "Writes nothing; prints a diff and exits 0.")
  var diff = false

  @Flag(help: "Writes nothing; prints every file.")
  var stdout = false

  @Flag(help: "Also overwrites files that were edited by hand or are not Liftlock's.")
  var force = false

  @Flag(help: "Exits 1 when a file was written or removed: a hook stops a commit that lacks the change.")
  var failOnChange = false

  @Flag(help: "Exits 1 when git has not been told of a generated file (git add): a commit would lack it.")
  var failOnUntracked = false

  func validate() throws {
    if [check, diff, stdout].count(where: { $0 }) > 1 {
      throw ValidationError("use only one of --check, --diff and --stdout")
    }
  }

  func run() throws {
    let judged = try policy.check(specs.files())
    report.report(judged)
    if judged.hasErrors { throw ExitCode.findings }
    let files = judged.specs.compactMap(\.plan).flatMap(ReleaseCompiler.generate)
    if stdout {
      for file in files { Terminal.print("==> \(file.path)\n\(file.text)") }
      return
    }
    do {
      let output = Output(root: root, files: files)
      let changes = try output.changes() + output.leftovers()
      if check || diff {
        show(changes)
        if check, !changes.isEmpty {
          Terminal.complain("\(count(changes.count)) not as generated; run: liftlock generate")
          throw ExitCode.findings
        }
        return
      }
      let refused = force ? [] : changes.filter(\.needsForce)
      for change in refused { Terminal.complain("liftlock: \(change.refusal)") }
      if !refused.isEmpty {
        Terminal.complain("liftlock: nothing was written")
        throw ExitCode.findings
      }
      try output.write(changes) { Terminal.print("\($0.verb) \($0.path)") }
      try stopCommit(changes, files)
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
  }

  /// What differs: for the runner as annotations, otherwise as a diff.
  private func show(_ changes: [Output.Change]) {
    if check, report.format == .github {
      Terminal.print(DriftAnnotations.text(changes))
    } else {
      for change in changes { Terminal.print(change.diff) }
    }
  }

  /// What a hook asks for. A commit is made from git's index, and a file that git does not know is not missed by it.
  private func stopCommit(_ changes: [Output.Change], _ files: [GeneratedFile]) throws {
    let unknown = failOnUntracked ? try GitIndex.paths(notIn: root, of: files.map(\.path)) : []
    for path in unknown { Terminal.complain("liftlock: git does not know \(path) yet") }
    let isStopped = failOnChange && !changes.isEmpty || !unknown.isEmpty
    guard isStopped else { return }
    Terminal.complain("liftlock: look at the generated files, add them with git add, and commit again")
    throw ExitCode.findings
  }

  private func count(_ number: Int) -> String { number == 1 ? "1 file is" : "\(number) files are" }
}
