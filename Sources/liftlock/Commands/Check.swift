import ArgumentParser
import Diagnostics
import ReleaseCompiler

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks specs and prints every problem at once.",
    discussion: "Silent and 0 when all is well, 1 when there are errors.")

  @OptionGroup var specs: SpecArguments
  @OptionGroup var policy: PolicyOptions
  @OptionGroup var report: ReportOptions

  @Flag(help: "First puts right what can be put right without a change of meaning. Comments and form stay as they are.")
  var fix = false

  @Flag(
    help: "Writes nothing; prints what --fix would change, and exits 1 when that is anything or errors would be left.")
  var diff = false

  func validate() throws {
    if fix, diff { throw ValidationError("use only one of --fix and --diff") }
    if fix, specs.specs.contains("-") { throw ValidationError("standard input cannot be fixed; see it with --diff") }
  }

  func run() throws {
    var files = try specs.files()
    if diff {
      let fixed = files.map { ReleaseCompiler.fix($0).file }
      let diffs = zip(files, fixed).map(Self.difference).filter { !$0.isEmpty }
      for diff in diffs { Terminal.print(diff) }
      // What would be left is no part of the diff, but not well either.
      let left = try policy.check(fixed)
      if left.hasErrors {
        let count = (left.specs.flatMap(\.diagnostics) + left.inPolicy).count { $0.severity == .error }
        Terminal.complain(
          "liftlock: \(count) error\(count == 1 ? " is" : "s are") left that --fix cannot put right; see: liftlock check"
        )
      }
      if !diffs.isEmpty || left.hasErrors { throw ExitCode.findings }
      return
    }
    if fix { files = try files.map(write) }
    let judged = try policy.check(files)
    report.report(judged)
    if judged.hasErrors { throw ExitCode.findings }
  }

  private static func difference(_ file: SourceFile, _ fixed: SourceFile) -> String {
    UnifiedDiff.text(
      old: String(decoding: file.text, as: UTF8.self), new: String(decoding: fixed.text, as: UTF8.self),
      oldName: "a/" + file.path, newName: "b/" + file.path)
  }

  /// Writes a fixed spec, and says on standard error what was done to it.
  private func write(_ file: SourceFile) throws -> SourceFile {
    let fixed = ReleaseCompiler.fix(file)
    guard !fixed.applied.isEmpty else { return file }
    do {
      let text = String(decoding: fixed.file.text, as: UTF8.self)
      // A link to a spec stays one.
      try Files.replace(Files.target(of: file.path), with: text)
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
    let count = fixed.applied.count
    Terminal.complain("\(file.path): put right in \(count) place\(count == 1 ? "" : "s")")
    return fixed.file
  }
}
