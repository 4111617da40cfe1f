import ArgumentParser
import GitHubActionsBackend
import ReleaseCompiler

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the workflows, scripts and the runbook of specs into a repository.",
    discussion: """
      A file that somebody has edited, or that Liftlock did not write, is never overwritten without --force: then nothing at \
      all is written. Files that are already right are not touched. A file that one of these specs was compiled to before, and \
      is not any more, is removed: a workflow among them would still start. Files of a service that no spec in the \
      repository is of, because it was renamed or its spec is gone, are named, and end with 1; --prune removes them.
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

  @Flag(help: "Also removes what was generated for services that no spec in the repository is of any more.")
  var prune = false

  func validate() throws {
    if [check, diff, stdout].count(where: { $0 }) > 1 {
      throw ValidationError("use only one of --check, --diff and --stdout")
    }
  }

  func run() throws {
    let sources = try specs.files()
    let judged = try policy.check(sources)
    report.report(judged)
    if judged.hasErrors { throw ExitCode.findings }
    let pins = ActionPins(try RepositoryPins.read(below: root))
    let files = judged.specs.compactMap(\.plan).flatMap { ReleaseCompiler.generate($0, pins: pins) }
    if stdout {
      for file in files { Terminal.print("==> \(file.path)\n\(file.text)") }
      return
    }
    do {
      try bring(Output(root: root, files: files), sources.map(\.path))
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
  }

  /// Brings the files on disk to what they should be, or shows what is between them.
  private func bring(_ output: Output, _ specs: [String]) throws {
    // Held from before the comparison until the last file is written, so that two runs at once are one after the other.
    let tree = check || diff ? nil : try Tree(root)
    tree?.lock { Terminal.complain("liftlock: another liftlock writes into \(root); waiting for it") }
    var changes = try output.changes()
    let leftovers = try output.leftovers()
    changes += leftovers.own
    let strays = try strays(output, leftovers, specs)
    if prune || check { changes += strays }
    if check || diff {
      show(changes)
      guard check, !changes.isEmpty else { return }
      for change in changes { Terminal.complain("liftlock: \(change.finding)") }
      Terminal.complain("\(count(changes.count)) not as generated; run: liftlock generate")
      throw ExitCode.findings
    }
    let refused = force ? [] : changes.filter(\.needsForce)
    for change in refused { Terminal.complain("liftlock: \(change.finding)") }
    if !refused.isEmpty {
      Terminal.complain("liftlock: nothing was written")
      throw ExitCode.findings
    }
    if let tree, !changes.isEmpty || !leftovers.unfinished.isEmpty {
      let written = try output.write(changes, removing: leftovers.unfinished, in: tree)
      Terminal.print(written.done.map { "\($0.verb) \($0.path)\n" }.joined())
      if let problem = written.problem {
        Terminal.complain("liftlock: \(problem)")
        Terminal.complain(
          "liftlock: \(written.done.count) of \(changes.count) files are written, and whole; the others are as they were. "
            + "Put that right, and run: liftlock generate")
        throw ExitCode.usage
      }
    }
    let left = prune ? [] : strays
    for stray in left { Terminal.complain("liftlock: \(stray.finding)") }
    try stopCommit(changes, output.files)
    if !left.isEmpty { throw ExitCode.findings }
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

  /// Only a repository that the specs lie in is looked through for others: in any other folder, whoever else writes into it is
  /// not known.
  private func strays(_ output: Output, _ leftovers: Output.Leftovers, _ specs: [String]) throws -> [Output.Change] {
    let root = try Files.target(of: root)
    let inside = root.hasSuffix("/") ? root : root + "/"
    let isTheirs = specs.contains { (try? Files.target(of: $0))?.hasPrefix(inside) == true }
    if isTheirs { return try output.strays(among: leftovers.others) }
    if prune {
      Terminal.complain(
        "liftlock: --prune needs to know all specs of the repository, and these do not lie below \(root)")
      throw ExitCode.usage
    }
    return []
  }

  private func count(_ number: Int) -> String { number == 1 ? "1 file is" : "\(number) files are" }
}
