import ArgumentParser
import ReleaseCompiler
import RunbookBackend

struct Matrix: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Prints the promotion matrix as a table.")

  @OptionGroup var specs: SpecArguments
  @OptionGroup var report: ReportOptions

  func run() throws {
    let checked = try specs.files().map(ReleaseCompiler.check)
    report.report(checked)
    if checked.contains(where: \.hasErrors) { throw ExitCode.findings }
    // A program that reads the findings must not stumble over a table for people.
    if report.format == .json || report.format == .sarif { return }
    let tables = checked.compactMap(\.plan).map { plan in
      (checked.count > 1 ? "\(plan.service)\n" : "") + MatrixTable.text(plan)
    }
    Terminal.print(tables.joined(separator: "\n"))
  }
}
