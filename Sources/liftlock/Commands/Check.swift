import ArgumentParser
import ReleaseCompiler

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks specs and prints every problem at once.",
    discussion: "Silent and 0 when all is well, 1 when there are errors.")

  @OptionGroup var specs: SpecArguments
  @OptionGroup var report: ReportOptions

  func run() throws {
    let checked = try specs.files().map(ReleaseCompiler.check)
    report.report(checked)
    if checked.contains(where: \.hasErrors) { throw ExitCode.findings }
  }
}
